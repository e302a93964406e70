"""An answer as text that only grows."""

from dataclasses import replace

import pytest

from app.answer import REFUSAL, UNCERTAIN, Answer, Citation, Sentence
from app.export.growing import DOUBTED, SURE, growing


def citation(marker: int, quote: str) -> Citation:
    place = {"document": "a.md", "title": "A", "section": "", "page": None}
    return Citation(
        **place, start=0, end=len(quote), document_sha256="1", marker=marker, quote=quote
    )


MOSS = citation(1, "Moss grows slowly.")
TIDE = citation(2, "The tide turns.")
QUOTED = Answer("1", "?", "?", quotes=(1,), citations=(MOSS,), state="quoted")


def said(text: str, *markers: int) -> Sentence:
    return Sentence(text, markers, 1.0, "supported")


def stages(prose_first: bool) -> list[Answer]:
    begun = replace(QUOTED, prose_first=prose_first)
    writing = replace(begun, state="answering", prose=(said("It is slow.", 1),), pending="And th")
    more = replace(
        writing,
        citations=(MOSS, TIDE),
        prose=(*writing.prose, said("The tide turns.", 2)),
        withheld=(said("It is fast."),),
    )
    return [
        begun,
        writing,
        more,
        replace(more, state="done", pending="", missing="No moss is red."),
    ]


@pytest.mark.parametrize("prose_first", [False, True])
def test_the_pieces_together_are_the_answer_and_notes_stand_where_they_say(
    prose_first: bool,
) -> None:
    pieces = [piece for _, piece in growing(stages(prose_first))]
    whole = "".join(piece.text for piece in pieces)
    notes = [note for piece in pieces for note in piece.notes]
    quote, prose = "Moss grows slowly. [1] (A)", "It is slow. [1] The tide turns. [2]"
    voices = [prose, quote] if prose_first else [quote, prose]
    assert whole == "\n\n".join([*voices, "No moss is red."])
    for note in notes:
        assert whole[note.start : note.end] == f"[{note.citation.marker}]"
    assert sorted(note.citation.marker for note in notes) == [1, 1, 2]


def test_quotes_come_at_once_and_words_that_are_not_checked_never_come() -> None:
    first, *later = [piece.text for _, piece in growing(stages(prose_first=False))]
    assert first == "Moss grows slowly. [1] (A)"
    assert "And th" not in "".join(later)
    assert "fast" not in "".join(later)


def test_a_doubt_that_comes_after_the_quotes_is_said_after_them() -> None:
    doubted = replace(QUOTED, outcome="uncertain")
    pieces = [piece.text for _, piece in growing([QUOTED, doubted, replace(doubted, state="done")])]
    assert pieces == ["Moss grows slowly. [1] (A)", f"\n\n{DOUBTED}", ""]


def test_that_a_model_is_sure_after_all_is_said_where_the_quotes_were_called_uncertain() -> None:
    unsure = replace(QUOTED, outcome="uncertain")
    first, sure, last = growing([unsure, QUOTED, replace(QUOTED, state="done")])
    assert UNCERTAIN in first[1].text
    assert (sure[1].text, last[1].text) == (f"\n\n{SURE}", "")


def test_nothing_is_taken_back_where_the_quotes_come_last() -> None:
    capable = replace(QUOTED, prose_first=True)
    stages = [replace(capable, outcome="uncertain"), capable, replace(capable, state="done")]
    whole = "".join(piece.text for _, piece in growing(stages))
    assert whole.startswith("Moss grows slowly.")


def test_a_refusal_is_the_one_sentence_and_what_is_missing() -> None:
    refused = Answer("1", "?", "?", outcome="refused", missing="They lack moss.", state="done")
    assert [piece.text for _, piece in growing([refused])] == [f"{REFUSAL}\n\nThey lack moss."]
