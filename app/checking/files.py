"""A file with a text to check, in any format that a document may have."""

from app.checking.checked_text import CheckedText
from app.checking.support import SupportChecker
from app.checking.text import check_text
from ingest.errors import DocumentError
from ingest.index import Index
from ingest.loaders import MAX_CHARACTERS
from ingest.reading import Reader


def check_file(
    content: bytes,
    name: str,
    index: Index,
    checker: SupportChecker,
    longest: int = MAX_CHARACTERS,
) -> CheckedText:
    """Hold a file's text against the documents; offsets are into its canonical text.

    It is read in a process of its own, with limits, and kept nowhere. Raises DocumentError for one
    that cannot be read, or has more than `longest` characters.
    """
    with Reader(None) as reader:
        loaded = reader.read(content, name)().loaded
    if len(loaded.text) > longest:
        problem = f"its text has {len(loaded.text):,} characters, and {longest:,} are checked here."
        raise DocumentError(name, problem, "Give it in parts, or use `footnote check FILE`.")
    return check_text(loaded.text, index, checker, loaded.type)
