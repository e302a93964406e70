"""What must hold of every document's passages, whatever the document."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.passages import Passage, TokenCounter, passage_header, passage_text, span_text

_MARKERS = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:[-*+•]|\d{1,9}[.)])(?=\s|$)", re.MULTILINE)
_HEADING_LINES = re.compile(r"^[ \t]{0,3}#{1,6}(?:[ \t].*)?$", re.MULTILINE)
_COMMENTS = re.compile(r"<!--.*?-->|<[^>\n]*>", re.DOTALL)
_LINK_DEFINITIONS = re.compile(r"^[ \t]{0,3}\[[^\]]+\]:[ \t]*\S+[ \t]*$", re.MULTILINE)


def assert_offsets_hold(text: str, passages: Sequence[Passage]) -> None:
    """Passages and their spans lie in the text, in order, trimmed, and do not overlap."""
    for before, after in pairwise(passages):
        assert before.end <= after.start
    for passage in passages:
        assert 0 <= passage.start < passage.end <= len(text)
        assert passage.spans
        assert passage.start <= passage.spans[0][0]
        assert passage.spans[-1][1] <= passage.end
        for start, end in passage.spans:
            quote = text[start:end]
            assert quote, "an empty span"
            assert quote == quote.strip()
        for (_, end), (start, _) in pairwise(passage.spans):
            assert end <= start
        if passage.table_header:
            assert passage.table_header[1] <= passage.start


def assert_fits(
    text: str, title: str, passages: Sequence[Passage], count_tokens: TokenCounter, limit: int
) -> None:
    """What is embedded, and what is searched with its header, is within the model's limit."""
    spans = [span_text(text, passage, span) for passage in passages for span in passage.spans]
    assert max(count_tokens(spans), default=0) <= limit
    headers = count_tokens([passage_header(title, passage.section) for passage in passages])
    bodies = count_tokens([passage_text(text, passage) for passage in passages])
    too_long = [
        (header + body, passage)
        for header, body, passage in zip(headers, bodies, passages, strict=True)
        if header + body > limit
    ]
    assert too_long == []


def words_left_out(text: str, passages: Sequence[Passage]) -> list[str]:
    """The words of Markdown that no span holds, other than those of headings and markup."""
    rest = list(text)
    quoted = [span for passage in passages for span in passage.spans]
    headers = {passage.table_header for passage in passages if passage.table_header}
    for start, end in [*quoted, *headers]:
        rest[start:end] = [" " if text[at] != "\n" else "\n" for at in range(start, end)]
    for passage in passages:
        # The header of a table stands before the first of its rows.
        starts = [passage.start, *(end for _, end in passage.spans)]
        for start, (first, _) in zip(starts, passage.spans, strict=False):
            if "|" in text[start:first]:
                rest[start:first] = " " * (first - start)
    left = "".join(rest)
    for markup in (_COMMENTS, _LINK_DEFINITIONS, _HEADING_LINES, _MARKERS):
        left = markup.sub("", left)
    return re.findall(r"\w+", left)
