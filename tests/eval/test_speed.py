from pathlib import Path

from app.search.retriever import PassageRetriever
from eval.speed import enlarged, timed, told
from tests.app.small_world import DOCUMENTS, indexed


def test_a_larger_index_finds_the_same_in_as_many_times_the_passages(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    larger = enlarged(index, tmp_path / "larger", index.embedder, 3)
    assert larger.catalogue.passage_count() == 3 * index.catalogue.passage_count()
    assert larger.vectors.count() == 3 * index.vectors.count()
    question = "How much salt has seawater?"
    [found] = PassageRetriever(larger).search(question, 1)
    [expected] = PassageRetriever(index).search(question, 1)
    assert found.passage.text == expected.passage.text


def test_each_search_is_timed_but_for_the_first(tmp_path: Path) -> None:
    retriever = PassageRetriever(indexed(tmp_path, DOCUMENTS))
    [taken] = timed([retriever], ["Why is the sky blue?"] * 12)
    assert len(taken) == 2
    assert min(taken) > 0


def test_what_was_measured_is_told_with_its_ratios(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    lines = told([index, index], [[1.0, 2.0, 3.0], [3.0, 6.0, 9.0]])
    assert lines[0] == f"{index.catalogue.passage_count()} passages: 2.0 ms, 95 % within 2.9"
    assert lines[-1] == "ratios: 3.00 and 3.00"
