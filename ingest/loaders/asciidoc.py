"""AsciiDoc: what docling's backend does not know is written as it does, then it reads the rest."""

import re
from collections.abc import Iterator

from ingest.loaders.document import LoadedDocument, choose_title, sentence_end, stated
from ingest.loaders.encoding import decode
from ingest.loaders.tree import open_backend, write
from ingest.loaders.writing import MARK, numeral, raised, struck

_VERBATIM = re.compile(r"^(-{4,}|\.{4,}|\+{4,}|```.*)$")
_ORDERED = re.compile(r"^\s*(\.{1,5}|\d+\.)\s+(?=\S)")
_IMAGE = re.compile(r"image::?[^\s\[\]]+\[([^\]]*)\]")
_NOTE = re.compile(r"footnote:[\w-]*\[([^\]]*)\]")
_FORMULA = re.compile(r"(?:stem|latexmath|asciimath):\[\$?(.*?)\$?\](?!\])")
_KINDS = ("1", "a", "i", "A", "I")


def read(content: bytes, name: str) -> LoadedDocument:
    """Load AsciiDoc; nothing that it includes is opened."""
    text, warnings = decode(content, name)
    plain = "\n".join(_blocks(text.split("\n")))
    backend = open_backend("asciidoc_backend", "AsciiDocBackend", "asciidoc", plain.encode(), name)
    written = write(backend, name).text
    facts = stated(written, {})
    title = choose_title(written, name, stated=facts.pop("title", None))
    date = facts.pop("date", None)
    return LoadedDocument(written, title, "asciidoc", date, warnings=warnings, metadata=facts)


def _blocks(lines: list[str]) -> Iterator[str]:
    counted: list[int] = []
    attributes, number = "", 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if line.strip() == "|===":
            end = next((n for n in range(number, len(lines)) if lines[n].strip() == "|==="), None)
            if end is not None:
                yield from ("|===", *_rows(lines[number:end], attributes), "|===")
                number = end + 1
                continue
        fence = _VERBATIM.match(line)
        if fence:
            ends = (n for n in range(number, len(lines)) if lines[n] == fence[1])
            end = next(ends, len(lines) - 1) + 1
            yield from (line, *lines[number:end])
            number = end
            continue
        attributes = line if line.startswith("[") else ""
        ordered = _ORDERED.match(line)
        if ordered:
            level = len(ordered[1]) if ordered[1].startswith(".") else 1
            counted = [*counted[:level], *[0] * (level - len(counted))]
            counted[-1] = int(ordered[1][:-1]) if ordered[1][0].isdigit() else counted[-1] + 1
            mark = numeral(counted[-1], _KINDS[level - 1])
            yield f"{'*' * level} {mark}.{MARK}{_inline(line[ordered.end() :])}"
            continue
        if line.strip() and line.strip() != "+" and not line.startswith((" ", "*", "-")):
            counted = []
        yield _inline(line)


def _rows(lines: list[str], attributes: str) -> Iterator[str]:
    """A table's cells, however they are divided into lines, in lines of all its columns."""
    filled = [line for line in lines if line.strip()]
    told = re.search(r"cols=\"?([^\"\]]+)", attributes)
    columns = len(told[1].split(",")) if told else filled[0].count("|") if filled else 1
    if told and (times := re.match(r"(\d+)\*", told[1])):
        columns = int(times[1])
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", " ".join(filled))[1:]]
    for start in range(0, len(cells), max(columns, 1)):
        yield " ".join(f"|{_inline(cell)}" for cell in cells[start : start + columns])


def _inline(line: str) -> str:
    line = _IMAGE.sub(lambda image: f"(image: {image[1]})" if image[1].strip() else "", line)
    line = _FORMULA.sub(r"$\1$", line)
    line = re.sub(r"\[(?:line-through|\.strike)\]#(.+?)#", lambda found: struck(found[1]), line)
    line = re.sub(r"(?<=\w)\^([\w+-]+)\^", lambda found: raised(found[1]), line)
    line = re.sub(r"(?<=\w)~(\w+)~", r"\1", line)
    for count, note in enumerate(list(_NOTE.finditer(line)), 1):
        start = line.find(note.group())
        line = line.replace(note.group(), "", 1)
        at = sentence_end(line, start)
        line = f"{line[:at].rstrip()} [^{count}: {note[1]}]{line[at:]}"
    return line
