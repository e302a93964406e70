"""The doctor says what is well and what to do, and mends nothing by itself."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.doctor import Finding, examine
from app.quoting.judging import load_calibration, own_calibration
from app.settings import Settings
from ingest.errors import SettingsError
from ingest.index import open_catalogue
from ingest.known_weights import MINILM
from ingest.pipeline import sync
from tests.app.small_world import DOCUMENTS, indexed, write_documents
from tests.fakes import WordEmbedder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small world, ingested; its embedding model stands for the real one, installed."""
    index = indexed(tmp_path, DOCUMENTS)
    assert index.vectors.count() == 8
    embedder = index.embedder
    monkeypatch.setattr("app.doctor.open_embedder", lambda *_: embedder)
    monkeypatch.setattr("app.doctor.installed", lambda weights: Path(weights.name))
    return tmp_path / "home"


def examined(home: Path, **settings: Any) -> dict[str, Finding]:
    findings = examine(Settings(home=home, **{"model": "none", **settings}))
    return {finding.part: finding for finding in findings}


def test_when_all_is_well_nothing_is_to_do(home: Path) -> None:
    findings = examined(home)
    assert all(finding.well and not finding.remedy for finding in findings.values())
    assert "3 documents" in findings["catalogue"].found


def test_a_calibration_that_cannot_be_read_is_named(home: Path) -> None:
    assert "shipped" in examined(home)["calibration"].found
    (home / "calibration.json").write_text("{}", "utf-8")
    finding = examined(home)["calibration"]
    assert not finding.well
    assert "calibration.json" in finding.remedy


def test_a_calibration_of_signals_that_are_no_more_is_named_and_answers_nothing(home: Path) -> None:
    fitted = load_calibration().model_dump(mode="json")
    fitted["scale"]["weights"]["unknown"] = -1.5
    (home / "calibration.json").write_text(json.dumps(fitted), "utf-8")
    finding = examined(home)["calibration"]
    assert not finding.well
    assert "no signal unknown" in finding.remedy
    assert "--calibrate" in finding.remedy
    with pytest.raises(SettingsError, match="no signal unknown"):
        load_calibration(own_calibration(home))


def test_before_the_first_ingest_it_says_so(home: Path) -> None:
    catalogue = examined(home / "elsewhere")["catalogue"]
    assert not catalogue.well
    assert "footnote ingest" in catalogue.remedy
    assert not (home / "elsewhere").exists()


def test_a_document_that_failed_is_named(home: Path) -> None:
    open_catalogue(home).fail("bad.pdf", home / "bad.pdf", "0", "It is torn.", "Mend it.")
    catalogue = examined(home)["catalogue"]
    assert not catalogue.well
    assert "bad.pdf" in catalogue.remedy


def test_missing_vectors_are_counted_and_left_missing(home: Path) -> None:
    (vectors,) = home.glob("index-*/vectors")
    shutil.rmtree(vectors)
    for _ in range(2):
        finding = examined(home)["vector index"]
        assert not finding.well
        assert finding.found.startswith("0 vectors for 8 ")
        assert "--rebuild-index" in finding.remedy


def test_vectors_that_wait_for_a_question_are_no_fault(home: Path, tmp_path: Path) -> None:
    more = write_documents(tmp_path / "more", {"tea.md": "# Tea\n\nTea steeps four minutes.\n"})
    sync([more], home, WordEmbedder())
    finding = examined(home)["vector index"]
    assert finding.well
    assert finding.found.startswith("8 vectors for 9 ")
    assert finding.found.endswith("for the next question to take in: 1.")


def test_a_removal_that_was_interrupted_is_one(home: Path) -> None:
    catalogue = open_catalogue(home)
    catalogue.remove([Path(catalogue.documents()[0].path)])
    finding = examined(home)["vector index"]
    assert not finding.well
    assert finding.found.endswith("Adding or removing was interrupted.")
    assert "footnote ingest" in finding.remedy


def test_weights_that_are_missing_are_named_with_the_command_that_fetches_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.doctor.installed", lambda weights: None)
    monkeypatch.setattr("app.doctor.installed_weights", lambda choice: None)
    findings = examined(home, model="embedded:0.5b")
    for part in ("embedding model", "language model"):
        assert not findings[part].well
        assert "footnote weights" in findings[part].remedy


def test_a_language_model_that_is_not_there_is_a_finding(home: Path) -> None:
    finding = examined(home, model="/no/such/file.gguf")["language model"]
    assert not finding.well
    assert "/no/such/file.gguf" in finding.remedy


def test_an_embedding_model_that_is_not_there_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = examined(tmp_path, embedding_model="/no/such/folder")["embedding model"]
    assert not finding.well
    assert MINILM.name in finding.remedy


def test_a_damaged_vector_index_is_told_and_left_as_it_is(home: Path) -> None:
    (database,) = home.glob("index-*/vectors/chroma.sqlite3")
    database.write_bytes(b"garbage" * 10_000)
    finding = examined(home)["vector index"]
    assert finding.found.startswith("0 vectors for 8 ")
    assert database.read_bytes().startswith(b"garbage")


def test_a_damaged_current_is_told_though_the_one_index_serves(home: Path) -> None:
    (home / "current").write_bytes(b"\xff\x00\xff")
    findings = examined(home)
    assert "footnote ingest" in findings["current"].remedy
    assert findings["catalogue"].well


def test_files_that_others_may_read_are_told_and_left_as_they_are(home: Path) -> None:
    home.chmod(0o755)
    (home / "current").chmod(0o644)
    finding = examined(home)["home"]
    assert not finding.well
    assert " 2 of its files" in finding.found
    assert (home / "current").stat().st_mode & 0o044


def test_a_journal_that_is_damaged_is_told_with_what_to_do(home: Path) -> None:
    (home / "journal.sqlite").write_bytes(b"garbage" * 10_000)
    finding = examined(home)["journal"]
    assert not finding.well
    assert "move it away" in finding.remedy


def test_a_disk_with_hardly_any_room_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(home)._replace(free=7_000_000)
    monkeypatch.setattr("app.doctor.shutil.disk_usage", lambda path: usage)
    assert examined(home)["home"].found == "7 MB are left on its disk."
