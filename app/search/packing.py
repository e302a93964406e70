"""What was found → what a model is given: as many passages as there is room for, each cut to what
stands around its best sentence.

Every token costs the reader time, and a passage that is there in part answers more often than one
that is left out: 320 tokens, headers included, hold the answer to 0.95 of squad's questions and
0.88 of the corpus set's; as many tokens of whole passages 0.91 and 0.86. But a small model is led
astray by what is only near: of 60 answers that were wrong beside all those passages, 26 were right
from the best one alone (eval/LOG.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.search.retriever import Found

# Of the budget, at most: the best passage three fifths, any other a fifth. Between 0.5 and 0.7, and
# between 0.15 and 0.2, the figures above change by less than 0.005.
_FOR_THE_BEST = 0.6
_FOR_ANY_OTHER = 0.2
CLOSE = 0.8
"""Of the best passage's score: others from there on are about as likely to hold the answer.

Half of all questions are then given one passage, which holds the answer to 0.998 of them.
"""

TokenCounter = Callable[[Sequence[str]], Sequence[int]]


def pack(
    found: Sequence[Found], budget: int, count_tokens: TokenCounter
) -> tuple[list[Found], list[tuple[Found, str]]]:
    """Return what fits into `budget` tokens, best first, and what does not with the reason.

    A passage too long for its share is cut to neighbouring sentences or table rows around its
    nearest; it keeps its id, its text stays an exact slice of the document, and rows keep their
    table's header. The passage's header is counted with it. The best passage is always given, and
    at least its nearest sentence, whatever its length; others only where they are about as likely.
    """
    given: list[Found] = []
    left_out: list[tuple[Found, str]] = []
    left = budget
    best = found[0].score if found else 0.0
    for hit in found:
        if hit.score < CLOSE * best and best > 0:
            left_out.append((hit, f"far behind the best: {hit.score / best:.0%} of its score"))
            continue
        share = _FOR_ANY_OTHER if given else _FOR_THE_BEST
        cut, size = _fitted(hit, min(left, int(budget * share)), count_tokens)
        if given and size > left:
            left_out.append((hit, f"no room: {size} tokens, {left} left"))
            continue
        given.append(cut)
        left = max(0, left - size)
    return given, left_out


def _fitted(hit: Found, room: int, count_tokens: TokenCounter) -> tuple[Found, int]:
    """Return as much of a passage around its nearest span as `room` holds, and its tokens."""

    def size(part: Found) -> int:
        passage = part.passage
        return sum(count_tokens([passage.header, passage.table_header, passage.text]))

    whole = size(hit)
    if whole <= room or len(hit.passage.spans) < 2:
        return hit, whole
    first = last = hit.nearest
    kept = _cut(hit, first, last)
    kept_size = size(kept)
    while True:
        # What was said before comes first, then both sides in turn.
        wider = sorted(
            ((first - 1, last), (first, last + 1)),
            key=lambda ends: abs(ends[0] + ends[1] - 2 * hit.nearest),
        )
        for start, stop in wider:
            if start < 0 or stop == len(hit.passage.spans):
                continue
            part = _cut(hit, start, stop)
            part_size = size(part)
            if part_size <= room:
                first, last, kept, kept_size = start, stop, part, part_size
                break
        else:
            return kept, kept_size


def _cut(hit: Found, first: int, last: int) -> Found:
    """Return the passage from span `first` to span `last`, both within."""
    passage = hit.passage
    start = passage.start if first == 0 else passage.spans[first][0]
    end = passage.end if last == len(passage.spans) - 1 else passage.spans[last][1]
    kept = slice(first, last + 1)
    part = replace(
        passage,
        start=start,
        end=end,
        text=passage.text[start - passage.start : end - passage.start],
        table_header=passage.header_of_row(start),
        spans=passage.spans[kept],
        vectors=passage.vectors[kept],
        signs=passage.signs[kept],
        kinds=passage.kinds[kept],
        contexts=passage.contexts[kept],
        terms=passage.terms[kept],
    )
    return replace(hit, passage=part, nearest=hit.nearest - first)
