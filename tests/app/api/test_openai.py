"""OpenAI's own client against a real server."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from app.answer import REFUSAL
from app.collections import Collections
from tests.app.api.conftest import Served, served
from tests.app.small_world import ScriptedModel

SALT = "Seawater holds 35 grams of salt per litre."
HOW_SALTY = "How many grams of salt does seawater hold per litre?"
ASKED: list[Any] = [
    {"role": "system", "content": "You are helpful."},
    {"role": "user", "content": HOW_SALTY},
]


def client_of(api: Served) -> openai.OpenAI:
    http = httpx.Client(trust_env=False)
    return openai.OpenAI(base_url=f"{api.url}/v1", api_key="none", max_retries=0, http_client=http)


@pytest.fixture(scope="module")
def client(api: Served) -> Iterator[openai.OpenAI]:
    with client_of(api) as client:
        yield client


def assert_cited(api: Served, text: str, annotations: Any) -> None:
    """Each annotation spans its marker in the text, and its link opens the quote in the reader."""
    assert annotations
    for each in annotations:
        cited = each["url_citation"]
        marker = text[cited["start_index"] : cited["end_index"]]
        assert marker.startswith("[")
        assert f"note={marker[1:-1]}" in cited["url"]
        page = api.http.get(cited["url"])
        assert page.status_code == 200
        assert "35 grams of salt" in page.text


def test_a_completion_has_quotes_and_citations_that_open_the_reader(
    api: Served, client: openai.OpenAI
) -> None:
    completion = client.chat.completions.create(model="footnote", messages=ASKED)
    message = completion.choices[0].message
    assert message.content is not None
    assert message.content.startswith(f"{SALT} [1]")
    assert completion.choices[0].finish_reason == "stop"
    assert message.annotations is not None
    assert_cited(api, message.content, [each.model_dump() for each in message.annotations])
    assert completion.model_dump()["footnote"]["citations"][0]["quote"] == SALT


def test_what_the_docs_show_runs_as_it_stands(
    api: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    docs = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
    [snippet] = re.findall(r"```python\n(from openai .*?)```", docs, re.DOTALL)
    question = "What do diffusion models struggle with?"
    assert question in snippet
    here = snippet.replace("http://127.0.0.1:7860", api.url).replace(question, HOW_SALTY)
    exec(compile(here, "docs/api.md", "exec"), {})
    said = capsys.readouterr().out
    assert said.startswith(f"{SALT} [1]")
    assert f"{api.url}/source?document=sea.md" in said


def test_a_stream_gives_the_same_words_and_indices_that_match_them(tmp_path: Path) -> None:
    with served(tmp_path, model=ScriptedModel(f"{SALT} It holds 90 grams.")) as api:
        with client_of(api) as client:
            stream = client.chat.completions.create(
                model="footnote", messages=ASKED, stream=True,
                stream_options={"include_usage": True},
            )  # fmt: skip
            *chunks, last = list(stream)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        notes = [
            note for chunk in chunks
            for note in (chunk.choices[0].delta.model_extra or {}).get("annotations", [])
        ]  # fmt: skip
        assert text.count(SALT) == 2  # the quote, and the model's own sentence
        assert "90" not in text
        assert chunks[-1].choices[0].finish_reason == "stop"
        assert last.usage is not None
        assert_cited(api, text, notes)


def test_anthropic_s_shape_comes_on_request(client: openai.OpenAI) -> None:
    shape = {"citations": "char_location"}
    completion = client.chat.completions.create(model="footnote", messages=ASKED, extra_body=shape)
    [cited, *_] = completion.model_dump()["choices"][0]["message"]["annotations"]
    assert cited["type"] == "char_location"
    assert cited["cited_text"] == SALT


def test_a_follow_up_and_parts_of_content_are_understood(client: openai.OpenAI) -> None:
    messages = [
        *ASKED,
        {"role": "assistant", "content": SALT},
        {"role": "user", "content": [{"type": "text", "text": "How long do bakers knead dough?"}]},
    ]
    completion = client.chat.completions.create(model="footnote", messages=messages)
    assert "ten minutes" in str(completion.choices[0].message.content)


def test_each_collection_is_a_model(api: Served, client: openai.OpenAI) -> None:
    Collections(api.services.home).put("Kitchen", ["bread.md"])
    assert {"footnote", "footnote:Kitchen"} <= {model.id for model in client.models.list()}
    assert client.models.retrieve("footnote:Kitchen").id == "footnote:Kitchen"
    completion = client.chat.completions.create(model="footnote:Kitchen", messages=ASKED)
    documents = {each["document"] for each in completion.model_dump()["footnote"]["passages"]}
    assert documents <= {"bread.md"}
    assert SALT not in str(completion.choices[0].message.content)


def test_a_refusal_is_said(client: openai.OpenAI) -> None:
    asked: list[Any] = [{"role": "user", "content": "Who invented the umbrella stand?"}]
    completion = client.chat.completions.create(model="footnote", messages=asked)
    assert str(completion.choices[0].message.content).startswith(REFUSAL)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"role": "assistant", "content": "Hello"}],
        [{"role": "user", "content": "  "}],
        [{"role": "user", "content": "x" * 4001}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "file:///x"}}]}],
    ],
)
def test_what_is_no_question_is_a_bad_request(client: openai.OpenAI, messages: list[Any]) -> None:
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="footnote", messages=messages)


def test_an_unknown_model_is_not_found(client: openai.OpenAI) -> None:
    for name in ("gpt-9", "footnote:Nowhere"):
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(model=name, messages=ASKED)
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve(name)


def test_a_fault_in_a_stream_is_an_error_of_the_client(
    client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.asking.MOST", 0)
    stream = client.chat.completions.create(model="footnote", messages=ASKED, stream=True)
    with pytest.raises(openai.APIError, match="Too many"):
        list(stream)
