"""Any text held against the documents, sentence by sentence. No language model is asked.

What a sentence claims is searched for, in meaning and in words, and held against the passages that
are nearest. It is borne out by quotes, contradicted by them, or nothing in the documents says so.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any, Literal

from app.answer import Citation
from app.checking.sources import Sources, found
from app.checking.support import Support, SupportChecker, claims_something
from app.language.claims import Reading, read
from app.language.lexicon import words
from app.quoting.citing import Footnotes
from ingest.blocks import Block, BlockKind, split_blocks, table_cells
from ingest.index import Index

Finding = Literal["supported", "contradicted", "not said", "no claim"]

_MARKERS = re.compile(r"\s*\[\^?\d+(?:\s*[,–-]\s*\^?\d+)*\]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|`)(?=\S)(.+?)(?<=\S)\1")


@dataclass(frozen=True)
class CheckedSentence:
    """`[start, end)` of a text, and what the documents say to it.

    `markers` are the footnotes that bear it out or contradict it; `support` is the checker's score
    in [0, 1], and `reason` names what is not borne out. A heading, code, a question or "For
    example:" makes no claim.
    """

    text: str
    start: int
    end: int
    kind: BlockKind
    finding: Finding
    markers: tuple[int, ...] = ()
    support: float = 1.0
    reason: str = ""


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
    def counts(self) -> Mapping[Finding, int]:
        """How many sentences of each finding there are."""
        found = Counter(sentence.finding for sentence in self.sentences)
        kinds: tuple[Finding, ...] = ("supported", "contradicted", "not said", "no claim")
        return {kind: found[kind] for kind in kinds}

    @property
    def share(self) -> float:
        """The share of the sentences with a claim that are borne out; 1 where none has."""
        claims = len(self.sentences) - self.counts["no claim"]
        return self.counts["supported"] / claims if claims else 1.0

    def to_json(self) -> dict[str, Any]:
        """The object that `footnote check --json` prints; its names are a contract."""
        return {
            "share": round(self.share, 4),
            "counts": dict(self.counts),
            "sentences": [asdict(each) for each in self.sentences],
            "citations": [asdict(each) for each in self.citations],
            "timings": {"check_ms": round(self.milliseconds, 1)},
        }


@dataclass(frozen=True, eq=False)
class _Claim:
    """A sentence at `[start, end)` of a text, and what it says without markup and markers."""

    text: str
    start: int
    end: int
    kind: BlockKind
    said: Reading

    @property
    def claims(self) -> bool:
        return self.kind not in ("heading", "code") and claims_something(self.said)

    @property
    def leans(self) -> bool:
        """Whether it opens with a word that points back to what was said before."""
        first = {token.text.lower() for token in self.said.tokens[:1]}
        return not first.isdisjoint(words("anaphors"))

    def found(
        self,
        finding: Finding,
        markers: tuple[int, ...] = (),
        support: float = 1.0,
        reason: str = "",
    ) -> CheckedSentence:
        """Return it with what the documents say to it."""
        words = self.text[self.start : self.end]
        return CheckedSentence(
            words, self.start, self.end, self.kind, finding, markers, support, reason
        )


def check_text(
    text: str, index: Index, checker: SupportChecker, document_type: str = "markdown"
) -> CheckedText:
    """Hold each sentence of `text` against the documents of `index`.

    `document_type` is that of a loader: "text" has no markup, everything else is read as Markdown.
    Raises CatalogueError where there is no index to ask any more.
    """
    started = time.perf_counter()
    claims = list(_claims(text, document_type))
    asked = [claim for claim in claims if claim.claims]
    vectors = dict(zip(asked, checker.embedded([each.said.text for each in asked]), strict=True))
    sources = Sources(index)
    footnotes = Footnotes(sources.page_starts)
    sentences: list[CheckedSentence] = []
    last: tuple[int, ...] = ()
    for claim in claims:
        if claim not in vectors:
            sentences.append(claim.found("no claim"))
            continue
        near = sources.near(claim.said, vectors[claim], last if claim.leans else ())
        support = checker.check(claim.said.text, [sources.evidence(each) for each in near])
        finding = _finding(support)
        markers = []
        if finding != "not said":
            last = tuple(near[number].id for number, _, _ in support.quotes)
            for number, start, end in support.quotes:
                at = near[number].start
                markers.append(footnotes.marker(found(near[number]), at + start, at + end))
        sentences.append(claim.found(finding, tuple(markers), support.score, support.reason))
    took = 1000 * (time.perf_counter() - started)
    return CheckedText(text, tuple(sentences), tuple(footnotes.citations), took)


def _finding(support: Support) -> Finding:
    if support.verdict == "supported":
        return "supported" if support.quotes else "not said"
    return "contradicted" if support.refuted and support.quotes else "not said"


def _claims(text: str, document_type: str) -> Iterator[_Claim]:
    for block in split_blocks(text, document_type):
        for start, end in block.spans:
            yield _Claim(text, start, end, block.kind, read(_words(text, block, start, end)))


def _words(text: str, block: Block, start: int, end: int) -> str:
    """Return what `[start, end)` says: without markers and markup, of a row each cell's column."""
    said = _MARKERS.sub("", _LINK.sub(r"\1", text[start:end]))
    if block.kind == "row" and block.table_header:
        header = text[slice(*block.table_header)].partition("\n")[0]
        subject, *cells = table_cells(said)
        columns = table_cells(header)[1:]
        told = [f"{a} {b}" for a, b in zip_longest(columns, cells, fillvalue="") if b]
        said = ", ".join([subject, *told])
    return " ".join(_EMPHASIS.sub(r"\2", said).split())
