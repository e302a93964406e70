import io
import re
from dataclasses import dataclass, replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from app.page.links import Note, SourceLink
from app.page.marks import Span
from app.page.pdf_view import View, pages_of, view
from ingest.loaders import load
from ingest.places import PagePlaces

SHA = "a" * 64
TEXT = "One is first.\n\nTwo begins here and ends there. Three is last.\n"
STARTS = (0, 40)


@dataclass(frozen=True)
class Document:
    name: str = "tea.pdf"
    title: str = "Tea"
    type: str = "pdf"
    date: str | None = None
    sha256: str = SHA
    path: str = "/shelf/tea.pdf"
    pages: int | None = 2
    passages: int = 1
    status: str = "indexed"
    warnings: tuple[str, ...] = ()
    read_at: str = ""


@dataclass(frozen=True)
class Source:
    document: Document = Document()
    text: str = TEXT
    page_starts: tuple[int, ...] = STARTS


@pytest.fixture(scope="module")
def content() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(300, 200))
    for lines in (("One is first.", "", "Two begins here and ends"), ("there. Three is last.",)):
        for at, words in enumerate(lines):
            canvas.drawString(20, 150 - 20 * at, words)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def seen(
    content: bytes | None,
    quote: str,
    page: int = 0,
    source: Source | None = None,
    ocr: bool = False,
) -> View:
    start = TEXT.index(quote)
    span = Span(start, start + len(quote), is_quote=True)
    link = SourceLink(Note("tea.pdf", SHA, span.start, span.end, 1), quote, page=page)
    places = load(content, "tea.pdf").places if content else ()

    def pages(number: int) -> PagePlaces | None:
        known = 1 <= number <= len(places)
        return replace(places[number - 1], is_ocr=ocr) if known else None

    return view(source or Source(), content, pages, link, [span])


def test_the_fixture_is_read_as_these_tests_say(content: bytes) -> None:
    loaded = load(content, "tea.pdf")
    assert (loaded.text, loaded.pages) == (TEXT, STARTS)


def test_the_page_of_the_quote_is_shown_with_a_box_and_the_words(content: bytes) -> None:
    shown = seen(content, "One is first.")
    assert shown.problem == ""
    assert shown.body.count("<rect") == 1
    assert f'src="/source/page?document=tea.pdf&amp;sha={SHA}&amp;page=1"' in shown.body
    assert '<mark class="quote">One is first.</mark>' in shown.body
    assert "Page 2 ›" in shown.body


def test_a_quote_over_two_pages_is_marked_on_both_with_one_anchor(content: bytes) -> None:
    shown = seen(content, "Two begins here and ends there.")
    assert re.findall(r'aria-label="Page (\d) of 2"', shown.body) == ["1", "2"]
    assert shown.body.count("<rect") == 2
    assert shown.body.count('id="quote"') == 1


def test_another_page_can_be_asked_for_and_one_that_is_not_there_is_said_to_be(
    content: bytes,
) -> None:
    assert "<rect" not in seen(content, "One is first.", page=2).body
    assert "There is no page 9." in seen(content, "One is first.", page=9).problem


def test_without_the_file_it_is_said_why_there_is_only_text() -> None:
    assert "changed or gone" in seen(None, "One is first.").problem


def test_words_that_ocr_has_read_are_said_to_be(content: bytes) -> None:
    assert "by OCR" not in seen(content, "One is first.").body
    assert "by OCR" in seen(content, "One is first.", ocr=True).body


def test_names_are_escaped(content: bytes) -> None:
    name = "\"><script>alert(1)</script>'.pdf"
    shown = seen(content, "One is first.", source=Source(replace(Document(), name=name)))
    assert "<script" not in shown.body
    assert "'.pdf" not in shown.body


def test_pages_without_text_are_passed_over() -> None:
    assert pages_of((0, 10, 10, 20), [Span(10, 12, True)]) == [3]
    assert pages_of((0, 10), []) == [1]
