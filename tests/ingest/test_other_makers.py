"""Files as other programs write them → what a person sees in them, in order, nothing lost."""

from base64 import encodebytes
from email.message import EmailMessage
from typing import Any

import pytest
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx import Presentation
from pptx.oxml import parse_xml as slide_xml

from ingest.errors import DocumentError
from ingest.loaders import load
from ingest.totals import first_about_all
from tests.ingest.making import numbered, saved, step, word
from tests.ingest.test_loaders_office import open_document
from tests.ingest.test_loaders_others import text_of

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
FORMULA = (
    '<a14:m xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"><m:oMath '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>E=m</m:t>'
    "</m:r></m:oMath></a14:m>"
)


# PowerPoint, Word, Excel


def body_of(deck: Any, *words: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    frame = slide.placeholders[1].text_frame
    frame.text = words[0]
    for each in words[1:]:
        frame.add_paragraph().text = each
    return slide.placeholders[1]


def test_a_box_with_a_formula_is_read_with_all_its_words() -> None:
    deck = Presentation()
    shape = body_of(deck, "Energy is ")._element
    shape.find(f".//{{{A}}}p").append(slide_xml(FORMULA))
    both = slide_xml(f'<mc:AlternateContent xmlns:mc="{MARKUP}"><mc:Choice Requires="a14"/>'
                     "<mc:Fallback/></mc:AlternateContent>")  # fmt: skip
    shape.addprevious(both)
    both[0].append(shape)
    assert "Energy is $E=m$" in text_of(saved(deck), "a.pptx")


def test_another_way_of_counting_on_a_slide_begins_at_one() -> None:
    deck = Presentation()
    shape = body_of(deck, "One", "Two", "First", "Second", "Apart", "Anew")
    kinds = ["arabicPeriod"] * 2 + ["alphaLcParenBoth"] * 2 + [""] + ["alphaLcParenBoth"]
    for paragraph, kind in zip(shape.text_frame.paragraphs, kinds, strict=True):
        mark = (
            f'<a:buAutoNum xmlns:a="{A}" type="{kind}"/>' if kind else f'<a:buNone xmlns:a="{A}"/>'
        )
        paragraph._p.get_or_add_pPr().append(slide_xml(mark))
    text = text_of(saved(deck), "a.pptx")
    marks = ["1. One", "2. Two", "(a) First", "(b) Second", "Apart", "(a) Anew"]
    assert [text.index(each) for each in marks] == sorted(text.index(each) for each in marks)


def test_rows_and_cells_in_controls_are_in_their_table() -> None:
    control = "<w:sdt %s><w:sdtContent>%s</w:sdtContent></w:sdt>"
    cell = "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>"

    def build(document: Any) -> None:
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Field", "Value"
        row = f"<w:tr>{cell % 'Fee'}{cell % '£60'}</w:tr>"
        table._tbl.append(parse_xml(control % (nsdecls("w"), row)))
        last = parse_xml(f"<w:tr {nsdecls('w')}>{cell % 'Zone'}</w:tr>")
        last.append(parse_xml(control % (nsdecls("w"), cell % "4")))
        table._tbl.append(last)

    assert "| Fee | £60 |\n| Zone | 4 |" in text_of(word(build), "a.docx")


def test_a_bullet_that_is_a_ticked_box_is_text() -> None:
    def build(document: Any) -> None:
        step(document, "Lights", numbered(("bullet", "☒"))(document))
        step(document, "Horn", numbered(("bullet", "☐"))(document))
        step(document, "Ropes", numbered(("bullet", "•"))(document))

    assert text_of(word(build), "a.docx") == "☒ Lights\n\n☐ Horn\n\n- Ropes\n"


def test_text_boxes_chart_titles_and_printed_edges_of_a_sheet_are_read(tmp_path: Any) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("Budget")
    sheet.write_row("A1", ["Item", "Cost"])
    sheet.write("A2", "Rope")
    sheet.write("B2", 0, book.add_format({"num_format": '_-* #,##0_-;(#,##0);_-* "-"??_-'}))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Budget!$B$2:$B$2"})
    chart.set_title({"name": "Cost by item"})
    sheet.insert_chart("E2", chart)
    sheet.insert_textbox("E20", "Approved on 3 May.")
    sheet.set_header("&LDraft 3&RPage &P of &N")
    book.close()
    assert text_of((tmp_path / "a.xlsx").read_bytes(), "a.xlsx") == (
        "## Budget\n\nDraft 3\n\n| Item | Cost |\n| --- | --- |\n| Rope | - |\n\n"
        "Cost by item\n\nApproved on 3 May.\n"
    )


# OpenDocument


def test_levels_that_are_lists_of_their_own_are_one_list() -> None:
    nested = "<text:list><text:list-item>" * 2 + "<text:p>{}</text:p>"
    nested += "</text:list-item></text:list>" * 2
    body = (
        "<text:list><text:list-item><text:p>Costs</text:p></text:list-item></text:list>"
        + nested.format("Gas")
        + "<text:p>Apart.</text:p>"
        + nested.format("Oil")
    )
    assert text_of(open_document(body), "a.odt") == "- Costs\n  - Gas\n\nApart.\n\n- Oil\n"


def test_boxes_on_a_slide_are_read_from_top_to_bottom() -> None:
    box = (
        '<draw:frame draw:x="{}cm" draw:y="{}cm" draw:width="5cm" draw:height="1cm"><draw:text-box>'
        "<text:p>{}</text:p></draw:text-box></draw:frame>"
    )
    boxes = [(9, 8, "Fourth"), (1, 8.1, "Third"), (1, 1, "First"), (9, 1, "Second")]
    page = "".join(box.format(*each) for each in [*boxes, (-30, 1, "Beside")])
    document = load(open_document(f"<draw:page>{page}</draw:page>", "presentation"), "a.odp")
    assert document.text == "First\n\nSecond\n\nThird\n\nFourth\n"
    assert document.hidden == ("Beside",)


def test_a_text_box_on_an_open_sheet_is_read() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    shape = "<draw:custom-shape><text:p>Approved.</text:p></draw:custom-shape>"
    rows = "".join(
        f"<table:table-row>{cell.format(a)}{cell.format(b)}</table:table-row>"
        for a, b in ("AB", "12")
    )
    sheet = (
        f'<table:table table:name="Costs"><table:shapes>{shape}</table:shapes>{rows}</table:table>'
    )
    assert text_of(open_document(sheet, "spreadsheet"), "a.ods") == (
        "## Costs\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\nApproved.\n"
    )


def open_sheet(*rows: tuple[str, tuple[str, ...]]) -> bytes:
    """A table document of rows, each its attributes and what its cells' paragraphs hold."""
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    inside = "".join(
        f"<table:table-row{look}>{''.join(map(cell.format, cells))}</table:table-row>"
        for look, cells in rows
    )
    sheet = f'<table:table table:name="Staff">{inside}</table:table>'
    return open_document(sheet, "spreadsheet")


def test_a_row_that_is_stored_once_for_several_stands_there_as_often() -> None:
    twice = ' table:number-rows-repeated="2"'
    rows = open_sheet(("", ("City", "Role")), (twice, ("Rome", "Clerk")), ("", ("Oslo", "Chief")))
    assert text_of(rows, "a.ods") == (
        "## Staff\n\n| City | Role |\n| --- | --- |\n"
        + "| Rome | Clerk |\n" * 2
        + "| Oslo | Chief |\n"
    )


def test_rows_that_are_repeated_without_end_are_counted_as_left_out() -> None:
    endless = ' table:number-rows-repeated="1000000"'
    rows = open_sheet(("", ("City", "Role")), *[(endless, ("Rome", "Clerk"))] * 3)
    document = load(rows, "a.ods")
    shown = document.text.count("Rome")
    assert shown == 10_003
    assert f"{3_000_000 - shown} repeated row(s) were left out." in document.warnings


def test_tabs_spaces_and_breaks_in_a_cell_of_an_open_sheet_divide_words() -> None:
    cell = "two<text:s text:c='2'/>words<text:line-break/>next<text:span><text:tab/>one</text:span>"
    rows = open_sheet(("", ("City", "Note")), ("", ("Rome", cell)))
    assert "| Rome | two words next one |" in text_of(rows, "a.ods")


# Totals


@pytest.mark.parametrize(
    ("last", "group"),
    [
        (["Grand total", "6", "£60.00"], ""),
        (["Difference", "(2)", "(£20.00)"], ""),
        (["York", "9", "£90.00"], "South"),
        (["Subtotal", "4", "£40.00"], "South"),
    ],
)
def test_a_sum_of_all_groups_is_in_none_of_them(last: list[str], group: str) -> None:
    rows = [["Place", "Sold", "Taken"], ["North"], ["Leeds", "2", "£20.00"], ["South"],
            ["Bath", "3", "£30.00"], ["Wells", "1", "£10.00"], last]  # fmt: skip
    cells = "".join(
        f"<tr><th>{row[0]}</th><td></td><td></td></tr>"
        if len(row) == 1
        else "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    page = f"<table>{cells.replace('td>', 'th>', 6)}</table>"
    assert f"| {group} | {' | '.join(last)} |".replace("|  |", "|  |") in text_of(page, "a.html")


def test_what_follows_the_sum_of_all_is_about_all_too() -> None:
    figures = [None, ["2", "1"], None, ["3", "2"], ["4", "3"], ["9", "6"]]
    assert first_about_all([*figures, ["Tax 1.80", "1.20"], ["10.80", "7.20"]]) == 5
    assert first_about_all([["2"], ["3"], ["5"]]) == 3
    assert first_about_all([None, ["1"], ["2"], None, ["3"]]) == 5


def test_one_figure_that_happens_to_be_the_sum_of_those_above_it_stays_in_its_group() -> None:
    rows = [None, ["2"], None, ["1"], ["3"], ["6"], ["9"]]
    assert first_about_all(rows) == len(rows)
    assert first_about_all([*rows, ["Total 21"], ["In all 21"], ["unaudited"]]) == 7


def test_a_sum_is_told_of_as_many_rows_as_a_table_may_have() -> None:
    rows = [None, ["a", "1"], None, *(["b", str(number)] for number in range(7, 20_007))]
    assert first_about_all([*rows, ["All", str(1 + sum(range(7, 20_007)))]]) == len(rows)


# Web pages


def test_what_follows_an_element_without_content_is_not_lost() -> None:
    assert text_of("<p>ab<wbr>cd</p><p>e<embed src=x>f</p>", "a.html") == "abcd\n\nef\n"


def test_google_docs_lists_titles_and_notes_are_as_it_shows_them() -> None:
    page = """<style>.lst-kix_a-1>li:before{content:"" counter(c,lower-latin) ". "}</style>
    <p class="c0 title">Rules</p><h1>Fees</h1>
    <p><span>It is £25</span><sup><a href="#n1" id="r1">[1]</a></sup><span>. Pay in May.</span></p>
    <ol class="lst-kix_a-0 start" start="1"><li>Fill in.</li></ol>
    <ol class="lst-kix_a-1 start" start="1"><li>In ink.</li></ol>
    <ol class="lst-kix_a-0" start="2"><li>Pay.</li></ol>
    <p>Afterwards:</p><ul class="lst-kix_b-1 start"><li>Swim.</li></ul>
    <div><p><a href="#r1" id="n1" class="ftn">[1]</a><span> Half price later.</span></p></div>"""
    document = load(page.encode(), "a.html")
    assert document.title == "Rules"
    assert document.text == (
        "# Rules\n\n## Fees\n\nIt is £25. [^1: Half price later.] Pay in May.\n\n"
        "1. Fill in.\n\n   a. In ink.\n\n2. Pay.\n\nAfterwards:\n\n- Swim.\n"
    )


def test_what_programs_tick_by_a_class_is_ticked() -> None:
    page = """<ul class="inline-task-list"><li class="checked">Order</li><li>Test</li></ul>
    <ul><li><div class="checkbox checkbox-on"></div> Book</li></ul>"""
    text = text_of(page, "a.html")
    assert all(each in text for each in ("☒ Order", "☐ Test", "☒ Book"))


def test_the_words_of_a_noscript_are_told_of() -> None:
    page = "<p>Seen.</p><noscript><p>Please switch scripts on.</p></noscript>"
    assert load(page.encode(), "a.html").hidden == ("Please switch scripts on.",)


# E-mail

INNER = b"From: Cy <cy@example.org>\nSubject: Survey\n\nThe beam is rotten.\n"


@pytest.mark.parametrize("encoded", ["base64", "7bit"])
def test_a_message_in_a_message_is_read_however_it_is_encoded(encoded: str) -> None:
    inside = encodebytes(INNER) if encoded == "base64" else INNER
    head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: " + encoded
    mail = (
        'From: a\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n'
        f"--x\nContent-Type: text/plain\n\nSee below.\n--x\n{head}\n\n"
    )
    text = text_of(mail.encode() + inside + b"\n--x--\n", "a.eml")
    assert "# Survey.eml" in text
    assert "The beam is rotten." in text


def test_bytes_of_which_no_encoding_is_told_are_read_as_the_likeliest() -> None:
    source = "From: a\nSubject: Café\n\nLe café coûte 2 €. Don’t wait.\n"
    document = load(source.encode("cp1252"), "a.eml")
    assert document.title == "Café"
    assert "Le café coûte 2 €. Don’t wait." in document.text
    assert "Windows-1252" in document.warnings[0]


def test_latin_1_is_read_as_browsers_read_it() -> None:
    page = '<meta charset="iso-8859-1"><p>900 €</p>'.encode("cp1252")
    assert text_of(page, "a.html") == "900 €\n"
    japanese = "<meta charset='iso-2022-jp'><p>料金</p>".encode("iso-2022-jp")
    assert text_of(japanese, "a.html") == "料金\n"


def test_a_mailbox_is_all_its_messages() -> None:
    second = EmailMessage()
    second["Subject"] = "Keys"
    second.set_content(">From the office, 5 keys.")
    mark = b"From cy@example.org Wed May  1 09:00:00 2024\n"
    document = load(mark + INNER + b"\n" + mark + bytes(second), "a.mbox")
    assert document.text == (
        "# Survey\n\nFrom: Cy <cy@example.org>\nSubject: Survey\n\nThe beam is rotten.\n\n"
        "# Keys\n\nSubject: Keys\n\nFrom the office, 5 keys.\n"
    )


def test_a_saved_page_has_its_own_style_sheets_and_frames() -> None:
    part = "--x\nContent-Type: text/{}\nContent-ID: <{}>\n\n{}\n"
    page = (
        '<link rel="stylesheet" href="cid:sheet"><p>Seen.</p><p class="gone">Not seen.</p>'
        '<iframe src="cid:frame"></iframe>'
    )
    source = (
        'From: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n'
        + part.format("html", "page", page)
        + part.format("css", "sheet", ".gone { display: none }")
        + part.format("html", "frame", "<p>Framed.</p>")
        + "--x--\n"
    )
    document = load(source.encode(), "a.mhtml")
    assert (document.text, document.hidden) == ("Seen.\n\nFramed.\n", ("Not seen.",))


# AsciiDoc

GUIDE = """= Guide
Ada Example <ada@example.org>
:fee: £25

The fee is *{fee}* per `night`; see <<a,the times>> or https://example.org[the site^]
-- always.

[%header,cols="1,a"]
|===
|Day
|Hours

.2+|Sunday
|* early
* late
|closed
|===

Water::
  is free.
+
Since May.

. Step one
+
[source,sh]
----
ls
----
[loweralpha]
.. inside
. Step two

[WARNING]
====
Mind the steps.
====
"""


def test_asciidoc_is_read_as_the_page_that_it_makes() -> None:
    document = load(GUIDE.encode(), "a.adoc")
    assert document.metadata["author"] == "Ada Example"
    assert document.text == (
        "# Guide\n\nAda Example <ada@example.org>\n\n"
        "The fee is £25 per night; see the times or the site — always.\n\n"
        "| Day | Hours |\n| --- | --- |\n| Sunday | early; late |\n| Sunday | closed |\n\n"
        "- Water: is free. Since May.\n  1. Step one \n     ```sh\n     ls\n     ```\n\n"
        "     a. inside\n  2. Step two\n\nWARNING\n\nMind the steps.\n"
    )


# Rich text

RICH = rb"""{\rtf1\ansi{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s5 Title;}}
\pard\s5 Lease\par\pard\s1 Rent\par
\pard It is {\deleted 900}{\revised 950} and {\strike old}{\strike  fee}. {\mmath
{\*\moMath E=m{\msup 2}}}\par
{\pict 00}\pard{\f1\u-3913 ?} Apples\par
\trowd\clvmgf\cellx1000\cellx3000\pard\intbl Pool\cell\pard\intbl Summer\cell\row
\trowd\clvmrg\cellx1000\cellx2000\cellx3000\pard\intbl\cell Open\cell
{\listtext\pard 1.\tab}\intbl Close\cell\row
\trowd\cellx1000\cellx2000\cellx3000\pard\intbl Lido\cell 6\cell 9\cell\row\pard}"""


def test_styles_spans_changes_and_formulas_of_rich_text_are_read() -> None:
    document = load(RICH, "a.rtf")
    assert document.text == (
        "# Lease\n\n## Rent\n\nIt is 950 and ~~old fee~~. $E=m^{2}$\n\n• Apples\n\n"
        "| Pool | Summer Open | Summer 1. Close |\n| --- | --- | --- |\n| Lido | 6 | 9 |\n"
    )
    assert set(document.warnings) == {
        "1 tracked deletion(s) were accepted.",
        "1 tracked insertion(s) were accepted.",
        "1 image(s) were not read.",
    }


# Text


@pytest.mark.parametrize(
    "drawn",
    [
        "+----+---+\n| A  | B |\n+----+---+\n| 1  | 2 |\n| 3  | 4 |\n+----+---+",
        "+----+---+\n| A  | B |\n+====+===+\n| 1  | 2 |\n+----+---+\n| 3  | 4 |\n+----+---+",
        "┌────┬───┐\n│ A  │ B │\n├────┼───┤\n│ 1  │ 2 │\n│ 3  │ 4 │\n└────┴───┘",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_drawn_table_is_a_table(drawn: str, name: str) -> None:
    text = text_of(f"Before.\n{drawn}\nAfter.\n", name)
    assert text == "Before.\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n\nAfter.\n"


def test_what_is_drawn_in_code_stays_as_it_is() -> None:
    source = "```\n+---+---+\n| A | B |\n+---+---+\n```\n"
    assert text_of(source, "a.md") == source


def test_lines_around_a_table_of_values_are_no_rows() -> None:
    source = "Sales 2024\n\nRegion,Q1\nNorth,1\nSouth,2\n\nBy Ada\n"
    assert text_of(source, "a.csv") == (
        "Sales 2024\n\n| Region | Q1 |\n| --- | --- |\n| North | 1 |\n| South | 2 |\n\nBy Ada\n"
    )
    assert text_of("sep=;\nA;B\n1;2\n", "a.csv").startswith("| A | B |")


@pytest.mark.parametrize(
    ("source", "head", "last"),
    [
        ("Name,City\r\r\nAnn,Rome\r\r\nBob,Bari\r\r\n", "| Name | City |", "| Bob | Bari |"),
        ("Key,Value\nhost,a\n\nport,b\n", "| Key | Value |", "| port | b |"),
        (",sales\nNorth,10\nSouth,1\n", "|  | sales |", "| South | 1 |"),
        ("Name,Role\nAnn,Chief\n,\nBob,Clerk\n", "| Name | Role |", "| Bob | Clerk |"),
        ("id,n,m\n1,2,3\n\n4\n", "| id | n | m |", "| 1 | 2 | 3 |"),
    ],
)
def test_blank_lines_between_rows_leave_the_head_of_a_table_of_values(
    source: str, head: str, last: str
) -> None:
    lines = text_of(source, "a.csv").splitlines()
    assert lines[0] == head
    assert set(lines[1]) == {"|", "-", " "}
    assert last in lines[2:]


def test_a_padded_title_above_a_table_of_values_is_a_line_of_its_own() -> None:
    source = "Sales 2024,,\n,,\nRegion,Q1,Q2\nNorth,1,2\nSouth,2,3\n"
    assert text_of(source, "a.csv").startswith("Sales 2024\n\n| Region | Q1 | Q2 |")


def test_a_table_of_values_with_a_blank_line_after_each_row_is_read() -> None:
    rows = "".join(f"{number},{number},{number}\n\n" for number in range(8_000))
    assert "| 7999 | 7999 | 7999 |" in text_of(f"By Ada\n\n{rows}", "a.csv")


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    assert text_of('A\tB\n1\t"x\n2\ty\n', "a.tsv").endswith('| 1 | "x |\n| 2 | y |\n')


def test_what_only_sphinx_knows_is_read_for_its_words() -> None:
    source = (
        "Guide\n=====\n\nSee :ref:`the start <a>`.\n\n.. versionadded:: 2.1\n   New *thing*.\n\n"
        ".. tabs::\n\n   .. tab:: Linux\n      :icon: x\n\n      Run apt.\n\n"
        "a. alpha\nb. beta\n"
    )
    assert text_of(source, "a.rst") == (
        "# Guide\n\nSee the start.\n\nNew in version 2.1 New thing.\n\nLinux\n\nRun apt.\n\n"
        "a. alpha\n\nb. beta\n"
    )


def test_a_speaker_who_goes_on_in_the_next_cue_speaks_one_sentence() -> None:
    source = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Bo>The fee is\n\n"
        "00:02.000 --> 00:03.000\n<v Bo>five pounds.\n\n00:03.000 --> 00:04.000\n<v Ada>Good.\n"
    )
    assert text_of(source, "a.vtt") == "Bo: The fee is five pounds.\n\nAda: Good.\n"


def test_words_of_html_blocks_in_a_line_of_markdown_are_not_glued() -> None:
    source = "| A |\n|---|\n| <ul><li>one</li><li>two</li></ul> |\n"
    assert "| one; two |" in text_of(source, "a.md")
    assert text_of("<img src=a><h2>Fees</h2><p>Five.</p>", "b.md").split() == ["Fees", "Five."]


def test_an_author_in_front_matter_may_have_an_address() -> None:
    source = "---\nauthor:\n  - name: Ada\n    email: a@b.c\n---\nText.\n"
    assert load(source.encode(), "a.md").metadata["author"] == "Ada"


def test_what_to_do_with_an_old_file_is_said_in_a_few_words() -> None:
    with pytest.raises(DocumentError) as caught:
        load(b"x", "a.doc")
    assert caught.value.remedy == "Save it as DOCX."
