"""Listing the models at hand, for people and for programs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.models.at_hand import of_ollama, of_server
from app.settings import Settings
from tests.servers import OllamaSpeaker, OllamaTag, OpenAISpeaker, Script


def test_a_place_says_by_itself_whether_it_fetches_models(tmp_path: Path) -> None:
    with OllamaSpeaker() as empty, OpenAISpeaker() as other:
        assert of_ollama(empty.url).can_fetch
        assert not of_ollama(other.url).can_fetch  # what answers there is not Ollama
        assert not of_server(Settings(home=tmp_path, openai_url=other.url)).can_fetch
    assert not of_ollama(empty.url).can_fetch


def test_the_command_lists_the_models_with_their_profile_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        OllamaSpeaker([OllamaTag("llama3.1:8b", parameter_size="8.0B")]) as server,
        OpenAISpeaker(["phi"], Script(), max_model_len=2048) as other,
    ):
        monkeypatch.setenv("FOOTNOTE_OLLAMA_URL", server.url)
        monkeypatch.setenv("FOOTNOTE_OPENAI_URL", other.url)
        command = ["models", "--home", str(tmp_path)]
        listed = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
        monkeypatch.setattr("app.commands.terminal._CONSOLE.width", 200, raising=False)
        shown = CliRunner().invoke(app, command).stdout
    models = {each["wish"]: each for each in listed["models"]}
    llama, phi = models["ollama:llama3.1:8b"], models["openai:phi"]
    assert (llama["bytes"], llama["quantisation"], llama["window"]) == (1929912432, "Q4_K_M", 32768)
    assert (llama["profile"], llama["answers"]) == ("capable", True)
    assert "8 billion parameters" in llama["profile_why"]
    assert "Ollama answers at" in llama["why"]
    assert (phi["window"], phi["profile"], phi["answers"]) == (2048, "capable", False)
    assert {"embedded:1.5b", "embedded:0.5b", "none"} < models.keys()
    assert listed["problems"] == {}
    for words in ("llama3.1:8b answers.", "openai:phi", "1.9 GB", "8 billion parameters"):
        assert words in shown


def test_a_place_without_models_is_listed_with_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_OLLAMA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FOOTNOTE_MODEL", "none")
    ran = CliRunner().invoke(app, ["models", "--home", str(tmp_path), "--json"])
    assert "No model server" in json.loads(ran.stdout)["problems"]["Ollama"]
