"""A file's bytes → its canonical text. One module a kind of format; this one chooses."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath

from ingest.errors import DocumentError
from ingest.loaders.document import MAX_BYTES, MAX_CHARACTERS, LoadedDocument
from ingest.loaders.kinds import FORMATS, KINDS, NOT_READ, refuse_other_kind

__all__ = [
    "FORMATS",
    "LOADER_VERSION",
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "SUFFIXES",
    "LoadedDocument",
    "load",
]

# Part of the fingerprint: raise it when the same file would be read as another text.
LOADER_VERSION = 6

SUFFIXES: frozenset[str] = frozenset(KINDS)


def load(content: bytes, name: str) -> LoadedDocument:
    """Turn a file's bytes into its canonical text.

    `name` is the file's name or relative path: its suffix chooses the format, and errors name
    it. Raises DocumentError when nothing can be read; what is read only in part comes with
    warnings.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        remedy = NOT_READ.get(suffix, f"Use one of {_list(SUFFIXES)}.")
        raise DocumentError(name, f"files of type “{suffix}” are not read.", remedy)
    if not content.strip():
        problem = "the file holds only white space." if content else "the file is empty."
        raise DocumentError(name, problem, "Put text into it or remove it.")
    if len(content) > MAX_BYTES:
        raise DocumentError(
            name,
            f"the file has {len(content) / 1e6:.0f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB.",
            "Split it into smaller files.",
        )
    refuse_other_kind(content, name)
    # Imported on use: who asks should not wait for what reads, nor Markdown for the PDF libraries.
    from ingest.loaders.parts import bounded

    module, _, function = KINDS[suffix].reader.partition(":")
    read: Callable[[bytes, str], LoadedDocument] = getattr(
        import_module(f"ingest.loaders.{module}"), function or "read"
    )
    with bounded():
        return _checked(read(content, name), name)


def _checked(document: LoadedDocument, name: str) -> LoadedDocument:
    if not document.text.strip():
        raise DocumentError(name, "no text was found in it.", "Put text into it or remove it.")
    if len(document.text) > MAX_CHARACTERS:
        raise DocumentError(
            name,
            f"its text has {len(document.text):,} characters, the limit is {MAX_CHARACTERS:,}.",
            "Split it into smaller files.",
        )
    told = {key: value for key, value in document.metadata.items() if value}
    hidden = tuple(filter(None, (" ".join(words.split()) for words in document.hidden)))
    words = sum(len(stretch.split()) for stretch in hidden)
    unseen = (f"{words} word(s) that a reader does not see were left out.",) if words else ()
    return replace(document, metadata=told, hidden=hidden, warnings=(*document.warnings, *unseen))


def _list(suffixes: frozenset[str]) -> str:
    return ", ".join(sorted(suffixes))
