"""Answers as files to take away: which kinds there are, their links, and the files."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.export import pdf as export_pdf
from app.export import written as export
from app.journal import Kept
from app.page.links import export_link
from app.page.ports import Library


@dataclass(frozen=True)
class Kind:
    """What a kind of file is called, on the page and on the disk, and what writes it.

    `write` takes the answers, and the SHA-256 of the documents as they are now, by name.
    """

    name: str
    media_type: str
    file_name: str
    write: Callable[[Sequence[Kept], Mapping[str, str]], str | bytes]


KINDS = {
    "markdown": Kind("Markdown", "text/markdown; charset=utf-8", "footnote.md", export.to_markdown),
    "html": Kind("HTML", "text/html; charset=utf-8", "footnote.html", export.to_html),
    "pdf": Kind("PDF", "application/pdf", "footnote.pdf", export_pdf.to_pdf),
}


def save_links(ids: Sequence[str], attributes: str = "") -> list[str]:
    """A link for each kind of file of these answers; `attributes` are HTML, and not escaped."""
    return [
        f'<a{attributes} href="{html.escape(export_link(ids, kind))}" download>{each.name}</a>'
        for kind, each in KINDS.items()
    ]


def present(library: Library) -> dict[str, str]:
    """The SHA-256 of every document that can be read now, by its name."""
    return {
        document.name: document.sha256
        for document in library.documents()
        if document.status != "failed"
    }
