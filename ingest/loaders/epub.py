"""EPUB books: their pages one after another, each read as the web page that it is."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.errors import DocumentError
from ingest.loaders import html, page_parts
from ingest.loaders.document import LoadedDocument, choose_title, stated
from ingest.loaders.tree import damaged
from ingest.loaders.writing import joined
from ingest.loaders.zipped import open_zip, root_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_LINK = re.compile(rb"""href\s*=\s*["']([^"'#]+)#""")
_CONTAINER = "META-INF/container.xml"
_FACTS = {"title": "title", "creator": "author", "date": "date", "publisher": "publisher"}


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a book. Raises DocumentError for damaged, encrypted or hostile files."""
    with open_zip(content, name, doctype=True) as archive, damaged(name):
        if "META-INF/encryption.xml" in archive.namelist() and _CONTAINER not in archive.namelist():
            raise DocumentError(
                name, "it is protected against copying.", "Add an unprotected copy."
            )
        container = root_of(archive.read(_CONTAINER))
        package_path = container.find(".//{*}rootfile").get("full-path")
        package = root_of(archive.read(package_path))
        folder = posixpath.dirname(package_path)
        places = {
            item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href"))))
            for item in package.iterfind(".//{*}manifest/{*}item")
            if "nav" not in (item.get("properties") or "").split()
        }
        facts = {
            field: "; ".join(e.text or "" for e in package.iterfind(f".//{{*}}metadata/{{*}}{tag}"))
            for tag, field in _FACTS.items()
        }
        names = [item.get("idref") for item in package.iterfind(".//{*}spine/{*}itemref")]
        spine = [places[name] for name in names if places.get(name) in archive.namelist()]
        pages = {place: _page(archive, place, name) for place in _linked_both_ways(archive, spine)}
        blocks, hidden, images = [], [], 0
        for place in spine:
            page = pages.get(place) or _page(archive, place, name)
            _fetch_notes(place, page, pages)
            written, _ = html.to_markdown(page, name)
            blocks.append(written.text)
            hidden += written.hidden
            images += written.images
    text = joined(block for block in blocks if block.strip())
    facts = stated(text, facts)
    pictures = f"{images} image(s) were not read, only their alternative texts."
    return LoadedDocument(
        text=text,
        title=choose_title("", name, explicit=facts.pop("title", None), fallback=None),
        type="epub",
        date=facts.pop("date", None),
        warnings=(pictures,) if images else (),
        metadata=facts,
        hidden=tuple(hidden),
    )


def _page(archive: zipfile.ZipFile, place: str, name: str) -> "BeautifulSoup":
    """A page of the book with its own style sheets in it."""
    source = archive.read(place).decode("utf-8-sig", "replace")
    soup = html.parse(re.sub(r"^<\?xml[^>]*>", "", source), name)

    def sheet(address: str) -> str:
        path = _resolved(place, address)
        known = path in archive.namelist()
        return archive.read(path).decode("utf-8", "replace") if known else ""

    html.put_sheets_in(soup, sheet)
    return soup


def _resolved(place: str, path: str) -> str:
    """The member of the archive that a page at `place` calls `path`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(path)))


def _linked_both_ways(archive: zipfile.ZipFile, spine: list[str]) -> set[str]:
    """The pages that others link into and that link back, as those of notes do."""
    links = {
        place: {
            _resolved(place, path.decode("utf-8", "replace"))
            for path in _LINK.findall(archive.read(place))
        }
        for place in spine
    }
    return {there for place in spine for there in links[place] if place in links.get(there, ())}


def _fetch_notes(place: str, page: "BeautifulSoup", pages: Mapping[str, "BeautifulSoup"]) -> None:
    """Bring the notes that a page's marks link to in other pages into it, as if it had them."""
    for link in page.find_all("a", href=re.compile(".#.")):
        path, _, id = str(link["href"]).partition("#")
        there = _resolved(place, path)
        if there == place:
            link["href"] = f"#{id}"
        note = pages[there].find(page_parts.NOTE_TAGS, id=id) if there in pages else None
        if there == place or note is None:
            continue
        back = [
            each for each in note.find_all("a", href=re.compile(".#."))
            if _resolved(there, str(each["href"]).partition("#")[0]) == place
        ]  # fmt: skip
        if page_parts.is_note(link, note, back):
            for each in back:
                each["href"] = f"#{str(each['href']).partition('#')[2]}"
            note["id"] = f"{there}:{id}"
            link["href"], link["role"] = f"#{note['id']}", "doc-noteref"
            (page.body or page).append(note.extract())
