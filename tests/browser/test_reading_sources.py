"""Reading what an answer stands on: the card, the steps, finding words, the phone's Back."""

from playwright.sync_api import FrameLocator, Page, expect
from visiting import Site

QUESTION = "What do diffusion models struggle with?"


def asked(site: Site, **options: object) -> Page:
    page = site.visit(**options)
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".foot")).to_be_visible()
    return page


def reader(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[name="reader"]')


def test_pointing_at_a_number_shows_its_quote_in_its_surroundings(site: Site) -> None:
    page = asked(site)
    quote = site.engine.scripts[QUESTION].sentences[1][2]
    page.locator(".note").nth(1).hover()
    card = page.get_by_role("tooltip")
    expect(card.locator("mark.quote")).to_have_text(quote)
    expect(card.locator(".title")).to_contain_text("Types of large language models")
    card.hover()
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.locator(".note").first.focus()
    expect(card.locator("mark.quote")).to_have_text(site.engine.scripts[QUESTION].sentences[0][2])
    expect(page.locator(".note").first).to_have_attribute("aria-describedby", "card")


def test_the_card_of_a_document_that_changed_shows_the_quote_as_it_was(site: Site) -> None:
    page = asked(site)
    site.library.put("diffusion-models.md", b"# Diffusion models\n\nAll <b>new</b>.\n")
    page.locator(".note").first.hover()
    card = page.get_by_role("tooltip")
    expect(card).to_contain_text("The document has changed since.")
    expect(card).to_contain_text(site.engine.scripts[QUESTION].sentences[0][2][:40])


def test_words_are_found_in_the_document(site: Site) -> None:
    page = asked(site)
    page.locator(".note").first.click()
    find = reader(page).get_by_label("Find in the document")
    find.fill("U-Net")
    expect(find).to_have_attribute("aria-invalid", "false")
    assert reader(page).locator("html").evaluate("() => String(getSelection())") == "U-Net"
    find.fill("nowhere at all")
    expect(find).to_have_attribute("aria-invalid", "true")


def test_the_back_of_a_phone_closes_the_reader(site: Site) -> None:
    page = asked(site, viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator(".note").first.click()
    expect(reader(page).locator("#quote")).to_be_in_viewport()
    expect(page.locator("#chat")).to_be_hidden()
    page.go_back()
    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator("#reader")).to_be_hidden()


def test_an_open_reader_says_that_its_document_was_changed_or_removed(site: Site) -> None:
    page = asked(site)
    page.locator(".note").first.click()
    expect(reader(page).locator("#quote")).to_be_in_viewport()
    shown = reader(page).locator("main").inner_text()
    site.library.put("diffusion-models.md", b"# Diffusion models\n\nAll new.\n")
    said = reader(page).get_by_role("status")
    expect(said).to_contain_text("This document has been changed meanwhile.")
    assert reader(page).locator("main").inner_text() == shown
    site.library.remove("diffusion-models.md")
    expect(said).to_contain_text("This document has been removed meanwhile.")
    site.library.put("diffusion-models.md", b"# Diffusion models\n\nAll new.\n")
    reader(page).get_by_role("link", name="Read it as it is now").click()
    expect(reader(page).locator("main")).to_contain_text("All new.")
    expect(said).to_have_count(0)
