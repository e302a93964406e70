"""Conversations: turns of question and answer that belong together, kept in the journal.

A turn comes after another, or begins. What is asked anew in the place of a turn is a branch beside
it: nothing that was asked is lost until it is forgotten.
"""

import json
import re
import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from app.answer import Answer
from app.journal import OF_DOCUMENTS, Journal, forget_answer, forget_turn, iso, off_the_disk

TurnState = Literal["asked", "answered", "stopped", "failed"]

LONGEST_TITLE = 200
"""Characters of a title that are kept."""

# No owner is whoever looks after the journal on the terminal.
_OWN = "SELECT 1 FROM conversations WHERE id = ? AND owner = coalesce(?, owner)"
_PATH = """
WITH RECURSIVE path (id, after) AS (
    SELECT turns.id, after FROM turns JOIN conversations ON tip = turns.id
    WHERE conversations.id = ?
    UNION ALL SELECT turns.id, turns.after FROM turns JOIN path ON turns.id = path.after
)
"""
_SUMMARY = """
SELECT conversations.id, iif(title = '', coalesce((
    SELECT question FROM turns LEFT JOIN answers ON answers.id = answer
    WHERE conversation = conversations.id
    AND coalesce(json_extract(iif(json_valid(record), record, '{}'), '$.searched_for') <> '', 1)
    ORDER BY number LIMIT 1
), (
    SELECT question FROM turns WHERE conversation = conversations.id ORDER BY number LIMIT 1
), ''), title), pinned, conversations.asked_at, (
    SELECT count(*) FROM turns WHERE conversation = conversations.id
)
"""


@dataclass(frozen=True)
class KeptTurn:
    """A turn as it is kept.

    `state` is "asked" while nobody has said how it ended; `problem` says why it failed. `answer` is
    what there is of the answer so far. `branches` are the ids of the turns that were asked in this
    place, itself among them, the oldest first. `good` is None where nobody judged it.
    """

    id: str
    question: str
    asked_at: str
    state: TurnState
    problem: str = ""
    answer: Answer | None = None
    branches: tuple[str, ...] = ()
    good: bool | None = None


@dataclass(frozen=True)
class Summary:
    """A conversation in a list; `asked_at` (ISO 8601, UTC) is when it was last asked something.

    `title` is the first question to the documents ("hi" is none), or what it was renamed to.
    `found` is where the words that were searched for stand, in words.
    """

    id: str
    title: str
    pinned: bool
    asked_at: str
    turns: int
    found: str = ""


class Conversations:
    """The conversations of a journal. Usable from several threads, and by several processes.

    Each belongs to an `owner`: a name of a visitor, or "" for whoever uses this machine. What is
    another's is not there; None, on the terminal, is whoever it is. Every method raises
    CatalogueError when the journal cannot be read or written.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def begin(self, owner: str, asked_in: str = "") -> str:
        """Begin a conversation and return its id; `asked_in` says which documents are asked."""
        id = uuid.uuid4().hex
        with self.journal.open() as sql:
            values = (id, owner, iso(), asked_in)
            sql.execute("INSERT INTO conversations VALUES (?, ?, '', 0, ?, ?, '')", values)
        return id

    def has(self, owner: str | None, conversation: str) -> bool:
        """Say whether there is such a conversation, and it is this owner's."""
        return bool(self.journal.rows(_OWN, (conversation, owner)))

    def title(self, conversation: str) -> str:
        """Return what a conversation is called; nothing for one that is not there."""
        query = f"{_SUMMARY} FROM conversations WHERE id = ?"
        rows = self.journal.rows(query, (conversation,))
        return str(rows[0][1]) if rows else ""

    def asked_in(self, conversation: str) -> str:
        """Return which documents a conversation asks, as `begin` or `ask_in` was told."""
        rows = self.journal.rows("SELECT asked_in FROM conversations WHERE id = ?", (conversation,))
        return str(rows[0][0]) if rows else ""

    def ask_in(self, owner: str | None, conversation: str, asked_in: str) -> None:
        """Have a conversation ask other documents from now on."""
        with self._own(owner, conversation) as sql:
            sql.execute(
                "UPDATE conversations SET asked_in = ? WHERE id = ?", (asked_in, conversation)
            )

    def ask(
        self, owner: str | None, conversation: str, question: str, instead_of: str = ""
    ) -> KeptTurn:
        """Keep a question: the next one, or one asked in the place of the turn `instead_of`.

        Raises KeyError for a conversation or a turn that is not this owner's.
        """
        turn, now = uuid.uuid4().hex, iso()
        with self._own(owner, conversation) as sql:
            after = sql.execute("SELECT tip FROM conversations WHERE id = ?", (conversation,))
            if instead_of:
                after = sql.execute(
                    "SELECT after FROM turns WHERE id = ? AND conversation = ?",
                    (instead_of, conversation),
                )
            row = after.fetchone()
            if row is None:
                raise KeyError(instead_of)
            sql.execute(
                "INSERT INTO turns (id, conversation, after, question, asked_at, state, problem,"
                " answer) VALUES (?, ?, ?, ?, ?, 'asked', '', '')",
                (turn, conversation, row[0], question, now),
            )
            sql.execute("INSERT INTO said VALUES (?, ?)", (question, turn))
            sql.execute(
                "UPDATE conversations SET tip = ?, asked_at = ? WHERE id = ?",
                (turn, now, conversation),
            )
        return KeptTurn(turn, question, now, "asked", branches=(turn,))

    def keep(
        self, turn: str, answer: Answer | None, state: TurnState = "asked", problem: str = ""
    ) -> None:
        """Keep what there is of a turn's answer, and how it stands. A turn forgotten meanwhile
        stays forgotten, with its answer; one that the journal does not keep is kept without it."""
        if answer is not None and not self.journal.keep(answer):
            answer = None
        with self.journal.open() as sql:
            kept = sql.execute(
                "UPDATE turns SET answer = ?, state = ?, problem = ? WHERE id = ?",
                (answer.id if answer else "", state, problem, turn),
            )
            if answer is not None and kept.rowcount:
                words = f"{answer.question}\n{answer.text}"
                sql.execute("UPDATE said SET words = ? WHERE turn = ?", (words, turn))
        if answer is not None and not kept.rowcount:
            self.journal.forget([answer.id])

    def turns(self, owner: str | None, conversation: str) -> list[KeptTurn]:
        """Return the turns of the branch that is shown, in order; none of another's."""
        if not self.has(owner, conversation):
            return []
        rows = self.journal.rows(
            f"{_PATH} SELECT turns.id, question, asked_at, state, problem, answer, turns.after,"
            " good FROM path JOIN turns ON turns.id = path.id"
            " LEFT JOIN feedback ON answer_id = answer ORDER BY number",
            (conversation,),
        )
        beside: dict[str, list[str]] = {}
        for id, after in self.journal.rows(
            "SELECT id, after FROM turns WHERE conversation = ? ORDER BY number", (conversation,)
        ):
            beside.setdefault(after, []).append(id)
        turns = []
        for id, question, asked_at, state, problem, answer, after, good in rows:
            kept = self.journal.recall(answer) if answer else None
            turns.append(
                KeptTurn(
                    id, question, asked_at, state, problem, kept.answer if kept else None,
                    tuple(beside[after]), None if good is None else bool(good),
                )
            )  # fmt: skip
        return turns

    def question(self, owner: str | None, conversation: str, turn: str) -> str:
        """Return what a turn asked, on whatever branch. Raises KeyError for one not there."""
        query = "SELECT question FROM turns WHERE id = ? AND conversation = ?"
        rows = self.journal.rows(query, (turn, conversation))
        if not (rows and self.has(owner, conversation)):
            raise KeyError(turn)
        return str(rows[0][0])

    def choose(self, owner: str | None, conversation: str, turn: str) -> None:
        """Show the branch that a turn is on, to its end. Raises KeyError for one not there."""
        with self._own(owner, conversation) as sql:
            known = "SELECT 1 FROM turns WHERE id = ? AND conversation = ?"
            if sql.execute(known, (turn, conversation)).fetchone() is None:
                raise KeyError(turn)
            following = "SELECT id FROM turns WHERE after = ? ORDER BY number DESC LIMIT 1"
            while row := sql.execute(following, (turn,)).fetchone():
                turn = row[0]
            sql.execute("UPDATE conversations SET tip = ? WHERE id = ?", (turn, conversation))

    def all(self, owner: str | None) -> list[Summary]:
        """Return the conversations of an owner, pinned ones first, then the latest first."""
        rows = self.journal.rows(
            f"{_SUMMARY} FROM conversations WHERE owner = coalesce(?, owner)"
            " ORDER BY pinned DESC, asked_at DESC, ("
            "SELECT max(number) FROM turns WHERE conversation = conversations.id) DESC",
            (owner,),
        )
        return [Summary(id, title, bool(pin), at, turns) for id, title, pin, at, turns in rows]

    def search(self, owner: str | None, query: str) -> list[Summary]:
        """Return the conversations in which some turn has all these words, the nearest first.

        The last word may be the beginning of one.
        """
        words = re.findall(r"\w+", query)
        if not words:
            return self.all(owner)
        rows = self.journal.rows(
            f"{_SUMMARY}, snippet(said, 0, '', '', ' … ', 12) FROM said"
            " JOIN turns ON turns.id = said.turn JOIN conversations"
            " ON conversations.id = conversation"
            " WHERE said MATCH ? AND owner = coalesce(?, owner) ORDER BY rank",
            (" ".join(f'"{word}"' for word in words) + "*", owner),
        )
        found: dict[str, Summary] = {}
        for id, title, pin, at, turns, place in rows:
            found.setdefault(id, Summary(id, title, bool(pin), at, turns, place))
        return list(found.values())

    def rename(self, owner: str | None, conversation: str, title: str) -> None:
        """Give a conversation a title of its own; an empty one is its first question again."""
        with self._own(owner, conversation) as sql:
            named = (" ".join(title.split())[:LONGEST_TITLE], conversation)
            sql.execute("UPDATE conversations SET title = ? WHERE id = ?", named)

    def pin(self, owner: str | None, conversation: str, pinned: bool) -> None:
        """Keep a conversation at the top of the list, and from being forgotten by itself."""
        with self._own(owner, conversation) as sql:
            sql.execute(
                "UPDATE conversations SET pinned = ? WHERE id = ?", (int(pinned), conversation)
            )

    def forget(self, owner: str | None, conversations: Sequence[str]) -> None:
        """Take conversations off the disk: turns, answers, and what was thought of them.

        Raises KeyError for one that is not there; nothing is forgotten then.
        """
        if not conversations:
            return
        with self.journal.open() as sql:
            for conversation in conversations:
                if sql.execute(_OWN, (conversation, owner)).fetchone() is None:
                    raise KeyError(conversation)
                _forget(sql, conversation)
        off_the_disk(self.journal)

    def citing(
        self, owner: str | None, documents: Collection[str], most: int = 20
    ) -> list[tuple[str, str]]:
        """Return what an owner asked and an answer quotes documents to, the latest first.

        `documents` are names or SHA-256; each question comes after its conversation's id.
        """
        rows = self.journal.rows(
            "SELECT conversation, question FROM turns"
            " JOIN conversations ON conversations.id = conversation"
            " WHERE owner = coalesce(:owner, owner) AND answer IN"
            f" (SELECT answer FROM held WHERE part = 'citations' AND {OF_DOCUMENTS})"
            " ORDER BY number DESC LIMIT :most",
            {"owner": owner, "documents": json.dumps(list(documents)), "most": most},
        )
        return [(str(conversation), str(question)) for conversation, question in rows]

    def quoting(self, documents: Collection[str]) -> set[str]:
        """Return the answers that hold words of documents, of the names or SHA-256 given."""
        return {entry.id for entry in self.journal.entries(quoting=documents)}

    def forget_quoting(
        self, documents: Collection[str], repeats: Callable[[str], bool] = lambda _: False
    ) -> int:
        """Forget the turns that quote these documents, or in which any text `repeats` one.

        A conversation whose title does is called by its first question again. Returns how many
        turns, and answers of no conversation, are forgotten.
        """
        answers = self.quoting(documents)
        for id, record, note in self.journal.rows(
            "SELECT id, record, coalesce(note, '') FROM answers"
            " LEFT JOIN feedback ON id = answer_id"
        ):
            if id not in answers and (repeats(record) or repeats(note)):
                answers.add(id)
        asked = self.journal.rows("SELECT id, question FROM turns")
        turns = [id for id, question in asked if repeats(question)]
        named = self.journal.rows("SELECT id, title FROM conversations WHERE title != ''")
        titles = [(id,) for id, title in named if repeats(title)]
        if not (answers or turns or titles):
            return 0
        with self.journal.open() as sql:
            sql.executemany("UPDATE conversations SET title = '' WHERE id = ?", titles)
            for id in answers:
                forget_answer(sql, id)
            gone = len(answers) + sum(forget_turn(sql, id) for id in turns)
        off_the_disk(self.journal)
        return gone

    def forget_all(self) -> None:
        """Take all conversations, and all answers, off the disk, whoever's they are."""
        if not self.journal.path.exists():
            return
        with self.journal.open() as sql:
            for table in ("said", "feedback", "answers", "turns", "conversations"):
                sql.execute(f"DELETE FROM {table}")
        off_the_disk(self.journal)

    def forget_before(self, days: int) -> int:
        """Forget what was last asked more than `days` ago and is not pinned; return how many.

        Answers of no conversation that are as old are forgotten with them.
        """
        before = iso(datetime.now(UTC) - timedelta(days=days))
        rows = self.journal.rows(
            "SELECT id FROM conversations WHERE asked_at < ? AND NOT pinned", (before,)
        )
        alone = self.journal.rows(
            "SELECT id FROM answers WHERE answered_at < ? AND id NOT IN (SELECT answer FROM turns)",
            (before,),
        )
        if not rows and not alone:
            return 0
        with self.journal.open() as sql:
            for row in rows:
                _forget(sql, row[0])
            for row in alone:
                forget_answer(sql, row[0])
        off_the_disk(self.journal)
        return len(rows) + len(alone)

    @contextmanager
    def _own(self, owner: str | None, conversation: str) -> Iterator[sqlite3.Connection]:
        """Lend a connection to change a conversation with. Raises KeyError for another's."""
        with self.journal.open() as sql:
            sql.execute("BEGIN IMMEDIATE")
            if sql.execute(_OWN, (conversation, owner)).fetchone() is None:
                raise KeyError(conversation)
            yield sql


def _forget(sql: sqlite3.Connection, conversation: str) -> None:
    turns = "SELECT id FROM turns WHERE conversation = ?"
    answers = "SELECT answer FROM turns WHERE conversation = ?"
    for statement in (
        f"DELETE FROM said WHERE turn IN ({turns})",
        f"DELETE FROM feedback WHERE answer_id IN ({answers})",
        f"DELETE FROM answers WHERE id IN ({answers})",
        "DELETE FROM turns WHERE conversation = ?",
        "DELETE FROM conversations WHERE id = ?",
    ):
        sql.execute(statement, (conversation,))
