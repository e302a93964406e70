"""Word documents: each paragraph is written as it is shown, then docling's backend reads them."""

import copy
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ingest.loaders.document import LoadedDocument, choose_title, stated
from ingest.loaders.themes import theme_of
from ingest.loaders.tree import damaged, open_backend, write
from ingest.loaders.word_looks import (
    ON_FILL,
    OUT_OF_SIGHT,
    fill_of,
    is_box_out_of_sight,
)
from ingest.loaders.word_numbers import Numbers, W
from ingest.loaders.word_text import C, Found, Reader, V, take_choices
from ingest.loaders.writing import GROUP, MARK, PLAIN
from ingest.loaders.zipped import open_zip

_SIGN = "sign"
"""Set on a paragraph before whose text a sign for the writer is to stand."""
_UNSTYLED = ("TableGrid", "TableNormal", "TableGridLight")
_CHANGES = {"insertion(s)": (f"{W}ins", f"{W}moveTo"), "deletion(s)": (f"{W}del", f"{W}moveFrom")}


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a Word document. Raises DocumentError for damaged, encrypted or hostile files."""
    open_zip(content, name).close()
    backend = open_backend("msword_backend", "MsWordDocumentBackend", "docx", content, name)
    with damaged(name):
        found = _as_shown(backend)
    written = write(backend, name, furniture="first")
    facts = stated(written.text, _core(backend.docx_obj.core_properties))
    return LoadedDocument(
        text=written.text,
        title=choose_title(written.text, name, stated=facts.pop("title", None)),
        type="docx",
        date=facts.pop("date", None),
        warnings=_warnings(found),
        metadata=facts,
        hidden=tuple(found.hidden),
    )


def _core(properties: Any) -> dict[str, str]:
    """What the file states about itself, but for what its maker's empty document states too."""
    from docx import Document

    names = ("title", "author", "created", "modified", "keywords", "subject", "comments")
    empty = Document().core_properties
    told = {
        name: str(getattr(properties, name) or "")
        for name in names
        if getattr(properties, name) != getattr(empty, name)
    }
    return {**told, "description": told.pop("comments", "")}


def _as_shown(backend: Any) -> Found:
    """Replace what docling would lose or read otherwise; return what there was besides text."""
    from lxml import etree

    document = backend.docx_obj
    reader = Reader(document.styles.element, _notes(document.part), theme_of(document.part))
    numbers = Numbers(backend)
    comments = document.part.element.iter(f"{W}commentReference")
    reader.found.counts["comment(s)"] = sum(1 for _ in comments)
    for part in (document.part, *_headers(document.part)):
        reader.parts = part.related_parts
        etree.strip_tags(part.element, etree.Comment, etree.ProcessingInstruction)
        _open_rows(part.element)
        _accept_changes(part.element, reader.found)
        _lift_boxes(part.element)
        _mark_groups(part.element)
        for paragraph in list(part.element.iter(f"{W}p")):
            _replace(paragraph, reader, numbers, backend)
    return reader.found


def _notes(part: Any) -> dict[tuple[str, str], Any]:
    """The footnotes and endnotes by kind and id."""
    from docx.oxml import parse_xml

    notes = {}
    for relation in part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")):
            part = parse_xml(relation.target_part.blob)
            take_choices(part)
            for note in part:
                if note.get(f"{W}type") in (None, "normal"):
                    notes[note.tag.removeprefix(W), note.get(f"{W}id")] = note
    return notes


def _headers(part: Any) -> Iterator[Any]:
    for relation in part.rels.values():
        if relation.reltype.endswith(("/header", "/footer")):
            yield relation.target_part


def _open_rows(root: Any) -> None:
    """Let rows and cells that stand in a control stand in their table."""
    for holder in list(root.iter(f"{W}sdt", f"{W}customXml")):
        above = holder.getparent()
        if above is not None and above.tag in (f"{W}tbl", f"{W}tr"):
            content = holder.find(f"{W}sdtContent") if holder.tag == f"{W}sdt" else holder
            for child in reversed(list(() if content is None else content)):
                holder.addnext(child)
            above.remove(holder)


def _accept_changes(root: Any, found: Found) -> None:
    for what, tags in _CHANGES.items():
        for change in list(root.iter(*tags)):
            holder = change.getparent()
            if holder is None:
                continue
            found.counts[what] += 1
            if what == "deletion(s)":
                _delete(change, holder)
    for mark in reversed(list(root.iterfind(f".//{W}pPr/{W}rPr/{W}deleted"))):
        _join_with_next(mark.getparent().getparent().getparent())


def _delete(change: Any, holder: Any) -> None:
    if holder.tag == f"{W}trPr":
        row = holder.getparent()
        row.getparent().remove(row)
    elif holder.tag == f"{W}rPr":
        change.tag = f"{W}deleted"  # a paragraph's end; the paragraphs join when all is counted
    else:
        holder.remove(change)


def _join_with_next(paragraph: Any) -> None:
    following = paragraph.getnext()
    if following is not None and following.tag == f"{W}p":
        paragraph.extend(child for child in following if child.tag != f"{W}pPr")
        following.getparent().remove(following)
    elif not "".join(paragraph.itertext()).strip() and paragraph.getprevious() is not None:
        paragraph.getparent().remove(paragraph)


def _lift_boxes(root: Any) -> None:
    """Let what stands in text boxes follow the paragraph that each is anchored in, once."""
    take_choices(root)
    for box in list(root.iter(f"{W}txbxContent")):
        anchor = next(box.iterancestors(f"{W}p"), None)
        if anchor is None:
            continue
        shape = next(box.iterancestors("{*}wsp", f"{V}shape", f"{V}rect"), box.getparent())
        fill, is_unseen = fill_of(shape), is_box_out_of_sight(box)
        for block in box:
            if fill:
                block.set(ON_FILL, fill)
            if is_unseen:
                block.set(OUT_OF_SIGHT, "1")
        for block in reversed(list(box)):
            anchor.addnext(block)


def _mark_groups(root: Any) -> None:
    """Mark the rows whose only words are bold, in the first cell: they head the rows below; and
    tables whose first row does not look like a head."""
    for table in root.iter(f"{W}tbl"):
        rows = [list(row.iterfind(f"{W}tc")) for row in table.iterfind(f"{W}tr")]
        if len(rows) > 1 and rows[0] and not _stands_out(table, rows):
            next(rows[0][0].iter(f"{W}p")).set(_SIGN, PLAIN)
        for row, below in pairwise(rows[1:]):
            lone = len(row) > 2 and _words(row[0]) and not any(map(_words, row[1:]))
            stands_out = lone and _is_bold(row[0]) and not _is_bold(below[0])
            if stands_out and len([*filter(_words, below)]) > 1:
                next(row[0].iter(f"{W}p")).set(_SIGN, GROUP)


def _stands_out(table: Any, rows: list[list[Any]]) -> bool:
    """Whether a table's first row is said to be its head, or looks other than the one below it."""
    if table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None:
        return True
    style = table.find(f"{W}tblPr/{W}tblStyle")
    is_styled = style is not None and style.get(f"{W}val") not in _UNSTYLED
    first, below = (
        [(_is_bold(cell), cell.find(f"{W}tcPr/{W}shd") is not None) for cell in row]
        for row in rows[:2]
    )
    return is_styled or first != below


def _words(cell: Any) -> str:
    return "".join(text.text or "" for text in cell.iter(f"{W}t")).strip()


def _is_bold(cell: Any) -> bool:
    runs = [run for run in cell.iter(f"{W}r") if _words(run)]
    return bool(runs) and all(run.find(f"{W}rPr/{W}b") is not None for run in runs)


def _replace(paragraph: Any, reader: Reader, numbers: Numbers, backend: Any) -> None:
    """Let a paragraph hold its text in one run, its number before it, and its charts."""
    from docx.oxml import OxmlElement
    from docx.text.paragraph import Paragraph

    known = Paragraph(paragraph, backend.docx_obj)
    mark = numbers.mark(known)
    text = reader.text(paragraph)
    text = paragraph.attrib.pop(_SIGN, "") + text
    charts = [copy.copy(each) for each in paragraph.iter(f"{W}drawing") if _has_chart(each)]
    for child in list(paragraph):
        if child.tag != f"{W}pPr":
            paragraph.remove(child)
    if mark:
        label, _ = backend._get_label_and_level(known)
        if label in ("Title", "Heading"):
            text, mark = f"{mark} {text}", ""
            paragraph.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 0
    if text.strip():
        run, words = OxmlElement("w:r"), OxmlElement("w:t")
        words.text = f"{mark}{MARK}{text}" if mark else text
        run.append(words)
        paragraph.append(run)
    for chart in charts:
        run = OxmlElement("w:r")
        run.append(chart)
        paragraph.append(run)


def _has_chart(drawing: Any) -> bool:
    return drawing.find(f".//{C}chart") is not None


def _warnings(found: Found) -> tuple[str, ...]:
    counts = found.counts
    changes = [f"{counts[what]} {what}" for what in _CHANGES if counts[what]]
    accepted = [f"Tracked changes were accepted: {' and '.join(changes)}."] if changes else []
    unread = [what for what in ("diagram(s)", "comment(s)") if counts[what]]
    told = (f"{counts[what]} {what} were not read." for what in unread)
    return (*accepted, *found.pictures.warnings(), *told)
