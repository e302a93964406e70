"""Footnotes of PDFs, each put after the sentence that it was set in, where that is sure."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ingest.loaders.pdf_layout import NOTE
from ingest.loaders.pdf_lines import Spelt
from ingest.loaders.pdf_text import Block, Style
from ingest.sentences import sentence_spans

_RAISED = "[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
# After a word, not after the name of a unit or a letter of a formula.
_MARK = re.compile(rf"(?:(?<=[^\W\d_]{{3}})|(?<=[.,;:!?)\]”\"’]))({_RAISED})(?=[\s.,;:!?)\]—–]|$)")
_ANY = re.compile(_RAISED)
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FOOTER_WORDS = 6
_SMALLER = 0.95  # than the text


def with_notes(blocks: Sequence[Block], style: Style, firsts: NDArray[np.int64]) -> list[Block]:
    """The blocks with the notes of a page after their sentences, as those of Word are, if all of
    its notes are sure: numbered on, last and small, and each number is set once in the text.

    `firsts` are the numbers of the pages' first signs.
    """
    moved: set[int] = set()
    blocks = list(blocks)
    pages: dict[int, list[Block]] = {}
    for block in blocks:
        pages.setdefault(block.page, []).append(block)
    for page, own in pages.items():
        notes = _notes_of(own, style)
        near = [*pages.get(page - 1, ()), *own]  # what begins on the page before may go on here
        marks = _marks_of(notes, near, page, firsts) if notes else None
        if marks is None:
            continue
        # From the last one on, for what is put in moves what comes after it.
        placed = sorted(zip(notes, marks, strict=True), key=lambda pair: pair[1][1])
        for note, (block, at) in reversed(placed):
            _put_in(block, at, note.body)
            moved.add(id(note))
    return [block for block in blocks if id(block) not in moved]


def _notes_of(blocks: Sequence[Block], style: Style) -> list[Block]:
    """The notes that stand below everything else on a page but for lines that stand apart."""
    own = [block for block in blocks if block.kind != "apart"]
    notes = [
        block
        for block in own
        if block.kind == "text"
        and block.size < _SMALLER * style.size
        and NOTE.match(block.body.text)
    ]
    if not notes:
        return []
    top = min(note.top for note in notes)
    others = [block for block in own if block not in notes and block.kind in ("text", "item")]
    numbers = [_number(note) for note in notes]
    is_last = all(
        block.top < top or len(block.body.text.split()) < _FOOTER_WORDS for block in others
    )
    is_counted = all(after == before + 1 for before, after in pairwise(numbers))
    return notes if is_last and is_counted else []


def _number(note: Block) -> int:
    found = NOTE.match(note.body.text)
    assert found
    return int(found.group(1).translate(_DIGITS))


def _marks_of(
    notes: Sequence[Block], blocks: Sequence[Block], page: int, firsts: NDArray[np.int64]
) -> list[tuple[Block, int]] | None:
    """For each note the block and the place in it behind which it belongs, in the order of notes;
    None unless each mark is there once, in a sentence that ends on the page: the numbers in a
    table or a heading may be of notes of its own."""
    found: dict[int, list[tuple[Block, int] | None]] = {}
    first, last = firsts[page], firsts[page + 1]
    for block in blocks:
        if block in notes:
            continue
        has_sentences = block.kind in ("text", "item")
        ends = _ends_of_sentences(block.body.text) if has_sentences else []
        for mark in (_MARK if has_sentences else _ANY).finditer(block.body.text):
            if first <= block.body.at[mark.start()] < last:
                end = next((end for end in ends if end >= mark.end()), len(block.body.text))
                number = int(mark.group().translate(_DIGITS))
                is_sure = has_sentences and block.body.at[end - 1] < last
                found.setdefault(number, []).append((block, end) if is_sure else None)
    marks = [found.get(_number(note), []) for note in notes]
    sure = [places[0] for places in marks if len(places) == 1 and places[0]]
    return sure if len(sure) == len(notes) else None


def _ends_of_sentences(text: str) -> list[int]:
    """Where the sentences end, with the marks that stand behind them."""
    kept = [at for at, sign in enumerate(text) if not _ANY.match(sign)]
    without = "".join(text[at] for at in kept)  # a mark behind a full stop would hide it
    ends = (kept[end - 1] + 1 for _, end in sentence_spans(without))
    marks = ((end, _ANY.match(text, end)) for end in ends)
    return [mark.end() if mark else end for end, mark in marks]


def _put_in(block: Block, at: int, note: Spelt) -> None:
    body = block.body
    before, after = Spelt(body.text[:at], body.at[:at]), Spelt(body.text[at:], body.at[at:])
    found = NOTE.match(note.text)
    assert found
    number = found.group(1).translate(_DIGITS)
    before.add(" [^")
    before.add(number, note.at[: len(number)])
    before.add(": ")
    before.add(note.text[found.end() :], note.at[found.end() :])
    before.add("]")
    before.add(after.text, after.at)
    body.text, body.at = before.text, before.at
