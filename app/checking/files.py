"""A file with a text to check, in any format that a document may have."""

from ingest.errors import DocumentError
from ingest.loaders import MAX_CHARACTERS
from ingest.reading import Reader


def read_file(content: bytes, name: str, longest: int = MAX_CHARACTERS) -> tuple[str, str]:
    """Return a file's canonical text and its type.

    It is read in a process of its own, with limits, and kept nowhere. Raises DocumentError for one
    that cannot be read, or has more than `longest` characters.
    """
    with Reader(None) as reader:
        loaded = reader.read(content, name)().loaded
    if len(loaded.text) > longest:
        problem = f"its text has {len(loaded.text):,} characters, and {longest:,} are checked here."
        raise DocumentError(name, problem, "Give it in parts, or use `footnote check FILE`.")
    return loaded.text, loaded.type
