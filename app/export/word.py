"""Answers as a Word file, with real footnotes: each stands at the foot of its page.

python-docx writes all but the footnotes, which it does not know. What people, models and documents
wrote reaches the file as text alone; what XML has no place for stands as its code point.
"""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from app.answer import Answer, Citation, Sentence
from app.export import written as export
from app.export.carried import WORD_NAMESPACE
from app.journal import Kept

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.part import Part
    from docx.text.paragraph import Paragraph

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ITEM = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_ITEM_ID = "{5F0C8E3A-6A3B-4C0E-9C57-0B7D1B0F9A10}"
_HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The two that Word wants: the line above footnotes, and the one above what goes on.
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/>'
    "</w:r></w:p></w:footnote>"
)
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_STYLES = {"paragraph": None, "item": "List Bullet", "heading": "Heading 3"}
_SMALL, _SOFT = 18, "595959"


def to_word(kept: Sequence[Kept], today: Mapping[str, str], data: str = "") -> bytes:
    """Questions as headings; `today` is the documents' SHA-256 by name, `data` proves quotes."""
    import docx

    document = docx.Document()
    about = document.core_properties
    about.title, about.author, about.comments = _line(export.title(kept)), "Footnote", ""
    about.created = about.modified = datetime.fromisoformat(kept[-1].answered_at)
    notes: list[str] = []
    for each in kept:
        _write(document, each, notes, today)
    _soft(document.add_paragraph(), export.colophon(kept))
    _add_footnotes(document, notes)
    if data:
        _carry(document, data)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _write(document: "Document", kept: Kept, notes: list[str], today: Mapping[str, str]) -> None:
    """One answer; its footnotes are added to `notes`."""
    answer = kept.answer
    numbers = export.numbered(answer, len(notes))
    notes += [_note(each, numbers, today) for each in export.in_order(answer)]
    document.add_heading(_line(answer.question), 2)
    _soft(document.add_paragraph(), export.made(kept))
    for words in export.notices(answer):
        document.add_paragraph(_line(words), "Quote")
    unused = list(numbers.values())
    for kind, sentences in export.blocks(answer.sentences):
        paragraph = document.add_paragraph(style=_STYLES[kind])
        for each in sentences:
            _say(paragraph, answer, each, numbers, unused)
    if answer.missing:
        document.add_paragraph(_line(answer.missing), "Quote")
    if answer.withheld:
        document.add_paragraph(export.WITHHELD, "Quote")
        for words in export.withheld(answer):
            document.add_paragraph(_line(words), "List Bullet")
    if unused:
        paragraph = document.add_paragraph()
        _soft(paragraph, "Quoted, too:")
        for number in unused:
            _refer(paragraph, number)


def _say(
    paragraph: "Paragraph",
    answer: Answer,
    sentence: Sentence,
    numbers: Mapping[int, int],
    unused: list[int],
) -> None:
    """A sentence with its footnotes; one that stands there already is referred to by its number."""
    doubt = export.doubt(answer, sentence)
    run = paragraph.add_run(_line(sentence.text))
    run.underline = bool(doubt)
    for number in (numbers[marker] for marker in sentence.markers if marker in numbers):
        if number in unused:
            unused.remove(number)
            _refer(paragraph, number)
        else:
            paragraph.add_run(f" [{number}]").font.superscript = True
    if doubt:
        paragraph.add_run(f" ({_line(doubt)})").italic = True
    paragraph.add_run(" ")


def _refer(paragraph: "Paragraph", number: int) -> None:
    """Set a footnote. Word counts them itself, in the order in which they are referred to."""
    from docx.oxml import parse_xml

    reference = f'{_RAISED}<w:footnoteReference w:id="{number}"/>'
    paragraph._p.append(parse_xml(f'<w:r xmlns:w="{_NAMESPACE}">{reference}</w:r>'))


def _note(citation: Citation, numbers: Mapping[int, int], today: Mapping[str, str]) -> str:
    """A footnote's XML."""
    where = f"{export.source_of(citation)}. {citation.document}, {export.proof(citation)}"
    remark = export.remark(citation, today)
    return (
        f'<w:footnote w:id="{numbers[citation.marker]}"><w:p>'
        f"<w:r>{_RAISED}<w:footnoteRef/></w:r>"
        f"{_run(f' “{_line(citation.quote)}” ')}{_run(where, _SOFT)}"
        f"{_run(f' {remark}') if remark else ''}</w:p></w:footnote>"
    )


def _run(words: str, colour: str = "") -> str:
    coloured = f'<w:color w:val="{colour}"/>' if colour else ""
    written = escape(_line(words, strip=False))
    return (
        f'<w:r><w:rPr>{coloured}<w:sz w:val="{_SMALL}"/></w:rPr>'
        f'<w:t xml:space="preserve">{written}</w:t></w:r>'
    )


def _add_footnotes(document: "Document", notes: Sequence[str]) -> None:
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE

    inside = _SEPARATORS + "".join(notes)
    written = f'{_HEADER}<w:footnotes xmlns:w="{_NAMESPACE}">{inside}</w:footnotes>'
    part = _part(document, "/word/footnotes.xml", CONTENT_TYPE.WML_FOOTNOTES, written)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _carry(document: "Document", data: str) -> None:
    """Put the data into a part of their own, with what Word wants so that it keeps such a part."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE

    package = document.part.package
    assert package is not None
    name = str(package.next_partname("/customXml/item%d.xml"))
    carried = f'{_HEADER}<carried xmlns="{WORD_NAMESPACE}">{escape(data)}</carried>'
    part = _part(document, name, CONTENT_TYPE.XML, carried)
    described = (
        f'{_HEADER}<item:datastoreItem xmlns:item="{_ITEM}" item:itemID="{_ITEM_ID}">'
        f'<item:schemaRefs><item:schemaRef item:uri="{WORD_NAMESPACE}"/></item:schemaRefs>'
        "</item:datastoreItem>"
    )
    name = name.replace("item", "itemProps")
    kind = CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES
    part.relate_to(_part(document, name, kind, described), RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _part(document: "Document", name: str, kind: str, content: str) -> "Part":
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package: Any = document.part.package
    return Part(PackURI(name), kind, content.encode(), package)


def _soft(paragraph: "Paragraph", words: str) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(_line(words))
    run.font.size, run.font.color.rgb = Pt(_SMALL / 2), RGBColor.from_string(_SOFT)


def _line(words: str, strip: bool = True) -> str:
    """Words on one line; what XML has no place for as its code point."""
    line = " ".join(words.split()) if strip else re.sub(r"\s+", " ", words)
    return _NO_XML.sub(lambda found: f"[U+{ord(found[0]):04X}]", line)
