"""What is forgotten is gone: of documents and conversations no twelve words are left in any byte.

    python -m tests.app.forgetting [HOW MANY]

Documents come in, are changed, renamed and asked in conversations, by pasting from them too; turns
are branches, stopped, judged, renamed. Then, in turn, a document is removed, a conversation
deleted, an answer forgotten. Another connection keeps each write-ahead log alive. After each, every
file of the home is searched, by another way than `footnote remove --verify` does. Prints the tally;
all counts should be 0 but those of what was done.
"""

import random
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from app.conversations import Conversations
from app.engine import Engine
from app.journal import Journal
from app.removing import remove
from ingest.index import current_folder, open_current
from ingest.pipeline import sync
from tests.app.small_world import WordEmbedder, engine_on
from tests.ingest.building import write

_AT_ONCE = 6
_SENTENCES = 8


@dataclass
class Said:
    """A conversation: its id, the answers in it, and all that only its visitor has written."""

    id: str = ""
    answers: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)


class World:
    """A home, the documents in it with every text that they have had, and conversations on them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.home, self._docs = folder / "home", folder / "docs"
        self._chance = random.Random(seed)
        self._embedder = WordEmbedder()
        self._conversations = Conversations(Journal.of(self.home))
        self._number = 0
        self.texts: dict[str, list[str]] = {}
        self.said: list[Said] = []

    def begin_anew(self) -> None:
        """Bring in more documents, ask about each, and change and rename some of them."""
        fresh = []
        for _ in range(_AT_ONCE):
            self._number += 1
            fresh.append(f"n{self._number}")
            self.texts[fresh[-1]] = [self._text()]
        self._write(fresh)
        self.said += [self._converse(name) for name in fresh]
        for name in fresh:
            if self._chance.random() < 0.5:
                self.texts[name].append(self._text())
        self._write(fresh)
        for name in fresh:
            if self._chance.random() < 0.5:
                (self._docs / f"{name}.md").rename(self._docs / f"r{name}.md")
                self.texts[f"r{name}"] = self.texts.pop(name)
        self._sync()

    def readers(self) -> ExitStack:
        """Connections that read, so that no write-ahead log can be thrown away."""
        stack, folder = ExitStack(), current_folder(self.home)
        assert folder is not None
        for path in (folder / "catalogue.sqlite", self.home / "journal.sqlite"):
            reader = stack.enter_context(closing(sqlite3.connect(path)))
            reader.execute("PRAGMA journal_mode = WAL")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return stack

    def remove_document(self) -> list[str]:
        """Remove a document, and return what must be gone."""
        name = self._chance.choice(list(self.texts))
        index = open_current(self.home, self._embedder)
        remove(f"{name}.md", self.home, index)
        index.catalogue.close()
        (self._docs / f"{name}.md").unlink()
        return self.texts.pop(name)

    def delete_conversation(self) -> list[str]:
        """Delete a conversation, and return what must be gone: the quotes stay in the documents."""
        said = self.said.pop(self._chance.randrange(len(self.said)))
        if self._conversations.has("", said.id):
            self._conversations.forget("", [said.id])
        return said.own

    def forget_answers(self) -> list[str]:
        """Forget the answers of a conversation one by one, and with them the conversation."""
        said = self.said.pop(self._chance.randrange(len(self.said)))
        kept = {entry.id for entry in self._conversations.journal.entries()}
        self._conversations.journal.forget([id for id in said.answers if id in kept])
        return said.own

    def holds(self, texts: list[str]) -> bool:
        """Whether any twelve words in a row are in any file, as they are or in small letters."""
        runs = [run for text in texts for run in _runs(text)]
        for path in self.home.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            if any(run in content or run.lower() in content for run in runs):
                return True
        return False

    def _write(self, names: list[str]) -> None:
        write(self._docs, **{name: self.texts[name][-1] for name in names})
        self._sync()

    def _sync(self) -> None:
        receipt = sync([self._docs], self.home, self._embedder)
        assert not receipt.failed

    def _converse(self, name: str) -> Said:
        """Ask about a document: of its words, by pasting from it, again, and with a stop."""
        index = open_current(self.home, self._embedder)
        engine = engine_on(index, journal=self._conversations.journal)
        kept, said = self._conversations, Said()
        words = self.texts[name][0].split()[2:]
        said.id = kept.begin("")
        at = self._chance.randrange(len(words) - 16)
        own = self._words(20)
        for question in (
            f"What is {' '.join(words[at : at + 3])}?",
            f"Is it so that {' '.join(words[at : at + 14])}?",
            f"{own} {words[at]}?",
        ):
            self._ask(said, engine, question)
        said.own.append(own)
        turns = kept.turns("", said.id)
        self._ask(said, engine, f"{self._words(14)}?", instead_of=turns[0].id, stop=True)
        if self._chance.random() < 0.5:
            title = " ".join(words[:14]) if self._chance.random() < 0.5 else own
            kept.rename("", said.id, title)
        index.catalogue.close()
        return said

    def _ask(
        self, said: Said, engine: Engine, question: str, instead_of: str = "", stop: bool = False
    ) -> None:
        kept = self._conversations
        turn = kept.ask("", said.id, question, instead_of)
        answers = list(engine.stream(question))
        kept.keep(turn.id, answers[0], "asked")
        if stop:
            kept.keep(turn.id, answers[0], "stopped")
        else:
            kept.keep(turn.id, answers[-1], "answered")
            note = self._words(13)
            kept.journal.judge(answers[-1].id, good=False, complaint="incomplete", note=note)
            said.own.append(note)
        said.own.append(" ".join(question.split()[:12]))  # what was pasted stays in its document
        said.answers.append(answers[-1].id)

    def _text(self) -> str:
        sentences = (f"{self._words(15).capitalize()}." for _ in range(_SENTENCES))
        return f"# Title\n\n{' '.join(sentences)}\n"

    def _words(self, many: int) -> str:
        """Words that nothing else has in this order."""
        return " ".join("".join(self._chance.choices("aeioukmnrstö", k=6)) for _ in range(many))


def _runs(text: str) -> list[bytes]:
    words = text.split()
    return [" ".join(words[start : start + 12]).encode() for start in range(len(words) - 11)]


def tally(trials: int, folder: Path, seed: int = 1) -> Counter[str]:
    """Forget so many things, and count what was left of them."""
    world = World(folder, seed)
    ways = {
        "documents removed": world.remove_document,
        "conversations deleted": world.delete_conversation,
        "answers forgotten": world.forget_answers,
    }
    counts: Counter[str] = Counter()
    for trial in range(trials):
        if trial % _AT_ONCE == 0:
            world.begin_anew()
        what, forget = list(ways.items())[trial % len(ways)]
        with world.readers():
            gone = forget()
            counts[what] += 1
            counts[f"left after: {what}"] += world.holds(gone)
    return counts


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as temporary:
        for what, count in tally(many, Path(temporary)).items():
            print(f"{count:>5} {what}")
