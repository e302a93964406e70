import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import reading
from ingest.errors import CatalogueError, DocumentError
from ingest.home import added_folder
from ingest.index import Fingerprint, current_folder, open_catalogue, open_current
from ingest.pipeline import remove, sync
from ingest.receipts import Receipt
from tests.fakes import FakeEmbedder
from tests.ingest.building import actions, everything, found, make_old, write
from tests.ingest.faulty_reader import FAULTY

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write(
        tmp_path / "docs",
        a="# A\n\nThe cat purrs. The cat sleeps.\n",
        b="# B\n\nThe dog barks.\n\n- One fish.\n- Two fish.\n",
        c="# C\n\n| animal | voice |\n|---|---|\n| bird | tweet |\n| cat | meow |\n",
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *paths: Path, embedder: FakeEmbedder | None = None) -> Receipt:
    return sync(paths, home, embedder or FakeEmbedder())


# What changed


def test_what_is_new_is_added_with_its_passages_embedded_once(docs: Path, home: Path) -> None:
    embedder = FakeEmbedder()
    receipt = run(home, docs, embedder=embedder)
    assert actions(receipt) == {"a.md": "added", "b.md": "added", "c.md": "added"}
    assert [line.passages for line in receipt.lines] == [1, 1, 1]
    assert receipt.failed == []
    assert embedder.embedded == [
        "The cat purrs.",
        "The cat sleeps.",
        "The dog barks.",
        "One fish.",
        "Two fish.",
        "animal: bird; voice: tweet",
        "animal: cat; voice: meow",
    ]
    index = open_current(home, FakeEmbedder())
    assert found(index, "fish", 2) == [("b.md", "One fish."), ("b.md", "Two fish.")]
    assert found(index, "bird", 1) == [("c.md", "| bird | tweet |")]


def test_a_second_run_changes_nothing_and_embeds_nothing(docs: Path, home: Path) -> None:
    run(home, docs)
    before = everything(home, FakeEmbedder())
    read_at = [one.read_at for one in open_catalogue(home).documents()]
    (docs / "a.md").touch()
    embedder = FakeEmbedder()
    assert set(actions(run(home, docs, embedder=embedder)).values()) == {"unchanged"}
    assert embedder.embedded == []
    assert everything(home, FakeEmbedder()) == before
    assert [one.read_at for one in open_catalogue(home).documents()] == read_at


def test_changed_and_deleted_are_noticed_by_content(docs: Path, home: Path) -> None:
    run(home, docs)
    (docs / "a.md").write_text("# A\n\nThe bird sings.\n")
    (docs / "b.md").unlink()
    receipt = run(home, docs)
    assert actions(receipt) == {"a.md": "changed", "b.md": "deleted", "c.md": "unchanged"}
    index = open_current(home, FakeEmbedder())
    assert {document for document, _ in found(index, "fish")} == {"a.md", "c.md"}
    assert index.vectors.count() == index.catalogue.vector_count() == 3
    assert index.catalogue.text("a.md") == "# A\n\nThe bird sings.\n"


def test_of_a_changed_document_only_new_sentences_and_its_rows_are_embedded(
    tmp_path: Path, home: Path
) -> None:
    table = "|animal|voice|\n|-|-|\n|bird|tweet|\n"
    docs = write(tmp_path / "docs", a=f"# A\n\nThe cat purrs. The dog barks.\n\n{table}")
    run(home, docs)
    write(docs, a=f"# A\n\nTwo fish swim. The cat purrs.\n\n{table}")
    embedder = FakeEmbedder()
    run(home, docs, embedder=embedder)
    assert embedder.embedded == ["Two fish swim.", "animal: bird; voice: tweet"]
    run(tmp_path / "anew", docs)
    assert everything(home, FakeEmbedder()) == everything(tmp_path / "anew", FakeEmbedder())


def test_nothing_of_a_changed_or_deleted_text_is_left_in_any_file(docs: Path, home: Path) -> None:
    for name in ("a", "b"):
        (docs / f"{name}.md").write_text(f"# Plans\n\nThe xylophonist{name} flees. " * 50)
    run(home, docs)
    reader = open_catalogue(home)  # keeps the write-ahead log alive, as a running page does
    assert len(reader.documents()) == 3
    assert holding(home, "ylophoni")
    (docs / "a.md").write_text("# A\n\nNothing.\n")
    (docs / "b.md").unlink()
    run(home, docs)
    assert holding(home, "ylophoni") == []


def holding(home: Path, text: str) -> list[str]:
    return [
        path.name
        for path in home.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


def test_a_folder_in_the_place_of_a_file_and_a_deleted_folder_are_noticed(
    docs: Path, home: Path
) -> None:
    run(home, docs)
    (docs / "a.md").unlink()
    (docs / "a.md").mkdir()
    assert actions(run(home, docs))["a.md"] == "deleted"
    shutil.rmtree(docs)
    receipt = run(home, docs)
    assert actions(receipt) == {"b.md": "deleted", "c.md": "deleted", "docs": "failed"}
    assert "is not there" in receipt.lines[-1].problem
    assert open_catalogue(home).documents() == []


def test_a_file_that_was_named_and_is_gone_is_deleted_and_no_failure(
    docs: Path, home: Path
) -> None:
    run(home, docs)
    (docs / "a.md").unlink()
    assert actions(run(home, docs / "a.md")) == {"a.md": "deleted"}


def test_what_is_out_of_reach_is_not_deleted(
    docs: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(home, docs)
    stat = Path.stat

    def shut(self: Path, **options: bool) -> os.stat_result:
        if self.is_relative_to(docs):
            raise PermissionError(13, "Permission denied")
        return stat(self, **options)

    monkeypatch.setattr(Path, "stat", shut)
    monkeypatch.setattr(os.path, "isdir", lambda path: False)
    receipt = run(home, docs)
    assert [line.problem for line in receipt.failed]
    assert len(open_catalogue(home).documents()) == 3


# Which files


def test_a_file_named_by_itself_leaves_the_rest_of_its_folder_alone(docs: Path, home: Path) -> None:
    assert actions(run(home, docs / "a.md")) == {"a.md": "added"}
    (docs / "b.md").unlink()
    assert actions(run(home, docs)) == {"a.md": "unchanged", "c.md": "added"}


def test_a_file_comes_in_once_however_it_is_spelt(
    docs: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(home, docs)
    monkeypatch.chdir(docs)
    for path in (Path(), Path("../docs"), Path("./a.md"), docs / "x" / ".." / "a.md"):
        assert set(actions(run(home, path)).values()) == {"unchanged"}
    assert len(open_catalogue(home).documents()) == 3


def test_a_home_may_be_a_relative_path(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(Path("home"), Path("docs"))
    assert set(actions(run(Path("home"), Path("docs"))).values()) == {"unchanged"}
    assert len(open_catalogue(Path("home")).documents()) == 3


def test_one_name_under_two_roots_is_told_apart(docs: Path, tmp_path: Path, home: Path) -> None:
    other = write(tmp_path / "other", a="# A\n\nThe cow moos.\n")
    assert actions(run(home, docs, other))["other/a.md"] == "added"


def test_formats_that_are_not_read_are_said_and_only_fail_when_named(
    docs: Path, home: Path
) -> None:
    (docs / "photo.png").write_bytes(b"\x89PNG")
    receipt = run(home, docs)
    assert actions(receipt)["photo.png"] == "skipped"
    assert receipt.failed == []
    [line] = run(home, docs / "photo.png").failed
    assert "This format is not read" in line.problem
    assert ".docx" in line.problem


def test_a_bad_document_is_one_line_of_the_receipt_and_stops_no_other(
    docs: Path, home: Path
) -> None:
    (docs / "a1.pdf").write_bytes(b"no PDF at all")
    (docs / "a2.txt").write_bytes(bytes(range(256)) * 20)
    (docs / "a3.docx").write_bytes(b"PK\x03\x04 broken")
    (docs / "a4.md").write_bytes(b"")
    Path(os.fsdecode(os.fsencode(docs) + b"/bad\xff.md")).write_text("# Bad\n\nName.\n")
    receipt = run(home, docs)
    failed = {line.document: line.problem for line in receipt.failed}
    assert set(failed) == {"a1.pdf", "a2.txt", "a3.docx", "a4.md", "bad?.md"}
    assert all(failed.values())
    assert [line.document for line in receipt.lines if line.action == "added"] == [
        "a.md",
        "b.md",
        "c.md",
    ]
    again = run(home, docs)
    assert {line.document: line.problem for line in again.failed} == failed
    (docs / "a4.md").write_text("# Now\n\nIt is good.\n")
    assert actions(run(home, docs))["a4.md"] in ("added", "changed")


def test_a_fault_in_a_parser_is_a_line_of_the_receipt_too(
    docs: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "COMMAND", FAULTY)
    (docs / "b.md").write_text("raise")
    (docs / "b2.md").write_text("crash")
    receipt = run(home, docs)
    assert actions(receipt) == {
        "a.md": "added",
        "b.md": "failed",
        "b2.md": "failed",
        "c.md": "added",
    }
    assert "RecursionError: too deep" in receipt.failed[0].problem
    assert "broke down over it (SIGSEGV)" in receipt.failed[1].problem


def test_a_document_that_turns_bad_is_not_answered_from_any_more(docs: Path, home: Path) -> None:
    run(home, docs)
    (docs / "b.md").write_bytes(b"\x00\x01\x02\x03" * 500)
    assert actions(run(home, docs))["b.md"] == "failed"
    index = open_current(home, FakeEmbedder())
    assert "b.md" not in {document for document, _ in found(index, "dog")}


def test_progress_names_each_document_and_rises_to_one(docs: Path, home: Path) -> None:
    told: list[tuple[str, float]] = []
    sync([docs], home, FakeEmbedder(), lambda far: told.append((far.document, far.share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(name for name, _ in told)) == ["a.md", "b.md", "c.md", ""]


# Removing


def test_a_removed_file_stays_on_disk_and_out_until_it_is_named(docs: Path, home: Path) -> None:
    run(home, docs)
    document = remove("a.md", home, open_current(home, FakeEmbedder()))
    assert document.path == str(docs / "a.md")
    assert (docs / "a.md").exists()
    receipt = run(home, docs)
    assert actions(receipt)["a.md"] == "left out"
    assert str(docs / "a.md") in receipt.lines[0].problem
    assert open_catalogue(home).document("a.md") is None
    assert actions(run(home, docs / "a.md")) == {"a.md": "added"}
    assert actions(run(home, docs))["a.md"] == "unchanged"


def test_a_dropped_file_is_deleted_with_its_document(docs: Path, home: Path) -> None:
    folder = write(added_folder(home), secret="# S\n\nThe xylophonist flees.\n")
    run(home, docs, folder)
    remove("secret.md", home, open_current(home, FakeEmbedder()))
    assert not (folder / "secret.md").exists()
    assert holding(home, "ylophoni") == []
    assert "secret.md" not in actions(run(home, docs, folder))


def test_removing_what_is_not_there_says_so(docs: Path, home: Path) -> None:
    run(home, docs)
    with pytest.raises(DocumentError, match=r"no\.md: is not in the catalogue"):
        remove("no.md", home, open_current(home, FakeEmbedder()))


# Another fingerprint


def test_another_fingerprint_builds_anew_says_why_and_keeps_names_and_removals(
    docs: Path, tmp_path: Path, home: Path
) -> None:
    other = write(tmp_path / "another", a="# A\n\nThe bird sings.\n")
    loose = write(tmp_path / "loose", l="# L\n\nThe dog digs.\n") / "l.md"
    run(home, docs, other, loose)
    remove("b.md", home, open_current(home, FakeEmbedder()))
    before = [(one.name, one.path) for one in open_catalogue(home).documents()]
    receipt = run(home, other, embedder=FakeEmbedder("larger", 80))
    assert receipt.rebuilt_because == (
        f"embedding model: {Path('models/fake')} → {Path('models/larger')}",
        "max tokens: 42 → 80",
    )
    assert actions(receipt)["b.md"] == "left out"
    assert [(one.name, one.path) for one in open_catalogue(home).documents()] == before
    folder = current_folder(home)
    assert [path.name for path in home.glob("index-*")] == [folder.name if folder else ""]


def test_an_index_from_before_tokens_were_kept_is_built_anew_and_answers_until_then(
    docs: Path, home: Path
) -> None:
    run(home, docs)
    before = everything(home, FakeEmbedder())
    make_old(home)
    assert everything(home, FakeEmbedder()) == {**before, "signs": [[]] * len(before["signs"])}
    assert run(home, docs).rebuilt_because == ("embedding: 1 → 2",)
    assert everything(home, FakeEmbedder()) == before


def test_garbage_for_a_catalogue_is_an_error_with_a_remedy_that_works(
    docs: Path, home: Path
) -> None:
    run(home, docs)
    before = everything(home, FakeEmbedder())
    folder = current_folder(home)
    assert folder is not None
    for name in ("catalogue.sqlite", "catalogue.sqlite-wal"):
        (folder / name).write_bytes(b"garbage" * 1_000)
    with pytest.raises(CatalogueError, match="Move it away and run `footnote ingest`"):
        run(home, docs)
    (folder / "catalogue.sqlite").rename(folder / "away")
    run(home, docs)
    assert everything(home, FakeEmbedder()) == before


# Processes that are killed, and two at a time


def child(home: Path, docs: Path, moment: str, embedder: str = "fake") -> subprocess.Popen[str]:
    arguments = [str(home), str(docs), moment, embedder]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ingest.killed", *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_at(home: Path, docs: Path, moment: str, embedder: str = "fake") -> None:
    process = child(home, docs, moment, embedder)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.communicate()


def run_in_another_process(home: Path, docs: Path) -> None:
    output, _ = child(home, docs, "never").communicate()
    assert output == "done\n"


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        ("embedding:1", 0),
        ("embedding:3", 2),
        ("half-written:2", 1),
        ("committed", 3),
        ("indexed", 3),
    ],
)
def test_killed_at_any_moment_the_next_run_ends_as_if_nothing_had_happened(
    docs: Path, tmp_path: Path, moment: str, kept: int
) -> None:
    run(tmp_path / "whole", docs)
    home = tmp_path / "home"
    kill_at(home, docs, moment)
    embedder = FakeEmbedder()
    done = list(actions(run(home, docs, embedder=embedder)).values())
    assert done == ["unchanged"] * kept + ["added"] * (3 - kept)
    assert everything(home, FakeEmbedder()) == everything(tmp_path / "whole", FakeEmbedder())


def test_killed_while_changing_a_document_the_old_one_stays_whole_and_is_found(
    docs: Path, home: Path
) -> None:
    run(home, docs)
    before = everything(home, FakeEmbedder())
    old = (docs / "a.md").read_text()
    (docs / "a.md").write_text("# A\n\nThe bird sings.\n")
    kill_at(home, docs, "half-written:1")
    assert everything(home, FakeEmbedder()) == before
    (docs / "a.md").write_text(old)
    assert set(actions(run(home, docs)).values()) == {"unchanged"}


def test_killed_while_building_anew_the_old_index_serves_and_then_the_new_one_takes_over(
    docs: Path, home: Path
) -> None:
    run(home, docs)
    before = everything(home, FakeEmbedder())
    kill_at(home, docs, "embedding:3", "other")
    assert len(list(home.glob("index-*"))) == 2
    assert everything(home, FakeEmbedder()) == before
    (docs / "a.md").unlink()  # it is in the half that was built
    other = FakeEmbedder("other")
    receipt = run(home, embedder=other)
    assert actions(receipt) == {"a.md": "deleted", "b.md": "unchanged", "c.md": "added"}
    assert [one.name for one in open_catalogue(home).documents()] == ["b.md", "c.md"]
    folder = current_folder(home)
    assert folder is not None
    assert folder.name == f"index-{Fingerprint.of(other).digest}"


def test_what_another_process_adds_is_found_and_writing_after_it_loses_nothing(
    docs: Path, home: Path
) -> None:
    run(home, docs)
    index = open_current(home, FakeEmbedder())
    assert found(index, "bird", 1)[0][0] == "c.md"
    write(docs, d="# D\n\nBird bird bird.\n")
    run_in_another_process(home, docs)
    assert found(index, "bird", 1) == [("d.md", "Bird bird bird.")]
    remove("a.md", home, index)
    fresh = open_current(home, FakeEmbedder())
    assert fresh.vectors.count() == fresh.catalogue.vector_count()
    assert fresh.catalogue.span_count() == 6
    assert found(fresh, "bird", 1) == [("d.md", "Bird bird bird.")]
