"""Faults of a disk × everything a visitor of the running page does, over HTTP.

One `footnote chat` has them one after another: it was started when all was well, and works
as before once a fault is lifted. What a visitor sees meanwhile is what it should be, or a sentence
that says what to do; never a bare error, and never nothing.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.disks import CATALOGUE, FAULTS, WHOLE_DISK, small_disk
from tests.faults.test_commands import REMEDIES
from tests.security.attacking import Attacker, running

MET = (
    "disk full", "disk read-only", "current is random", "vectors are random", "vectors are gone",
    "catalogue is cut", "catalogue is empty", "catalogue is gone", "catalogue is held",
    "journal is random", "journal is held",
)  # fmt: skip
QUESTION, WORDS = "Does moss grow slowly in the shade?", "Moss grows slowly"


@dataclass
class Visitor:
    """A browser tab on a page whose home is at `home`."""

    page: Attacker
    home: Path
    at: str = ""
    turn: str = ""
    kept: str = ""
    given: int = 0
    added: str = ""

    def ask(self) -> str:
        shown = self.page.call("ask", [QUESTION, "/"]).shown
        found = re.search(
            r"data-conversation=\W+([0-9a-f]{32}).*?data-turn=\W+([0-9a-f]{32})", shown
        )
        if found and not self.turn:
            self.at, self.turn = f"/c/{found[1]}", found[2]
        return shown

    def ask_again(self) -> str:
        shown = self.page.call("retry", [], {"at": self.at, "turn": self.turn}).shown
        found = re.search(r"<article[^>]*? data-turn=\W+([0-9a-f]{32})", shown)
        self.turn = found[1] if found else self.turn  # the one before is in another branch now
        return shown

    def judge(self) -> str:
        event = {"at": self.at, "turn": self.turn, "good": False, "complaint": "incomplete"}
        return self.page.call("judge", [], {**event, "note": "More."}).shown

    def begin(self) -> str:
        return self.page.call("visit", [], {"at": "/"}).shown

    def look(self) -> str:
        return self.page.call("visit", [], {"at": self.at}).shown

    def find(self) -> str:
        return self.page.call("find", [], {"words": "moss grow"}).shown

    def add(self) -> str:
        self.given += 1
        name = f"moon-{self.given}.md"
        content = f"# Moon {self.given}\n\nThe moon turns round the earth.\n"
        answer = self.page.upload(name, content.encode())
        if answer.status_code != 200:
            return answer.text
        shown = self.page.call("add", [], {"uploads": [answer.text]}).shown
        self.added = name if "Added" in shown else self.added
        return shown

    def remove(self) -> str:
        return self.page.call("remove", [], {"names": [self.added]}).shown

    def get(self, path: str) -> str:
        answer = self.page.http.get(path)
        assert answer.status_code in (200, 503), (answer.status_code, answer.text[:500])
        return answer.text


DEEDS: dict[str, tuple[Callable[[Visitor], str], str]] = {
    "ask": (Visitor.ask, WORDS),
    "ask again": (Visitor.ask_again, WORDS),
    "judge": (Visitor.judge, WORDS),
    "begin a conversation": (Visitor.begin, "Ask your documents"),
    "open a conversation": (Visitor.look, QUESTION),
    "find a conversation": (Visitor.find, QUESTION),
    "list the documents": (lambda visitor: visitor.page.listed(), "moss.md"),
    "add": (Visitor.add, "Added"),
    "remove": (Visitor.remove, "is removed"),
    "read a document": (lambda visitor: visitor.get("/source?document=moss.md"), WORDS),
    "read an answer": (lambda visitor: visitor.get(f"/answer/{visitor.kept}"), WORDS),
    "save an answer": (
        lambda visitor: visitor.get(f"/export?answer={visitor.kept}&as=markdown"), WORDS,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """One on a page whose home is on a small disk, where one may be made."""
    place = tmp_path_factory.mktemp("page")
    disk = place / "disk"
    with ExitStack() as stack:
        with suppress(pytest.skip.Exception):
            stack.enter_context(small_disk(disk))
        settings = {"FOOTNOTE_HOME": str(disk / "home"), "SHORT_WAITS": "1"}
        server = stack.enter_context(running(place / "run", settings=settings))
        page = stack.enter_context(Attacker(server))
        visitor = Visitor(page, disk / "home")
        assert WORDS in visitor.ask()
        [visitor.kept] = journal(visitor.home)
        assert "Added" in visitor.add()
        yield visitor
        assert "Traceback" not in server.said


def journal(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "journal.sqlite")) as sql:
        return [id for (id,) in sql.execute("SELECT id FROM answers")]


def write_through(home: Path) -> None:
    """Have all that the catalogue holds in its file, and none of it in its log."""
    [path] = home.glob(CATALOGUE)
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.parametrize("fault", MET)
def test_whatever_a_visitor_does_when_the_disk_has_a_fault_is_done_or_told(
    visitor: Visitor, fault: str
) -> None:
    if fault in WHOLE_DISK and not visitor.home.parent.is_mount():
        pytest.skip("only root may mount a disk: faults of the whole disk cannot be made")
    write_through(visitor.home)
    with FAULTS[fault](visitor.home):
        for name, (deed, wanted) in DEEDS.items():
            shown = deed(visitor)
            told = any(remedy in shown for remedy in REMEDIES)
            assert told or wanted in shown, f"{name}: {shown}"
    for deed, wanted in (DEEDS["ask"], DEEDS["add"]):
        shown = deed(visitor)
        assert wanted in shown, shown
