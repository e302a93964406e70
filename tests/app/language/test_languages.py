"""Which language a text is in."""

from pathlib import Path

import pytest

from app.language.languages import language_of
from eval.questions import read_questions


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What does a tyre change cost?", "English"),
        ("Was kostet ein Reifenwechsel und wie lange dauert er?", "German"),
        ("Combien de temps dure la visite ?", "French"),
        ("¿Cuánto es el depósito?", "Spanish"),
        ("Quanto costa il biglietto e dove si compra?", "Italian"),
        ("quanto o modelo é menor que o outro?", "Portuguese"),
        ("wat is het verschil tussen een kat en een hond", "Dutch"),
        ("Vad är det som inte får parkeras på gården?", "Swedish"),
        ("Ile to jest i kto może to kupić?", "Polish"),
        ("Почему небо голубое?", "Russian"),
        ("なぜ空は青いのですか", "Japanese"),
        ("天空为什么是蓝色的", "Chinese"),
        ("wat is score distilation sampling", "English"),
        ("gpt-4o price per million tokens?", "English"),
        ("E-07", ""),
        ("", ""),
    ],
)
def test_a_language_is_known_by_its_small_words_or_its_script(text: str, language: str) -> None:
    assert language_of(text) == language


def test_english_questions_are_taken_for_no_other_language() -> None:
    corpus = read_questions(Path(__file__).parents[3] / "eval" / "questions" / "corpus.jsonl")
    assert {language_of(each.question) for each in corpus} <= {"English", ""}
