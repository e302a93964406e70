"""Every fault of a disk × every command: it works all the same, or one sentence says what to do.

The real `main` of the real command, the real SQLite and the real Chroma; the embedding model alone
stands for another, so that it is quick.
"""

import gc
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import cli, last_resort
from app.journal import Journal
from ingest.database import Database
from tests.app.small_world import DOCUMENTS, WordEmbedder, write_documents
from tests.faults.disks import FAULTS, NOTHING_LEFT, WHOLE_DISK, small_disk

ASKED = ("ask", "Why is the sky blue?", "--model", "none")
COMMANDS: dict[str, tuple[str, ...]] = {
    "ask": ASKED,
    "search": ("search", "salt in seawater"),
    "ingest": ("ingest", "more"),
    "rebuild": ("ingest", "--rebuild-index", "docs"),
    "documents": ("documents",),
    "text": ("text", "sky.md"),
    "remove": ("remove", "bread.md"),
    "doctor": ("doctor", "--model", "none"),
    "chat": ("chat", "--no-browser", "--model", "none"),
    "journal list": ("journal", "list"),
    "journal forget": ("journal", "forget", "--before", "2001-01-01"),
}
# What a sentence must say to do, one of these for each fault.
REMEDIES = (
    "Make room", "permission", "Move it away", "Move the folder away", "move it away",
    "Wait until", "footnote ingest", "Look after the disk",
)  # fmt: skip


@pytest.fixture(scope="module")
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture(scope="module")
def made(embedder: WordEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with documents in it, and an answer in its journal."""
    place = tmp_path_factory.mktemp("made")
    write_documents(place / "docs", DOCUMENTS)
    write_documents(place / "more", {"new.md": "# New\n\nThe moon turns round the earth.\n"})
    patch = pytest.MonkeyPatch()
    patch.chdir(place)
    patch.setattr("app.opening.open_embedder", lambda *_: embedder)
    for command in (("ingest", "docs"), ASKED):
        assert run(*command) == 0
    patch.undo()
    gc.collect()  # closes the databases, so that the copies need no write-ahead log
    assert not list(place.rglob("*-wal"))
    return place


@pytest.fixture
def place(
    made: Path, embedder: WordEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Path]:  # fmt: skip
    """The working directory, with a copy of that home in it."""
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    for opening in ("app.opening", "app.doctor"):
        monkeypatch.setattr(f"{opening}.open_embedder", lambda *_: embedder)
    monkeypatch.setattr("app.doctor.installed", lambda weights: Path(weights.name))
    monkeypatch.setattr("app.page.server.serve", lambda *_, **__: None)
    monkeypatch.setattr(last_resort, "faults_file", lambda: tmp_path / "faults.log")
    monkeypatch.setattr(Database, "WAIT_S", 0.1)
    monkeypatch.setattr(Journal, "WAIT_S", 0.1)
    for name in ("docs", "more"):
        shutil.copytree(made / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "disk" / ".footnote"
    monkeypatch.setenv("FOOTNOTE_HOME", str(home))
    if request.getfixturevalue("fault") in WHOLE_DISK:
        with small_disk(tmp_path / "disk"):
            shutil.copytree(made / ".footnote", home)
            yield tmp_path
    else:
        shutil.copytree(made / ".footnote", home)
        yield tmp_path


def run(*arguments: str) -> int:
    """Run the real `main` and return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["footnote", *arguments])
        with pytest.raises(SystemExit) as ending:
            cli.main()
    return int(ending.value.code or 0)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_disk_is_survived_or_told_in_one_sentence_and_loses_nothing(
    place: Path, capfd: pytest.CaptureFixture[str], fault: str, command: str
) -> None:
    home = place / "disk" / ".footnote"
    capfd.readouterr()
    with FAULTS[fault](home):
        code = run(*COMMANDS[command])
        out, err = capfd.readouterr()
        told = [line for line in err.splitlines() if line.startswith("footnote: ")]
        assert "Traceback" not in out + err
        assert not (place / "faults.log").exists(), (place / "faults.log").read_text()
        assert code in (0, 1)
        if code and command != "doctor":
            [sentence] = told
            assert err.splitlines()[-1] == sentence
            assert any(remedy in sentence for remedy in REMEDIES), sentence
        if code and command == "doctor":
            assert "mend" in out
    if fault in NOTHING_LEFT and command in ("ingest", "chat"):
        assert "built anew: the one there was is gone" in out
        assert run("ingest", "docs") == 0
    capfd.readouterr()
    assert run("documents", "--json") == 0
    names = {document["document"] for document in json.loads(capfd.readouterr().out)}
    taken_out = {"bread.md"} if "bread.md is out of the catalogue" in out else set()
    assert names >= {"sky.md", "sea.md", "bread.md"} - taken_out
    assert run(*ASKED) == 0
    assert "scatters blue light" in capfd.readouterr().out
    assert run("journal", "list", "--json") == 0
    assert len(json.loads(capfd.readouterr().out)) >= 2
