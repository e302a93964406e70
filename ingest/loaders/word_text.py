"""A Word paragraph's text as a reader sees it: changes accepted, fields filled in, marks kept."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ingest.loaders.document import sentence_end
from ingest.loaders.pictures import Pictures
from ingest.loaders.symbols import symbol_of
from ingest.loaders.themes import A, Theme
from ingest.loaders.word_looks import W14, WP, is_hidden, is_on
from ingest.loaders.word_numbers import W
from ingest.loaders.writing import OURS, spelt

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"

Piece = tuple[str, bool, str]
"""Words, whether they are struck out, and "^" or "_" where they stand high or low."""
_SCRIPTS = {"superscript": "^", "subscript": "_"}
NOTE, NOTE_END = "\uf8e2", "\uf8e3"
_THROUGH = frozenset(
    W + tag
    for tag in "ins moveTo hyperlink smartTag customXml fldSimple sdtContent dir bdo".split()
)


@dataclass
class Found:
    """What was met on the way through a document, for its receipt."""

    hidden: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    pictures: Pictures = field(default_factory=Pictures)


class Reader:
    """Reads the paragraphs of one document. `styles` is its styles part, `notes` its notes' XML.

    `parts` are those that the part being read refers to, by its own ids of them.
    """

    def __init__(self, styles: Any, notes: dict[tuple[str, str], Any], theme: Theme) -> None:
        self.found = Found()
        self.parts: Mapping[str, Any] = {}
        self._notes = notes
        self._theme = theme
        self._styles = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
        defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._defaults = {} if defaults is None else {child.tag: child for child in defaults}
        self._of_style = cache(self._style_properties)

    def text(self, paragraph: Any) -> str:
        """The paragraph's text, notes after their sentences; what is hidden goes to `found`."""
        return self._with_notes(spelt(self._inline(paragraph, paragraph)))

    # --- what stands in a paragraph ---

    def _inline(self, parent: Any, paragraph: Any) -> Iterator[Piece]:
        for child in parent:
            if child.tag == f"{W}r":
                yield from self._run(child, paragraph)
            elif child.tag == f"{W}sdt":
                yield from self._control(child, paragraph)
            elif child.tag == f"{M}oMathPara":
                yield from self._inline(child, paragraph)
            elif child.tag == f"{M}oMath":
                yield f"${latex(child)}$", False, ""
            elif child.tag in _THROUGH:
                yield from self._inline(child, paragraph)

    def _control(self, control: Any, paragraph: Any) -> Iterator[Piece]:
        box = control.find(f"{W}sdtPr/{W14}checkbox")
        if box is None:
            for content in control.iterfind(f"{W}sdtContent"):
                yield from self._inline(content, paragraph)
        else:
            checked = box.find(f"{W14}checked")
            value = None if checked is None else checked.get(f"{W14}val")
            yield ("☒" if value in ("1", "true") else "☐"), False, ""

    def _run(self, run: Any, paragraph: Any) -> Iterator[Piece]:
        look = self._look(run, paragraph)
        words = "".join(self._words(run))
        if not words:
            return
        if words.strip() and is_hidden(look, run, self._theme):
            self.found.hidden.append(words)
            return
        if is_on(look.get(f"{W}caps")) and NOTE not in words:
            words = words.upper()
        is_struck = any(is_on(look.get(W + tag)) for tag in ("strike", "dstrike"))
        script = _SCRIPTS.get(_value(look.get(f"{W}vertAlign")), "")
        yield words, is_struck, "" if NOTE in words else script

    def _words(self, run: Any) -> Iterator[str]:
        for child in run:
            tag = child.tag.removeprefix(W)
            if tag == "t":
                yield OURS.sub("", child.text or "")
            elif tag in ("tab", "ptab"):
                yield " "
            elif tag in ("br", "cr"):
                yield "\n" if child.get(f"{W}type") in (None, "textWrapping") else " "
            elif tag == "noBreakHyphen":
                yield "-"
            elif tag == "sym":
                yield _symbol(child)
            elif tag in ("footnoteReference", "endnoteReference"):
                yield f"{NOTE}{tag[: -len('Reference')]} {child.get(f'{W}id')}{NOTE_END}"
            elif tag == "fldChar":
                yield _form_field(child)
            elif tag == "ruby":
                yield "".join(t.text or "" for t in child.iterfind(f"{W}rubyBase//{W}t"))
            elif tag in ("drawing", "pict", "object"):
                yield self._picture(child)

    def _picture(self, drawing: Any) -> str:
        """What stands for a picture; its text boxes have been lifted out, its chart stays."""
        self.found.counts["diagram(s)"] += drawing.find(f".//{DGM}relIds") is not None
        pictures = [*drawing.iter(f"{A}blip"), *drawing.iter(f"{V}imagedata")]
        if any("Equation" in (each.get("ProgID") or "") for each in drawing.iter("{*}OLEObject")):
            formula = "".join(shape.get("alt") or "" for shape in drawing.iter(f"{V}shape"))
            return f"${formula}$" if formula else "(formula)"
        if not pictures:
            return ""
        told = [each.get("descr") or "" for each in drawing.iter(f"{WP}docPr")]
        told += [each.get("alt") or "" for each in drawing.iter(f"{V}shape")]
        id = pictures[0].get(f"{R}embed") or pictures[0].get(f"{R}id")
        content = self.parts[id].blob if id in self.parts else None
        words = self.found.pictures.told(next(filter(str.strip, told), ""), content)
        return f" {words} " if words else ""

    # --- how it looks ---

    def _look(self, run: Any, paragraph: Any) -> dict[str, Any]:
        """The run's properties by tag: its own, its style's, its paragraph's, its table's."""
        own = run.find(f"{W}rPr")
        look = {} if own is None else {child.tag: child for child in own}
        style = look.get(f"{W}rStyle")
        of_paragraph = paragraph.find(f"{W}pPr/{W}pStyle")
        table = next(run.iterancestors(f"{W}tbl"), None)
        of_table = None if table is None else table.find(f"{W}tblPr/{W}tblStyle")
        for each in (style, of_paragraph, of_table):
            if each is not None:
                look = self._of_style(each.get(f"{W}val")) | look
        return self._defaults | look

    def _style_properties(self, name: str, depth: int = 0) -> dict[str, Any]:
        style = self._styles.get(name)
        if style is None or depth > 20:
            return {}
        own = style.find(f"{W}rPr")
        based = style.find(f"{W}basedOn")
        above = {} if based is None else self._style_properties(based.get(f"{W}val"), depth + 1)
        return above | ({} if own is None else {child.tag: child for child in own})

    # --- notes ---

    def _with_notes(self, text: str) -> str:
        """The text with each note after the sentence that it was set in."""
        while (start := text.find(NOTE)) >= 0:
            end = text.index(NOTE_END, start)
            kind, _, id = text[start + 1 : end].partition(" ")
            before, after = text[:start], text[end + 1 :]
            text = before + after
            note = self._notes.pop((kind, id), None)
            if note is not None:
                self.found.counts["notes"] += 1
                number = self.found.counts["notes"]
                words = " ".join(filter(None, (self.text(p) for p in note.iter(f"{W}p"))))
                at = sentence_end(text, start)
                rest = text[at:].lstrip()
                text = f"{text[:at].rstrip()} [^{number}: {' '.join(words.split())}] {rest}"
        return text


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(f"{W}val") or "")


def _symbol(symbol: Any) -> str:
    return symbol_of(symbol.get(f"{W}font") or "", int(symbol.get(f"{W}char") or "0", 16))


def _form_field(character: Any) -> str:
    """What is ticked or chosen in a field of an old form; what is typed stands in the text."""
    box = character.find(f"{W}ffData/{W}checkBox")
    choices = character.find(f"{W}ffData/{W}ddList")
    if box is not None:
        checked = box.find(f"{W}checked")
        return "☒" if is_on(box.find(f"{W}default") if checked is None else checked) else "☐"
    if choices is not None:
        entries = [entry.get(f"{W}val") or "" for entry in choices.iterfind(f"{W}listEntry")]
        result = choices.find(f"{W}result")
        chosen = 0 if result is None else int(result.get(f"{W}val") or 0)
        return entries[chosen] if chosen < len(entries) else ""
    return ""


def take_choices(root: Any) -> None:
    """Let what is written in several ways be what is written first, in its place."""
    for twice in list(root.iter(f"{MC}AlternateContent")):
        first = next(iter(twice), ())
        for child in reversed(list(first)):
            twice.addnext(child)
        twice.getparent().remove(twice)


def latex(formula: Any) -> str:
    """A formula of Office as LaTeX, or as its letters where that cannot be written."""
    from docling.backend.docx.latex.omml import oMath2Latex

    try:
        words = " ".join(str(oMath2Latex(formula)).split())
    except Exception:  # a formula that it cannot write is a mark in its place
        words = ""
    return words or " ".join("".join(formula.itertext()).split()) or "formula"
