"""The catalogue's SQLite file: opening it, lending connections, whole transactions, damage."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from ingest.errors import CatalogueError
from ingest.faults import told

_BUILD_ANEW = "Move it away and run `footnote ingest` to build it again from the documents."
_KEPT_OPEN = 4


class Database:
    """Opens, or with `create` makes, the file at `path`. Usable from several threads.

    A thread is lent a connection for as long as it reads or writes, and no longer: SQLite's module
    leaves those of threads that have ended open until the garbage is collected (two descriptors
    each; 231 were open after 851 questions).
    """

    WAIT_S = 30.0
    """Seconds to wait for another process that writes."""

    def __init__(self, path: Path, create: bool = False) -> None:
        self.path = path
        self._lent = threading.local()
        self._idle: list[_Connection] = []
        self._is_closed = False
        if create:
            self._make()
        with self._connected():
            pass  # there is a catalogue, then

    def _make(self) -> None:
        with told("The catalogue", self.path, _BUILD_ANEW), closing(self._opened(True)) as sql:
            if not _holds_catalogue(sql):
                schema = files("ingest").joinpath("schema.sql").read_text("utf-8")
                # In one transaction: a process killed here must not leave half of the tables.
                sql.executescript(f"BEGIN IMMEDIATE; {schema}; COMMIT;")

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Return what a query selects, all of it: an open cursor would hold on to deleted text."""
        with self._connected() as sql:
            return sql.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend this thread a connection in a transaction; what it reads meanwhile is read in it."""
        with self._connected() as sql:
            sql.execute("BEGIN IMMEDIATE")
            try:
                yield sql
                sql.execute("COMMIT")
            except BaseException:
                if sql.in_transaction:  # a full disk has ended it already
                    sql.execute("ROLLBACK")
                raise

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Lend this thread a connection, the one it has already if it has one.

        Raises CatalogueError where the file cannot be opened, read or written.
        """
        lent: _Connection | None = getattr(self._lent, "connection", None)
        if lent is not None:
            yield lent
            return
        with told("The catalogue", self.path, _BUILD_ANEW):
            connection = self._take()
            self._lent.connection = connection
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            else:
                self._give_back(connection)
            finally:
                self._lent.connection = None

    def _take(self) -> "_Connection":
        present = _identity(self.path)
        while (connection := self._idle_one()) is not None:
            if connection.identity == present:
                return connection
            connection.close()  # the file was moved away, and there is another in its place
        if present is None:
            raise CatalogueError(
                f"There is no catalogue at {self.path}. Run `footnote ingest` to make one."
            )
        return self._opened()

    def _opened(self, create: bool = False) -> "_Connection":
        connection = sqlite3.connect(
            self.path,
            timeout=self.WAIT_S,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        try:
            # Before anything is written into what may be another's file, or an empty one.
            if not create and not _holds_catalogue(connection):
                raise CatalogueError(
                    f"The file {self.path} holds no catalogue. Move it away and run "
                    "`footnote ingest`."
                )
            # secure_delete: what a user removed must not be left readable in the file.
            for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        connection.row_factory = sqlite3.Row
        connection.identity = _identity(self.path)
        return connection

    def _idle_one(self) -> "_Connection | None":
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _give_back(self, connection: "_Connection") -> None:
        if self._is_closed or len(self._idle) >= _KEPT_OPEN:
            connection.close()
        else:
            self._idle.append(connection)

    def _bring_up(self, is_there: str, *statements: str) -> None:
        """Give a file from an earlier day what it lacks: `statements`, unless `is_there` selects.

        All of them in one transaction.
        """
        if self._rows(is_there):
            return
        with self._transaction() as sql:
            if sql.execute(is_there).fetchone() is None:  # another process may have been faster
                for statement in statements:
                    sql.execute(statement)

    def close(self) -> None:
        """Close every connection; what a thread still works with is closed when it is done."""
        self._is_closed = True
        while (connection := self._idle_one()) is not None:
            connection.close()

    def damage(self) -> str:
        """Return what SQLite finds wrong with the file, or an empty string."""
        found = self._rows("PRAGMA quick_check(1)")[0][0]
        return "" if found == "ok" else str(found)


class _Connection(sqlite3.Connection):
    """A connection that remembers which file it was opened on."""

    identity: tuple[int, int] | None = None


def _holds_catalogue(sql: sqlite3.Connection) -> bool:
    found = sql.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    return found is not None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
