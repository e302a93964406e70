"""Word documents: mammoth reads the styles into HTML, and HTML becomes Markdown."""

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ingest.errors import DocumentError
from ingest.loaders import html
from ingest.loaders.document import LoadedDocument, choose_title, iso_date
from ingest.loaders.zipped import open_zip

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_DAMAGED = "Open it in a word processor and save it again as DOCX."
_HEADINGS = "\n".join(
    f"p[style-name='{style} {level}'] => h{level + 1}:fresh"
    for level in range(1, 6)
    for style in ("Heading", "heading")
)
_TITLE = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_LISTS = "\n".join(
    f"p[style-name='{style} {level}'] => {'ul|ol > li > ' * (level - 1)}{tag} > li:fresh"
    for style, tag in (("List Bullet", "ul"), ("List Number", "ol"))
    for level in (2, 3)
)
_CODE = "\n".join(
    f"p[style-name='{style}'] => pre:separator('\\n')"
    for style in ("Code", "Source Code", "HTML Preformatted", "Preformatted Text")
)
_UNREAD = {
    "equation(s)": re.compile(rb"<m:oMath[\s/>]"),
    "chart(s) or diagram(s)": re.compile(rb"<c:chart[\s/]|<dgm:relIds[\s/]"),
    "comment(s)": re.compile(rb"<w:commentReference[\s/]"),
}
_NOTE = re.compile(r"#(foot|end)note-(?!ref)")
_CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "description": "{http://purl.org/dc/elements/1.1/}description",
    "created": "{http://purl.org/dc/terms/}created",
    "keywords": "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}keywords",
}


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a Word document. Raises DocumentError for damaged, encrypted or hostile files."""
    body, core = _unpack(content, name)
    soup, images = _to_soup(content, name, titled=b'w:val="Title"' in body)
    _mark_notes(soup)
    text = html.to_markdown(soup, name)
    unread = {label: len(pattern.findall(body)) for label, pattern in _UNREAD.items()}
    # mammoth reads a text box from the old form that Word writes beside the new one.
    unread["text box(es)"] = max(0, body.count(b"<wps:txbx>") - body.count(b"<v:textbox"))
    unread["image(s)"] = images
    return LoadedDocument(
        text=text,
        title=choose_title(text, name, stated=core.pop("title", None)),
        type="docx",
        date=iso_date(core.pop("created", None)),
        warnings=tuple(f"{n} {what} were not read." for what, n in unread.items() if n),
        metadata=core,
    )


def _unpack(content: bytes, name: str) -> tuple[bytes, dict[str, str]]:
    """The main part's XML, and the stated properties; raises DocumentError unless both are safe."""
    with open_zip(content, name) as archive:
        if "word/document.xml" not in archive.namelist():
            raise DocumentError(name, "there is no Word document in it.", _DAMAGED)
        body = archive.read("word/document.xml")
        has_core = "docProps/core.xml" in archive.namelist()
        core = archive.read("docProps/core.xml") if has_core else b""
    return body, _core_properties(core)


def _core_properties(core: bytes) -> dict[str, str]:
    if not core:
        return {}
    try:
        tree = ElementTree.fromstring(core)
    except ElementTree.ParseError:
        return {}
    found = {field: (tree.findtext(tag) or "").strip() for field, tag in _CORE.items()}
    return {field: value for field, value in found.items() if value}


def _to_soup(content: bytes, name: str, titled: bool) -> "tuple[BeautifulSoup, int]":
    """The document as HTML, and how many images it has. Below a title, headings move one down."""
    import mammoth

    images = []

    def leave_out(image: object) -> list[object]:
        images.append(image)
        return []

    styles = "\n".join([_TITLE, *([_HEADINGS] if titled else []), _LISTS, _CODE])
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(content), style_map=styles, convert_image=leave_out,
            include_embedded_style_map=False, external_file_access=False,
        )  # fmt: skip
    except RecursionError as error:
        raise DocumentError(name, "its elements are nested too deeply.", _DAMAGED) from error
    except Exception as error:  # mammoth lets whatever a damaged part causes through
        raise DocumentError(name, f"the file is damaged ({error}).", _DAMAGED) from error
    return html.parse(result.value, name), len(images)


def _mark_notes(soup: "BeautifulSoup") -> None:
    """Write mammoth's notes as Markdown footnotes: `[^1]` in the text, `[^1]: …` at the end."""
    for link in soup.find_all("a", href=_NOTE):
        mark = link.find_parent("sup") or link
        mark.replace_with(f"[^{link.get_text().strip('[]')}]")
    notes = soup.find_all("li", id=re.compile(r"^(foot|end)note-(?!ref)"))
    listing = notes[0].find_parent("ol") if notes else None
    for number, note in enumerate(notes, 1):
        for back in note.find_all("a", href=re.compile(r"^#(foot|end)note-ref-")):
            back.decompose()
        note.name = "p"
        words = " ".join(note.get_text(" ").split())
        note.string = f"[^{number}]: {words}"
    if listing:
        listing.unwrap()
