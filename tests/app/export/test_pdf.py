"""Answers as PDF, read back by another library than the one that wrote them."""

import io
from dataclasses import replace

import pdfplumber
import pypdfium2
import pytest

from app.answer import Answer, Citation, Sentence
from app.export.pdf import LONGEST_WORD, to_pdf
from app.journal import Kept
from ingest.errors import FootnoteError

SHA = "a" * 64
TODAY = {"t.md": SHA}
QUOTE = Citation("t.md", "Tea", "Tea › Green", 3, 24, 38, SHA, 1, "It is steamed.")
ANSWER = Answer(
    "a1", "How is it made?", "How?", prose=(Sentence("They steam it.", (1,), 0.9, "supported"),),
    citations=(QUOTE,), model="small", state="done",
)  # fmt: skip
ITS_OWN_FONTS_DRAW = [
    "ἐν ἀρχῇ ἦν ὁ λόγος",
    "Съешь же ещё этих мягких булок",
    "∀x ∈ ℝ: ∂f/∂x ≠ ∇·F, 𝑥⟦n⟧",
    "בראשית ברא אלהים",
    "مرحبا",
]
THE_MACHINES_MAY_DRAW = ["扩散模型", "拡散モデル", "확산 모델", "தமிழ்", "😀"]
HOSTILE = [
    "<b>bold</b> &amp; <a href=javascript:alert(1)>x</a>",
    '#panic("x") #read("/etc/passwd") $x$ *b* _i_ `c` \\ // /* @a <a> ~ = == - + [ ] { }',
    '"; } #set page(fill: red)',
    "{nb} %s %(x)s \\u{1F600} \\n",
]


def kept(*answers: Answer) -> list[Kept]:
    return [Kept(answer, "2026-11-21T09:00:00+00:00") for answer in answers]


def saying(words: str) -> Answer:
    """An answer in which everything that can be said is said in these words."""
    quote = replace(QUOTE, quote=words, title=words, document=words, section=words)
    sentence = Sentence(words, (1,), 0.1, "partly supported", words)
    return replace(
        ANSWER, question=words, prose=(sentence,), citations=(quote,), missing=words,
        notices=(words,), model=words,
    )  # fmt: skip


def text_of(pdf: bytes) -> str:
    """The PDF's text in one line."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).split())


def test_an_answer_has_its_quote_with_all_that_proves_it_at_the_foot_of_the_page() -> None:
    text = text_of(to_pdf(kept(ANSWER), TODAY))
    assert "How is it made? 2026-11-21 09:00 UTC · small They steam it.1" in text
    assert (
        "1 “It is steamed.” Tea › Green, page 3. t.md, characters 24–38, SHA-256 aaaaaaaaaaaaaaaa."
    ) in text
    assert text.endswith("1 of 1")


def test_the_file_is_titled_dated_and_the_same_each_time() -> None:
    pdf = to_pdf(kept(ANSWER), TODAY)
    with pypdfium2.PdfDocument(pdf) as document:
        about = document.get_metadata_dict()
    assert about["Title"] == "How is it made?"
    assert about["CreationDate"].startswith("D:20261121090000")
    assert pdf == to_pdf(kept(ANSWER), TODAY)


def test_footnotes_are_linked_there_and_back_and_nothing_leads_out() -> None:
    twice = (*ANSWER.sentences, Sentence("It stays green.", (1,), 0.9, "supported"))
    with pdfplumber.open(io.BytesIO(to_pdf(kept(replace(ANSWER, prose=twice)), TODAY))) as pdf:
        page = pdf.pages[0]
        links = [(link["top"] < page.height / 2, link["uri"]) for link in page.annots]
        small = [char for char in page.chars if char["text"] == "1" and char["size"] < 9]
    assert [above for above, _ in links].count(True) == 2
    assert [above for above, _ in links].count(False) == 1
    assert {uri for _, uri in links} == {None}
    assert len(small) >= 3


def test_footnotes_are_counted_on_over_a_conversation_with_its_own_title() -> None:
    second = replace(ANSWER, id="a2", question="And then?")
    pdf = to_pdf(kept(ANSWER, second), TODAY)
    text = text_of(pdf)
    assert "They steam it.1" in text
    assert "They steam it.2" in text
    assert text.count("“It is steamed.”") == 2
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.get_metadata_dict()["Title"] == "A conversation"
        assert [mark.get_title() for mark in document.get_toc()] == ["How is it made?", "And then?"]


@pytest.mark.parametrize("verdict", ["partly supported", "not supported"])
def test_a_doubtful_sentence_says_so_and_is_underlined(verdict: str) -> None:
    sentence = Sentence("It weighs 46 t.", (7,), 0.1, verdict, "46 is nowhere")  # type: ignore[arg-type]
    pdf = to_pdf(kept(replace(ANSWER, prose=(sentence,))), TODAY)
    assert f"It weighs 46 t. ({verdict}: 46 is nowhere)" in text_of(pdf)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert any(line["width"] > 40 for line in opened.pages[0].lines)
    with pdfplumber.open(io.BytesIO(to_pdf(kept(ANSWER), TODAY))) as opened:
        assert opened.pages[0].lines[1:] == []  # one stands above the footnotes


def test_notices_what_is_missing_and_items_are_told() -> None:
    items = tuple(Sentence(text, (), 1, "supported") for text in ("Two:", "- one", "- two"))
    answer = replace(ANSWER, prose=items, notices=("The model was gone.",), missing="A price.")
    text = text_of(to_pdf(kept(answer), TODAY))
    assert "The model was gone. Two: • one • two A price." in text


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ({}, "The document is no longer there."),
        ({"t.md": "b" * 64}, "The document has changed since this answer."),
    ],
)
def test_a_source_that_went_or_changed_is_told_in_its_footnote(
    today: dict[str, str], said: str
) -> None:
    assert said in text_of(to_pdf(kept(ANSWER), today))
    assert said not in text_of(to_pdf(kept(ANSWER), TODAY))


@pytest.mark.parametrize("words", ITS_OWN_FONTS_DRAW)
def test_many_scripts_are_drawn_on_any_machine_and_can_be_copied(words: str) -> None:
    answer = replace(ANSWER, question=words)
    text = text_of(to_pdf(kept(answer), TODAY, system_fonts=False))
    assert words in text
    assert "cannot be drawn" not in text


@pytest.mark.parametrize("words", THE_MACHINES_MAY_DRAW)
def test_other_scripts_are_never_lost_where_the_machine_has_no_font_for_them(words: str) -> None:
    answer = replace(ANSWER, question=words)
    text = text_of(to_pdf(kept(answer), TODAY, system_fonts=False))
    assert "".join(f"[U+{ord(sign):04X}]" for sign in words.split()[0]) in text
    assert "What cannot be drawn stands as its code point: [U+" in text
    with_the_machines = text_of(to_pdf(kept(answer), TODAY))
    assert with_the_machines == text or "cannot be drawn" not in with_the_machines


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\U00013000\U00013001b", "a[U+13000][U+13001]b"),
        ("a\ue123b", "a[U+E123]b"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\ud800b", "a[U+D800]b"),
        ("a\x07b", "a[U+0007]b"),
    ],
)
def test_what_cannot_be_drawn_stands_as_its_code_point_and_is_said_to(
    words: str, shown: str
) -> None:
    text = text_of(to_pdf(kept(replace(ANSWER, question=words)), TODAY))
    assert shown in text
    assert "What cannot be drawn stands as its code point: [U+" in text


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_said_reads_as_it_was_said(words: str) -> None:
    pdf = to_pdf(kept(saying(words)), TODAY)
    # A line may end after a hyphen or a slash, where the words have no space.
    assert "".join(text_of(pdf).split()).count("".join(words.split())) >= 8
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert {link["uri"] for page in opened.pages for link in page.annots} == {None}


def test_no_word_leaves_the_page_however_long_it_is() -> None:
    answer = replace(ANSWER, prose=(Sentence("x" * 400, (), 1, "supported"),))
    with pdfplumber.open(io.BytesIO(to_pdf(kept(answer), TODAY))) as pdf:
        page = pdf.pages[0]
        assert sum(char["text"] == "x" for char in page.chars) == 400
        assert max(char["x1"] for char in page.chars) < page.width - 70


def test_a_long_answer_takes_many_pages_that_are_numbered() -> None:
    said = Sentence("Tea is steamed in the third hour. " * 2_000, (1,), 1, "supported")
    pdf = to_pdf(kept(replace(ANSWER, prose=(said,))), TODAY)
    text = text_of(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        pages = len(document)
    assert pages > 10
    assert f"{pages} of {pages}" in text
    assert text.count("hour.") == 2_000


def test_a_word_that_is_too_long_to_be_set_is_refused_with_another_way() -> None:
    answer = replace(ANSWER, question="x" * (LONGEST_WORD + 1))
    with pytest.raises(FootnoteError, match="20,001 characters cannot be set as PDF: save it as"):
        to_pdf(kept(answer), TODAY)
