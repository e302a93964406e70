"""The catalogue's SQLite file: opening it, one connection a thread, whole transactions, damage."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from ingest.errors import CatalogueError


class _Connection(sqlite3.Connection):
    """A connection that says what to do when the file is damaged, wherever that is noticed."""

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*arguments)
        except sqlite3.DatabaseError as error:
            # Its subclasses tell of other things: a full disk, a lock, a broken constraint. Only a
            # file or its log that ends too early is damage, too.
            is_short = getattr(error, "sqlite_errorname", "") == "SQLITE_IOERR_SHORT_READ"
            if type(error) is not sqlite3.DatabaseError and not is_short:
                raise
            path = super().execute("PRAGMA database_list").fetchone()[2]
            raise CatalogueError(
                f"The catalogue {path} cannot be read ({error}). Move it away and run "
                "`footnote ingest` to build it again from the documents."
            ) from error


class Database:
    """Opens, or with `create` makes, the file at `path`. Usable from several threads."""

    def __init__(self, path: Path, create: bool = False) -> None:
        if not create and not path.is_file():
            raise CatalogueError(
                f"There is no catalogue at {path} yet. Run `footnote ingest` to make one."
            )
        self.path = path
        self._threads = threading.local()
        found = self._connection().execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'")
        if found.fetchone() is None:
            if not create:
                raise CatalogueError(
                    f"The file {path} holds no catalogue. Move it away and run `footnote ingest`."
                )
            schema = files("ingest").joinpath("schema.sql").read_text("utf-8")
            # In one transaction: a process killed here must not leave half of the tables.
            self._connection().executescript(f"BEGIN IMMEDIATE; {schema}; COMMIT;")

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            try:
                connection = sqlite3.connect(
                    self.path, timeout=30, isolation_level=None, factory=_Connection
                )
            except sqlite3.OperationalError as error:
                raise CatalogueError(
                    f"The catalogue {self.path} cannot be opened ({error}). Check its permissions."
                ) from error
            connection.row_factory = sqlite3.Row
            # secure_delete: what a user removed must not be left readable in the file.
            for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
                connection.execute(f"PRAGMA {pragma}")
            self._threads.connection = connection
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _bring_up(self, is_there: str, *statements: str) -> None:
        """Give a file from an earlier day what it lacks: `statements`, unless `is_there` selects.

        All of them in one transaction.
        """
        if self._connection().execute(is_there).fetchone() is not None:
            return
        with self._transaction() as sql:
            if sql.execute(is_there).fetchone() is None:  # another process may have been faster
                for statement in statements:
                    sql.execute(statement)

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            self._threads.connection = None

    def damage(self) -> str:
        """Return what SQLite finds wrong with the file, or an empty string."""
        found = self._connection().execute("PRAGMA quick_check(1)").fetchone()[0]
        return "" if found == "ok" else str(found)
