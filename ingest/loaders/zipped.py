"""Documents that are zipped XML (Word, Excel, PowerPoint, OpenDocument, EPUB): harmless or refused.

One check for all of them, made before any parser sees the file: how many members there are, what
they unpack to, and that no XML in it declares entities, in whatever encoding it is written.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.parsers.expat import errors
from xml.sax import ContentHandler, SAXParseException

import defusedxml.sax
from defusedxml import DefusedXmlException

from ingest.errors import DocumentError

MAX_MEMBERS = 10_000
# The XML of a thousand-page book has about 15 MB; a zip bomb's has gigabytes.
MAX_UNPACKED = 200 * 1000 * 1000

_ANEW = "Open it in the program it comes from and save it again."
_DECLARES = "declares XML entities or a document type, as only a hostile file does."
# Of "<?xml" in EBCDIC, which libxml2 reads and expat does not.
_EBCDIC = b"\x4c\x6f\xa7\x94"
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_UNKNOWN = tuple(
    errors.codes[message]
    for message in (errors.XML_ERROR_UNKNOWN_ENCODING, errors.XML_ERROR_INCORRECT_ENCODING)
)
# Drawing programs declare a document type. No loader reads pictures as XML.
_PICTURES = ("media/", "Pictures/", "images/", "Images/")


def open_zip(content: bytes, name: str, *, doctype: bool = False) -> zipfile.ZipFile:
    """Open a zipped document that is safe to unpack; `doctype` allows one that only names a DTD.

    EPUB's pages have such a line. Raises DocumentError for a damaged, encrypted or hostile file.
    """
    archive = open_archive(content, name, lambda member: True)
    with _damage_told(name):
        for member in archive.infolist():
            if _may_be_xml(archive, member):
                check_xml(archive.read(member), name, member.filename, doctype=doctype)
    return archive


def open_archive(content: bytes, name: str, is_unpacked: Callable[[str], bool]) -> zipfile.ZipFile:
    """Open an archive of which the members that are unpacked, by their names, are not too much.

    Raises DocumentError for a damaged or encrypted file.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentError(
            name,
            "this is an old Office file or one protected with a password.",
            "Remove the password and save it in today's format.",
        )
    with _damage_told(name):
        archive = zipfile.ZipFile(io.BytesIO(content))
        _check_members(archive, name, is_unpacked)
    return archive


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise DocumentError(name, f"the file is damaged ({error}).", _ANEW) from error


def check_xml(content: bytes, name: str, member: str = "it", *, doctype: bool = False) -> None:
    """Refuse XML that declares a document type or entities; `doctype` allows one without entities.

    What is not well-formed is looked through and left to its parser. `member` is what the message
    calls it. Raises DocumentError.
    """
    hostile = DocumentError(name, f"{member} {_DECLARES}", _ANEW)
    unread = DocumentError(name, f"{member} is in an encoding that is not read.", _ANEW)
    if content.startswith(_EBCDIC):
        raise unread
    try:
        # Nothing external is fetched without being asked for; EPUB's pages name a DTD.
        defusedxml.sax.parseString(
            content, ContentHandler(), forbid_dtd=not doctype, forbid_external=not doctype
        )
    except DefusedXmlException as error:
        raise hostile from error
    except SAXParseException as error:
        plain = content.replace(b"\0", b"").upper()
        if b"<!ENTITY" in plain or (b"<!DOCTYPE" in plain and not doctype):
            raise hostile from error
        if _code(error) in _UNKNOWN:
            raise unread from error
    except (LookupError, ValueError) as error:  # Python's word for such an encoding
        raise unread from error


def root_of(xml: bytes) -> Any:
    """The outermost element of a member's XML, for which nothing else is looked up."""
    from lxml import etree

    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def _code(error: SAXParseException) -> int | None:
    return getattr(error.getException(), "code", None)


def _check_members(archive: zipfile.ZipFile, name: str, is_unpacked: Callable[[str], bool]) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        problem = f"it is made of {len(members):,} parts, the limit is {MAX_MEMBERS:,}."
        raise DocumentError(name, problem, "Split it into smaller documents.")
    # What a member says it unpacks to is also where unpacking stops.
    size = sum(member.file_size for member in members if is_unpacked(member.filename))
    if size > MAX_UNPACKED:
        problem = f"it unpacks to {size / 1e6:,.0f} MB, the limit is {MAX_UNPACKED / 1e6:,.0f} MB."
        raise DocumentError(name, problem, "Split it into smaller documents.")
    if any(member.flag_bits & 1 for member in members):
        problem = "it is protected with a password."
        raise DocumentError(name, problem, "Remove the password and save it again.")


def _may_be_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether an XML parser would take it: by how it begins, for names can be given freely."""
    if member.filename.endswith(".svg") and any(part in member.filename for part in _PICTURES):
        return False
    with archive.open(member) as file:
        start = file.read(1_000)
    beginning = start.lstrip(_BEFORE_XML)
    return bool(start) and (not beginning or beginning.startswith((b"<", _EBCDIC)))
