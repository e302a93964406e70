"""Asking some of the documents, in a real browser."""

import re

from playwright.sync_api import Page, expect
from visiting import Site


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".turn").last.locator(".asked")).to_have_text(question)
    expect(page.locator(".turn").last.locator(".foot")).to_be_visible()


def test_a_collection_and_a_document_are_ticked_and_asked_and_stay_with_the_conversation(
    site: Site,
) -> None:
    site.library.gather("Pictures & more", ["diffusion-models.md", "types-of-llms.html"])
    page = site.visit()
    expect(page.locator("#asking summary")).to_contain_text("All documents")
    page.locator("#asking summary").click()
    page.get_by_role("checkbox", name="Pictures & more").check()
    page.get_by_label("Filter: Documents").fill("choosing")
    page.get_by_role("checkbox", name=re.compile("^Choosing a model")).check()
    page.get_by_role("button", name="Ask these").click()
    expect(page.locator("#asking summary")).to_contain_text("Pictures & more, Choosing a model")
    expect(page.locator("#asking summary")).to_contain_text("3 documents")
    expect(page.locator(".welcome")).to_contain_text("3 documents")
    expect(page).to_have_url(re.compile(r"/\?in=Pictures\+%26\+more&document=choosing"))
    ask(page, "First?")
    expect(page).to_have_url(re.compile(r"/c/\w+\?in=Pictures"))
    page.goto(page.url.partition("?")[0])
    expect(page.locator("#asking summary")).to_contain_text("Pictures & more")
    expect(page).to_have_url(re.compile(r"/c/\w+\?in=Pictures"))
    ask(page, "Second?")
    wanted = {"diffusion-models.md", "types-of-llms.html", "choosing-a-model.pdf"}
    assert site.engine.within == [wanted, wanted]
    page.locator("#asking summary").click()
    page.get_by_role("button", name="Ask all").click()
    expect(page.locator("#asking summary")).to_contain_text("All documents")
    page.locator("#asking summary").click()
    expect(page.locator("#asking input:checked")).to_have_count(0)
    page.keyboard.press("Escape")
    ask(page, "Third?")
    assert site.engine.within[-1] is None


def test_kinds_and_dates_narrow_what_is_asked(site: Site) -> None:
    page = site.visit("/?type=pdf")
    expect(page.locator("#asking summary")).to_contain_text("PDF")
    page.locator("#asking summary").click()
    expect(page.get_by_label("PDF")).to_be_checked()
    page.get_by_label("To", exact=True).fill("1990")
    page.get_by_role("button", name="Ask these").click()
    expect(page.locator("#asking summary")).to_contain_text("0 documents")
    ask(page, "Anything?")
    assert site.engine.within == [frozenset()]
