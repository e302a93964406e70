"""A text with what the documents say to it: the page shows it, programs get it as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from app.answer import Citation
from ingest.blocks import BlockKind

Finding = Literal["supported", "in other words", "contradicted", "not said", "no claim"]
FINDINGS: tuple[Finding, ...] = get_args(Finding)
BroughtKind = Literal["marker", "source", "quotation"]


@dataclass(frozen=True)
class BroughtCitation:
    """A citation that the text brings along, at `[start, end)` of it.

    A marker ("[3]") or a source ("according to the handbook") holds when the document that it names
    bears the sentence out; a quotation when its words stand in a document. `reason` says why it
    does not hold; `markers` are the footnotes that show it.
    """

    kind: BroughtKind
    text: str
    start: int
    end: int
    holds: bool
    reason: str = ""
    markers: tuple[int, ...] = ()


@dataclass(frozen=True)
class CheckedSentence:
    """`[start, end)` of a text, and what the documents say to it.

    "supported" is what one quote says in its own words; of what is "in other words" nothing speaks
    against it. `markers` are the footnotes that bear it out or contradict it; `support` is the
    checker's score in [0, 1], and `reason` names what is not borne out. A heading, code, a question
    or "For example:" makes no claim. `brought` are the citations that it brings along.
    """

    text: str
    start: int
    end: int
    kind: BlockKind
    finding: Finding
    markers: tuple[int, ...] = ()
    support: float = 1.0
    reason: str = ""
    brought: tuple[BroughtCitation, ...] = ()

    @property
    def footnotes(self) -> Sequence[int]:
        """Its markers, and those that show what it cites."""
        also = (marker for each in self.brought for marker in each.markers)
        return list(dict.fromkeys([*self.markers, *also]))

    @property
    def holds(self) -> bool:
        """Whether all that it cites says so."""
        return all(each.holds for each in self.brought)


@dataclass(frozen=True)
class CheckedText:
    """A text with the verdict on each of its sentences, in order.

    `citations` are the footnotes, exact quotes with their places; a sentence names them by marker.
    """

    text: str
    sentences: tuple[CheckedSentence, ...]
    citations: tuple[Citation, ...]
    milliseconds: float = 0.0

    @property
    def end(self) -> int:
        """Where its last sentence ends, so far as it is checked."""
        return self.sentences[-1].end if self.sentences else 0

    @property
    def counts(self) -> Mapping[Finding, int]:
        """How many sentences of each finding there are."""
        found = Counter(sentence.finding for sentence in self.sentences)
        return {finding: found[finding] for finding in FINDINGS}

    @property
    def brought(self) -> Sequence[BroughtCitation]:
        """All citations that the text brings along, in order."""
        return [each for sentence in self.sentences for each in sentence.brought]

    @property
    def share(self) -> float:
        """The share of the sentences with a claim that are borne out; 1 where none has.

        What these cite holds, too.
        """
        return self._share("supported")

    @property
    def lenient_share(self) -> float:
        """The same, counting also those that the documents bear out in other words."""
        return self._share("supported", "in other words")

    def _share(self, *findings: Finding) -> float:
        claims = [each for each in self.sentences if each.finding != "no claim"]
        good = sum(each.finding in findings and each.holds for each in claims)
        return good / len(claims) if claims else 1.0

    @property
    def summary(self) -> str:
        """The counts in one line."""
        counts, brought = self.counts, self.brought
        claims = len(self.sentences) - counts["no claim"]
        parts = [
            f"{counts['supported']} of {claims} sentences borne out",
            f"{counts['in other words']} in other words",
            f"{counts['contradicted']} contradicted",
            f"{counts['not said']} of which nothing is said",
        ]
        if brought:
            holding = sum(each.holds for each in brought)
            parts.append(f"{holding} of {len(brought)} citations that it brings along hold")
        return ", ".join(parts) + "."

    def to_json(self) -> dict[str, Any]:
        """The object that `footnote check --json` prints; its names are a contract."""
        brought = self.brought
        return {
            "share": round(self.share, 4),
            "lenient_share": round(self.lenient_share, 4),
            "counts": dict(self.counts),
            "brought": {"count": len(brought), "holding": sum(each.holds for each in brought)},
            "summary": self.summary,
            "sentences": [asdict(each) for each in self.sentences],
            "citations": [asdict(each) for each in self.citations],
            "timings": {"check_ms": round(self.milliseconds, 1)},
        }
