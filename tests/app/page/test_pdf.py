"""Pages drawn by hand, and whether what is boxed is where the ink is."""

import io
import re
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from app.page import pdf
from ingest.loaders import load

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


def place(content: bytes, text: str, quote: str) -> tuple[pdf.Box, ...] | None:
    start = text.index(quote)
    (found,) = pdf.sheet(content, 1, text, [(start, start + len(quote))]).places
    return found


def ink(content: bytes) -> tuple[float, float, float, float]:
    """The rectangle around everything dark, in points from the upper left corner."""
    image = Image.open(io.BytesIO(pdf.draw(content, 1))).convert("L")
    found = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert found is not None
    left, top, right, bottom = (edge / pdf.SCALE for edge in found)
    return left, top, right, bottom


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [(0, 0, WIDTH, HEIGHT), (40, 30, 260, 180)])
def test_a_box_lies_over_the_ink_of_its_words_however_the_page_is_turned_and_cropped(
    rotation: int, crop: tuple[float, float, float, float]
) -> None:
    content = changed(drawn((60, 120, "Tea is steamed.")), rotation, crop)
    boxes = place(content, "Tea is steamed.\n", "Tea is steamed.")
    assert boxes is not None
    left, top, right, bottom = ink(content)
    boxed = (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    assert boxed[0] - 1 <= left
    assert boxed[1] - 1 <= top
    assert right <= boxed[2] + 1
    assert bottom <= boxed[3] + 1
    assert (boxed[2] - boxed[0]) * (boxed[3] - boxed[1]) < 2 * (right - left) * (bottom - top)


def test_a_word_divided_at_the_end_of_a_line_is_found_in_both_lines() -> None:
    content = drawn((20, 150, "It is an exam-"), (20, 130, "ple of tea. More."))
    boxes = place(content, "It is an example of tea. More.\n", "It is an example of tea.")
    assert boxes is not None
    upper, lower = boxes
    assert upper.bottom <= lower.top + 3
    assert upper.right > 80


def test_the_cells_of_a_row_are_boxed_one_by_one() -> None:
    content = drawn((20, 150, "Leaf"), (150, 150, "Minutes"), (20, 130, "whole"), (150, 130, "3"))
    text = "| Leaf | Minutes |\n|---|---|\n| whole | 3 |\n"
    boxes = place(content, text, "| whole | 3 |")
    assert boxes is not None
    assert len(boxes) == 2
    assert all(left.right < right.left for left, right in pairwise(boxes))


def test_words_that_stand_twice_are_told_apart_by_what_is_around_them() -> None:
    content = drawn((20, 150, "Green tea. Steam it."), (20, 130, "White tea. Steam it."))
    text = "Green tea. Steam it. White tea. Steam it."
    start = text.rindex("Steam it.")
    (boxes,) = pdf.sheet(content, 1, text, [(start, start + 9)]).places
    assert boxes is not None
    assert boxes[0].top > HEIGHT - 130 - 15


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.pdf")), ids=lambda file: file.name)
def test_every_sentence_and_every_row_of_the_corpus_has_its_place(file: Path) -> None:
    content = file.read_bytes()
    loaded = load(content, file.name)
    ends = [*loaded.pages[1:], len(loaded.text)]
    for number, (low, high) in enumerate(zip(loaded.pages, ends, strict=True), start=1):
        text = loaded.text[low:high]
        lines = re.finditer(r"[^\n.]*[^\W\d_]{3,}[^\n]*", text)
        stretches = [found.span() for found in lines if "---" not in found.group()]
        sheet = pdf.sheet(content, number, text, stretches)
        for (start, end), boxes in zip(stretches, sheet.places, strict=True):
            # The title also stands in the header of its page; then nobody can tell which is meant.
            assert boxes or text.startswith("# ", start), text[start:end]
            for box in boxes or ():
                assert 0 <= box.left < box.right <= sheet.width
                assert 0 <= box.top < box.bottom <= sheet.height


def test_words_that_are_not_on_the_page_together_have_no_place() -> None:
    content = drawn((20, 150, "Green tea is"), (20, 130, "an island between."), (20, 110, "fine."))
    assert place(content, "Green tea is fine.", "Green tea is fine.") is None
    assert place(content, "— !", "— !") is None


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
    assert width * height <= pdf.MOST_PIXELS * 1.01
