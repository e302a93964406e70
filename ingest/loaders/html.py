"""HTML to Markdown: headings, lists, real tables and the words of links; no scripts, no menus."""

import re
from typing import TYPE_CHECKING, Any

from ingest.errors import DocumentError
from ingest.loaders.document import LoadedDocument, choose_title, iso_date
from ingest.loaders.text import clean, decode

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# The converter recurses twice per level; Python allows about a thousand calls. Pages written by
# people stay below forty levels.
MAX_DEPTH = 200

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_NOT_CONTENT = (
    "script", "style", "noscript", "template", "nav", "svg", "canvas", "iframe", "object",
    "embed", "audio", "video", "map", "button", "input", "select", "textarea", "dialog",
)  # fmt: skip
_NOT_CONTENT_ROLES = ("navigation", "search", "menu", "menubar", "dialog")
_DATES = ("date", "dcterms.date", "dc.date", "article:published_time", "dcterms.created")
_METADATA = {
    "author": ("author", "dcterms.creator", "dc.creator", "article:author"),
    "licence": ("licence", "license", "dcterms.license", "dcterms.rights", "dc.rights"),
    "sources": ("sources", "source", "dcterms.source", "dc.source"),
    "description": ("description", "dcterms.description", "og:description"),
}


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a web page. Raises DocumentError for binary content and for hopeless nesting."""
    declared = _CHARSET.search(content[:4096])
    charset = declared.group(1).decode("ascii") if declared else None
    source, warnings = decode(content, name, charset)
    soup = parse(source, name)
    meta = _meta(soup)
    stated = soup.title.get_text(" ", strip=True) if soup.title else None
    heading = soup.h1.get_text(" ", strip=True) if soup.h1 else None
    images = len(soup.find_all("img"))
    text = to_markdown(_content(soup), name)
    if images:
        warnings += (f"{images} image(s) were not read, only their alternative texts.",)
    return LoadedDocument(
        text=text,
        title=choose_title(text, name, stated=heading or stated),
        type="html",
        date=_date(soup, meta),
        warnings=warnings,
        metadata={
            field: next((meta[key] for key in keys if key in meta), "")
            for field, keys in _METADATA.items()
        },
    )


def parse(source: str, name: str) -> "BeautifulSoup":
    """The element tree of `source`; nothing it refers to is fetched or expanded."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(source, "lxml")
    if _depth(soup) > MAX_DEPTH:
        raise DocumentError(
            name,
            f"its elements are nested more than {MAX_DEPTH} levels deep.",
            "Save it again from a browser or convert it to Markdown.",
        )
    return soup


def to_markdown(root: "Tag", name: str) -> str:
    """Markdown of everything in `root`, which is changed on the way. Ends with one newline."""
    from ingest.loaders.html_markdown import convert

    try:
        text = convert(root)
    except RecursionError as error:
        raise DocumentError(
            name, "its elements are nested too deeply.", "Convert it to Markdown first."
        ) from error
    text, _ = clean(text)
    text = re.sub(r"[ \t]+$", "", text.replace("\N{NO-BREAK SPACE}", " "), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _depth(soup: "BeautifulSoup") -> int:
    """How deep the deepest element lies, found without recursion."""
    deepest = 0
    level: list[Any] = [soup]
    while level and deepest <= MAX_DEPTH:
        level = [child for tag in level for child in tag.children if hasattr(child, "children")]
        deepest += 1
    return deepest


def _content(soup: "BeautifulSoup") -> "Tag":
    """The part of the page that is the document: its one <main> if it has one, else its body."""
    for tag in soup.find_all(_NOT_CONTENT):
        tag.decompose()
    for tag in soup.find_all(_is_hidden):
        tag.decompose()
    mains = soup.find_all("main") or soup.find_all(role="main")
    if len(mains) != 1:
        return soup.body or soup
    main = mains[0]
    if soup.h1 and not main.h1:
        main.insert(0, soup.h1.extract())
    return main


def _is_hidden(tag: "Tag") -> bool:
    return tag.has_attr("hidden") or tag.get("role") in _NOT_CONTENT_ROLES


def _meta(soup: "BeautifulSoup") -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        key = str(tag.get("name") or tag.get("property") or "").lower()
        value = " ".join(str(tag.get("content") or "").split())
        if key and value:
            found[key] = f"{found[key]}; {value}" if key in found else value
    return found


def _date(soup: "BeautifulSoup", meta: dict[str, str]) -> str | None:
    stated = [meta.get(key) for key in _DATES]
    marked = [tag.get("datetime") for tag in soup.find_all("time", limit=1)]
    return next(filter(None, map(iso_date, [*stated, *marked])), None)
