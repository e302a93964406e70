"""A checked text to take away: as Markdown that keeps its own, or as an answer is saved.

Documents and texts are untrusted: in Markdown the text keeps its own markup, and the quotes have
none; elsewhere nothing of them is markup.
"""

import re
from collections.abc import Iterable, Iterator

from app.answer import Answer, Sentence, source_name
from app.checking.checked_text import CheckedSentence, CheckedText
from app.export.carried import TextOf
from app.export.kinds import KINDS, Kind, saved
from app.export.written import plain, proof
from app.journal import Kept, iso
from ingest.catalogue import Document

CONTRADICTED = "the documents contradict this"
IN_OTHER_WORDS = "in other words: compare the quote"
NOT_SAID = "nothing here says so"


def remarks(sentence: CheckedSentence) -> list[str]:
    """What is to be said of a sentence besides its footnotes; nothing of one that is borne out."""
    said = []
    if sentence.finding == "contradicted":
        said.append(f"{CONTRADICTED}: {sentence.reason}" if sentence.reason else CONTRADICTED)
    elif sentence.finding == "in other words":
        said.append(IN_OTHER_WORDS)
    elif sentence.finding == "not said":
        said.append(NOT_SAID)
    said += [f"{each.text}: {each.reason}" for each in sentence.brought if not each.holds]
    return said


def to_markdown(checked: CheckedText) -> str:
    """The text with a footnote or a remark behind each sentence, and the quotes at the end.

    The counts are at the top. Footnotes have names of ours, for the text may number its own.
    """
    parts, read_to = [f"> {checked.summary}\n\n"], 0
    for sentence in checked.sentences:
        in_cell = sentence.kind == "row" and sentence.text.endswith("|")
        end = sentence.end - in_cell
        parts.append(checked.text[read_to:end])
        notes = "".join(f"[^footnote-{marker}]" for marker in sentence.footnotes)
        said = "; ".join(map(plain, remarks(sentence)))
        parts.append(notes + (f" *({said})*" if said else ""))
        read_to = end
    parts.append(checked.text[read_to:].rstrip("\n"))
    for each in checked.citations:
        where = f"{plain(source_name(each))}. {plain(each.document)}, {proof(each)}"
        parts.append(f"\n\n[^footnote-{each.marker}]: “{plain(each.quote)}” — {where}")
    return "".join(parts) + "\n"


def file_of(
    checked: CheckedText, kind: Kind, title: str, documents: Iterable[Document], text_of: TextOf
) -> bytes:
    """The file of a checked text; all but Markdown carry what proves their quotes.

    Raises FootnoteError where this kind has no place for what is in it.
    """
    if kind is KINDS["markdown"]:
        return to_markdown(checked).encode()
    return saved(kind, [as_answer(checked, title)], documents, text_of)


def as_answer(checked: CheckedText, title: str) -> Kept:
    """The text in the shape of an answer without an id; its title stands for the question."""
    said: list[Sentence] = []
    read_to, last = 0, "heading"
    for each in checked.sentences:
        gap = checked.text[read_to : each.start]
        above, _, mark = gap.rpartition("\n")
        goes_on = gap.count("\n") < 2 and not mark.strip() and each.kind == last != "row"
        begins = "" if goes_on or "\n" not in gap else "\n"
        said += _unchecked(above)
        if each.kind == "code":
            said += _unchecked(each.text)
        else:
            said.append(_sentence(each, begins + mark.lstrip()))
        read_to, last = each.end, each.kind
    said += _unchecked(checked.text[read_to:])
    answer = Answer(
        id="", question=title, searched_for="", told=tuple(said), citations=checked.citations,
        notices=(checked.summary,), state="done",
    )  # fmt: skip
    return Kept(answer, iso())


def _sentence(checked: CheckedSentence, begins: str) -> Sentence:
    return Sentence(
        text=begins + checked.text,
        markers=tuple(checked.footnotes),
        support=checked.support,
        verdict=(
            "not supported" if checked.finding in ("contradicted", "not said") else "supported"
        ),
        reason="; ".join(remarks(checked)),
    )


def _unchecked(lines: str) -> Iterator[Sentence]:
    """Yield what stands between sentences: the head of a table, a picture, lines of code."""
    for line in lines.splitlines():
        if re.search(r"\w", line):
            yield Sentence(f"\n{line.strip()}", (), 1.0, "supported")


def pieces(checked: CheckedText, first: int = 0) -> Iterator[tuple[str, CheckedSentence | None]]:
    """Yield the sentences from number `first` on, and what stands between them, in order."""
    read_to = checked.sentences[first - 1].end if first else 0
    for sentence in checked.sentences[first:]:
        if sentence.start > read_to:
            yield checked.text[read_to : sentence.start], None
        yield sentence.text, sentence
        read_to = sentence.end
