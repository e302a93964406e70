"""AsciiDoc, written as the web page that it makes and read as one; no kept library reads it."""

import re
from collections.abc import Iterator
from html import escape

from ingest.loaders import html
from ingest.loaders.asciidoc_inline import Inline
from ingest.loaders.asciidoc_tables import TABLE, written
from ingest.loaders.document import LoadedDocument
from ingest.loaders.encoding import decode
from ingest.loaders.page_parts import LIST_CLASSES

_HEADING = re.compile(r"^(={1,6}|#{1,6})\s+(\S.*?)(?:\s+\1)?$")
_UNDERLINE = {"=": 1, "-": 2, "~": 3, "^": 4, "+": 5}
_ATTRIBUTE = re.compile(r"^:(!?[\w-]+!?):(?:\s+(.*))?$")
_ABOVE = re.compile(r"^\[(?!\[)(.*)\]$")
_TITLE = re.compile(r"^\.(?![\s.])(.+)$")
_ANCHOR = re.compile(r"^\[\[.*\]\]$")
_CONDITION = re.compile(r"^(?:ifdef|ifndef|ifeval|endif)::")
_PASSED_OVER = re.compile(r"^toc::.*$|^'{3,}$|^<{3,}$|^(?:-|\*){3}$")
_INCLUDED = re.compile(r"^include::\s*(.+?)\[")
_IMAGE = re.compile(r"^(?:image|video|audio)::([^\[\s]*)\[(.*)\]$")
_FENCE = re.compile(r"^(-{4,}|\.{4,}|\+{4,}|={4,}|\*{4,}|_{4,}|/{4,}|--|```.*)$")
_CODE = re.compile(r"^(?:-{4,}|\.{4,}|\+{4,}|/{4,}|```.*)$")
_ITEM = re.compile(
    r"^\s*(?:(?P<bullet>\*{1,5}|-|•)|(?P<dots>\.{1,5})|(?P<number>\d+|[a-zA-Z])[.)]|<(?P<call>\d+|\.)>)"
    r"\s+(?P<text>\S.*)$"
)
_TERM = re.compile(r"^\s*(?P<term>\S.*?)(?P<mark>:{2,4}|;;)(?:\s+(?P<text>.*))?$")
_BOX = {"[x] ": "☒ ", "[*] ": "☒ ", "[ ] ": "☐ "}
_ADMONITIONS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")
_STYLES_OF_DOTS = ("1", "a", "i", "A", "I")
_DEEPEST = 40


def read(content: bytes, name: str) -> LoadedDocument:
    """Load AsciiDoc; nothing that it includes is opened."""
    text, warnings = decode(content, name)
    page = _Page(text)
    if page.included:
        warnings += (f"{page.included} included file(s) were not read.",)
    return html.from_source(page.source, name, "asciidoc", warnings)


class _Page:
    """The page that AsciiDoc makes: `source` is its HTML."""

    def __init__(self, text: str) -> None:
        self.included = 0
        self._inline = Inline()
        self._depth = self._lists = 0
        lines = list(_without_conditions([line.rstrip() for line in text.split("\n")]))
        head, body = self._head(lines)
        inside = self._blocks(body)
        self.source = f"<body>{head}{inside}{self._inline.notes()}</body>"

    def _head(self, lines: list[str]) -> tuple[str, list[str]]:
        """The document's title with its authors and date, and the lines below them."""
        at = next(
            (n for n, line in enumerate(lines) if line and not line.startswith(("//", ":"))), 0
        )
        found = _HEADING.match(lines[at]) if lines else None
        if not found or len(found[1]) > 1:
            return "", lines
        self._blocks(lines[:at])  # for the attributes
        end = at + 1
        while end < len(lines) and lines[end]:
            end += 1
        told = [line for line in lines[at + 1 : end] if not line.startswith(("//", ":", "["))]
        rest = [line for line in lines[at + 1 : end] if line not in told]
        below = "".join(f"<p>{self._inline(line)}</p>" for line in told)
        if told and not re.match(r"v?\d", told[0]):
            author = escape(re.sub(r"\s*<[^>]*>", "", told[0]))
            below += f'<meta name="author" content="{author}">'
        return f"<h1>{self._inline(found[2])}</h1>{below}", [*rest, *lines[end:]]

    def _blocks(self, lines: list[str]) -> str:
        if self._depth > _DEEPEST:
            return f"<p>{escape(' '.join(lines))}</p>"
        self._depth += 1
        parts, at = [], 0
        while at < len(lines):
            part, at = self._block(lines, at)
            parts.append(part)
        self._depth -= 1
        return "".join(parts)

    def _block(self, lines: list[str], at: int) -> tuple[str, int]:
        """One block with the attributes and the title above it, and where the next one begins."""
        above = title = ""
        while at < len(lines):
            line = lines[at]
            if found := _ABOVE.match(line):
                above = f"{above},{found[1]}" if above else found[1]
            elif (found := _TITLE.match(line)) and not _ITEM.match(line):
                title = f"<p>{self._inline(found[1])}</p>"
            elif found := _ATTRIBUTE.match(line):
                self._inline.attributes[found[1]] = found[2] or ""
            elif found := _INCLUDED.match(line):
                self.included += 1
            elif line and not _is_passed_over(line):
                break
            at += 1
        if at == len(lines):
            return title, at
        return self._told(lines, at, above, title)

    def _told(self, lines: list[str], at: int, above: str, title: str) -> tuple[str, int]:
        line = lines[at]
        if TABLE.match(line):
            end = _end(lines, at)
            above += {",": ",format=csv", ":": ",format=dsv"}.get(line[0], "")
            caption = title.replace("<p>", "<caption>").replace("</p>", "</caption>")
            return written(lines[at + 1 : end], above, caption, self._inline, self._blocks), end + 1
        if fence := _FENCE.match(line):
            end = _end(lines, at)
            return title + self._fenced(fence[1], lines[at + 1 : end], above), end + 1
        if found := _HEADING.match(line):
            level = min(len(found[1]), 6)
            return f"{title}<h{level}>{self._inline(found[2])}</h{level}>", at + 1
        if level := _underlined(lines, at):
            return f"{title}<h{level}>{self._inline(line)}</h{level}>", at + 2
        if found := _IMAGE.match(line):
            told = found[2].partition(",")[0].strip('" ')
            return f'<p><img alt="{escape(told)}"></p>{title}', at + 1
        if _mark(line) and _counts(line, 0):
            part, at = self._list(lines, at, above, ())
            return title + part, at
        part, at = self._paragraph(lines, at, above)
        return title + part, at

    def _fenced(self, fence: str, inside: list[str], above: str) -> str:
        kind, _, rest = above.partition(",")
        if fence.startswith("/"):
            return ""
        if fence.startswith("+"):
            words = "\n".join(inside)
            return (
                f"<p>${escape(words)}$</p>" if kind in ("stem", "latexmath", "asciimath") else words
            )
        if fence.startswith(("----", ".", "`")):
            language = fence[3:].strip() if fence.startswith("`") else ""
            language = language or (rest.split(",")[0].strip() if kind == "source" else "")
            code = re.sub(r"\s*<\d+>$", "", "\n".join(inside), flags=re.MULTILINE)
            return f'<pre class="language-{escape(language)}">{escape(code)}</pre>'
        if kind == "verse":
            inside = [f"{line} +" for line in inside]
        label = f"<p>{kind}</p>" if kind in _ADMONITIONS else ""
        by = f"<p>{self._inline(rest)}</p>" if kind in ("quote", "verse") and rest else ""
        return f"<div>{label}{self._blocks(inside)}{by}</div>"

    def _paragraph(self, lines: list[str], at: int, above: str) -> tuple[str, int]:
        end = at + 1
        while end < len(lines) and lines[end] and not _interrupts(lines[end]):
            if self._lists and _mark(lines[end]):
                break
            end += 1
        some = [each for each in lines[at:end] if not each.startswith("//")]
        kind = above.split(",")[0]
        if lines[at].startswith((" ", "\t")) or kind in ("source", "listing", "literal"):
            return f"<pre>{escape(chr(10).join(some))}</pre>", end
        words = self._inline("\n".join(some))
        return f"<p>{kind}: {words}</p>" if kind in _ADMONITIONS else f"<p>{words}</p>", end

    # --- lists ---

    def _list(
        self, lines: list[str], at: int, above: str, outer: tuple[str, ...]
    ) -> tuple[str, int]:
        own, items, first = _mark(lines[at]), list[str](), lines[at]
        self._lists += 1
        while at < len(lines):
            here = _next_at(lines, at)
            line = lines[here] if here < len(lines) else ""
            told = _ABOVE.match(line)
            marked = lines[here + 1] if told and here + 1 < len(lines) else line
            mark = _mark(marked)
            if mark == own and _counts(marked, len(items)) and not (told and items):
                text, at = self._item_text(lines, here)
                items.append(text)
            elif line.strip() == "+" and here + 1 < len(lines) and items:
                part, at = self._block(lines, here + 1)
                items[-1] += part
            elif items and len(outer) < _DEEPEST and _begins(marked, own, *outer):
                style = told[1] if told else ""
                part, at = self._list(lines, here + bool(told), style, (*outer, own))
                items[-1] += part
            else:
                break
        self._lists -= 1
        return _as_list(first, above, items), at

    def _item_text(self, lines: list[str], at: int) -> tuple[str, int]:
        found, term = _ITEM.match(lines[at]), _TERM.match(lines[at])
        text = [found["text"] if found else (term["text"] or "") if term else ""]
        at += 1
        if term and not found and not text[0]:
            while at < len(lines) and not lines[at]:
                at += 1
        while at < len(lines) and lines[at] and not (_mark(lines[at]) or _interrupts(lines[at])):
            text.append(lines[at].strip())
            at += 1
        words = "\n".join(filter(None, text))
        words = next(
            (sign + words[4:] for box, sign in _BOX.items() if words.startswith(box)), words
        )
        shown = self._inline(words)
        if term and not found:
            return f"<dt>{self._inline(term['term'])}</dt><dd>{shown}", at
        return shown, at


def _as_list(first: str, above: str, items: list[str]) -> str:
    found = _ITEM.match(first)
    if not found:
        return f"<dl>{'</dd>'.join(items)}</dd></dl>"
    inside = "".join(f"<li>{item}</li>" for item in items)
    if found["bullet"]:
        return f"<ul>{inside}</ul>"
    dots = len(found["dots"] or ".")
    number = found["number"] or found["call"] or ""
    kind = "1" if not number.isalpha() else "A" if number.isupper() else "a"
    kind = _STYLES_OF_DOTS[dots - 1] if found["dots"] else kind
    kind = next((sign for name, sign in LIST_CLASSES.items() if name in above), kind)
    start = re.search(r"start=\"?(\d+)", above)
    begins = start[1] if start else number if number.isdecimal() else "1"
    return f'<ol type="{kind}" start="{begins}">{inside}</ol>'


def _mark(line: str) -> str:
    """What tells the items of a list from those of others; nothing for a line that is no item."""
    if found := _ITEM.match(line):
        number = found["number"]
        kind = "" if number is None else "1" if number.isdecimal() else "a"
        kind = "A" if number and number.isupper() else kind
        return found["bullet"] or found["dots"] or kind or "<>"
    term = _TERM.match(line)
    return term["mark"] if term and not line.startswith("//") else ""


def _counts(line: str, at: int) -> bool:
    """Whether an item may be number `at` (from 0) of its list; a letter may be a name's initial."""
    found = _ITEM.match(line)
    number = found["number"] if found else None
    return not number or number.isdecimal() or ord(number.lower()) - ord("a") == at


def _begins(line: str, *open_marks: str) -> bool:
    """Whether a list begins inside of those with the open marks."""
    return _mark(line) not in ("", *open_marks) and _counts(line, 0)


def _without_conditions(lines: list[str]) -> Iterator[str]:
    """The lines but those that say for which readers others are; code keeps them."""
    closing = ""
    for at, line in enumerate(lines):
        if closing:
            closing = "" if line == closing else closing
        elif _CODE.match(line) and not (at and _underlined(lines, at - 1)):
            closing = _closing(line)
        elif _CONDITION.match(line):
            continue
        yield line


def _next_at(lines: list[str], at: int) -> int:
    return next((number for number in range(at, len(lines)) if lines[number]), len(lines))


def _closing(line: str) -> str:
    """What closes the block that a line opens: its fence, without the language of its code."""
    return "```" if line.startswith("```") else line


def _end(lines: list[str], at: int) -> int:
    """Where the block that a line opens is closed."""
    closing = _closing(lines[at])
    ends = (number for number in range(at + 1, len(lines)) if lines[number] == closing)
    return next(ends, len(lines))


def _underlined(lines: list[str], at: int) -> int:
    """The level of a heading with a line of signs below it, else 0."""
    below = lines[at + 1] if at + 1 < len(lines) else ""
    is_line = len(below) > 3 and len(set(below)) == 1 and abs(len(below) - len(lines[at])) <= 2
    return _UNDERLINE.get(below[:1], 0) if is_line else 0


def _is_passed_over(line: str) -> bool:
    is_comment = line.startswith("//") and not line.startswith("////")
    return bool(is_comment or _PASSED_OVER.match(line) or _ANCHOR.match(line))


def _interrupts(line: str) -> bool:
    """Whether a line ends the paragraph above it."""
    opens = _FENCE.match(line) or TABLE.match(line) or _ABOVE.match(line) or _INCLUDED.match(line)
    return bool(opens) or line.strip() == "+"
