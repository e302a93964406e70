"""Passages → scores: how well each sentence answers in its place, and each passage as a whole."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.search.asked import Asked, Wanted
from app.search.matching import token_matches
from ingest.embedded import Vectors
from ingest.stored_passages import StoredPassage

_WORD = re.compile(r"\w+")

# Fitted on squad's development questions, where the best values are flat (eval/LOG.md).
_SIMILARITY = 0.8
_COVERAGE = 0.4
_WORDING = 0.4
_MATCHING = 2.5
# How well a token is matched by what stands above a sentence and has its word: headings, lead-in,
# caption, columns, group row; and by its document's name, title, author, date and opening. The
# same word in the sentence itself gives about 0.8.
_MATCHED_ABOVE = 0.7
_MATCHED_BY_DOCUMENT = 0.4
# What a sentence loses that says none of the question's numbers, codes and months, nor its context.
_EXACT = 0.4


@dataclass(frozen=True)
class Scored:
    """How well a passage answers; the fields are those of `Found`."""

    score: float
    similarity: float
    coverage: float
    nearest: int


@dataclass(frozen=True)
class _Held:
    """Whether each span says each wanted term, shape (terms, spans), as 0 or 1.

    By its `own` words, by what stands `above` it in its document, by what its `document` is.
    """

    own: Vectors
    above: Vectors
    document: Vectors

    @property
    def said(self) -> Vectors:
        """Whether the span says it in one of these ways."""
        said: Vectors = np.maximum(self.own, np.maximum(self.above, self.document))
        return said


def scored(passages: Sequence[StoredPassage], asked: Asked) -> list[Scored]:
    """Hold passages against a question, sentence by sentence and as a whole, in order."""
    if not passages:
        return []
    held = _held(passages, asked.wanted)
    similarity = np.concatenate([each.vectors for each in passages]) @ asked.embedded.vector
    coverage = _share(asked.wanted, held.said)
    matches = _matches(passages, asked, held)
    lacking = _lacking(asked.wanted, held.said)
    wording = _wording(passages, asked)
    in_words = _COVERAGE * coverage + _MATCHING * (asked.token_weights @ matches) - _EXACT * lacking
    edges = np.cumsum([0, *(len(each.spans) for each in passages)])
    result = []
    for number in range(len(passages)):
        of = slice(edges[number], edges[number + 1])
        score = (
            _SIMILARITY * similarity[of].max()
            + _COVERAGE * coverage[of].max()
            + _WORDING * wording[number]
            + _MATCHING * (asked.token_weights @ matches[:, of].max(axis=1))
            - _EXACT * lacking[of].min()
        )
        result.append(
            Scored(
                score=float(score),
                similarity=float(similarity[of].max()),
                coverage=float(coverage[of].max()),
                nearest=int(in_words[of].argmax()),
            )
        )
    return result


def _held(passages: Sequence[StoredPassage], wanted: Sequence[Wanted]) -> _Held:
    own = [terms for passage in passages for terms in passage.terms]
    above = [context.terms for passage in passages for context in passage.contexts]
    # Alternatives are whole terms, which title and heading may say together.
    document = [terms for passage in passages for terms in passage.context_terms]
    return _Held(*(_says(wanted, spans) for spans in (own, above, document)))


def _says(wanted: Sequence[Wanted], spans: Sequence[frozenset[str]]) -> Vectors:
    """Return whether the terms of each span say each wanted one, shape (terms, spans)."""
    said = np.zeros((len(wanted), len(spans)), np.float32)
    for number, one in enumerate(wanted):
        said[number] = [one.term in terms for terms in spans]
        for other in one.others:
            said[number] = np.maximum(said[number], [other <= terms for terms in spans])
    return said


def _share(wanted: Sequence[Wanted], said: Vectors) -> Vectors:
    """Return the share of what is wanted, weighed by rarity, that each span says."""
    weights = np.array([one.weight for one in wanted], np.float32)
    share: Vectors = weights @ said / (weights.sum() or np.float32(1))
    return share


def _lacking(wanted: Sequence[Wanted], said: Vectors) -> Vectors:
    """Return the share of the exact terms that each span does not say; 0 where none is wanted."""
    exact = np.array([one.weight * one.exact for one in wanted], np.float32)
    lacking: Vectors = exact @ (1 - said) / (exact.sum() or np.float32(1))
    return lacking


def _matches(passages: Sequence[StoredPassage], asked: Asked, held: _Held) -> Vectors:
    """Return how well each token of the question is matched in each span or by its context."""
    matches = token_matches(
        asked.embedded, [signs for passage in passages for signs in passage.signs]
    )
    by_context = np.maximum(_MATCHED_ABOVE * held.above, _MATCHED_BY_DOCUMENT * held.document)
    for token, number in enumerate(asked.token_wanted):
        if number >= 0:
            matches[token] = np.maximum(matches[token], by_context[number])
    return matches


def _wording(passages: Sequence[StoredPassage], asked: Asked) -> list[float]:
    """Return the share of the question's words that each passage and its header hold as they stand.

    Small words count too, if little: "before", "than" and "largest" tell passages on one subject
    apart, which are alike to the other measures.
    """
    whole = sum(asked.words.values()) or 1.0
    shares = []
    for passage in passages:
        text = f"{passage.header}\n{passage.table_header}\n{passage.text}".lower()
        held = asked.words.keys() & set(_WORD.findall(text))
        shares.append(math.fsum(asked.words[word] for word in held) / whole)
    return shares
