"""What a run did, document by document, and what to know about each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ingest.catalogue import Catalogue, Document
from ingest.facts import Facts

Action = Literal[
    "added", "changed", "renamed", "unchanged", "read again", "deleted", "failed", "skipped",
    "left out",
]  # fmt: skip

_PREVIEW = 300  # characters


@dataclass(frozen=True)
class Changes:
    """Sentences, items and rows that the version before did not have, and that only it had."""

    new: tuple[str, ...]
    gone: tuple[str, ...]

    @classmethod
    def between(cls, before: Sequence[str], now: Sequence[str]) -> "Changes":
        """Compare two versions; what was only moved has not changed."""
        old, new = Counter(before), Counter(now)
        return cls(tuple((new - old).elements()), tuple((old - new).elements()))


@dataclass(frozen=True)
class ReceiptLine:
    """What was done with one document, and what to know about it.

    "failed" has a `problem` with what to do; "skipped" is a format that cannot be read; "left out"
    is a file the user removed earlier; "renamed" is a content that is called otherwise now. Of what
    was read: `preview` is how its text begins, `nearly` are other documents and the share that is
    the same, and of another version, `changes` are against the one before.
    """

    document: str
    action: Action
    passages: int = 0
    pages: int = 0
    warnings: tuple[str, ...] = ()
    problem: str = ""
    facts: Facts = field(default_factory=Facts)
    preview: str = ""
    nearly: tuple[tuple[str, float], ...] = ()
    changes: Changes | None = None

    def record(self) -> dict[str, Any]:
        """Return it as `footnote ingest --json` prints it."""
        record = asdict(self)
        facts = record.pop("facts")
        del facts["sketch"]
        nearly = [{"document": name, "share": round(share, 2)} for name, share in self.nearly]
        return {**record, **facts, "nearly": nearly}


def receipt_for(
    document: Document, catalogue: Catalogue, action: Action, text: str, facts: Facts
) -> ReceiptLine:
    """Return what is to be said of a document that has just come into the catalogue."""
    return ReceiptLine(
        document.name,
        action,
        document.passages,
        document.pages or 0,
        document.warnings,
        facts=facts,
        preview=preview(text),
        nearly=tuple(catalogue.nearly_same(document.name)),
    )


def preview(text: str) -> str:
    """Return how a text begins, on one line."""
    words = " ".join(text[: 2 * _PREVIEW].split())
    return words if len(words) <= _PREVIEW else words[:_PREVIEW].rpartition(" ")[0] + " …"


@dataclass
class Receipt:
    """What a run of `sync` did, document by document, and whether it was stopped before its end."""

    lines: list[ReceiptLine] = field(default_factory=list)
    rebuilt_because: tuple[str, ...] = ()
    stopped: bool = False

    @property
    def failed(self) -> list[ReceiptLine]:
        """The documents that could not be read."""
        return [line for line in self.lines if line.action == "failed"]
