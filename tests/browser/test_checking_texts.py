"""A text is checked on its own page, and its footnotes open the reader beside it."""

from playwright.sync_api import expect
from visiting import Site


def test_a_pasted_text_gets_footnotes_that_open_their_quotes(site: Site) -> None:
    quote = site.engine.scripts["What do diffusion models struggle with?"].sentences[0][2]
    page = site.visit()
    page.get_by_role("link", name="Check a text").click()
    expect(page.locator("iframe[name=reader]")).to_be_hidden()
    page.get_by_role("textbox").fill(f"{quote}\nMoss grows on the moon.")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".summary")).to_contain_text("1 of 2 sentences borne out")
    expect(page.locator(".not-said")).to_have_text("Moss grows on the moon.")
    page.get_by_role("link", name="Footnote 1").click()
    expect(
        page.frame_locator("iframe[name=reader]").locator("mark.quote").first
    ).to_be_in_viewport()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as Markdown").click()
    assert "[^footnote-1]" in download.value.path().read_text("utf-8")


def test_on_a_phone_the_text_is_as_wide_as_the_screen(site: Site) -> None:
    page = site.visit("/check")
    page.set_viewport_size({"width": 375, "height": 700})
    page.get_by_role("textbox").fill("Moss grows on the moon. " * 20)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".checked")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
