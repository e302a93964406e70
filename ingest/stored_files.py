"""What files were like when a catalogue took them in, so that the same need not be read again."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ingest.database import Database

_TABLE = """
CREATE TABLE seen (
    path   TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,             -- of the bytes that the file had
    state  TEXT NOT NULL              -- while its inode, size and times were these
)
"""


class Seen(NamedTuple):
    """A file's `state` (see `ingest.folders`) while its bytes had this SHA-256."""

    sha256: str
    state: str


class StoredFiles(Database):
    """The part of a catalogue that knows files. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        self._bring_up("SELECT 1 FROM sqlite_master WHERE name = 'seen'", _TABLE)

    def seen_files(self) -> dict[str, Seen]:
        """Return what is known of files, by path."""
        rows = self._rows("SELECT path, sha256, state FROM seen")
        return {row["path"]: Seen(row["sha256"], row["state"]) for row in rows}

    def note_seen(self, files: Iterable[tuple[str, Seen]]) -> None:
        """Note what files are like, and forget those that are not documents any more."""
        with self._transaction() as sql:
            sql.executemany(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)",
                ((path, *seen) for path, seen in files),
            )
            sql.execute(
                "DELETE FROM seen WHERE path NOT IN"
                " (SELECT path FROM documents UNION SELECT path FROM failed)"
            )
