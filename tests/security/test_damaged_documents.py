"""Three hundred damaged files of every format: each is a line of the receipt, and that is all."""

from pathlib import Path

import psutil

from ingest.index import open_current
from ingest.pipeline import sync
from tests.fakes import FakeEmbedder
from tests.ingest.building import write
from tests.security.damage import damaged


def test_each_is_one_line_of_the_receipt_and_questions_are_answered_meanwhile(
    tmp_path: Path,
) -> None:
    docs = write(tmp_path / "docs", cat="# Cats\n\nThe cat purrs.\n")
    home = tmp_path / "home"
    sync([docs], home, FakeEmbedder())
    index = open_current(home, FakeEmbedder())
    files = dict(damaged(300))
    for name, content in files.items():
        (docs / name).write_bytes(content)
    asked: list[str] = []

    def ask(document: str, share: float) -> None:
        if document not in asked:
            asked.append(document)
            assert index.vectors.nearest(FakeEmbedder().embed_query("cat").vector, 1)
            [passage] = index.catalogue.passages(
                index.catalogue.search_words(["purrs"], 1)
            ).values()
            assert passage.text == "The cat purrs."

    receipt = sync([docs], home, FakeEmbedder(), ask)
    lines = {line.document: line for line in receipt.lines}
    assert lines.keys() == files.keys() | {"cat.md"}
    assert {line.action for line in lines.values()} <= {"added", "failed", "unchanged"}
    for line in receipt.failed:
        assert line.problem.endswith("."), line
        assert "fault in Footnote" not in line.problem, line
    assert len(asked) > 300
    assert psutil.Process().children() == []
