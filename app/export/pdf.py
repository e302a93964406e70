"""Answers as a PDF to be printed and kept, with each footnote at the foot of its page.

Typst sets it, by `pdf.typ`; what people, models and documents wrote reaches it as data
alone. The file is PDF/A-3u (ISO 19005-3), which may have others in it, and has no place for signs
without a drawing: those that no font can draw come back as errors, stand as their code points, and
are said to.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any
from unicodedata import bidirectional

from app.answer import Answer, Citation, Sentence
from app.export import written as export
from app.journal import Kept
from ingest.errors import FootnoteError

LONGEST_WORD = 20_000
"""Characters. Typst's time to end a line grows with the square of a word: 5 s for 100,000."""
_PIECE = 16
# Thai, Lao and the scripts of East Asia are written without spaces, and have ends of lines enough.
_LONG_WORD = re.compile(rf"[^\s\u0e00-\u0eff\u2e80-\ud7ff]{{{3 * _PIECE},}}")
# Controls, halves of pairs, signs that mean something to one font or to nobody, and what turns the
# letters after it around: none has a drawing of its own.
_NEVER_DRAWN = (
    r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\uf8ff\ufdd0-\ufdef\ufeff"
    + "".join(chr(plane << 16 | last) for plane in range(15) for last in (0xFFFE, 0xFFFF))
    + "\U000f0000-\U0010ffff]"
)
_UNDRAWN = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


def to_pdf(
    kept: Sequence[Kept], today: Mapping[str, str], data: str = "", system_fonts: bool = True
) -> bytes:
    """Questions as headings; the same answers, documents and fonts give the same bytes.

    `today` is the documents' SHA-256 by name, `data` proves the quotes. Typst's own fonts have
    Latin, Greek, Cyrillic, Arabic, Hebrew and mathematics; other scripts take the machine's, unless
    `system_fonts` is off.
    Raises FootnoteError for a word that is too long.
    """
    given = {**_given(kept, today, _Words(set())), "data": ""}
    # One that has no drawing is refused with its neighbours, so each sign is tried alone first.
    signs = sorted(set(json.dumps(given, ensure_ascii=False)))
    _, undrawn = _set({**given, "answers": [], "signs": signs}, set(), system_fonts)
    while True:
        given = {**_given(kept, today, _Words(undrawn)), "data": data}
        pdf, found = _set(given, undrawn, system_fonts)
        if not found:
            return pdf
        undrawn |= found


def _set(given: dict[str, Any], known: set[str], system_fonts: bool) -> tuple[bytes, set[str]]:
    """The PDF, or what of its words cannot be drawn, as was not yet `known`."""
    from typst import Compiler, Fonts, TypstError

    compiler = Compiler(
        files("app.export").joinpath("pdf.typ").read_bytes(),
        font_paths=Fonts(include_system_fonts=system_fonts),
        sys_inputs={"given": json.dumps(given)},
    )
    try:
        pdf = compiler.compile(format="pdf", pdf_standards="a-3u", timestamp=given["made_at"])
    except TypstError as error:
        refused = {_unescaped(text) for text in _UNDRAWN.findall(error.diagnostic)}
        undrawn = {text for text in refused if not text.isascii()} - known
        if not undrawn:
            raise
        return b"", undrawn
    assert isinstance(pdf, bytes)
    return pdf, set()


class _Words:
    """Texts as they can be set; `points` gathers the code points written for what cannot."""

    def __init__(self, undrawn: set[str]) -> None:
        self.points: dict[str, None] = {}
        longest_first = sorted(undrawn, key=len, reverse=True)
        self._undrawn = re.compile("|".join([_NEVER_DRAWN, *map(re.escape, longest_first)]))

    def __call__(self, text: str) -> dict[str, Any]:
        """One line of text: the pieces it may be broken between beside its spaces, its direction.

        Raises FootnoteError for a word that is too long.
        """
        line = self._undrawn.sub(self._pointed, " ".join(text.split()))
        longest = max(map(len, line.split(" ")))
        if longest > LONGEST_WORD:
            raise FootnoteError(
                f"A word of {longest:,} characters cannot be set as PDF: save it as Markdown or "
                "as HTML."
            )
        pieces = _LONG_WORD.sub(_cut, line).split("\0")
        return {"pieces": pieces, "rtl": _is_right_to_left(line)}

    def _pointed(self, found: re.Match[str]) -> str:
        points = [f"[U+{ord(sign):04X}]" for sign in found[0]]
        self.points.update(dict.fromkeys(points))
        return "".join(points)


def _cut(word: re.Match[str]) -> str:
    """A word too long for a line, with a null, which no text holds here, where it may end."""
    return "\0".join(word[0][at : at + _PIECE] for at in range(0, len(word[0]), _PIECE))


def _is_right_to_left(line: str) -> bool:
    """Whether the first letter that has a direction is written so (Unicode UAX 9, rule P2)."""
    directions = (bidirectional(sign) for sign in line)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"


def _unescaped(text: str) -> str:
    """The text of one of Typst's messages, which quotes it as Rust does."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _given(kept: Sequence[Kept], today: Mapping[str, str], words: _Words) -> dict[str, Any]:
    """What the PDF says, as `pdf.typ` takes it."""
    answers = []
    count = 0
    for each in kept:
        numbers = export.numbered(each.answer, count)
        count += len(numbers)
        answers.append(_answer(each, numbers, today, words))
    last = max(datetime.fromisoformat(each.answered_at) for each in kept)
    return {
        "title": words(export.title(kept)),
        "made_at": int(last.timestamp()),
        "signs": [],
        "answers": answers,
        "colophon": export.colophon(kept),
        "withheld": export.WITHHELD,
        "undrawn": list(words.points),
    }


def _answer(
    kept: Kept, numbers: dict[int, int], today: Mapping[str, str], words: _Words
) -> dict[str, Any]:
    answer = kept.answer
    notes = {each.marker: _note(each, numbers, today, words) for each in answer.citations}
    blocks = [
        {"kind": kind, "sentences": [_sentence(answer, each, notes, words) for each in block]}
        for kind, block in export.blocks(answer.sentences)
    ]
    return {
        "question": words(answer.question),
        "made": words(export.made(kept)),
        "notices": [words(notice) for notice in export.notices(answer)],
        "blocks": blocks,
        "missing": words(answer.missing) if answer.missing else None,
        "withheld": [words(each) for each in export.withheld(answer)],
    }


def _sentence(
    answer: Answer, sentence: Sentence, notes: dict[int, dict[str, Any]], words: _Words
) -> dict[str, Any]:
    doubt = export.doubt(answer, sentence)
    return {
        "words": words(sentence.text),
        "notes": [notes[marker] for marker in sentence.markers if marker in notes],
        "verdict": sentence.verdict,
        "doubt": words(doubt) if doubt else None,
    }


def _note(
    citation: Citation, numbers: dict[int, int], today: Mapping[str, str], words: _Words
) -> dict[str, Any]:
    return {
        "number": numbers[citation.marker],
        "quote": words(citation.quote),
        "source": words(export.source_of(citation)),
        "document": words(citation.document),
        "proof": export.proof(citation),
        "remark": export.remark(citation, today),
    }
