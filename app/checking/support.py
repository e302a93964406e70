"""Does what was read support what was written? One sentence against the passages that were given.

The check needs no language model. What must agree exactly (numbers, names, negations, quantifiers,
directions, who did what) is compared by rule; what may be said in other words is compared by the
sentence embedding. A second opinion (an NLI model, a cross-encoder) can be asked about what the
rules find nothing against; it never overrules them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.answer import Verdict
from app.checking.alignment import Conflict, around, enumerated
from app.checking.conflicts import find_conflicts
from app.checking.spans import (
    Evidence,
    Span,
    adjoin,
    join,
    read_again,
    spans_of,
    split_evidence,
)
from app.checking.wording import Wording, weight, wording
from app.checking.wording import score as scored
from app.language.claims import Reading, Token, matches
from app.language.quantities import same_value

__all__ = [
    "SUPPORTED_FROM",
    "Embed",
    "Entailment",
    "Evidence",
    "Span",
    "Support",
    "SupportChecker",
    "check_batch",
    "claims_something",
    "split_evidence",
]

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

SUPPORTED_FROM = 0.5  # the score from which a sentence without conflict counts as supported
_NEAR = 0.6  # from this cosine of claim and quotes on, missing words are looked at one by one
_LIKE = 0.45  # the cosine of two single words from which one may stand for the other
_CONTRADICTED = 0.3  # the most a sentence can score that a rule speaks against
_DOUBTED = 0.1  # below this a second opinion takes "supported" back
_ASSURED = 0.9  # from this on it makes up for words that are missing, if most are there
_MOST_SPANS = 3  # a sentence that needs more pieces than this is not a quotation of anything
_MARKERS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_YES_OR_NO = re.compile(r"(?:yes|no),\s", re.IGNORECASE)
# "(1815–1852)", "(10 December 1815 – 27 November 1852)": the years of a life.
_LIFE = re.compile(r"\([^()]*?(\d{3,4})\s*[-–—]\s*[^()]*?(\d{3,4})\)")
_YEAR_OF_LIFE = {"born": 1, "die": 2}  # by stem
_NO_CLAIM = re.compile(
    r"^(?:the|these|this|those)?\s*(?:\w+\s)?(?:passages?|documents?|context|texts?|sources?)\s"
    r"(?:provided\s|given\s)?(?:do|does|did)\s?(?:not|n[o'’]t)\b|^i\s(?:do|can|could|am)\b|"
    r"^(?:yes|no|sure|certainly|of course)[.,!]?$|\?$",
    re.IGNORECASE,
)


class Entailment(Protocol):
    """A second opinion on support."""

    def __call__(self, premise: str, sentence: str) -> float:
        """The probability in [0, 1] that `premise` entails `sentence`."""
        ...


@dataclass(frozen=True)
class Support:
    """What the passages say about a sentence.

    `score` is in [0, 1], `SUPPORTED_FROM` and more when supported. `quotes` are (index of the
    evidence, start, end) into that evidence's text, in reading order. `reason` names what is not
    supported and is empty when everything is. `conflicts` are the kinds of what speaks against it:
    name, number, unit, bound, attribution, negation, quantifier, contrast, exchange, cause or
    entailment.
    """

    verdict: Verdict
    score: float
    quotes: tuple[tuple[int, int, int], ...]
    reason: str
    conflicts: tuple[str, ...] = ()


class SupportChecker:
    """Holds sentences against passages.

    `embed` turns texts into unit rows (one a text). Without it meaning is compared by words alone,
    and every reason says so. `second_opinion` is asked once a sentence, where there is something to
    quote and no rule speaks against it: its doubt makes "supported" partly supported, and its
    assurance makes up for other words where at least half of the sentence is in the quotes.
    """

    def __init__(self, embed: Embed | None, second_opinion: Entailment | None = None) -> None:
        self._embed = embed
        self._second_opinion = second_opinion
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def check(
        self,
        sentence: str,
        evidence: Sequence[Evidence],
        *,
        question: str = "",
    ) -> Support:
        """Say whether `evidence` supports `sentence`, and with which of its sentences.

        `question` is what the sentence answers. A sentence that claims nothing ("Here are three:",
        a question, "the passages do not say") is supported with score 1 and without quotes.
        """
        text = _MARKERS.sub("", sentence).strip()
        claim = read_again(text)
        if not claims_something(claim):
            return Support("supported", 1.0, (), "")
        spans = spans_of(evidence)
        if not spans:
            return Support("not supported", 0.0, (), "there is no passage to support it")
        chosen = self._choose(claim, spans, evidence, question)
        missing = _missing(claim, chosen)
        conflicts = find_conflicts(claim, chosen, missing, read_again(question))
        return self._judge(claim, chosen, missing, conflicts, evidence)

    def wording(self, sentence: str, evidence: Sequence[Evidence], question: str = "") -> Wording:
        """How a sentence's words stand to its best spans: what the score is fitted on."""
        claim = read_again(sentence)
        chosen = self._choose(claim, spans_of(evidence), evidence, question)
        similarity = self._similarity(sentence, chosen, evidence)
        return wording(claim, _missing(claim, chosen), similarity or 0.0)

    def _judge(
        self,
        claim: Reading,
        chosen: Sequence[Span],
        missing: Sequence[Token],
        conflicts: Sequence[Conflict],
        evidence: Sequence[Evidence],
    ) -> Support:
        similarity = self._similarity(claim.text, chosen, evidence)
        words = wording(claim, missing, similarity or 0.0)
        score = scored(words, similarity is not None)
        if similarity is not None and score < SUPPORTED_FROM and similarity >= _NEAR and missing:
            missing = self._unlike(claim, missing, chosen)
            words = wording(claim, missing, similarity)
            score = scored(words, True)
        # Such a sentence repeats the question's own words, all of which must be there.
        if score >= SUPPORTED_FROM and missing and _YES_OR_NO.match(claim.text):
            missing = missing if similarity is None else self._unlike(claim, missing, chosen)
            score = min(score, _CONTRADICTED) if missing else score
        reasons = [conflict.reason for conflict in conflicts]
        if conflicts:
            score = min(score, _CONTRADICTED)
        elif score < SUPPORTED_FROM:
            absent = ", ".join(f"“{token.text}”" for token in missing)
            reasons = [f"no passage says {absent}" if absent else "no passage says this"]
        if score < SUPPORTED_FROM and self._embed is None:
            reasons.append("compared by words alone")
        quotes = join(chosen) if words.covered >= 0.3 else ()
        kinds = [conflict.kind for conflict in conflicts]
        if self._second_opinion is not None and quotes and not conflicts:
            read = " ".join(evidence[index].text[start:end] for index, start, end in quotes)
            entailed = self._second_opinion(f"{chosen[0].header.text} {read}".strip(), claim.text)
            if score >= SUPPORTED_FROM and entailed < _DOUBTED:
                score = min(score, _CONTRADICTED)
                reasons.append("the entailment model does not find it in the quote")
                kinds.append("entailment")
            elif score < SUPPORTED_FROM and entailed >= _ASSURED and words.covered >= 0.5:
                score, reasons = SUPPORTED_FROM, []
        verdict: Verdict = "supported"
        if score < SUPPORTED_FROM:
            whole = any(conflict.whole for conflict in conflicts)
            verdict = "partly supported" if words.covered >= 0.5 and not whole else "not supported"
        return Support(
            verdict,
            round(score, 3),
            quotes,
            "; ".join(dict.fromkeys(reasons)),
            tuple(dict.fromkeys(kinds)),
        )

    def _choose(
        self,
        claim: Reading,
        spans: Sequence[Span],
        evidence: Sequence[Evidence],
        question: str,
    ) -> list[Span]:
        """The fewest spans that together hold most of the claim, best first."""
        similar = self._similarities(claim.text, spans, evidence)
        asked = read_again(question).stems if question else frozenset()
        held = [_held(claim, span) for span in spans]
        total = sum(map(weight, claim.content)) + 1.5 * len(claim.quantities) or 1.0
        base = [
            sum(found.values()) / total
            + 0.5 * similarity
            + 0.02 * len(asked & span.reading.stems) / max(1, len(asked))
            for span, found, similarity in zip(spans, held, similar, strict=True)
        ]
        best = int(np.argmax(base))
        chosen, have = [best], dict(held[best])
        while len(chosen) < _MOST_SPANS:
            adjoins = [any(adjoin(span, spans[other]) for other in chosen) for span in spans]
            gains = [
                sum(max(0.0, value - have.get(key, 0.0)) for key, value in found.items()) / total
                + 0.03 * adjoins[index]
                if index not in chosen and (adjoins[index] or _speaks_of(spans[index], found, have))
                else 0.0
                for index, found in enumerate(held)
            ]
            extra = int(np.argmax(gains))
            if gains[extra] < 0.12:
                break
            chosen.append(extra)
            have = _most_held([have, held[extra]])
        found = [spans[index] for index in chosen]
        listed = enumerated(claim, spans)
        in_list = _most_held([_held(claim, span) for span in listed])
        return listed if sum(in_list.values()) > sum(have.values()) else found

    def _similarity(
        self, text: str, chosen: Sequence[Span], evidence: Sequence[Evidence]
    ) -> float | None:
        """The cosine of the claim and the middle of the chosen spans, None without an embedding."""
        if self._embed is None:
            return None
        rows = []
        for span in chosen:
            known = evidence[span.evidence].vectors
            rows.append(
                self._embedded([span.reading.text])[0] if known is None else known[span.number]
            )
        middle = np.sum(rows, axis=0)
        return float(self._embedded([text])[0] @ middle / max(float(np.linalg.norm(middle)), 1e-9))

    def _unlike(
        self, claim: Reading, missing: Sequence[Token], chosen: Sequence[Span]
    ) -> list[Token]:
        """The missing words that no word of the quotes, itself not in the claim, is similar to."""
        free = {
            token.text.lower(): token
            for span in chosen for token in span.reading.content if not matches(token, claim)
        }  # fmt: skip
        if not free:
            return list(missing)
        words = [token.text.lower() for token in missing]
        vectors = self._embedded([*words, *free])
        cosines = vectors[: len(words)] @ vectors[len(words) :].T
        unlike = []
        for token, row in zip(missing, cosines, strict=True):
            nearest = int(row.argmax())
            if token.name or row[nearest] < _LIKE:
                unlike.append(token)
            else:
                cosines[:, nearest] = -1.0
        return unlike

    def _similarities(
        self, text: str, spans: Sequence[Span], evidence: Sequence[Evidence]
    ) -> list[float]:
        """The claim's similarity to each span whose vector is known; 0 for the others."""
        if self._embed is None or all(item.vectors is None for item in evidence):
            return [0.0] * len(spans)
        claim = self._embedded([text])[0]
        known = [item.vectors @ claim if item.vectors is not None else None for item in evidence]
        return [
            0.0 if (row := known[span.evidence]) is None else float(row[span.number])
            for span in spans
        ]

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row per text; what was embedded before is remembered."""
        assert self._embed is not None
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            if len(self._vectors) > 20_000:
                self._vectors.clear()
                new = list(dict.fromkeys(texts))
            for text, row in zip(new, self._embed(new), strict=True):
                self._vectors[text] = row
        return np.stack([self._vectors[text] for text in texts])


def check_batch(
    records: Iterable[dict[str, Any]], checker: SupportChecker
) -> Iterator[dict[str, Any]]:
    """Check records (`id`, `sentence`, `passages`) in order; see `footnote check --batch`.

    `start` and `end` are offsets into the passage: `passages[passage][start:end] == quote`. Where
    several spans support a sentence, the first of them is given.
    """
    for record in records:
        passages = [str(text) for text in record["passages"]]
        found = checker.check(str(record["sentence"]), [split_evidence(text) for text in passages])
        passage, start, end = found.quotes[0] if found.quotes else (None, 0, 0)
        yield {
            "id": record["id"],
            "verdict": found.verdict,
            "support": found.score,
            "passage": passage,
            "start": start,
            "end": end,
            "quote": "" if passage is None else passages[passage][start:end],
            "reason": found.reason,
        }


def claims_something(claim: Reading) -> bool:
    """Whether a sentence states anything that a passage could support."""
    if _NO_CLAIM.search(claim.text):
        return False
    if claim.text.endswith(":"):
        return len(claim.content) > 6
    return bool(claim.content) or bool(claim.quantities)


def _most_held(several: Iterable[dict[int, float]]) -> dict[int, float]:
    """What of the claim any of several spans holds, as `_held` tells it of each."""
    most: dict[int, float] = {}
    for held in several:
        for key, value in held.items():
            most[key] = max(value, most.get(key, 0.0))
    return most


def _missing(claim: Reading, chosen: Sequence[Span]) -> list[Token]:
    """The content words of the claim that neither the chosen spans nor what leads to them have."""
    readings = [r for span in chosen for r in (span.reading, span.context, span.header)]
    return [
        token
        for token in claim.content
        if not any(matches(token, reading) for reading in readings)
        and not _said_by_years(token, claim, chosen)
    ]


def _said_by_years(token: Token, claim: Reading, chosen: Sequence[Span]) -> bool:
    """Whether the years behind a name, as in "Lovelace (1815–1852)", say "born" or "died"."""
    year = _YEAR_OF_LIFE.get(token.stem)
    if year is None:
        return False
    lives = (_LIFE.search(span.reading.text) for span in chosen)
    return any(life[year] in claim.text for life in lives if life)


def _speaks_of(span: Span, found: dict[int, float], have: dict[int, float]) -> bool:
    """Whether a span from elsewhere says what the claim says: a word or two may be chance.

    `found` is what it holds of the claim, `have` what the chosen spans hold.
    """
    own = {key for key, value in found.items() if value >= 1.0}
    return bool(own & have.keys()) or len(own) >= max(2, min(3, len(span.reading.content) / 2))


def _held(claim: Reading, span: Span) -> dict[int, float]:
    """What of the claim a span holds: offset in the claim -> weight."""
    found = {token.start: weight(token) for token in claim.content if matches(token, span.reading)}
    for token in claim.content:
        if token.start not in found and (
            matches(token, span.context) or matches(token, span.header)
        ):
            found[token.start] = 0.5 * weight(token)
    for number in claim.quantities:
        if any(same_value(number, other) for other in span.reading.quantities):
            near = around(claim, number.start, number.end, span)
            found[number.start] = 1.5 if near > 0.2 or number.value > 10 else 0.4
    return found
