"""Many documents at once: found by what they say, sorted, chosen, gathered, removed."""

from playwright.sync_api import Browser, expect
from visiting import Site, served

from app.page.visitors import Visitors

QUESTION = "What do diffusion models struggle with?"


def test_documents_are_found_by_content_sorted_chosen_and_gathered(site: Site) -> None:
    site.library.put("zz.md", b"---\ndate: 2031-01-02\n---\n# Aardvark\n\nThe zephyrine digs.\n")
    page = site.visit()
    page.locator("#tab-documents").click()
    page.get_by_label("Filter the documents").fill("zephyrine")
    expect(page.locator(".document:visible .path")).to_have_text(["zz.md"])
    page.get_by_label("Filter the documents").fill("")
    page.get_by_label("Sort by").select_option("title")
    expect(page.locator(".document .path").first).to_have_text("zz.md")
    page.get_by_label("Choose Aardvark").check()
    page.get_by_label("Choose Choosing a model").check()
    expect(page.locator("#chosen")).to_contain_text("2 chosen")
    page.get_by_label("Collection", exact=True).fill("Mine & <b>yours</b>")
    page.get_by_role("button", name="Put in").click()
    expect(page.locator("#documents .receipt")).to_contain_text("Mine & <b>yours</b>")
    assert site.library.gathered == {"Mine & <b>yours</b>": {"zz.md", "choosing-a-model.pdf"}}
    expect(page.locator(".document", has_text="zz.md")).to_contain_text("in Mine & <b>yours</b>")
    page.get_by_label("Choose Aardvark").check()
    page.get_by_label("Choose Choosing a model").check()
    page.locator("#chosen").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove them").click()
    expect(page.locator("#documents .receipt")).to_contain_text("2 documents are removed")
    assert not {"zz.md", "choosing-a-model.pdf"} & site.library.texts.keys()


def test_a_file_dropped_on_the_chat_is_added(site: Site) -> None:
    page = site.visit()
    dropped = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["# Tea\\n\\nTea is a drink.\\n"], "tea.md"));
            return data;
        }"""
    )
    page.locator("#chat").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.locator('#documents .receipt[role="status"]')).to_contain_text("tea.md")
    assert "tea.md" in site.library.texts


def test_a_document_tells_what_it_is_and_which_of_the_visitors_answers_quote_it(
    browser: Browser, site: Site
) -> None:
    site.library.put("zz.md", b"# <i>Ants</i>\n\nThe ant walks & carries.\n")
    with served(site.engine, site.library, visitors=Visitors(shared=True)) as address:
        shared = Site(address, site.engine, site.library, browser, site.contexts)
        mine, other = shared.visit(), shared.visit()
        mine.locator("#question textarea").fill(QUESTION)
        mine.locator("#question textarea").press("Enter")
        expect(mine.locator(".foot")).to_be_visible()
        asked_at = mine.url
        for page in (mine, other):
            page.locator("#tab-documents").click()
            row = page.locator('.document[data-name="diffusion-models.md"]')
            row.locator(".about > summary").click()
            expect(row.locator(".gist")).to_contain_text("tells of something")
        expect(other.locator(".about[open]")).to_contain_text("No answer that is kept quotes it")
        mine.goto(f"{address}/")
        mine.locator("#tab-documents").click()
        row = mine.locator('.document[data-name="diffusion-models.md"]')
        row.locator(".about > summary").click()
        row.get_by_role("link", name=QUESTION).first.click()
        expect(mine.locator(".asked")).to_have_text(QUESTION)
        assert mine.url == asked_at
        row = mine.locator('.document[data-name="zz.md"]')
        mine.locator("#tab-documents").click()
        expect(row.locator(".icon")).to_have_text("md")
        row.locator(".about > summary").click()
        row.get_by_text("As it was cut").click()
        row.get_by_role("link", name="The ant walks & carries.").click()
        reader = mine.frame_locator('iframe[name="reader"]')
        expect(reader.locator("#quote")).to_contain_text("The ant walks & carries.")
        assert (shared.errors, shared.strangers) == ([], [])
