"""Abbreviations that the documents open themselves: "recovery time objective (RTO)", "HR: human
resources", a row of a list of acronyms; and the initials of a name of three words or more, which
people type for it ("NYT").

Method: Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions in
Biomedical Text" (2003): read backwards, each letter of the short form is found in the long one,
the first of them where a word begins.
"""

import re
from collections.abc import Iterator
from itertools import dropwhile, pairwise
from typing import NamedTuple

from ingest.blocks import table_cells
from ingest.terms import folded, read_terms


class Abbreviation(NamedTuple):
    """A short form and the long one it stands for, as they are written.

    The initials of a name are in lower case: the document itself does not write them.
    """

    short: str
    long: str

    @property
    def short_term(self) -> str:
        """The short form as a term."""
        return "".join(char for char in folded(self.short) if char.isalnum())

    @property
    def long_terms(self) -> tuple[str, ...]:
        """The words of the long form as terms, in order."""
        return tuple(term.text for term in read_terms(self.long) if not term.whole)


_SHORT = r"[A-Z0-9][\w./&-]{0,8}[A-Z0-9]s?|[A-Z]\w{0,6}[A-Z]\w{0,4}"
_IN_BRACKETS = re.compile(rf"\(({_SHORT})\)")
_BEFORE_BRACKETS = re.compile(rf"\b({_SHORT}) \(([^()\n]{{4,80}})\)")
_LINE = re.compile(
    rf"^[ \t]*(?:[-*•][ \t]+)?\**({_SHORT})\**(?:[ \t]*[:=]|[ \t]+[-–—])\**[ \t]+([^\n]{{4,120}})",
    re.MULTILINE,
)
_ROW = re.compile(r"^[ \t]*(\|.*\|)[ \t]*$", re.MULTILINE)
_CAPITAL = r"[^\W\d_a-z][^\W\d_A-Z]+"
_NAME = re.compile(
    rf"(?<![\w’'-]){_CAPITAL}(?: (?:(?:and|for|of|the) ){{0,2}}{_CAPITAL}){{2,5}}(?![\w’'-])"
)
_WORD = re.compile(r"\S+")
_CLAUSE = re.compile(r"[^.,;:()|]+")


def abbreviations(text: str) -> frozenset[Abbreviation]:
    """Return the abbreviations whose long form `text` tells."""
    return frozenset(_told(text))


def _told(text: str) -> Iterator[Abbreviation]:
    for found in _IN_BRACKETS.finditer(text):
        line = text.rfind("\n\n", 0, found.start()) + 1
        words = list(_WORD.finditer(text, max(line, found.start() - 200), found.start()))
        letters = len(found[1])
        near = words[-min(letters + 5, 2 * letters) :]
        if near:
            before = text[near[0].start() : found.start()].rstrip()
            yield from _opened(found[1], _CLAUSE.findall(before)[-1:])
    for found in (*_BEFORE_BRACKETS.finditer(text), *_LINE.finditer(text)):
        yield from _opened(found[1], _CLAUSE.findall(found[2])[:1], whole=True)
    for row in _ROW.finditer(text):
        cells = table_cells(row[1])
        for short, long in pairwise(cells):
            if re.fullmatch(_SHORT, short):
                yield from _opened(short, _CLAUSE.findall(long)[:1], whole=True)
    for name in _NAME.finditer(text):
        yield from _initials(name.group().split())


def _initials(name: list[str]) -> Iterator[Abbreviation]:
    """Yield the initials of a name; its first word may only begin the sentence ("The New …")."""
    for words in (name, list(dropwhile(str.islower, name[1:]))):
        short = "".join(word[0].lower() for word in words if word[0].isupper())
        if len(short) > 2:
            yield Abbreviation(short, " ".join(words))


def _opened(short: str, clauses: list[str], whole: bool = False) -> Iterator[Abbreviation]:
    """Yield the abbreviation if the end of the clause, or all of it, is its long form."""
    letters = [char for char in folded(short.removesuffix("s")) if char.isalnum()]
    for clause in clauses:
        words = " ".join(clause.replace("*", "").split())
        start = _long_form(letters, folded(words)) if len(letters) > 1 else None
        if start is None or (whole and start) or short in words:
            continue
        if len(words) - start > len(short):
            yield Abbreviation(short.removesuffix("s"), words[start:])


def _long_form(letters: list[str], words: str) -> int | None:
    """Return where in `words` the long form begins that ends with them; None where none does."""
    at = len(words)
    for number, letter in reversed(list(enumerate(letters))):
        at = words.rfind(letter, 0, at)
        while at > 0 and number == 0 and words[at - 1].isalnum():
            at = words.rfind(letter, 0, at)
        if at < 0:
            return None
    return at
