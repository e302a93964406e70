"""Two searches, one list: worked out by hand on documents of one sentence each."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle

from app.search.record import find
from app.search.reranking import reranker
from app.search.retriever import Found, PassageRetriever
from app.search.scoring import _COVERAGE, _MATCHED_BY_DOCUMENT, _MATCHING, _SIMILARITY, _WORDING
from ingest.embedded import EmbeddedQuery
from ingest.index import Index, open_current
from tests.app.small_world import DOCUMENTS, indexed
from tests.ingest.building import make_old

FRUIT = {
    "one.md": "# One\n\nRed apples grow.\n",
    "two.md": "# Two\n\nRed bricks crumble.\n",
    "three.md": "# Three\n\nGreen pears fall.\n",
    "four.md": "# Four\n\nOld wine ages.\n",
    "five.md": "# Five\n\nYoung dogs bark.\n",
}
ODD = [
    "",
    " ",
    "???",
    '"',
    "'",
    "\\",
    'NEAR("a" OR',
    "red AND",
    "red* -apples ^one : body",
    "😀",
    "什么是模型？",
    "ｒｅｄ",
    "İstanbul",
    "\x00",
    "\ud800 red",
    "a" * 5_000,
    " ".join(f"w{n}" for n in range(1_000)),
    "red apples " * 450,
    "snake_case of 256x256",
]


@pytest.fixture(scope="module")
def fruit(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("fruit"), FRUIT)


def names(found: list[Found]) -> list[str]:
    return [hit.passage.document for hit in found]


def test_the_scores_are_those_worked_out_by_hand(fruit: Index) -> None:
    """For "red apples" among five passages of four words each, header included.

    Meaning: {red, apples} and {red, apples, grow} share two words: 2 / (√2 √3); one with "bricks".
    Coverage: "red" (in 2 of 5) weighs ln(1 + 3.5/2.5), "apples" (in 1) ln(1 + 4.5/1.5); wording
    is the same here, for both words stand there as they were asked for. Each sentence opens its
    document, so a token is matched by that at least.
    """
    covered = math.log(2.4) / (math.log(2.4) + math.log(4))
    matched = _MATCHED_BY_DOCUMENT
    one, two = PassageRetriever(fruit).search("red apples", 2)
    assert names([one, two]) == ["one.md", "two.md"]
    assert one.similarity == pytest.approx(2 / math.sqrt(6), abs=1e-4)
    assert two.similarity == pytest.approx(1 / math.sqrt(6), abs=1e-4)
    assert one.coverage == pytest.approx(1)
    assert two.coverage == pytest.approx(covered, abs=1e-4)
    assert one.score == pytest.approx(
        _SIMILARITY * 2 / math.sqrt(6) + _COVERAGE + _WORDING + _MATCHING * matched
    )
    assert two.score == pytest.approx(
        _SIMILARITY / math.sqrt(6) + (_COVERAGE + _WORDING + _MATCHING * matched) * covered,
        abs=1e-4,
    )


def test_scores_fall_and_no_more_come_than_were_asked_for(fruit: Index) -> None:
    found = PassageRetriever(fruit).search("young green apples", 3)
    scores = [hit.score for hit in found]
    assert len(found) == 3
    assert scores == sorted(scores, reverse=True)


def test_the_nearest_sentence_of_a_passage_is_known(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    best = PassageRetriever(index).search("What turns red at sunset?", 1)[0]
    start, end = best.passage.spans[best.nearest]
    assert index.catalogue.text("sky.md")[start:end] == "At sunset the sky turns red."  # type: ignore[index]


def test_a_word_in_the_title_counts_for_every_sentence_under_it(tmp_path: Path) -> None:
    documents = {
        "cats.md": "# Cats\n\nThey sleep long.\n",
        "dogs.md": "# Dogs\n\nThey sleep long, too.\n",
    }
    found = PassageRetriever(indexed(tmp_path, documents)).search("dogs sleep", 2)
    assert names(found) == ["dogs.md", "cats.md"]
    assert found[0].coverage == pytest.approx(1)


@pytest.mark.parametrize("written", ["What does Turpin's study show?", "What does Turpin’s show?"])
def test_a_name_in_the_genitive_is_searched_for(tmp_path: Path, written: str) -> None:
    documents = {**FRUIT, "six.md": "# Six\n\nTurpin et al. biased prompts.\n"}
    retriever = PassageRetriever(indexed(tmp_path, documents))
    retriever.index.embedder = _Blind()  # type: ignore[assignment]
    found = retriever.search(written, 1)
    assert names(found) == ["six.md"]
    assert found[0].coverage > 0


def test_of_two_words_with_one_stem_both_are_searched_for(
    fruit: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    monkeypatch.setattr(
        fruit.catalogue, "search_terms", lambda terms, top: searched.extend(terms) or {}
    )
    PassageRetriever(fruit).search("Is Norway the Norwegian way in Norway?", 1)
    assert searched == ["norway", "norwegian", "way"]


def test_a_name_of_letters_and_digits_is_searched_for(tmp_path: Path) -> None:
    documents = {**FRUIT, "six.md": "# Six\n\nGPT-4 was not named.\n"}
    retriever = PassageRetriever(indexed(tmp_path, documents))
    retriever.index.embedder = _Blind()  # type: ignore[assignment]
    found = retriever.search("What does GPT-4 cost?", 1)
    assert names(found) == ["six.md"]
    assert found[0].coverage > 0


def test_of_two_forms_of_a_word_the_one_that_was_asked_for_comes_first(tmp_path: Path) -> None:
    documents = {
        "a.md": "# A\n\nHe painted walls.\n",
        "b.md": "# B\n\nHe paints walls.\n",
    }
    retriever = PassageRetriever(indexed(tmp_path, documents))
    retriever.index.embedder = _Blind()  # type: ignore[assignment]
    for form, first in (("painted", "a.md"), ("paints", "b.md")):
        found = retriever.search(f"walls {form}", 2)
        assert names(found)[0] == first
        assert found[0].coverage == found[1].coverage == pytest.approx(1)


def test_small_words_tell_passages_apart_that_are_alike_otherwise(tmp_path: Path) -> None:
    documents = {
        "after.md": "# One\n\nWash hands after lunch.\n",
        "before.md": "# Two\n\nWash hands before lunch.\n",
    }
    retriever = PassageRetriever(indexed(tmp_path, documents))
    retriever.index.embedder = _Blind()  # type: ignore[assignment]
    for word in ("after", "before"):
        found = retriever.search(f"Wash hands {word} lunch?", 2)
        assert names(found)[0] == f"{word}.md"
        assert found[0].coverage == found[1].coverage


def test_a_passage_whose_tokens_match_comes_first_though_it_has_none_of_the_words(
    tmp_path: Path,
) -> None:
    class Translating(_Blind):
        def embed_query(self, query: str) -> EmbeddedQuery:
            pears = embedder.embed_query("pears")
            return replace(super().embed_query(query), tokens=pears.tokens, places=((0, 3),))

    retriever = PassageRetriever(indexed(tmp_path, FRUIT))
    embedder = retriever.index.embedder
    retriever.index.embedder = Translating()  # type: ignore[assignment]
    found = retriever.search("zzz", 5)
    assert names(found)[0] == "three.md"
    assert found[0].coverage == found[0].similarity == 0
    assert {hit.score for hit in found[1:]} == {0}


def test_the_nearest_sentence_is_the_one_whose_tokens_match(tmp_path: Path) -> None:
    class Translating(_Blind):
        def embed_query(self, query: str) -> EmbeddedQuery:
            heavy = embedder.embed_query("tonnes")
            return replace(super().embed_query(query), tokens=heavy.tokens, places=((0, 3),))

    index = indexed(tmp_path, DOCUMENTS)
    embedder = index.embedder
    index.embedder = Translating()  # type: ignore[assignment]
    best = PassageRetriever(index).search("zzz", 1)[0]
    start, end = best.passage.spans[best.nearest]
    assert index.catalogue.text("sky.md")[start:end] == "A cumulus cloud weighs 500 tonnes."  # type: ignore[index]


class _Blind:
    """To its eyes all texts are equally far from any question."""

    folder, name, max_tokens = Path("words"), "words", 256

    def embed_query(self, query: str) -> EmbeddedQuery:
        return EmbeddedQuery(np.zeros(512, np.float32), np.zeros((0, 512), np.float32), ())


def test_what_the_catalogue_does_not_know_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma still finds a span of a document that is gone, and finds it nearest of all."""

    class Behind:
        def nearest(self, vector: Any, top: int, among: Any = None) -> dict[int, float]:
            return {gone: 1.0, 10_000: 0.9, left: 0.5}

    index = indexed(tmp_path, FRUIT)
    spans = index.nearest(index.embedder.embed_query("red").vector, 5)
    passages = index.catalogue.passages(index.catalogue.passages_of_spans(spans).values())
    of_passage = {id: span for span, id in index.catalogue.passages_of_spans(spans).items()}
    span_of = {passage.document: of_passage[id] for id, passage in passages.items()}
    gone, left = span_of["one.md"], span_of["two.md"]
    index.catalogue.delete(tmp_path / "documents" / "one.md")
    monkeypatch.setattr(Index, "vectors", Behind())
    assert names(PassageRetriever(index).search("red apples", 5)) == ["two.md"]


def test_copies_of_a_passage_are_shown_once(tmp_path: Path) -> None:
    copies = dict.fromkeys(("a.md", "b.md"), "# Fruit\n\nRed apples   grow.\n")
    copies["c.md"] = "# Fruit\n\nRed apples grow.\n"
    found = PassageRetriever(indexed(tmp_path, copies)).search("red apples", 5)
    assert len(found) == 1


def test_unlike_is_unlike_however_unlike_the_others_are(fruit: Index) -> None:
    """All cosines below zero: the least of them must not come out on top."""

    class Opposite:
        folder, name, max_tokens = Path("words"), "words", 256

        def embed_query(self, query: str) -> EmbeddedQuery:
            asked = fruit.embedder.embed_query("apples apples red")
            return replace(asked, vector=-asked.vector, tokens=asked.tokens[:0], places=())

    index = Index(fruit.folder, fruit.embedder)
    index.embedder = Opposite()  # type: ignore[assignment]
    found = PassageRetriever(index).search("zzz", 5)
    assert names(found)[-1] == "one.md"


def test_a_reranker_has_the_last_word(fruit: Index) -> None:
    class Reversed(BaseNodePostprocessor):
        def _postprocess_nodes(
            self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
        ) -> list[NodeWithScore]:
            assert query_bundle is not None
            assert query_bundle.query_str == "red apples"
            return [NodeWithScore(node=n.node, score=i) for i, n in enumerate(nodes)][::-1]

    plain = PassageRetriever(fruit).search("red apples", 9)
    turned = PassageRetriever(fruit, reranker(Reversed())).search("red apples", 9)
    assert names(turned) == names(plain)[::-1]
    assert [hit.score for hit in turned] == [*range(len(plain))][::-1]
    assert names(PassageRetriever(fruit, reranker(Reversed())).search("red apples", 1)) == names(
        plain[-1:]
    )


@pytest.mark.parametrize("query", ODD, ids=lambda query: ascii(query[:12]))
def test_no_query_is_too_odd(fruit: Index, query: str) -> None:
    record = find(PassageRetriever(fruit), query, 3).to_json()
    assert set(record) == {"query", "searched_for", "passages", "timings"}
    assert len(record["passages"]) <= 3
    for passage in record["passages"]:
        assert math.isfinite(passage["score"])


def test_an_index_from_before_tokens_were_kept_is_searched_without_them(tmp_path: Path) -> None:
    """Words that do not open the document, so that only tokens match them besides coverage."""
    index = indexed(tmp_path, {"one.md": "# One\n\nPears.\n\n## Two\n\nRed apples grow.\n"})
    now = PassageRetriever(index).search("red apples", 2)
    make_old(tmp_path / "home")
    old = open_current(tmp_path / "home", index.embedder)
    before = PassageRetriever(old).search("red apples", 2)
    assert names(before) == names(now)
    assert now[0].score - before[0].score == pytest.approx(_MATCHING / math.sqrt(512))


@pytest.mark.parametrize("query", ["", "red apples"])
def test_an_empty_index_finds_nothing(tmp_path: Path, query: str) -> None:
    index = indexed(tmp_path, {"blank.txt": "A.\n"})
    index.catalogue.delete(tmp_path / "documents" / "blank.txt")
    assert PassageRetriever(index).search(query, 5) == []
    assert PassageRetriever(indexed(tmp_path / "none", {})).search(query, 5) == []


def test_a_search_record_has_the_names_of_the_contract(fruit: Index) -> None:
    record = find(PassageRetriever(fruit), "red apples", 1).to_json()
    assert list(record) == ["query", "searched_for", "passages", "timings"]
    assert list(record["timings"]) == ["retrieve_ms"]
    (passage,) = record["passages"]
    assert set(passage) == {
        "document", "title", "section", "page", "time", "start", "end", "text", "score",
        "document_sha256",
    }  # fmt: skip
    assert passage["text"] == FRUIT["one.md"][passage["start"] : passage["end"]]


def test_every_passage_has_spans_and_a_vector_for_each(fruit: Index) -> None:
    for name in FRUIT:
        for passage in fruit.catalogue.passages_of_document(name):
            assert len(passage.spans) == len(passage.vectors) > 0
            assert np.allclose(np.linalg.norm(passage.vectors, axis=1), 1)
