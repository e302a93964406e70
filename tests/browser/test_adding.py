"""Many files, pasted text and addresses come in by the page, into a real library."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_page import FakeEngine
from playwright.sync_api import Browser, Locator, Page, expect
from visiting import Site, served

from app.journal import Journal
from app.library import Library
from ingest import addresses
from ingest.index import open_current
from ingest.pipeline import sync
from ingest.web import Fetched
from tests.fakes import FakeEmbedder
from tests.ingest.building import write

BAD = (b"", b"no PDF", b"\x00\x01\x02\x03" * 500)


def opened(home: Path) -> Any:
    return Library(home, open_current(home, FakeEmbedder()))


@pytest.fixture
def documents_there() -> dict[str, str]:
    return {"a": "# A\n\nThe cat purrs at night.\n"}


@pytest.fixture
def site(browser: Browser, tmp_path: Path, documents_there: dict[str, str]) -> Iterator[Site]:
    sync([write(tmp_path / "docs", **documents_there)], tmp_path / "home", FakeEmbedder())
    library = opened(tmp_path / "home")
    engine = FakeEngine(library, Journal(tmp_path / "journal.sqlite"))
    with served(engine, library) as address:
        visited = Site(address, engine, library, browser)
        yield visited
        for context in visited.contexts:
            context.close()
    assert (visited.strangers, visited.dialogs, visited.errors) == ([], [], [])


def documents(site: Site) -> Page:
    page = site.visit()
    page.locator("#tab-documents").click()
    return page


def embedding_waits(monkeypatch: pytest.MonkeyPatch, words: str) -> threading.Event:
    """Have what holds these words be embedded only when the event is set."""
    really, released = FakeEmbedder.embed_spans, threading.Event()

    def slow(self: FakeEmbedder, texts: Any) -> Any:
        if any(words in text for text in texts):
            released.wait(60)
        return really(self, texts)

    monkeypatch.setattr(FakeEmbedder, "embed_spans", slow)
    return released


def given(page: Page, files: list[tuple[str, bytes]]) -> None:
    chosen: Any = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files
    ]
    page.locator('#drop input[type="file"]').set_input_files(chosen)


def receipt(page: Page) -> Locator:
    return page.locator('#documents .receipt[role="status"]')


def test_of_fifty_files_ten_bad_ones_are_told_first_and_two_of_one_name_are_kept(
    site: Site,
) -> None:
    page = documents(site)
    good = [(f"n{each}.md", f"# N{each}\n\nThe dog of {each} barks.\n") for each in range(39)]
    twice = ("n0.md", "# Another\n\nThe fish swims.\n")
    bad = [(f"bad{each}.{('md', 'pdf', 'txt')[each % 3]}", BAD[each % 3]) for each in range(10)]
    given(page, [*((name, text.encode()) for name, text in (*good, twice)), *bad])
    lines = receipt(page).locator("> ul > li")
    expect(lines).to_have_count(11, timeout=120_000)
    assert lines.locator("strong").all_inner_texts() == ["Not added"] * 10 + ["Added"]
    expect(lines.last).to_contain_text("n0 (2).md")
    receipt(page).get_by_text("Added: 39").click()
    expect(receipt(page).get_by_role("link", name="n38.md")).to_be_visible()
    library: Any = site.library
    read = [one.name for one in library.documents() if one.status != "failed"]
    assert len(read) == 41
    lines.last.get_by_text("As it was read").click()
    expect(lines.last.locator("blockquote")).to_be_visible()


def test_pasted_text_is_a_document_called_by_how_it_begins(site: Site) -> None:
    page = documents(site)
    page.get_by_label("Text or an address").fill("Notes on moss\n\nThe bird nests in moss.")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(receipt(page)).to_contain_text("Notes on moss.txt")
    expect(page.locator(".document", has_text="Notes on moss")).to_be_visible()
    receipt(page).get_by_role("button", name="What is").click()
    expect(page.locator(".answer")).to_contain_text("You asked: What is")


def test_an_address_is_fetched_and_one_that_cannot_be_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = documents(site)
    box = page.get_by_label("Text or an address")
    add = page.get_by_role("button", name="Add", exact=True)
    box.fill("http://127.0.0.1:9/moss")
    add.click()
    expect(receipt(page)).to_contain_text("is in a private network")
    found = Fetched("example.org moss.html", b"<h1>Moss</h1><p>The bird nests in moss.</p>")
    monkeypatch.setattr(addresses, "fetch", lambda *_: found)
    box.fill("https://example.org/moss")
    add.click()
    expect(receipt(page)).to_contain_text("example.org moss.html")


def test_adding_is_cancelled_and_what_was_finished_is_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled = embedding_waits(monkeypatch, "of 1 barks")
    page = documents(site)
    given(page, [(f"n{n}.md", f"# N{n}\n\nThe dog of {n} barks.\n".encode()) for n in range(4)])
    expect(page.locator("#documents .receipt")).to_contain_text(re.compile("1 of 4 documents"))
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_timeout(300)
    cancelled.set()
    expect(receipt(page)).to_contain_text("Stopped. What was finished is kept.")
    library: Any = site.library
    assert [one.name for one in library.documents()] == ["a.md", "n0.md"]


def test_a_file_that_failed_is_listed_with_its_reason_until_it_is_dismissed(
    site: Site, tmp_path: Path
) -> None:
    page = documents(site)
    (tmp_path / "docs" / "torn.pdf").write_bytes(b"no PDF")
    sync([tmp_path / "docs"], tmp_path / "home", FakeEmbedder())
    given(page, [("bad.pdf", b"no PDF"), ("good.md", b"# Good\n\nIt is.\n")])
    expect(receipt(page)).to_contain_text("good.md")
    given(page, [("movie.mp4", b"mp4"), ("good.md", b"")])
    failed = page.locator(".document:has(.unread)")
    titles = ["bad.pdf", "good.md (new version)", "movie.mp4", "torn.pdf"]
    expect(failed.locator(".title")).to_have_text(titles)
    expect(failed.nth(0)).to_contain_text("The PDF is damaged")
    expect(failed.nth(2)).to_contain_text("This format is not read. Save it as")
    page.reload()
    page.locator("#tab-documents").click()
    expect(failed.locator(".title")).to_have_text(titles)
    library = opened(tmp_path / "home")  # as after a restart
    assert [each.document for each in library.skipped()] == titles
    with served(site.engine, library) as address:
        page.goto(address)
        page.locator("html[data-listening]").wait_for()
        page.locator("#tab-documents").click()
        for title in titles:
            page.get_by_label(f"Dismiss {title}", exact=True).click()
            expect(failed.locator(".title").get_by_text(title, exact=True)).to_have_count(0)
            expect(receipt(page)).to_have_text(
                re.compile(f"{re.escape(title)} is no longer listed")
            )
        page.reload()
        page.locator("#tab-documents").click()
        expect(page.locator(".document .title")).to_have_text(["A", "Good"])
        expect(failed).to_have_count(0)


def test_a_small_file_does_not_wait_behind_a_large_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = embedding_waits(monkeypatch, "whale")
    page = documents(site)
    given(page, [("large.md", b"# Large\n\n" + b"The whale sings. " * 9), ("small.md", b"# Small")])
    expect(page.locator(".document .title")).to_have_text(["A", "Small"])
    expect(page.locator("#documents progress")).to_be_visible()
    released.set()
    expect(receipt(page).locator("> ul > li > .title")).to_have_text(["large.md", "small.md"])


@pytest.mark.parametrize("documents_there", [{}])
def test_an_empty_home_fills_itself_when_another_process_adds_to_it(
    site: Site, tmp_path: Path
) -> None:
    page = site.visit()
    expect(page.locator(".welcome")).to_contain_text("There are no documents yet.")
    expect(page.locator("#documents")).to_contain_text("No documents yet.")
    words = "# Cats\n\nCats sleep a lot.\n\n## Why do cats purr?\n\nNobody knows for sure.\n"
    sync([write(tmp_path / "docs", cats=words)], tmp_path / "home", FakeEmbedder())
    expect(page.get_by_role("button", name="Why do cats purr?")).to_be_visible()
    expect(page.locator(".document .title")).to_have_text(["Cats"])
    expect(page.locator("#asking summary")).to_contain_text("All documents 1")


def test_documents_are_read_again_many_at_once_and_one_and_brought_back(
    site: Site, tmp_path: Path
) -> None:
    page = documents(site)
    given(page, [("good.md", b"# Good\n\nIt is.\n")])
    expect(page.locator(".document .title")).to_have_text(["A", "Good"])
    page.get_by_label("Choose all").check()
    expect(page.locator("#chosen")).to_contain_text("2 chosen")
    page.get_by_role("button", name="Read again").click()
    lines = receipt(page).locator("> ul > li > strong")
    expect(lines).to_have_text(["Read again", "Read again"])
    expect(page.locator("#chosen")).to_be_hidden()
    page.get_by_role("button", name="Close this receipt").click()
    expect(receipt(page)).to_have_count(0)
    page.get_by_label("Remove A", exact=True).click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator(".document .title")).to_have_text(["Good"])
    page.get_by_text("Left out: 1").click()
    page.get_by_role("button", name="Bring back a.md").click()
    expect(page.locator(".document .title")).to_have_text(["A", "Good"])
    (tmp_path / "docs" / "a.md").unlink()
    page.locator(".about > summary").first.click()
    page.locator(".about").get_by_role("button", name="Read again").click()
    expect(receipt(page)).to_contain_text("Its file is not there")
    expect(page.locator(".document .title")).to_have_text(["A", "Good"])


def test_a_collection_that_is_made_elsewhere_shows_in_the_list_and_can_be_asked(
    site: Site,
) -> None:
    page = documents(site)
    with page.expect_response("**/alive"):  # it knows by now how the documents were
        expect(page.locator(".document .title")).to_have_text(["A"])
    expect(page.locator(".collections > summary")).to_have_text("Collections: 1")
    site.library.gather("Cats", ["a.md"])
    expect(page.locator(".collections > summary")).to_have_text("Collections: 2", timeout=15_000)
    page.locator("#asking summary").click()
    expect(page.locator("#asking").get_by_label("Cats")).to_be_visible()
