"""Answers of the corpus, saved, and the stranger's script of docs/verifying.md run on them.

    python -m tests.app.export.strangers [HOW MANY]

Each is saved in one of the four formats in turn, and proven. Then a letter of a quote is changed in
the data, an offset moved, and a document edited: each time the script must refuse. Prints a tally.
"""

import io
import json
import re
import runpy
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from itertools import cycle
from pathlib import Path
from typing import Any

from app.answer import Answer
from app.export.carried import carried, embeddable
from app.export.kinds import KINDS, Kind, present
from app.journal import Kept
from ingest.index import Catalogue, open_catalogue

DOCS = Path(__file__).parents[3] / "docs" / "verifying.md"
MOMENT = "2026-11-21T09:00:00+00:00"
Tamper = Callable[[dict[str, Any]], None]


def script_at(place: Path) -> Path:
    """The script, exactly as the docs have it, as a file."""
    [script] = re.findall(r"```python\n(.*?)\n```", DOCS.read_text("utf-8"), re.DOTALL)
    place.write_text(script, "utf-8")
    return place


def run(script: Path, file: Path, documents: Path) -> tuple[int, str]:
    """The script's exit code, and what it prints."""
    before, said = sys.argv, io.StringIO()
    sys.argv = [str(script), str(file), str(documents)]
    try:
        with redirect_stdout(said):
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    finally:
        sys.argv = before
    raise AssertionError("it ends by itself")


def saved(kind: Kind, answer: Answer, catalogue: Catalogue, tamper: Tamper | None = None) -> bytes:
    """An answer as a file, whose data may have been tampered with."""
    kept, today = [Kept(answer, MOMENT)], present(catalogue.documents())
    data = carried(kept, today, catalogue.text_of)
    if tamper:
        read = json.loads(data)
        tamper(read)
        data = embeddable(read)
    return kind.file(kept, today, data)


def change_a_letter(data: dict[str, Any]) -> None:
    """Have the first quote say something else."""
    quote = data["answers"][0]["citations"][0]
    letter = next(at for at, sign in enumerate(quote["quote"]) if sign.isalpha())
    other = "b" if quote["quote"][letter] != "b" else "c"
    quote["quote"] = quote["quote"][:letter] + other + quote["quote"][letter + 1 :]


def move(data: dict[str, Any]) -> None:
    """Have the first quote stand a character further on."""
    quote = data["answers"][0]["citations"][0]
    quote["start"] += 1
    quote["end"] += 1


def tally(answers: Iterator[Answer], home: Path, corpus: Path, place: Path) -> Counter[str]:
    """Save, prove and tamper with each answer, and count what came of it."""
    script, catalogue = script_at(place / "prove.py"), open_catalogue(home)
    edited = place / "edited"
    counts: Counter[str] = Counter()
    for kind, answer in zip(cycle(KINDS.values()), answers, strict=False):
        file = place / f"saved{kind.suffix}"
        file.write_bytes(saved(kind, answer, catalogue))
        counts["saved"] += 1
        code, said = run(script, file, corpus)
        counts["proven"] += code == 0
        counts["quotes proven"] += said.count("proven: ")
        shutil.rmtree(edited, ignore_errors=True)
        shutil.copytree(corpus, edited)
        with (edited / answer.citations[0].document).open("ab") as document:
            document.write(b" ")
        counts["refused: a document was edited"] += run(script, file, edited)[0] == 1
        for what, tamper in (("a letter was changed", change_a_letter), ("an offset moved", move)):
            file.write_bytes(saved(kind, answer, catalogue, tamper))
            counts[f"refused: {what}"] += run(script, file, corpus)[0] == 1
    catalogue.close()
    return counts


def answered(home: Path, many: int, embedder: Any = None) -> Iterator[Answer]:
    """Answers, without a model, to questions about the sections of the documents in a home."""
    from app.opening import engine_over, open_embedder
    from app.search.retriever import PassageRetriever
    from app.settings import Settings
    from ingest.index import open_current
    from tests.load.visitors import questions_of

    settings = Settings(home=home, model="none")
    index = open_current(home, embedder or open_embedder(settings))
    engine = engine_over(PassageRetriever(index), settings)
    found = 0
    for question in questions_of(home, 4 * many):
        answer = engine.answer(question)
        if answer.citations and found < many:
            found += 1
            yield answer
    engine.close()


def main() -> None:
    """Make a home of the corpus, and print the tally."""
    from ingest.embedding import Embedder
    from ingest.known_weights import MINILM
    from ingest.pipeline import sync
    from ingest.weights import fetch

    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        place, corpus = Path(folder), Path("corpus")
        embedder = Embedder(fetch(MINILM))
        sync([corpus], place / "home", embedder)
        answers = answered(place / "home", many, embedder)
        for what, count in tally(answers, place / "home", corpus, place).items():
            print(f"{count:>5} {what}")


if __name__ == "__main__":
    main()
