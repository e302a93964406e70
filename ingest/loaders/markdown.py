"""Markdown documents: the file's own text, with what is HTML in it written as Markdown too."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

from markdown_it.common.html_re import HTML_OPEN_CLOSE_TAG_STR

from ingest.loaders.document import LoadedDocument, choose_title, sentence_end, stated
from ingest.loaders.drawn_tables import with_tables
from ingest.loaders.encoding import decode
from ingest.loaders.writing import heading, lowered, raised, struck

_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)"
    r"|\+\+\+[ \t]*\n(?P<toml>.*?)^\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_IMAGE = re.compile(r"""<img\b[^>]*?\balt\s*=\s*(["'])(.*?)\1[^>]*>""", re.IGNORECASE | re.DOTALL)
_SCRIPTS = tuple(
    (re.compile(rf"<{name}>(.*?)</{name}>", re.IGNORECASE | re.DOTALL), written)
    for name, written in (("sup", raised), ("sub", lowered), ("(?:s|del|strike)", struck))
)
_MAX_FRONT_MATTER = 64 * 1024
_TAG = HTML_OPEN_CLOSE_TAG_STR.removeprefix("^")
_HTML = re.compile(rf"{_TAG}|<!--.*?-->", re.DOTALL)
_NO_TAG = re.compile(rf"(?!{_TAG}|<!--)<")
_INLINE_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_STYLED = re.compile(r"<[^<>]+\b(?:style|hidden|class)\b")
_DEFINITION = re.compile(
    r"^ {0,3}\[([^\]^\n]+)\]:[ \t]*\S+(?:[ \t]+[\"'(](.*)[\"')])?[ \t]*\n", re.M
)
_NOTE = re.compile(
    r"^\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*)\n*", re.M
)


def read(content: bytes, name: str) -> LoadedDocument:
    """Load Markdown. Raises DocumentError for binary content."""
    text, warnings = decode(content, name)
    fields, start, problem = _front_matter(text)
    written, hidden = _plain(with_tables(text[start:]), name)
    if problem:
        written = text[:start] + written
    facts = stated(written, fields)
    return LoadedDocument(
        text=written,
        title=choose_title(written, name, explicit=fields.get("title")),
        type="markdown",
        date=facts.pop("date", None),
        warnings=warnings + problem,
        metadata={key: value for key, value in facts.items() if key != "title"},
        hidden=hidden,
    )


def _front_matter(text: str) -> tuple[dict[str, str], int, tuple[str, ...]]:
    """The front matter's fields as text, the offset at which the body starts, and a warning if
    what looks like front matter cannot be read (it then stays in the text)."""
    found = _FRONT_MATTER.match(text)
    if not found or found.end() > _MAX_FRONT_MATTER:
        return {}, 0, ()
    import yaml

    try:
        is_toml = found["toml"] is not None
        fields = tomllib.loads(found["toml"]) if is_toml else yaml.safe_load(found["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        kind = "TOML" if is_toml else "YAML"
        problem = f"The front matter is not valid {kind} and was kept as text: {reason}"
        return {}, found.end(), (problem,)
    if fields is None:
        return {}, found.end(), ()
    if not isinstance(fields, dict):
        return {}, 0, ()
    told = {str(key).lower(): _as_text(value) for key, value in fields.items()}
    return {key: value for key, value in told.items() if value}, found.end(), ()


def _as_text(value: object) -> str:
    """A scalar as text, a list of scalars joined by "; "; deeper structures are left out."""
    if isinstance(value, list):
        return "; ".join(filter(None, (_scalar(item) for item in value)))
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, dict):  # an author with an address, and the like
        value = value.get("name")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _plain(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    """The text with underlined headings, HTML and notes written plainly, and what HTML hid."""
    from markdown_it import MarkdownIt

    lines = text.splitlines(keepends=True)
    hidden: list[str] = []
    tokens = [t for t in MarkdownIt("commonmark").enable("table").parse(text) if t.map]
    for token in reversed(list(_html_runs(tokens, lines))):
        first, last = token.map
        source = "".join(lines[first:last])
        if token.type == "heading_open":
            words = " ".join(line.strip() for line in lines[first : last - 1])
            lines[first:last] = [heading(int(token.tag[1]), words) + "\n"]
        elif token.type == "html_block":
            written, unseen = _from_html(source, name)
            hidden[:0] = unseen
            while not written.strip() and last < len(lines) and not lines[last].strip():
                last += 1
            lines[first:last] = [written.strip("\n") + "\n"] if written.strip() else []
        elif token.type == "inline" and _HTML.search(source):
            written, unseen = _without_tags(source, name)
            hidden[:0] = unseen
            lines[first:last] = [written]
    text, unused = _without_unused("".join(lines))
    return _with_notes(text), (*hidden, *unused)


def _html_runs(tokens: list[Any], lines: list[str]) -> Iterator[Any]:
    """The tokens to write anew; a table that blank lines divide is one of them."""
    open_until = 0
    for number, token in enumerate(tokens):
        if token.map[0] < open_until:
            continue
        if token.type == "html_block":
            for later in tokens[number:]:
                source = "".join(lines[token.map[0] : later.map[1]]).lower()
                if source.count("<table") <= source.count("</table"):
                    token.map[1] = max(token.map[1], later.map[1])
                    break
            open_until = token.map[1]
            yield token
        elif token.type == "inline" or (token.type == "heading_open" and token.markup in "=-"):
            open_until = token.map[1] if token.type == "heading_open" else open_until
            yield token


def _from_html(source: str, name: str) -> tuple[str, list[str]]:
    from ingest.loaders import html

    written, _ = html.to_markdown(html.parse(source, name), name)
    return written.text, written.hidden


def _without_tags(source: str, name: str) -> tuple[str, list[str]]:
    """Words without HTML's marks, and those that it hides; what is code stays as it is."""
    hidden: list[str] = []
    parts, at = [], 0
    for code in [*_INLINE_CODE.finditer(source), None]:
        piece = source[at : code.start() if code else len(source)]
        if _STYLED.search(piece):
            from ingest.loaders import html, unseen

            soup = html.parse(_NO_TAG.sub("&lt;", piece), name)
            hidden += unseen.take_out(soup)
            as_it_is: Any = None
            piece = (soup.body or soup).decode_contents(formatter=as_it_is)
        parts += [_tags(piece), code.group() if code else ""]
        at = code.end() if code else at
    return "".join(parts), hidden


def _without_unused(text: str) -> tuple[str, list[str]]:
    """The text without definitions that no link uses; a comment can be hidden as one."""
    unused = [each for each in _DEFINITION.finditer(text) if text.count(f"[{each[1]}]") == 1]
    for each in reversed(unused):
        text = text[: each.start()] + text[each.end() :]
    return text, [" ".join(filter(None, (each[1], each[2]))) for each in unused]


def _tags(source: str) -> str:
    for pattern, write in _SCRIPTS:
        for found in reversed(list(pattern.finditer(source))):
            source = source[: found.start()] + write(found[1]) + source[found.end() :]
    source = re.sub(r"<br\s*/?>(?=\s*\n)", "", source, flags=re.IGNORECASE)
    source = re.sub(r"<br\s*/?>", " ", source, flags=re.IGNORECASE)
    source = _IMAGE.sub(lambda found: f"(image: {found[2]})" if found[2].strip() else "", source)
    source = re.sub(r"</li>\s*(?=<li)", "; ", source, flags=re.IGNORECASE)
    source = re.sub(r"</(?:p|div|h[1-6]|td|th)>(?=\S)", " ", source, flags=re.IGNORECASE)
    return _HTML.sub("", source)


def _with_notes(text: str) -> str:
    """The text with each note after the sentence that it was first set in."""
    notes = {note[1]: " ".join(note[2].split()) for note in _NOTE.finditer(text)}
    if not notes:
        return text
    text = _NOTE.sub("", text)
    for name, words in notes.items():
        mark = f"[^{name}]"
        start = text.find(mark)
        if start < 0:
            text = f"{text.rstrip()}\n\n{mark}: {words}\n"
            continue
        text = text[:start] + text[start + len(mark) :]
        end = text.find("\n\n", start)
        block = text[: end if end >= 0 else len(text.rstrip())]
        at = sentence_end(block, start)
        text = f"{text[:at].rstrip()} [^{name}: {words}]{text[at:]}"
    return text
