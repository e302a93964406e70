"""PowerPoint, Excel and OpenDocument → canonical text."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from ingest.loaders import load
from ingest.loaders.number_formats import shown
from tests.ingest.making import packed, replace_part, saved

# PowerPoint


def box(slide: Any, text: str, left: float = 1) -> Any:
    shape = slide.shapes.add_textbox(Inches(left), Inches(3), Inches(2), Inches(1))
    shape.text_frame.text = text
    return shape


def test_slides_are_pages_with_their_lists_tables_notes_and_charts() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Review"
    frame = slide.placeholders[1].text_frame
    frame.text = "First"
    frame.add_paragraph().text = "Nested"
    frame.paragraphs[1].level = 1
    slide.notes_slide.notes_text_frame.text = "Say hello."
    other = deck.slides.add_slide(deck.slide_layouts[5])
    other.shapes.title.text = "Sales"
    table = other.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for cell, text in zip(table.iter_cells(), ("Region", "2024", "North", "(541)"), strict=True):
        cell.text = text
    data = CategoryChartData()
    data.categories = ["East"]
    data.add_series("Q1", (19.2,))
    place = (Inches(1), Inches(4), Inches(4), Inches(3))
    other.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    document = load(saved(deck), "deck.pptx")
    first, second = "# Review\n\n- First\n  - Nested\n\nSay hello.\n\n", "# Sales\n\n"
    assert document.text.startswith(
        first + second + "| Region | 2024 |\n| --- | --- |\n| North | (541) |"
    )
    assert "|  | Q1 |\n| --- | --- |\n| East | 19.2 |" in document.text
    assert document.pages == (0, len(first))
    assert (document.title, document.type) == ("Review", "pptx")


def test_what_a_slide_s_text_looks_like_is_kept_where_it_carries_meaning() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    paragraph = box(slide, "").text_frame.paragraphs[0]
    for text, look in (
        ("Old", {"strike": "sngStrike"}),
        (" price ", {}),
        ("9", {"strike": "sngStrike"}),
    ):
        run = paragraph.add_run()
        run.text = text
        for name, value in look.items():
            run.font._element.set(name, value)
    raised = paragraph.add_run()
    raised.text = "2"
    raised.font._element.set("baseline", "30000")
    assert load(saved(deck), "x.pptx").text == "~~Old~~ price ~~9~~^2\n"


def test_what_is_hidden_in_a_presentation_is_no_text_but_kept() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    box(slide, "Seen")
    box(slide, "beside the slide", 30)
    box(slide, "tiny").text_frame.paragraphs[0].runs[0].font.size = Pt(1)
    box(slide, "white").text_frame.paragraphs[0].runs[0].font.color.rgb = RGBColor(255, 255, 255)
    box(slide, "hidden shape")._element.nvSpPr.cNvPr.set("hidden", "1")
    filled = slide.shapes.add_shape(1, Inches(1), Inches(5), Inches(2), Inches(1))
    filled.text_frame.text = "on a ground"
    filled.text_frame.paragraphs[0].runs[0].font.color.rgb = RGBColor(255, 255, 255)
    unseen = deck.slides.add_slide(deck.slide_layouts[6])
    box(unseen, "hidden slide")
    unseen._element.set("show", "0")
    document = load(saved(deck), "x.pptx")
    assert document.text == "Seen\n\non a ground\n"
    assert sorted(document.hidden) == [
        "beside the slide", "hidden shape", "hidden slide", "tiny", "white",
    ]  # fmt: skip
    assert "1 hidden slide(s) were left out." in document.warnings


# Excel


def workbook(*rows: list[Any]) -> Any:
    book = openpyxl.Workbook()
    book.active.title = "Prices"
    for row in rows:
        book.active.append(row)
    return book


def test_a_sheet_is_a_table_under_its_name_with_values_as_they_are_shown() -> None:
    book = workbook(
        ["Price list"], [], ["Item", "Net", "VAT", "Since"],
        ["Hammer", 1234.5, 0.19, date(2024, 6, 12)], [], ["Saw", -541, None, True],
    )  # fmt: skip
    sheet = book.active
    for row in (4, 6):
        sheet.cell(row, 2).number_format = '#,##0.00 "€";(#,##0)'
        sheet.cell(row, 3).number_format = "0%"
    sheet["A4"].comment = Comment("check", "me")
    sheet["A6"].font = Font(strike=True)
    document = load(saved(book), "p.xlsx")
    assert document.text == (
        "## Prices\n\nPrice list\n\n| Item | Net | VAT | Since |\n| --- | --- | --- | --- |\n"
        "| Hammer | 1,234.50 € | 19% | 2024-06-12 |\n| ~~Saw~~ | (541) |  | TRUE |\n"
    )
    assert document.title == "Price list"
    assert document.warnings == ("1 comment(s) were not read.",)


def test_a_bold_lone_cell_heads_the_rows_below_it_and_a_second_table_has_its_own_head() -> None:
    book = workbook(
        ["Day", "From", "To"], ["Winter"], ["Monday", 9, 12], ["Summer"], ["Monday", 8, None],
        [], ["Name", "Room"], ["Anna", 3],
    )  # fmt: skip
    for place in ("A1", "B1", "C1", "A2", "A4"):
        book.active[place].font = Font(bold=True)
    assert load(saved(book), "p.xlsx").text == (
        "## Prices\n\n|  | Day | From | To |\n| --- | --- | --- | --- |\n"
        "| Winter | Monday | 9 | 12 |\n| Summer | Monday | 8 |  |\n\n"
        "| Name | Room |\n| --- | --- |\n| Anna | 3 |\n"
    )


@pytest.mark.parametrize(("ground", "words", "is_seen"), [
    ("FFFFFF", "FFFFFF", False), ("000000", "000000", False), ("000080", "FFFFFF", True),
])  # fmt: skip
@pytest.mark.parametrize("of", ["box", "slide"])
def test_words_are_held_against_what_is_behind_them(
    of: str, ground: str, words: str, is_seen: bool
) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    box(slide, "Seen.", 4).fill.solid()
    shape = box(slide, "words")
    fill = shape.fill if of == "box" else slide.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(ground)
    shape.text_frame.paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string(words)
    document = load(saved(deck), "a.pptx")
    assert ("words" in document.text, document.hidden == ()) == (is_seen, is_seen)


@pytest.mark.parametrize(("dark", "seen"), [(True, "WHITE"), (False, "BLACK")])
def test_a_background_is_the_theme_s_as_the_master_means_it(dark: bool, seen: str) -> None:
    deck = Presentation()
    master = deck.slide_master._element
    if dark:
        names = master.find(qn("p:clrMap"))
        names.set("bg1", "dk1")
        names.set("tx1", "lt1")
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for words, colour in (("WHITE", "FFFFFF"), ("BLACK", "000000")):
        run = box(slide, words).text_frame.paragraphs[0].runs[0]
        run.font.color.rgb = RGBColor.from_string(colour)
    box(slide, "AS IT SUITS").text_frame.paragraphs[0].runs[0].font.color.theme_color = 13  # tx1
    document = load(saved(deck), "a.pptx")
    assert document.text == f"{seen}\n\nAS IT SUITS\n"
    assert document.hidden == ("BLACK" if dark else "WHITE",)


@pytest.mark.parametrize("way", ["format", "indexed"])
def test_what_a_cell_does_not_show_is_no_text_but_kept(way: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Seen", "Other"])
    sheet.append([None, "unseen"])
    if way == "format":
        sheet["B2"].number_format = ";;;"
    else:
        sheet["B2"].font = Font(color=Color(indexed=9))
    document = load(saved(book), "a.xlsx")
    assert "unseen" not in document.text
    assert "unseen" in document.hidden


def test_what_is_hidden_in_a_workbook_is_no_text_but_kept() -> None:
    book = workbook(["Item", "Cost", "Net"], ["Nail", "secret row", 1], ["Saw", "x", 2])
    sheet = book.active
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet["D3"] = "white"
    sheet["D3"].font = Font(color="FFFFFFFF")
    sheet["D1"] = "Head"
    sheet["D1"].font = Font(color="FFFFFFFF")
    sheet["D1"].fill = PatternFill("solid", "FF1F3864")
    book.create_sheet("Secret")["A1"] = "hidden sheet"
    book["Secret"].sheet_state = "hidden"
    document = load(saved(book), "p.xlsx")
    assert document.text == (
        "## Prices\n\n| Item | Net | Head |\n| --- | --- | --- |\n| Saw | 2 |  |\n"
    )
    assert {"secret row", "white", "Secret: hidden sheet"} <= set(document.hidden)
    assert document.warnings[0] == "2 hidden row(s) and column(s) were left out."


def test_rows_and_columns_without_any_size_are_hidden_and_counted() -> None:
    book = workbook(["Item", "Cost", "Net"], ["Nail", "secret", 1], ["Saw", "x", 2])
    column = b'<cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData>'

    def flat(sheet: bytes) -> bytes:
        sheet = sheet.replace(b'<row r="2"', b'<row r="2" ht="0" customHeight="1"')
        return sheet.replace(b"<sheetData>", column)

    content = replace_part(saved(book), {"xl/worksheets/sheet1.xml": flat}, {})
    document = load(content, "p.xlsx")
    assert document.text == "## Prices\n\n| Item | Net |\n| --- | --- |\n| Saw | 2 |\n"
    assert document.warnings[0] == "2 hidden row(s) and column(s) were left out."


def test_a_formula_without_a_stored_value_stands_as_it_is_and_is_told() -> None:
    document = load(saved(workbook(["A", "B"], [1, "=A2*2"])), "p.xlsx")
    assert "| 1 | =A2*2 |" in document.text
    assert "1 formula(s) have no stored value" in document.warnings[0]


@pytest.mark.parametrize(
    ("value", "format", "text"),
    [
        (0.25, "0%", "25%"), (1234.5, "#,##0.00", "1,234.50"), (0.1 + 0.2, "General", "0.3"),
        (-541, "#,##0_);(#,##0)", "(541)"), (-3.5, "$#,##0.00", "-$3.50"), (4, ";;;", ""),
        (12.5, "#,##0.00 [$€-407]", "12.50 €"), (2.25, "# ?/?", "2 1/4"), (123, "00000", "00123"),
        (1234567, '0.0,"k"', "1234.6k"), (123456, "0.00E+00", "1.23E+05"), (1.005, "0.00", "1.01"),
        (datetime(2024, 6, 2, 8, 5), "dd.mm.yyyy hh:mm", "02.06.2024 08:05"),
        (datetime(2024, 6, 2), "mm-dd-yy", "2024-06-02"),
        (date(2024, 6, 2), "d mmmm yyyy", "2 June 2024"),
        (datetime(2024, 6, 2, 17, 5), "h:mm AM/PM", "5:05 PM"), (True, "General", "TRUE"),
        (0, '_-* #,##0_-;(#,##0);_-* "-"??_-', "-"), (0, r"#,##0\ ;\-#\ ;\* \-#\ ", "* -"),
        (1234567, "000-0000", "123-4567"), (123456789, r"000\-00\-0000", "123-45-6789"),
        (1.989e30, "#,##0", f"1,989{',000' * 9}"), (1e300, "0.00", f"1{'0' * 300}.00"),
        (float("inf"), "0.00", "inf"), (10**450, "0.00", f"1{'0' * 450}"),
        (5.25, 'General "kg"', "5.25 kg"), (-5.25, 'General "kg"', "-5.25 kg"),
        (50, '[>=1000]0.0,"k";0', "50"), (1500, '[>=1000]0.0,"k";0', "1.5k"),
        (-1500, '[>=1000]0.0,"k";0', "-1500"), (5, "[<3]0.0", "5"), (-2, "General", "-2"),
        (15551234, "[<=9999999]###-####;(###) ###-####", "(001) 555-1234"),
        (timedelta(hours=36), "[h]:mm", "36:00"), (time(12, 29, 59), "h:mm", "12:29"),
    ],
)  # fmt: skip
def test_values_are_written_as_their_format_shows_them(value: Any, format: str, text: str) -> None:
    assert shown(value, format) == text


# OpenDocument

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"),
        ("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("form", "form"),
    )
)  # fmt: skip
STYLES = """<style:style style:name="S" style:family="text"><style:text-properties
 style:text-line-through-style="solid"/></style:style><style:style style:name="U"
 style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
 <style:style style:name="H" style:family="text"><style:text-properties text:display="none"/>
 </style:style><style:style style:name="W" style:family="paragraph"><style:text-properties
 fo:color="#ffffff"/></style:style><text:list-style style:name="L">
 <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
 <text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>
 </text:list-style>"""


def open_document(body: str, kind: str = "text") -> bytes:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )
    return packed(**{"content.xml": content.encode(), "META-INF/manifest.xml": b"<m/>"})


def test_an_open_document_s_headings_lists_marks_and_notes_are_read() -> None:
    body = """<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p>
        </text:deletion></text:changed-region></text:tracked-changes>
        <text:h text:outline-level="1">Terms</text:h>
        <text:p>Pay <text:span text:style-name="S">40</text:span> 10<text:span text:style-name="U"
        >9</text:span><text:note><text:note-citation>1</text:note-citation><text:note-body>
        <text:p>Plus tax.</text:p></text:note-body></text:note> euro<text:s/>now. Thanks.
        <text:span text:style-name="H">vanished</text:span></text:p><text:p text:style-name="W">
        white</text:p><text:list text:style-name="L"><text:list-item><text:p>one</text:p>
        <text:list><text:list-item><text:p>deep</text:p></text:list-item></text:list>
        </text:list-item></text:list><text:p>Between.</text:p><text:list text:style-name="L"
        text:continue-numbering="true"><text:list-item><text:p>two</text:p></text:list-item>
        </text:list>"""
    document = load(open_document(body), "a.odt")
    assert document.text == (
        "# Terms\n\nPay ~~40~~ 10^9 euro now. [^1: Plus tax.] Thanks.\n\n"
        "1. one\n\n   1.1 deep\n\nBetween.\n\n2. two\n"
    )
    assert (document.title, document.type) == ("Terms", "odt")
    assert set(document.hidden) == {"vanished", "white"}
    assert "1 tracked change(s) were accepted: deleted." in document.warnings


def test_an_open_document_s_tables_and_sheets_are_read() -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    row = "<table:table-row{}>{}</table:table-row>"
    rows = "".join(
        row.format(look, "".join(cell.format("", text) for text in texts))
        for look, texts in (("", "AB"), (' table:visibility="collapse"', "xy"), ("", "12"))
    )
    sheet = f'<table:table table:name="Costs">{rows}</table:table>'
    document = load(open_document(sheet, "spreadsheet"), "a.ods")
    assert document.text == "## Costs\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n"
    assert document.hidden == ("x", "y")
    wide = cell.format(' table:number-columns-spanned="2"', "Group")
    grouped = f"<table:table>{rows}<table:table-row>{wide}</table:table-row>{rows}</table:table>"
    text = load(open_document(grouped), "a.odt").text
    assert "| Group | 1 | 2 |" in text


def test_a_presentation_s_slides_are_pages() -> None:
    frame = "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    slide = f"<draw:page>{frame}</draw:page>"
    body = slide.format("One") + slide.format("Two")
    document = load(open_document(body, "presentation"), "a.odp")
    assert (document.text, document.pages) == ("One\n\nTwo\n", (0, 5))


def test_a_file_is_read_from_its_bytes_alone() -> None:
    assert load(io.BytesIO(saved(workbook(["A"], [1]))).getvalue(), "sub/dir/p.xlsx").text
