"""Which files are as they were when they were last read, so that they need not be read again.

The content's SHA-256 is what counts. A file whose inode, size and times are as they were has the
content that it had, unless it was changed in the same tick of the clock in which it was read: of
one that had changed just before, nothing is noted (as Git does, which calls it racily clean).
"""

import time

from ingest.catalogue import Catalogue, Document
from ingest.folders import File, State
from ingest.stored_files import Seen


class KnownFiles:
    """What a catalogue knew of documents and their files before any of them was looked at."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._documents = {path: one for one in catalogue.documents() for path in one.names}
        self._seen = catalogue.seen_files()
        self._looked = time.time_ns()
        self._new: dict[str, Seen] = {}
        self.removed = catalogue.removed()
        self.skipped: dict[str, str] = {}

    def unchanged(self, file: File, state: State | None) -> Document | None:
        """Return the document that a file still is, where that can be told without reading it."""
        path = str(file.path)
        document, seen = self._documents.get(path), self._seen.get(path)
        is_same = document and seen == Seen(document.sha256, str(state))
        return document if is_same else None

    def note(self, file: File, state: State | None, sha256: str) -> None:
        """Note that a file's bytes had this SHA-256, if its state tells when they change."""
        if state and not file.source and state.tells_content_since(self._looked):
            self._new[str(file.path)] = Seen(sha256, str(state))

    def keep(self, catalogue: Catalogue) -> None:
        """Have a catalogue keep what was noted. What was not brought in does no harm."""
        if self._new:
            catalogue.note_seen(self._new.items())
