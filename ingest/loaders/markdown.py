"""Markdown documents: the file's own text, without its YAML front matter."""

import re
from datetime import date

import yaml

from ingest.loaders.document import LoadedDocument, choose_title, iso_date
from ingest.loaders.text import decode

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_MAX_FRONT_MATTER = 64 * 1024


def read(content: bytes, name: str) -> LoadedDocument:
    """Load Markdown character for character. Raises DocumentError for binary content."""
    text, warnings = decode(content, name)
    fields, start, problem = _front_matter(text)
    body = text[start:]
    return LoadedDocument(
        text=body,
        title=choose_title(body, name, explicit=fields.pop("title", None)),
        type="markdown",
        date=iso_date(fields.pop("date", None)),
        warnings=warnings + problem,
        metadata=fields,
    )


def _front_matter(text: str) -> tuple[dict[str, str], int, tuple[str, ...]]:
    """The front matter's fields as text, the offset at which the body starts, and a warning if
    what looks like front matter cannot be read (it then stays in the text)."""
    found = _FRONT_MATTER.match(text)
    if not found or found.end() > _MAX_FRONT_MATTER:
        return {}, 0, ()
    try:
        fields = yaml.safe_load(found.group(1))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        return {}, 0, (f"The front matter is not valid YAML and was kept as text: {reason}",)
    if fields is None:
        return {}, found.end(), ()
    if not isinstance(fields, dict):
        return {}, 0, ()
    stated = {str(key).lower(): _as_text(value) for key, value in fields.items()}
    return {key: value for key, value in stated.items() if value}, found.end(), ()


def _as_text(value: object) -> str:
    """A scalar as text, a list of scalars joined by "; "; deeper structures are left out."""
    if isinstance(value, list):
        return "; ".join(filter(None, (_scalar(item) for item in value)))
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip() if isinstance(value, str | int | float) else ""
