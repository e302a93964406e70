"""Does what was read support what was written? One sentence against the passages that were given.

The check needs no language model. What must agree exactly (numbers, names, negations, quantifiers,
directions, who did what) is compared by rule; what may be said in other words is compared by the
sentence embedding.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.answer import Verdict
from app.checking.case import Case
from app.checking.choosing import choose
from app.checking.evidence import Evidence, Piece, evidence_of, joined, pieces_of, split_evidence
from app.checking.rules import find_conflicts, plainly_said
from app.checking.wording import Wording, wording
from app.checking.wording import score as scored
from app.language.claims import Reading, Token, matches, read
from app.language.lexicon import pattern

__all__ = [
    "SUPPORTED_FROM",
    "Embed",
    "Evidence",
    "Support",
    "SupportChecker",
    "check_batch",
    "claims_something",
    "evidence_of",
    "split_evidence",
]

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

SUPPORTED_FROM = 0.5  # the score from which a sentence without conflict counts as supported
_NEAR = 0.6  # from this cosine of claim and quotes on, missing words are looked at one by one
_LIKE = 0.45  # the cosine of two single words from which one may stand for the other
_CONTRADICTED = 0.3  # the most a sentence can score that a rule speaks against
_SAME = 0.6  # the share of a claim that quotes must have to speak of the same
_REMEMBERED = 20_000  # vectors
_MARKERS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")


@dataclass(frozen=True)
class Support:
    """What the passages say about a sentence.

    `score` is in [0, 1], `SUPPORTED_FROM` and more when supported. `quotes` are (index of the
    evidence, start, end) into that evidence's text, in reading order. `reason` names what is not
    supported and is empty when everything is. `conflicts` are the kinds of what speaks against it:
    name, number, unit, bound, attribution, negation, quantifier, contrast, exchange or question.
    `refuted` says that the quotes speak of the same and say otherwise, instead of not saying it,
    and `plain` that one of them says all of it in its own words.
    """

    verdict: Verdict
    score: float
    quotes: tuple[tuple[int, int, int], ...]
    reason: str
    conflicts: tuple[str, ...] = ()
    refuted: bool = False
    plain: bool = True


class SupportChecker:
    """Holds sentences against passages.

    `embed` turns texts into unit rows (one a text). Without it meaning is compared by words alone,
    and every reason says so.
    """

    def __init__(self, embed: Embed | None) -> None:
        self._embed = embed
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def check(self, sentence: str, evidence: Sequence[Evidence], *, question: str = "") -> Support:
        """Say whether `evidence` supports `sentence`, and with which of its sentences.

        `question` is what the sentence answers. A sentence that claims nothing ("Here are three:",
        a question, "the passages do not say") is supported with score 1 and without quotes.
        """
        claim = read(_MARKERS.sub("", sentence).strip())
        if not claims_something(claim):
            return Support("supported", 1.0, (), "")
        pieces = pieces_of(evidence)
        if not pieces:
            return Support("not supported", 0.0, (), "there is no passage to support it")
        case = self._case(claim, pieces, evidence, question)
        return self._judge(case, evidence)

    def wording(self, sentence: str, evidence: Sequence[Evidence], question: str = "") -> Wording:
        """How a sentence's words stand to its best pieces: what the score is fitted on."""
        case = self._case(read(sentence), pieces_of(evidence), evidence, question)
        similarity = self._similarity(sentence, case.chosen, evidence)
        return wording(case.claim, case.missing, similarity or 0.0)

    def _case(
        self, claim: Reading, pieces: Sequence[Piece], evidence: Sequence[Evidence], question: str
    ) -> Case:
        near = self._similarities(claim.text, pieces, evidence)
        asked = read(question)
        likeness = None
        if self._embed is not None and asked.content:
            one, other = self.embedded([claim.text, question])
            likeness = float(one @ other)
        return Case.of(claim, choose(claim, pieces, near, asked), asked, pieces, likeness)

    def _judge(self, case: Case, evidence: Sequence[Evidence]) -> Support:
        claim, missing, conflicts = case.claim, case.missing, find_conflicts(case)
        similarity = self._similarity(claim.text, case.chosen, evidence)
        words = wording(claim, missing, similarity or 0.0)
        score = scored(words, similarity is not None)
        if similarity is not None and score < SUPPORTED_FROM and similarity >= _NEAR and missing:
            missing = self._unlike(case)
            words = wording(claim, missing, similarity)
            score = scored(words, True)
        # Such a sentence repeats the question's own words, all of which must be there.
        if score >= SUPPORTED_FROM and missing and pattern("answers_yes_or_no").match(claim.text):
            missing = missing if similarity is None else self._unlike(case)
            score = min(score, _CONTRADICTED) if missing else score
        reasons = [conflict.reason for conflict in conflicts]
        if conflicts:
            score = min(score, _CONTRADICTED)
        elif score < SUPPORTED_FROM:
            absent = ", ".join(f"“{token.text}”" for token in missing)
            reasons = [f"no passage says {absent}" if absent else "no passage says this"]
        if score < SUPPORTED_FROM and self._embed is None:
            reasons.append("compared by words alone")
        verdict: Verdict = "supported"
        if score < SUPPORTED_FROM:
            whole = any(conflict.whole for conflict in conflicts)
            verdict = "partly supported" if words.covered >= 0.5 and not whole else "not supported"
        return Support(
            verdict,
            round(score, 3),
            joined(case.chosen) if words.covered >= 0.3 else (),
            "; ".join(dict.fromkeys(reasons)),
            tuple(dict.fromkeys(conflict.kind for conflict in conflicts)),
            refuted=words.covered >= _SAME and any(conflict.refutes for conflict in conflicts),
            plain=verdict == "supported" and plainly_said(case),
        )

    def _similarity(
        self, text: str, chosen: Sequence[Piece], evidence: Sequence[Evidence]
    ) -> float | None:
        """The cosine of a claim and the middle of the chosen pieces, None without an embedding."""
        if self._embed is None:
            return None
        rows = []
        for piece in chosen:
            known = evidence[piece.evidence].vectors
            rows.append(
                self.embedded([piece.reading.text])[0] if known is None else known[piece.number]
            )
        middle = np.sum(rows, axis=0)
        return float(self.embedded([text])[0] @ middle / max(float(np.linalg.norm(middle)), 1e-9))

    def _unlike(self, case: Case) -> list[Token]:
        """The missing words that no word of the quotes, itself not in the claim, is similar to."""
        free = {
            token.text.lower(): token
            for piece in case.chosen for token in piece.reading.content
            if not matches(token, case.claim)
        }  # fmt: skip
        if not free:
            return list(case.missing)
        words = [token.text.lower() for token in case.missing]
        vectors = self.embedded([*words, *free])
        cosines = vectors[: len(words)] @ vectors[len(words) :].T
        unlike = []
        for token, row in zip(case.missing, cosines, strict=True):
            nearest = int(row.argmax())
            if token.name or row[nearest] < _LIKE:
                unlike.append(token)
            else:
                cosines[:, nearest] = -1.0
        return unlike

    def _similarities(
        self, text: str, pieces: Sequence[Piece], evidence: Sequence[Evidence]
    ) -> list[float]:
        """The claim's similarity to each piece whose vector is known; 0 for the others."""
        if self._embed is None or all(item.vectors is None for item in evidence):
            return [0.0] * len(pieces)
        claim = self.embedded([text])[0]
        known = [item.vectors @ claim if item.vectors is not None else None for item in evidence]
        return [
            0.0 if (row := known[piece.evidence]) is None else float(row[piece.number])
            for piece in pieces
        ]

    def embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, all that are new embedded at once and remembered.

        Rows are empty without an embedding.
        """
        if self._embed is None:
            return np.zeros((len(texts), 0), np.float32)
        known = {text: row for text in texts if (row := self._vectors.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._embed(new), strict=True))
            if len(self._vectors) > _REMEMBERED:
                self._vectors.clear()
            self._vectors.update((text, known[text]) for text in new)
        return np.stack([known[text] for text in texts]) if texts else np.zeros((0, 0), np.float32)


def check_batch(
    records: Iterable[dict[str, Any]], checker: SupportChecker
) -> Iterator[dict[str, Any]]:
    """Check records (`id`, `sentence`, `passages`) in order; see `footnote check --batch`.

    `start` and `end` are offsets into the passage: `passages[passage][start:end] == quote`. Where
    several pieces support a sentence, the first of them is given.
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
    if pattern("claims_nothing").search(claim.text):
        return False
    if claim.text.endswith(":"):
        return len(claim.content) > 6
    return bool(claim.content) or bool(claim.quantities)
