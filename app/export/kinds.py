"""The kinds of file that answers can be saved as, and saving them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.export.carried import TextOf, carried
from app.export.pdf import to_pdf
from app.export.word import to_word
from app.export.written import to_html, to_markdown
from app.journal import Kept
from ingest.catalogue import Document


@dataclass(frozen=True)
class Kind:
    """What a kind of file is called, on the page and on the disk, and what writes it.

    `write` takes the answers, the SHA-256 of the documents as they are now, by name, and the data
    that the file carries.
    """

    name: str
    media_type: str
    suffix: str
    write: Callable[[Sequence[Kept], Mapping[str, str], str], str | bytes]

    def file(self, kept: Sequence[Kept], today: Mapping[str, str], data: str) -> bytes:
        """Return the file's bytes; the parameters are those of `write`."""
        written = self.write(kept, today, data)
        return written.encode() if isinstance(written, str) else written


KINDS = {
    "markdown": Kind("Markdown", "text/markdown; charset=utf-8", ".md", to_markdown),
    "html": Kind("HTML", "text/html; charset=utf-8", ".html", to_html),
    "pdf": Kind("PDF", "application/pdf", ".pdf", to_pdf),
    "word": Kind(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
        to_word,
    ),
}
BY_SUFFIX = {kind.suffix: kind for kind in KINDS.values()}


def saved(
    kind: Kind, kept: Sequence[Kept], documents: Iterable[Document], text_of: TextOf
) -> bytes:
    """The file of these answers, with what proves its quotes.

    Raises FootnoteError where this kind has no place for what is in them.
    """
    today = present(documents)
    return kind.file(kept, today, carried(kept, today, text_of))


def present(documents: Iterable[Document]) -> dict[str, str]:
    """The SHA-256 of every document that can be read now, by its name."""
    return {each.name: each.sha256 for each in documents if each.status != "failed"}
