"""The formats that are read: by suffix, with what people call them, and how their files begin."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from ingest.errors import DocumentError

_CODE = (
    "c cc cpp cs css go h hpp ini java js jsx kt lua php pl ps1 py r rb rs scala sh sql swift tex "
    "toml ts tsx xml yaml yml"
).split()


@dataclass(frozen=True)
class Kind:
    """What people call a format, and the function that reads it: `module` or `module:function`."""

    name: str
    reader: str


KINDS: dict[str, Kind] = {
    ".adoc": Kind("AsciiDoc", "asciidoc"),
    ".asciidoc": Kind("AsciiDoc", "asciidoc"),
    ".csv": Kind("CSV", "records:read_table"),
    ".docx": Kind("Word", "docx"),
    ".eml": Kind("e-mail", "mail"),
    ".epub": Kind("EPUB", "epub"),
    ".htm": Kind("HTML", "html"),
    ".html": Kind("HTML", "html"),
    ".ipynb": Kind("notebook", "records:read_notebook"),
    ".json": Kind("JSON", "records:read_json"),
    ".jsonl": Kind("JSON Lines", "records:read_json"),
    ".log": Kind("plain text", "text"),
    ".markdown": Kind("Markdown", "markdown"),
    ".mbox": Kind("mailbox", "mail:read_mailbox"),
    ".md": Kind("Markdown", "markdown"),
    ".mht": Kind("web archive", "mail:read_page"),
    ".mhtml": Kind("web archive", "mail:read_page"),
    ".msg": Kind("Outlook message", "mail:read_outlook"),
    ".odp": Kind("OpenDocument", "odf"),
    ".ods": Kind("OpenDocument", "odf"),
    ".odt": Kind("OpenDocument", "odf"),
    ".pdf": Kind("PDF", "pdf"),
    ".pptx": Kind("PowerPoint", "pptx"),
    ".rst": Kind("reStructuredText", "rst"),
    ".rtf": Kind("rich text", "rtf"),
    ".srt": Kind("transcript", "source:read_transcript"),
    ".tsv": Kind("CSV", "records:read_table"),
    ".txt": Kind("plain text", "text"),
    ".vtt": Kind("transcript", "source:read_transcript"),
    ".xhtml": Kind("HTML", "html"),
    ".xlsm": Kind("Excel", "xlsx"),
    ".xlsx": Kind("Excel", "xlsx"),
    ".zip": Kind("zip archive", "archive"),
    **{f".{suffix}": Kind("source code", "source:read_code") for suffix in _CODE},
}

# Not the formats' names but those of the types that documents have when they are read.
FORMATS = {
    "asciidoc": "AsciiDoc", "code": "source code", "csv": "CSV", "docx": "Word", "eml": "e-mail",
    "epub": "EPUB", "html": "HTML", "ipynb": "notebook", "json": "JSON", "markdown": "Markdown",
    "msg": "e-mail", "odp": "OpenDocument slides", "ods": "OpenDocument tables",
    "odt": "OpenDocument text", "pdf": "PDF", "pptx": "PowerPoint", "rst": "reStructuredText",
    "rtf": "rich text", "text": "plain text", "transcript": "transcript", "xlsx": "Excel",
    "zip": "zip archive",
}  # fmt: skip

# What to do with formats that people have and that are not read.
_REMEDIES = {
    "Save it as DOCX.": ".doc .dot .docm .dotx .wpd .pages .gdoc",
    "Save it as XLSX.": ".xls .xlsb .xlt .numbers .gsheet",
    "Save it as PPTX.": ".ppt .pps .ppsx .pptm .key .gslides",
    "Save it as a table (CSV) or as text.": ".ics .vcf",
    "Put the picture into a PDF.": ".png .jpg .jpeg .gif .heic .webp .tif .tiff",
    "Add its transcript (VTT or SRT).": ".mp3 .mp4 .m4a .wav .mov",
}
NOT_READ = {suffix: remedy for remedy, some in _REMEDIES.items() for suffix in some.split()}

_BEGINNINGS = (
    (b"%PDF-", "PDF", ".pdf"),
    (b"{\\rtf", "rich text", ".rtf"),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"\xd0\xcf\x11\xe0", "an old Office file, or one protected with a password", ""),
    (b"\x1f\x8b", "a compressed file", ""),
    (b"<!doctype html", "HTML", ".html"),
    (b"<html", "HTML", ".html"),
)
_MEMBERS = (
    ("word/document.xml", "Word", ".docx"),
    ("xl/workbook.xml", "Excel", ".xlsx"),
    ("ppt/presentation.xml", "PowerPoint", ".pptx"),
    ("META-INF/container.xml", "EPUB", ".epub"),
    ("META-INF/manifest.xml", "OpenDocument", ".odt"),
)
_ZIPPED = frozenset((".docx", ".xlsx", ".xlsm", ".pptx", ".epub", ".odt", ".ods", ".odp", ".zip"))
_NOT_TEXT = _ZIPPED | {".pdf", ".msg"}


def refuse_other_kind(content: bytes, name: str) -> None:
    """Raise DocumentError, with what to do, when the content is of another kind than the name."""
    suffix = PurePath(name).suffix.lower()
    found, better = _kind_of(content)
    expected = KINDS[suffix].name
    if not found or found == expected or (suffix == ".msg" and found.startswith("an old Office")):
        return
    if found == "HTML" and suffix not in _NOT_TEXT:
        return  # people keep pages as text, and e-mails begin in many ways
    today = {"Word": "DOCX", "Excel": "XLSX", "PowerPoint": "PPTX"}.get(expected, expected)
    remedy = f"save it as {today}, or name it {better}." if better else f"save it as {today}."
    remedy = "Remove the password if it has one, and " + remedy if "password" in found else remedy
    remedy = remedy[0].upper() + remedy[1:]
    raise DocumentError(name, f"this is {found}, not {expected}.", remedy)


def _kind_of(content: bytes) -> tuple[str, str]:
    """What a file is by how it begins, and its usual suffix; empty where that says nothing."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for beginning, kind, suffix in _BEGINNINGS:
        if start.startswith(beginning.lower()):
            return kind, suffix
    if not content.startswith(b"PK\x03\x04"):
        return "", ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "", ""
    for member, kind, suffix in _MEMBERS:
        if member in names:
            return kind, suffix
    return "", ""
