"""Thumbs up and down, in a real browser."""

import pytest
from playwright.sync_api import Page, expect
from visiting import Site

from ingest.errors import CatalogueError

QUESTION = "What do diffusion models struggle with?"


def asked(site: Site, **options: object) -> Page:
    page = site.visit(**options)
    page.get_by_role("button", name=QUESTION).click()
    expect(page.locator(".foot")).to_be_visible()
    return page


def test_praise_is_kept_and_seen(site: Site) -> None:
    page = asked(site)
    page.get_by_role("button", name="A good answer").click()
    expect(page.get_by_role("button", name="A good answer")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator(".said")).to_have_text("Thank you.")
    assert site.engine.journal is not None
    assert site.engine.journal.complaints() == []


def test_a_complaint_is_made_with_the_keyboard_and_kept_with_the_whole_answer(site: Site) -> None:
    page = asked(site)
    thumb = page.get_by_role("button", name="A bad answer")
    thumb.focus()
    page.keyboard.press("Enter")
    first = page.get_by_role("radio", name="Its sources do not say that")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("<b>See page 3</b>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_have_text("Thank you, it is noted.")
    expect(thumb).to_be_focused()
    expect(page.locator("form.complaint")).to_be_hidden()
    assert site.engine.journal is not None
    (kept,) = site.engine.journal.complaints()
    assert (kept["complaint"], kept["note"]) == ("wrong source", "<b>See page 3</b>")
    assert kept["answer"]["question"] == QUESTION


def test_a_complaint_can_be_thought_better_of(site: Site) -> None:
    page = asked(site)
    thumb = page.get_by_role("button", name="A bad answer")
    thumb.click()
    page.keyboard.press("Escape")
    expect(page.locator("form.complaint")).to_be_hidden()
    expect(thumb).to_be_focused()
    assert site.engine.journal is not None
    assert site.engine.journal.complaints() == []


def test_nothing_is_sent_before_it_is_said_what_was_wrong(site: Site) -> None:
    page = asked(site)
    page.get_by_role("button", name="A bad answer").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("form.complaint")).to_be_visible()
    assert site.engine.journal is not None
    assert site.engine.journal.complaints() == []


def test_an_opinion_the_journal_does_not_take_is_not_shown_as_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CatalogueError("The disk is full.")

    page = asked(site)
    monkeypatch.setattr(site.engine.journal, "judge", full)
    page.get_by_role("button", name="A good answer").click()
    expect(page.locator(".said")).to_have_text("It could not be kept. The disk is full.")


def test_an_answer_that_could_not_be_kept_has_neither_thumbs_nor_a_link(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CatalogueError("The disk is full.")

    monkeypatch.setattr("app.conversations.Conversations.keep", full)
    page = asked(site)
    expect(page.locator(".thumbs, .save")).to_have_count(0)
    expect(page.get_by_role("link", name="Link")).to_have_count(0)
