"""The official MCP client against Footnote, over HTTP and over standard input and output."""

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from app.api.mcp import LONGEST_READ, Agents, uri_of
from tests.app.api.conftest import Served, served
from tests.app.small_world import DOCUMENTS, ScriptedModel, write_documents
from tests.loops import awaited
from tests.servers import Mishap, OpenAISpeaker

ROOT = Path(__file__).parents[3]
SALT = "Seawater holds 35 grams of salt per litre."
HOW_SALTY = "How many grams of salt does seawater hold per litre?"
TOOLS = ["add", "ask", "check", "list_documents", "read", "search"]


def stdio(place: Path, *options: str, **settings: str) -> Any:
    """A `footnote mcp` of its own, with vectors that count words."""
    corpus = write_documents(place / "corpus", DOCUMENTS)
    return stdio_client(
        StdioServerParameters(
            command=sys.executable,
            args=["-m", "tests.security.page_process", "mcp", "--model", "none", *options],
            env={
                **os.environ,
                "FOOTNOTE_HOME": str(place / "home"),
                "FOOTNOTE_CORPUS": str(corpus),
                **settings,
            },
            cwd=str(ROOT),
        )
    )


async def structured(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


async def use_everything(client: Client) -> None:
    """Every tool, resources and prompts, as a good agent uses them."""
    tools = (await client.list_tools()).tools
    assert sorted(tool.name for tool in tools) == TOOLS
    for tool in tools:
        assert tool.output_schema, tool.name
        assert tool.description is not None
        assert len(tool.description) < 120, tool.name

    asked = await structured(client, "ask", question=HOW_SALTY)
    assert asked["outcome"] != "refused"
    [quote, *_] = asked["quotes"]
    assert quote["quote"] == SALT
    assert f"[{quote['marker']}]" in asked["answer"]
    [content] = (await client.read_resource(quote["uri"])).contents
    assert content.text == SALT  # type: ignore[union-attr]

    whole = await structured(client, "read", document="sea.md")
    assert whole["text"][quote["start"] : quote["end"]] == SALT
    part = await structured(
        client, "read", document="sea.md", start=quote["start"], end=quote["end"]
    )
    assert part["text"] == SALT
    found = await structured(client, "search", query="salt per litre", top=1)
    assert [each["document"] for each in found["passages"]] == ["sea.md"]
    checked = await structured(client, "check", text=f"{SALT} Whales play chess on Sundays.")
    assert [each["finding"] for each in checked["sentences"]] == ["supported", "not said"]
    listed = await structured(client, "list_documents")
    assert {each["document"] for each in listed["documents"]} >= set(DOCUMENTS)

    resources = (await client.list_resources()).resources
    assert uri_of("sea.md") in [each.uri for each in resources]
    [text] = (await client.read_resource(uri_of("sea.md"))).contents
    assert text.text == whole["text"]  # type: ignore[union-attr]
    prompts = [each.name for each in (await client.list_prompts()).prompts]
    assert prompts == ["answer_only_from_these_documents", "check_this_draft"]
    prompt = await client.get_prompt(prompts[1], {"draft": "Whales play chess."})
    assert "Whales play chess." in prompt.messages[0].content.text  # type: ignore[union-attr]


async def attack_everything(client: Client) -> None:
    """A hostile argument for each tool is an error that says why, and the server goes on."""
    for tool, arguments in [
        ("ask", {"question": "x" * 4001}),
        ("ask", {"question": HOW_SALTY, "collection": "../../etc"}),
        ("ask", {"question": {"$ne": None}}),
        ("search", {"query": "salt", "top": 10**9}),
        ("search", {"query": ""}),
        ("check", {"text": ["not", "a", "text"]}),
        ("check", {"text": "x" * 200_001}),
        ("read", {"document": "../../../../etc/passwd"}),
        ("read", {"document": "/etc/passwd"}),
        ("read", {"document": "sea.md", "start": -1}),
        ("list_documents", {"containing": "x" * 301}),
        ("add", {"name": "../../escaped.md", "text": "# Out"}),
        ("add", {"name": "/tmp/escaped.md", "text": "# Out"}),
        ("add", {"name": "program.exe", "text": "MZ"}),
        ("add", {"name": "a\x00b.md", "text": "# Out"}),
        ("no_such_tool", {}),
    ]:
        result = await client.call_tool(tool, arguments)
        assert result.is_error, (tool, str(arguments)[:60])
        assert "Traceback" not in str(result.content)
        assert str(ROOT) not in str(result.content)
    for uri in ("file:///etc/passwd", "footnote:///documents/..%2F..%2Fetc%2Fpasswd"):
        with pytest.raises(Exception, match=r"nknown|no document"):
            await client.read_resource(uri)
    far = await structured(client, "read", document="sea.md", start=10**12)
    assert far["text"] == ""
    odd = await structured(client, "search", query="') OR 1=1 -- \" * NEAR( \\ud800")
    assert isinstance(odd["passages"], list)


def test_every_tool_over_http(api: Served) -> None:
    async def run() -> None:
        async with Client(f"{api.url}/mcp") as client:
            await use_everything(client)
            await attack_everything(client)

    awaited(run())


def test_every_tool_over_standard_input_and_output(tmp_path: Path) -> None:
    async def run() -> None:
        async with Client(stdio(tmp_path)) as client:
            await use_everything(client)
            await attack_everything(client)
            added = await structured(client, "add", name="tea.md", text="# Tea\n\nTea steeps.\n")
            assert (added["document"], added["action"]) == ("tea.md", "added")
            assert (await structured(client, "read", document="tea.md"))["title"] == "Tea"

    awaited(run())
    assert not list(tmp_path.rglob("escaped*"))


def test_progress_is_told_and_every_quote_is_a_link(api: Served) -> None:
    told: list[float] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append(progress)

    async def run() -> list[str]:
        async with Client(f"{api.url}/mcp") as client:
            asked = {"question": HOW_SALTY}
            result = await client.call_tool("ask", asked, progress_callback=note)
            return [each.uri for each in result.content if each.type == "resource_link"]

    links = awaited(run())
    assert links
    assert all(link.startswith("footnote:///documents/") for link in links)
    assert told


async def ask_and_cancel(client: Client, is_stopped: Callable[[], bool]) -> None:
    """A question that is cancelled in the middle of its answer; the client goes on."""
    begun = anyio.Event()

    async def note(progress: float, total: float | None, message: str | None) -> None:
        if progress:
            begun.set()

    async with anyio.create_task_group() as tasks:
        asked = {"question": HOW_SALTY}
        tasks.start_soon(partial(client.call_tool, "ask", asked, progress_callback=note))
        with anyio.fail_after(120):
            await begun.wait()
        assert not is_stopped()
        tasks.cancel_scope.cancel()
    with anyio.fail_after(60):
        while not is_stopped():
            await anyio.sleep(0.05)
    assert (await structured(client, "read", document="sea.md"))["text"]


@pytest.mark.parametrize("over", ["memory", "http"])
def test_an_agent_that_cancels_stops_the_model(over: str, tmp_path: Path) -> None:
    endless = ["Seawater holds 35 grams of salt per litre. "] + ["and so on "] * 1_000_000
    model = ScriptedModel(endless)
    with served(tmp_path, model=model) as api:

        async def run() -> None:
            door: Any = f"{api.url}/mcp" if over == "http" else Agents(api.services)
            async with Client(door) as client:
                await ask_and_cancel(client, lambda: model.generations[0].closed)

        awaited(run())


class Slow:
    """Says yes where one word is asked for, and else never ends."""

    status, prompt_tokens = 200, 11

    def answer(self, messages: Any, limit: int) -> Iterator[str | Mishap]:
        yield from ["yes"] if limit == 1 else [f"{SALT} ", "And so on, ", Mishap.SILENCE]


def test_an_agent_that_cancels_over_standard_input_stops_the_model(tmp_path: Path) -> None:
    with OpenAISpeaker(brain=Slow()) as server:
        door = stdio(tmp_path, "--model", "openai:qwen", FOOTNOTE_OPENAI_URL=f"{server.url}/v1")

        async def run() -> None:
            async with Client(door) as client:
                await ask_and_cancel(client, server.hung_up.is_set)

        awaited(run())


def test_what_a_collection_is_comes_back_with_its_hits(tmp_path: Path) -> None:
    with served(tmp_path) as api:
        context = "Measured in the North Sea; grams are rounded."
        put = api.http.put(
            "/api/v1/collections/Sea", json={"documents": ["sea.md"], "context": context}
        )
        assert put.status_code == 204

        async def run() -> None:
            async with Client(f"{api.url}/mcp") as client:
                for tool, arguments in [
                    ("ask", {"question": HOW_SALTY}),
                    ("search", {"query": "salt per litre"}),
                ]:
                    result = await client.call_tool(tool, arguments)
                    assert result.structured_content is not None
                    about = [{"collection": "Sea", "context": context}]
                    assert result.structured_content["contexts"] == about
                    assert context in result.content[0].text  # type: ignore[union-attr]
                kneading = await structured(client, "search", query="kneading dough", top=1)
                assert kneading["contexts"] == []
                [group] = [
                    each
                    for each in (await structured(client, "list_documents"))["collections"]
                    if each["collection"] == "Sea"
                ]
                assert group == {"collection": "Sea", "context": context, "documents": 1}

        awaited(run())
        found = api.http.post("/api/v1/search", json={"query": "salt per litre"}).json()
        assert found["contexts"] == {"Sea": context}
        [listed] = [
            each for each in api.http.get("/api/v1/collections").json() if each["name"] == "Sea"
        ]
        assert listed == {"name": "Sea", "documents": ["sea.md"], "context": context}
        assert api.http.put("/api/v1/collections/No", json={"context": "x"}).status_code == 404
        assert api.http.put("/api/v1/collections/Sea", json={}).status_code == 422


def test_a_model_that_reads_words_alone_is_told_what_is_not_borne_out(api: Served) -> None:
    async def run() -> str:
        async with Client(Agents(api.services)) as client:
            text = f"{SALT} Seawater holds 90 grams of salt per litre. Whales play chess."
            result = await client.call_tool("check", {"text": text})
            return result.content[0].text  # type: ignore[no-any-return, union-attr]

    said = awaited(run()).splitlines()
    assert said[0].startswith("1 of 3 sentences borne out")
    assert said[1:] == [
        "- Seawater holds 90 grams of salt per litre. (the documents contradict this: the passage "
        "says 35 grams, the sentence 90 grams) [1]",
        "- Whales play chess. (nothing here says so)",
        f"[1] “{SALT}” (The sea)",
    ]


def test_a_read_only_server_offers_no_tool_that_adds(api: Served) -> None:
    async def run() -> list[str]:
        async with Client(Agents(api.services, read_only=True)) as client:
            return sorted(tool.name for tool in (await client.list_tools()).tools)

    assert awaited(run()) == [tool for tool in TOOLS if tool != "add"]


def test_a_long_document_is_read_in_parts(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.api.mcp.LONGEST_READ", 10)
    assert LONGEST_READ > 10

    async def run() -> str:
        words, length = "", 1
        async with Client(Agents(api.services)) as client:
            while len(words) < length:
                part = await structured(client, "read", document="sea.md", start=len(words))
                words, length = words + part["text"], part["length"]
        return words

    assert awaited(run()) == DOCUMENTS["sea.md"]


def test_a_foreign_page_or_name_reaches_no_agent_s_door(api: Served) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    for header in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        assert api.http.post("/mcp", json=body, headers=header).status_code == 403
