"""The citations that a text brings along: what they name, and what they quote."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from app.checking.checked_text import BroughtKind
from app.checking.places import source_of
from app.language.claims import read
from app.language.lexicon import words
from ingest.catalogue import Document
from ingest.stored_passages import StoredPassage

_MARKER = re.compile(r"\[\^?\d{1,3}(?:\s*[,–-]\s*\^?\d{1,3})*\](?!\(|:)")
_ENTRY = re.compile(r"^[ \t>]*\[\^?(\d{1,3})\]:?[ \t]+(\S.*)$", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t]*(?:[-*][ \t]+)?(\d{1,3})[.)][ \t]+(\S.*)$", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]*)?[*_]*(\w+)[*_]*:?[ \t]*$", re.MULTILINE)
_QUOTED = re.compile(r"[“„«]([^“”„«»]+)[”“»]|(?<!\w)\"([^\"\n]+)\"(?!\w)")
_LEFT_OUT = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*")
_AT_THE_END = " ,.;:!?"
_BETWEEN_WORDS = r"[\s*_`>]+"
_QUOTES_FROM = 4  # fewer words in quotation marks are a name, or a word held at arm's length


@dataclass(frozen=True)
class Mention:
    """A citation as it stands at `[start, end)` of a text.

    `words` are those that it quotes, or those by which it names `documents`; without any of the
    latter, nothing is there that it names.
    """

    kind: BroughtKind
    start: int
    end: int
    words: str
    documents: tuple[str, ...] = ()


class Mentions:
    """What a text cites, read with the documents that there are.

    `spans` are the `[start, end)` of its sentences, in order.
    """

    def __init__(
        self, text: str, spans: Sequence[tuple[int, int]], documents: Sequence[Document]
    ) -> None:
        self._text, self._spans = text, spans
        self._documents = documents
        self._entries, self._listed = _entries(text)
        self._markers: dict[int, list[tuple[int, int]]] = {}
        for match in _MARKER.finditer(text):
            if not self.lists(match.start()) and (owner := self._owner(match.start())) is not None:
                self._markers.setdefault(owner, []).append(match.span())

    def lists(self, place: int) -> bool:
        """Say whether a place is in the list of what the text cites."""
        return any(start <= place < end for start, end in self._listed)

    def of(self, number: int) -> Iterator[Mention]:
        """Yield what a sentence cites."""
        for start, end in self._markers.get(number, ()):
            for cited in re.findall(r"\d+", self._text[start:end]):
                entry = self._entries.get(int(cited), "")
                yield Mention("marker", start, end, entry, self._naming(entry))
        begin, end = self._spans[number]
        sentence = self._text[begin:end]
        for match in _QUOTED.finditer(sentence):
            quoted = match[1] or match[2]
            if len(quoted.split()) >= _QUOTES_FROM and not self._is_title(quoted):
                yield Mention("quotation", begin + match.start(), begin + match.end(), quoted)
        reading = read(sentence)
        if tokens := source_of(reading):
            start, stop = tokens[0].start, tokens[-1].end
            named = self._naming(sentence[start:stop])
            # "according to plan" and "to the manufacturer" name nothing that could be here.
            if named or any(token.name for token in tokens):
                yield Mention("source", begin + start, begin + stop, sentence[start:stop], named)

    @cached_property
    def _named(self) -> list[tuple[str, list[frozenset[str]], frozenset[str]]]:
        return [(each.name, *_stems_of(each)) for each in self._documents]

    def _is_title(self, written: str) -> bool:
        return any(_stems(written) <= known for _, _, known in self._named)

    def _owner(self, marker: int) -> int | None:
        """The sentence that a marker belongs to: the last one of which a word stands before it."""
        for number in range(len(self._spans) - 1, -1, -1):
            before = _MARKER.sub("", self._text[self._spans[number][0] : marker])
            if self._spans[number][0] < marker and re.search(r"\w", before):
                return number
        return None

    def _naming(self, written: str) -> tuple[str, ...]:
        """The documents that words name: by all of their title or name, or by part of them alone.

        "Smith, J. (2024). The staff handbook. p. 3" has all of a title, "the handbook" is part of
        one. Those of which most is named.
        """
        said = _stems(written)
        named: dict[str, int] = {}
        for name, titles, known in self._named:
            whole = [len(title) for title in titles if title <= said]
            if whole or (said and said <= known):
                named[name] = max([*whole, len(said & known)])
        most = max(named.values(), default=0)
        return tuple(name for name, count in named.items() if count == most)


def verbatim(
    quoted: str, passages: Sequence[StoredPassage]
) -> tuple[StoredPassage, int, int] | None:
    """Return the passage that has these words, and their `[start, end)` in the document.

    Capitals, line breaks, emphasis and the sign at the end are no difference; what "…" leaves out
    may be anything.
    """
    parts = [part.strip(_AT_THE_END).split() for part in _LEFT_OUT.split(quoted)]
    expressions = [_BETWEEN_WORDS.join(map(_word, part)) for part in parts if part]
    pattern = re.compile(r"(?<!\w)" + r"\b.*?\b".join(expressions) + r"(?!\w)", re.I | re.S)
    for passage in passages:
        if match := pattern.search(passage.text):
            return passage, passage.start + match.start(), passage.start + match.end()
    return None


def _word(word: str) -> str:
    return re.sub(r"['’]", "['’]", re.escape(word))


def _stems(written: str) -> frozenset[str]:
    tokens = read(re.sub(r"[-_./]+", " ", written)).tokens
    return frozenset(t.stem for t in tokens if t.text.lower() not in words("function"))


def _stems_of(document: Document) -> tuple[list[frozenset[str]], frozenset[str]]:
    """The words of a document's name and of its title, and all of them with its author's."""
    titles = [_stems(PurePath(document.name).stem), _stems(document.title)]
    known = frozenset[str]().union(*titles, _stems(document.author))
    return [title for title in titles if title], known


def _entries(text: str) -> tuple[Mapping[int, str], list[tuple[int, int]]]:
    """The sources that a text lists by number, and where each stands."""
    found = list(_ENTRY.finditer(text))
    for heading in _HEADING.finditer(text):
        if heading[1].lower() in words("reference_headings"):
            found += _NUMBERED.finditer(text, heading.end())
    return {int(match[1]): match[2] for match in found}, [match.span() for match in found]
