"""Having Ollama fetch a model, over real HTTP."""

from contextlib import closing
from itertools import islice, pairwise

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.models import ollama
from app.models.ollama import Pulled
from ingest.errors import ModelError
from tests.servers import Mishap, OllamaSpeaker, OllamaTag

NEW = OllamaTag("qwen2.5:3b")


def test_a_model_is_pulled_with_how_much_of_all_of_it_is_there() -> None:
    with OllamaSpeaker() as server:
        server.shelf[NEW.name] = NEW
        steps = list(ollama.pull(server.url, NEW.name))
        assert [each.name for each in ollama.models_of(server.url)] == [NEW.name]
    assert Pulled("pulling bb", 3500, 4000) in steps
    assert all(one.done <= other.done for one, other in pairwise(steps))
    assert steps[-1] == Pulled("success", 4000, 4000)


def test_a_pull_that_is_stopped_hangs_up() -> None:
    with OllamaSpeaker() as server:
        server.shelf[NEW.name] = NEW
        server.gate.clear()
        steps: list[Pulled] = []
        with closing(ollama.pull(server.url, NEW.name)) as pulling:
            steps += islice(pulling, 4)
        assert server.hung_up.wait(10)
        assert server.models == {}


@pytest.mark.parametrize("name", ["", "two words", "../etc/passwd", "a" + "/b" * 9])
def test_what_is_no_name_of_a_model_is_not_sent(name: str) -> None:
    with OllamaSpeaker() as server, pytest.raises(ModelError, match="not the name of a model"):
        list(ollama.pull(server.url, name))
    assert server.asked("/api/pull") == []


def test_what_ollama_says_of_a_model_that_it_cannot_fetch_is_passed_on() -> None:
    with OllamaSpeaker() as server, pytest.raises(ModelError, match="file does not exist"):
        list(ollama.pull(server.url, "nosuch"))


@pytest.mark.parametrize("mishap", [Mishap.DROP, Mishap.END])
def test_a_pull_that_breaks_off_is_an_error(mishap: Mishap) -> None:
    with OllamaSpeaker() as server:
        server.shelf[NEW.name] = NEW
        server.pull_ends = mishap
        with pytest.raises(ModelError, match="broke off"):
            list(ollama.pull(server.url, NEW.name))


def test_the_command_pulls_and_says_how_to_ask_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with OllamaSpeaker() as server:
        server.shelf[NEW.name] = NEW
        monkeypatch.setenv("FOOTNOTE_OLLAMA_URL", server.url)
        ran = CliRunner().invoke(app, ["pull", NEW.name])
    assert ran.exit_code == 0
    assert "--model ollama:qwen2.5:3b" in ran.output
    assert NEW.name in server.models
