"""Where sentences begin and end, by offset. One splitter for documents, answers and claims."""

import re
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

# Punkt was trained on news; these are the abbreviations of papers, manuals and explainers.
ABBREVIATIONS = frozenset(
    "al approx ca cf ch chap dept e.g ed eds eq eqs est etc ext fig figs i.e inc incl jr ltd max "
    "min mr mrs ms no nos nr op p pp prof resp sec st tab tel u.k u.s v viz vol vols vs".split()
)

# A line that opens a list item, a table row or a heading never continues the sentence before it.
_BREAK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+•][ \t]|\d{1,3}[.)][ \t]|[|#>]))|\n(?<=\|\n)")

# nltk stops a regular expression after five seconds, so a 10 MB line goes to it in pieces.
_LONGEST_PIECE = 5_000


@cache
def _punkt() -> Any:
    import nltk
    from nltk.tokenize.punkt import PunktTokenizer

    # llama-index-core ships punkt's tables; importing it only to find them would take seconds.
    core = find_spec("llama_index.core")
    if core is None or not core.submodule_search_locations:
        raise ImportError("llama-index-core is not installed; run `make setup`.")
    tables = Path(core.submodule_search_locations[0]) / "_static" / "nltk_cache"
    nltk.data.path.insert(0, str(tables))
    tokenizer = PunktTokenizer("english")
    tokenizer._params.abbrev_types.update(ABBREVIATIONS)
    return tokenizer


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

    Method: Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection" (2006), with
    the abbreviations above. Blank lines, list items, headings and table rows always divide.
    """
    edges = [0]
    for match in _BREAK.finditer(text):
        edges.append(match.end())
    edges.append(len(text))
    spans: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        while start < end:
            cut = _piece_end(text, start, end)
            found = [
                trimmed(text, start + a, start + b)
                for a, b in _punkt().span_tokenize(text[start:cut])
            ]
            found = [(a, b) for a, b in found if a < b]
            # The last sentence of a piece may go on: it begins the next one.
            start = found.pop()[0] if cut < end and len(found) > 1 else cut
            spans += found
    return spans
