"""What files were like when a catalogue took them in, and which it did not take in."""

from collections.abc import Iterable, Mapping, Sequence
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

_SKIPPED = """
CREATE TABLE skipped (
    path TEXT PRIMARY KEY,            -- of a file in a folder whose format is not read
    name TEXT NOT NULL
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
        self._bring_up("SELECT 1 FROM sqlite_master WHERE name = 'skipped'", _SKIPPED)

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
                " (SELECT path FROM documents UNION SELECT path FROM other_names"
                " UNION SELECT path FROM failed)"
            )

    def skipped(self) -> list[tuple[str, str]]:
        """Return the names and paths of files in formats that are not read, by name."""
        rows = self._rows("SELECT name, path FROM skipped ORDER BY name")
        return [(row["name"], row["path"]) for row in rows]

    def note_skipped(self, looked_at: Sequence[Path], skipped: Mapping[str, str]) -> None:
        """Note what was skipped below these paths, names by paths; what was before is forgotten."""
        old = {path: name for name, path in self.skipped()}
        kept = {
            path: name
            for path, name in old.items()
            if not any(Path(path).is_relative_to(above) for above in looked_at)
        }
        if old == {**kept, **skipped}:
            return
        with self._transaction() as sql:
            sql.execute("DELETE FROM skipped")
            sql.executemany("INSERT INTO skipped VALUES (?, ?)", {**kept, **skipped}.items())
