"""The panel of models in a real browser: the real engine, and servers over real HTTP."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from visiting import Site, served

from app.journal import Journal
from app.library import Library
from app.page.visitors import Visitors
from app.settings import Settings
from app.speakers import Speakers
from ingest.index import Index
from tests.app.small_world import DOCUMENTS, engine_on, indexed
from tests.servers import Mishap, OllamaSpeaker, OllamaTag, OpenAISpeaker, Script, Thought

BLUE = "The sky is blue because air scatters blue light."
WHY_BLUE = "Why is the sky blue?"
NEW = OllamaTag("gemma3:4b")
TAGS = [OllamaTag("qwen2.5:3b"), OllamaTag("llama3.1:8b", parameter_size="8.0B")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
THOUGHTS = "The user asks for a colour."


class SureAtFirst(Script):
    """Says that the quotes answer, before it goes on as the script does."""

    def answer(self, messages: Any, limit: int) -> Iterator[Any]:
        yield from ["yes"] if limit == 1 else self.lines


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("models"), DOCUMENTS)


@pytest.fixture
def server() -> Iterator[OllamaSpeaker]:
    with OllamaSpeaker(TAGS, Script([Thought(THOUGHTS), f"{BLUE} "])) as running:
        running.shelf[NEW.name] = NEW
        yield running
        running.gate.set()


@pytest.fixture(params=[False])
def site(
    request: pytest.FixtureRequest,
    browser: Browser,
    index: Index,
    server: OllamaSpeaker,
    tmp_path: Path,
) -> Iterator[Site]:
    """The page with speakers; by a parameter, one that others reach."""
    is_shared = bool(request.param)
    engine: Any = engine_on(index, None, Journal(tmp_path / "journal.sqlite"))
    library: Any = Library(index.folder.parent, index)
    speakers = Speakers(engine, Settings(home=tmp_path, ollama_url=server.url), is_shared)
    with served(engine, library, speakers=speakers, visitors=Visitors(is_shared)) as address:
        visited = Site(address, engine, library, browser)
        yield visited
        for context in visited.contexts:
            context.close()
    speakers.close()
    assert visited.strangers == []
    assert visited.errors == []


def open_panel(page: Page) -> None:
    page.locator("#model button").click()
    page.locator("#models ul").first.wait_for()


def choose(page: Page, name: str) -> None:
    page.locator("#models").get_by_role("button", name=name).click()
    expect(page.locator('#models [aria-pressed="true"]').first).to_contain_text(name)


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".turn").last.locator(".asked")).to_have_text(question)
    expect(page.locator(".turn").last.locator(".foot")).to_be_visible()


def test_a_model_is_chosen_and_changed_in_the_middle_of_a_conversation(site: Site) -> None:
    page = site.visit()
    expect(page.locator("#model")).to_contain_text("Quotes alone")
    ask(page, WHY_BLUE)
    open_panel(page)
    expect(page.locator("#models")).to_contain_text("3.1B parameters · 1.9 GB · Q4_K_M")
    choose(page, "qwen2.5:3b")
    expect(page.locator("#model")).to_have_text("qwen2.5:3b, on this machine")
    page.keyboard.press("Escape")
    expect(page.locator("#models")).to_be_hidden()
    ask(page, "Why is the sky blue today?")
    open_panel(page)
    choose(page, "llama3.1:8b")
    page.keyboard.press("Escape")
    ask(page, "And why is the sky blue?")
    expect(page.locator(".turn .prose-of-model .by")).to_have_text(
        ["In the words of qwen2.5:3b", "In the words of llama3.1:8b"]
    )
    page.reload()
    expect(page.locator("#model")).to_have_text("llama3.1:8b, on this machine")
    expect(page.locator(".turn .fineprint")).to_contain_text(
        [re.compile("s$"), "qwen2.5:3b", "llama3.1:8b"]
    )


def test_what_a_model_thought_is_folded_and_no_part_of_the_answer(site: Site) -> None:
    page = site.visit()
    open_panel(page)
    choose(page, "llama3.1:8b")
    page.keyboard.press("Escape")
    ask(page, WHY_BLUE)
    thoughts = page.locator("details.thought")
    expect(thoughts.locator("summary")).to_have_text("What llama3.1:8b thought before")
    expect(page.get_by_text(THOUGHTS)).to_be_hidden()
    thoughts.locator("summary").click()
    expect(page.get_by_text(THOUGHTS)).to_be_visible()
    expect(page.locator(".prose-of-model")).not_to_contain_text(THOUGHTS)


def test_a_model_is_fetched_with_its_progress_and_can_be_chosen_then(
    site: Site, server: OllamaSpeaker
) -> None:
    server.gate.clear()
    page = site.visit()
    open_panel(page)
    page.get_by_label("The name of a model").fill(NEW.name)
    page.get_by_role("button", name="Fetch").click()
    expect(page.locator("#models progress")).to_have_attribute("value", "1.0")
    page.keyboard.press("Escape")
    open_panel(page)  # it went on meanwhile
    expect(page.locator("#models .pulling")).to_contain_text(f"Fetching {NEW.name}")
    server.gate.set()
    expect(page.locator("#models .now")).to_contain_text(f"{NEW.name} is here now")
    choose(page, NEW.name)


def test_fetching_is_cancelled(site: Site, server: OllamaSpeaker) -> None:
    server.gate.clear()
    page = site.visit()
    open_panel(page)
    page.get_by_label("The name of a model").fill(NEW.name)
    page.get_by_role("button", name="Fetch").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#models .now")).to_contain_text("was not fetched to its end")
    assert server.hung_up.wait(10)
    expect(page.get_by_role("button", name="Fetch")).to_be_visible()
    assert NEW.name not in server.models


def test_a_model_that_there_is_not_is_a_sentence(site: Site) -> None:
    page = site.visit()
    open_panel(page)
    page.get_by_label("The name of a model").fill("nosuch")
    page.get_by_role("button", name="Fetch").click()
    expect(page.locator("#models .problem")).to_contain_text("could not fetch nosuch")


def test_a_server_that_goes_away_in_the_middle_leaves_what_was_checked(
    site: Site, server: OllamaSpeaker
) -> None:
    server.brain = SureAtFirst([f"{BLUE} ", "At sunset the sky turns red. ", "The", Mishap.DROP])
    page = site.visit()
    open_panel(page)
    choose(page, "llama3.1:8b")
    page.keyboard.press("Escape")
    ask(page, WHY_BLUE)
    expect(page.locator(".notice")).to_contain_text("What it had written until then is checked")
    expect(page.locator(".prose-of-model")).to_contain_text(BLUE)
    expect(page.locator(".quoted")).to_contain_text([BLUE])


def test_another_server_is_connected_by_its_address(site: Site) -> None:
    with OpenAISpeaker(["phi"], Script([BLUE])) as other:
        page = site.visit()
        open_panel(page)
        page.get_by_label("The address of LM Studio").fill("nowhere at all")
        page.get_by_role("button", name="Connect").click()
        expect(page.locator("#models .problem")).to_contain_text("is no address")
        page.get_by_label("The address of LM Studio").fill(other.url)
        page.get_by_role("button", name="Connect").click()
        choose(page, "phi")
        page.keyboard.press("Escape")
        ask(page, WHY_BLUE)
        expect(page.locator(".prose-of-model .by")).to_have_text("In the words of phi")


@pytest.mark.parametrize("site", [True], indirect=True)
def test_a_visitor_of_an_open_page_chooses_among_ollama_s_models_and_no_more(
    site: Site, server: OllamaSpeaker
) -> None:
    one, other = site.visit(), site.visit()
    open_panel(one)
    expect(one.locator("#models form")).to_have_count(0)
    expect(one.locator("#models")).to_contain_text("decided by whoever runs Footnote")
    choose(one, "llama3.1:8b")
    expect(one.locator("#model")).to_have_text("llama3.1:8b, on this machine")
    other.reload()
    expect(other.locator("#model")).to_contain_text("Quotes alone")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_panel_is_accessible_and_nothing_of_it_is_cut_off(site: Site, width: int) -> None:
    page = site.visit(viewport={"width": width, "height": 600})
    open_panel(page)
    choose(page, "llama3.1:8b")
    page.locator("#models summary").click()
    found = Axe().run(page, context="#models", options=RULES).response
    assert len(found["passes"]) > 5  # else it has not looked
    assert found["violations"] == []
    last = page.locator("#models .profiles button").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    box = page.locator("#models").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 600


@pytest.mark.parametrize(
    ("link", "holds", "file"),
    [
        ("Model card", ["qwen2.5:3b", "3.1B", "Apache License"], "model-card.md"),
        ("Data sheet of the documents", ["bread.md", "English"], "data-sheet.md"),
    ],
)
def test_what_the_model_and_the_documents_are_is_a_page_that_can_be_saved(
    site: Site, link: str, holds: list[str], file: str
) -> None:
    page = site.visit()
    open_panel(page)
    choose(page, "qwen2.5:3b")
    with page.context.expect_page() as opened:
        page.locator("#models").get_by_role("link", name=link).click()
    sheet = opened.value
    for words in holds:
        expect(sheet.locator("main")).to_contain_text(words)
    found = Axe().run(sheet, options=RULES).response
    assert found["violations"] == []
    with sheet.expect_download() as saved:
        sheet.get_by_role("link", name="Markdown").click()
    assert saved.value.suggested_filename == file
    written = Path(saved.value.path()).read_text("utf-8")
    assert all(words in written for words in holds)
