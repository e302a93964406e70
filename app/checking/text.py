"""Any text held against the documents, sentence by sentence. No language model is asked.

What a sentence claims is searched for, in meaning and in words, and held against the passages that
are nearest. It is borne out by quotes, in their words or in others, or contradicted by them, or
nothing in the documents says so. What it cites is looked up first: the document that it names has
to bear it out.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from app.checking.brought import Mention, Mentions, verbatim
from app.checking.checked_text import BroughtCitation, CheckedSentence, CheckedText, Finding
from app.checking.sources import Sources, found
from app.checking.support import Support, SupportChecker, claims_something
from app.language.claims import Reading, read
from app.language.lexicon import words
from app.quoting.citing import Footnotes
from app.search.record import as_text
from ingest.blocks import Block, BlockKind, split_blocks, table_cells
from ingest.index import Index
from ingest.stored_passages import StoredPassage

__all__ = ["BroughtCitation", "CheckedSentence", "CheckedText", "Finding", "check_text", "checking"]

_FEWEST = 3  # fewer words and numbers stand anywhere
_AT_ONCE = 10  # sentences, about a quarter of a second

_MARKERS = re.compile(r"\s*\[\^?\d+(?:\s*[,–-]\s*\^?\d+)*\]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|`)(?=\S)(.+?)(?<=\S)\1")
_NOTHING_NEAR = Support("not supported", 0.0, (), "no passage is near this")


def check_text(
    text: str, index: Index, checker: SupportChecker, document_type: str = "markdown"
) -> CheckedText:
    """Hold each sentence of `text` against the documents of `index`.

    `document_type` is that of a loader: "text" has no markup, everything else is read as Markdown.
    Raises CatalogueError where there is no index to ask any more.
    """
    *_, checked = checking(text, index, checker, document_type)
    return checked


def checking(
    text: str, index: Index, checker: SupportChecker, document_type: str = "markdown"
) -> Iterator[CheckedText]:
    """Do what `check_text` does, and yield what there is of it every few sentences.

    The last is whole. Who takes no more stops the work.
    """
    started = time.perf_counter()
    text = as_text(text)
    claims = list(_claims(text, document_type))
    check = _Check(text, claims, index, checker)
    sentences: list[CheckedSentence] = []
    for first in range(0, max(1, len(claims)), _AT_ONCE):
        few = range(first, min(first + _AT_ONCE, len(claims)))
        sentences += [check.sentence(number) for number in few]
        took = 1000 * (time.perf_counter() - started)
        yield CheckedText(text, tuple(sentences), tuple(check.footnotes.citations), took)


@dataclass(frozen=True, eq=False)
class _Claim:
    """A sentence at `[start, end)` of a text, and what it says without markup and markers."""

    text: str
    start: int
    end: int
    kind: BlockKind
    said: Reading

    @property
    def leans(self) -> bool:
        """Whether it opens with a word that points back to what was said before."""
        first = {token.text.lower() for token in self.said.tokens[:1]}
        return not first.isdisjoint(words("anaphors"))

    @property
    def is_slight(self) -> bool:
        """Whether it leans on what was said before, and says too little by itself to be found."""
        return self.leans and len(self.said.content) + len(self.said.quantities) < _FEWEST


@dataclass(frozen=True)
class _Held:
    """A claim held against passages; the quotes of `support` are numbered by these."""

    support: Support
    passages: Sequence[StoredPassage]

    @property
    def is_borne_out(self) -> bool:
        return self.support.verdict == "supported"

    def says(self, words: str) -> bool:
        """Say whether what bears it out speaks of these words, too."""
        said = [self.passages[at] for at, _, _ in self.support.quotes if self.is_borne_out]
        wanted = {token.stem for token in read(words).content}
        return any(wanted <= read(f"{each.header} {each.text}").stems for each in said)

    @property
    def finding(self) -> Finding:
        if not self.support.quotes:
            return "not said"
        if self.is_borne_out:
            return "supported" if self.support.plain else "in other words"
        return "contradicted" if self.support.refuted else "not said"


class _Check:
    """One check of one text."""

    def __init__(
        self, text: str, claims: Sequence[_Claim], index: Index, checker: SupportChecker
    ) -> None:
        documents = [each for each in index.catalogue.documents() if each.status == "indexed"]
        spans = [(claim.start, claim.end) for claim in claims]
        self._text, self._claims, self._checker = text, claims, checker
        self._mentions = Mentions(text, spans, documents)
        self._sources = Sources(index)
        self._titles = {each.name: each.title or each.name for each in documents}
        self._last: tuple[int, ...] = ()
        self.footnotes = Footnotes.of(index)
        asked = [
            claim for claim in claims
            if claim.kind not in ("heading", "code")
            and claims_something(claim.said)
            and not self._mentions.lists(claim.start)
        ]  # fmt: skip
        vectors = checker.embedded([claim.said.text for claim in asked])
        self._vectors = dict(zip(asked, vectors, strict=True))

    def sentence(self, number: int) -> CheckedSentence:
        """Return a sentence with what the documents say to it, and to what it cites."""
        claim = self._claims[number]
        place = (claim.text, claim.start, claim.end, claim.kind)
        if claim not in self._vectors:
            return CheckedSentence(*place, "no claim")
        mentions = list(self._mentions.of(number))
        named = tuple(dict.fromkeys(name for each in mentions for name in each.documents))
        cited = self._held(claim, self._sources.near_in(named, self._vectors[claim]))
        held = cited
        if not cited.is_borne_out:
            held = self._held(claim, self._near(claim))
        markers: tuple[int, ...] = ()
        self._last = ()
        if held.finding != "not said":
            markers = tuple(self._footnotes_of(held))
            self._last = tuple(held.passages[at].id for at, _, _ in held.support.quotes)
        brought = tuple(self._brought(each, cited, held, markers) for each in mentions)
        score, reason = held.support.score, held.support.reason
        return CheckedSentence(*place, held.finding, markers, score, reason, brought)

    def _near(self, claim: _Claim) -> list[StoredPassage]:
        if claim.is_slight:
            return self._sources.read(self._last)
        besides = self._last if claim.leans else ()
        return self._sources.near(claim.said, self._vectors[claim], besides)

    def _held(self, claim: _Claim, passages: Sequence[StoredPassage]) -> _Held:
        if not passages:
            return _Held(_NOTHING_NEAR, ())
        evidence = [self._sources.evidence(passage) for passage in passages]
        return _Held(self._checker.check(claim.said.text, evidence), passages)

    def _footnotes_of(self, held: _Held) -> Iterator[int]:
        for at, start, end in held.support.quotes:
            passage = held.passages[at]
            yield self._footnote(passage, passage.start + start, passage.start + end)

    def _footnote(self, passage: StoredPassage, start: int, end: int) -> int:
        return self.footnotes.marker(found(passage), start, end)

    def _brought(
        self, mention: Mention, cited: _Held, held: _Held, markers: tuple[int, ...]
    ) -> BroughtCitation:
        """Say whether a citation holds, and why not."""
        reason, shown = "", markers if held.is_borne_out else ()
        if mention.kind == "quotation":
            shown, reason = self._quoted(mention, held)
        elif mention.documents:
            titles = " and ".join(f"“{self._titles[name]}”" for name in mention.documents)
            if not cited.is_borne_out:
                reason = f"{titles} does not say this"
        elif not mention.words:
            reason = "the text does not list what it refers to"
        elif mention.kind != "source" or not held.says(mention.words):
            reason = f"no document here is “{mention.words}”"
        words = self._text[mention.start : mention.end]
        return BroughtCitation(
            mention.kind, words, mention.start, mention.end, not reason, reason, shown
        )

    def _quoted(self, mention: Mention, held: _Held) -> tuple[tuple[int, ...], str]:
        """Return the footnote of words that are quoted, or that no document has them."""
        likely = self._sources.with_words(mention.words.lower().split())
        place = verbatim(mention.words, [*held.passages, *likely])
        if place is None:
            return (), "no document here has these words"
        return (self._footnote(*place),), ""


def _claims(text: str, document_type: str) -> Iterator[_Claim]:
    for block in split_blocks(text, document_type):
        for start, end in block.spans:
            said = read(_words(text, block, start, end))
            yield _Claim(text[start:end], start, end, block.kind, said)


def _words(text: str, block: Block, start: int, end: int) -> str:
    """Return what `[start, end)` says: without markers and markup, of a row each cell's column."""
    said = _TAG.sub("", _MARKERS.sub("", _LINK.sub(r"\1", text[start:end])))
    if block.kind == "row" and block.table_header:
        header = text[slice(*block.table_header)].partition("\n")[0]
        subject, *cells = table_cells(said)
        told = [f"{a} {b}" for a, b in zip_longest(table_cells(header)[1:], cells, fillvalue="")]
        said = ", ".join([subject, *told])
    return " ".join(_EMPHASIS.sub(r"\2", said).split())
