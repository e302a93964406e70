"""Answers as Word files, read back by other programs than the one that wrote them."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2
import pytest

from app.answer import Answer, Citation, Sentence
from app.export.word import to_word
from app.journal import Kept
from ingest.loaders import load

SHA = "a" * 64
TODAY = {"t.md": SHA}
FIRST = Citation("t.md", "Tea", "Tea › Green", 3, 24, 38, SHA, 1, "It is steamed.")
SECOND = replace(FIRST, marker=2, quote="It is rolled.", start=50, end=63)
ANSWER = Answer(
    "a1", "How is it made?", "How?",
    prose=(
        Sentence("They roll it.", (2,), 0.9, "supported"),
        Sentence("They steam it.", (1, 2), 0.9, "supported"),
    ),
    citations=(FIRST, SECOND), model="small", state="done",
)  # fmt: skip
HOSTILE = ["<w:b/> &amp; ]]>", "a\x07b\ud800c", "\u05d1\u05e8\u05d0", "{% x %} \\n %s"]


def kept(*answers: Answer) -> list[Kept]:
    return [Kept(answer, "2026-11-21T09:00:00+00:00") for answer in answers]


def part(word: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        assert len(parts.namelist()) == len(set(parts.namelist()))
        return parts.read(name).decode()


def test_each_quote_is_a_footnote_in_the_order_in_which_they_are_referred_to() -> None:
    word = to_word(kept(ANSWER), TODAY)
    notes = re.findall(
        r'<w:footnote w:id="(\d+)">(.*?)</w:footnote>', part(word, "word/footnotes.xml")
    )
    assert [number for number, _ in notes] == ["1", "2"]
    assert "“It is rolled.”" in notes[0][1]
    assert "“It is steamed.”" in notes[1][1]
    assert "t.md, characters 24–38, SHA-256 aaaaaaaaaaaaaaaa" in notes[1][1]
    references = re.findall(r'footnoteReference w:id="(\d+)"', part(word, "word/document.xml"))
    assert references == ["1", "2"]
    paragraphs = [each.text for each in docx.Document(io.BytesIO(word)).paragraphs]
    assert paragraphs[0] == "How is it made?"
    assert "They roll it. They steam it. [1] " in paragraphs


def test_footnotes_are_counted_on_over_a_conversation() -> None:
    word = to_word(kept(ANSWER, replace(ANSWER, id="a2", question="And?")), TODAY)
    references = re.findall(r'footnoteReference w:id="(\d+)"', part(word, "word/document.xml"))
    assert references == ["1", "2", "3", "4"]


def test_a_quote_that_no_sentence_refers_to_is_a_footnote_too() -> None:
    word = to_word(kept(replace(ANSWER, prose=ANSWER.prose[:1])), TODAY)
    assert "Quoted, too:" in part(word, "word/document.xml")
    assert part(word, "word/document.xml").count("footnoteReference") == 2


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_said_reads_as_it_was_said(words: str) -> None:
    quote = replace(FIRST, quote=words, title=words, document=words, section=words)
    sentence = Sentence(words, (1,), 0.1, "partly supported", words)
    answer = replace(
        ANSWER, question=words, prose=(sentence,), withheld=(sentence,), citations=(quote,),
        missing=words, notices=(words,), model=words,
    )  # fmt: skip
    text = load(to_word(kept(answer), TODAY), "t.docx").text
    shown = words.replace("\x07", "[U+0007]").replace("\ud800", "[U+D800]")
    assert text.count(shown) >= 10


def test_an_office_program_sets_the_footnotes_at_the_foot_of_the_page(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not there: nothing else sets a Word file here")
    (tmp_path / "a.docx").write_bytes(to_word(kept(ANSWER), TODAY, "{}"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "a.docx"]
    subprocess.run(convert, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        page = pdf[0]
        words = page.get_textpage()
        whole = words.get_text_range()
        at = whole.index("“It is rolled.”")
        assert words.get_charbox(at)[3] < page.get_height() / 4
        assert words.get_charbox(whole.index("They roll it."))[1] > page.get_height() / 2
