"""What cannot be done is told on the page in a sentence, whichever handler could not do it."""

import pytest
from playwright.sync_api import expect
from visiting import Site

from ingest.errors import CatalogueError

TOLD = "The catalogue cannot be read. Move it away."


def test_a_catalogue_that_cannot_be_read_is_told_when_the_page_is_opened(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise CatalogueError(TOLD)

    page = site.visit()
    monkeypatch.setattr(site.library, "documents", damaged)
    page.reload()
    expect(page.get_by_test_id("toast-text").get_by_text(TOLD)).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    page.locator("#tab-documents").click()
    expect(page.locator("#documents")).to_contain_text(TOLD)
    page.locator("#question textarea").fill("What is a token?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#turns")).to_contain_text("You asked: What is a token?")
