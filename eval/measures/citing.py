"""Do the footnotes hold: recall and precision after ALCE, exactness, and the gold place.

Recall and precision follow Gao et al., "Enabling Large Language Models to Generate Text with
Citations" (EMNLP 2023), section 4.3, with our own support checker where they use an NLI model.
That checker also decides what the product shows, so these two say how consistent an answer is with
it, not how right it is; `gold_cited` and `gold_quoted` do not depend on it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from app.answer import Answer, Citation, Sentence
from eval.measures.wording import holds_gold
from eval.spans import Target


class Judge(Protocol):
    """Says whether quotes, taken together, support a statement."""

    def claims_something(self, statement: str) -> bool:
        """False for what cannot need support, such as "Here are three of them:"."""
        ...

    def supports(self, statement: str, quotes: Sequence[Citation], question: str) -> bool:
        """Whether the quotes support the statement, which answers `question`."""
        ...


def citation_recall(answer: Answer, judge: Judge) -> float | None:
    """The share of sentences that their quotes, taken together, support; no quote, no support.

    Sentences that claim nothing are left out.
    """
    cited = _cited_by_sentence(answer, judge)
    if not cited:
        return None
    return sum(_supported(one, quotes, answer, judge) for one, quotes in cited) / len(cited)


def citation_precision(answer: Answer, judge: Judge) -> float | None:
    """The share of footnotes set that do something for their sentence.

    A footnote counts if its sentence is supported and it is not idle: idle is one that does not
    support the sentence by itself while the other ones do so without it.
    """
    good = total = 0
    for sentence, quotes in _cited_by_sentence(answer, judge):
        supported = _supported(sentence, quotes, answer, judge)
        for position, quote in enumerate(quotes):
            others = [*quotes[:position], *quotes[position + 1 :]]
            idle = not _supported(sentence, [quote], answer, judge) and _supported(
                sentence, others, answer, judge
            )
            good += supported and not idle
            total += 1
    return good / total if total else None


def _cited_by_sentence(answer: Answer, judge: Judge) -> list[tuple[Sentence, list[Citation]]]:
    return [
        (sentence, [one for one in answer.citations if one.marker in sentence.markers])
        for sentence in answer.sentences
        if judge.claims_something(sentence.text)
    ]


def _supported(
    sentence: Sentence, quotes: Sequence[Citation], answer: Answer, judge: Judge
) -> bool:
    return bool(quotes) and judge.supports(sentence.text, quotes, answer.searched_for)


def quote_exactness(
    citations: Sequence[Citation], text_of: Callable[[str], str | None]
) -> float | None:
    """The share of quotes that are exactly `text[start:end]` of a document that is there."""
    if not citations:
        return None
    texts = [text_of(one.document) for one in citations]
    exact = [
        text is not None and text[one.start : one.end] == one.quote
        for one, text in zip(citations, texts, strict=True)
    ]
    return sum(exact) / len(exact)


def gold_cited(citations: Sequence[Citation], targets: Sequence[Target]) -> float | None:
    """The share of the gold places that some quote overlaps."""
    if not targets:
        return None
    return sum(any(map(target.is_hit_by, citations)) for target in targets) / len(targets)


def gold_quoted(citations: Sequence[Citation], accepted: Sequence[str]) -> float | None:
    """1 if a single quote holds an accepted answer, else 0."""
    if not accepted:
        return None
    return max((holds_gold(one.quote, accepted) or 0.0 for one in citations), default=0.0)
