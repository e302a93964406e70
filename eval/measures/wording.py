"""Does the answer say it: key facts, gold string, exact match, token F1, ROUGE-L, length.

All of them look at the words alone and know nothing of meaning: an answer that puts a right fact
into a wrong sentence passes, and one that uses a synonym nobody listed does not.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

DASHES = re.compile("[\u2010-\u2015\u2212-]")
APOSTROPHES = re.compile("[\u2018\u2019]")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def squad_normal(text: str) -> str:
    """Lower case, no punctuation, no a/an/the, single spaces.

    SQuAD's own normalisation (Rajpurkar et al. 2016, evaluate-v2.0.py).
    """
    bare = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def exact_match(answer: str, accepted: Sequence[str]) -> float | None:
    """1 if the answer is one of the accepted ones after normalisation, else 0 (SQuAD)."""
    if not accepted:
        return None
    return float(squad_normal(answer) in map(squad_normal, accepted))


def token_f1(answer: str, accepted: Sequence[str]) -> float | None:
    """The best harmonic mean of token precision and recall over the accepted answers (SQuAD)."""
    if not accepted:
        return None
    return max(_f1(squad_normal(answer).split(), squad_normal(one).split()) for one in accepted)


def _f1(answer: list[str], gold: list[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = sum((Counter(answer) & Counter(gold)).values())
    return 2 * shared / (len(answer) + len(gold))


def holds_gold(text: str, accepted: Sequence[str]) -> float | None:
    """1 if the text holds an accepted answer as whole words in a row, after normalisation.

    How it is set does not matter either: kinds of apostrophes and dashes, superscripts.
    """
    if not accepted:
        return None
    padded = f" {squad_normal(_as_typed(text))} "
    return float(any(f" {squad_normal(_as_typed(one))} " in padded for one in accepted))


def _as_typed(text: str) -> str:
    typed = unicodedata.normalize("NFKC", text)
    return APOSTROPHES.sub("'", DASHES.sub("-", typed))


def facts_held(answer: str, facts: Sequence[Sequence[str]]) -> float | None:
    """The share of the key facts of which the answer holds at least one accepted variant."""
    if not facts:
        return None
    return sum(holds_fact(answer, variants) for variants in facts) / len(facts)


def holds_fact(answer: str, variants: Sequence[str]) -> bool:
    """Whether a variant stands in the answer as whole words.

    Case, kinds of dashes and thousands separators do not matter; decimal points do: 46 is not 4.6.
    """
    text = _fact_normal(answer)
    return any(
        re.search(r"(?<!\w)(?<!\d\.)" + re.escape(_fact_normal(one)) + r"(?!\w|\.\d)", text)
        for one in variants
    )


def _fact_normal(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("*", "").replace("`", "")
    return " ".join(THOUSANDS.sub("", DASHES.sub(" ", folded)).split())


def rouge_l(answer: str, references: Sequence[str]) -> float | None:
    """ROUGE-L F1 against the closest reference (Lin 2004), by Google's rouge-score, stemmed."""
    if not references:
        return None
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"], use_stemmer=True)
    return float(max(scorer.score(one, answer)["rougeL"].fmeasure for one in references))


def length(answer: str) -> float:
    """Words of the answer, markers left out."""
    return float(len(answer.split()))
