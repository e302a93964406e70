"""A process is killed at a random moment; the next run ends as if nothing had happened.

    python -m tests.ingest.kills [HOW MANY]

Documents come in, are changed, renamed, removed, or embedded by another model. The process that
does it gets SIGKILL, is run again to its end, and what catalogue and index hold and find then is
held against a home in which nobody was killed. Prints how many were lost, doubled and changed.

Documents are read in the process itself, which takes most of the time else and changes nothing.
"""

import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401 (once, and not in every process)
import numpy as np
from numpy.typing import NDArray

from ingest import pipeline
from ingest.index import open_current
from ingest.pipeline import remove, sync
from ingest.reader_process import read
from ingest.reading import Reading
from tests.fakes import FakeEmbedder
from tests.ingest.building import everything, write

_DOCUMENTS = 12
_ANIMALS = ("cat", "dog", "fish", "bird")
_REMOVED = ("d02.md", "d05.md", "d08.md")

Way = Callable[[Path], object]


@dataclass(frozen=True)
class Kind:
    """Something that happens to a home and the folder `docs` beside it, and can be said again."""

    prepare: Way
    happen: Way
    model: str = "fake"


def _ingest(place: Path, model: str = "fake") -> None:
    sync([place / "docs"], place / "home", FakeEmbedder(model))


def _change(place: Path) -> None:
    for number in range(0, _DOCUMENTS, 2):
        write(place / "docs", **{f"d{number:02}": _text(number + 100)})
    (place / "docs" / "d01.md").unlink()


def _rename(place: Path) -> None:
    docs = place / "docs"
    for number in range(0, _DOCUMENTS, 3):
        (docs / f"d{number:02}.md").rename(docs / f"e{number:02}.md")
    shutil.copy(docs / "d04.md", docs / "f04.md")
    (docs / "d05.md").rename(docs / "swap")
    (docs / "d07.md").rename(docs / "d05.md")
    (docs / "swap").rename(docs / "d07.md")


def _remove(place: Path) -> None:
    index = open_current(place / "home", FakeEmbedder())
    for name in _REMOVED:
        if index.catalogue.document(name):
            remove(name, place / "home", index)
    _ingest(place)  # whatever was left to be done


def _nothing(place: Path) -> None:
    """Everything is as it was."""


KINDS = {
    "ingest": Kind(lambda place: shutil.rmtree(place / "home"), _ingest),
    "update": Kind(_change, _ingest),
    "rename": Kind(_rename, _ingest),
    "removal": Kind(_nothing, _remove),
    "re-embedding": Kind(_nothing, lambda place: _ingest(place, "other"), "other"),
}


def tally(kills: int, folder: Path, seed: int = 1) -> Counter[str]:
    """Kill so many processes, each kind in turn, and count what was not as it should be."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    really, pipeline.Reader = pipeline.Reader, _ReadsHere  # type: ignore[assignment,misc]
    try:
        _kill(kills, folder, chance, counts)
    finally:
        pipeline.Reader = really  # type: ignore[misc]
    return counts


def _kill(kills: int, folder: Path, chance: random.Random, counts: Counter[str]) -> None:
    base, place = folder / "base", folder / "place"
    write(place / "docs", **{f"d{number:02}": _text(number) for number in range(_DOCUMENTS)})
    _to_the_end(_ingest, place)
    shutil.copytree(place, base)
    undisturbed: dict[str, tuple[float, dict[str, Any]]] = {}
    killed = 0
    for number in count():
        if killed == kills:
            return
        name = list(KINDS)[number % len(KINDS)]
        if name not in undisturbed:
            undisturbed[name] = _undisturbed(KINDS[name], base, place)
        took, expected = undisturbed[name]
        _copied(base, place)
        KINDS[name].prepare(place)
        is_killed = _killed_after(chance.uniform(0, took), KINDS[name].happen, place)
        killed += is_killed
        counts[f"killed in {name}" if is_killed else "had ended already"] += 1
        _to_the_end(KINDS[name].happen, place)
        counts.update(_differences(expected, _held(place, KINDS[name].model)))


class _ReadsHere:
    """Stands for `ingest.reading.Reader`."""

    def __init__(self, embedder: FakeEmbedder, stopped: Callable[[], bool]) -> None:
        self._embedder = embedder

    def __enter__(self) -> "_ReadsHere":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing was started."""

    def read(self, content: bytes, name: str) -> Callable[[], Reading]:
        def reading() -> Reading:
            answer = read(content, name, self._embedder)
            assert isinstance(answer, Reading)
            return answer

        return reading


def _text(number: int) -> str:
    chance = random.Random(number)
    sentences = [
        f"The {' '.join(chance.choices(_ANIMALS, k=chance.randint(1, 20)))} of house {each} sleep."
        for each in range(chance.randint(5, 40))
    ]
    return f"# House {number}\n\n" + " ".join(sentences) + "\n"


def _undisturbed(kind: Kind, base: Path, place: Path) -> tuple[float, dict[str, Any]]:
    _copied(base, place)
    kind.prepare(place)
    began = time.monotonic()
    _to_the_end(kind.happen, place)
    return time.monotonic() - began, _held(place, kind.model)


def _copied(base: Path, place: Path) -> None:
    """The catalogue knows paths: so all happens in the same place, one after another."""
    shutil.rmtree(place)
    shutil.copytree(base, place)


def _differences(expected: dict[str, Any], held: dict[str, Any]) -> Counter[str]:
    """Count documents that are lost, there twice or otherwise, and parts that are not the same."""
    counts = Counter(lost=0, doubled=0, changed=0)
    wanted, there = Counter(expected["documents"]), Counter(held["documents"])
    names = {document[0] for document in there}
    for document in wanted - there:
        counts["changed" if document[0] in names else "lost"] += 1
    counts["doubled"] += sum(there.values()) - len(names)
    if not held["indexed"]:
        counts["changed"] += 1
    different = [part for part in expected if expected[part] != held[part]]
    if different and not (counts["lost"] or counts["changed"] or counts["doubled"]):
        counts["changed"] += 1
    return counts


def _held(place: Path, model: str) -> dict[str, Any]:
    """What the home holds and finds, looked at by a process of its own: Chroma forks badly."""
    into = place / "held"
    child = os.fork()
    if not child:
        _end_with(lambda: into.write_bytes(pickle.dumps(_all_of(place / "home", model))))
    assert _wait(child) == 0
    held: dict[str, Any] = pickle.loads(into.read_bytes())
    return held


def _all_of(home: Path, model: str) -> dict[str, Any]:
    """What the catalogue holds, and Chroma: its vectors are those of the spans, equal ones once."""
    held = everything(home, FakeEmbedder(model))
    del held["nearest"]  # with many that are alike, whichever are found first
    index = open_current(home, FakeEmbedder(model))
    kept = np.array(index.vectors._collection.get(include=["embeddings"])["embeddings"])
    rows = {row["vector"] for row in index.catalogue._rows("SELECT vector FROM spans")}
    wanted = np.array([np.frombuffer(row, np.float32) for row in rows])
    held["indexed"] = kept.shape == wanted.shape and np.allclose(_sorted(kept), _sorted(wanted))
    return held


def _sorted(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    ordered: NDArray[np.float32] = vectors[np.lexsort(np.round(vectors, 4).T)]
    return ordered


def _to_the_end(happen: Way, place: Path) -> None:
    child = os.fork()
    if not child:
        _end_with(lambda: happen(place))
    assert _wait(child) == 0, f"{happen} failed"


def _killed_after(seconds: float, happen: Way, place: Path) -> bool:
    """Have something happen, kill it after so long, and say whether it had not ended by then."""
    child = os.fork()
    if not child:
        _end_with(lambda: happen(place))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(_wait(child))


def _wait(child: int) -> int:
    return os.waitpid(child, 0)[1]


def _end_with(work: Callable[[], object]) -> None:
    """Do the work and end this process, without what its parent would do at its end."""
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    os._exit(code)


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as temporary:
        for what, times in tally(many, Path(temporary)).items():
            print(f"{times:>5} {what}")
