"""Where sentences begin and end, by offset. One splitter for documents, answers and claims."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

# Punkt was trained on news; these are the abbreviations of papers, manuals and explainers.
ABBREVIATIONS = frozenset(
    "al approx ca cf ch chap dept e.g ed eds eq eqs est etc fig figs i.e inc incl jr ltd max min "
    "mr mrs ms no nos nr op p pp prof resp sec st tab u.k u.s v viz vol vols vs".split()
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


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut `text[start:end]` into pieces of bearable length, at white space where there is any."""
    while end - start > _LONGEST_PIECE:
        cut = text.rfind(" ", start + _LONGEST_PIECE // 2, start + _LONGEST_PIECE)
        cut = cut if cut > 0 else start + _LONGEST_PIECE
        yield start, cut
        start = cut
    yield start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
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
    for block_start, block_end in pairwise(edges):
        for start, end in _pieces(text, block_start, block_end):
            for a, b in _punkt().span_tokenize(text[start:end]):
                a, b = _trimmed(text, start + a, start + b)
                if a < b:
                    spans.append((a, b))
    return spans
