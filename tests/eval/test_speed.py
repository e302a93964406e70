from pathlib import Path

from app.search.retriever import PassageRetriever
from eval.speed import enlarged, timed
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
