"""PDF → canonical text. The pages are drawn by hand, so that each line's place is known."""

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    ListFlowable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Table,
    TableStyle,
)

from ingest.errors import DocumentError
from ingest.loaders import LoadedDocument, load
from tests.ingest.making import saved
from tests.ingest.pdfs import drawn

RULED = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])


def lines(*texts: str, x: float = 50, y: float = 600, size: float = 10) -> Callable[..., None]:
    """Draws one line below another, 12 points apart; an empty text leaves a line free."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for number, text in enumerate(texts):
            canvas.drawString(x, y - 12 * number, text)

    return draw


def both(*parts: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)

    return draw


def flowing(*flowables: object) -> bytes:
    out = io.BytesIO()
    SimpleDocTemplate(out, title="Stated").build(list(flowables))
    return out.getvalue()


def text(content: bytes) -> str:
    return load(content, "a.pdf").text


def test_the_lines_of_a_paragraph_are_joined_and_paragraphs_kept_apart() -> None:
    content = drawn(lines("A paragraph that goes", "over two lines.", "", "Another one."))
    assert text(content) == "A paragraph that goes over two lines.\n\nAnother one.\n"


def test_divided_words_are_joined_and_compounds_keep_their_hyphen() -> None:
    content = drawn(
        lines(
            "Models that gener-",
            "ate text use self-",
            "attention, and self-attention is state-of-the-",
            "art. Cross-entropy is a loss; the cross-",
            "entropy is low.",
        )
    )
    assert text(content) == (
        "Models that generate text use self-attention, and self-attention is state-of-the-art. "
        "Cross-entropy is a loss; the cross-entropy is low.\n"
    )


def test_larger_lines_are_headings_by_size() -> None:
    content = drawn(
        both(
            lines("The title", y=700, size=20),
            lines("A section", y=660, size=14),
            lines("Body text that is the most of the page.", y=640),
            lines("Another section", y=610, size=14),
            lines("More body text that is the most of the page.", y=590),
        )
    )
    document = load(content, "a.pdf")
    assert document.text == (
        "# The title\n\n## A section\n\nBody text that is the most of the page.\n\n"
        "## Another section\n\nMore body text that is the most of the page.\n"
    )
    assert document.title == "The title"


def test_ruled_tables_become_pipe_tables_between_their_paragraphs() -> None:
    styles = getSampleStyleSheet()
    cell = Paragraph("a cell of several words that wraps", styles["Normal"])
    table = Table([["Model", "Note"], ["A|B", cell], ["C", ""]], colWidths=[80, 90], style=RULED)
    content = flowing(
        Paragraph("Before.", styles["Normal"]), table, Paragraph("After.", styles["Normal"])
    )
    assert text(content) == (
        "Before.\n\n"
        "| Model | Note |\n| --- | --- |\n"
        "| A\\|B | a cell of several words that wraps |\n| C |  |\n\n"
        "After.\n"
    )


def test_a_cell_over_several_rows_stands_in_each_of_them() -> None:
    table = Table([["Kind", "Name"], ["LLM", "Qwen"], ["", "Llama"], ["GAN", ""]], style=RULED)
    table.setStyle(TableStyle([("SPAN", (0, 1), (0, 2))]))
    assert text(flowing(table)) == (
        "| Kind | Name |\n| --- | --- |\n| LLM | Qwen |\n| LLM | Llama |\n| GAN |  |\n"
    )


def test_a_table_that_goes_on_on_the_next_page_is_one_table() -> None:
    rows = [["Number", "Square"], *([str(n), str(n * n)] for n in range(60))]
    document = load(flowing(Table(rows, repeatRows=1, style=RULED)), "a.pdf")
    expected = "".join(f"| {n} | {n * n} |\n" for n in range(60))
    assert document.text == "| Number | Square |\n| --- | --- |\n" + expected
    assert len(document.pages) == 2
    assert document.text[document.pages[1] :].startswith("| ")


def test_entries_at_the_same_places_are_a_table_without_rules() -> None:
    content = drawn(
        both(
            lines("Name", "MiniLM", "Qwen", x=50),
            lines("Size", "90 MB", "1.1 GB", x=200),
        )
    )
    assert (
        text(content) == "| Name | Size |\n| --- | --- |\n| MiniLM | 90 MB |\n| Qwen | 1.1 GB |\n"
    )


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [
        "The left column has sentences that",
        "go on over its four lines until the",
        "column ends, and the reader then",
        "has to lift the eyes to",
    ]
    right = [
        "the top of the right column, which",
        "takes on the rest of the words and",
        "leads them to the end of the page,",
        "where the text stops.",
    ]
    content = drawn(
        both(
            lines("A heading over both of the columns of this page", y=650, size=16),
            lines(*left, x=50),
            lines(*right, x=320),
        )
    )
    assert text(content) == (
        "# A heading over both of the columns of this page\n\n" + " ".join([*left, *right]) + "\n"
    )


def test_list_items_get_markdown_marks() -> None:
    normal = getSampleStyleSheet()["Normal"]
    content = flowing(
        ListFlowable([Paragraph("one", normal), Paragraph("two", normal)], bulletType="bullet"),
        ListFlowable([Paragraph("first", normal), Paragraph("second", normal)], bulletType="1"),
    )
    # No full stop is drawn after these numbers.
    assert text(content) == "- one\n- two\n\n1 first\n\n2 second\n"


def test_typewriter_lines_are_code() -> None:
    def code(canvas: Canvas) -> None:
        canvas.setFont("Courier", 10)
        canvas.drawString(50, 560, "if x:")
        canvas.drawString(74, 548, "y = 1")

    content = drawn(both(lines("This is how it is written:"), code))
    assert text(content) == "This is how it is written:\n\n```\nif x:\n    y = 1\n```\n"


def test_running_headers_and_page_numbers_are_left_out_and_said() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        return both(
            lines("The running header", y=770, size=8),
            lines(f"Body of page {number}."),
            lines(f"Page {number} of 3", y=30, size=8),
        )

    document = load(drawn(page(1), page(2), page(3)), "a.pdf")
    assert document.text == "Body of page 1.\n\nBody of page 2.\n\nBody of page 3.\n"
    assert document.warnings == (
        "Left out as page header or footer: "
        "“The running header” (3 pages); “Page 1 of 3” (3 pages).",
    )


def test_pages_start_where_they_are_said_to_even_inside_a_sentence() -> None:
    document = load(
        drawn(lines("A sentence that is not"), lines("yet over. Next."), lines("Third.")), "a.pdf"
    )
    assert document.text == "A sentence that is not yet over. Next.\n\nThird.\n"
    assert [document.text[start:][:4] for start in document.pages] == ["A se", "yet ", "Thir"]


def test_a_word_divided_between_pages_is_joined() -> None:
    document = load(drawn(lines("Models gener-"), lines("ate text.")), "a.pdf")
    assert document.text == "Models generate text.\n"
    assert [document.text[start:][:4] for start in document.pages] == ["Mode", "ate "]


def test_raised_figures_do_not_join_the_number_before_them() -> None:
    normal = getSampleStyleSheet()["Normal"]
    assert text(flowing(Paragraph("There are 10<super>9</super> parameters.", normal))) == (
        "There are 10⁹ parameters.\n"
    )


def test_a_pdf_without_heading_is_called_by_its_stated_title() -> None:
    normal = getSampleStyleSheet()["Normal"]
    document: LoadedDocument = load(flowing(Paragraph("Words.", normal)), "a.pdf")
    assert (document.title, document.type) == ("Stated", "pdf")


def test_files_that_are_attached_are_named() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(drawn(lines("Figures are attached.")))
    for name in ("figures.csv", "notes.txt"):
        document.new_attachment(name).set_data(b"1,2")
    [told] = load(saved(document), "a.pdf").warnings
    assert told.startswith("2 attached file(s) not read: figures.csv, notes.txt.")


def test_pages_without_text_are_named() -> None:
    normal = getSampleStyleSheet()["Normal"]
    picture = Table([[""]], style=RULED)
    content = flowing(Paragraph("One.", normal), PageBreak(), picture, PageBreak(), picture)
    document = load(content, "a.pdf")
    assert document.warnings == ("No text was found on page(s) 2, 3.",)
    assert document.pages == (0, 4, 4)


WORDS = drawn(lines("Some words."))


@pytest.mark.parametrize(
    ("content", "problem", "remedy"),
    [
        (drawn(lambda c: c.rect(10, 10, 90, 90)), "none of its 1 page(s) has a text layer", "OCR"),
        (
            drawn(lines("Secret."), encrypt=StandardEncryption("password")),
            "protected with a password",
            "without a password",
        ),
        (WORDS[:200], "damaged", "save or print it"),
        (b"%PDF-1.7\n" + b"garbage " * 50, "damaged", "save or print it"),
        (b"no PDF at all", "damaged", "save or print it"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_refused(content: bytes, problem: str, remedy: str) -> None:
    with pytest.raises(DocumentError) as refused:
        load(content, "scan.pdf")
    assert refused.value.document == "scan.pdf"
    assert problem in refused.value.problem
    assert ".)" not in refused.value.problem
    assert remedy in refused.value.remedy
