"""The process that reads: what it gives back, and what becomes of it when a document harms it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ingest import reading
from ingest.errors import DocumentError, FootnoteError
from ingest.loaders import load
from ingest.reading import Reader
from tests.fakes import FakeEmbedder
from tests.ingest.faulty_reader import FAULTY


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader that commits the faults that documents name, with limits that are soon reached."""
    monkeypatch.setattr(reading, "COMMAND", FAULTY)
    monkeypatch.setattr(reading, "SECONDS", 1)
    monkeypatch.setattr(reading, "SECONDS_WAITED", 5)
    monkeypatch.setattr(reading, "MEMORY", 200_000_000)
    with Reader(FakeEmbedder()) as reader:
        yield reader


def words(reader: Reader, text: str) -> str:
    return reader.read(text.encode(), "a.md")().loaded.text


def pid(reader: Reader) -> int:
    assert reader._process is not None
    return reader._process.pid


def readers() -> list[psutil.Process]:
    """The processes that read, not the browser of other tests."""
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if set(FAULTY[-2:]) <= set(child.cmdline())
    ]


def test_it_gives_back_what_loading_and_splitting_give() -> None:
    content = (
        b"---\ndate: 2026-01-02\nauthor: Ann\n---\n\n# A\n\nThe cat purrs.\n\n|a|b|\n|-|-|\n|1|2|\n"
    )
    with Reader(FakeEmbedder()) as reader:
        found = reader.read(content, "a.md")()
    assert found.loaded == load(content, "a.md")
    assert [found.loaded.text[slice(*span)] for span in found.passages[0].spans] == [
        "The cat purrs.",
        "|1|2|",
    ]


def test_one_process_reads_all_documents_and_the_next_while_one_is_worked_on(
    reader: Reader,
) -> None:
    waiting = [reader.read(f"Text {number}.".encode(), "a.md") for number in range(50)]
    first = pid(reader)
    assert [each().loaded.text for each in waiting] == [f"Text {number}." for number in range(50)]
    assert pid(reader) == first
    assert len(readers()) == 1


def test_the_next_reader_has_the_process_of_one_that_is_closed(reader: Reader) -> None:
    words(reader, "One.")
    first = pid(reader)
    reader.close()
    purring = b"purr " * 100
    with Reader(FakeEmbedder(max_tokens=202)) as following:
        assert len(following.read(purring, "a.md")().passages) == 1  # measured by its own embedder
        assert pid(following) == first
    with Reader(FakeEmbedder(max_tokens=42)) as following:
        assert len(following.read(purring, "a.md")().passages) == 4
        assert pid(following) == first


@pytest.mark.parametrize("what", ["another program", "time", "size", "death"])
def test_a_process_that_rests_is_ended_by(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    words(reader, "One.")
    process = reader._process
    assert process is not None
    match what:
        case "time":
            monkeypatch.setattr(reading, "RESTS", 0)
        case "size":
            monkeypatch.setattr(reading, "RESTS_WITH", 1)
        case "death":
            process.kill()
            process.wait()
    reader.close()
    if what == "time":
        process.wait(30)
    if what == "another program":
        monkeypatch.setattr(reading, "COMMAND", (*FAULTY, "other"))
    with Reader(FakeEmbedder()) as following:
        assert words(following, "Two.") == "Two."
        assert pid(following) != process.pid
    assert process.poll() is not None


def test_it_imports_no_model_no_index_and_no_page() -> None:
    script = (
        "import sys; from ingest import reader_process; "
        "print({'torch', 'chromadb', 'gradio', 'transformers', 'scipy', 'nltk'}"
        " & sys.modules.keys())"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert found.stdout == "set()\n"


def test_nothing_is_imported_from_the_folder_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "psutil.py", "ingest/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    with Reader(FakeEmbedder()) as reader:
        assert words(reader, "One.") == "One."
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("raise", "because of a fault in Footnote (RecursionError: too deep)"),
        ("crash", "the program that reads its format broke down over it (SIGSEGV)"),
        ("exit", "the program that reads its format broke down over it (exit code 3)"),
        ("compute", "reading it took more than"),
        ("sleep", "reading it took more than"),
        ("grow", "GB of memory"),
        ("swell", "it has 11 sentences and table rows, the limit is 10"),
        ("lie", "there is more in it than can be taken in"),
    ],
)
def test_a_fault_is_that_documents_and_the_next_one_is_read(
    reader: Reader, fault: str, problem: str
) -> None:
    waiting = [reader.read(text, f"{text}.md") for text in (b"One.", fault.encode(), b"Two.")]
    assert waiting[0]().loaded.text == "One."
    with pytest.raises(DocumentError) as failed:
        waiting[1]()
    assert problem in failed.value.problem
    assert failed.value.remedy.endswith(".")
    assert waiting[2]().loaded.text == "Two."
    assert len(readers()) == 1


def test_what_a_parser_prints_is_no_answer(reader: Reader) -> None:
    assert words(reader, "print") == "print"


def test_an_answer_that_is_too_long_is_not_taken_in(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_ANSWER", 1_000)
    with pytest.raises(DocumentError, match="more in it than can be taken in"):
        words(reader, "word " * 1_000)
    assert words(reader, "word") == "word"


def test_a_process_that_has_grown_is_replaced_before_the_next_document(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    words(reader, "One.")
    first = pid(reader)
    monkeypatch.setattr(reading, "MEMORY", 1)
    monkeypatch.setattr(reading, "_LOOK_EVERY", 60)
    waiting = [reader.read(text, "a.md") for text in (b"Two.", b"Three.")]
    assert waiting[0]().loaded.text == "Two."
    assert pid(reader) != first
    assert waiting[1]().loaded.text == "Three."


def test_one_that_was_killed_while_idle_costs_no_document(reader: Reader) -> None:
    words(reader, "One.")
    psutil.Process(pid(reader)).kill()
    psutil.Process(pid(reader)).wait()
    assert words(reader, "Two.") == "Two."


def has_ended(pid: int) -> bool:
    """Whether a process is gone; its zombie, where there is one, is the init process's to bury."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_closing_ends_it_with_all_that_it_started_and_leaves_no_zombie(
    reader: Reader, tmp_path: Path
) -> None:
    waiting = reader.read(f"beget {tmp_path / 'pid'}".encode(), "a.md")
    with pytest.raises(DocumentError, match="took more than"):
        waiting()
    begotten = int((tmp_path / "pid").read_text())
    for _ in range(200):  # it has been killed, and is gone when the kernel comes to it
        if has_ended(begotten):
            break
        time.sleep(0.05)
    assert has_ended(begotten)
    reader.read(b"sleep", "a.md")
    reader.close()
    assert readers() == []


def test_one_that_cannot_start_says_how_to_find_out_why(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "COMMAND", (sys.executable, "-m", "no_such_module"))
    with pytest.raises(FootnoteError, match="no_such_module` says why"):
        words(reader, "One.")
