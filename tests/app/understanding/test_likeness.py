"""Which kind of turn something is, by the real embedding model and the examples."""

from pathlib import Path

import pytest

from app.understanding.likeness import kinds
from app.understanding.shape import shape_of
from app.understanding.turn import understand
from eval.questions import read_questions
from ingest.embedding import Embedder
from ingest.index import open_current

TURNS = {
    "all": ["What files can you read?", "how many letters have you got?"],
    "mention": ["Which of the contracts mention Orla Quill?", "where does Quill come up"],
    "author": ["who is the author of the moth study?"],
    "date": ["when was the policy written?"],
    "newest": ["which is the most recent letter?", "which report is the last"],
    "oldest": ["the earliest protocol?", "Which letter was first?", "which paper came first"],
    "longest": ["which of the papers is the biggest?", "what's your longest file"],
    "shortest": ["which contract is the shortest"],
    "page": ["what does it say on page 7"],
    "part": ["what's in chapter 9?"],
    "length": ["how many pages does the handbook have?"],
    "contents": ["show me the table of contents of the guide"],
    "about": ["give me a summary of the handbook", "what is gans-and-vaes.md about?"],
    "changes": ["What has been added since Monday?", "did any documents change this week?"],
    "shorter": ["could you make that shorter?", "too long", "shorter pls"],
    "more": ["go on please", "is there more?"],
    "table": ["show that as a table"],
    "list": ["as bullet points please"],
    "language": ["say that in Dutch please", "auf Italienisch bitte"],
    "one": ["tell me more about the third one"],
    "sure": ["are you really sure?", "r u sure about that"],
    "source": ["where did you find that?"],
    "greeting": ["hello there", "Good afternoon!"],
    "thanks": ["thank you so much", "cool, thanks"],
    "farewell": ["bye bye"],
    "ability": ["what are you able to do?", "who are you"],
}  # fmt: skip


def likeliest(turns: list[str], embedder: Embedder) -> list[str]:
    found = kinds([shape_of(turn) for turn in turns], embedder)
    return [likely[0].name if likely else "question" for likely in found]


@pytest.mark.parametrize("kind", TURNS)
def test_a_turn_is_of_the_kind_whose_examples_it_is_most_like(
    embedder: Embedder, kind: str
) -> None:
    assert likeliest(TURNS[kind], embedder) == [kind] * len(TURNS[kind])


@pytest.mark.parametrize(
    ("turn", "kind", "superlative"),
    [
        ("Who wrote the longest paper?", "author", "longest"),
        ("What is the most recent letter about?", "about", "newest"),
        ("How old is the shortest contract?", "date", "shortest"),
        ("the earliest protocol?", "oldest", ""),
    ],
)
def test_a_fact_may_be_asked_of_the_one_document_that_is_the_newest_or_longest(
    embedder: Embedder, turn: str, kind: str, superlative: str
) -> None:
    found = kinds([shape_of(turn)], embedder)[0][0]
    assert (found.name, found.superlative) == (kind, superlative)


def test_of_two_turns_of_one_shape_each_has_its_own_kinds(embedder: Embedder) -> None:
    one, other = kinds([shape_of("Who wrote the longest paper?")] * 2, embedder)
    assert one == other


def test_a_question_to_the_documents_is_hardly_ever_taken_for_another_kind(
    embedder: Embedder, corpus_home: Path
) -> None:
    index = open_current(corpus_home, embedder)
    file = Path(__file__).parents[3] / "eval" / "questions" / "corpus.jsonl"
    questions = [each.question for each in read_questions(file)][::3]
    others = []
    for question in questions:
        request = understand(question, (), index)
        if request.talk or request.of_answer or request.of_documents:
            others.append(question)
    assert len(others) <= 0.02 * len(questions), others


@pytest.mark.parametrize(
    "question",
    [
        "What changed in GPT-4?",
        "Which documents are required to travel?",
        "How many documents did the court review?",
        "List the advantages of diffusion models",
        "What is image generation?",
        "How are documents split into passages in RAG?",
        "What does the contract say about pets?",
        "Which tenant pays the most?",
        "Which letter was sent first?",
        "Which lease expires last?",
    ],
)
def test_what_looks_like_a_question_about_the_documents_is_left_to_them(
    embedder: Embedder, question: str
) -> None:
    assert likeliest([question], embedder) == ["question"]
