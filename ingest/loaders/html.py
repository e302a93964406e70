"""Web pages: what is seen is made plain, then docling's backend reads it."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ingest.errors import DocumentError
from ingest.loaders.document import LoadedDocument, choose_title, stated
from ingest.loaders.encoding import clean, decode
from ingest.loaders.tree import Written, open_backend, write

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# Parsers recurse for each level; Python allows about a thousand calls. Pages written by people stay
# below forty levels.
MAX_DEPTH = 200

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""")
_NOT_DRAWN = bytes([*range(0x01, 0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_FRAME = "#breadcrumbs, .breadcrumb, .breadcrumbs, .mw-editsection"
_TITLES = ("title", "MsoTitle")
_ROLES = ("navigation", "search", "menu", "menubar", "dialog", "alertdialog")
_FIELDS = {
    "author": ("author", "dcterms.creator", "dc.creator", "article:author"),
    "date": ("date", "dcterms.date", "dc.date", "article:published_time", "dcterms.created"),
    "licence": ("licence", "license", "dcterms.license", "dcterms.rights", "dc.rights"),
    "sources": ("sources", "source", "dcterms.source", "dc.source"),
    "description": ("description", "dcterms.description", "og:description"),
}


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a web page. Raises DocumentError for binary content and for hopeless nesting."""
    found = _CHARSET.search(content[:4096].lower())
    declared = found.group(1).decode() if found else None
    source, warnings = decode(content, name, declared)
    drawn = content.translate(None, _NOT_DRAWN)
    if len(drawn) < len(content) and b"\0" not in content:
        source, warnings = decode(drawn, name, declared)
    return from_source(source, name, "html", warnings)


def from_source(
    source: str, name: str, type: str, warnings: tuple[str, ...] = ()
) -> LoadedDocument:
    """The document that HTML `source` makes; nothing that it refers to is fetched or expanded."""
    soup = parse(source, name)
    facts = _facts(soup)
    _raise_title(soup)
    headings = [tag.get_text(" ", strip=True) for tag in soup.find_all("h1")]
    named = soup.title.get_text(" ", strip=True) if soup.title else ""
    facts["title"] = headings[0] if headings else named
    written, left_out = to_markdown(soup, name)
    facts = stated(written.text, facts)
    if left_out:
        warnings += (f"{left_out} word(s) of menus and around the page's main part were left out.",)
    if written.images:
        warnings += (f"{written.images} image(s) were not read, only their alternative texts.",)
    return LoadedDocument(
        text=written.text,
        # Of several headings of the first level, none is the title of the whole.
        title=choose_title(
            written.text,
            name,
            explicit=named if len(headings) > 1 else None,
            stated=facts.pop("title", None),
        ),
        type=type,
        date=facts.pop("date", None),
        warnings=warnings,
        metadata=facts,
        hidden=tuple(written.hidden),
    )


def parse(source: str, name: str) -> "BeautifulSoup":
    """The element tree of `source`."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(clean(source)[0], "lxml")
    # The parser does not know that these have no content, and puts what follows into them.
    for tag in soup.find_all(("wbr", "embed", "source", "track")):
        for child in reversed(list(tag.contents)):
            tag.insert_after(child.extract())
    deepest, level = 0, list[Any]([soup])
    while level and deepest <= MAX_DEPTH:
        level = [child for tag in level for child in tag.children if hasattr(child, "children")]
        deepest += 1
    if level:
        raise DocumentError(
            name,
            f"its elements are nested more than {MAX_DEPTH} levels deep.",
            "Save it again from a browser or convert it to Markdown.",
        )
    return soup


def put_sheets_in(soup: "BeautifulSoup", fetch: Callable[[str], str]) -> None:
    """Let the page have those of its style sheets in itself that `fetch` has by their addresses."""
    for link in soup.find_all("link", rel="stylesheet", href=True):
        if sheet := fetch(str(link["href"])):
            link.name, link.string = "style", sheet


def to_markdown(soup: "BeautifulSoup", name: str) -> tuple[Written, int]:
    """The page as text, and how many words of its frame are not in it. `soup` is used up."""
    from ingest.loaders import page_parts, unseen

    hidden = unseen.take_out(soup)
    hidden += [tag.get_text(" ") for tag in soup.find_all("noscript")]
    left_out = _take_main(soup)
    images, blocks = page_parts.simplify(soup)
    backend = open_backend("html_backend", "HTMLDocumentBackend", "html", b"<p>", name)
    backend.options.infer_furniture = backend.options.add_title = False
    # It would write dashes and quotation marks as ASCII, and drop the joiners of scripts and emoji.
    type(backend)._clean_unicode = staticmethod(str)
    backend.soup = soup
    written = write(backend, name)
    written.text = page_parts.put_back(written.text, blocks)
    written.hidden, written.images = hidden, images
    return written, left_out


def _raise_title(soup: "BeautifulSoup") -> None:
    """Let what a word processor styled as the title head the page's headings."""
    title = soup.find("p", class_=_TITLES)
    if title and not title.find_previous(re.compile("^h[1-6]$")):
        for level in range(5, 0, -1):
            for below in soup.find_all(f"h{level}"):
                below.name = f"h{level + 1}"
        title.name = "h1"


def _take_main(soup: "BeautifulSoup") -> int:
    """Reduce a page to what is the document: its one <main> if it has one, without menus."""
    body = soup.body or soup
    words = len(body.get_text(" ").split())
    for tag in [*body.find_all("nav"), *body.find_all(role=_ROLES), *body.select(_FRAME)]:
        tag.decompose()
    mains = body.find_all("main") or body.find_all(role="main")
    if len(mains) == 1:
        main: Tag = mains[0]
        title = body.h1
        if title and not main.h1:
            main.insert(0, title.extract())
        main.extract()
        body.clear()
        body.append(main)
    return words - len(body.get_text(" ").split())


def _facts(soup: "BeautifulSoup") -> dict[str, str]:
    """What the page's head says of it, and the first date that is marked as one."""
    said: dict[str, Any] = {}
    for tag in soup.find_all("meta"):
        key = str(tag.get("name") or tag.get("property") or "").lower()
        value = " ".join(str(tag.get("content") or "").split())
        if key and value:
            said[key] = f"{said[key]}; {value}" if key in said else value
    facts = {
        field: next((said[key] for key in keys if key in said), "")
        for field, keys in _FIELDS.items()
    }
    times = [str(tag.get("datetime") or "") for tag in soup.find_all("time", limit=1)]
    signed = [*soup.find_all(rel="author"), *soup.find_all(itemprop="author")]
    authors = filter(None, (tag.get_text(" ", strip=True) for tag in signed))
    facts["author"] = facts["author"] or next(authors, "")
    return {**facts, "date": facts["date"] or "".join(times)}
