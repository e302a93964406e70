"""What answers in the documents' own words waits for no library that only others need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HEAVY = (
    "gradio",
    "llama_index",
    "nltk",
    "openai",
    "sentence_transformers",
    "torch",
    "transformers",
)
# In a process of its own: in this one other tests have imported what they need.
REPORT = f"import sys; print(*sorted(set({HEAVY}) & sys.modules.keys()))"
ANSWER = """
import tempfile
from pathlib import Path
from tests.app.small_world import DOCUMENTS, engine_on, indexed
answer = engine_on(indexed(Path(tempfile.mkdtemp()), DOCUMENTS)).answer("Why is the sky blue?")
assert answer.quotes, answer
"""


@pytest.mark.parametrize("done", ["import app.cli, app.opening, footnote", ANSWER])
def test_quotes_need_no_heavy_library(done: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", f"{done}\n{REPORT}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []
