"""Zip archives: each document in one under its name."""

import zipfile
import zlib
from functools import partial
from pathlib import PurePath

from ingest.errors import DocumentError
from ingest.loaders.document import LoadedDocument
from ingest.loaders.parts import Parts, is_read
from ingest.loaders.writing import joined
from ingest.loaders.zipped import open_archive


def read(content: bytes, name: str) -> LoadedDocument:
    """Load what is in an archive.

    Raises DocumentError for one that is damaged, encrypted, or unpacks to too much.
    """
    parts = Parts(name)
    with open_archive(content, name, is_read) as archive:
        for member in archive.infolist():
            path = PurePath(member.filename)
            is_unseen = path.name.startswith(".") or path.parts[:1] == ("__MACOSX",)
            if member.is_dir() or not path.name or is_unseen:
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
