"""How long adding takes, beside what others use, in one run: `python -m eval.adding`.

Processes are timed from their start to their end, as a user waits for them: with seconds on the
clock, seconds of computing in all their processes, and the most memory that they held together.
What is compared runs one after the other, so that other work on the machine slows both down alike:
read the ratios first.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import psutil
import typer

from app.library import Library
from app.opening import open_embedder
from app.settings import load_settings
from eval.questions import load
from eval.speed import enlarged
from ingest.embedding import Embedder
from ingest.home import make_current
from ingest.index import open_current
from ingest.passages import span_text, split_passages

_PAGE = "# Opening hours of {name}\n\nThe {name} opens at nine o'clock and closes at five.\n"
_LOOK_EVERY_S = 0.05
_PASSAGES = 10_000
_AT_ONCE = 256  # texts, as the pipeline embeds them

_STARTER = (
    "import sys; from pathlib import Path; from eval.baselines.starter import first_ten_lines;"
    "from llama_index.core import SimpleDirectoryReader;"
    "documents = SimpleDirectoryReader(sys.argv[1], recursive=True).load_data();"
    "index = first_ten_lines(documents, Path(sys.argv[2]));"
    "print(index.as_retriever().retrieve('What is it?'))"
)


@dataclass(frozen=True)
class Taken:
    """What something took: `wall` and `computed` in seconds, `memory` at most, in bytes."""

    wall: float
    computed: float
    memory: int = 0

    def __str__(self) -> str:
        told = f"{self.wall:.2f} s, {self.computed:.2f} of computing"
        return f"{told}, {self.memory / 1e6:.0f} MB" if self.memory else told


@dataclass(frozen=True)
class Given:
    """A file as the page hands it over."""

    name: str
    path: Path


def main(
    set_: Annotated[str, typer.Option("--set", help="Whose documents.")] = "squad",
    files: Annotated[int, typer.Option(min=1, help="So many files that do not change.")] = 10_000,
    pdf: Annotated[Path | None, typer.Option(help="A long PDF to be read.")] = None,
) -> None:
    """Print what adding takes: embedding, a folder, the same again, one page, many files, a PDF."""
    settings = load_settings(model="none")
    embedder = open_embedder(settings)
    documents = load(set_).documents
    with tempfile.TemporaryDirectory() as place:
        for line in _measured(documents, embedder, Path(place), files, pdf):
            typer.echo(line)


def _measured(
    documents: Path, embedder: Embedder, place: Path, files: int, pdf: Path | None
) -> Iterator[str]:
    yield from embedding(documents, embedder)
    home = place / "home"
    first = ingested(home, documents)
    starter = run([sys.executable, "-c", _STARTER, documents, embedder.folder])
    yield compared("the folder, answerable", first, "the starter's", starter)
    yield f"nothing but the process: {ingested(home)}"
    yield f"the same folder again: {ingested(home, documents)}"
    yield from one_page(home, embedder, place)
    yield from many_files(place, files)
    if pdf is not None:
        yield f"{pdf.name}: {ingested(place / 'pdf', pdf)}"


def embedding(documents: Path, embedder: Embedder) -> Iterator[str]:
    """Tell how long the spans of a folder's texts take, and with SentenceTransformer.encode."""
    from sentence_transformers import SentenceTransformer

    texts = [
        span_text(text, passage, span)
        for file in sorted(documents.glob("*.txt")) + sorted(documents.glob("*.md"))
        for text in [file.read_text("utf-8")]
        for passage in split_passages(
            text, file.stem, "text", (), embedder.count_tokens, embedder.max_tokens - 2
        )
        for span in passage.spans
    ]
    plain = SentenceTransformer(str(embedder.folder), device="cpu")

    def ours() -> None:
        for start in range(0, len(texts), _AT_ONCE):
            embedder.embed_spans(texts[start : start + _AT_ONCE])

    def theirs() -> None:
        plain.encode(texts)

    embedder.embed_spans(texts[:_AT_ONCE])
    plain.encode(texts[:_AT_ONCE])
    here, there = timed(ours), timed(theirs)
    yield compared(f"{len(texts):,} spans embedded", here, "SentenceTransformer.encode", there)


def one_page(home: Path, embedder: Embedder, place: Path) -> Iterator[str]:
    """Tell how long one page takes beside `_PASSAGES` others: on the terminal, and in the page."""
    index = open_current(home, embedder)
    times = -(-_PASSAGES // index.catalogue.passage_count())
    larger = place / "larger"
    built = enlarged(index, larger / index.folder.name, embedder, times)
    make_current(larger, built.folder)
    count = f"{built.catalogue.passage_count():,} passages"
    for name in ("terminal", "once more"):
        yield f"a page beside {count}, on the terminal: {ingested(larger, _page(place, name))}"
    library = Library(larger, open_current(larger, embedder))
    library.documents()
    for name in ("first", "second", "third"):
        given = Given(f"{name}.md", _page(place, name))
        taken = timed(partial(library.add, [given], lambda advance: None))
        yield f"… in the running page, {name}: {taken}"


def many_files(place: Path, count: int) -> Iterator[str]:
    """Tell how long it takes to see that so many files are as they were."""
    folder, home = place / "many", place / "many-home"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.md").write_text(_PAGE.format(name=f"shop {number}"), "utf-8")
    yield f"{count:,} files: {ingested(home, folder)}"
    time.sleep(3)  # what changed in the same tick of the clock is not yet known to be as it was
    ingested(home, folder)
    yield f"{count:,} unchanged files: {ingested(home, folder)}"


def ingested(home: Path, *paths: Path) -> Taken:
    """Run `footnote ingest`, or, without paths, what starts as it does and looks at nothing."""
    asked = ["ingest", *map(str, paths)] if paths else ["documents", "--json"]
    return run([Path(sys.executable).with_name("footnote"), *asked, "--home", str(home)])


def run(command: Sequence[str | Path]) -> Taken:
    """Run a command to its end. Raises CalledProcessError where it fails."""
    memory, before, started = 0, _computed(), time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        while process.poll() is None:
            memory = max(memory, _held(process.pid))
            time.sleep(_LOOK_EVERY_S)
        if process.returncode:
            said.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, said.read())
    return Taken(time.perf_counter() - started, _computed() - before, memory)


def _computed() -> float:
    """Return the seconds that all processes have computed which were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _held(pid: int) -> int:
    """Return the bytes that a process and those it started hold."""
    held = 0
    with suppress(psutil.Error):
        first = psutil.Process(pid)
        for each in (first, *first.children(recursive=True)):
            with suppress(psutil.Error):
                held += each.memory_info().rss
    return held


def timed(work: Callable[[], object]) -> Taken:
    """Do something in this process, and return how long it took, and computed here."""
    started, before = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - started, time.process_time() - before)


def compared(what: str, ours: Taken, other: str, theirs: Taken) -> str:
    """Say what two took, and the ratios of the first to the second."""
    ratios = f"{ours.wall / theirs.wall:.2f} and {ours.computed / theirs.computed:.2f}"
    return f"{what}: {ours}; {other}: {theirs}; ratios {ratios}"


def _page(place: Path, name: str) -> Path:
    page = place / f"{name}.md"
    page.write_text(_PAGE.format(name=name), "utf-8")
    return page


if __name__ == "__main__":
    typer.run(main)
