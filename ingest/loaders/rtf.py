"""Rich text (RTF): its paragraphs, tables, notes and headings; no library reads more than words."""

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, replace

from ingest.errors import DocumentError
from ingest.loaders import looks
from ingest.loaders.document import LoadedDocument, choose_title, sentence_end, stated
from ingest.loaders.symbols import symbol_of
from ingest.loaders.writing import (
    Cell,
    heading,
    joined,
    lowered,
    paragraph,
    raised,
    struck,
    table,
)

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])"
    rb"|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_SIGNS = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_CHARSETS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_NOT_TEXT = frozenset(
    "fonttbl colortbl stylesheet info pict object listtable listoverridetable rsidtbl generator "
    "themedata colorschememapping latentstyles datastore xmlnstbl fldinst bkmkstart bkmkend "
    "pgdsctbl listpicture wgrffmtfilter filetbl revtbl nonshppict shppict annotation atnid "
    "atnauthor nonesttables mmathPict sp".split()
)
_EDGES = frozenset("header footer headerl headerr headerf footerl footerr footerf".split())
# What opens and closes a formula and its parts; Word writes the rest of it as text.
_FORMULAS = {
    "moMath": ("$", "$"), "msup": ("^{", "}"), "msub": ("_{", "}"), "mnum": ("\\frac{", "}"),
    "mden": ("{", "}"), "mrad": ("\\sqrt{", "}"),
}  # fmt: skip
_COUNTED = {
    "deleted": "tracked deletion(s) were accepted.",
    "revised": "tracked insertion(s) were accepted.",
    "pict": "image(s) were not read.", "annotation": "comment(s) were not read.",
}  # fmt: skip
_NOTE = "\ud800"  # where a note was set: half a sign, which no text has that was decoded
_TITLE = 9  # the level of a style that is called so
_SAME_EDGE = 30  # twentieths of a point
_SYMBOLS = re.compile("[\uf020-\uf0ff]")
_KEPT = frozenset(("title", "author", "creatim"))


@dataclass(frozen=True)
class _State:
    """What holds in a group: where its text goes and how it looks."""

    target: str = "text"
    struck: bool = False
    script: int = 0
    hidden: bool = False
    deleted: bool = False
    encoding: str = "cp1252"
    skip: int = 1
    level: int = 0
    in_table: bool = False
    closing: str = ""
    """What is written where the group ends."""


@dataclass
class _Row:
    """A row's cells, where each ends, and which of them go on with the one beside or above."""

    cells: list[str] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    beside: list[bool] = field(default_factory=list)
    above: list[bool] = field(default_factory=list)


@dataclass
class _Document:
    blocks: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    info: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    styles: dict[int, int] = field(default_factory=dict)
    style: int = 0
    titled: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    rows: list[_Row] = field(default_factory=list)
    row: _Row = field(default_factory=_Row)
    edges: str = ""
    text: str = ""
    note: str = ""

    def end_paragraph(self, state: _State) -> None:
        words, self.text = self._with_notes(self.text), ""
        if state.in_table:
            self.text = f"{words} " if words.strip() else ""
            return
        self.end_table()
        if words.strip():
            self.titled |= state.level == _TITLE
            level = 1 if state.level == _TITLE else state.level + self.titled
            text = heading(min(level, 6), words) if state.level else paragraph(words)
            self.blocks.append(text)

    def end_cell(self) -> None:
        self.row.cells.append(" ".join(self._with_notes(self.text).split()))
        self.text = ""

    def begin_row(self) -> None:
        self.row = _Row(self.row.cells, [], [False], [False])

    def end_of_cell(self, place: int) -> None:
        self.row.ends.append(place)
        self.row.beside.append(False)
        self.row.above.append(False)

    def end_row(self) -> None:
        self.rows.append(self.row)
        self.row = replace(self.row, cells=[])  # its places are the next row's until others are set

    def end_table(self) -> None:
        if self.rows:
            self.blocks.append(table(_cells(self.rows)))
        self.rows = []

    def _with_notes(self, text: str) -> str:
        while _NOTE in text:
            start = text.index(_NOTE)
            text = text[:start] + text[start + 1 :]
            note = " ".join(self.notes.pop(0).split())
            at = sentence_end(text, start)
            self.info["notes"] = str(int(self.info.get("notes", 0)) + 1)
            text = f"{text[:at].rstrip()} [^{self.info['notes']}: {note}] {text[at:].lstrip()}"
        return re.sub("~~( ?)~~", r"\1", text)


def _cells(rows: list[_Row]) -> list[Cell]:
    """A table's cells, in the columns that all its rows together have."""
    edges = [0]
    for edge in sorted({end for row in rows for end in row.ends}):
        if edge > edges[-1] + _SAME_EDGE:
            edges.append(edge)
    open_above: dict[int, Cell] = {}
    done = list[Cell]()
    for number, row in enumerate(rows):
        at = 0
        for place, text in enumerate(row.cells):
            known = len(row.ends) == len(row.cells)
            end = bisect_left(edges, row.ends[place] - _SAME_EDGE) if known else at + 1
            cell = Cell(number, at, text, 1, max(end - at, 1))
            if known and row.beside[place] and done:
                last = done.pop()
                cell = replace(last, columns=end - last.column)
            elif known and row.above[place] and at in open_above:
                cell = open_above[at]
                done.remove(cell)
                cell = replace(cell, rows=number - cell.row + 1)
            done.append(cell)
            open_above[at] = cell
            at = max(end, at + 1)
    return done


def read(content: bytes, name: str) -> LoadedDocument:
    """Load rich text. Raises DocumentError where it is none."""
    if not content.lstrip().startswith(b"{\\rtf"):
        raise DocumentError(name, "this is not rich text.", "Save it again as RTF or DOCX.")
    document = _read(content)
    document.end_paragraph(_State())
    document.end_table()
    edges = dict.fromkeys(line for line in document.edges.split("\n") if line.strip())
    text = joined([*map(paragraph, edges), *document.blocks])
    facts = stated(text, {key: document.info.get(key, "") for key in ("title", "author")})
    title = choose_title(text, name, stated=facts.pop("title", None))
    date = facts.pop("date", None)
    hidden = tuple(document.hidden)
    warnings = tuple(f"{count} {what}" for what, count in document.counts.items())
    return LoadedDocument(text, title, "rtf", date, (), warnings, facts, hidden=hidden)


def _read(content: bytes) -> _Document:
    document, states, state = _Document(), list[_State](), _State()
    to_skip, starred, half = 0, False, b""
    for token in _TOKEN.finditer(content):
        word, number, byte, sign, brace, plain = token.groups()
        if brace == b"{":
            states.append(state)
            state = replace(state, closing="")
        elif brace == b"}" and states:
            _write(document, state, state.closing.encode(), "ascii")
            ended, state = state, states.pop()
            if ended.target == "footnote" and state.target != "footnote":
                document.notes.append(document.note)
                document.note, document.text = "", document.text + _NOTE
        elif sign == b"*":
            starred = True
            continue
        elif word:
            value = int(number) if number else None
            name = word.decode()
            if name == "u" and value is not None:
                unit = half + (value % 65536).to_bytes(2, "little")
                is_half = len(unit) == 2 and 0xD8 <= unit[1] < 0xDC
                half = unit if is_half else b""
                state = _write(document, state, b"" if is_half else unit, "utf-16-le")
                to_skip = state.skip
            elif name == "bin":
                pass
            else:
                state = _control(document, state, name, value, starred)
        elif byte:
            if to_skip:
                to_skip -= 1
            else:
                state = _write(document, state, bytes([int(byte, 16)]), state.encoding)
        elif sign:
            kept = {b"~": b" ", b"_": b"-", b"\n": b"\n", b"\r": b"\n"}.get(sign, b"")
            kept = sign if sign in b"\\{}" else kept
            state = _write(document, state, kept, "ascii")
        elif plain:
            skipped = min(to_skip, len(plain))
            to_skip -= skipped
            state = _write(document, state, plain[skipped:], state.encoding)
        starred = False
    return document


def _control(
    document: _Document, state: _State, name: str, value: int | None, starred: bool
) -> _State:
    on = value != 0
    if name in _COUNTED and state.target != "nonshppict" and on:
        document.counts[_COUNTED[name]] += 1
    if name in _FORMULAS:
        opening, closing = _FORMULAS[name]
        _write(document, state, opening.encode(), "ascii")
        return replace(state, closing=closing)
    if name in _KEPT and state.target != "text":
        return replace(state, target=name)
    if name == "footnote" and state.target == "text":
        return replace(state, target="footnote", struck=False, script=0)
    if name in _EDGES:
        return replace(state, target="edge")
    if name in _NOT_TEXT or (starred and name not in ("fldrslt", "shptxt", "shpinst")):
        return replace(state, target=name)
    if name in _SIGNS:
        return _write(document, state, _SIGNS[name].encode(), "utf-8")
    if state.target == "stylesheet":
        if name == "s":
            document.style = value or 0
        elif name == "outlinelevel":
            document.styles[document.style] = min((value or 0) + 1, 6)
    if state.target == "text":
        if name in ("par", "sect", "page"):
            document.end_paragraph(state)
        elif name == "pard":
            return replace(state, level=0, in_table=False)
        elif name == "intbl":
            return replace(state, in_table=True)
        elif name in ("s", "outlinelevel"):
            known = document.styles.get(value or 0, 0)
            return replace(state, level=known if name == "s" else min((value or 0) + 1, 6))
        elif name in ("nestcell", "nestrow"):
            document.text += " " if name == "nestcell" else "; "
        elif name == "cell":
            document.end_cell()
        elif name == "trowd":
            document.begin_row()
        elif name == "clmrg":
            document.row.beside[-1:] = [True]
        elif name == "clvmrg":
            document.row.above[-1:] = [True]
        elif name == "cellx":
            document.end_of_cell(value or 0)
        elif name == "row":
            document.end_row()
    if name == "par" and state.target == "footnote":
        document.note += " "
    if name == "par" and state.target == "edge":
        document.edges += "\n"
    if name == "ansicpg":
        return replace(state, encoding=f"cp{value}")
    if name == "uc":
        return replace(state, skip=value or 0)
    if name == "f" and state.target == "fonttbl":
        document.info["font"] = str(value)
    elif name == "fcharset" and value in _CHARSETS:
        document.fonts[int(document.info.get("font", 0))] = _CHARSETS[value]
    elif name == "f" and value in document.fonts:
        return replace(state, encoding=document.fonts[value])
    changes: dict[str, dict[str, object]] = {
        "strike": {"struck": on}, "striked": {"struck": on}, "super": {"script": 1},
        "sub": {"script": -1}, "nosupersub": {"script": 0}, "up": {"script": 1 if value else 0},
        "dn": {"script": -1 if value else 0}, "v": {"hidden": on}, "deleted": {"deleted": on},
        "fs": {"hidden": value is not None and value <= 2 * looks.SMALLEST_POINTS},
        "plain": {"struck": False, "script": 0, "hidden": False, "deleted": False},
    }  # fmt: skip
    return replace(state, **changes[name]) if name in changes else state  # type: ignore[arg-type]


def _write(document: _Document, state: _State, content: bytes, encoding: str) -> _State:
    try:
        text = content.decode(encoding, "replace")
    except LookupError:
        text = content.decode("cp1252", "replace")
    if state.target == "stylesheet":
        _name_style(document, text)
    text = _SYMBOLS.sub(lambda sign: symbol_of("wingdings", ord(sign[0])), text)
    if state.target in _KEPT:
        document.info[state.target] = document.info.get(state.target, "") + text
    elif state.target == "edge":
        document.edges += text
    elif state.target in ("text", "footnote"):
        if state.deleted:
            return state
        if state.hidden:
            document.hidden.append(text)
            return state
        if text.strip() and state.script:
            text = (raised if state.script > 0 else lowered)(text)
        text = struck(text) if state.struck and text.strip() else text
        if state.target == "text":
            document.text += text
        else:
            document.note += text
    return state


def _name_style(document: _Document, name: str) -> None:
    """What a style is called says whether it is that of a title or a heading."""
    words = name.strip("; ").casefold()
    if found := re.fullmatch(r"heading (\d)", words):
        document.styles[document.style] = int(found[1])
    elif words == "title":
        document.styles[document.style] = _TITLE
