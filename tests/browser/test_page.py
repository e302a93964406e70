"""The page in a real browser: asking, reading, adding, removing, and what must never happen."""

import io
import re
from pathlib import Path

import pytest
from docx import Document
from fake_page import Script
from playwright.sync_api import FrameLocator, Page, expect
from visiting import Site

from ingest.errors import CatalogueError

QUESTION = "What do diffusion models struggle with?"
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def reader(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[name="reader"]')


def words(text: str) -> str:
    """The letters a reader sees: without Markdown's signs and without white space."""
    return re.sub(r"[*_`|\s]", "", text)


def word(text: str) -> bytes:
    """A Word document of one paragraph; what stands in asterisks is bold."""
    document = Document()
    paragraph = document.add_paragraph()
    for number, part in enumerate(text.split("**")):
        paragraph.add_run(part).bold = number % 2 == 1
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def marked(page: Page) -> str:
    return words(" ".join(reader(page).locator("mark.quote").all_inner_texts()))


def answered(page: Page, turn: int = 0) -> None:
    expect(page.locator(".turn").nth(turn).locator(".foot")).to_be_visible()


def test_sources_are_shown_before_the_first_word_of_the_answer(site: Site) -> None:
    site.engine.searched.clear()
    page = site.visit()
    page.get_by_role("button", name=QUESTION).click()
    expect(page.locator(".source")).to_have_count(4)
    expect(page.locator(".answer")).to_contain_text("Reading in 3 documents")
    expect(page.locator(".answer .prose")).to_have_count(0)
    site.engine.searched.set()
    answered(page)
    expect(page.locator(".answer .prose")).to_contain_text("This comes from a table.")
    expect(page.locator(".source.cited")).to_have_count(4)


def test_what_the_model_was_given_can_be_unfolded_under_the_sources(site: Site) -> None:
    page = site.visit()
    ask(page, QUESTION)
    answered(page)
    page.get_by_text("What the model was given").click()
    expect(page.locator(".budget p")).to_contain_text("17% in all")


def test_every_footnote_opens_its_exact_quote_on_screen(site: Site) -> None:
    page = site.visit()
    ask(page, QUESTION)
    answered(page)
    script = site.engine.scripts[QUESTION].sentences
    for number, (_, _, quote) in enumerate(script):
        page.locator(".note").nth(number).click()
        current = reader(page).locator('.bar a[aria-current="true"]')
        expect(current).to_have_text(str(number + 1))
        assert marked(page) == words(quote)
        expect(reader(page).locator("#quote")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("name", "content", "quote"),
    [
        ("note.md", "# T\n\nSome *very* **bold** words here, [linked](https://a.b/c).\n",
         "*very* **bold** words here, [linked](https://a.b/c)."),
        ("note.txt", "One * two * three.\n\n<b>Not bold</b> | here & there\n",
         "<b>Not bold</b> | here & there"),
        ("note.html", "<h1>T</h1><p>First.</p><ul><li>one thing</li><li>another</li></ul>",
         "another"),
        ("note.docx", "Some very **bold** words here, and more of them.",
         "Some very bold words here, and more of them."),
    ],
)  # fmt: skip
def test_a_quote_is_marked_as_it_stands_in_its_format(
    site: Site, name: str, content: str, quote: str
) -> None:
    site.library.put(name, word(content) if name.endswith(".docx") else content.encode())
    site.engine.scripts["And here?"] = Script([("It says so.", name, quote)])
    page = site.visit()
    ask(page, "And here?")
    answered(page)
    page.locator(".note").click()
    expect(reader(page).locator("#quote")).to_be_in_viewport()
    shown = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", quote)
    assert marked(page) == words(shown)


def test_the_reader_steps_from_footnote_to_footnote(site: Site) -> None:
    page = site.visit()
    ask(page, QUESTION)
    answered(page)
    page.locator(".note").first.click()
    reader(page).get_by_label("Next footnote").click()
    expect(reader(page).locator(".bar .title")).to_have_text("Types of large language models")
    assert marked(page) == words(site.engine.scripts[QUESTION].sentences[1][2])


def test_a_footnote_sent_to_a_colleague_opens_the_same_place(site: Site) -> None:
    page = site.visit()
    ask(page, QUESTION)
    answered(page)
    href = page.locator(".note").nth(3).get_attribute("href")
    assert href is not None
    alone = site.visit(href)
    expect(alone.locator("#quote")).to_be_in_viewport()
    shown = " ".join(alone.locator("mark.quote").all_inner_texts())
    assert words(shown) == words(site.engine.scripts[QUESTION].sentences[3][2])
    # The same document's other quote is there too, dimmed.
    expect(alone.locator("mark.other").first).to_be_attached()


def test_a_changed_source_says_so_and_still_shows_what_was_quoted(site: Site) -> None:
    page = site.visit()
    ask(page, QUESTION)
    answered(page)
    site.library.put("diffusion-models.md", b"# Diffusion models\n\nAll new.\n")
    page.locator(".note").first.click()
    banner = reader(page).locator(".banner")
    expect(banner).to_contain_text("The source has changed since this answer")
    expect(banner).to_contain_text(site.engine.scripts[QUESTION].sentences[0][2][:60])
    expect(reader(page).locator("mark")).to_have_count(0)


def test_documents_that_cannot_be_read_are_told_in_a_sentence(site: Site) -> None:
    problem = CatalogueError("The index was built again. Start Footnote <again>.")

    def fail(*_: object) -> None:
        raise problem

    site.library.text = fail  # type: ignore[method-assign]
    page = site.visit("/source?document=a.md")
    expect(page.locator("main")).to_contain_text(str(problem))


def test_stop_stops_the_model_and_says_so(site: Site) -> None:
    site.engine.halfway.clear()
    page = site.visit()
    ask(page, QUESTION)
    expect(page.locator(".pending")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".answer .stopped")).to_be_visible()
    assert site.engine.closed.wait(20)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_stop_reaches_a_model_that_is_still_reading(site: Site) -> None:
    site.engine.searched.clear()
    page = site.visit()
    ask(page, QUESTION)
    expect(page.locator(".answer")).to_contain_text("Reading in 3 documents")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".answer .stopped")).to_be_visible()
    assert site.engine.closed.wait(20)


def test_an_earlier_question_is_asked_again_without_what_came_after_it(site: Site) -> None:
    page = site.visit()
    ask(page, "First?")
    answered(page)
    ask(page, "Second?")
    answered(page, 1)
    page.locator('[data-act="retry"]').first.click()
    expect(page.locator(".turn")).to_have_count(1)
    answered(page)
    assert [question for question, _ in site.engine.asked] == ["First?", "Second?", "First?"]
    assert [turn.question for turn in site.engine.asked[1][1]] == ["First?"]
    assert site.engine.asked[2][1] == []


def test_a_conversation_longer_than_the_screen_stays_at_its_end_and_scrolls_back(
    site: Site,
) -> None:
    page = site.visit(viewport={"width": 1280, "height": 420})
    for turn in range(4):
        ask(page, QUESTION)
        answered(page, turn)
    expect(page.locator(".turn").last.locator(".foot")).to_be_in_viewport()
    page.locator(".turn").last.locator("a.note").first.click()
    first = page.locator(".turn").first.locator(".asked")
    expect(first).not_to_be_in_viewport()
    page.locator("#turns").hover()
    page.mouse.wheel(0, -10_000)
    expect(first).to_be_in_viewport()


def test_edit_asks_anew_from_that_point(site: Site) -> None:
    page = site.visit()
    ask(page, "First?")
    answered(page)
    ask(page, "Second?")
    answered(page, 1)
    page.locator('[data-act="edit"]').nth(1).click()
    page.get_by_label("The question", exact=True).fill("Second, but better?")
    page.locator("form.editing").get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn").nth(1)).to_contain_text("Second, but better?")
    answered(page, 1)
    assert site.engine.asked[2][0] == "Second, but better?"
    assert [turn.question for turn in site.engine.asked[2][1]] == ["First?"]


def test_two_visitors_do_not_see_each_other(site: Site) -> None:
    first, second = site.visit(), site.visit()
    ask(first, "Mine?")
    answered(first)
    ask(second, "Yours?")
    answered(second)
    assert site.engine.asked[1][1] == []
    expect(second.locator(".turns")).not_to_contain_text("Mine?")


def test_a_refusal_suggests_a_question_and_a_click_asks_it(site: Site) -> None:
    suggested = 'What is a "token" <b>here</b>?'
    site.engine.scripts["Who won?"] = Script(
        [("The documents do not answer this.", "", "")], refused=True,
        missing="None of them names a match.", suggestions=(suggested, QUESTION),
    )  # fmt: skip
    page = site.visit()
    ask(page, "Who won?")
    expect(page.locator(".missing")).to_have_text("None of them names a match.")
    expect(page.locator(".answer .examples button")).to_have_text([suggested, QUESTION])
    page.get_by_role("button", name=suggested).click()
    expect(page.locator(".turn").nth(1).locator(".asked")).to_have_text(suggested)
    expect(page.locator(".turn").nth(1).locator(".answer")).to_contain_text("You asked:")
    assert [question for question, _ in site.engine.asked] == ["Who won?", suggested]


def test_a_refusal_shows_the_nearest_passages(site: Site) -> None:
    near = site.engine.scripts[QUESTION].sentences[0]
    site.engine.scripts["Napoleon?"] = Script(
        [("The documents do not answer this.", "", "")], [near[1:]], refused=True
    )
    page = site.visit()
    ask(page, "Napoleon?")
    answered(page)
    expect(page.locator(".refusal")).to_have_text("The documents do not answer this question.")
    expect(page.locator("#sources")).to_contain_text("What comes nearest")
    expect(page.locator("#status")).to_have_text("The documents do not answer this.")


def test_an_unsupported_sentence_is_behind_one_quiet_line(site: Site) -> None:
    site.engine.scripts["Q?"] = Script(
        [("It weighs 46 tons.", "", "")], verdicts={0: ("not supported", "46 is nowhere")}
    )
    page = site.visit()
    ask(page, "Q?")
    answered(page)
    expect(page.locator(".withheld li")).to_be_hidden()
    page.get_by_text("1 sentence was not borne out and is not shown.").click()
    expect(page.locator(".withheld li")).to_have_text("It weighs 46 tons. (46 is nowhere)")


def test_a_failing_engine_is_told_in_a_sentence(site: Site) -> None:
    def broken(question: str, conversation: object, stop: object, within: object) -> object:
        raise RuntimeError("secret detail")

    site.engine.stream = broken  # type: ignore[method-assign,assignment]
    page = site.visit()
    ask(page, "Anything?")
    expect(page.locator(".problem")).to_contain_text("Something went wrong")
    expect(page.locator("body")).not_to_contain_text("secret detail")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_documents_are_added_with_progress_and_a_receipt(site: Site, tmp_path: Path) -> None:
    (tmp_path / "Über „Tee“.md").write_text("# Tea\n\nTea is a drink.\n")
    (tmp_path / "empty.txt").write_text("")
    site.library.gate.clear()
    page = site.visit()
    page.locator("#tab-documents").click()
    page.locator('#drop input[type="file"]').set_input_files(sorted(tmp_path.iterdir()))
    expect(page.locator("#documents progress")).to_be_visible()
    site.library.gate.set()
    receipt = page.locator('#documents .receipt[role="status"]')
    expect(receipt).to_contain_text("Added")
    expect(receipt).to_contain_text("Not added")
    expect(receipt).to_contain_text("the file is empty")
    expect(page.locator(".documents")).to_contain_text("Tea")
    page.locator(".documents .open", has_text="Tea").first.click()
    expect(reader(page).locator("main h1")).to_have_text("Tea")


def test_a_document_is_removed_only_after_asking(site: Site) -> None:
    page = site.visit()
    page.locator("#tab-documents").click()
    page.get_by_label("Filter the documents").fill("faq")
    expect(page.locator(".document:visible")).to_have_count(1)
    page.locator(".document:visible [data-act=remove]").click()
    page.get_by_role("button", name="Keep it").click()
    assert "faq.md" in site.library.texts
    page.locator(".document:visible [data-act=remove]").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("#documents .receipt")).to_contain_text("faq.md is removed")
    expect(page.locator(".document:visible")).to_have_count(0)
    assert "faq.md" not in site.library.texts


def test_hostile_words_do_nothing_anywhere(site: Site) -> None:
    name = "<script>alert(3)<\u2215script>\"'&.md"
    text = f"# {HOSTILE}\n\n{HOSTILE} [x](javascript:alert(4)) ![y](http://evil.example/z.png)\n"
    document = site.library.put(name, text.encode())
    quote = document.text.strip().rpartition("\n")[2]
    site.engine.scripts[HOSTILE] = Script([(HOSTILE, name, quote)], notices=(HOSTILE,))
    page = site.visit()
    ask(page, HOSTILE)
    answered(page)
    expect(page.locator(".asked")).to_have_text(HOSTILE)
    page.locator(".note").click()
    expect(reader(page).locator("#quote")).to_contain_text('">alert(2)')  # tags are markup
    expect(reader(page).locator("script, img, a[href^=javascript]")).to_have_count(0)
    page.locator("#tab-documents").click()
    expect(page.locator(".document .path", has_text="alert(3)")).to_be_visible()
    page.locator('[data-act="edit"]').click()
    expect(page.get_by_label("The question", exact=True)).to_have_value(HOSTILE)
    assert page.locator(".turns img, .turns script, #beside img").count() == 0


def test_the_page_is_used_with_the_keyboard_alone(site: Site) -> None:
    page = site.visit()
    page.locator("body").press("/")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    answered(page)
    note = page.locator(".note").first
    note.focus()
    page.keyboard.press("Enter")
    expect(reader(page).locator("#quote")).to_be_in_viewport()
    expect(page.locator('iframe[name="reader"]')).to_be_focused()
    page.keyboard.press("Escape")
    expect(note).to_be_focused()
    page.locator("#tab-reader").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-documents")).to_be_focused()
    expect(page.locator("#documents")).to_be_visible()


def test_on_a_phone_one_thing_is_shown_at_a_time(site: Site) -> None:
    page = site.visit(viewport={"width": 390, "height": 844})
    ask(page, QUESTION)
    answered(page)
    expect(page.locator("#beside")).to_be_hidden()
    page.locator(".note").nth(3).click()
    expect(page.locator("#chat")).to_be_hidden()
    expect(reader(page).locator("#quote")).to_be_in_viewport()
    page.locator("#tab-chat").click()
    expect(page.locator(".answer")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_in_the_dark_paper_is_dark_and_ink_is_light(site: Site) -> None:
    page = site.visit(color_scheme="dark")
    colour = "e => getComputedStyle(e).%s.match(/\\d+/g).slice(0, 3).map(Number)"
    assert max(page.locator("body").evaluate(colour % "backgroundColor")) < 60
    assert min(page.locator(".welcome h2").evaluate(colour % "color")) > 180


def test_an_answer_is_copied_with_its_footnotes(site: Site) -> None:
    page = site.visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    answered(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "This comes from a table. [4]" in copied
    assert "[4] “" in copied
