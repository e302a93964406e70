"""Small documents for tests, made with the libraries that make such files."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(build: Callable[[Any], object] = lambda document: None) -> bytes:
    document = docx.Document()
    build(document)
    return saved(document)


def word_of(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs, each what stands between `<w:p>` and `</w:p>`."""

    def build(document: Any) -> None:
        for inside in paragraphs:
            element = parse_xml(f"<w:p {nsdecls('w', 'm')}>{inside}</w:p>")
            document.element.body.insert_element_before(element, "w:sectPr")

    return word(build)


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def numbered(*levels: tuple[str, str], restarts: int | None = None) -> Callable[[Any], int]:
    """A function that gives a document a list of these levels (format, text), returning its id."""

    def add(document: Any) -> int:
        numbering = document.part.numbering_part.element
        ids = {int(n.get(f"{{{W}}}abstractNumId")) for n in numbering.iter(f"{{{W}}}abstractNum")}
        number = max(ids) + 1
        inside = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>'
            f'<w:lvlText w:val="{text}"/><w:pPr><w:ind w:left="{360 * (at + 1)}"/></w:pPr></w:lvl>'
            for at, (format, text) in enumerate(levels)
        )
        numbering.find(f"{{{W}}}num").addprevious(
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inside}</w:abstractNum>'
            )
        )
        return number_of(document, number, restarts)

    return add


def number_of(document: Any, definition: int, restarts: int | None = None) -> int:
    """A list that counts with the others of a definition, or starts anew at `restarts`."""
    numbering = document.part.numbering_part.element
    used = {int(n.get(f"{{{W}}}numId")) for n in numbering.iter(f"{{{W}}}num")}
    id = max(used) + 1
    start = f'<w:startOverride w:val="{restarts}"/>'
    override = f'<w:lvlOverride w:ilvl="0">{start}</w:lvlOverride>' if restarts else ""
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{id}"><w:abstractNumId w:val="{definition}"/>'
            f"{override}</w:num>"
        )
    )
    return id


def step(document: Any, text: str, id: int, level: int = 0) -> None:
    """A paragraph that is an item of list `id`."""
    numbering = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_ilvl().val = level
    numbering.get_or_add_numId().val = id


def replace_part(content: bytes, changed: dict[str, Any], added: dict[str, bytes]) -> bytes:
    """A copy of a zipped file with parts changed by functions and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, bytes)(old.read(name)))
        for name, part in added.items():
            new.writestr(name, part)
    return out.getvalue()


def with_related(content: bytes, kind: str, xml: bytes) -> bytes:
    """A Word file with another part of it: footnotes, endnotes, comments."""
    relation = (
        f'<Relationship Id="rId99" Target="{kind}.xml" Type="http://schemas.openxmlformats.org/'
        f'officeDocument/2006/relationships/{kind}"/></Relationships>'
    ).encode()
    rels = "word/_rels/document.xml.rels"
    changed = {rels: lambda old: old.replace(b"</Relationships>", relation)}
    return replace_part(content, changed, {f"word/{kind}.xml": xml})


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
