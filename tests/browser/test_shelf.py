"""Many documents at once: found by what they say, sorted, chosen, gathered, removed."""

import re

from fake_page import Script
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
            expect(row.get_by_role("button", name="Read again")).to_be_visible()
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
        row.get_by_text("How it was cut").click()
        row.get_by_role("link", name="The ant walks & carries.").click()
        reader = mine.frame_locator('iframe[name="reader"]')
        expect(reader.locator("#quote")).to_contain_text("The ant walks & carries.")
        assert (shared.errors, shared.strangers) == ([], [])


def test_a_row_says_what_its_document_is_about_and_keeps_its_tick_when_others_come(
    site: Site,
) -> None:
    site.library.put("zz.md", b"# Zebra\n\nIt grazes.\n")
    page = site.visit()
    page.locator("#tab-documents").click()
    gist = page.locator('.document[data-name="zz.md"] .gist')
    expect(gist).to_have_text("zz.md tells of <something>.")
    page.get_by_label("Choose Zebra").check()
    site.library.put("aa.md", b"# Ant\n\nIt walks.\n")
    expect(page.locator('.document[data-name="aa.md"]')).to_be_visible()
    expect(page.get_by_label("Choose Zebra")).to_be_checked()
    expect(page.locator(".choose input:checked")).to_have_count(1)
    page.get_by_label("Choose Zebra").scroll_into_view_if_needed()
    page.get_by_label("Choose Video").check()
    page.get_by_label("Choose Video").uncheck()
    expect(page.get_by_role("button", name="Ask these")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Ask these").click()
    expect(page.locator("#asking .what")).to_have_text("Zebra")
    assert page.url.endswith("/?document=zz.md")
    page.locator('.document[data-name="aa.md"] .about > summary').click()
    page.get_by_role("link", name="Ask it alone").click()
    expect(page.locator("#asking .what")).to_have_text("Ant")


def test_the_line_about_a_collection_is_seen_and_set(site: Site) -> None:
    site.library.gather("Minutes", ["faq.md"])
    site.library.describe("Minutes", 'Of <b>2026</b>, "drafts".')
    page = site.visit()
    page.locator("#tab-documents").click()
    page.get_by_text("Collections: 1").click()
    line = page.get_by_label("About the collection Minutes")
    expect(line).to_have_value('Of <b>2026</b>, "drafts".')
    line.fill("Minutes of the board.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#documents .receipt")).to_contain_text("Minutes of the board.")
    assert site.library.described == {"Minutes": "Minutes of the board."}


MACHINERY = re.compile(
    r"\b(passages?|tokens?|chunks?|index\w*|vectors?|embedd\w+|prompts?)\b", re.I
)
SAID = """() => [...document.querySelectorAll("body *")]
    .filter(each => !each.closest("script, style") && each.checkVisibility())
    .filter(each => !each.parentElement.closest("details") || each.closest("summary"))
    .flatMap(each => [each.ariaLabel, each.title, each.placeholder,
        ...[...each.childNodes].filter(one => one.nodeType === 3).map(one => one.data)])
    .filter(Boolean).join(" | ")"""


def test_no_word_of_the_machinery_is_said_outside_of_details(site: Site) -> None:
    site.library.texts.clear()
    site.library.example_questions = lambda within: ["Does the cat purr?"]
    site.library.put("a.md", b"# A\n\nThe cat purrs at night.\n")
    page = site.visit()
    page.locator("#tab-documents").click()
    said = [page.evaluate(SAID)]
    page.locator("#drop input").set_input_files(
        [
            {"name": name, "mimeType": "", "buffer": content}
            for name, content in (("good.md", b"# Good\n\nIt is good.\n"), ("bad.pdf", b"no PDF"))
        ]
    )
    expect(page.locator("#documents .receipt")).to_contain_text("good.md")
    said.append(page.evaluate(SAID))
    page.get_by_label("Choose all").check()
    said.append(page.evaluate(SAID))
    purrs = "The cat purrs at night."
    site.engine.scripts["Does it?"] = Script([("It does.", "a.md", purrs)], [("good.md", "It is")])
    site.engine.searched.clear()
    page.locator("#question textarea").fill("Does it?")
    page.keyboard.press("Enter")
    expect(page.locator(".waiting")).to_be_visible()
    said.append(page.evaluate(SAID))
    site.engine.searched.set()
    expect(page.locator(".foot")).to_be_visible()
    expect(page.locator(".source")).to_have_count(2)
    said.append(page.evaluate(SAID))
    page.locator(".note").first.click()
    expect(page.frame_locator('iframe[name="reader"]').locator("#quote")).to_have_text(purrs)
    said += [frame.evaluate(SAID) for frame in page.frames]
    assert "Searching the documents" in "".join(said) or "Reading in 2 documents" in "".join(said)
    assert [each for words in said for each in MACHINERY.findall(words)] == []
