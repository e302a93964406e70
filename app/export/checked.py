"""A checked text to take away: as Markdown with footnotes, and as one HTML file.

The text is written as it stands. Documents and texts are untrusted: in HTML nothing of them is
markup; in Markdown the text keeps its own, and the quotes have none.
"""

from collections.abc import Iterator

from app.answer import source_name
from app.checking.checked_text import CheckedSentence, CheckedText
from app.export.written import plain, proof
from app.templating import template

CONTRADICTED = "the documents contradict this"
NOT_SAID = "nothing here says so"


def remarks(sentence: CheckedSentence) -> list[str]:
    """What is to be said of a sentence besides its footnotes; nothing of one that is borne out."""
    said = []
    if sentence.finding == "contradicted":
        said.append(f"{CONTRADICTED}: {sentence.reason}" if sentence.reason else CONTRADICTED)
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
        notes = "".join(f"[^footnote-{marker}]" for marker in sentence.markers)
        said = "; ".join(map(plain, remarks(sentence)))
        parts.append(notes + (f" *({said})*" if said else ""))
        read_to = end
    parts.append(checked.text[read_to:].rstrip("\n"))
    for each in checked.citations:
        where = f"{plain(source_name(each))}. {plain(each.document)}, {proof(each)}"
        parts.append(f"\n\n[^footnote-{each.marker}]: “{plain(each.quote)}” — {where}")
    return "".join(parts) + "\n"


def to_html(checked: CheckedText, title: str = "") -> str:
    """One file that needs no other: no scripts, nothing fetched."""
    return template("app.export", "checked.html").render(
        checked=checked,
        title=title or "A checked text",
        pieces=[*pieces(checked), (checked.text[checked.end :], None)],
        remarks=remarks,
        source_name=source_name,
        proof=proof,
    )


def pieces(checked: CheckedText, first: int = 0) -> Iterator[tuple[str, CheckedSentence | None]]:
    """Yield the sentences from number `first` on, and what stands between them, in order."""
    read_to = checked.sentences[first - 1].end if first else 0
    for sentence in checked.sentences[first:]:
        if sentence.start > read_to:
            yield checked.text[read_to : sentence.start], None
        yield sentence.text, sentence
        read_to = sentence.end
