"""A stranger proves saved answers with nothing but the script that the docs give."""

import subprocess
import sys
from pathlib import Path

from app.export.kinds import KINDS
from ingest.embedding import Embedder
from ingest.index import open_catalogue
from tests.app.export.strangers import DOCS, answered, saved, script_at, tally


def test_every_answer_is_proven_and_none_that_was_tampered_with(
    corpus_home: Path, corpus: Path, embedder: Embedder, tmp_path: Path
) -> None:
    """Three in each format here; a hundred by `python -m tests.app.export.strangers 100`."""
    counts = tally(answered(corpus_home, 12, embedder), corpus_home, corpus, tmp_path)
    assert counts.pop("quotes proven") > 24
    assert counts == {
        "saved": 12,
        "proven": 12,
        "refused: a document was edited": 12,
        "refused: a letter was changed": 12,
        "refused: an offset moved": 12,
    }


def test_the_script_needs_nothing_but_python(
    corpus_home: Path, corpus: Path, embedder: Embedder, tmp_path: Path
) -> None:
    answer = next(  # PDFs take pypdfium2
        each
        for each in answered(corpus_home, 5, embedder)
        if not any(citation.document.endswith(".pdf") for citation in each.citations)
    )
    file = tmp_path / "answer.md"
    file.write_bytes(saved(KINDS["markdown"], answer, open_catalogue(corpus_home)))
    script = script_at(tmp_path / "prove.py")
    command = [sys.executable, "-I", "-S", str(script), str(file), str(corpus)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.count("proven: ") == len(answer.citations)


def test_the_script_is_about_as_short_as_the_docs_say() -> None:
    lines = DOCS.read_text("utf-8").partition("```python\n")[2].partition("\n```")[0].splitlines()
    assert sum(bool(line.strip()) for line in lines) < 60
