"""Comparing models: what is counted, what is kept, and going on after an end."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from app.models.choosing import ModelChoice
from app.settings import Settings
from eval import bench
from eval.bench import Asked
from eval.questions import Question
from ingest.errors import ModelError
from tests.app.small_world import DOCUMENTS, engine_on, indexed
from tests.servers import Mishap, OllamaSpeaker, OllamaTag, Script

BLUE = "The sky is blue because air scatters blue light."
QUESTIONS = (
    Question(
        id="sky", kind="why", question="Why is the sky blue?", answerable=True,
        facts=(("scatters blue light",), ("oxygen",)),
    ),
    Question(
        id="stand", kind="none", question="Who invented the umbrella stand?", answerable=False
    ),
)  # fmt: skip


class SureAtFirst(Script):
    def answer(self, messages: list[dict[str, str]], limit: int) -> Iterator[Any]:
        yield from ["yes"] if limit == 1 else self.lines


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return engine_on(indexed(tmp_path_factory.mktemp("bench"), DOCUMENTS))


def test_each_model_is_asked_each_question_once_and_its_words_are_counted(
    engine: Any, tmp_path: Path
) -> None:
    brain = SureAtFirst([f"{BLUE} ", "The moon is made of cheese."])
    with OllamaSpeaker([OllamaTag("q:3b")], brain, loaded=["q:3b"]) as server:
        settings = Settings(home=tmp_path, ollama_url=server.url)
        file = tmp_path / "set.jsonl"
        wishes = ["none", "ollama:q:3b"]
        asked, choices = bench.bench(engine, settings, wishes, QUESTIONS, file)
        before = len(server.asked("/api/chat"))
        again, _ = bench.bench(engine, settings, wishes, QUESTIONS, file)
        assert (again, len(server.asked("/api/chat"))) == (asked, before)
    quotes, model = bench.rows(asked, choices)
    assert (quotes.label, quotes.right, quotes.held_back) == ("No model", 0.5, 1.0)
    assert quotes.words_per_s is None
    assert (model.label, model.right, model.withheld) == ("q:3b", 0.5, 0.5)
    assert model.words_per_s
    assert model.memory_gb == 1_929_912_432 / 1e9


def test_a_model_that_goes_away_ends_the_run_and_the_same_command_goes_on(
    engine: Any, tmp_path: Path
) -> None:
    more = (QUESTIONS[1], QUESTIONS[0])
    with OllamaSpeaker([OllamaTag("q:3b")], SureAtFirst([BLUE, Mishap.DROP])) as server:
        settings = Settings(home=tmp_path, ollama_url=server.url)
        file = tmp_path / "set.jsonl"
        with pytest.raises(ModelError):
            bench.bench(engine, settings, ["ollama:q:3b"], more, file)
        assert [each.question for each in bench.read(file)] == ["stand"]
        with file.open("a") as lines:
            lines.write('{"model": "ollama:q:3b", "ques')  # as a kill leaves it
        server.brain = SureAtFirst([BLUE])
        asked, _ = bench.bench(engine, settings, ["ollama:q:3b"], more, file)
    assert [(each.question, each.right) for each in asked] == [("stand", None), ("sky", 0.5)]
    assert bench.read(file) == asked


def test_the_figures_are_saved_as_data_a_table_and_a_plot(tmp_path: Path) -> None:
    asked = Asked("a", "1", 1.0, None, 3, 1, 40, 2.0, 4.0, 2_000_000_000)
    choice = ModelChoice("ollama", "a & b", "", 4096)
    found = bench.rows([asked, replace(asked, question="2", right=0.5, first_word_s=4.0)], [choice])
    bench.save(found, tmp_path, {"set": "corpus", "seed": 0, "questions": 2})
    assert (tmp_path / "models.md").read_text().splitlines()[-1] == (
        "| a & b | 0.75 | – | 0.25 | 3.0 s | 10.0 | 2.0 GB |"
    )
    svg = ElementTree.parse(tmp_path / "models.svg")
    assert "a & b" in {each.text for each in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert json.loads((tmp_path / "models.json").read_text())["models"][0]["right"] == 0.75


def test_figures_of_other_models_stay_where_they_were_asked_the_same(tmp_path: Path) -> None:
    about = {"set": "corpus", "seed": 0, "questions": 1}

    def saved(name: str, **other: Any) -> list[str]:
        asked = Asked(name, "1", 1.0, None, 3, 1, 40, 2.0, 4.0, 0)
        found = bench.rows([asked], [ModelChoice("ollama", name, "", 4096)])
        bench.save(found, tmp_path, about | other)
        return [
            row["model"] for row in json.loads((tmp_path / "models.json").read_text())["models"]
        ]

    assert saved("a") == ["a"]
    assert saved("b") == ["b", "a"]
    assert saved("a") == ["a", "b"]
    assert saved("a", seed=1) == ["a"]
