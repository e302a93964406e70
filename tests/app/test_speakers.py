"""Which models are at hand, who may choose what, and what a choice outlasts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.models import ollama
from app.models.chosen import CHOSEN, Chosen, settled
from app.settings import Settings
from app.speakers import Speakers
from app.writing.profiles import CAPABLE, SMALL
from ingest.errors import ModelError
from ingest.index import Index
from tests.app.small_world import DOCUMENTS, ScriptedModel, engine_on, indexed
from tests.servers import OllamaSpeaker, OllamaTag, OpenAISpeaker, Script

BLUE = "The sky is blue because air scatters blue light."
WHY_BLUE = "Why is the sky blue?"
TAGS = [
    OllamaTag("qwen2.5:3b"),
    OllamaTag("llama3.1:8b", parameter_size="8.0B"),
    OllamaTag("nomic", capabilities=("embedding",)),
    OllamaTag("big:cloud", remote_host="https://ollama.com:443"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("small"), DOCUMENTS)


@pytest.fixture
def server() -> Iterator[OllamaSpeaker]:
    with OllamaSpeaker(TAGS, Script([BLUE])) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: OllamaSpeaker) -> Settings:
    return Settings(home=tmp_path, ollama_url=server.url)


def speakers_of(index: Index, settings: Settings, model: Any = None, **how: Any) -> Speakers:
    return Speakers(engine_on(index, model), settings, **how)


def names(speakers: Speakers) -> dict[str, list[str]]:
    return {place.name: [each.name for each in place.models] for place in speakers.at_hand()}


def test_the_models_at_hand_are_those_built_in_ollama_s_and_another_server_s(
    index: Index, settings: Settings
) -> None:
    with OpenAISpeaker(["phi", "qwen"]) as other:
        speakers = speakers_of(index, settings.model_copy(update={"openai_url": other.url}))
        found = speakers.at_hand()
        assert names(speakers) == {
            "Built in": ["Qwen2.5 Coder 1.5B", "Qwen2.5 Coder 0.5B", "No model"],
            "Ollama": ["qwen2.5:3b", "llama3.1:8b", "big:cloud"],
            "Another server": ["phi", "qwen"],
        }
    facts = found[1].models[0].facts
    assert facts == ("3.1B parameters", "1.9 GB", "Q4_K_M", "reads about 25,000 words at once")
    assert found[1].models[2].facts[-1] == "runs at https://ollama.com:443"


def test_without_servers_the_panel_says_so_and_the_built_in_ones_stay(
    index: Index, tmp_path: Path
) -> None:
    nobody = "http://127.0.0.1:9"
    speakers = speakers_of(index, Settings(home=tmp_path, ollama_url=nobody, openai_url=nobody))
    built_in, *others = speakers.at_hand()
    assert built_in.models
    assert [each.problem for each in others] == [
        f"No model server was found at {nobody}.",
        f"No model server was found at {nobody}/v1.",
    ]


def test_a_chosen_model_writes_from_the_next_answer_on_and_the_answer_says_so(
    index: Index, settings: Settings
) -> None:
    speakers = speakers_of(index, settings)
    assert speakers.engine_of("").answer(WHY_BLUE).model == "none"
    speakers.choose("", "ollama:llama3.1:8b")
    answer = speakers.engine_of("").answer(WHY_BLUE)
    assert (answer.model, answer.prose_first) == ("llama3.1:8b", True)
    assert [each.text for each in answer.prose] == [BLUE]
    speakers.choose("", "ollama:qwen2.5:3b")
    answer = speakers.engine_of("").answer(WHY_BLUE)
    assert (answer.model, answer.prose_first) == ("qwen2.5:3b", False)
    speakers.close()


def test_the_answer_that_is_being_written_is_finished_by_its_model(
    index: Index, settings: Settings
) -> None:
    speakers = speakers_of(index, settings)
    speakers.choose("", "ollama:qwen2.5:3b")
    answers = speakers.engine_of("").stream(WHY_BLUE)
    next(answers)
    speakers.choose("", "ollama:llama3.1:8b")
    *_, last = answers
    assert (last.model, [each.text for each in last.prose]) == ("qwen2.5:3b", [BLUE])
    assert last.notices == ()
    speakers.close()


def test_a_model_that_nobody_uses_any_more_is_let_go(index: Index, settings: Settings) -> None:
    model = ScriptedModel()
    speakers = speakers_of(index, settings, model)
    speakers.choose("", "none")
    assert model.closed


def test_a_choice_outlasts_the_server_and_is_what_auto_means(
    index: Index, settings: Settings
) -> None:
    speakers = speakers_of(index, settings)
    speakers.choose("", "ollama:llama3.1:8b")
    speakers.close()
    _, choice = settled(settings)
    assert (choice.name, choice.why) == ("llama3.1:8b", CHOSEN)
    assert (settings.home / "chosen.json").stat().st_mode & 0o077 == 0
    _, named = settled(settings.model_copy(update={"model": "ollama:qwen2.5:3b"}))
    assert named.name == "qwen2.5:3b"


def test_a_choice_that_is_gone_is_said_and_replaced(
    settings: Settings, server: OllamaSpeaker
) -> None:
    Chosen(model="ollama:gone").write(settings.home)
    _, choice = settled(settings)
    assert choice.name == "qwen2.5:3b"
    assert "ollama:gone was chosen on the page, and is not there now" in choice.why


def test_a_model_that_is_not_listed_cannot_be_chosen(index: Index, settings: Settings) -> None:
    speakers = speakers_of(index, settings)
    for wish in ("ollama:nosuch", "ollama:nomic", "/etc/passwd.gguf", "openai:gpt"):
        with pytest.raises(ModelError, match=r"no model|cannot answer|needs the server"):
            speakers.choose("", wish)


def test_choosing_asks_the_chosen_model_s_server_alone(
    index: Index, settings: Settings, server: OllamaSpeaker
) -> None:
    with OpenAISpeaker(["phi"], Script([BLUE])) as other:
        speakers = speakers_of(index, settings.model_copy(update={"openai_url": other.url}))
        speakers.choose("", "ollama:qwen2.5:3b")
        assert other.requests == []
        assert len(server.asked("/api/show")) == 1
        asked = len(server.requests)
        speakers.choose("", "openai:phi")
        assert (len(server.requests), len(other.requests)) == (asked, 1)
        speakers.close()


def test_the_profile_can_be_set_and_follows_the_size_again(
    index: Index, settings: Settings
) -> None:
    speakers = speakers_of(index, settings)
    speakers.choose("", "ollama:qwen2.5:3b")
    assert speakers.profile("") == (SMALL.name, speakers.profile("")[1])
    assert "3.1 billion parameters" in speakers.profile("")[1]
    speakers.set_profile("capable")
    assert speakers.engine.profile == CAPABLE
    assert speakers.profile("")[0] == "capable"
    speakers.set_profile("auto")
    assert speakers.engine.profile == SMALL
    speakers.close()


def test_the_built_in_model_says_what_memory_it_takes(
    index: Index, settings: Settings, small_weights: Path
) -> None:
    speakers = speakers_of(index, settings.model_copy(update={"threads": 1}))
    speakers.choose("", "embedded:0.5b")
    model = speakers.engine.model
    assert model is not None
    assert 2e8 < model.memory < 3e9
    speakers.close()
    assert model.memory == 0


# -- Another server ------------------------------------------------------------------------------


def test_an_address_that_is_typed_lists_its_models_and_is_kept(
    index: Index, settings: Settings
) -> None:
    with OpenAISpeaker(["phi"]) as other:
        speakers = speakers_of(index, settings)
        speakers.connect(other.url.removeprefix("http://"))
        assert names(speakers)["Another server"] == ["phi"]
        speakers.choose("", "openai:phi")
        speakers.close()
        wanted, choice = settled(settings)
    assert choice.name == "phi"
    assert wanted.openai_url == f"{other.url}/v1"


@pytest.mark.parametrize(
    "typed",
    ["ftp://box", "http://", "http://me:secret@box", "file:///etc/passwd", "http://b:99999"],
)
def test_what_is_no_address_is_refused(index: Index, settings: Settings, typed: str) -> None:
    with pytest.raises(ModelError):
        speakers_of(index, settings).connect(typed)
    assert Chosen.read(settings.home) == Chosen()


def test_an_address_where_nothing_answers_is_not_kept(index: Index, settings: Settings) -> None:
    with pytest.raises(ModelError, match="No model server was found"):
        speakers_of(index, settings).connect("http://127.0.0.1:9")
    assert Chosen.read(settings.home) == Chosen()


def test_the_key_goes_to_the_server_that_is_set_and_to_no_other(
    index: Index, settings: Settings
) -> None:
    with OpenAISpeaker(["phi"]) as own, OpenAISpeaker(["other"]) as typed:
        both = {"openai_url": own.url, "openai_key": "sk-secret"}
        speakers = speakers_of(index, settings.model_copy(update=both))
        speakers.at_hand()
        speakers.connect(typed.url)
        speakers.choose("", "openai:other")
        speakers.close()
        sent = [request.headers.get("Authorization") for request in own.requests]
        assert sent == ["Bearer sk-secret"]
        assert not [each for each in typed.requests if "sk-secret" in str(each.headers)]
    assert "sk-secret" not in (settings.home / "chosen.json").read_text("utf-8")


# -- A page that others reach --------------------------------------------------------------------


def test_each_visitor_of_an_open_page_chooses_for_themselves(
    index: Index, settings: Settings
) -> None:
    speakers = speakers_of(index, settings, is_shared=True)
    assert names(speakers) == {"Ollama": ["qwen2.5:3b", "llama3.1:8b"]}
    speakers.choose("ann", "ollama:qwen2.5:3b")
    speakers.choose("bob", "ollama:llama3.1:8b")
    models = [speakers.engine_of(owner).model_choice.name for owner in ("ann", "bob", "eve")]
    assert models == ["qwen2.5:3b", "llama3.1:8b", "none"]
    assert Chosen.read(settings.home) == Chosen()
    speakers.close()


def test_visitors_of_an_open_page_cannot_point_the_server_anywhere(
    index: Index, settings: Settings, server: OllamaSpeaker
) -> None:
    speakers = speakers_of(index, settings, is_shared=True)
    for attempt in (
        lambda: speakers.connect(server.url),
        lambda: list(speakers.pull("qwen2.5:3b")),
        lambda: speakers.set_profile("capable"),
        lambda: speakers.choose("eve", "embedded:0.5b"),
        lambda: speakers.choose("eve", "ollama:big:cloud"),
    ):
        with pytest.raises(ModelError):
            attempt()
    assert server.asked("/api/pull") == []
    assert Chosen.read(settings.home) == Chosen()


def test_a_model_is_pulled_and_is_at_hand_then(
    index: Index, settings: Settings, server: OllamaSpeaker
) -> None:
    server.shelf["gemma3:4b"] = OllamaTag("gemma3:4b")
    speakers = speakers_of(index, settings)
    *_, last = speakers.pull(" gemma3:4b ")
    assert last == ollama.Pulled("success", 4000, 4000)
    assert "gemma3:4b" in names(speakers)["Ollama"]
