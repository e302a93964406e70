"""Plain text documents."""

from dataclasses import replace

from ingest.loaders.document import LoadedDocument, choose_title, stated, title_line
from ingest.loaders.drawn_tables import with_tables
from ingest.loaders.encoding import decode
from ingest.loaders.source import is_transcript, transcript


def read(content: bytes, name: str) -> LoadedDocument:
    """Load plain text as it is. Raises DocumentError for binary content."""
    text, warnings = decode(content, name)
    if is_transcript(text):
        return replace(transcript(text, name), warnings=warnings)
    text = with_tables(text)
    facts = stated(text, {})
    return LoadedDocument(
        text=text,
        title=choose_title("", name, fallback=title_line(text)),
        type="text",
        date=facts.pop("date", None),
        warnings=warnings,
        metadata=facts,
    )
