"""Answers for other places: as text, as Markdown, and as one HTML file, with numbered footnotes.

Over several answers the footnotes are counted on. Questions, sentences and quotes were written by
people, models and documents: none of their signs reaches Markdown or HTML as markup.

`today` is what the documents are now, as SHA-256 by name: of a source that is another, or gone,
its footnote says so. `data` is what proves the quotes, as `app.export.carried` writes it: it is put
where readers do not see it.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from app.answer import REWORDED, UNCERTAIN, Answer, Citation, Sentence, source_name
from app.journal import Kept

BlockOf = Literal["paragraph", "item", "heading"]

_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+(?=\S)")
_HEADING = re.compile(r"\s*#{1,6}\s+(?=\S)")
_MARKDOWN_SIGN = re.compile(r"([\\`*_\[\]<>#|~&!])")
_MARKS: dict[BlockOf, str] = {"paragraph": "", "item": "- ", "heading": "### "}
_TAGS: dict[BlockOf, str] = {"paragraph": "p", "item": "li", "heading": "h3"}
_LIST_START = re.compile(r"^(\d{1,9})?([-+=.)])")
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.0625rem/1.6 system-ui,sans-serif}"
    "h2{line-height:1.3}blockquote{margin:.3rem 0;padding-left:.8rem;border-left:3px solid #b98900}"
    ".doubt,.place,.made{color:GrayText;font-size:.9em}sup a{text-decoration:none}"
    "li{margin:.6rem 0;break-inside:avoid}*{overflow-wrap:anywhere}"
    ".doubted{text-decoration:underline dotted;text-underline-offset:.25em}"
    ".notice,.changed{padding-left:.8rem;border-left:3px solid GrayText}"
)
WITHHELD = "Withheld, for the documents do not bear it out:"


def source_of(citation: Citation) -> str:
    """The source of a quote, and, of a table's row, what its columns are called."""
    columns = f" (columns: {', '.join(citation.columns)})" if citation.columns else ""
    return source_name(citation) + columns


def blocks(sentences: Sequence[Sentence]) -> list[tuple[BlockOf, list[Sentence]]]:
    """The sentences by paragraph, item of a list or heading; the latter's marks are taken off."""
    found: list[tuple[BlockOf, list[Sentence]]] = []
    for sentence in sentences:
        item, heading = _LIST_ITEM.match(sentence.text), _HEADING.match(sentence.text)
        mark = item or heading
        if mark or sentence.text.startswith("\n") or not found:
            found.append(("item" if item else "heading" if heading else "paragraph", []))
        words = sentence.text[mark.end() if mark else 0 :].strip()
        found[-1][1].append(replace(sentence, text=words))
    return found


def withheld_words(answer: Answer) -> str:
    """How many sentences of a model are not shown, because the check did not bear them out."""
    number = len(answer.withheld)
    if not number:
        return ""
    return f"{number} sentence{' was' if number == 1 else 's were'} not borne out and " + (
        "is not shown." if number == 1 else "are not shown."
    )


def notices(answer: Answer) -> list[str]:
    """What is to be said before an answer."""
    unsure = answer.outcome == "uncertain" and answer.quotes
    return [*answer.notices, *([UNCERTAIN] if unsure else [])]


def withheld(answer: Answer) -> list[str]:
    """The sentences of a model that the check did not bear out, each with the reason."""
    return [
        f"{each.text.strip()} ({each.reason})" if each.reason else each.text.strip()
        for each in answer.withheld
    ]


def doubt(answer: Answer, sentence: Sentence) -> str:
    """What the check of a sentence found wanting, in words; empty for one that is supported."""
    if sentence.doubted:
        return REWORDED
    if is_checked(answer):
        return sentence.reason
    if sentence.verdict == "supported" or answer.refused:
        return ""
    return sentence.verdict + (f": {sentence.reason}" if sentence.reason else "")


def is_checked(answer: Answer) -> bool:
    """Whether it is a text from elsewhere that was checked: no question, and kept nowhere."""
    return not answer.id


def colophon(kept: Sequence[Kept]) -> str:
    """What stands at the end of a file."""
    did = "Checked" if any(is_checked(each.answer) for each in kept) else "Written"
    return f"{did} by Footnote. Every quote is verbatim."


def made(kept: Kept) -> str:
    """When the answer was given (UTC) and which model worded it, where one did."""
    when = f"{kept.answered_at[:16].replace('T', ' ')} UTC"
    model = kept.answer.model
    return when if model in ("", "none") else f"{when} · {model}"


def remark(citation: Citation, today: Mapping[str, str]) -> str:
    """What has become of a footnote's source since; empty while it is what it was."""
    if citation.document_sha256 in today.values():
        return ""  # whatever it is called now
    if citation.document in today:
        return "The document has changed since this answer. This is what it said then."
    return "The document is no longer there. This is what it said."


def title(kept: Sequence[Kept]) -> str:
    """What to call a file of these answers."""
    return kept[0].answer.question if len(kept) == 1 else "A conversation"


def to_text(answer: Answer) -> str:
    """The answer with its footnotes written out, for pasting into a mail."""
    notes = [
        f"[{citation.marker}] “{citation.quote}” ({source_of(citation)}; {citation.document})"
        for citation in answer.citations
    ]
    return "\n".join([answer.text, *([""] if notes else []), *notes])


def to_markdown(kept: Sequence[Kept], today: Mapping[str, str], data: str = "") -> str:
    """Questions as headings, and the footnotes of all answers at the end (`[^1]`)."""
    parts: list[str] = []
    notes: list[str] = []
    for each in kept:
        answer = each.answer
        numbers = numbered(answer, len(notes))
        parts += [f"## {plain(answer.question)}", plain(made(each))]
        parts += [f"> {plain(words)}" for words in notices(answer)]
        for kind, sentences in blocks(answer.sentences):
            words = " ".join(_markdown_sentence(answer, each, numbers) for each in sentences)
            parts.append(f"{_MARKS[kind]}{words}")
        parts += [plain(answer.missing)] if answer.missing else []
        if answer.withheld:
            parts += [plain(WITHHELD), *(f"- {plain(words)}" for words in withheld(answer))]
        notes += [_markdown_note(numbers, citation, today) for citation in in_order(answer)]
    hidden = [f"<!-- footnote {data} -->"] if data else []
    return "\n\n".join([*parts, *notes, *hidden]) + "\n"


def to_html(kept: Sequence[Kept], today: Mapping[str, str], data: str = "") -> str:
    """One file that needs no other: nothing runs, nothing is fetched."""
    body: list[str] = []
    count = 0
    for each in kept:
        answer = each.answer
        numbers = numbered(answer, count)
        count += len(numbers)
        said = "".join(
            f'<p class="notice" dir="auto">{html.escape(words)}</p>' for words in notices(answer)
        )
        body.append(
            f'<h2 dir="auto">{html.escape(answer.question)}</h2>'
            f'<p class="made">{html.escape(made(each))}</p>{said}{prose(answer, numbers)}'
            f"{footnotes(answer, numbers, lambda citation: _html_note(citation, today))}"
        )
    hidden = f'<script type="application/json" id="footnote">{data}</script>' if data else ""
    return (
        '<!doctype html><html lang=""><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{html.escape(title(kept))}</title><style>{_STYLE}</style></head>"
        f'<body>{"".join(body)}<p class="made">{colophon(kept)}</p>{hidden}</body></html>\n'
    )


def in_order(answer: Answer) -> list[Citation]:
    """The footnotes as a reader comes to them, then those that nothing refers to."""
    by_marker = {each.marker: each for each in answer.citations}
    referred = [marker for each in answer.sentences for marker in each.markers]
    return [by_marker[each] for each in dict.fromkeys([*referred, *by_marker]) if each in by_marker]


def numbered(answer: Answer, before: int) -> dict[int, int]:
    """A footnote's number by its marker, when `before` footnotes stand before this answer's."""
    return {each.marker: before + at for at, each in enumerate(in_order(answer), start=1)}


def prose(answer: Answer, numbers: dict[int, int]) -> str:
    """The sentences as HTML, and what is missing; `numbers` are the footnotes', by marker."""
    parts = []
    for kind, group in groupby(blocks(answer.sentences), key=lambda block: block[0]):
        tag = _TAGS[kind]
        inside = "".join(
            f'<{tag} dir="auto">'
            + " ".join(_html_sentence(answer, each, numbers) for each in sentences)
            + f"</{tag}>"
            for _, sentences in group
        )
        parts.append(f"<ul>{inside}</ul>" if kind == "item" else inside)
    if answer.missing:
        parts.append(f'<p class="missing" dir="auto">{html.escape(answer.missing)}</p>')
    if answer.withheld:
        items = "".join(f'<li dir="auto">{html.escape(words)}</li>' for words in withheld(answer))
        parts.append(f'<p class="missing">{WITHHELD}</p><ul class="missing">{items}</ul>')
    return "".join(parts)


def to_rich(answer: Answer) -> str:
    """An answer with its footnotes as a piece of HTML, to be pasted into a document or a mail."""
    numbers = {each.marker: each.marker for each in answer.citations}
    said = "".join(f"<p>{html.escape(words)}</p>" for words in notices(answer))
    notes = footnotes(answer, numbers, _rich_note)
    return said + re.sub(r"<a [^>]*>|</a>", "", prose(answer, numbers)) + notes


def footnotes(answer: Answer, numbers: dict[int, int], shown: Callable[[Citation], str]) -> str:
    """The footnotes as an HTML list; `shown` gives the inside of one, safe to be put there."""
    if not answer.citations:
        return ""
    items = "".join(
        f'<li id="note-{numbers[citation.marker]}" value="{numbers[citation.marker]}">'
        f"{shown(citation)}</li>"
        for citation in sorted(answer.citations, key=lambda each: numbers[each.marker])
    )
    return f'<ol class="notes">{items}</ol>'


def _markdown_sentence(answer: Answer, sentence: Sentence, numbers: dict[int, int]) -> str:
    notes = "".join(f"[^{numbers[each]}]" for each in sentence.markers if each in numbers)
    doubted = doubt(answer, sentence)
    return plain(sentence.text) + notes + (f" *({plain(doubted)})*" if doubted else "")


def _html_sentence(answer: Answer, sentence: Sentence, numbers: dict[int, int]) -> str:
    notes = "".join(
        f'<sup><a href="#note-{numbers[each]}">[{numbers[each]}]</a></sup>'
        for each in sentence.markers
        if each in numbers
    )
    words, said = html.escape(sentence.text), html.escape(doubt(answer, sentence))
    if not said:
        return words + notes
    return f'<span class="doubted">{words}</span>{notes} <em class="doubt">({said})</em>'


def _markdown_note(numbers: dict[int, int], citation: Citation, today: Mapping[str, str]) -> str:
    said = remark(citation, today)
    return (
        f"[^{numbers[citation.marker]}]: “{plain(citation.quote)}” — "
        f"{plain(source_of(citation))}. {plain(citation.document)}, {proof(citation)}"
        + (f". *{said}*" if said else "")
    )


def _html_note(citation: Citation, today: Mapping[str, str]) -> str:
    said = remark(citation, today)
    return (
        f'<blockquote dir="auto">{html.escape(citation.quote)}</blockquote>'
        f'<span class="place">{html.escape(source_of(citation))}. '
        f"<bdi>{html.escape(citation.document)}</bdi>, {proof(citation)}</span>"
        + (f'<p class="changed">{said}</p>' if said else "")
    )


def _rich_note(citation: Citation) -> str:
    where = f"{source_of(citation)}. {citation.document}, {proof(citation)}"
    return f"“{html.escape(citation.quote)}” — {html.escape(where)}"


def proof(citation: Citation) -> str:
    """Where in its document the quote stands, exactly, and in which version of it."""
    return f"characters {citation.start}–{citation.end}, SHA-256 {citation.document_sha256[:16]}"


def plain(words: str) -> str:
    """Return one line of Markdown that shows these words and nothing else."""
    line = _MARKDOWN_SIGN.sub(r"\\\1", " ".join(words.split()))
    return _LIST_START.sub(r"\1\\\2", line)
