"""EPUB books: their pages one after another, each read as the web page that it is."""

import posixpath
import re
from urllib.parse import unquote

from ingest.errors import DocumentError
from ingest.loaders import html
from ingest.loaders.document import LoadedDocument, choose_title, stated
from ingest.loaders.tree import damaged
from ingest.loaders.writing import joined
from ingest.loaders.zipped import open_zip

_CONTAINER = "META-INF/container.xml"
_FACTS = {"title": "title", "creator": "author", "date": "date", "publisher": "publisher"}


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a book. Raises DocumentError for damaged, encrypted or hostile files."""
    from lxml import etree

    with open_zip(content, name, doctype=True) as archive, damaged(name):
        if "META-INF/encryption.xml" in archive.namelist() and _CONTAINER not in archive.namelist():
            raise DocumentError(
                name, "it is protected against copying.", "Add an unprotected copy."
            )
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        container = etree.fromstring(archive.read(_CONTAINER), parser)
        package_path = container.find(".//{*}rootfile").get("full-path")
        package = etree.fromstring(archive.read(package_path), parser)
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
        blocks, hidden, images = [], [], 0
        for item in package.iterfind(".//{*}spine/{*}itemref"):
            if places.get(item.get("idref")) not in archive.namelist():
                continue
            place = places[item.get("idref")]
            page = archive.read(place).decode("utf-8-sig", "replace")
            soup = html.parse(re.sub(r"^<\?xml[^>]*>", "", page), name)
            for sheet in soup.find_all("link", rel="stylesheet", href=True):
                path = posixpath.join(posixpath.dirname(place), unquote(str(sheet["href"])))
                if posixpath.normpath(path) in archive.namelist():
                    sheet.name = "style"
                    style = archive.read(posixpath.normpath(path)).decode("utf-8", "replace")
                    sheet.string = style
            written, _ = html.to_markdown(soup, name)
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
