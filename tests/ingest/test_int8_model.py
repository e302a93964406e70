"""The model in 8 bits: made once, proven before use. A few bytes stand for what takes seconds."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import quantising
from ingest.embedding import Embedder
from ingest.errors import WeightsError
from ingest.int8_model import _batches, prepare
from ingest.known_weights import MINILM
from ingest.weights import cache_folder


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """An empty cache, and the folders from which a model was made since."""
    folders: list[Path] = []

    def quantised(folder: Path) -> bytes:
        folders.append(folder)
        return b"a model"

    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path))
    monkeypatch.setattr(quantising, "quantised", quantised)
    return folders


def test_it_is_made_once_and_named_for_what_it_was_made_from_and_is(made: list[Path]) -> None:
    path = prepare()
    assert prepare() == path
    assert made == [cache_folder() / MINILM.name]
    assert path.read_bytes() == b"a model"
    assert MINILM.files["model.safetensors"][1] in path.name
    assert path.name.endswith(f"int8-1.{hashlib.sha256(b'a model').hexdigest()}.onnx")


@pytest.mark.parametrize("damaged", [b"a mOdel", b"a mod", b""])
def test_a_damaged_one_is_made_anew(made: list[Path], damaged: bytes) -> None:
    path = prepare()
    path.write_bytes(damaged)
    assert prepare() == path
    assert path.read_bytes() == b"a model"
    assert len(made) == 2


def test_what_an_interrupted_making_left_is_not_used(
    made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_bytes", lambda path, content: path.touch())
        broken.setattr("os.replace", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare()
    assert prepare().read_bytes() == b"a model"


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_where_it_cannot_be_written_the_cache_is_named(
    made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refused)
    with pytest.raises(WeightsError, match="FOOTNOTE_CACHE"):
        prepare()


def test_two_processes_that_need_it_at_once_make_it_once(tmp_path: Path) -> None:
    code = (
        "import time\n"
        "from ingest import int8_model, quantising\n"
        "def quantised(folder):\n"
        "    time.sleep(0.5)\n"
        "    open(folder.parent / 'made', 'a').write('x')\n"
        "    return b'a model'\n"
        "quantising.quantised = quantised\n"
        "print(int8_model.prepare())"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={"FOOTNOTE_CACHE": str(tmp_path)},
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    first, second = (process.communicate(timeout=120)[0] for process in both)
    assert first == second != ""
    assert (tmp_path / "weights" / "made").read_text() == "x"


def test_texts_of_like_length_are_read_together_and_none_is_lost() -> None:
    lengths = [256, 3, 256, 200, 4, 30]
    assert list(_batches(lengths)) == [[0, 2], [3, 5], [4, 1]]
    assert list(_batches([])) == []


def test_many_texts_have_the_vectors_that_they_have_alone(embedder: Embedder) -> None:
    """They are read by several threads, in batches."""
    texts = ["cat " * (number % 250) + str(number) for number in range(300)]
    for text, vector in zip(texts[::29], embedder.embed(texts)[::29], strict=True):
        assert embedder.embed([text])[0] @ vector > 0.99999
