"""What the checker makes of planted errors: what it catches, and what it is wrongly alarmed about.

A page shows the same as the table, with the trade-off that other thresholds would give.
"""

import html
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.checking.support import (
    SUPPORTED_FROM,
    Embed,
    Entailment,
    Evidence,
    SupportChecker,
    split_evidence,
)
from eval import charts
from eval.corruptions import KINDS
from eval.intervals import Figure, figure
from eval.lies import Planted
from eval.measures.refusing import trade_off
from eval.measures.register import Measure

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


def measure(
    records: Iterable[Planted], embed: Embed | None, second_opinion: Entailment | None = None
) -> Iterator[Outcome]:
    """Check every true sentence and every lie; the passages' vectors are known beforehand."""
    checker = SupportChecker(embed, second_opinion)
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


def write_page(outcomes: Sequence[Outcome], about: Mapping[str, object], file: Path) -> None:
    """Write one self-contained HTML page: the bars, the trade-off, the table."""
    found = figures(outcomes)
    bars = charts.bars([Measure(name, "citations", "") for name in found], [found])
    scored = [(outcome.score, outcome.kind == "true") for outcome in outcomes]
    curve = [(alarms, caught) for _, alarms, caught in trade_off(scored)]
    shipped = (found[_ALARMS].value, found["all kinds"].value)
    turned = charts.trade_off(
        [curve], [shipped], "Caught against false alarms", "true sentences flagged", "errors caught"
    )
    described = " · ".join(f"{name}: {value}" for name, value in about.items())
    file.write_text(
        _PAGE.format(
            style=_STYLE,
            about=html.escape(described),
            bars=bars,
            curve=turned,
            threshold=SUPPORTED_FROM,
            table=html.escape(summary(outcomes)),
        ),
        encoding="utf-8",
    )


_STYLE = """
  :root { color-scheme: light dark; --ink: #1d2129; --paper: #fff; --line: #d6d9e0; --s0: #2c62d6; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e7e9ee; --paper: #14161b; --line: #383e4a; --s0: #7da6ff; } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
    max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
  svg { max-width: 100%; height: auto; font: 11px system-ui, sans-serif; }
  svg text { fill: var(--ink); } .label { text-anchor: end; } .tick { text-anchor: middle; }
  .grid { stroke: var(--line); stroke-width: .6; } .whisker { stroke: var(--ink); }
  .curve { fill: none; stroke: var(--s0); stroke-width: 2; } .bar { fill: var(--s0); opacity: .75; }
  .dot { fill: var(--s0); }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Planted errors</title><style>{style}</style>
</head><body>
<h1>Planted errors</h1>
<p>{about}</p>
<h2>Caught by kind, with 95 % intervals</h2>
{bars}
<h2>Other thresholds</h2>
<p>The dot is the threshold that ships: a sentence counts as supported from {threshold} on.</p>
{curve}
<h2>Figures</h2>
<pre>{table}</pre>
</body></html>
"""
