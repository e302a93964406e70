"""In which order the text of a PDF's pages is read, and how its lines become sentences."""

import pytest
from pdfs import (
    FERRY,
    MUSEUM,
    POOL,
    both,
    drawn,
    flowing,
    grid,
    lines,
    text,
    turned,
    typeset,
    wrapped,
)
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from ingest.loaders import load


@pytest.mark.parametrize("drawn_first", ["left", "right", "row by row"])
@pytest.mark.parametrize("gutter", [14, 90])
def test_columns_are_read_one_after_the_other_in_whatever_order_they_are_drawn(
    drawn_first: str, gutter: float
) -> None:
    width = (500 - gutter) / 2
    left, right = wrapped(FERRY, width), wrapped(MUSEUM, width)
    columns = [lines(*left), lines(*right, x=50 + width + gutter)]
    rows = [
        part
        for number in range(max(len(left), len(right)))
        for part in (
            lines(*left[number : number + 1], y=600 - 12 * number),
            lines(*right[number : number + 1], x=50 + width + gutter, y=600 - 12 * number),
        )
    ]
    orders = {"left": columns, "right": columns[::-1], "row by row": rows}
    assert text(drawn(both(*orders[drawn_first]))) == f"{FERRY}\n\n{MUSEUM}\n"


def test_three_columns_are_read_one_after_the_other() -> None:
    places = ((FERRY, 40), (MUSEUM, 230), (POOL, 420))
    page = both(*(lines(*wrapped(words, 140, 9), x=x, size=9) for words, x in places))
    assert text(drawn(page)) == f"{FERRY}\n\n{MUSEUM}\n\n{POOL}\n"


@pytest.mark.parametrize("columns", [2, 5])
def test_the_sentences_of_a_typeset_paper_are_whole(columns: int) -> None:
    source = (
        f'#set page(paper: "a4", columns: {columns}, margin: 1cm)\n#set columns(gutter: 8pt)\n'
        '#set text(size: 9pt, lang: "en", hyphenate: true)\n#set par(justify: true)\n'
        '#place(top + center, scope: "parent", float: true)[#text(16pt)[On ferries]]\n'
        f"= Introduction\n{FERRY} {MUSEUM} #footnote[Seen on a calm day in June.] {FERRY}\n\n"
        + f"{FERRY} {POOL}\n\n"
        * 30
    )
    document = load(typeset(source), "a.pdf")
    assert document.title == "On ferries"
    assert len(document.pages) > 1
    wanted = 32
    for sentence in FERRY.split(". "):
        assert document.text.count(sentence) == wanted
    assert "where the lockers are.¹ [^1: Seen on a calm day in June.] The ferry" in document.text


def test_notes_in_the_margin_stand_apart_from_the_text_beside_them() -> None:
    note = lines("Note: fares rise", "in June.", x=40, size=8)
    page = both(note, lines(*wrapped(FERRY, 380), x=150, y=598))
    assert text(drawn(page)) == f"Note: fares rise in June.\n\n{FERRY}\n"


@pytest.mark.parametrize(("degrees", "x", "y"), [(90, 400, 100), (270, 100, 700), (180, 500, 300)])
def test_a_page_that_is_set_sideways_is_read(degrees: float, x: float, y: float) -> None:
    page = turned(lines(*wrapped(FERRY, 300), x=0, y=0), degrees, x, y)
    assert text(drawn(page)) == f"{FERRY}\n"


def test_what_stands_sideways_beside_the_text_is_read_too() -> None:
    stamp = turned(lines("Received on 4 May", x=0, y=0), 90, 30, 300)
    assert text(drawn(both(lines(*wrapped(FERRY, 400)), stamp))) == (
        f"{FERRY}\n\nReceived on 4 May\n"
    )


def test_a_wide_title_does_not_make_the_lines_below_it_end_early() -> None:
    title = lines("A. Roe of Hull University and B. Lim of the Leeds Institute of Heat", y=620)
    heading = lines("Introduction", y=603, size=14)
    said = lines("The loss was estimated by Miller", "(2001) at a tenth of what is fed in,", y=588)
    assert "by Miller (2001) at a tenth" in text(drawn(both(title, heading, said)))


def test_lines_that_end_early_are_not_run_together() -> None:
    content = drawn(
        lines("Report: 2024-117", "Date: 12 June 2024", "Author: Jane Doe, Harbour Office")
    )
    assert text(content) == (
        "Report: 2024-117\n\nDate: 12 June 2024\n\nAuthor: Jane Doe, Harbour Office\n"
    )
    # But a sentence is one, however its lines are broken.
    content = drawn(lines("A heap needs air", "from below, so lay", "coarse branches first."))
    assert text(content) == "A heap needs air from below, so lay coarse branches first.\n"


def test_the_items_of_a_list_and_what_follows_it_stand_apart() -> None:
    content = drawn(
        lines("• A rope", "• A lamp that has a", "  spare battery", "Nothing else is needed.")
    )
    assert text(content) == (
        "- A rope\n- A lamp that has a spare battery\n\nNothing else is needed.\n"
    )


def test_list_marks_that_are_drawn_as_dots_are_marks() -> None:
    def dots(canvas: object) -> None:
        for y in (603, 583):
            canvas.circle(42, y, 2, stroke=0, fill=1)  # type: ignore[attr-defined]

    content = drawn(both(dots, lines("A rope"), lines("A lamp", y=580)))
    assert text(content) == "- A rope\n- A lamp\n"


def test_code_is_no_part_of_the_sentence_around_it() -> None:
    content = drawn(
        both(
            lines("Then call it so", y=640),
            lines("f(x, y=[1, 2])", y=620, font="Courier"),
            lines("or otherwise.", y=600),
        )
    )
    assert text(content) == "Then call it so\n\n```\nf(x, y=[1, 2])\n```\n\nor otherwise.\n"


def test_what_is_drawn_apart_from_its_line_stands_in_it() -> None:
    late = both(
        lines("The fee is", x=70, y=600),
        lines("paid in May.", x=180, y=600),
        lines("It is paid once.", x=70, y=588),
        *(lines("•", x=60, y=y) for y in (600, 588)),
        lines("only ever", x=117, y=600),
    )
    assert text(drawn(late)) == ("- The fee is only ever paid in May.\n- It is paid once.\n")


def test_of_two_columns_the_left_one_is_read_whole_whatever_stands_beside_it() -> None:
    table = grid([("Mon", "07:10"), ("Wed", "08:40"), ("Sat", "09:00")], (50, 110), y=500)
    left, right = wrapped(FERRY, 230), wrapped(MUSEUM, 230)
    beside = [lines(*right, x=310, y=600), lines("• odd", "• even", x=310, y=440)]
    found = text(drawn(both(lines(*left), table, lines(*wrapped(POOL, 230), y=430), *beside)))
    rows = "| Mon | 07:10 |\n| --- | --- |\n| Wed | 08:40 |\n| Sat | 09:00 |"
    for part in (FERRY, POOL, MUSEUM, "- odd\n- even"):
        assert part in found
    assert rows.replace("| --- | --- |\n", "") in found.replace("| --- | --- |\n", "")
    assert found.index(POOL) < found.index(MUSEUM)


def test_a_heading_whose_number_stands_apart_is_one() -> None:
    number, name = (lines(words, x=x, y=620, size=14) for words, x in (("1", 50), ("Method", 78)))
    assert text(drawn(both(number, name, lines(*wrapped(FERRY, 300))))).startswith("# 1 Method\n")


NOTES = ((1, "See there."), (2, "Only that."))
PAGE = "#set page(width: 300pt, height: 260pt, margin: 30pt)\n"


def test_footnotes_stand_after_the_sentences_that_they_were_set_in() -> None:
    source = (
        "The shop opens later#footnote[From Monday on.] than it did. Bread is ordered the day "
        "before.#footnote[By telephone, between eight and ten.] Nothing else changes.\n"
    )
    content = typeset(PAGE + source)
    document = load(content, "a.pdf")
    assert document.text == (
        "The shop opens later¹ than it did. [^1: From Monday on.] "
        "Bread is ordered the day before.² [^2: By telephone, between eight and ten.] "
        "Nothing else changes.\n"
    )
    start = document.text.index("From Monday")
    assert all(box.top > 180 for _, box in document.places[0].between(start, start + 11))


@pytest.mark.parametrize("short", ["the U.S. Supreme", "Dr. Ida", "approx. 9 in", "e.g. an"])
def test_a_footnote_is_not_put_behind_an_abbreviation(short: str) -> None:
    found = text(typeset(f"{PAGE}It was heard#footnote[Twice.] by {short} Court. It ended."))
    assert found == f"It was heard¹ by {short} Court. [^1: Twice.] It ended.\n"


def test_two_footnotes_of_a_sentence_stay_in_order_and_apart() -> None:
    source = "Rents#footnote[Of flats.] rose, and wages#footnote[By week.] fell. It ended."
    assert text(typeset(PAGE + source)) == (
        "Rents¹ rose, and wages² fell. [^1: Of flats.] [^2: By week.] It ended.\n"
    )
    style = ParagraphStyle("note", fontSize=8.5, leading=10)
    notes = [Paragraph(f"<super>{n}</super> {words}", style) for n, words in NOTES]
    text_of_page = [Paragraph(words) for words in (FERRY, MUSEUM, POOL)]
    assert text(flowing(*text_of_page, *notes)).endswith("¹ See there.\n\n² Only that.\n")


@pytest.mark.parametrize(
    "source",
    [
        "Ida Holm#super[1] and Jun Park#super[1]\n\nBuoys drift.#footnote[All do.]",
        "The tank holds 2 m#super[1].\n\n#place(bottom, text(8pt)[#super[1] Of steel.])",
        "#set footnote(numbering: n => str(2 * n - 1))\nOne.#footnote[A.] Two.#footnote[B.]",
        "As before#super[1].\n#table(columns: 2, [Item], [Cost#super[1]], [Pipe], [10])\n\n"
        "#place(bottom, text(8pt)[#super[1] In francs.])",
        "= Wages#super[1]\nAs before#super[1].\n\n#place(bottom, text(8pt)[#super[1] Old.])",
    ],
    ids=[
        "a number that is set twice",
        "a unit",
        "numbers that do not go on",
        "one of a table",
        "one of a heading",
    ],
)
def test_footnotes_that_are_not_sure_stay_where_they_are(source: str) -> None:
    assert "[^" not in text(typeset(PAGE + source))
