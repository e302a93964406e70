"""Pages drawn by hand, and whether what is boxed is where the ink is."""

import io
import random
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from app.page import drawing, pdf
from ingest.loaders import load
from ingest.places import Box
from ingest.sentences import sentence_spans

CORPUS = Path(__file__).parents[3] / "corpus"
WIDTH, HEIGHT = 300, 200


def drawn(*lines: tuple[float, float, str], pages: int = 1) -> bytes:
    """A PDF with these lines, each at (x, y from below), on each of its pages."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT))
    for _ in range(pages):
        for x, y, words in lines:
            canvas.drawString(x, y, words)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def changed(content: bytes, rotation: int, crop: tuple[float, float, float, float]) -> bytes:
    document = pypdfium2.PdfDocument(content)
    document[0].set_rotation(rotation)
    document[0].set_cropbox(*crop)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def place(content: bytes, quote: str) -> list[Box]:
    """The boxes of a quote on the first page of a document as it is read."""
    loaded = load(content, "a.pdf")
    start = loaded.text.index(quote)
    return pdf.lines(loaded.places[0].between(start, start + len(quote)), loaded.text)


def ink(content: bytes) -> tuple[float, float, float, float]:
    """The rectangle around everything dark, in points from the upper left corner."""
    image = Image.open(io.BytesIO(pdf.draw(content, 1))).convert("L")
    found = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert found is not None
    left, top, right, bottom = (edge / drawing.SCALE for edge in found)
    return left, top, right, bottom


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [(0, 0, WIDTH, HEIGHT), (40, 30, 260, 180)])
def test_a_box_lies_over_the_ink_of_its_words_however_the_page_is_turned_and_cropped(
    rotation: int, crop: tuple[float, float, float, float]
) -> None:
    content = changed(drawn((60, 120, "Tea is steamed.")), rotation, crop)
    (box,) = place(content, "Tea is steamed.")
    left, top, right, bottom = ink(content)
    assert box.left - 1 <= left
    assert box.top - 1 <= top
    assert right <= box.right + 1
    assert bottom <= box.bottom + 1
    assert (box.right - box.left) * (box.bottom - box.top) < 2 * (right - left) * (bottom - top)


def test_a_word_divided_at_the_end_of_a_line_is_boxed_in_both_lines() -> None:
    content = drawn((20, 150, "It is an exam-"), (20, 130, "ple of tea. More."))
    upper, lower = place(content, "It is an example of tea.")
    assert upper.bottom <= lower.top + 3
    assert upper.right > 80


def test_the_cells_of_a_row_are_boxed_one_by_one() -> None:
    rows = [("Leaf", "Minutes", "Degrees"), ("whole", "3", "80"), ("broken", "2", "75")]
    cells = [
        (20 + 90 * column, 150 - 20 * row, words)
        for row, line in enumerate(rows)
        for column, words in enumerate(line)
    ]
    boxes = place(drawn(*cells), "| whole | 3 | 80 |")
    assert len(boxes) == 3
    assert all(left.right < right.left for left, right in pairwise(boxes))


def test_of_words_that_stand_twice_those_that_are_quoted_are_boxed() -> None:
    content = drawn((20, 150, "Green tea. Steam it."), (20, 100, "White tea. Steam it."))
    loaded = load(content, "a.pdf")
    start = loaded.text.rindex("Steam it.")
    (box,) = pdf.lines(loaded.places[0].between(start, start + 9), loaded.text)
    assert box.top > HEIGHT - 100 - 15


def test_what_is_drawn_last_and_read_first_is_boxed_where_it_stands() -> None:
    content = drawn(
        (20, 130, "which has not been left to wilt, and is picked young."),
        (20, 145, "Green tea is a tea of leaves"),
    )
    boxes = place(content, "leaves which has not")
    assert len(boxes) == 2


def letters_and_boxed(name: str, content: bytes, most: int) -> tuple[int, int]:
    """How many letters the sentences of a document have, and how many of these lie in a box."""
    loaded = load(content, name)
    spans = sentence_spans(loaded.text)
    letters = boxed = 0
    for start, end in random.Random(7).sample(spans, min(most, len(spans))):
        its = [at for at in range(start, end) if loaded.text[at].isalnum()]
        places = {at for page in loaded.places for at, _ in page.between(start, end)}
        letters += len(its)
        boxed += len(places.intersection(its))
    return letters, boxed


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.pdf")), ids=lambda file: file.name)
def test_every_letter_of_every_sentence_of_the_corpus_has_its_place(file: Path) -> None:
    letters, boxed = letters_and_boxed(file.name, file.read_bytes(), 1000)
    assert letters > 1000
    assert boxed == letters


@pytest.mark.parametrize("content", [b"%PDF-1.4 no more", b"", drawn((9, 9, "One page."))])
def test_a_page_that_is_not_there_is_an_error_in_words(content: bytes) -> None:
    with pytest.raises(ValueError, match="age 2"):
        pdf.draw(content, 2)


def test_a_huge_page_is_drawn_smaller() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(14_400, 14_400))
    canvas.drawString(100, 100, "poster")
    canvas.save()
    width, height = Image.open(io.BytesIO(pdf.draw(target.getvalue(), 1))).size
    assert width * height <= drawing.MOST_PIXELS * 1.01
