"""Answers for other places: as text, as Markdown, and as one HTML file, with numbered footnotes.

Over several answers the footnotes are counted on. Questions, sentences and quotes were written by
people, models and documents: none of their signs reaches Markdown or HTML as markup.
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from app.answer import Answer, Citation, GivenPassage, LeftOut, Sentence

_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+(?=\S)")
_MARKDOWN_SIGN = re.compile(r"([\\`*_\[\]<>#|~&!])")
_LIST_START = re.compile(r"^(\d{1,9})?([-+=.)])")
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.0625rem/1.6 system-ui,sans-serif}"
    "h2{line-height:1.3}blockquote{margin:.3rem 0;padding-left:.8rem;border-left:3px solid #b98900}"
    ".doubt,.place,.made{color:GrayText;font-size:.9em}sup a{text-decoration:none}"
    "li{margin:.6rem 0;break-inside:avoid}*{overflow-wrap:anywhere}"
)


def source_name(place: Citation | GivenPassage | LeftOut) -> str:
    """Title, section and page, as far as they are known and not the same twice."""
    section = place.section.removeprefix(f"{place.title} › ")
    parts = [place.title or place.document]
    if section and section != place.title:
        parts.append(section)
    name = " › ".join(parts)
    return f"{name}, page {place.page}" if place.page else name


def blocks(sentences: Sequence[Sentence]) -> list[tuple[bool, list[Sentence]]]:
    """The sentences by paragraph, and whether it is an item of a list (its mark is taken off)."""
    found: list[tuple[bool, list[Sentence]]] = []
    for sentence in sentences:
        is_item = _LIST_ITEM.match(sentence.text) is not None
        if is_item or sentence.text.startswith("\n") or not found:
            found.append((is_item, []))
        words = _LIST_ITEM.sub("", sentence.text, count=1).strip()
        found[-1][1].append(replace(sentence, text=words))
    return found


def doubt(answer: Answer, sentence: Sentence) -> str:
    """What the check of a sentence found wanting, in words; empty for one that is supported."""
    if sentence.verdict == "supported" or answer.refused:
        return ""
    return sentence.verdict + (f": {sentence.reason}" if sentence.reason else "")


def to_text(answer: Answer) -> str:
    """The answer with its footnotes written out, for pasting into a mail."""
    notes = [
        f"[{citation.marker}] “{citation.quote}” ({source_name(citation)}; {citation.document})"
        for citation in answer.citations
    ]
    known = {citation.marker for citation in answer.citations}
    sentences = tuple(
        replace(each, markers=tuple(marker for marker in each.markers if marker in known))
        for each in answer.sentences
    )
    text = replace(answer, sentences=sentences).text
    missing = ["", answer.missing] if answer.missing else []
    return "\n".join([text, *missing, *([""] if notes else []), *notes])


def to_markdown(answers: Sequence[Answer]) -> str:
    """Questions as headings, and the footnotes of all answers at the end (`[^1]`)."""
    parts: list[str] = []
    notes: list[str] = []
    for answer in answers:
        numbers = _numbers(answer, len(notes))
        parts.append(f"## {_plain(answer.question)}")
        for is_item, sentences in blocks(answer.sentences):
            words = " ".join(_markdown_sentence(answer, each, numbers) for each in sentences)
            parts.append(f"- {words}" if is_item else words)
        parts += [_plain(answer.missing)] if answer.missing else []
        notes += [
            f"[^{numbers[citation.marker]}]: “{_plain(citation.quote)}” — "
            f"{_plain(source_name(citation))}. {_plain(_proof(citation))}"
            for citation in answer.citations
        ]
    return "\n\n".join([*parts, *notes]) + "\n"


def to_html(answers: Sequence[Answer]) -> str:
    """One file that needs no other: no scripts, nothing fetched."""
    body: list[str] = []
    count = 0
    for answer in answers:
        numbers = _numbers(answer, count)
        count += len(numbers)
        body.append(
            f'<h2 dir="auto">{html.escape(answer.question)}</h2>{prose(answer, numbers)}'
            f"{footnotes(answer, numbers, _quote)}"
        )
    title = html.escape(answers[0].question if len(answers) == 1 else "A conversation")
    return (
        '<!doctype html><html lang=""><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body>{''.join(body)}"
        '<p class="made">Written by Footnote. Every quote is verbatim.</p></body></html>\n'
    )


def prose(answer: Answer, numbers: dict[int, int]) -> str:
    """The sentences as HTML, and what is missing; `numbers` are the footnotes', by marker."""
    parts = []
    for is_list, group in groupby(blocks(answer.sentences), key=lambda block: block[0]):
        tag = "li" if is_list else "p"
        inside = "".join(
            f'<{tag} dir="auto">'
            + " ".join(_html_sentence(answer, each, numbers) for each in sentences)
            + f"</{tag}>"
            for _, sentences in group
        )
        parts.append(f"<ul>{inside}</ul>" if is_list else inside)
    if answer.missing:
        parts.append(f'<p class="missing" dir="auto">{html.escape(answer.missing)}</p>')
    return "".join(parts)


def footnotes(answer: Answer, numbers: dict[int, int], shown: Callable[[Citation], str]) -> str:
    """The footnotes as an HTML list; `shown` gives the inside of one, safe to be put there."""
    if not answer.citations:
        return ""
    items = "".join(
        f'<li id="note-{numbers[citation.marker]}" value="{numbers[citation.marker]}">'
        f"{shown(citation)}</li>"
        for citation in answer.citations
    )
    return f'<ol class="notes">{items}</ol>'


def _numbers(answer: Answer, before: int) -> dict[int, int]:
    """A footnote's number by its marker, when `before` footnotes stand before this answer's."""
    return {each.marker: before + at for at, each in enumerate(answer.citations, start=1)}


def _markdown_sentence(answer: Answer, sentence: Sentence, numbers: dict[int, int]) -> str:
    notes = "".join(f"[^{numbers[each]}]" for each in sentence.markers if each in numbers)
    doubted = doubt(answer, sentence)
    return _plain(sentence.text) + notes + (f" *({_plain(doubted)})*" if doubted else "")


def _html_sentence(answer: Answer, sentence: Sentence, numbers: dict[int, int]) -> str:
    notes = "".join(
        f'<sup><a href="#note-{numbers[each]}">[{numbers[each]}]</a></sup>'
        for each in sentence.markers
        if each in numbers
    )
    doubted = html.escape(doubt(answer, sentence))
    said = f' <em class="doubt">({doubted})</em>' if doubted else ""
    return html.escape(sentence.text) + notes + said


def _quote(citation: Citation) -> str:
    return (
        f'<blockquote dir="auto">{html.escape(citation.quote)}</blockquote>'
        f'<span class="place">{html.escape(source_name(citation))}. '
        f"{html.escape(_proof(citation))}</span>"
    )


def _proof(citation: Citation) -> str:
    """Where the quote stands, exactly, and in which version of its document."""
    return (
        f"{citation.document}, characters {citation.start}–{citation.end}, "
        f"SHA-256 {citation.document_sha256[:16]}"
    )


def _plain(words: str) -> str:
    """One line of Markdown that shows these words and nothing else."""
    line = _MARKDOWN_SIGN.sub(r"\\\1", " ".join(words.split()))
    return _LIST_START.sub(r"\1\\\2", line)
