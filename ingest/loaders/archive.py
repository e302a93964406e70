"""Zip archives: each document in one under its name."""

import re
import zipfile
import zlib
from pathlib import PurePath

from ingest.errors import DocumentError
from ingest.loaders.document import MAX_CHARACTERS, LoadedDocument
from ingest.loaders.writing import heading, joined
from ingest.loaders.zipped import open_zip

_HEADING = re.compile(r"^#{1,5} ", re.MULTILINE)


def read(content: bytes, name: str) -> LoadedDocument:
    """Load what is in an archive; archives in it are not opened.

    Raises DocumentError for one that is damaged, encrypted, or unpacks to too much.
    """
    from ingest.loaders import SUFFIXES, load

    blocks, hidden, warnings, unread = [], list[str](), list[str](), list[str]()
    with open_zip(content, name, doctype=True) as archive:
        for member in archive.infolist():
            path = PurePath(member.filename)
            suffix = path.suffix.lower()
            if member.is_dir() or path.name.startswith(".") or path.parts[0] == "__MACOSX":
                continue
            if suffix not in SUFFIXES or suffix == ".zip":
                unread.append(member.filename)
                continue
            try:
                document = load(_unpacked(archive, member, name), member.filename)
            except DocumentError as error:
                warnings.append(f"{member.filename}: {error.problem} {error.remedy}")
                continue
            blocks += [heading(1, member.filename), _HEADING.sub(r"#\g<0>", document.text)]
            hidden += document.hidden
            # What was hidden is counted for all together.
            own = document.warnings[: -1 if document.hidden else None]
            warnings += (f"{member.filename}: {warning}" for warning in own)
            if sum(map(len, blocks)) > MAX_CHARACTERS:
                problem = f"its documents have more than {MAX_CHARACTERS:,} characters."
                raise DocumentError(name, problem, "Unpack it and add them one by one.")
    if unread:
        warnings.append(f"{len(unread)} file(s) in it were not read: {', '.join(unread[:10])}.")
    if not blocks:
        reasons = " ".join(warnings) or "it is empty."
        raise DocumentError(name, f"no document in it could be read: {reasons}", "Unpack it first.")
    return LoadedDocument(
        joined(blocks), PurePath(name).name, "zip", warnings=tuple(warnings), hidden=tuple(hidden)
    )


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError) as error:
        problem = "it is damaged."
        raise DocumentError(member.filename, problem, "Make the archive again.") from error
