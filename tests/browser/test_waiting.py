"""Waiting for a model that takes one question at a time, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from visiting import Site, served

from app.journal import Journal
from app.library import Library
from app.models.waiting import Line
from tests.app.small_world import DOCUMENTS, ScriptedModel, engine_on, indexed

BLUE = "The sky is blue because air scatters blue light."


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    index = indexed(tmp_path / "waiting", DOCUMENTS)
    model = ScriptedModel(BLUE, BLUE)
    model.line = Line(1)
    engine: Any = engine_on(index, model, Journal(tmp_path / "journal.sqlite"))
    library: Any = Library(index.folder.parent, index)
    with served(engine, library) as address:
        visited = Site(address, engine, library, browser)
        yield visited
        for context in visited.contexts:
            context.close()
    assert visited.errors == []


def ask(site: Site) -> Page:
    page = site.visit()
    page.locator("#question textarea").fill("Why is the sky blue?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".quoted")).to_contain_text(BLUE)
    return page


def test_who_waits_reads_the_quotes_sees_their_place_and_moves_up_or_leaves(site: Site) -> None:
    line = site.engine.model.line  # type: ignore[attr-defined]
    with line.place("another"):
        first = ask(site)
        expect(first.locator(".waiting")).to_contain_text("1 before you")
        second, third = ask(site), ask(site)
        expect(third.locator(".waiting")).to_contain_text("3 before you")
        expect(third.locator("#status")).to_contain_text("3 before you")
        second.get_by_role("button", name="Stop").click()
        expect(second.locator(".answer")).to_contain_text("Stopped")
        expect(second.locator(".quoted")).to_contain_text(BLUE)
        expect(third.locator(".waiting")).to_contain_text("2 before you")
    for page in (first, third):
        expect(page.locator(".prose-of-model")).to_contain_text(BLUE)
        expect(page.locator(".waiting")).to_have_count(0)
    expect(second.locator(".prose-of-model")).to_have_count(0)
