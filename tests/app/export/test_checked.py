"""A checked text to take away: as Markdown, and in the files that answers are saved as."""

import io
import re
from hashlib import sha256
from pathlib import Path

import docx
import pypdfium2
import pytest

from app.answer import Citation
from app.checking.checked_text import BroughtCitation, CheckedSentence, CheckedText
from app.export.checked import as_answer, file_of, pieces, to_markdown
from app.export.kinds import KINDS
from app.export.verifying import verify
from app.export.written import blocks
from ingest.blocks import split_blocks

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
    says = "1 of 3 sentences borne out, 0 in other words, 1 contradicted, 1 of which nothing is"
    assert to_markdown(CHECKED).startswith(f"> {says}")
    assert says in saved("html").decode()


def saved(kind: str, title: str = "sky.md") -> bytes:
    return file_of(CHECKED, KINDS[kind], title, [], lambda *_: None)


def test_nothing_of_a_text_or_a_document_is_markup_in_html() -> None:
    page = saved("html", "<title>").decode()
    assert "It is &lt;b&gt;blue&lt;/b&gt;." in page
    assert "The sky &lt;i&gt; is *blue*." in page
    assert not {"<b>", "<i>"} & set(re.findall(r"<[^<>]*>", page))
    assert "<title>&lt;title&gt;</title>" in page


def test_all_of_a_text_is_in_word_and_pdf_with_its_remarks() -> None:
    paragraphs = docx.Document(io.BytesIO(saved("word"))).paragraphs
    styled = [(each.style.name, each.text.strip()) for each in paragraphs if each.style]
    assert ("Heading 3", "Sky") in styled
    [said] = [text for _, text in styled if text.startswith("It is")]
    assert said == (
        "It is <b>blue</b>. It is big [7]. (nothing here says so; [7]: the text does not list it)"
    )
    assert [text for _, text in styled if "|" in text] == [
        "| a | b |",
        "| x | y | [1] (the documents contradict this: the passage says z)",
    ]
    pdf = pypdfium2.PdfDocument(saved("pdf"))[0].get_textpage().get_text_range()
    for words in ("Sky", "It is <b>blue</b>.", "| a | b |", "the passage says z", "1 of 3"):
        assert words in " ".join(pdf.split())
    assert "Checked by Footnote" in pdf
    assert "Written by Footnote" not in pdf


@pytest.mark.parametrize("kind", ["html", "pdf", "word"])
def test_anybody_can_prove_what_it_quotes(kind: str, tmp_path: Path) -> None:
    words = "The sky is blue."
    source = f"# S\n\n{words}\n"
    (tmp_path / "s*y.md").write_text(source, "utf-8")
    sha = sha256(source.encode()).hexdigest()
    quote = Citation("s*y.md", "The sky", "", None, 5, 5 + len(words), sha, 1, words)
    checked = CheckedText(CHECKED.text, CHECKED.sentences, (quote,))
    file = file_of(checked, KINDS[kind], "sky.md", [], lambda *_: None)
    found = verify(file, f"checked{KINDS[kind].suffix}", tmp_path)
    assert (found.problem, [each.problem for each in found.quotes]) == ("", [""])
    (tmp_path / "s*y.md").write_text(source.replace("blue", "grey"), "utf-8")
    assert not verify(file, f"checked{KINDS[kind].suffix}", tmp_path).holds


LAID_OUT = """\
# Moss

One. Two
goes on. Three.

- first. and on
- second

1. numbered

```
x = 1
```
Last. ![shade](moss.png)
"""


def test_blocks_stay_blocks_and_what_was_not_checked_is_there_too() -> None:
    sentences = tuple(
        CheckedSentence(LAID_OUT[start:end], start, end, block.kind, "no claim")
        for block in split_blocks(LAID_OUT, "markdown")
        for start, end in block.spans
    )
    kept = as_answer(CheckedText(LAID_OUT, sentences[:-1], ()), "moss.md")
    assert [
        (kind, " ".join(each.text for each in said)) for kind, said in blocks(kept.answer.told)
    ] == [
        ("heading", "Moss"),
        ("paragraph", "One. Two\ngoes on. Three."),
        ("item", "first. and on"),
        ("item", "second"),
        ("item", "numbered"),
        ("paragraph", "x = 1"),
        ("paragraph", "Last."),
        ("paragraph", "![shade](moss.png)"),
    ]


def test_the_pieces_of_a_text_are_all_of_it() -> None:
    shown = "".join(words for words, _ in pieces(CHECKED))
    assert shown + TEXT[CHECKED.end :] == TEXT
