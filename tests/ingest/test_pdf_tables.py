"""Tables of PDFs: rows and columns from few rules, light rules, or none."""

from pathlib import Path

import pytest
from pdfs import both, drawn, flowing, grid, lines, text
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

from ingest.loaders import load

STATEMENT = [
    ("", "2023", "2022", "Note"),
    ("Sales of produce", "812", "790", "3"),
    ("Cost of produce", "(541)", "(560)", "4"),
    ("Gross result", "271", "230", ""),
    ("Grants", "", "25", ""),
    ("Interest", "−12", "(9)", "6"),
]


def table_of(*rows: tuple[str, ...]) -> str:
    head, *others = ("| " + " | ".join(row) + " |\n" for row in rows)
    return head + "|" + " --- |" * len(rows[0]) + "\n" + "".join(others)


def right_aligned(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 10)
    for number, (name, *values) in enumerate(STATEMENT):
        canvas.drawString(60, 600 - 16 * number, name.replace("−", "-"))
        for x, value in zip((260, 340, 400), values, strict=True):
            canvas.drawRightString(x, 600 - 16 * number, value.replace("−", "-"))


def test_a_statement_without_rules_keeps_brackets_signs_and_empty_cells() -> None:
    expected = table_of(*(tuple(c.replace("−", "-") for c in row) for row in STATEMENT))
    content = drawn(both(lines("All amounts in euro.", y=640), right_aligned))
    assert text(content) == f"All amounts in euro.\n\n{expected}"


def test_list_marks_that_stand_off_their_words_are_no_column(corpus: Path) -> None:
    said = load((corpus / "choosing-a-model.pdf").read_bytes(), "choosing-a-model.pdf").text
    assert "\n- Chen et al., 2021, Evaluating Large Language Models" in said
    assert "| • |" not in said


def test_a_rule_above_the_sum_takes_no_row_away() -> None:
    def rule(canvas: Canvas) -> None:
        canvas.line(220, 600 - 16 * 2.45, 410, 600 - 16 * 2.45)

    assert text(drawn(both(right_aligned, rule))).count("\n") == len(STATEMENT) + 1


def test_a_sum_some_way_below_its_columns_is_a_row_and_another_head_is_not() -> None:
    rows = [("Item", "Pieces", "Price"), ("Drill", "2", "258"), ("Bits", "1", "24")]
    x = (50, 200, 300)
    total = grid([("Total", "3", "282")], x, y=600 - 3 * 16 - 14)
    document = load(drawn(both(grid(rows, x), total)), "a.pdf")
    assert document.text.endswith("| Bits | 1 | 24 |\n| Total | 3 | 282 |\n")
    other = grid([("Name", "Street", "Town"), ("Ann", "Mill 1", "Hull")], x, y=600 - 3 * 16 - 14)
    document = load(drawn(both(grid(rows, x), other)), "a.pdf")
    assert "| Bits | 1 | 24 |\n\n| Name | Street | Town |" in document.text


@pytest.mark.parametrize("kind", ["across", "squares"])
def test_thousands_of_strokes_are_a_drawing_and_strike_nothing_out(kind: str) -> None:
    def strokes(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        for number in range(8_000):
            x, y = 50 + 7 * (number % 71), 500 + number / 40
            if kind == "squares":
                canvas.rect(x, y, 3, 3, stroke=0, fill=1)
            else:
                canvas.line(x, y, x + 5, y)
        canvas.setFillGray(0)

    words = lines("The map has a square for each hour.", "Noon is dark.", y=600)
    said = "The map has a square for each hour. Noon is dark.\n"
    assert text(drawn(both(strokes, words))) == said


def test_entries_that_are_drawn_column_by_column_are_rows() -> None:
    content = drawn(
        both(
            lines("Depot", "North", "South", "East"),
            lines("Buses", "12", "", "7", x=200),
            lines("Drivers", "30", "18", "", x=300),
        )
    )
    assert text(content) == table_of(
        ("Depot", "Buses", "Drivers"), ("North", "12", "30"), ("South", "", "18"), ("East", "7", "")
    )


def test_a_table_whose_first_row_is_no_header_has_an_empty_one() -> None:
    rows = [("Reception", "Ode", "555-0101"), ("Cashier", "Pim", "555-0102")]
    rows.append(("Archive", "Rue", "555-0103"))
    assert text(drawn(grid(rows, (60, 200, 330)))) == table_of(("", "", ""), *rows)


def test_under_light_rules_a_cell_of_several_lines_is_one_cell() -> None:
    normal = getSampleStyleSheet()["Normal"]
    remark = Paragraph("per day, with life jackets for all who want one", normal)
    light = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.3, "#dddddd")])
    rows = [["Class", "Fee", "Remark"], ["Canoe", "12", remark], ["Raft", "", "none"]]
    rows += [["Punt", "9", ""]]
    assert text(flowing(Table(rows, colWidths=[80, 60, 100], style=light))) == table_of(
        ("Class", "Fee", "Remark"),
        ("Canoe", "12", "per day, with life jackets for all who want one"),
        ("Raft", "", "none"),
        ("Punt", "9", ""),
    )


def test_rows_under_one_rule_are_rows() -> None:
    ruled = TableStyle(
        [("LINEBELOW", (0, 0), (-1, 0), 1, "black"), ("LINEABOVE", (0, 0), (-1, 0), 1, "black")]
    )
    rows = [["Item", "2022", "Remark"], ["Paper", "1,204", "from the mill in town"]]
    rows += [["Ink", "", "black, in bottles of glass"], ["Post", "(31)", ""]]
    assert text(flowing(Table(rows, style=ruled))) == table_of(*map(tuple, rows))


def test_the_name_of_a_group_goes_with_each_of_its_rows() -> None:
    spanned = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("SPAN", (0, 1), (-1, 1)),
            ("SPAN", (0, 4), (-1, 4)),
        ]
    )
    rows = [["Day", "Hours"], ["Summer", ""], ["Mon", "8 – 13"], ["Sat", "9 – 12"]]
    rows += [["Winter", ""], ["Mon", "10 – 15"]]
    assert text(flowing(Table(rows, colWidths=[80, 80], style=spanned))) == table_of(
        ("", "Day", "Hours"),
        ("Summer", "Mon", "8 – 13"),
        ("Summer", "Sat", "9 – 12"),
        ("Winter", "Mon", "10 – 15"),
    )
    set_in = both(
        grid([("Course", "Days", "Price")], (60, 250, 350)),
        grid(
            [("Beginners", "", ""), ("", "", ""), ("", "", ""), ("Advanced", "", "")],
            (60, 250, 350),
            584,
        ),
        grid([("Knots", "2", "40"), ("Sails", "3", "65")], (72, 250, 350), 568),
        grid([("Night trip", "1", "80")], (72, 250, 350), 520),
    )
    assert text(drawn(set_in)) == table_of(
        ("", "Course", "Days", "Price"),
        ("Beginners", "Knots", "2", "40"),
        ("Beginners", "Sails", "3", "65"),
        ("Advanced", "Night trip", "1", "80"),
    )


def test_what_is_set_over_several_columns_is_said_in_each() -> None:
    spanned = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("SPAN", (1, 0), (2, 0)),
            ("SPAN", (0, 0), (0, 1)),
            ("SPAN", (1, 3), (2, 3)),
        ]
    )
    rows = [["Site", "Depth in m", ""], ["", "Spring", "Autumn"], ["Pier", "4.2", "3.9"]]
    rows += [["Basin", "not measured", ""]]
    assert text(flowing(Table(rows, colWidths=[60, 60, 60], style=spanned))) == table_of(
        ("Site", "Depth in m Spring", "Depth in m Autumn"),
        ("Pier", "4.2", "3.9"),
        ("Basin", "not measured", "not measured"),
    )


def test_tables_in_frames_of_their_own_are_tables_of_their_own() -> None:
    ruled = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])
    normal = getSampleStyleSheet()["Normal"]
    prices = [["Part", "Price"], ["Probe", "248"], ["Cable", "12"]]
    rental = [["Rental", "Day", "Week"], ["Probe", "36", "180"], ["Dock", "5", "25"]]
    content = flowing(
        Table(prices, colWidths=[100, 110], style=ruled),
        Paragraph("* without tax", normal),
        Table(rental, colWidths=[80, 60, 70], style=ruled),
    )
    first, second = (table_of(*map(tuple, rows)) for rows in (prices, rental))
    assert text(content) == f"{first}\n* without tax\n\n{second}"


def test_the_caption_stands_above_its_table_and_not_in_it() -> None:
    rows = [("Ship", "Trips", "Delay"), ("Anna", "12", "3"), ("Berta", "9", "2")]
    caption = lines("Table 1. Trips of the two ships in the year 2023", y=618)
    assert text(drawn(both(caption, grid(rows, (60, 200, 330))))) == (
        f"Table 1. Trips of the two ships in the year 2023\n\n{table_of(*rows)}"
    )


def test_the_dots_that_lead_to_a_number_are_no_text() -> None:
    dots = " ." * 40
    content = drawn(
        lines(
            f"1 Introduction{dots} 3", f"2 Methods{dots}.... 12", "3 Results.................. 20"
        )
    )
    found = text(content)
    assert ". ." not in found
    assert "1 Introduction" in found
    assert "12" in found


def test_a_table_goes_as_far_as_its_rule_however_far_apart_its_columns_are() -> None:
    rows = [
        ("Qty", "Description", "Unit price", "Amount"),
        ("2", "Oak shelf", "85.00", "170.00"),
        ("1", "Reception desk", "1,240.00", "1,240.00"),
    ]

    def rule(canvas: Canvas) -> None:
        canvas.line(50, 593, 550, 593)

    assert text(drawn(both(grid(rows, (50, 90, 400, 500)), rule))) == table_of(*rows)


def test_a_line_below_a_frame_is_no_row_of_its_table() -> None:
    rows = [("Day", "Cook"), ("Monday", "Ana"), ("Tuesday", "Bo")]

    def frame(canvas: Canvas) -> None:
        canvas.grid([46, 100, 160], [612, 596, 580, 564])

    below = grid([("Product", "Price")], (50, 104), y=552)
    found = text(drawn(both(grid(rows, (50, 104)), frame, below)))
    assert found.startswith(table_of(*rows))
    assert "| Product |" not in found


def test_a_name_in_the_middle_above_two_columns_belongs_to_both() -> None:
    rows = [
        ["Season", "With drogue", "", "Without", ""],
        ["", "Lost", "Found", "Lost", "Found"],
        ["Winter", "3", "2", "4", "1"],
        ["Spring", "0", "5", "1", "4"],
        ["Summer", "1", "4", "0", "4"],
    ]
    style = TableStyle(
        [
            ("SPAN", (1, 0), (2, 0)),
            ("SPAN", (3, 0), (4, 0)),
            ("ALIGN", (1, 0), (-1, -1), "CENTER"),
            *(("LINEABOVE", (0, row), (-1, row), 0.5, "black") for row in (0, 2)),
            ("LINEABOVE", (1, 1), (-1, 1), 0.5, "black"),
            ("LINEBELOW", (0, -1), (-1, -1), 0.5, "black"),
        ]
    )
    found = text(flowing(Table(rows, colWidths=[90, 70, 70, 70, 70], style=style)))
    names = ("Season", "With drogue Lost", "With drogue Found", "Without Lost", "Without Found")
    assert found == table_of(names, *map(tuple, rows[2:]))
