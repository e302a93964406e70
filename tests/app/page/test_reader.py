import html
import re
from dataclasses import dataclass, replace

import pytest

from app.answer import Answer, Citation
from app.journal import Kept
from app.page import reader
from app.page.links import Note, SourceLink

TEXT = """# Tea

## Green

It is picked young. It is steamed.

| Leaf | Minutes |
|---|---|
| whole | 3 |
"""


@dataclass(frozen=True)
class Document:
    name: str = "tea.md"
    title: str = "Tea"
    type: str = "markdown"
    date: str | None = "2026-01-02"
    sha256: str = "a" * 64
    path: str = "/shelf/tea.md"
    pages: int | None = None
    passages: int = 1
    status: str = "indexed"
    warnings: tuple[str, ...] = ()
    read_at: str = "2026-11-21T09:00:00+00:00"


@dataclass(frozen=True)
class Text:
    text: str = TEXT
    document: Document = Document()
    page_starts: tuple[int, ...] = ()
    hidden: tuple[str, ...] = ()
    times: tuple[tuple[int, int], ...] = ()


class Library:
    """Holds versions of one document; the last is today's."""

    def __init__(self, *versions: Text) -> None:
        self.versions = versions

    def content(self, name: str, sha256: str) -> bytes | None:
        return None

    def page(self, name: str, number: int) -> None:
        return None

    def document(self, name: str, sha256: str = "") -> Document | None:
        found = self.text(name, sha256)
        return found and found.document

    def text(self, name: str, sha256: str | None = None) -> Text | None:
        known = [each for each in self.versions if each.document.name == name]
        then = [each for each in known if each.document.sha256 == sha256]
        return (then or known or [None])[-1]


class Journal:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def recall(self, id: str) -> Kept | None:
        return Kept(self._answer, "2026-11-21T09:00:00+00:00") if id == self._answer.id else None


def link(quote: str, text: str = TEXT, **fields: object) -> SourceLink:
    start = text.index(quote)
    note = Note("tea.md", "a" * 64, start, start + len(quote), 1)
    return replace(SourceLink(note, quote), **fields)  # type: ignore[arg-type]


def shown(where: SourceLink, *versions: Text) -> str:
    page = reader.source_page(Library(*(versions or (Text(),))), where)  # type: ignore[arg-type]
    assert page.status == 200
    return page.markup


def marked(markup: str) -> list[str]:
    found = re.findall(r'<mark class="quote"[^>]*>(.*?)</mark>', markup, re.DOTALL)
    return [html.unescape(each) for each in found]


def test_the_quote_is_marked_under_its_section() -> None:
    page = shown(link("It is steamed."))
    assert marked(page) == ["It is steamed."]
    assert '<p class="place">Green</p>' in page
    assert "aaaaaaaaaaaaaaaa…" in page
    assert "banner" not in page


def test_a_table_row_is_marked_cell_by_cell() -> None:
    assert marked(shown(link("| whole | 3 |"))) == ["whole", "3"]


def test_another_quote_of_the_answer_is_dimmed_and_can_be_stepped_to() -> None:
    other = replace(link("It is picked young.").note, marker=2)
    page = shown(link("It is steamed.", also=(other,)))
    assert '<mark class="other">It is picked young.</mark>' in page
    assert 'aria-label="Next footnote"' in page


def test_a_changed_document_is_shown_as_it_was_when_that_is_kept() -> None:
    today = Text("# Tea\n\nAll new.\n", Document(sha256="b" * 64))
    page = shown(link("It is steamed."), Text(), today)
    assert "The source has changed since this answer" in page
    assert marked(page) == ["It is steamed."]


def test_a_changed_document_shows_the_quote_of_the_link_when_nothing_else_is_kept() -> None:
    today = Text("# Tea\n\nAll new.\n", Document(sha256="b" * 64))
    page = shown(link("It is steamed."), today)
    assert "The source has changed since this answer" in page
    assert re.search(r'<blockquote id="quote"><p>It is steamed\.</p>', page)
    assert marked(page) == []


def test_a_removed_document_is_named_with_the_quote_it_gave() -> None:
    page = reader.source_page(Library(), link("It is steamed."))  # type: ignore[arg-type]
    assert page.status == 404
    assert "It is steamed." in page.markup


def test_an_open_document_whose_new_version_cannot_be_read_has_nothing_to_link_to() -> None:
    now = replace(Document(), sha256="b" * 64)
    changed = reader.since_opened(Library(Text(TEXT, now)), now.name, "a" * 64)  # type: ignore[arg-type]
    assert "changed meanwhile" in changed
    assert "href=" in changed
    failed = Library(Text(TEXT, replace(now, status="failed")))
    said = reader.since_opened(failed, now.name, "a" * 64)  # type: ignore[arg-type]
    assert "cannot be read any more" in said
    assert "href=" not in said


@pytest.mark.parametrize("versions", [(), (Text("# Tea\n", Document(sha256="b" * 64)),)])
def test_a_step_to_a_quote_that_went_shows_it_as_the_journal_kept_it(
    versions: tuple[Text, ...],
) -> None:
    first = link("It is steamed.", answer="a1")
    place = Note("tea.md", "a" * 64, 20, 39, 2)
    second = Citation("tea.md", "Tea", "", None, 20, 39, "a" * 64, 2, "It is picked young.")
    answer = Answer("a1", "How?", "How?", citations=(second,))
    stepped = replace(first, also=(place,)).to(place)
    page = reader.source_page(Library(*versions), stepped, Journal(answer))  # type: ignore[arg-type]
    assert "<p>It is picked young.</p>" in page.markup
    assert 'aria-label="Previous footnote"' in page.markup


def test_a_link_cannot_put_words_into_a_document_that_is_unchanged() -> None:
    page = shown(replace(link("It is steamed."), quote="It is fried."))
    assert "fried" not in page


def test_offsets_beyond_the_end_are_said_to_be() -> None:
    note = Note("tea.md", "a" * 64, 10, 10_000, 1)
    page = shown(SourceLink(note))
    assert "beyond the end" in page
    assert marked(page) == []


def test_pages_are_shown_as_pages_and_a_quote_over_two_has_one_anchor() -> None:
    text = "First page ends\n\nhere it goes on."
    source = Text(text, Document(type="pdf", pages=2), (0, 17))
    page = shown(link("ends\n\nhere", text), source)
    assert marked(page) == ["ends", "here"]
    assert page.count('id="quote"') == 1
    assert '<p class="place">Page 1</p>' in page


def test_a_transcript_shows_when_its_paragraphs_and_the_quote_were_said() -> None:
    text = "Ann: The roof is dry.\n\nBen: Yes. But the cellar is wet.\n"
    times = ((0, 31), (23, 745), (33, 751))
    page = shown(
        link("But the cellar is wet.", text), Text(text, Document(type="transcript"), times=times)
    )
    assert '<p class="place">At 12:31</p>' in page
    assert re.findall(r'<p class="folio" id="[^"]*">([^<]*)</p>', page) == ["0:31", "12:25"]
    assert marked(page) == ["But the cellar is wet."]


def test_a_pdf_whose_file_is_another_by_now_shows_its_text_and_says_so() -> None:
    source = Text("One. Two.", Document(type="pdf", pages=1), (0,))
    page = shown(link("Two.", "One. Two."), source)
    assert "changed or gone since it was read" in page
    assert marked(page) == ["Two."]
    assert "<img" not in page


def test_plain_text_is_shown_sign_for_sign() -> None:
    text = "# no heading\n* no <b>item</b>\n"
    page = shown(link("* no <b>item</b>", text), Text(text, Document(type="text")))
    assert marked(page) == ["* no <b>item</b>"]
    assert "# no heading" in page


def test_ten_megabytes_in_one_line_are_shown_with_the_quote_marked() -> None:
    line = "tea and " * 1_250_000
    text = f"# Tea\n\n{line}It is steamed.\n"
    page = shown(link("It is steamed.", text), Text(text))
    assert marked(page) == ["It is steamed."]


def test_a_line_too_long_for_markdown_is_shown_as_text() -> None:
    text = "[" * (reader.LONGEST_LINE + 1) + " end"
    assert marked(shown(link("end", text), Text(text))) == ["end"]


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>"]
)
def test_names_titles_and_paths_are_escaped(hostile: str) -> None:
    document = Document(title=hostile, path=hostile, date=hostile, type=hostile)
    page = shown(link("It is steamed."), Text(document=document))
    assert "<script" not in page
    assert "<img" not in page


def test_a_quote_is_cited_in_three_formats() -> None:
    page = html.unescape(shown(link("It is steamed.")))
    assert "“It is steamed.” — Tea (2026-01-02), Green. tea.md, SHA-256 aaaaaaaaaaaaaaaa." in page
    assert "> It is steamed.\n>\n> — [Tea](/source?document=tea.md" in page
    assert "@misc{tea-md,\n  title = {Tea}," in page


def test_a_citation_links_to_its_quote_alone_and_with_the_server_it_came_from() -> None:
    beside = replace(link("It is steamed."), also=(Note("milk.md", "b" * 64, 5, 9, 2),))
    page = reader.source_page(Library(Text()), beside, server="http://<here>:7860")  # type: ignore[arg-type]
    cited = re.findall(r'<pre class="cite".*?</pre>', page.markup, re.DOTALL)[1]
    assert "(http://&lt;here&gt;:7860/source?document=tea.md&amp;sha=aaa" in cited
    assert "milk.md" not in cited
