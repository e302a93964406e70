import json
from pathlib import Path

import pytest

from eval.questions import KNOWN_SETS, Question, QuestionsError, load, read_questions, sample
from eval.spans import find_all
from ingest.loaders import load as load_document

GOOD = {
    "id": "q1",
    "kind": "table",
    "question": "Which context window?",
    "turns": ["Tell me about the model"],
    "answerable": True,
    "gold": [{"document": "a.md", "quote": "8,192 tokens"}],
    "facts": [["8,192", "8192", "8k"]],
    "note": "in a table",
}


def written(folder: Path, *lines: object) -> Path:
    file = folder / "set.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return file


def test_a_line_in_our_own_shape_is_read_whole(tmp_path: Path) -> None:
    (question,) = read_questions(written(tmp_path, GOOD))
    assert question.turns == ("Tell me about the model",)
    assert question.gold[0].quote == "8,192 tokens"
    assert question.facts == (("8,192", "8192", "8k"),)


def test_every_bad_line_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        GOOD | {"id": "q2", "colour": "red"},
        GOOD,
        GOOD,
        GOOD | {"id": "q3", "gold": []},
        GOOD | {"id": "q4", "answerable": False},
        GOOD | {"id": "q5", "facts": [[]]},
    )
    with pytest.raises(QuestionsError) as caught:
        read_questions(file)
    words = str(caught.value)
    assert "line 1: colour" in words
    assert "id q1 is used more than once" in words
    assert "line 4: an answerable question needs `gold`" in words
    assert "line 5: Value error, a question without an answer has no `facts`" in words
    assert "line 6: facts.0" in words


def test_a_set_that_is_not_there_says_what_can_be_named(tmp_path: Path) -> None:
    with pytest.raises(
        QuestionsError, match="corpus, everyday, howto, hurried, office, phrased, squad"
    ):
        load(str(tmp_path / "nowhere"))


def test_a_squad_folder_turns_paragraph_offsets_into_quotes(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "Sea.md").write_text("# Sea\n\nThe sea is salty.\n", "utf-8")
    line = {
        "id": "1",
        "question": "How is the sea?",
        "document": "Sea.md",
        "paragraph": [7, 24],
        "answers": ["salty"],
        "answerable": True,
    }
    unanswerable = line | {"id": "2", "answers": [], "answerable": False}
    (tmp_path / "questions.jsonl").write_text(
        json.dumps(line) + "\n" + json.dumps(unanswerable) + "\n", "utf-8"
    )
    found = load(str(tmp_path))
    assert found.documents == tmp_path / "documents"
    assert found.questions[0].gold[0].quote == "The sea is salty."
    assert found.questions[1].gold == ()


def test_a_folder_may_hold_questions_in_our_own_shape(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "questions.jsonl").write_text(json.dumps(GOOD), "utf-8")
    found = load(str(tmp_path))
    assert found.documents == tmp_path / "documents"
    assert found.questions[0].gold[0].quote == "8,192 tokens"


def test_a_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text("5", "utf-8")
    with pytest.raises(QuestionsError, match="line 1"):
        load(str(tmp_path))


def test_a_squad_document_is_a_file_name_and_never_a_path(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "secret.md").write_text("secret", "utf-8")
    line = {
        "id": "1",
        "question": "?",
        "document": "../secret.md",
        "paragraph": [0, 6],
        "answers": ["secret"],
        "answerable": True,
    }
    (tmp_path / "questions.jsonl").write_text(json.dumps(line), "utf-8")
    with pytest.raises(QuestionsError, match="there is no document"):
        load(str(tmp_path))


def made(answerable: int, others: int) -> list[Question]:
    return [
        Question.model_validate(GOOD | {"id": f"a{number}"}) for number in range(answerable)
    ] + [
        Question(id=f"u{number}", kind="far", question="?", answerable=False)
        for number in range(others)
    ]


def test_a_sample_keeps_the_share_of_answerable_questions_in_each_beginning() -> None:
    drawn = sample(made(30, 10), 20, seed=1)
    assert sum(question.answerable for question in drawn) == 15
    assert sum(question.answerable for question in drawn[:8]) == 6


def test_a_larger_sample_of_the_same_seed_begins_with_the_smaller_one() -> None:
    questions = made(30, 10)
    assert sample(questions, 20, seed=7)[:8] == sample(questions, 8, seed=7)
    assert sample(questions, 8, seed=7) != sample(questions, 8, seed=8)


def test_without_a_number_every_question_is_taken() -> None:
    questions = made(7, 4)
    assert sorted(one.id for one in sample(questions, None, seed=3)) == sorted(
        one.id for one in questions
    )


def test_only_answerable_ones_can_be_drawn() -> None:
    assert all(one.answerable for one in sample(made(7, 4), None, 0, answerable=1.0))
    assert len(sample(made(7, 4), None, 0, answerable=1.0)) == 7


def test_asking_for_more_than_there_is_says_how_many_there_are() -> None:
    with pytest.raises(QuestionsError, match="7 answerable and 4 other"):
        sample(made(7, 4), 8, 0, answerable=1.0)


@pytest.mark.skipif(not KNOWN_SETS["squad"].is_dir(), reason="the SQuAD folder is not beside us")
def test_the_squad_set_has_the_published_numbers() -> None:
    questions = load("squad").questions
    assert sum(question.answerable for question in questions) == 2910
    assert len(questions) == 6078


@pytest.mark.parametrize("name", ["everyday", "howto", "hurried", "office", "phrased"])
def test_every_gold_quote_of_the_other_sets_is_in_its_document(name: str) -> None:
    questions = load(name)
    texts = {
        file.name: load_document(file.read_bytes(), file.name).text
        for file in questions.documents.iterdir()
    }
    quotes = [gold for question in questions.questions for gold in question.gold]
    assert [gold for gold in quotes if not find_all(gold.quote, texts[gold.document])] == []
