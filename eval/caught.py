"""What the checker makes of planted errors: what it catches, and what it doubts wrongly."""

import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.checking.support import Embed, Evidence, SupportChecker, split_evidence
from eval.corruptions import KINDS
from eval.intervals import Figure, figure
from eval.lies import Planted

EXACT = ("number", "unit", "name", "date", "negation")
TASKS = ("paraphrase", "answer", "row")
_ALARMS = "false alarms"


@dataclass(frozen=True)
class Outcome:
    """What the checker made of one sentence; `kind` is "true", or how it was corrupted."""

    record: Planted
    kind: str
    sentence: str
    verdict: str
    score: float
    reason: str
    quote: str
    milliseconds: float

    @property
    def right(self) -> bool:
        return (self.verdict == "supported") == (self.kind == "true")


def measure(records: Iterable[Planted], embed: Embed | None) -> Iterator[Outcome]:
    """Check every true sentence and every lie; the passages' vectors are known beforehand."""
    checker = SupportChecker(embed)
    for record in records:
        evidence = [evidence_of(text, embed) for text in record.passages]
        sentences = [("true", record.sentence)] if record.task != "addition" else []
        sentences += [(lie.kind, lie.sentence) for lie in record.lies]
        for kind, sentence in sentences:
            started = time.perf_counter()
            found = checker.check(sentence, evidence, question=record.question)
            took = 1000 * (time.perf_counter() - started)
            quote = " … ".join(evidence[i].text[a:b] for i, a, b in found.quotes)
            yield Outcome(record, kind, sentence, found.verdict, found.score,
                          found.reason, quote, took)  # fmt: skip


def evidence_of(text: str, embed: Embed | None) -> Evidence:
    """A passage as the engine gives it to the checker: split, with the vectors of its spans."""
    split = split_evidence(text)
    if embed is None or not split.spans:
        return split
    return replace(split, vectors=embed([text[start:end] for start, end in split.spans]))


def figures(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """The share caught of each kind, and the share of true sentences it was alarmed about."""
    lies = [outcome for outcome in outcomes if outcome.kind != "true"]
    true = [outcome for outcome in outcomes if outcome.kind == "true"]
    groups: dict[str, list[float]] = {
        **{kind: [float(o.right) for o in lies if o.kind == kind] for kind in KINDS},
        "exact kinds": [float(o.right) for o in lies if o.kind in EXACT],
        "all kinds": [float(o.right) for o in lies],
        **{
            f"{_ALARMS}, {task}": [float(not o.right) for o in true if o.record.task == task]
            for task in TASKS
        },
        _ALARMS: [float(not o.right) for o in true],
    }
    found = {
        name: figure([(share, 1.0) for share in shares], "mean")
        for name, shares in groups.items()
        if shares
    }
    return {name: one for name, one in found.items() if one is not None}


def summary(outcomes: Sequence[Outcome]) -> str:
    """The figures with their 95 % intervals, and the time a sentence took."""
    lines = [f"{'':26}{'n':>6}{'share':>8}  95 % interval"]
    lines += [
        f"{name:26}{one.count:6}{one.value:8.3f}  {one.low:.3f} – {one.high:.3f}"
        for name, one in figures(outcomes).items()
    ]
    times = sorted(outcome.milliseconds for outcome in outcomes)
    lines.append(
        f"a sentence took {statistics.median(times):.1f} ms (median), "
        f"{times[int(0.95 * len(times))]:.1f} ms (95th percentile)"
    )
    return "\n".join(lines)
