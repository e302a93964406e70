"""A quote as people write it into their own work."""

import re

from ingest.catalogue import Document


def citation_formats(
    document: Document, quote: str, place: str, href: str
) -> list[tuple[str, str]]:
    """The quote with where it stands, as (name, text): plain, Markdown, BibTeX, RIS.

    `href` is the address that opens it in the reader.
    """
    words = " ".join(quote.split()).strip("| ")
    title = document.title or document.name
    date = f" ({document.date})" if document.date else ""
    where = f", {place}" if place else ""
    key = re.sub(r"[^a-z0-9]+", "-", document.name.lower()).strip("-") or "document"
    proof = f"SHA-256 {document.sha256[:16]}"
    return [
        ("Plain", f"“{words}” — {title}{date}{where}. {document.name}, {proof}."),
        ("Markdown", f"> {words}\n>\n> — [{_bracketed(title)}]({href}){date}{where}"),
        (
            "BibTeX",
            f"@misc{{{key},\n  title = {{{_braced(title)}}},\n"
            + (f"  date = {{{_braced(document.date)}}},\n" if document.date else "")
            + f"  howpublished = {{{_braced(document.name)}}},\n"
            + f"  note = {{{_braced(f'{place}; {proof}' if place else proof)}}}\n}}",
        ),
        (
            "RIS",
            "".join(
                f"{field}  - {' '.join(value.split())}\n"
                for field, value in (
                    ("TY", "GEN"),
                    ("TI", title),
                    ("DA", (document.date or "").replace("-", "/")),
                    ("AB", words),
                    ("SE", place),
                    ("UR", href),
                    ("N1", f"{document.name}, {proof}"),
                    ("ER", ""),
                )
                if value or field == "ER"
            ),
        ),
    ]


def _bracketed(text: str) -> str:
    return re.sub(r"([\[\]\\])", r"\\\1", text)


def _braced(text: str) -> str:
    return re.sub(r"([{}\\])", r"\\\1", text)
