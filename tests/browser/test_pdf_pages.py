"""A PDF's own pages in a real browser: the right words are marked on the image."""

import io

import pytest
from fake_page import Script
from PIL import Image, ImageChops
from playwright.sync_api import FrameLocator, Page, expect
from reportlab.pdfgen.canvas import Canvas
from visiting import Site

NAME = "choosing-a-model.pdf"
ROW = "| Privacy | Data stay on the premises | Depends on contract and region |"


def opened(site: Site, name: str, quote: str) -> tuple[Page, FrameLocator]:
    site.engine.scripts["Where?"] = Script([("There.", name, quote)])
    page = site.visit()
    page.locator("#question textarea").fill("Where?")
    page.locator("#question textarea").press("Enter")
    page.locator(".note").click()
    return page, page.frame_locator('iframe[name="reader"]')


def test_a_table_row_is_marked_cell_by_cell_on_the_image_of_its_page(site: Site) -> None:
    _, reader = opened(site, NAME, ROW)
    expect(reader.locator("#quote")).to_be_in_viewport()
    expect(reader.locator("rect.quote")).to_have_count(3)
    image = reader.locator(".sheet img")
    expect(image).to_have_attribute("alt", "Page 3 of 4, as an image")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000
    expect(reader.locator("td mark.quote")).to_have_text(
        [cell.strip() for cell in ROW[1:-1].split("|")]
    )


def test_the_marked_part_of_the_screen_is_yellow_and_holds_ink(site: Site) -> None:
    page, reader = opened(site, NAME, "Ready to use, scales on demand")
    reader.locator(".sheet img").evaluate("image => image.decode()")
    box = reader.locator("rect.quote").bounding_box()
    assert box is not None
    shot = Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")  # type: ignore[arg-type]
    colours = sorted(shot.getcolors(shot.width * shot.height) or [], reverse=True)
    assert colours[0][1] == (255, 228, 138)
    assert ImageChops.invert(shot.convert("L")).getextrema()[1] > 150


def test_the_text_of_a_page_is_one_step_away_and_marked_too(site: Site) -> None:
    _, reader = opened(site, NAME, ROW)
    reader.get_by_role("link", name="Text").click()
    expect(reader.locator("td mark.quote").first).to_be_in_viewport()
    reader.get_by_role("link", name="Page", exact=True).click()
    expect(reader.locator("rect#quote")).to_be_in_viewport()


def test_the_title_is_read_whole_in_a_narrow_reader_beside_many_footnotes(site: Site) -> None:
    site.engine.scripts["Where?"] = Script([("There.", NAME, ROW[at:]) for at in range(16)])
    page = site.visit(viewport={"width": 390, "height": 844})
    page.locator("#question textarea").fill("Where?")
    page.locator("#question textarea").press("Enter")
    page.locator(".note").nth(7).click()
    title = page.frame_locator('iframe[name="reader"]').locator(".bar .title")
    expect(title).to_have_text("Choosing a model")
    expect(title).to_be_visible()
    assert title.evaluate("title => title.scrollWidth <= title.clientWidth")
    root = page.frame_locator('iframe[name="reader"]').locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth")


def test_a_citation_is_copied_by_a_button_beside_the_quote(site: Site) -> None:
    page, reader = opened(site, NAME, ROW)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    buttons = reader.locator("[data-copy]")
    names = ["Quote", "Link", "Plain", "Markdown", "BibTeX", "RIS"]
    expect(buttons).to_have_text(names)
    for name, take in (("Plain", "click"), ("RIS", "key")):
        button = buttons.nth(names.index(name))
        words = button.get_attribute("data-copy")
        button.click() if take == "click" else button.press("Enter")
        expect(button).to_have_text("Copied")
        page.wait_for_function(
            "words => navigator.clipboard.readText().then(copied => copied === words)", arg=words
        )


def test_the_pages_can_be_turned(site: Site) -> None:
    _, reader = opened(site, NAME, ROW)
    reader.get_by_role("link", name="Page 4").click()
    expect(reader.locator(".folio")).to_have_text("Page 4 of 4")
    expect(reader.locator("rect")).to_have_count(0)


def test_a_file_that_changed_since_it_was_read_shows_its_text_and_says_so(site: Site) -> None:
    site.library.files[NAME] = b"%PDF-1.4 another"
    _, reader = opened(site, NAME, ROW)
    expect(reader.locator(".banner")).to_contain_text("changed or gone since it was read")
    expect(reader.locator("td mark.quote").first).to_be_in_viewport()
    expect(reader.locator("img")).to_have_count(0)


def test_words_that_are_drawn_last_and_read_first_are_marked_where_they_stand(site: Site) -> None:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(72, 700, "is picked young and steamed.")
    canvas.drawString(
        72, 715, "Green tea, which is a tea of leaves that have not been left to wilt,"
    )
    canvas.save()
    text = site.library.put("tea.pdf", target.getvalue()).text
    _, reader = opened(site, "tea.pdf", text.strip())
    expect(reader.locator("rect.quote")).to_have_count(2)
    expect(reader.locator("mark.quote").first).to_have_text(text.strip())


@pytest.mark.parametrize(
    "query",
    [
        "document=../../etc/passwd&sha=aa&page=1",
        "document=choosing-a-model.pdf&sha=aa&page=1",
        "document=choosing-a-model.pdf&sha={sha}&page=99",
        "document=choosing-a-model.pdf&sha={sha}&page=-1",
        "document=faq.md&sha={md}&page=1",
    ],
)
def test_only_pages_of_documents_under_their_hash_are_served(site: Site, query: str) -> None:
    page = site.visit()
    texts = site.library.texts
    sha, md = texts[NAME].document.sha256, texts["faq.md"].document.sha256
    address = f"{site.address}/source/page?{query.format(sha=sha, md=md)}"
    assert page.request.get(address).status == 404
