"""Zip archives: each document in one under its name."""

import zipfile
import zlib
from functools import partial
from pathlib import PurePath

from ingest.errors import DocumentError
from ingest.loaders.document import LoadedDocument
from ingest.loaders.parts import Parts
from ingest.loaders.writing import joined
from ingest.loaders.zipped import open_zip


def read(content: bytes, name: str) -> LoadedDocument:
    """Load what is in an archive.

    Raises DocumentError for one that is damaged, encrypted, or unpacks to too much.
    """
    parts = Parts(name)
    with open_zip(content, name, doctype=True) as archive:
        for member in archive.infolist():
            path = PurePath(member.filename)
            if member.is_dir() or path.name.startswith(".") or path.parts[0] == "__MACOSX":
                continue
            parts.add(member.filename, partial(_unpacked, archive, member))
    warnings = parts.warnings("file(s) in it were")
    if not parts.blocks:
        reasons = " ".join(warnings) or "it is empty."
        raise DocumentError(name, f"no document in it could be read: {reasons}", "Unpack it first.")
    return LoadedDocument(
        joined(parts.blocks),
        PurePath(name).name,
        "zip",
        warnings=warnings,
        hidden=tuple(parts.hidden),
    )


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError) as error:
        problem = "it is damaged."
        raise DocumentError(member.filename, problem, "Make the archive again.") from error
