"""Where sentences begin and end, by offset. One splitter for documents, answers and claims."""

import re
from itertools import pairwise

from sentencex import get_sentence_boundaries

# What sentencex takes for the end of a sentence and papers, manuals and explainers do not, where
# a number or a small letter follows: "vol. 3", "max. 5 m".
_ABBREVIATIONS = frozenset(
    "al approx ca cf ch chap dept ed eds eq eqs est etc ext fig figs incl max min no nos nr op p "
    "pp resp sec tab tel viz vol vols vs".split()
)
_BEFORE_A_NAME = frozenset("dr mr mrs ms prof st".split())
_LAST_WORD = re.compile(r"(\w+)\.$")
_NUMBER = re.compile(r"\d{1,3}\.")

# A line that opens a list item, a table row or a heading never continues the sentence before it.
_BREAK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+•][ \t]|\d{1,3}[.)][ \t]|[|#>]))|\n(?<=\|\n)")

# 800,000 letters of quotation marks that are never closed take sentencex two minutes at once, and
# two seconds in pieces.
_LONGEST_PIECE = 5_000


def _piece_end(text: str, start: int, end: int) -> int:
    """Return where a piece of bearable length ends, at white space where there is any."""
    if end - start <= _LONGEST_PIECE:
        return end
    cut = text.rfind(" ", start + _LONGEST_PIECE // 2, start + _LONGEST_PIECE)
    return cut if cut > 0 else start + _LONGEST_PIECE


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return `[start, end)` without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return `[start, end)` of each sentence of `text`, in order, without surrounding white space.

    What stands in quotation marks or brackets is not divided. Blank lines, list items, headings
    and table rows always divide.
    """
    edges = [0]
    for match in _BREAK.finditer(text):
        edges.append(match.end())
    edges.append(len(text))
    spans: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        if text.startswith("|", start) and text[start:end].rstrip().endswith("|"):
            spans.append(trimmed(text, start, end))
            continue
        while start < end:
            cut = _piece_end(text, start, end)
            found = _sentences(text, start, cut)
            # The last sentence of a piece may go on: it begins the next one.
            start = found.pop()[0] if cut < end and len(found) > 1 else cut
            spans += found
    return spans


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentences of `text[start:end]`, in which nothing divides by its looks."""
    found: list[tuple[int, int]] = []
    for each in get_sentence_boundaries("en", text[start:end]):
        a, b = trimmed(text, start + each["start_index"], start + each["end_index"])
        if found and a < b and _goes_on(text[slice(*found[-1])], text[a]):
            a = found.pop()[0]
        if a < b:
            found.append((a, b))
    return found


def _goes_on(sentence: str, following: str) -> bool:
    """Whether it is an item's number, or ends with an abbreviation: the next letter shows it."""
    if _NUMBER.fullmatch(sentence):
        return True
    last = _LAST_WORD.search(sentence)
    word = last.group(1).lower() if last else ""
    return word in _BEFORE_A_NAME or (word in _ABBREVIATIONS and not following.isupper())
