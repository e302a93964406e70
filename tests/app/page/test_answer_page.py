from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.answer import UNCERTAIN, Answer, Citation, GivenPassage, LeftOut, Sentence
from app.journal import Kept
from app.page.answer_page import answer_page
from ingest.errors import CatalogueError

SHA = "a" * 64
PASSAGE = GivenPassage("t.md", "Tea", "Tea", None, 0, 30, SHA, "It is picked. It is steamed.", 0.9)
QUOTE = Citation("t.md", "Tea", "Tea › Green", None, 14, 28, SHA, 1, "It is steamed.")
ANSWER = Answer(
    "a1", "How?", "How?", prose=(Sentence("They steam it.", (1,), 0.9, "supported"),),
    citations=(QUOTE,),
    passages=(PASSAGE,), model="small", state="done",
)  # fmt: skip


@dataclass
class Document:
    name: str
    sha256: str
    status: str = "indexed"


class Library:
    def __init__(self, *documents: Document) -> None:
        self._documents = documents

    def documents(self) -> tuple[Document, ...]:
        return self._documents


class Journal:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def recall(self, id: str) -> Kept | None:
        kept = Kept(self._answer, "2026-11-21T09:00:00+00:00")
        return kept if id == self._answer.id else None


def shown(answer: Answer, *documents: Document) -> str:
    journal: Any = Journal(answer)
    library: Any = Library(*documents)
    page = answer_page(journal, library, answer.id)
    assert page.status == 200
    return page.markup


def test_an_answer_is_shown_with_its_quotes_and_where_they_stand() -> None:
    page = shown(ANSWER, Document("t.md", SHA))
    assert '<h1 dir="auto">How?</h1>' in page
    assert 'They steam it.<sup><a href="#note-1">[1]</a></sup>' in page
    assert '<mark class="quote">It is steamed.</mark>' in page
    assert "/source?document=t.md&amp;sha=aaaa" in page
    assert "2026-11-21 09:00 UTC · small" in page
    assert 'class="changed"' not in page


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ((), "no longer there"),
        ((Document("t.md", SHA, "failed"),), "no longer there"),
        ((Document("t.md", "b" * 64),), "has changed since this answer"),
    ],
)
def test_a_source_that_went_or_changed_says_so_and_still_shows_its_quote(
    today: tuple[Document, ...], said: str
) -> None:
    page = shown(ANSWER, *today)
    assert said in page
    assert '<mark class="quote">It is steamed.</mark>' in page


def test_a_refusal_shows_what_comes_nearest() -> None:
    refusal = replace(ANSWER, outcome="refused", citations=())
    assert "What comes nearest" in shown(refusal)


def test_an_address_that_is_none_is_not_found() -> None:
    journal: Any = Journal(ANSWER)
    library: Any = Library()
    assert answer_page(journal, library, "<script>").status == 404
    assert "<script" not in answer_page(journal, library, "<script>").markup
    assert answer_page(None, library, "a1").status == 404


def test_a_journal_that_cannot_be_read_is_told_in_a_sentence() -> None:
    journal: Any = Journal(ANSWER)

    def broken(id: str) -> None:
        raise CatalogueError("The journal cannot be used.")

    journal.recall = broken
    library: Any = Library()
    page = answer_page(journal, library, "a1")
    assert page.status == 503
    assert "The journal cannot be used." in page.markup


def test_everything_said_is_escaped() -> None:
    bad = "<script>alert(1)</script>"
    quote = replace(QUOTE, document=bad, title=bad, section=bad, quote=bad)
    sentence = Sentence(bad, (1,), 0.1, "not supported", bad)
    answer = replace(
        ANSWER, id="a1", question=bad, model=bad, notices=(bad,), citations=(quote,),
        prose=(sentence,), passages=(replace(PASSAGE, document=bad, title=bad),),
    )  # fmt: skip
    assert "<script" not in shown(answer)


def test_a_kept_answer_that_may_be_none_says_so() -> None:
    quoted = replace(ANSWER, outcome="uncertain", prose=(), quotes=(1,))
    assert UNCERTAIN in shown(quoted)
    assert UNCERTAIN not in shown(replace(quoted, outcome="answered"))


def test_a_kept_answer_says_what_was_missing() -> None:
    page = shown(replace(ANSWER, missing="<b>No price</b> is named."), Document("t.md", SHA))
    assert "&lt;b&gt;No price&lt;/b&gt; is named." in page


def test_a_kept_answer_says_what_was_left_out_and_how_likely_it_was() -> None:
    left = LeftOut("m.md", "Milk", "Milk › Cow", None, 5, 9, SHA, "no room: 90 tokens, 12 left")
    page = shown(replace(ANSWER, left_out=(left,), score=0.87), Document("t.md", SHA))
    assert 'dir="auto">Milk › Cow</a>: no room: 90 tokens, 12 left' in page
    assert "How likely the documents answer this: 87%." in page
    assert "target=" not in page
