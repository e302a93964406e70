"""Word files → canonical text: what a reader sees stands there, and nothing else does."""

import io
from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor
from PIL import Image, ImageDraw, ImageFont

from ingest.loaders import load, pdf_ocr
from ingest.loaders.word_looks import W14
from tests.ingest.making import (
    number_of,
    numbered,
    replace_part,
    run,
    step,
    with_related,
    word,
    word_of,
)

BOX = (
    b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    b' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    b'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r>'
    b"<w:t>Boxed</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>"
    b"%s</mc:AlternateContent>"
)
OLD_BOX = (
    b'<mc:Fallback><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
    b"<w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>"
    b"</w:pict></mc:Fallback>"
)
CHECKBOX = (
    '<w:sdt xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr>'
    '<w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt>"
)
FIELD = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{}</w:ffData></w:fldChar></w:r>'


def text_of(content: bytes) -> str:
    return load(content, "x.docx").text


def test_headings_lists_and_tables_become_markdown() -> None:
    def build(document: Any) -> None:
        document.add_heading("Models", level=0)
        document.add_heading("Sizes", level=1)
        document.add_paragraph("Some text with ").add_run("bold words").bold = True
        document.add_paragraph("one", style="List Bullet")
        document.add_paragraph("inner", style="List Bullet 2")
        document.add_paragraph("first", style="List Number")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ["Model", "Size", "A", ""], strict=True):
            cell.text = text

    document = load(word(build), "models.docx")
    assert document.text == (
        "# Models\n\n## Sizes\n\nSome text with bold words\n\n- one\n  - inner\n\n1. first\n\n"
        "| Model | Size |\n| --- | --- |\n| A |  |\n"
    )
    assert (document.title, document.type) == ("Models", "docx")


def test_words_run_together_where_only_their_look_changes() -> None:
    look = ("<w:b/>", "", "<w:i/>", "")
    words = ("im", "portant ", "H", "2O")
    assert text_of(word_of("".join(map(run, words, look)))) == "important H2O\n"


def test_raised_digits_are_no_part_of_the_number_before_them() -> None:
    high, low = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    line = (
        run("10") + run("9", high) + run(" H") + run("2", low) + run("O on the 5") + run("th", high)
    )
    assert text_of(word_of(line)) == "10^9 H2O on the 5th\n"


def test_digits_that_stand_high_in_several_runs_are_one_number_and_fractions_stay() -> None:
    high, low = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    line = run("10") + run("1", high) + run("2", high) + run(" and 2") + run("1", high)
    line += run("/") + run("2", low) + run(" cups")
    assert text_of(word_of(line)) == "10^12 and 2 1/2 cups\n"


def test_what_is_struck_out_is_marked() -> None:
    line = run("Price ") + run("40", "<w:strike/>") + run(" euro", "<w:dstrike/>") + run(" now 30")
    assert text_of(word_of(line)) == "Price ~~40 euro~~ now 30\n"
    off = run("still valid", '<w:strike w:val="0"/>')
    assert text_of(word_of(off)) == "still valid\n"


def test_tracked_changes_are_accepted_and_counted() -> None:
    line = (
        f"{run('It costs ')}<w:del w:id='1'><w:r><w:delText>80</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{run('90')}</w:ins>{run(' euro.')}"
        f"<w:moveFrom w:id='3'>{run('Moved.')}</w:moveFrom>"
        f"<w:moveTo w:id='4'>{run(' Moved.')}</w:moveTo>"
    )
    joined = "<w:pPr><w:rPr><w:del w:id='5'/></w:rPr></w:pPr>" + run("One ")
    document = load(word_of(line, joined, run("sentence.")), "x.docx")
    assert document.text == "It costs 90 euro. Moved.\n\nOne sentence.\n"
    assert document.warnings == (
        "Tracked changes were accepted: 2 insertion(s) and 3 deletion(s).",
    )


def test_numbers_stand_at_clauses_as_word_shows_them() -> None:
    def build(document: Any) -> None:
        clause = numbered(("decimal", "Article %1"), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"))(
            document
        )
        step(document, "Scope", clause)
        step(document, "Pumps.", clause, 1)
        step(document, "Valves:", clause, 1)
        step(document, "gate valves", clause, 2)
        document.add_paragraph("A remark.")
        step(document, "ball valves", clause, 2)
        step(document, "Duties", clause)
        step(document, "Pay.", clause, 1)

    assert text_of(word(build)).split("\n\n") == [
        "Article 1 Scope", "1.1 Pumps.", "1.2 Valves:", "(a) gate valves", "A remark.",
        "(b) ball valves", "Article 2 Duties", "2.1 Pay.\n",
    ]  # fmt: skip


def test_a_numbered_list_goes_on_after_other_text_and_starts_anew_where_it_is_told_to() -> None:
    def build(document: Any) -> None:
        steps = numbered(("decimal", "%1."))(document)
        step(document, "one", steps)
        step(document, "two", steps)
        document.add_paragraph("A remark.")
        step(document, "three", steps)
        definition = document.part.numbering_part.element.num_lst[-1].abstractNumId.val
        step(document, "seven", number_of(document, definition, restarts=7))

    assert text_of(word(build)) == ("1. one\n2. two\n\nA remark.\n\n3. three\n\n7. seven\n")


def test_a_heading_has_its_number() -> None:
    def build(document: Any) -> None:
        parts = numbered(("upperRoman", "§ %1."), ("decimal", "%1.%2"))(document)
        for level, words in ((0, "Term"), (1, "Start"), (0, "Charges")):
            document.add_heading(words, level + 1)
            numbering = document.paragraphs[-1]._p.get_or_add_pPr().get_or_add_numPr()
            numbering.get_or_add_ilvl().val = level
            numbering.get_or_add_numId().val = parts

    assert text_of(word(build)) == "# § I. Term\n\n## I.1 Start\n\n# § II. Charges\n"


def test_ticks_choices_and_what_is_typed_in_a_form_are_read() -> None:
    lines = (
        CHECKBOX.format(1) + run(" Juice ") + CHECKBOX.format(0) + run(" Tea"),
        FIELD.format('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>') + run(" Yes"),
        FIELD.format(
            '<w:ddList><w:result w:val="1"/><w:listEntry w:val="red"/><w:listEntry w:val="blue"/>'
            "</w:ddList>"
        ),
        f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Person A')}</w:sdtContent></w:sdt>",
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run(" done"),
    )
    assert text_of(word_of(*lines)).split("\n\n") == [
        "☒ Juice ☐ Tea", "☒ Yes", "blue", "Person A", "☑ done\n",
    ]  # fmt: skip


def test_headers_and_footers_are_read_once_and_first() -> None:
    def build(document: Any) -> None:
        document.add_heading("Cleaning", 1)
        document.sections[0].header.paragraphs[0].text = "WI-0417, revision C"
        document.sections[0].footer.paragraphs[0].text = "Replaces revision B"
        document.add_section()

    text = "WI-0417, revision C\n\nReplaces revision B\n\n# Cleaning\n"
    assert text_of(word(build)) == text


@pytest.mark.parametrize("old_form", [OLD_BOX, b""])
def test_text_boxes_are_read_once(old_form: bytes) -> None:
    def with_box(xml: bytes) -> bytes:
        return xml.replace(b"</w:t></w:r>", b"</w:t></w:r><w:r>" + BOX % old_form + b"</w:r>")

    claim = word(lambda document: document.add_paragraph("Claim"))
    content = replace_part(claim, {"word/document.xml": with_box}, {})
    assert text_of(content) == "Claim\n\nBoxed\n"


def test_a_note_follows_the_sentence_it_is_set_in() -> None:
    line = (
        run("Members pay 20 euro")
        + '<w:r><w:footnoteReference w:id="2"/></w:r>'
        + run(". Guests pay more.")
    )
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:footnote w:id="2"><w:p>{run("Students half.")}</w:p></w:footnote></w:footnotes>'
    )
    content = with_related(word_of(line), "footnotes", notes.encode())
    assert text_of(content) == "Members pay 20 euro. [^1: Students half.] Guests pay more.\n"


def test_a_formula_is_latex_in_its_place() -> None:
    fraction = (
        "<m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    )
    line = run("It is ") + f"<m:oMath>{fraction}</m:oMath>" + run(" metres.")
    assert text_of(word_of(line)) == "It is $\\frac{a}{2}$ metres.\n"
    equation = (
        '<w:r><w:object xmlns:o="urn:schemas-microsoft-com:office:office"><v:shape '
        'xmlns:v="urn:schemas-microsoft-com:vml"/><o:OLEObject ProgID="Equation.3"/></w:object>'
        "</w:r>"
    )
    line = run("The force is ") + equation + run(" newton.")
    assert text_of(word_of(line)) == "The force is (formula) newton.\n"
    alone = f"<m:oMathPara><m:oMath>{fraction}</m:oMath></m:oMathPara>"
    assert text_of(word_of(alone)) == "$\\frac{a}{2}$\n"


def test_what_heads_a_group_of_rows_stands_in_each_of_them() -> None:
    def build(document: Any) -> None:
        table = document.add_table(rows=0, cols=3)
        for texts in (
            ["Day", "Counter", "Depot"], ["Winter", "", ""], ["Monday", "9-12", "7-15"],
            ["Summer", "", ""], ["Monday", "8-13", ""],
        ):  # fmt: skip
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                cell.text = text
        table.rows[1].cells[0].merge(table.rows[1].cells[2])
        table.rows[3].cells[0].paragraphs[0].runs[0].bold = True

    assert text_of(word(build)) == (
        "|  | Day | Counter | Depot |\n| --- | --- | --- | --- |\n"
        "| Winter | Monday | 9-12 | 7-15 |\n| Summer | Monday | 8-13 |  |\n"
    )


@pytest.mark.parametrize("is_bold", [True, False])
def test_two_columns_of_names_and_values_have_no_head_unless_it_looks_like_one(
    is_bold: bool,
) -> None:
    rows = [("Present", "A. Roe"), ("Apologies", "D. Stern"), ("Minutes", "B. Lim")]

    def build(document: Any) -> None:
        table = document.add_table(rows=3, cols=2)
        for row, words in zip(table.rows, rows, strict=True):
            for cell, said in zip(row.cells, words, strict=True):
                cell.text = said
        for cell in table.rows[0].cells:
            cell.paragraphs[0].runs[0].bold = is_bold or None

    head = "| Present | A. Roe |\n" if is_bold else "|  |  |\n"
    assert text_of(word(build)).startswith(head + "| --- | --- |\n")


def test_a_table_in_a_cell_is_its_words_row_by_row() -> None:
    def build(document: Any) -> None:
        cells = document.add_table(rows=2, cols=2)._cells
        inner = cells[3].add_table(rows=2, cols=2)._cells
        for cell, text in zip(
            [*cells[:3], *inner], "Boat When Eider from 9.00 to 18.30".split(), strict=True
        ):
            cell.text = text

    assert text_of(word(build)) == (
        "| Boat | When |\n| --- | --- |\n| Eider | from 9.00; to 18.30 |\n"
    )


def test_merged_cells_and_heads_of_two_rows_keep_each_column_s_names() -> None:
    def build(document: Any) -> None:
        table = document.add_table(rows=4, cols=3)
        rows = [["Item", "Price", ""], ["", "net", "gross"], ["Nail", "1", "2"], ["", "3", "4"]]
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(2, 0).merge(table.cell(3, 0))

    assert text_of(word(build)) == (
        "| Item | Price net | Price gross |\n| --- | --- | --- |\n| Nail | 1 | 2 |\n"
        "| Nail | 3 | 4 |\n"
    )


def test_a_picture_is_its_alternative_text_and_counted() -> None:
    picture = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:docPr id="1" name="x" descr="A red valve"/><a:graphic '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:blip/></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
    document = load(word_of(run("See") + picture), "x.docx")
    assert document.text == "See (image: A red valve)\n"
    assert document.warnings[0].startswith("1 image(s) were not read.")


def picture_of(words: str) -> io.BytesIO:
    picture = Image.new("RGB", (900, 120), "white")
    ImageDraw.Draw(picture).text((20, 30), words, font=ImageFont.load_default(36), fill="black")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out


@pytest.mark.skipif(pdf_ocr.tessdata()[0] is None, reason="needs footnote[ocr]")
def test_words_in_a_picture_are_read_where_ocr_is_there_and_that_is_told() -> None:
    content = word(lambda document: document.add_picture(picture_of("Closed on holidays")))
    document = load(content, "x.docx")
    assert document.text == "Closed on holidays\n"
    assert document.warnings == ("1 image(s) were read by OCR.",)


def test_a_picture_that_is_not_read_is_counted_with_what_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("pictures", "pdf_ocr"):
        monkeypatch.setattr(f"ingest.loaders.{module}.tessdata", lambda: (None, []))

    def build(document: Any) -> None:
        document.add_paragraph("Text")
        document.add_picture(picture_of("Closed on holidays"))

    warning = load(word(build), "x.docx").warnings[0]
    assert warning.startswith("1 image(s) were not read. `pip install 'footnote[ocr]'`")


def test_soft_hyphens_zero_width_spaces_and_ligatures_do_not_hide_words() -> None:
    line = run("Kün\u00addi\u200bgung, of\ufb01ce, 👩\u200d🔧") + "<w:r><w:softHyphen/></w:r>"
    assert text_of(word_of(line)) == "Kündigung, office, 👩\u200d🔧\n"


def test_comments_are_counted() -> None:
    line = run("Text.") + '<w:r><w:commentReference w:id="0"/></w:r>'
    assert load(word_of(line), "x.docx").warnings == ("1 comment(s) were not read.",)


def hidden_words(document: Any) -> None:
    def add(words: str) -> Any:
        return document.add_paragraph("Seen. ").add_run(words).font

    add("vanished").hidden = True
    add("tiny").size = Pt(1)
    add("white").color.rgb = RGBColor(255, 255, 255)
    add("nearly white").color.rgb = RGBColor(0xFA, 0xFA, 0xFA)
    style = document.styles.add_style("Secret", 2)
    style.font.hidden = True
    document.paragraphs[-1].add_run(" by style", style="Secret")


def test_what_a_reader_does_not_see_is_no_text_but_kept() -> None:
    document = load(word(hidden_words), "x.docx")
    assert document.text == "Seen.\n\n" * 3 + "Seen.\n"
    assert document.hidden == ("vanished", "tiny", "white", "nearly white", "by style")
    assert document.warnings == ("7 word(s) that a reader does not see were left out.",)


TEXT_FILL = f"""<w14:textFill xmlns:w14="{W14[1:-1]}"><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/>
</w14:solidFill></w14:textFill>"""
WAYS = {
    "white of the theme": '<w:color w:val="000000" w:themeColor="background1"/>',
    "white filling": TEXT_FILL,
    "white on a white mark": '<w:color w:val="FFFFFF"/><w:highlight w:val="white"/>',
    "black on a black mark": '<w:color w:val="000000"/><w:highlight w:val="black"/>',
    "red on a red pattern": '<w:color w:val="FF0000"/><w:shd w:val="solid" w:color="FF0000"/>',
    "narrow": '<w:w w:val="1"/>',
    "raised off the page": '<w:position w:val="-3000"/>',
    "letters on each other": '<w:spacing w:val="-400"/>',
}


@pytest.mark.parametrize("look", WAYS.values(), ids=WAYS.keys())
def test_a_look_in_which_no_reader_sees_words_is_known(look: str) -> None:
    document = load(word_of(run("Seen."), run("unseen", look)), "x.docx")
    assert (document.text, document.hidden) == ("Seen.\n", ("unseen",))


def box(drawing: str = "", fill: str = "", look: str = "", size: int = 900_000) -> str:
    return f"""<w:r><w:drawing><wp:anchor {nsdecls("wp", "a")}>{drawing}
        <wp:extent cx="{size}" cy="{size}"/><a:graphic><a:graphicData uri="x">
        <wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
        <wps:spPr>{fill}</wps:spPr><wps:txbx><w:txbxContent><w:p>{run("unseen", look)}</w:p>
        </w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>
        </w:r>"""


WHITE = '<w:color w:val="FFFFFF"/>'
FILL = '<a:solidFill><a:srgbClr val="{}"/></a:solidFill>'
OUT_OF_SIGHT = [
    box('<wp:docPr id="1" name="x" hidden="1"/>'),
    box(size=0),
    box("<wp:positionV><wp:posOffset>-9000000</wp:posOffset></wp:positionV>"),
    box(fill=FILL.format("FFFFFF"), look=WHITE),
    '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="visibility:hidden">'
    f"<v:textbox><w:txbxContent><w:p>{run('unseen')}</w:p></w:txbxContent></v:textbox></v:shape>"
    "</w:pict></w:r>",
]


@pytest.mark.parametrize("unseen", OUT_OF_SIGHT)
def test_a_box_that_no_reader_sees_is_known(unseen: str) -> None:
    document = load(word_of(run("Seen."), unseen), "x.docx")
    assert (document.text, document.hidden) == ("Seen.\n", ("unseen",))


@pytest.mark.parametrize("row", ["<w:hidden/>", '<w:trHeight w:val="1" w:hRule="exact"/>'])
def test_a_row_that_is_hidden_or_flat_is_known(row: str) -> None:
    def build(document: Any) -> None:
        table = document.add_table(rows=2, cols=1)
        for number, words in enumerate(("Seen.", "unseen")):
            table.cell(number, 0).text = words
        properties = table.rows[1]._tr.get_or_add_trPr()
        properties.append(parse_xml(row.replace("/>", f" {nsdecls('w')}/>")))

    document = load(word(build), "x.docx")
    assert "unseen" not in document.text
    assert document.hidden == ("unseen",)


@pytest.mark.parametrize(
    "line",
    [
        box(fill=FILL.format("000080"), look=WHITE),
        run("unseen", '<w:color w:val="FFFFFF"/><w:highlight w:val="darkBlue"/>'),
        run("unseen", '<w:color w:val="auto" w:themeColor="text1"/>'),
        run("unseen", '<w:vanish w:val="0"/><w:w w:val="90"/><w:position w:val="6"/>'),
    ],
)
def test_what_only_looks_like_it_is_seen(line: str) -> None:
    document = load(word_of(run("Seen."), line), "x.docx")
    assert "unseen" in document.text
    assert document.hidden == ()


def test_white_text_on_a_dark_page_is_seen() -> None:
    def build(document: Any) -> None:
        document.element.insert(0, parse_xml(f'<w:background {nsdecls("w")} w:color="202020"/>'))
        run = document.add_paragraph().add_run("Seen.")
        run.font.color.rgb = RGBColor(255, 255, 255)

    assert load(word(build), "x.docx").text == "Seen.\n"


def test_what_a_style_shows_in_capitals_stands_in_capitals() -> None:
    def build(document: Any) -> None:
        document.styles["Intense Quote"].font.all_caps = True
        paragraph = document.add_paragraph("Notice of straße ", "Intense Quote")
        paragraph.add_run("No caps").font.all_caps = False
        document.add_paragraph().add_run("Small").font.small_caps = True

    assert load(word(build), "x.docx").text == "NOTICE OF STRASSE No caps\n\nSmall\n"


def test_white_text_on_a_dark_ground_is_seen() -> None:
    shading = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="1F3864"/>')

    def build(document: Any) -> None:
        cell = document.add_table(rows=2, cols=2).cell(0, 0)
        cell.text = "Head"
        cell.paragraphs[0].runs[0].font.color.rgb = RGBColor(255, 255, 255)
        cell._tc.get_or_add_tcPr().append(shading)

    document = load(word(build), "x.docx")
    assert "Head" in document.text
    assert document.hidden == ()


def test_title_author_and_date_are_the_document_s_own_and_not_the_template_s() -> None:
    def build(document: Any) -> None:
        document.add_heading("Cleaning", 1)
        document.add_paragraph("Author: B. Example")
        document.add_paragraph("12 June 2024")

    document = load(word(build), "wi-0417.docx")
    assert (document.title, document.date) == ("Cleaning", "2024-06-12")
    assert document.metadata["author"] == "B. Example"
    plain = load(word(lambda document: document.add_paragraph("A long first sentence.")), "wi.docx")
    assert (plain.title, plain.date, dict(plain.metadata)) == ("wi", None, {})


def test_a_document_without_a_heading_has_its_stated_title() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("Text.")
        document.core_properties.title = "Stated title"
        document.core_properties.author = "A. Writer"

    document = load(word(build), "x.docx")
    assert (document.title, document.metadata["author"]) == ("Stated title", "A. Writer")
