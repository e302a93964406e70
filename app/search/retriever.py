"""Question → passages: two searches, one list, and what of it the model is given.

A passage is as good as its best sentence: in meaning (its vector's cosine to the question's), and
in words (how much of the question, weighed by rarity, stands in one sentence of it). Two more have
a say on whole passages: how well its tokens match the question's, and how much of the question
stands there in the very same form. `eval/LOG.md` has what each of them is worth.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from app.language.claims import Token, read
from app.search.matching import token_matches, token_weights
from app.understanding.asking import asks_for_list, kind_named
from ingest.catalogue import Catalogue
from ingest.embedding import EmbeddedQuery, Signs, Vectors
from ingest.index import Index
from ingest.stored_passages import StoredPassage
from ingest.within import IndexWithin

_NEAREST_SPANS = 200
_BEST_BY_WORDS = 100
_CANDIDATES = 30

# Fitted on squad's development questions, where the best values are flat (eval/LOG.md).
_SIMILARITY = 0.8
_COVERAGE = 0.4
_WORDING = 0.2
_MATCHING = 2.5
# Fitted on the list questions of the corpus and phrased sets.
_LISTING = 0.3


@dataclass(frozen=True)
class Found:
    """A passage that was found, and why.

    `score` orders passages of one search and means nothing across searches. `similarity` is the
    cosine of its best sentence to the question, in [-1, 1]; `coverage` is the share of the
    question's content, weighed by rarity, that its best sentence holds under its header, in [0, 1].
    `nearest` is the number of the span that matches the question best, in words and tokens.
    """

    passage: StoredPassage
    score: float
    similarity: float
    coverage: float
    nearest: int


@dataclass(frozen=True)
class _Asked:
    """A question as passages are held against it.

    `rarity` has its words and `words` those that carry meaning. `content` has the stems of the
    latter, as they are read in a sentence ("GPT-4" is one), with what they weigh; `weights` are
    those of its tokens. `for_list` says that several things of one kind are asked for.
    """

    embedded: EmbeddedQuery
    rarity: dict[str, float]
    words: tuple[str, ...]
    content: dict[str, float]
    weights: Vectors
    for_list: bool

    def stems(self, text: str) -> frozenset[str]:
        """Return a text's stems; where a list is asked for, one for all words for its kind."""
        stems = read(text).stems
        return frozenset(map(kind_named, stems)) if self.for_list else stems


class PassageRetriever(BaseRetriever):
    """Searches an index; a LlamaIndex retriever, so that what LlamaIndex has fits around it.

    `reranker`, when there is one, has the last word on the order (a cross-encoder, for instance).
    """

    def __init__(
        self, index: Index, top: int = 10, reranker: BaseNodePostprocessor | None = None
    ) -> None:
        super().__init__()
        self.index = index
        self._top = top
        self._reranker = reranker

    def within(self, documents: frozenset[str]) -> "PassageRetriever":
        """Return a retriever that finds, counts and knows the documents of these names alone."""
        return PassageRetriever(IndexWithin(self.index, documents), self._top, self._reranker)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(hit) for hit in self.search(query_bundle.query_str, self._top)]

    def search(self, query: str, top: int) -> list[Found]:
        """Return up to `top` passages, best first; none when nothing is like the query at all.

        Candidates are the best of both searches by the sum of relative scores (CombSUM; Fox and
        Shaw 1994). What orders them is how near and how full their best sentence is, how well they
        match the question token by token, and how much of it they hold word for word.
        """
        catalogue = self.index.catalogue
        asked = self._asked(query)
        similarity = self._by_meaning(asked.embedded.vector)
        bm25 = catalogue.search_words(asked.words, _BEST_BY_WORDS)
        rough = {
            id: _relative(similarity, id) + _relative(bm25, id)
            for id in similarity.keys() | bm25.keys()
        }
        best = sorted(rough, key=lambda id: (-rough[id], id))[:_CANDIDATES]
        # Signs first: of a passage that is deleted meanwhile nothing is missed.
        signs = catalogue.signs(best)
        passages = catalogue.passages(best).values()
        found = [_look_at(passage, signs[passage.id], asked) for passage in passages]
        found.sort(key=lambda hit: (-hit.score, hit.passage.id))
        found = _without_repetition(found)
        if self._reranker is not None:
            found = self._reranked(query, found)
        return found[:top]

    def _reranked(self, query: str, found: Sequence[Found]) -> list[Found]:
        assert self._reranker is not None
        hits = {str(hit.passage.id): hit for hit in found}
        nodes = self._reranker.postprocess_nodes([_node(hit) for hit in found], query_str=query)
        return [replace(hits[node.node_id], score=node.score or 0.0) for node in nodes]

    def _asked(self, query: str) -> _Asked:
        embedded = self.index.embedder.embed_query(query)
        tokens = _meaning(query)
        words = tuple(dict.fromkeys(word for token in tokens for word in _words(token.text)))
        rarity = _rarity([*_words(query), *words], self.index.catalogue)
        for_list = asks_for_list(query)
        content = {
            kind_named(token.stem) if for_list else token.stem: max(
                rarity[word] for word in _words(token.text)
            )
            for token in tokens
        }
        weights = token_weights(query, embedded, rarity)
        return _Asked(embedded, rarity, words, content, weights, for_list)

    def _by_meaning(self, vector: Vectors) -> dict[int, float]:
        """Return passage ids with the similarity of their best sentence."""
        spans = self.index.nearest(vector, _NEAREST_SPANS)
        # What the catalogue does not know any more is not found, whatever the index still holds.
        known = self.index.catalogue.passages_of_spans(spans)
        best: dict[int, float] = {}
        for span, passage in known.items():
            best[passage] = max(best.get(passage, 0.0), spans[span])
        return best


def _node(hit: Found) -> NodeWithScore:
    """The passage as LlamaIndex knows it; its id is the passage's in the catalogue."""
    passage = hit.passage
    node = TextNode(
        id_=str(passage.id),
        text=passage.text,
        metadata={
            "document": passage.document,
            "title": passage.title,
            "section": passage.section,
            "page": passage.page,
        },
        start_char_idx=passage.start,
        end_char_idx=passage.end,
    )
    return NodeWithScore(node=node, score=hit.score)


def _words(text: str) -> list[str]:
    return [word.lower() for word in re.findall(r"\w+", text)]


def _meaning(query: str) -> list[Token]:
    """Return the words and numbers of a query that carry meaning; all of it when none does."""
    tokens = list(read(query).tokens)
    return [token for token in tokens if token.content or token.text.isdigit()] or tokens


def _relative(scores: dict[int, float], id: int) -> float:
    # Below zero is unlike the query, whatever the others are: never divided by another such score.
    highest = max(scores.values(), default=0.0)
    return max(0.0, scores.get(id, 0.0)) / highest if highest > 0 else 0.0


def _rarity(words: Iterable[str], catalogue: Catalogue) -> dict[str, float]:
    """Return the inverse document frequency of each word, whose other forms count as the word."""
    total = catalogue.passage_count()
    rarity = {}
    for word in dict.fromkeys(words):
        having = catalogue.passages_with(word)
        rarity[word] = math.log(1 + (total - having + 0.5) / (having + 0.5))
    return rarity


def _look_at(passage: StoredPassage, signs: Sequence[Signs], asked: _Asked) -> Found:
    """Hold a passage against the question, sentence by sentence and as a whole."""
    similarity = passage.vectors @ asked.embedded.vector
    coverage = _coverage(passage, asked)
    matches = token_matches(asked.embedded, signs)
    return Found(
        passage,
        score=float(
            _SIMILARITY * similarity.max()
            + _COVERAGE * coverage.max()
            + _WORDING * _wording(passage, asked.rarity)
            + _MATCHING * (asked.weights @ matches.max(axis=1))
            + _LISTING * _listing(passage, asked, float(coverage.max()))
        ),
        similarity=float(similarity.max()),
        coverage=float(coverage.max()),
        nearest=int((_COVERAGE * coverage + _MATCHING * (asked.weights @ matches)).argmax()),
    )


def _wording(passage: StoredPassage, rarity: dict[str, float]) -> float:
    """Return the share of the question's words that a passage and its header hold as they stand.

    Small words count too, if little: "before", "than" and "largest" tell passages on one subject
    apart, which are alike to the other measures.
    """
    held = set(_words(f"{passage.header}\n{passage.table_header}\n{passage.text}"))
    weight = sum(weight for word, weight in rarity.items() if word in held)
    return weight / (sum(rarity.values()) or 1.0)


def _listing(passage: StoredPassage, asked: _Asked, coverage: float) -> float:
    """Return how much a passage is the list that is asked for, in [0, 2]; 0 where none is.

    Its rows are short and each says little of the question: what counts is how much they do, and
    how much of the heading above them is what is asked for.
    """
    if not (asked.for_list and passage.enumerates):
        return 0.0
    heading = asked.stems(passage.header.rpartition(" › ")[-1])
    return coverage + len(heading & asked.content.keys()) / max(1, len(heading))


def _coverage(passage: StoredPassage, asked: _Asked) -> Vectors:
    """Return, for each span, the share of the question's words that it holds under its header."""
    content = asked.content
    header = asked.stems(f"{passage.header}\n{passage.table_header}")
    whole = sum(content.values()) or 1.0
    spans = (passage.text[a - passage.start : b - passage.start] for a, b in passage.spans)
    held = (content.keys() & (asked.stems(span) | header) for span in spans)
    return np.array([sum(content[word] for word in words) / whole for words in held], np.float32)


def _without_repetition(found: Sequence[Found]) -> list[Found]:
    """Leave out passages whose words stand in a better one: copies of a document, boilerplate."""
    seen: set[str] = set()
    kept = []
    for hit in found:
        words = " ".join(hit.passage.text.split())
        if words not in seen:
            seen.add(words)
            kept.append(hit)
    return kept
