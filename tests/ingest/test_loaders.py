"""Files → canonical text: Markdown, plain text, and what is refused. (test_loaders_*: others)"""

from pathlib import Path

import pytest

from ingest import loaders
from ingest.errors import DocumentError
from ingest.loaders import SUFFIXES, load
from tests.ingest.making import replace_part, word

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"


def test_the_suffixes_that_can_be_loaded() -> None:
    promised = (
        ".adoc .csv .docx .eml .epub .htm .html .ipynb .json .jsonl .js .log .md .mhtml .msg .odp "
        ".ods .odt .pdf .pptx .py .rst .rtf .srt .sql .tsv .txt .vtt .xlsx .yaml .zip"
    )
    assert set(promised.split()) <= SUFFIXES


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


def test_underlined_headings_html_and_notes_in_markdown_are_written_plainly() -> None:
    text = (
        "Guide\n=====\n\nIt costs 10 euro[^1], x<sup>2</sup> and `<b>`. a < b.<!-- gone -->\n\n"
        "Part\n----\n\n<table><tr><th>A</th><th>B</th></tr>\n\n<tr><td>1</td><td></td></tr>"
        "</table>\n\n<details><summary>Why?</summary>\n\n*Because.*\n\n</details>\n\n"
        "```html\n<p>kept</p>\n```\n\n[^1]: Plus tax.\n"
    )
    document = load(text.encode(), "a.md")
    assert document.text == (
        "# Guide\n\nIt costs 10 euro, x^2 and `<b>`. [^1: Plus tax.] a < b.\n\n## Part\n\n"
        "| A | B |\n| --- | --- |\n| 1 |  |\n\nWhy?\n\n*Because.*\n\n"
        "```html\n<p>kept</p>\n```\n\n"
    )
    assert document.title == "Guide"


def test_toml_front_matter_is_no_text() -> None:
    document = load(b'+++\ntitle = "T"\ndate = 2024-05-06\nauthor = "J"\n+++\n# H\n', "a.md")
    assert (document.text, document.title, document.date) == ("# H\n", "T", "2024-05-06")
    assert document.metadata == {"author": "J"}


def test_words_between_angle_brackets_that_are_no_tag_stay() -> None:
    text = "Seen in <Uyless Black, X.25 and Related Protocols, 1991> and <b class=x>here</b>.\n"
    assert (
        "<Uyless Black, X.25 and Related Protocols, 1991> and here."
        in load(text.encode(), "a.md").text
    )


def test_what_html_and_unused_links_hide_in_markdown_is_no_text() -> None:
    text = 'Seen <span style="display:none">one</span>.\n\n[//]: # (two)\n\n<p hidden>three</p>\n'
    document = load(text.encode(), "a.md")
    assert document.text.strip() == "Seen ."
    assert document.hidden == ("one", "three", "// two")


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
        f"The text is not UTF-8; it was read as Windows-1252: “{text[:80].strip()}”. "
        "If letters look wrong, save the file as UTF-8.",
    )


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "mac_roman", "utf-16-le", "utf-16-be"])
def test_german_in_any_encoding_is_read_and_a_line_of_it_shown(encoding: str) -> None:
    text = "Der Schlüssel hängt am Haken.\nDie Gebühr beträgt 15 Euro, zahlbar an der Theke.\n"
    document = load(text.encode(encoding), "a.txt")
    assert document.text == text
    assert "“Der Schlüssel hängt am Haken.”" in document.warnings[0]


def test_a_few_western_signs_are_not_taken_for_letters_of_another_alphabet() -> None:
    text = "The price is 5 € a day.\n"
    assert load(text.encode("cp1252"), "a.txt").text == text


def test_a_few_signs_are_not_taken_for_letters_of_eastern_europe() -> None:
    for text, encoding in (
        ("Item,Price\nTea “Earl Grey”,£3.20\nCoffee – dark,£4.10\n", "cp1252"),
        ("Name;Ort\nMüller;Köln\nGroß;Nürnberg\n", "cp1252"),
        ("Imię;Miasto\nŁukasz;Łódź\nŚwiętosława;Kraków\n", "cp1250"),
        ("Jméno;Město\nDvořák;Třebíč\nSvěrák;Příbram\n", "cp1250"),
    ):
        document = load(text.encode(encoding), "a.csv")
        words = document.text.replace("|", " ").replace("---", " ").split()
        assert words == text.replace(",", " ").replace(";", " ").split()
        assert encoding[2:] in document.warnings[0]


def test_one_bad_byte_costs_one_sign_and_not_the_file() -> None:
    content = "Größe und Höhe\n".encode() * 20 + b"\xff end\n"
    document = load(content, "a.txt")
    assert document.text == "Größe und Höhe\n" * 20 + "\ufffd end\n"
    assert document.warnings == ("1 character(s) could not be read and are U+FFFD.",)
    cut = load(b"\xff\xfe" + "odd".encode("utf-16-le")[:-1], "a.txt")
    assert cut.text == "od\ufffd"


def test_what_hides_a_word_from_a_search_is_not_in_the_text() -> None:
    text = "Kün\u00addigung of\ufb01ce zero\u200bwidth \u0645\u06cc\u200c\u062e\u0648 👩\u200d🔧\n"
    cleaned = "Kündigung office zerowidth \u0645\u06cc\u200c\u062e\u0648 👩\u200d🔧\n"
    assert load(text.encode(), "a.txt").text == cleaned


def test_author_and_date_of_the_opening_lines_are_the_document_s() -> None:
    document = load(
        b"Report on pumps\nAuthor: Jane Roe\nDate: 4 May 2023\n\nIt is long.\n", "a.txt"
    )
    assert (document.date, document.metadata["author"]) == ("2023-05-04", "Jane Roe")
    told = load(b"Pumps of today\n\nOn 4 May 2023 the pump stopped and nobody knew why.\n", "a.txt")
    assert told.date is None


def test_the_date_of_a_letter_s_head_is_its_date_wherever_that_is_set() -> None:
    head = "| No. | 817 |\n| --- | --- |\n| Due | 13 April 2024 |\n| Date | 14 March 2024 |\n"
    assert load(f"# Invoice\n\n{head}".encode(), "a.md").date == "2024-03-14"
    born = "Name: Jo Blake\n\nBorn: 1 April 1980\n\nDate: 2 May 2024\n"
    assert load(born.encode(), "a.md").date == "2024-05-02"
    assert load(born[:35].encode(), "a.md").date is None
    others = "| Date | Payment |\n| --- | --- |\n| 2 March 2024 | 14.50 |\n"
    assert load(f"# Payments\n\n{others}".encode(), "a.md").date is None


def test_a_stray_control_character_is_replaced_and_counted() -> None:
    document = load(b"one\x00two\n", "a.txt")
    assert document.text == "one\ufffdtwo\n"
    assert document.warnings == ("1 character(s) could not be read and are U+FFFD.",)


# Bad input


@pytest.mark.parametrize(
    ("content", "name", "problem", "remedy"),
    [
        (b"", "a.md", "the file is empty", "Put text"),
        (b" \n\t", "a.txt", "only white space", "Put text"),
        (b"<script>x</script>", "a.html", "no text was found", "Put text"),
        (bytes(range(256)) * 40, "a.txt", "binary data", "suffix of its real format"),
        (bytes(range(256)) * 40, "a.md", "binary data", "save it as UTF-8"),
        (b"words", "a.exe", "files of type “.exe” are not read", "Use one of"),
        (b"words", "a.rtf", "this is not rich text", "Save it again as RTF"),
        (b"words", "a.docx", "damaged", "save it again"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "damaged", "save it again"),
        (word()[:-900], "a.docx", "damaged", "save it again"),
        (
            replace_part(word(), {"word/document.xml": lambda x: x[:300]}, {}),
            "a.docx",
            "damaged",
            "",
        ),
        (
            b"<!DOCTYPE html><p>x",
            "a.docx",
            "this is HTML, not Word.",
            "Save it as DOCX, or name it .html",
        ),
        (b"%PDF-1.7", "a.txt", "this is PDF, not plain text.", "name it .pdf."),
        (word(), "a.xlsx", "this is Word, not Excel.", "Save it as XLSX, or name it .docx."),
        (word(), "a.zip", "this is Word, not zip archive.", "name it .docx."),
        (b"\x89PNG\r\n", "a.docx", "this is a picture, not Word.", "Save it as DOCX."),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.docx", "an old Office file", "Remove the password"),
        (
            replace_part(word(), {}, {"word/x.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}),
            "a.docx",
            "declares XML entities",
            "save it again",
        ),
    ],
)
def test_bad_input_is_refused_by_name_and_with_a_remedy(
    content: bytes, name: str, problem: str, remedy: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        load(content, name)
    assert problem in refused.value.problem
    assert refused.value.document == name
    assert remedy in refused.value.remedy
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
