"""Every measure by name: which group it belongs to, which way is better, what it means."""

from dataclasses import dataclass
from typing import Literal

Group = Literal["retrieval", "answers", "citations", "refusal", "cost"]
Statistic = Literal["mean", "median"]


@dataclass(frozen=True)
class Measure:
    """How a measure is read. `better` is empty for one that only describes.

    Shares and scores lie in [0, 1] and have no unit. `statistic` is how the questions' values
    become the set's: times have long tails, so their middle is given.
    """

    name: str
    group: Group
    meaning: str
    better: Literal["higher", "lower", ""] = "higher"
    statistic: Statistic = "mean"
    unit: str = ""

    @property
    def label(self) -> str:
        """The name with the unit, for the head of a row."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


def _time(name: str, meaning: str) -> Measure:
    return Measure(name, "cost", meaning, "lower", "median", "ms")


MEASURES: tuple[Measure, ...] = (
    *(
        Measure(f"hit@{k}", "retrieval", f"something relevant among the first {k}")
        for k in (1, 3, 5, 10)
    ),
    *(
        Measure(f"recall@{k}", "retrieval", f"share of the gold places in the first {k}")
        for k in (5, 10)
    ),
    Measure("MRR@10", "retrieval", "one over the rank of the first relevant passage"),
    Measure("nDCG@10", "retrieval", "gain discounted by rank, against the perfect list"),
    Measure("key facts held", "answers", "share of the key facts the answer holds"),
    Measure("gold held", "answers", "the answer holds an accepted answer"),
    Measure("exact match", "answers", "the answer is an accepted answer (SQuAD)"),
    Measure("token F1", "answers", "tokens shared with an accepted answer (SQuAD)"),
    Measure("ROUGE-L", "answers", "longest common subsequence with the gold words"),
    Measure("answer length", "answers", "words of the answer", "", unit="words"),
    Measure("citation recall", "citations", "sentences that their quotes support (ALCE)"),
    Measure("citation precision", "citations", "footnotes that do something (ALCE)"),
    Measure("quote exactness", "citations", "quotes equal to text[start:end]"),
    Measure("gold cited", "citations", "gold places that a quote overlaps"),
    Measure("gold quoted when right", "citations", "right answers with the gold in a quote"),
    Measure("refusal precision", "refusal", "refusals that were right"),
    Measure("refusal recall", "refusal", "questions without an answer that were refused"),
    Measure("refusal F1", "refusal", "harmonic mean of the two"),
    Measure("answerable refused", "refusal", "questions with an answer refused", "lower"),
    Measure("answerable uncertain", "refusal", "questions with an answer, perhaps", "lower"),
    Measure("others held back", "refusal", "questions without one, refused or uncertain"),
    _time("search time", "until the passages are known"),
    _time("first token", "from the question to the first word of the answer"),
    _time("total time", "from the question to the finished answer"),
    Measure("writing speed", "cost", "answer tokens a second", "higher", "median", "tokens/s"),
    Measure("prompt length", "cost", "what the model had to read", "lower", unit="tokens"),
    Measure("first three", "cost", "length of the first three passages", "lower", unit="tokens"),
)
