"""A run that is stopped ends soon, keeps what was finished, and leaves nothing half."""

import threading
import time
from pathlib import Path

import pytest

from ingest import reading
from ingest.advance import Advance
from ingest.index import current_folder, open_catalogue
from ingest.pipeline import sync
from tests.fakes import FakeEmbedder
from tests.ingest.building import actions, everything, write
from tests.ingest.faulty_reader import FAULTY


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    texts = {name: f"# {name}\n\nThe cat purrs at {name}.\n" for name in "abc"}
    return write(tmp_path / "docs", **texts)


class StopsAfter:
    """Asks a run to stop once it has finished so many documents."""

    def __init__(self, documents: int) -> None:
        self._documents, self.is_set = documents, False

    def __call__(self) -> bool:
        return self.is_set

    def tell(self, far: Advance) -> None:
        self.is_set |= far.done >= self._documents


def test_what_was_finished_is_kept_and_the_next_run_goes_on(docs: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    stop = StopsAfter(1)
    receipt = sync([docs], home, FakeEmbedder(), stop.tell, stopped=stop)
    assert receipt.stopped
    assert actions(receipt) == {"a.md": "added"}
    assert [one.name for one in open_catalogue(home).documents()] == ["a.md"]
    assert actions(sync([docs], home, FakeEmbedder())) == {
        "a.md": "unchanged",
        "b.md": "added",
        "c.md": "added",
    }
    sync([docs], tmp_path / "whole", FakeEmbedder())
    assert everything(home, FakeEmbedder()) == everything(tmp_path / "whole", FakeEmbedder())


def test_nothing_is_taken_for_deleted_by_a_run_that_did_not_look_everywhere(
    docs: Path, tmp_path: Path
) -> None:
    sync([docs], tmp_path / "home", FakeEmbedder())
    (docs / "c.md").rename(docs / "d.md")
    sync([docs], tmp_path / "home", FakeEmbedder(), stopped=lambda: True)
    assert open_catalogue(tmp_path / "home").document("c.md")


def test_a_document_that_takes_its_time_is_not_waited_for(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "COMMAND", FAULTY)
    (docs / "a.md").write_text("sleep")
    stop = threading.Event()
    threading.Timer(1.5, stop.set).start()
    began = time.monotonic()
    receipt = sync([docs], tmp_path / "home", FakeEmbedder(), stopped=stop.is_set)
    assert time.monotonic() - began < 60  # it would wait for minutes
    assert (receipt.stopped, receipt.lines) == (True, [])


def test_stopped_while_building_anew_the_old_index_goes_on_serving(
    docs: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    sync([docs], home, FakeEmbedder())
    before = current_folder(home)
    stop = StopsAfter(1)
    receipt = sync([docs], home, FakeEmbedder("other"), stop.tell, stopped=stop)
    assert receipt.stopped
    assert current_folder(home) == before
    assert actions(sync([docs], home, FakeEmbedder("other")))["a.md"] == "unchanged"
    assert current_folder(home) != before


def test_progress_counts_documents_and_knows_what_is_left() -> None:
    far = Advance("b.md", 0.25, done=1, documents=4, pages=3, read=5_000, seconds=10)
    assert (far.speed, far.left) == (500, 30)
    assert Advance("b.md", 0.01, seconds=10).left is None
