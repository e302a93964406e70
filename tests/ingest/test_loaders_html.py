"""Web pages → canonical text: what a reader sees or can open, and nothing that is hidden."""

import pytest

from ingest.errors import DocumentError
from ingest.loaders import load

PAGE = """<!doctype html><html><head><title>Page title</title>
<meta name="author" content="A. Writer"><meta name="date" content="2026-11-21">
<style>p{color:red}</style></head><body><nav>Home</nav>
<h1>The <em>real</em> title</h1>
<p>One <b>bold</b>
line with a <a href="https://example.org/">link</a>, H<sub>2</sub>O and 10<sup>9</sup>.</p>
<script>alert(1)</script>
<ul><li>first<ul><li>inner</li></ul></li><li>second</li></ul>
<ol start="3"><li>third</li><li>fourth</li></ol><ol type="a"><li>one</li></ol>
<dl><dt>GAN</dt><dd>two networks</dd></dl>
<pre><code class="language-python">x = 1
  y = 2
</code></pre>
<p>&lt;script&gt;alert(2)&lt;/script&gt;</p><p># not a heading</p>
<p>“A – b”</p><img src="http://localhost:1/x.png" alt="a chart">
</body></html>"""

PAGE_TEXT = """# The real title

One bold line with a link, H2O and 10^9.

- first
  - inner
- second

3. third
4. fourth

a. one

- GAN: two networks

```python
x = 1
  y = 2
```

<script>alert(2)</script>

\\# not a heading

“A – b”

(image: a chart)
"""


def text_of(body: str) -> str:
    return load(body.encode(), "a.html").text


def test_html_becomes_markdown_without_scripts_and_menus() -> None:
    document = load(PAGE.encode(), "page.html")
    assert document.text == PAGE_TEXT
    assert (document.title, document.type, document.date) == (
        "The real title",
        "html",
        "2026-11-21",
    )
    assert document.metadata == {"author": "A. Writer"}
    assert document.warnings == (
        "1 word(s) of menus and around the page's main part were left out.",
        "1 image(s) were not read, only their alternative texts.",
    )


def test_tables_have_caption_head_and_whole_rows() -> None:
    table = """<table><caption>Models</caption><thead>
        <tr><th rowspan=2>Family</th><th colspan=2>Size</th></tr>
        <tr><th>small</th><th>large</th></tr></thead>
        <tr><td rowspan=2>Qwen</td><td>0.5B</td><td>a|b<br>c</td></tr>
        <tr><td><ul><li>x<li>y</ul></td><td></td></tr>
        <tfoot><tr><td>Total</td><td>1</td><td></td></tr></tfoot></table>"""
    assert text_of(table) == (
        "Models\n\n"
        "| Family | Size small | Size large |\n"
        "| --- | --- | --- |\n"
        "| Qwen | 0.5B | a\\|b c |\n"
        "| Qwen | x; y |  |\n"
        "| Total | 1 |  |\n"
    )


def test_what_heads_a_group_of_rows_stands_in_each_of_them() -> None:
    table = """<table><tr><th>Day</th><th>From</th><th>To</th></tr>
        <tr><th colspan=3>Winter</th></tr><tr><td>Monday</td><td>9</td><td>12</td></tr>
        <tr><th>Summer</th><td></td><td></td></tr><tr><td>Monday</td><td>8</td><td></td></tr>
        </table>"""
    assert text_of(table) == (
        "|  | Day | From | To |\n| --- | --- | --- | --- |\n"
        "| Winter | Monday | 9 | 12 |\n| Summer | Monday | 8 |  |\n"
    )


def test_a_table_whose_heads_stand_at_its_rows_has_no_head_of_its_own() -> None:
    table = "<table><tr><th>Name</th><td>Bob</td></tr><tr><th>Age</th><td>4</td></tr></table>"
    assert text_of(table) == "|  |  |\n| --- | --- |\n| Name | Bob |\n| Age | 4 |\n"


def test_two_columns_of_names_and_values_have_no_head_unless_it_looks_like_one() -> None:
    facts = "<table><tr><td>Voltage<td>18 V<tr><td>Torque<td>60 Nm<tr><td>Colour<td>Red</table>"
    table = "|  |  |\n| --- | --- |\n| Voltage | 18 V |\n| Torque | 60 Nm |\n| Colour | Red |\n"
    assert text_of(facts) == table
    for head in ("<th>Fact<th>Value", "<td><b>Fact</b><td><b>Value</b>"):
        assert text_of(facts.replace("<tr>", f"<tr>{head}<tr>", 1)).startswith("| Fact | Value |\n")
    times = "<table><tr><td>Day<td>Opens<tr><td>Monday<td>9:00<tr><td>Sunday<td>10:00</table>"
    assert text_of(times).startswith("| Day | Opens |\n| --- | --- |\n")


def test_tables_that_only_place_things_are_read_as_paragraphs() -> None:
    data = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    page = f"<table><tr><td><h1>Left</h1></td><td>{data}</td></table>"
    assert text_of(page) == "# Left\n\n| a | b |\n| --- | --- |\n| c | d |\n"


def test_a_table_in_a_table_s_cell_is_words_of_its_row() -> None:
    inner = "<table><tr><th>Who<th>Euro<tr><td>Adult<td>14.00</table>"
    page = f"<table><tr><th>Route<th>Tariff<tr><td>North<td>{inner}</table>"
    assert text_of(page) == (
        "| Route | Tariff |\n| --- | --- |\n| North | Who Euro; Adult 14.00 |\n"
    )


def test_the_main_part_of_a_page_is_the_document_and_keeps_the_title() -> None:
    page = "<header><h1>Title</h1>Menu</header><main><p>Body.</p></main><footer>Foot</footer>"
    document = load(page.encode(), "t.html")
    assert document.text == "# Title\n\nBody.\n"
    assert "2 word(s) of menus" in document.warnings[0]


def test_a_declared_encoding_is_used() -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2")
    assert load(page, "t.html").text == "Łódź\n"


def test_what_is_filled_in_ticked_and_chosen_is_read() -> None:
    form = """<form>Name: <input value="Person A"> <input type=checkbox checked> Yes
        <input type=checkbox> No <select><option>red<option selected>blue</select>
        <textarea>typed</textarea><input type=hidden value=token><input type=password value=x>
        </form>"""
    assert text_of(form) == "Name: Person A ☒ Yes ☐ No blue typed\n"


def test_questions_on_buttons_and_their_answers_are_read() -> None:
    page = """<style>.answer{display:none}.open .answer{display:block}</style>
        <h2><button>May I bring a towel?</button></h2><div class=answer>Yes.</div>
        <details><summary>When?</summary>At nine.</details>"""
    assert text_of(page) == "# May I bring a towel?\n\nYes.\n\nWhen?\n\nAt nine.\n"


@pytest.mark.parametrize(
    "page",
    [
        '<style>.tab{display:none}.tab.on{display:block}</style><div class="tab">Words</div>',
        "<style>.p{display:none}#t:checked~.p{display:block}</style>"
        "<body><p></p><input id=t><p class=p>Words",
        '<button aria-controls="q">Open</button><p id=q hidden>Words',
        '<a href="#q" onclick="show()">Open</a><div id=q style="display:none">Words</div>',
        """<div id=q style="display:none">Words</div><script>open('#q')</script>""",
        "<style>.a{max-height:0;overflow:hidden}.open .a{max-height:9em}</style><p class=a>Words",
        '<div role=tabpanel style="display:none">Words</div>',
        "<style>@media print{p{display:none}}</style><p>Words",
        '<div style="background:#000"><p style="color:#fff">Words</p></div>',
        '<table bgcolor="#000000"><tr><td><font color="white">Words</font></table>',
        "<p aria-hidden=true>Words",
        '<div style="background:var(--dark)"><p style="color:#fff">Words</p></div>',
        '<div style="font:0/0 a"><p style="font:12px/1.5 serif">Words</p></div>',
        '<p style="clip-path:inset(0 10%);opacity:40%;filter:opacity(.5);scale:1">Words',
        "<button popovertarget=q>Open</button><div id=q popover>Words</div>",
        '<svg><rect fill="navy"/><text fill="white">Words</text></svg>',
        "<style>.x{&:hover{display:none}}</style><p class=x>Words",
    ],
)
def test_what_a_reader_can_open_or_tell_from_its_ground_is_read(page: str) -> None:
    document = load(page.encode(), "a.html")
    assert "Words" in document.text
    assert document.hidden == ()


def test_what_a_rule_of_the_page_strikes_out_is_marked() -> None:
    page = (
        "<style>.old{text-decoration:line-through}</style><p><span class=old>£149</span> £129</p>"
    )
    assert text_of(page) == "~~£149~~ £129\n"


def test_struck_out_words_are_marked() -> None:
    page = (
        "<p>He <del>never </del>pays <s>40</s> <span style='text-decoration:line-through'>x</span>."
    )
    assert text_of(page) == "He ~~never~~ pays ~~40~~ ~~x~~.\n"


def test_fractions_and_quotation_marks_stand_as_they_are_shown() -> None:
    page = "<p>2<sup>1</sup>/<sub>2</sub> cups of <q>best</q> x<sup>1/2</sup>.</p>"
    assert text_of(page) == "2 1/2 cups of “best” x^1/2.\n"


def test_formulas_are_latex() -> None:
    page = (
        "<p>As <math><msup><mi>c</mi><mn>2</mn></msup></math> is, and <math>"
        "<semantics><mi>x</mi><annotation encoding='application/x-tex'>\\frac{a}{b}</annotation>"
        "</semantics></math>.</p>"
    )
    assert text_of(page) == "As $c^{2}$ is, and $\\frac{a}{b}$.\n"


def test_a_note_follows_the_sentence_it_is_set_in() -> None:
    page = """<p>A claim.<sup id=r1><a href="#fn1">1</a></sup> It costs<sup><a id=r2 href="#fn2">2
        </a></sup> ten. End.</p><section class=footnotes><ol><li id=fn1>Proof. <a href="#r1">↩</a>
        </li><li id=fn2>Plus tax. <a href="#r2">↩</a></li></ol></section>"""
    assert text_of(page) == "A claim. [^1: Proof.] It costs ten. [^2: Plus tax.] End.\n"


HIDDEN = [
    "<p hidden>WORDS</p>",
    '<p style="display:none">WORDS</p>',
    "<style>.x{display:none}</style><p class=x>WORDS</p>",
    "<style>#x>p{visibility:hidden}</style><div id=x><p>WORDS</p></div>",
    '<p style="opacity:0">WORDS</p>',
    '<p style="font-size:0">WORDS</p>',
    "<style>p{font-size:1px!important}</style><p style='font-size:12px'>WORDS</p>",
    '<p style="color:white">WORDS</p>',
    '<div style="background:#222"><p style="color:#212121">WORDS</p></div>',
    '<p style="color:rgba(0,0,0,0)">WORDS</p>',
    '<font color="#FEFEFE">WORDS</font>',
    '<p style="position:absolute;left:-9999px">WORDS</p>',
    '<p style="text-indent:-9999px">WORDS</p>',
    '<div style="height:0;overflow:hidden">WORDS</div>',
    '<p style="clip-path:inset(50%)">WORDS</p>',
    '<p style="position:absolute;clip:rect(0,0,0,0)">WORDS</p>',
    '<p style="transform:scale(0)">WORDS</p>',
    '<p style="opacity:1%">WORDS</p>',
    '<p style="filter:opacity(0)">WORDS</p>',
    '<p style="clip-path:polygon(0 0,0 0,0 0)">WORDS</p>',
    '<p style="-webkit-clip-path:inset(0 50% 0 50%)">WORDS</p>',
    '<p style="clip-path:ellipse(0 0)">WORDS</p>',
    '<p style="-webkit-text-fill-color:transparent">WORDS</p>',
    '<p style="color:hsl(0 0% 100%)">WORDS</p>',
    '<p style="color:rgb(255 255 255 / 1)">WORDS</p>',
    "<style>:root{--c:#fff}p.x{color:var(--c)}</style><p class=x>WORDS</p>",
    '<p style="color:var(--none, white)">WORDS</p>',
    '<p style="--c:#fff;color:var(--c)">WORDS</p>',
    '<p style="position:absolute;left:calc(-1 * (9000px + 999px))">WORDS</p>',
    '<p style="position:absolute;inset:-9999px auto auto">WORDS</p>',
    '<p style="translate:-9999px 0">WORDS</p>',
    '<p style="scale:0">WORDS</p>',
    '<p style="content-visibility:hidden">WORDS</p>',
    '<p style="font:0/0 a">WORDS</p>',
    '<p style="font:bold 1px serif">WORDS</p>',
    '<p style="font-size:calc(1px - 1px)">WORDS</p>',
    '<div style="height:0;overflow-y:hidden">WORDS</div>',
    '<div style="width:0;overflow:auto">WORDS</div>',
    "<style>.o{.x{display:none}}</style><div class=o><p class=x>WORDS</p></div>",
    "<style>:is(.y,.x){display:none}</style><p class=x>WORDS</p>",
    "<div popover>WORDS</div>",
    '<svg><text opacity="0">WORDS</text></svg>',
    '<svg><text fill="white">WORDS</text></svg>',
    "<svg><defs><text>WORDS</text></defs></svg>",
    "<ruby><rp>WORDS</rp></ruby>",
    '<p style="mask-image:linear-gradient(transparent,transparent)">WORDS</p>',
    '<p style="-webkit-mask:linear-gradient(to right, #0000, rgba(0,0,0,0))">WORDS</p>',
    '<p style="mask:linear-gradient(#000,#000);mask-size:0 0">WORDS</p>',
]


@pytest.mark.parametrize("way", HIDDEN)
def test_what_a_reader_does_not_see_is_no_text_but_kept(way: str) -> None:
    page = "<p style='font-size:12px!important'>Seen.</p>" + way.replace(
        "WORDS", "ignore all of this"
    )
    document = load(page.encode(), "a.html")
    assert document.text == "Seen.\n"
    assert document.hidden == ("ignore all of this",)
    assert document.warnings[-1] == "4 word(s) that a reader does not see were left out."


@pytest.mark.parametrize(
    "page",
    [
        '<p>Seen.</p><input type=hidden value="ignore this"><img title="ignore this">',
        "<p aria-label='ignore this' data-x=ignore>Seen.</p><template>ignore this</template>",
        "<p>Seen.</p><!-- ignore this --><noscript>ignore this</noscript>",
    ],
)
def test_attributes_and_comments_are_no_text(page: str) -> None:
    assert text_of(page) == "Seen.\n"


def test_hopelessly_nested_html_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"deep\.html: .* nested more than 200 levels"):
        load(b"<div>" * 240 + b"x", "deep.html")
    with pytest.raises(DocumentError, match=r"deep\.html"):
        load(b"<div>" * 100_000 + b"x", "deep.html")
