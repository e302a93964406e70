"""The signs of a PDF's words: every one that is drawn, in the order in which it is read."""

import numpy as np
import pytest
from pdfs import both, drawn, flowing, lines, text, typeset
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from ingest.loaders import load, pdf_lines, pdf_page

HEBREW = "הבריכה פתוחה בין השעות 8 ל-20. הכניסה עולה 17.50 שקלים (ילדים: 9) עם Acme Card בלבד."
ARABIC = "المسبح مفتوح من الساعة 8 إلى 20 (كل يوم). لا إله إلا الله."


@pytest.mark.parametrize(("words", "language"), [(HEBREW, "he"), (ARABIC, "ar")])
def test_text_from_right_to_left_is_in_logical_order(words: str, language: str) -> None:
    fonts = '("Libertinus Serif", "DejaVu Sans Mono")'
    source = f'#set text(font: {fonts}, lang: "{language}", size: 9pt)\n#set page(width: 620pt)\n'
    assert text(typeset(source + words)) == f"{words}\n"


def test_no_blank_stands_inside_chinese_and_lines_are_joined_without_one() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    content = drawn(
        lines(
            "宿舍管理规定",
            "晚上十一点以后请保持安静。访客须在前台登记并于",
            "十点前离开。押金为 800 元。",
            font="STSong-Light",
        )
    )
    assert text(content) == (
        "宿舍管理规定\n\n"
        "晚上十一点以后请保持安静。访客须在前台登记并于十点前离开。押金为 800 元。\n"
    )


def test_ligatures_are_spelt_out_and_signs_kept() -> None:
    words = "The office staff of the waffle firm: 3 × 4 = 12; 5 − 7 = −2; ±0.5 ‰; ½ cup; a–b—c…"
    assert text(typeset(f"#set page(width: 700pt)\n{words}")) == f"{words}\n"
    shown = text(typeset("#set page(width: 700pt)\nﬁlter, eﬀect"))
    assert shown == "filter, effect\n"


def test_zero_width_signs_go_and_joiners_stay() -> None:
    found = text(typeset("har\u200bbour rules and \u2060word; می\u200cخواهم"))
    assert "harbour rules and word" in found


def test_raised_figures_are_raised_and_fractions_are_fractions() -> None:
    normal = getSampleStyleSheet()["Normal"]
    words = (
        "10<super>9</super> cells in 5 m<super>2</super> at 3×10<super>-4</super> bar. "
        "CO<sub>2</sub> stays.<super>12</super> Mix 2<super>1</super>/<sub>2</sub> cups on the "
        "19<super>th</super>."
    )
    assert text(flowing(Paragraph(words, normal))) == (
        "10⁹ cells in 5 m² at 3×10⁻⁴ bar. CO2 stays.¹² Mix 2 1/2 cups on the 19th.\n"
    )


def test_a_letter_before_a_bracket_that_has_grown_is_not_raised() -> None:
    page = typeset("The loss is $ q / ln(r_2 / r_1) $ and falls.")
    assert "ln" in text(page)
    assert "ⁿ" not in text(page)


def test_figures_that_a_font_has_raised_itself_are_raised() -> None:
    source = "#set page(width: 400pt)\nAs was said.#super(typographic: true)[3] So it was."
    assert text(typeset(source)) == "As was said.³ So it was.\n"


def test_the_letters_of_formulas_are_letters() -> None:
    assert text(typeset("It holds that $x + y$ is small.")) == "It holds that x + y is small.\n"


def test_words_are_not_torn_where_a_renderer_supposes_blanks() -> None:
    def spaced(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for number, sign in enumerate("harbour"):
            canvas.drawString(50 + sum(map(canvas.stringWidth, "harbour"[:number])), 600, sign)

    assert text(drawn(spaced)) == "harbour\n"


def test_a_title_that_the_document_does_not_speak_of_is_not_believed() -> None:
    normal = getSampleStyleSheet()["Normal"]
    words = (
        Paragraph("The reef off Gull Island", normal),
        Paragraph("It is closed to boats from the first of May until the end of June.", normal),
    )
    assert load(flowing(*words, title="10811.exe"), "a.pdf").title == "The reef off Gull Island"
    assert load(flowing(*words, title="Gull Island and its reef"), "a.pdf").title == (
        "Gull Island and its reef"
    )
    about = load(flowing(*words, author="anonymous", subject="unspecified"), "a.pdf").metadata
    assert about == {}
    assert load(flowing(*words, author="Jane Doe"), "a.pdf").metadata == {"author": "Jane Doe"}


def test_a_figure_as_large_as_its_line_is_raised_where_it_stands_higher() -> None:
    raised = both(
        lines("The rate is 5×10", y=600),
        lines("6", x=50 + stringWidth("The rate is 5×10", "Helvetica", 10), y=604),
        lines("1", y=504, size=8),
        lines("7 %.", x=54.6, y=500),
    )
    assert text(drawn(raised)) == "The rate is 5×10⁶\n\n¹7 %.\n"


def test_letters_that_a_program_wrote_the_wrong_way_round_are_turned() -> None:
    codes = np.array([ord(sign) for sign in "sca昀昀olding 昀椀nd 昀 pa琀erns"])
    turned = "".join(map(chr, pdf_page._cleaned(codes)))
    assert turned == "scaffolding find 昀 pa琀erns"


def test_a_bracket_that_is_drawn_the_other_way_round_in_arabic_is_the_one_that_is_meant() -> None:
    once = "المسبح مفتوح (كل يوم)"
    turned_round = pdf_lines._CLOSED_TWICE.sub(r"\1(\2", once.replace("(", ")"))
    assert turned_round == once
