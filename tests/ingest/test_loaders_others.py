"""Books, mail, notebooks, data, source code, transcripts, rich text and archives."""

import json
from email.message import EmailMessage

import pytest

from ingest.errors import DocumentError
from ingest.loaders import load, parts
from tests.ingest.making import packed, word
from tests.ingest.pdfs import drawn, lines


def text_of(content: str | bytes, name: str) -> str:
    return load(content.encode() if isinstance(content, str) else content, name).text


CONTAINER = b"""<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="O/p.opf"/></rootfiles></container>"""
PACKAGE = b"""<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>Pumps</dc:title><dc:creator>J. Roe</dc:creator><dc:date>2023-05-04</dc:date>
</metadata><manifest><item id="b" href="b.xhtml"/><item id="a" href="a.xhtml"/></manifest>
<spine><itemref idref="a"/><itemref idref="b"/></spine></package>"""
XHTML = b"""<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>
<link rel="stylesheet" href="s.css"/></head><body>%s</body></html>"""


def test_a_book_is_its_pages_in_order_with_its_own_styles() -> None:
    book = packed(
        **{
            "META-INF/container.xml": CONTAINER, "O/p.opf": PACKAGE, "O/s.css": b".x{display:none}",
            "O/a.xhtml": XHTML % b"<h1>One</h1><p class='x'>unseen</p>",
            "O/b.xhtml": XHTML % b"<h1>Two</h1><p>Words.</p>",
        }
    )  # fmt: skip
    document = load(book, "a.epub")
    assert document.text == "# One\n\n# Two\n\nWords.\n"
    assert (document.title, document.date) == ("Pumps", "2023-05-04")
    assert (document.metadata["author"], document.hidden) == ("J. Roe", ("unseen",))


def test_a_book_s_notes_follow_their_sentences_wherever_in_the_book_they_stand() -> None:
    book = packed(
        **{
            "META-INF/container.xml": CONTAINER, "O/p.opf": PACKAGE,
            "O/a.xhtml": XHTML % (
                b'<h1>Soil</h1><p>It lives.<a epub:type="noteref" href="#n1">1</a> Worms help.'
                b'<a id="r2" href="b.xhtml#n2"><sup>2</sup></a> See '
                b'<a href="b.xhtml#x">there</a>.</p><aside epub:type="footnote" id="n1">'
                b"<p>1. A gram has <i>a billion</i>.</p></aside>"
            ),
            "O/b.xhtml": XHTML % (
                b'<h1 id="x">Notes</h1><p class="note" id="n2">'
                b'<a href="a.xhtml#r2">2.</a> In 1881.</p>'
            ),
        }
    )  # fmt: skip
    assert text_of(book, "a.epub") == (
        "# Soil\n\nIt lives. [^1: A gram has a billion.] Worms help. [^2: In 1881.] See there.\n\n"
        "# Notes\n"
    )


def message(text: str = "The price is 40 €.\n\nAnn\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Ann <ann@a.example>", "Ben <ben@b.example>"
    message["Subject"], message["Date"] = "Offer – pumps", "Thu, 04 May 2023 10:00:00 +0200"
    message.set_content(text)
    return message


HEAD = (
    "# Offer – pumps\n\nFrom: Ann <ann@a.example>\nTo: Ben <ben@b.example>\n"
    "Date: Thu, 04 May 2023 10:00:00 +0200\nSubject: Offer – pumps\n\n"
)


def attach(message: EmailMessage, content: bytes, name: str | None, kind: str = "") -> None:
    main, _, sub = (kind or "application/octet-stream").partition("/")
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)


def test_a_message_is_read_with_its_head() -> None:
    document = load(message().as_bytes(), "a.eml")
    assert document.text == HEAD + "The price is 40 €.\n\nAnn\n"
    assert (document.date, document.metadata["author"]) == ("2023-05-04", "Ann <ann@a.example>")


def test_what_is_attached_to_a_message_stands_below_it_under_its_name() -> None:
    mail = message("See below.\n")
    attach(mail, word(lambda d: d.add_paragraph("For the pump 40 €.")), "offer.docx")
    attach(mail, drawn(lines("Delivered on 5 May.")), "note", "application/pdf")
    attach(mail, b"x", "plan.dwg")
    attach(mail, b"x", "broken.xlsx")
    forwarded = message("Is there an offer?\n")
    attach(forwarded, b"# Old\n\n```\n# 30 EUR\n```\n", "old.md")
    mail.add_attachment(forwarded)
    document = load(mail.as_bytes(), "a.eml")
    assert document.text == (
        f"{HEAD}See below.\n\n# offer.docx\n\nFor the pump 40 €.\n\n"
        "# note.pdf\n\nDelivered on 5 May.\n\n# Offer – pumps.eml\n\n"
        f"#{HEAD}Is there an offer?\n\n## old.md\n\n### Old\n\n```\n# 30 EUR\n```\n"
    )
    damaged, unread = document.warnings
    assert damaged.startswith("broken.xlsx: the file is damaged")
    assert unread == "1 attachment(s) were not read: plan.dwg."


def test_a_message_says_what_its_page_says_when_its_text_only_points_there() -> None:
    mail = message("This message is a web page.\n")
    page = "<p>Your order of three pumps leaves the house on 5 May and costs 120 €.</p>"
    mail.add_alternative(page, subtype="html")
    assert text_of(mail.as_bytes(), "a.eml").endswith("on 5 May and costs 120 €.\n")
    # A message may have its attachments inside of its page's part.
    attach(mail.get_payload(1), b"Terms: 30 days.", "terms.txt")
    assert text_of(mail.as_bytes(), "a.eml").endswith("# terms.txt\n\nTerms: 30 days.\n")


def test_lines_that_were_broken_for_a_narrow_window_are_whole_and_quoted_ones_stay_quoted() -> None:
    mail = message("I will come \nat nine.\n> Are you \n> coming?\n>> Who \n-- \nAnn\n")
    mail.set_param("format", "flowed")
    assert text_of(mail.as_bytes(), "a.eml").endswith(
        "I will come at nine.\n> Are you coming?\n>> Who \n-- \nAnn\n"
    )


def test_documents_in_documents_are_opened_three_deep_and_no_further() -> None:
    inner = packed(**{"deep.md": b"Deep.", "deepest.zip": packed(**{"x.md": b"Too deep."})})
    content = packed(**{"a.md": b"Top.", "b.zip": packed(**{"c.zip": inner})})
    document = load(content, "all.zip")
    assert "#### deep.md" not in document.text
    assert "### deep.md\n\nDeep." in document.text
    assert "Too deep" not in document.text
    assert "x.md (it lies too deep in other files)" in document.warnings[0]


def test_documents_in_documents_have_the_limit_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MAX_UNPACKED", 5000)
    inner = packed(**{"a.txt": b"word " * 900})
    document = load(packed(**{"1.zip": inner, "2.zip": inner}), "all.zip")
    assert "word word" in document.text
    assert "2.zip: " in document.warnings[0]
    assert "a.txt (together they have over" in document.warnings[0]


def test_a_message_of_html_hides_nothing_from_the_receipt() -> None:
    message = EmailMessage()
    message["Subject"] = "News"
    message.set_content("<p>Seen</p><p style='display:none'>unseen</p>", subtype="html")
    document = load(message.as_bytes(), "a.eml")
    assert document.text == "# News\n\nSubject: News\n\nSeen\n"
    assert document.hidden == ("unseen",)


def test_a_saved_web_page_is_unpacked_first() -> None:
    page = (
        b"From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B\n"
        b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        b"<h1>Caf=C3=A9</h1><p>Open=\n ed.</p>\n--B\nContent-Type: image/png\n\nxx\n--B--\n"
    )
    document = load(page, "a.mhtml")
    assert (document.text, document.title) == ("# Café\n\nOpen ed.\n", "Café")


def test_a_notebook_is_its_text_code_and_output() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "Words."]},
        {
            "cell_type": "code",
            "source": "print(1)",
            "outputs": [{"output_type": "stream", "text": ["1\n"]}],
        },
    ]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4})
    text = "# Title\nWords.\n\n```python\nprint(1)\n```\n\n```\n1\n```\n"
    assert text_of(notebook, "a.ipynb") == text


def test_a_notebook_s_tables_are_tables_and_its_terminal_s_colours_are_no_text() -> None:
    table = "<table><tr><th></th><th>sales</th></tr><tr><th>Hull</th><td>12.5</td></tr></table>"
    outputs = [
        {"output_type": "execute_result", "data": {"text/html": table, "text/plain": "Hull 12.5"}},
        {"output_type": "stream", "text": "10%\r100%\n\x1b[0;31mdone\x1b[0m\n"},
        {"output_type": "display_data", "data": {"image/png": "xx", "text/plain": "<Figure>"}},
    ]
    cells = [{"cell_type": "code", "source": "run()", "outputs": outputs}]
    document = load(json.dumps({"cells": cells, "metadata": {}}).encode(), "a.ipynb")
    assert document.text == (
        "```python\nrun()\n```\n\n|  | sales |\n| --- | --- |\n| Hull | 12.5 |\n\n"
        "```\n100%\ndone\n```\n"
    )
    assert document.warnings == ("1 image(s) were not read.",)


def test_comma_separated_values_are_a_table_whatever_separates_them() -> None:
    for separator, name in ((",", "a.csv"), (";", "a.csv"), ("\t", "a.tsv")):
        rows = [["Name", "Note"], ["Anna", '"two\nlines"'], ["Ben", ""]]
        content = "\n".join(separator.join(row) for row in rows) + "\n"
        assert text_of(content, name) == (
            "| Name | Note |\n| --- | --- |\n| Anna | two lines |\n| Ben |  |\n"
        )


def test_json_is_a_table_of_records_or_a_list_of_names_and_values() -> None:
    records = '[{"a": 1, "b": null}, {"a": 2, "b": "x"}]'
    assert text_of(records, "a.json") == "| a | b |\n| --- | --- |\n| 1 |  |\n| 2 | x |\n"
    lines = '{"a": 1}\n{"a": 2}\n'
    assert text_of(lines, "a.jsonl") == "| a |\n| --- |\n| 1 |\n| 2 |\n"
    nested = '{"pump": {"on": true, "parts": ["a", "b"]}, "x": 1.50}'
    assert text_of(nested, "a.json") == (
        "- pump:\n  - on: true\n  - parts:\n    - a\n    - b\n- x: 1.5\n"
    )
    chat = [
        {"from": "Ann", "text": "Who has the key?", "likes": [{"by": "Ben", "n": 2}]},
        {"from": "Ben", "text": ["I do:", "behind\nthe door."]},
    ]
    assert text_of(json.dumps(chat), "a.json") == (
        "| from | text | likes |\n| --- | --- | --- |\n| Ann | Who has the key? | by: Ben, n: 2 |\n"
        "| Ben | I do:; behind the door. |  |\n"
    )
    assert text_of('[{"a": 1, "b": {"c": 2}}]', "a.json") == "- a: 1\n  - b:\n    - c: 2\n"
    with pytest.raises(DocumentError, match="line 2 is not JSON"):
        load(b'{"a": 1}\nwords\n', "a.jsonl")


def test_source_code_is_kept_as_it_is() -> None:
    code = "def f(x):\n    '''```'''\n    return x  # ok\n"
    document = load(code.encode(), "src/f.py")
    assert document.text == f"````python\n{code}````\n"
    assert (document.title, document.type) == ("f.py", "code")


def test_restructured_text_includes_nothing_and_keeps_its_structure() -> None:
    source = (
        "Pumps\n=====\n\n:Author: Jane Roe\n\nA claim. [1]_ Then *more*, :sup:`2`.\n\n"
        "1. one\n2. two\n\n.. include:: /etc/passwd\n\n.. [1] Proof.\n\n"
        "=== ===\nA   B\n=== ===\n1   2\n=== ===\n"
    )
    document = load(source.encode(), "a.rst")
    assert document.title == "Pumps"
    assert "A claim. [^1: Proof.] Then more, ^2." in document.text
    assert "1. one\n2. two" in document.text
    assert "| A | B |\n| --- | --- |\n| 1 | 2 |" in document.text
    assert "root:" not in document.text


def test_asciidoc_is_read() -> None:
    source = (
        "= Pumps\n\nPress it.footnote:[Gently.] H~2~O 10^9^\n\n* one\n* two\n\n//\n\n"
        ". first\n. second\n.. deep\n. third\n\n"
        "|===\n|A |B\n\n|1\n|\n|===\n\n----\n. code\n----\n\n"
        "image::x.png[A valve]\n"
    )
    assert text_of(source, "a.adoc") == (
        "# Pumps\n\nPress it. [^1: Gently.] H2O 10^9\n\n- one\n- two\n\n1. first\n2. second\n\n"
        "   a. deep\n3. third\n\n| A | B |\n| --- | --- |\n| 1 |  |\n\n```\n. code\n```\n\n"
        "(image: A valve)\n"
    )


def test_the_conditions_of_asciidoc_are_no_text_but_in_code() -> None:
    source = (
        "Pump\n----\n\nifdef::x[]\nPress it.\nendif::[]\n\n"
        "----\nifdef::x[]\nendif::[]\n----\n\nGently\nifndef::x[]\nnow.\nendif::x[]\n"
    )
    assert text_of(source, "a.adoc") == (
        "# Pump\n\nPress it.\n\n```\nifdef::x[]\nendif::[]\n```\n\nGently now.\n"
    )


@pytest.mark.parametrize(
    "words", ["e. coli grows.", "I. Newton was born.", "E. coli grows.\n\nS. aureus does not."]
)
def test_an_initial_is_no_number_of_a_list(words: str) -> None:
    assert text_of(f"Notes.\n\n{words}\n", "a.adoc") == f"Notes.\n\n{words}\n"
    listed = f"a. one\n\nb. two\n\n{words}\n"
    assert text_of(listed, "a.adoc") == listed


def test_a_term_that_begins_with_an_initial_is_read() -> None:
    assert text_of("e. coli:: A bacterium.\n", "a.adoc") == "e. coli:: A bacterium.\n"


def test_the_target_of_a_link_is_bounded_for_each_may_be_tried_to_its_end() -> None:
    assert text_of(f"See link:{'x' * 2000}[here].\n", "a.adoc") == "See here.\n"
    assert text_of(f"See link:{'x' * 2001}[here].\n", "a.adoc").endswith("x[here].\n")


SUBTITLES = """1
00:00:01,000 --> 00:00:04,000
We decide on the

2
00:00:04,000 --> 00:00:07,500
<i>supplier</i> at 10:30 today.
"""


def test_a_transcript_is_what_is_said_in_sentences_without_the_times() -> None:
    said = "We decide on the supplier at 10:30 today.\n"
    assert text_of(SUBTITLES, "a.srt") == said
    spoken = SUBTITLES.replace(",000", ".000").replace(",500", ".500")
    assert text_of("WEBVTT\n\nNOTE mine\n\n" + spoken, "a.vtt") == said
    assert text_of("WEBVTT\n\n" + spoken, "meeting.txt") == said
    voices = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Yes.\n\n00:02.000 --> 00:03.000\n<v Ben>No.\n"
    )
    assert text_of(voices, "a.vtt") == "Ann: Yes.\n\nBen: No.\n"
    two = "1\n00:00:01,000 --> 00:00:02,000\n- Five million &amp; more.\n- Really?\n"
    assert text_of(two, "a.srt") == "\\- Five million & more.\n\n\\- Really?\n"
    assert load(b"WEBVTT - The roof\n\n" + spoken.encode(), "a.vtt").title == "The roof"
    meeting = "[00:00:05] Ann: Good morning.\n[00:00:09] Ben: At 9:15.\n[00:01:00] Ann: Yes.\n"
    assert text_of(meeting, "a.txt") == "Ann: Good morning.\n\nBen: At 9:15.\n\nAnn: Yes.\n"


def test_a_transcript_knows_when_what_was_said() -> None:
    spoken = SUBTITLES.replace("00:00:04,000 --> 00:00:07", "01:02:04,900 --> 01:02:07")
    document = load(spoken.encode(), "a.srt")
    assert [(document.text[at : at + 8], time) for at, time in document.times] == [
        ("We decid", 1), ("supplier", 3724),
    ]  # fmt: skip
    two = b"WEBVTT\n\n00:31.000 --> 00:32.000\n- Caf&eacute;&shy;s?\n- No.\n"
    assert load(two, "a.vtt").times == ((0, 31), (11, 31))


def test_captions_that_roll_up_are_said_once() -> None:
    rolling = (
        "WEBVTT\nKind: captions\n\n"
        "00:00.000 --> 00:02.390 align:start\n \nso the<00:01.000><c> roof</c>\n\n"
        "00:02.390 --> 00:02.400 align:start\nso the roof\n \n\n"
        "00:02.400 --> 00:05.000 align:start\nso the roof\nis<00:03.000><c> dry</c>\n\n"
        "00:05.000 --> 00:07.000\nYes.\n\n00:08.000 --> 00:09.000\nYes.\n"
    )
    assert text_of(rolling, "a.vtt") == "so the roof is dry Yes. Yes.\n"


def test_an_agenda_s_times_are_text() -> None:
    agenda = "Agenda\n9:00 Welcome\n9:30 Budget\n10:15 Coffee\n"
    assert text_of(agenda, "a.txt") == agenda


RICH = rb"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 A;}{\f1\fcharset204 B;}}{\info{\author Jo}}
{\header Rev. C\par}\pard\outlinelevel0 Caf\'e9\par
\pard It is \u8364?5, not {\strike 4} or 10{\super 9}.{\super\chftn{\*\footnote\pard Note.}} Next.
 {\v unseen}\par\trowd\pard\intbl A\cell B\cell\row\trowd\pard\intbl 1\cell \cell\row
\pard {\f1 \'cf\'f0\'e8} \{x\}\par}"""


def test_rich_text_keeps_signs_marks_notes_and_tables() -> None:
    document = load(RICH, "a.rtf")
    assert document.text == (
        "Rev. C\n\n# Café\n\nIt is €5, not ~~4~~ or 10^9. [^1: Note.] Next.\n\n"
        "| A | B |\n| --- | --- |\n| 1 |  |\n\nПри {x}\n"
    )
    assert (document.metadata["author"], document.hidden) == ("Jo", ("unseen",))


def test_rich_text_s_text_boxes_are_read_without_their_properties() -> None:
    box = rb"{\shp{\*\shpinst\shpleft14{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard In a box.\par}}}"
    assert text_of(rb"{\rtf1\pard Before.\par" + box + rb"\pard After.\par}", "a.rtf") == (
        "Before.\n\nIn a box.\n\nAfter.\n"
    )


def test_no_sign_of_rich_text_is_taken_for_a_note() -> None:
    signs = rb"\u63714 ?\u55296 ?x{\footnote Note.} here. Next."
    assert text_of(rb"{\rtf1\pard " + signs + rb"\par}", "a.rtf") == (
        "\uf8e2x here. [^1: Note.] Next.\n"
    )


def test_an_archive_s_documents_stand_under_their_names() -> None:
    content = packed(
        **{"a.md": b"# A\n\nWords.\n", "in/b.txt": b"Plain.\n", "c.exe": b"x", "bad.docx": b"x"}
    )
    document = load(content, "all.zip")
    assert document.text == "# a.md\n\n## A\n\nWords.\n\n# in/b.txt\n\nPlain.\n"
    assert document.title == "all.zip"
    assert "bad.docx: the file is damaged" in document.warnings[0]
    assert document.warnings[1] == "1 file(s) in it were not read: c.exe."
    with pytest.raises(DocumentError, match="no document in it could be read"):
        load(packed(**{"c.exe": b"x"}), "all.zip")
    assert "Inside" in text_of(
        packed(**{"w.docx": word(lambda d: d.add_paragraph("Inside"))}), "a.zip"
    )


def test_a_part_on_which_a_reader_stops_is_a_warning_and_a_fence_ends_with_its_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(content: bytes, name: str) -> None:
        raise IndexError("no such place")

    monkeypatch.setattr("ingest.loaders.records.read_json", stop)
    document = load(
        packed(**{".": b"x", "a.json": b"{}", "b.md": b"```\nx", "c.md": b"C."}), "a.zip"
    )
    assert document.text == "# b.md\n\n```\nx\n```\n\n# c.md\n\nC.\n"
    assert "a.json: could not be read because of a fault in Footnote (Index" in document.warnings[0]


def test_an_archive_is_not_refused_for_what_is_not_unpacked() -> None:
    entity = b'<!DOCTYPE a [<!ENTITY v "1">]><a>&v;</a>'
    content = packed(**{"a.md": b"A.", "b.xml": entity, "c.mp4": bytes(210_000_000)})
    document = load(content, "a.zip")
    assert document.text.startswith("# a.md\n\nA.\n\n# b.xml")
    with pytest.raises(DocumentError, match="unpacks to 210 MB"):
        load(packed(**{"c.txt": bytes(210_000_000)}), "a.zip")


@pytest.mark.parametrize(
    "head",
    [b"To: <", b'From: "', b"To: a@[", b"From: =?utf-8?q??=", b"To: " + b"(" * 3000, b"Date: <",
     b"Subject: =?utf-7?q?+2AA-?="],
)  # fmt: skip
def test_a_message_with_a_malformed_head_is_read(head: bytes) -> None:
    document = load(head + b"\nX-A: b\n\nWords.\n", "a.eml")
    assert document.text.endswith("Words.\n")
    assert (document.text + document.title).encode()


def test_all_that_a_message_says_is_read_in_order_but_one_of_its_alternatives() -> None:
    mail = message("See page.\n")
    mail.add_alternative("<p>The contract ends on 14 May 2027.</p>", subtype="html")
    mail.make_mixed()
    for words, kind in (("Footer.", "plain"), ("<p>Last.</p>", "html")):
        part = EmailMessage()
        part.set_content(words, subtype=kind)
        mail.attach(part)
    attach(mail, b"The roof leaks.", "Minutes v1.2", "text/plain")
    assert text_of(mail.as_bytes(), "a.eml") == (
        f"{HEAD}The contract ends on 14 May 2027.\n\nFooter.\n\nLast.\n\n"
        "# Minutes v1.2.txt\n\nThe roof leaks.\n"
    )


def test_a_message_that_does_not_say_what_divides_it_is_read_as_text() -> None:
    assert "500" in text_of(b"From: a@b.c\nContent-Type: multipart/mixed\n\n500 euros.\n", "a.eml")


def test_words_after_a_blank_line_in_a_cue_are_read() -> None:
    cues = (
        "1\n00:01 --> 00:02\n\nOne.\n\n2\n00:03 --> 00:04\nTwo\n\nthree.\n\n"
        "3\n00:05 --> 00:06\nEnd.\n"
    )
    assert text_of(cues, "a.srt") == "One. Two three. End.\n"


def test_a_line_that_begins_as_a_postmark_does_is_text_without_a_blank_line_and_a_time() -> None:
    mark = "From ann@a.example Thu May  4 10:00:00 2023\n"
    lines = "From the audit we learned the\nfollowing: nothing.\n\nFrom May 2023 on\nNote: go.\n"
    one = f"{mark}Subject: One\n\nWe met.\n{lines}"
    found = text_of(f"{one}\n{mark}Subject: Two\n\nLast.\n", "a.mbox")
    assert lines in found
    assert "# Two" in found


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("U3ViamVjdDogT2xkCgpSZW50cy4", "# Old.eml\n\n## Old\n\nSubject: Old\n\nRents."),
        ("QUJDR", ""),
    ],
    ids=["without its padding", "damaged"],
)
def test_a_badly_encoded_attached_message_does_not_refuse_the_mail(inside: str, words: str) -> None:
    mail = (
        "Subject: New\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        "--B\n\nWages.\n--B\nContent-Type: message/rfc822\n"
        f"Content-Transfer-Encoding: base64\n\n{inside}\n--B--\n"
    )
    document = load(mail.encode(), "a.eml")
    assert f"Wages.\n\n{words}".strip() in document.text
    assert bool(document.warnings) == (not words)
    assert all(warning.startswith("message.eml: ") for warning in document.warnings)
