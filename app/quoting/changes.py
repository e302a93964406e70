"""What has become of the documents: told from the catalogue's history."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.quoting.lines import LISTED, Telling, counted, name_of
from app.understanding.collection import OfDocuments
from ingest.history import Event, What

_DONE: dict[What, str] = {
    "added": "was added",
    "changed": "was changed",
    "renamed": "was renamed",
    "removed": "was removed",
    "failed": "could not be read",
    "read": "was read",
}


def tell_changes(asked: OfDocuments, telling: Telling) -> None:
    """Tell what was added, changed and removed in a period, the newest first."""
    assert asked.period is not None
    since, until = asked.period.since, asked.period.until
    when = _when(since, until)
    events = [
        event
        for event in telling.catalogue.changes_since(since, until)
        if asked.only in (None, event.what) or (event.what == "read" and asked.only != "removed")
    ]
    if not events:
        telling.say(f"{when}, no document was {asked.only or 'added, changed or removed'}.")
        return
    telling.say(f"{when}, {_sum(events)}.")
    documents = {document.name: document for document in telling.catalogue.documents()}
    for event in events[:LISTED]:
        day = _day(datetime.fromisoformat(event.at).astimezone(since.tzinfo))
        document = documents.get(event.document)
        name = name_of(document) if document and document.status != "failed" else event.document
        words = f"{name} {_DONE[event.what]} on {day}."
        if document and event.what not in ("removed", "failed"):
            telling.say_of(document, words)
        else:
            telling.say_line(words)
    telling.say_rest(len(events) - LISTED)
    if any(event.what == "read" for event in events):
        telling.say(
            "Whether what was read then was new or changed is not known: no history was kept yet."
        )


def _sum(events: Sequence[Event]) -> str:
    """Say how many documents were added, how many changed, and so on."""
    parts: list[str] = []
    for what, done in _DONE.items():
        number = sum(event.what == what for event in events)
        if number:
            how_many = str(number) if parts else counted(number, "document")
            parts.append(f"{how_many} {done if number == 1 else done.replace('was', 'were')}")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def _when(since: datetime, until: datetime | None) -> str:
    if until is None:
        at = f", {since:%H:%M}" if since.hour or since.minute else ""
        return f"Since {_day(since)}{at}"
    last = until - timedelta(days=1)
    return f"On {_day(since)}" if last <= since else f"From {_day(since)} to {_day(last)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
