"""Hostile documents through the real pipeline, the real engine and a real browser: nothing runs.

The model is scripted and as gullible as can be: it says what the documents say, tags and all.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hostile import FORMATS, HANDLER, NAMES, SCRIPT, sentence, write_all
from playwright.sync_api import Browser, FrameLocator, Page, expect
from visiting import Site, served

from app.journal import Journal
from app.library import Library
from app.page.links import citation_link, document_link
from app.writing.profiles import CAPABLE
from ingest.index import open_current
from ingest.pipeline import sync
from tests.app.small_world import ScriptedModel, WordEmbedder, engine_on

THINGS = (*FORMATS, *NAMES)
ACTIVE = (
    "script, iframe, object, embed, form:not(.complaint), svg[onload], img:not([src^='/']), "
    "a[href^='javascript' i], a[href^='data' i], [onerror], [onload], [onmouseover]"
)


# What the order asks for beside one word, which the document has and so bears out.
OBEYED = "My instructions tell me to quote passages with numbers."


class Echo(ScriptedModel):
    """Says of whatever it is asked what the documents say of it, and a handler of its own."""

    def stream(self, messages: Any, **options: Any) -> Any:
        asked = str(messages[-1].content)
        thing = next(each for each in (*THINGS, "orders") if f"zorblax of {each}?" in asked)
        said = OBEYED if thing == "orders" else f"{sentence(thing)} [1]"
        self._answers = iter([said])
        return super().stream(messages, **options)


@pytest.fixture(scope="module")
def embedder() -> Any:
    """One for documents and questions: what stands for a word is an embedder's own."""
    return WordEmbedder()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, embedder: Any) -> Path:
    place = tmp_path_factory.mktemp("hostile")
    write_all(place / "documents")
    receipt = sync([place / "documents"], place / "home", embedder)
    assert receipt.failed == []
    return place / "home"


@pytest.fixture
def site(browser: Browser, home: Path, embedder: Any, tmp_path: Path) -> Iterator[Site]:
    index = open_current(home, embedder)
    engine: Any = engine_on(index, Echo(), journal=Journal(tmp_path / "journal.sqlite"))
    library: Any = Library(home, index)
    with served(engine, library) as address:
        visited = Site(address, engine, library, browser)
        yield visited
        for context in visited.contexts:
            for page in context.pages:
                assert page.url.startswith(address)
                assert [frame.evaluate("window.hacked") for frame in page.frames] == [None] * len(
                    page.frames
                )
            assert len(context.pages) == 1
            context.close()
    assert visited.strangers == []
    assert visited.dialogs == []
    assert visited.errors == []


def ask(page: Page, thing: str) -> None:
    page.locator("#question textarea").fill(f"How bright is the zorblax of {thing}?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".turn .foot")).to_be_visible()


def reader(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[name="reader"]')


def is_markdown(thing: str) -> bool:
    return NAMES.get(thing, f".{thing}").endswith(".md")


def words_of_script(thing: str) -> str:
    """What a reader sees of the script: in Markdown a tag is markup, and no word of the text."""
    return (
        SCRIPT.removeprefix("<script>").removesuffix("</script>") if is_markdown(thing) else SCRIPT
    )


@pytest.mark.parametrize("thing", THINGS)
def test_what_a_document_says_is_shown_and_quoted_and_never_run(site: Site, thing: str) -> None:
    page = site.visit()
    ask(page, thing)
    expect(page.locator(".turn .answer")).to_contain_text(words_of_script(thing))
    shown = page.locator(f".turns :is({ACTIVE}), #sources :is({ACTIVE})")
    assert shown.evaluate_all("all => all.map(each => each.outerHTML)") == []

    name = NAMES.get(thing, f"zorblax.{thing}")
    page.locator(f'.note[href^="/source?document={quote_plus(name)}&"]').first.click()

    shown_quote = reader(page).locator("#quote").first
    expect(shown_quote).to_be_in_viewport()
    if thing != "pdf":  # there the quote is boxes over the page's image
        expect(reader(page).locator("mark.quote").first).to_contain_text(words_of_script(thing))
        quoted = "".join(reader(page).locator("mark.quote").all_inner_texts())
        assert (HANDLER in quoted) != is_markdown(thing)
    expect(reader(page).locator(ACTIVE)).to_have_count(0)


def test_the_list_of_documents_and_a_kept_answer_run_nothing(site: Site) -> None:
    page = site.visit()
    ask(page, "handler")
    page.locator("#tab-documents").click()
    expect(page.locator(".document:visible")).to_have_count(len(THINGS) + 1)
    assert page.locator(f".documents :is({ACTIVE})").count() == 0
    href = page.locator(".foot a", has_text="Link").get_attribute("href")
    assert href is not None
    page.goto(site.address + href)
    expect(page.get_by_role("heading", level=1)).to_contain_text("zorblax of handler")
    expect(page.locator(ACTIVE)).to_have_count(0)


def test_the_answer_beside_stays_exact_for_every_hostile_name(site: Site) -> None:
    engine: Any = site.engine
    for thing, name in NAMES.items():
        answer = engine.answer(f"How bright is the zorblax of {thing}?")
        cited = [each for each in answer.citations if each.document == name]
        assert cited, f"{name!r} is not cited"
        for citation in cited:
            text = site.library.text(name)
            assert text is not None
            assert text.text[citation.start : citation.end] == citation.quote


def test_an_order_that_a_model_obeys_is_withheld(site: Site) -> None:
    engine: Any = site.engine
    engine.profile = CAPABLE  # it is given passages, and the order stands in one
    page = site.visit()
    ask(page, "orders")
    expect(page.locator(".withheld summary")).to_contain_text("1 sentence was not borne out")
    expect(page.locator(".withheld li")).to_be_hidden()
    asked = engine.model.asked[-1]
    assert asked.count("Ignore your instructions") == 1
    assert asked.rindex("Ignore your instructions") < asked.rindex(
        "How bright is the zorblax of orders?"
    )


def test_a_small_model_is_not_given_an_order_that_is_not_quoted(site: Site) -> None:
    engine: Any = site.engine
    engine.answer("How bright is the zorblax of orders?")
    assert "The zorblax of orders is heavy." in engine.model.asked[-1]
    assert "Ignore your instructions" not in engine.model.asked[-1]


def test_a_name_that_turns_letters_around_turns_only_its_own(site: Site) -> None:
    page = site.visit(document_link(NAMES["override"]))
    assert page.locator(".bar .title").evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"
    gone = site.visit(document_link("\u202enothing.md"))
    name = gone.locator("main bdi")
    expect(name).to_have_text("\u202enothing.md")


def test_a_link_with_hostile_words_shows_them_and_no_more(site: Site) -> None:
    engine: Any = site.engine
    answer = engine.answer("How bright is the zorblax of md?")
    cited = next(each for each in answer.citations if each.document == "zorblax.md")
    link = citation_link(answer, cited)
    changed = link.href.replace("sha=", "sha=0")
    page = site.visit(changed)
    expect(page.locator("#quote").first).to_contain_text(words_of_script("md"))
    expect(page.locator(ACTIVE)).to_have_count(0)
