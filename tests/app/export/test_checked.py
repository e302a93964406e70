"""A checked text to take away, as Markdown and as HTML."""

import re

from app.answer import Citation
from app.checking.checked_text import BroughtCitation, CheckedSentence, CheckedText
from app.export.checked import pieces, to_html, to_markdown

TEXT = "# Sky\n\nIt is <b>blue</b>. It is big [7].\n\n| a | b |\n|---|---|\n| x | y |\n"


def at(words: str, finding: str, *markers: int, **more: object) -> CheckedSentence:
    start = TEXT.index(words)
    kind = "row" if words.startswith("|") else "paragraph"
    return CheckedSentence(words, start, start + len(words), kind, finding, markers, **more)  # type: ignore[arg-type]


QUOTE = Citation("s*y.md", "The sky", "", None, 4, 20, "ab" * 32, 1, "The sky <i> is *blue*.")
BROUGHT = BroughtCitation("marker", "[7]", 33, 36, False, "the text does not list it")
CHECKED = CheckedText(
    TEXT,
    (
        at("It is <b>blue</b>.", "supported", 1),
        at("It is big [7].", "not said", brought=(BROUGHT,)),
        at("| x | y |", "contradicted", 1, reason="the passage says z"),
    ),
    (QUOTE,),
)


def test_markdown_keeps_the_text_and_puts_footnotes_behind_its_sentences() -> None:
    written = to_markdown(CHECKED)
    assert "It is <b>blue</b>.[^footnote-1] It is big [7]. *(nothing here says so; " in written
    assert "\\[7\\]: the text does not list it" in written
    assert (
        "[^footnote-1]: “The sky \\<i\\> is \\*blue\\*.” — The sky. s\\*y.md, characters 4–20"
        in written
    )


def test_a_row_of_a_table_stays_one() -> None:
    row = next(line for line in to_markdown(CHECKED).splitlines() if line.startswith("| x"))
    assert row.endswith("*(the documents contradict this: the passage says z)*|")


def test_the_summary_is_at_the_top() -> None:
    says = "1 of 3 sentences borne out, 1 contradicted, 1 of which nothing is said, 0 of 1"
    assert to_markdown(CHECKED).startswith(f"> {says}")
    assert says in to_html(CHECKED)


def test_nothing_of_a_text_or_a_document_is_markup_in_html() -> None:
    page = to_html(CHECKED, "<title>")
    assert "It is &lt;b&gt;blue&lt;/b&gt;." in page
    assert "The sky &lt;i&gt; is *blue*." in page
    assert not {"<b>", "<i>"} & set(re.findall(r"<[^<>]*>", page))
    assert "<title>&lt;title&gt;</title>" in page


def test_the_pieces_of_a_text_are_all_of_it() -> None:
    shown = "".join(words for words, _ in pieces(CHECKED))
    assert shown + TEXT[CHECKED.end :] == TEXT
