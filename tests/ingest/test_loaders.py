"""Files → canonical text, for Markdown, plain text, HTML and Word. (PDF: test_loaders_pdf.py)"""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from ingest import loaders
from ingest.errors import DocumentError
from ingest.loaders import SUFFIXES, load

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"


def test_the_suffixes_that_can_be_loaded() -> None:
    assert {".md", ".markdown", ".txt", ".html", ".htm", ".pdf", ".docx"} == SUFFIXES


# Markdown


def test_markdown_is_kept_character_for_character_without_its_front_matter() -> None:
    document = load(
        b"---\ntitle: Tokens: no\n---\n# Tokens\n\n* a  \n\n\n| x |\n|---|\n", "tokens.md"
    )
    assert document.text.startswith("---\ntitle")  # "Tokens: no" is not YAML, so nothing is lost
    assert "not valid YAML" in document.warnings[0]

    document = load(
        b"---\ntitle: Tokens\ndate: 2026-11-21\nlicence: CC BY 4.0\nsources:\n  - A, 2017\n"
        b"  - B, 2018\n---\n\n# What *tokens* are\n\n* a  \n\n\n| x |\n|---|\n",
        "tokens.md",
    )
    assert document.text == "\n# What *tokens* are\n\n* a  \n\n\n| x |\n|---|\n"
    assert (document.title, document.type, document.date) == ("Tokens", "markdown", "2026-11-21")
    assert document.metadata == {"licence": "CC BY 4.0", "sources": "A, 2017; B, 2018"}
    assert document.warnings == ()


def test_a_markdown_title_is_its_first_heading_outside_code() -> None:
    text = b"```sh\n# not this\n```\n\n# How `llama.cpp` [works](x.md)\n"
    assert load(text, "a.md").title == "How llama.cpp works"


def test_a_document_without_any_title_is_called_by_its_file_name() -> None:
    assert load(b"just words.\n", "sub/my_first-note.md").title == "my first note"


def test_a_thematic_break_at_the_start_is_not_front_matter() -> None:
    assert load(b"---\n\nWords.\n\n---\n\nMore.\n", "a.md").text == (
        "---\n\nWords.\n\n---\n\nMore.\n"
    )


# Plain text and encodings


def test_plain_text_is_kept_as_it_is_with_unix_line_breaks() -> None:
    document = load("A title of words\r\n\r\n  caf\u0065\u0301 *x*\r\n".encode(), "a.txt")
    assert document.text == "A title of words\n\n  caf\u0065\u0301 *x*\n"  # NFD stays NFD
    assert (document.title, document.type, document.warnings) == ("A title of words", "text", ())


def test_a_text_title_is_the_first_line_that_reads_like_one() -> None:
    assert load(b"acme\nBlog\nWhat a token is\nText.", "a.txt").title == "What a token is"
    assert load(b"A sentence opens the file. So it has no title.\n", "a_b.txt").title == "a b"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_obeyed_and_removed(encoding: str) -> None:
    document = load("Größe\n".encode(encoding), "a.txt")
    assert (document.text, document.warnings) == ("Größe\n", ())


def test_text_in_an_old_encoding_is_read_and_the_assumption_is_said() -> None:
    text = "Le café est très agréable à Noël, l’été déjà passé. Où êtes-vous allés, garçon?\n"
    document = load((text * 5).encode("cp1252"), "a.txt")
    assert document.text == text * 5
    assert document.warnings == (
        "The text is not UTF-8; it was read as cp1252. "
        "If letters look wrong, save the file as UTF-8.",
    )


def test_a_stray_control_character_is_replaced_and_counted() -> None:
    document = load(b"one\x00two\n", "a.txt")
    assert document.text == "one\ufffdtwo\n"
    assert document.warnings == ("1 control character(s) were replaced by U+FFFD.",)


# HTML

PAGE = """<!doctype html><html><head><title>Page title</title>
<meta name="author" content="A. Writer"><meta name="date" content="2026-11-21">
<style>p{color:red}</style></head><body><nav>Home</nav>
<h1>The <em>real</em> title</h1>
<p>One <b>bold</b>
line with a <a href="https://example.org/">link</a>, H<sub>2</sub>O and 10<sup>9</sup>.</p>
<script>alert(1)</script>
<ul><li>first<ul><li>inner</li></ul></li><li>second</li></ul>
<ol start="3"><li>third</li><li>fourth</li></ol>
<dl><dt>GAN</dt><dd>two networks</dd></dl>
<pre><code class="language-python">x = 1
  y = 2
</code></pre>
<p>&lt;script&gt;alert(2)&lt;/script&gt;</p><p># not a heading</p>
<p hidden>secret</p><img src="http://localhost:1/x.png" alt="a chart">
</body></html>"""

PAGE_TEXT = """# The real title

One bold line with a link, H2O and 10^9.

- first
  - inner
- second

3. third
4. fourth

- GAN: two networks

```python
x = 1
  y = 2
```

<script>alert(2)</script>

\\# not a heading

(image: a chart)
"""


def test_html_becomes_markdown_without_scripts_and_menus() -> None:
    document = load(PAGE.encode(), "page.html")
    assert document.text == PAGE_TEXT
    assert (document.title, document.type, document.date) == (
        "The real title",
        "html",
        "2026-11-21",
    )
    assert document.metadata == {"author": "A. Writer"}
    assert document.warnings == ("1 image(s) were not read, only their alternative texts.",)


def test_html_tables_have_a_head_and_whole_rows() -> None:
    document = load(
        b"""<table><caption>Models</caption>
        <tr><th rowspan=2>Family</th><th colspan=2>Size</th></tr>
        <tr><th>small</th><th>large</th></tr>
        <tr><td rowspan=2>Qwen</td><td>0.5B</td><td>a|b<br>c</td></tr>
        <tr><td><ul><li>x<li>y</ul></td><td></td></tr>
        <tr><td colspan=3>Total</td></tr></table>""",
        "t.html",
    )
    assert document.text == (
        "Models\n\n"
        "| Family | Size small | Size large |\n"
        "| --- | --- | --- |\n"
        "| Qwen | 0.5B | a\\|b c |\n"
        "| Qwen | x; y |  |\n"
        "| Total |  |  |\n"
    )


def test_tables_that_only_place_things_are_read_as_paragraphs() -> None:
    data = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    page = f"<table><tr><td><h1>Left</h1></td><td>{data}</td></table>".encode()
    assert load(page, "t.html").text == "# Left\n\n| a | b |\n| --- | --- |\n| c | d |\n"


def test_the_main_part_of_a_page_is_the_document_and_keeps_the_title() -> None:
    page = b"<header><h1>Title</h1>Menu</header><main><p>Body.</p></main><footer>Foot</footer>"
    assert load(page, "t.html").text == "# Title\n\nBody.\n"


def test_a_declared_html_encoding_is_used() -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2")
    assert load(page, "t.html").text == "Łódź\n"


def test_hopelessly_nested_html_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"deep\.html: .* nested more than 200 levels"):
        load(b"<div>" * 240 + b"x", "deep.html")
    with pytest.raises(DocumentError, match=r"deep\.html"):
        load(b"<div>" * 100_000 + b"x", "deep.html")


# Word


def word(build: object = None) -> bytes:
    document = docx.Document()
    document.core_properties.title = "Stated title"
    document.core_properties.author = "A. Writer"
    if callable(build):
        build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_word_headings_lists_and_tables_become_markdown() -> None:
    def build(document: "docx.document.Document") -> None:
        document.add_heading("Models", level=0)
        document.add_heading("Sizes", level=1)
        document.add_paragraph("Some text with ").add_run("bold words").bold = True
        document.add_paragraph("one", style="List Bullet")
        document.add_paragraph("inner", style="List Bullet 2")
        document.add_paragraph("first", style="List Number")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ["Model", "Size", "A", "7B"], strict=True):
            cell.text = text

    document = load(word(build), "models.docx")
    assert document.text == (
        "# Models\n\n## Sizes\n\nSome text with bold words\n\n- one\n  - inner\n\n1. first\n\n"
        "| Model | Size |\n| --- | --- |\n| A | 7B |\n"
    )
    assert (document.title, document.type) == ("Models", "docx")
    assert document.metadata["author"] == "A. Writer"


def test_a_word_document_without_a_heading_has_its_stated_title() -> None:
    assert load(word(lambda d: d.add_paragraph("Text.")), "x.docx").title == "Stated title"


def test_word_footnotes_are_markdown_footnotes() -> None:
    content = replace_part(
        word(lambda d: d.add_paragraph("Claim")),
        {
            "word/document.xml": lambda xml: xml.replace(
                b"Claim</w:t></w:r>",
                b'Claim</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>',
            ),
            "word/_rels/document.xml.rels": lambda xml: xml.replace(
                b"</Relationships>",
                b'<Relationship Id="rId99" Target="footnotes.xml" Type="http://schemas.openxml'
                b'formats.org/officeDocument/2006/relationships/footnotes"/></Relationships>',
            ),
        },
        {
            "word/footnotes.xml": b'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/'
            b'wordprocessingml/2006/main"><w:footnote w:id="2"><w:p><w:r><w:t>Proof.</w:t></w:r>'
            b"</w:p></w:footnote></w:footnotes>"
        },
    )
    assert load(content, "x.docx").text == "Claim[^1]\n\n[^1]: Proof.\n"


def test_what_word_documents_hold_besides_text_is_named() -> None:
    def build(document: "docx.document.Document") -> None:
        paragraph = document.add_paragraph("Text.")
        paragraph._p.append(OxmlElement("m:oMath"))

    assert load(word(build), "x.docx").warnings == ("1 equation(s) were not read.",)


BOX = (
    b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    b' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    b"<mc:Choice><wps:txbx><w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent>"
    b"</wps:txbx></mc:Choice>%s</mc:AlternateContent>"
)
OLD_BOX = (
    b'<mc:Fallback><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent>'
    b"<w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback>"
)


@pytest.mark.parametrize(
    ("old_form", "text", "warnings"),
    [
        (OLD_BOX, "Claim\n\nBoxed\n", ()),
        (b"", "Claim\n", ("1 text box(es) were not read.",)),
    ],
)
def test_text_boxes_are_read_or_named(old_form: bytes, text: str, warnings: tuple) -> None:
    def with_box(xml: bytes) -> bytes:
        return xml.replace(b"</w:t></w:r>", b"</w:t></w:r><w:r>" + BOX % old_form + b"</w:r>")

    claim = word(lambda d: d.add_paragraph("Claim"))
    document = load(replace_part(claim, {"word/document.xml": with_box}, {}), "x.docx")
    assert (document.text, document.warnings) == (text, warnings)


def replace_part(content: bytes, changed: dict, added: dict[str, bytes]) -> bytes:
    """A copy of a Word file with parts changed by functions and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, bytes)(old.read(name)))
        for name, part in added.items():
            new.writestr(name, part)
    return out.getvalue()


# Bad input


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "a.md", "the file is empty"),
        (b" \n\t", "a.txt", "only white space"),
        (b"<script>x</script>", "a.html", "no text was found"),
        (bytes(range(256)) * 40, "a.txt", "binary data"),
        (bytes(range(256)) * 40, "a.md", "binary data"),
        (b"\xff\xfeo\x00d\x00d", "a.txt", "byte order mark says UTF-16"),
        (b"words", "a.rtf", "files of type “.rtf” are not read"),
        (b"PK\x03\x04 not a zip", "a.docx", "damaged"),
        (word()[:-900], "a.docx", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.docx", "protected with a password"),
        (replace_part(word(), {"word/document.xml": lambda x: x[:300]}, {}), "a.docx", "damaged"),
        (
            replace_part(word(), {}, {"word/x.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}),
            "a.docx",
            "declares XML entities",
        ),
    ],
)
def test_bad_input_is_refused_by_name_and_with_a_remedy(
    content: bytes, name: str, problem: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        load(content, name)
    assert problem in refused.value.problem
    assert refused.value.document == name
    assert refused.value.remedy.endswith(".")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.loaders.zipped.MAX_UNPACKED", 1000)
    with pytest.raises(DocumentError, match=r"bomb\.docx: it unpacks to"):
        load(word(), "bomb.docx")


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "MAX_CHARACTERS", 10)
    with pytest.raises(DocumentError, match="its text has 11 characters"):
        load(b"eleven char", "a.txt")
    monkeypatch.setattr(loaders, "MAX_BYTES", 10)
    with pytest.raises(DocumentError, match="the limit is"):
        load(b"eleven char", "a.txt")


# Real documents


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no real documents in {SEEDS.name}/")
def test_real_articles_are_kept_and_titled() -> None:
    titles = []
    for path in sorted(SEEDS.glob("*.txt")):
        document = load(path.read_bytes(), path.name)
        assert document.text == path.read_text(encoding="utf-8")
        titles.append(document.title)
    assert titles == [
        "Large Language Models (LLMs) vs. Generative AI: What’s the difference?",
        "Generative AI vs LLMs: What Developers Actually Need to Know",
    ]
