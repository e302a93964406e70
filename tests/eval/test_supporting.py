"""The checker on the corpus half of the planted errors, with the real embedding model.

A quarter of the records; 0.977, 0.911 and 0.053 were measured on it.
"""

from pathlib import Path

import pytest

from eval.caught import EXACT, figures, measure
from eval.lies import Planted, Written
from ingest.embedding import Embedder
from ingest.known_weights import MINILM
from ingest.weights import installed

DATA = Path(__file__).parents[2] / "eval" / "data"
RECORDS = [
    Planted.model_validate_json(line)
    for line in (DATA / "planted.jsonl").read_text("utf-8").splitlines()
]


def test_planted_errors_in_the_corpus_are_caught_and_true_sentences_left_alone() -> None:
    weights = installed(MINILM)
    if weights is None:
        pytest.skip("the embedding model is not installed; `make setup` installs it")
    found = figures(list(measure(RECORDS[::4], Embedder(weights).embed)))
    assert found["exact kinds"].value >= 0.94
    assert found["all kinds"].value >= 0.87
    assert found["false alarms"].value <= 0.08


def test_there_are_a_thousand_true_sentences_by_name_of_their_writer() -> None:
    lines = (DATA / "written.jsonl").read_text("utf-8").splitlines()
    written = [Written.model_validate_json(line) for line in lines]
    true = [item for item in written if item.task != "addition"]
    assert len(true) >= 1000
    assert len({item.id for item in written}) == len(written)
    assert all(item.by for item in written)


def test_every_exact_kind_is_planted_in_the_corpus() -> None:
    kinds = {lie.kind for record in RECORDS for lie in record.lies}
    assert set(EXACT) <= kinds
