"""What a real collector on this machine is told, over OTLP."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from mcp import Client
from opentelemetry.proto.collector.metrics.v1 import (
    metrics_service_pb2,
    metrics_service_pb2_grpc,
)
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from app.api.mcp import Agents
from app.api.services import Services
from app.engine import Engine
from app.library import Library
from app.page.uploads import Uploads
from app.settings import Settings
from app.telemetry import Telemetry, _providers, observer_of
from ingest.index import Index
from tests.app.small_world import DOCUMENTS, ScriptedModel, engine_on, indexed
from tests.loops import awaited

SALT = "Seawater holds 35 grams of salt per litre."
HOW_SALTY = "How many grams of salt does seawater hold per litre?"


@dataclass
class Collector(
    trace_service_pb2_grpc.TraceServiceServicer, metrics_service_pb2_grpc.MetricsServiceServicer
):
    """Keeps what it is told; both services call it by the same name."""

    url: str = ""
    told: list[Any] = field(default_factory=list)

    def Export(self, request: Any, context: Any) -> Any:
        self.told.append(request)
        if isinstance(request, trace_service_pb2.ExportTraceServiceRequest):
            return trace_service_pb2.ExportTraceServiceResponse()
        return metrics_service_pb2.ExportMetricsServiceResponse()

    def all_spans(self) -> list[tuple[str, Any]]:
        return [
            (span.name, span)
            for request in self.told if hasattr(request, "resource_spans")
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]  # fmt: skip

    def spans(self) -> dict[str, dict[str, Any]]:
        return {
            name: {
                "": span, **{a.key: getattr(a.value, a.value.WhichOneof("value"))
                             for a in span.attributes}}
            for name, span in self.all_spans()
        }  # fmt: skip

    def metrics(self) -> set[str]:
        return {
            metric.name
            for request in self.told if hasattr(request, "resource_metrics")
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }  # fmt: skip


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = grpc.server(ThreadPoolExecutor(2))
    collector = Collector()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(collector, server)
    collector.url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield collector
    server.stop(None)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("told"), DOCUMENTS)


@contextmanager
def telling(index: Index, url: str, with_texts: bool) -> Iterator[Engine]:
    """An engine whose work is told of, and all of it sent at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("opentelemetry.trace.set_tracer_provider", lambda provider: None)
        traces, metrics = _providers(url)
        # As the MCP server's own spans go, where the provider is the process's.
        patch.setattr("mcp.shared._otel._tracer", traces.get_tracer("mcp"))
        engine = engine_on(index, ScriptedModel(SALT, SALT))
        yield replace(engine, observer=Telemetry(traces, metrics, with_texts))
    traces.shutdown()
    metrics.shutdown()


def tell(index: Index, url: str, with_texts: bool) -> None:
    with telling(index, url, with_texts) as engine:
        engine.answer(HOW_SALTY)


def test_an_answer_is_told_as_spans_and_metrics_without_its_words(
    index: Index, collector: Collector
) -> None:
    tell(index, collector.url, with_texts=False)
    spans = collector.spans()
    assert set(spans) == {"invoke_agent footnote", "retrieval footnote", "chat scripted"}
    assert {each["gen_ai.operation.name"] for each in spans.values()} == {
        "invoke_agent", "retrieval", "chat"
    }  # fmt: skip
    whole = spans["invoke_agent footnote"][""]
    for name in ("retrieval footnote", "chat scripted"):
        part = spans[name][""]
        assert part.parent_span_id == whole.span_id
        assert whole.start_time_unix_nano <= part.start_time_unix_nano
        assert part.end_time_unix_nano <= whole.end_time_unix_nano
    assert spans["chat scripted"]["gen_ai.usage.input_tokens"] == 11
    assert collector.metrics() == {
        "gen_ai.client.operation.duration", "gen_ai.client.token.usage"
    }  # fmt: skip
    told = str(collector.told)
    assert "salt" not in told
    assert "sea.md" not in told


def test_searches_checks_and_tools_are_told_without_their_words(
    index: Index, collector: Collector, tmp_path: Path
) -> None:
    async def use(services: Services) -> None:
        async with Client(Agents(services)) as client:
            await client.call_tool("ask", {"question": HOW_SALTY})
            await client.call_tool("search", {"query": "salt per litre"})
            await client.call_tool("check", {"text": f"{SALT} Whales play chess."})
            await client.call_tool("read", {"document": "secret salt.md"})

    with telling(index, collector.url, with_texts=False) as engine:
        home = index.folder.parent
        services = Services.over(engine, Library(home, index), Uploads(home), home)
        awaited(use(services))
        services.uploads.close()
    spans = collector.spans()
    tools = {f"tools/call {each}" for each in ("ask", "search", "check", "read")}
    assert tools | {"retrieval footnote", "check footnote"} <= spans.keys()
    assert spans["tools/call check"]["gen_ai.operation.name"] == "execute_tool"
    for tool, own in [("search", "retrieval"), ("check", "check"), ("ask", "invoke_agent")]:
        found = [
            span for name, span in collector.all_spans() if name == f"{own} footnote"
            and span.parent_span_id == spans[f"tools/call {tool}"][""].span_id
        ]  # fmt: skip
        assert found, tool
    assert spans["check footnote"]["footnote.share"] == 0.5
    told = str(collector.told).lower()
    assert "salt" not in told
    assert "whales" not in told


def test_words_are_told_where_that_is_asked_for(index: Index, collector: Collector) -> None:
    tell(index, collector.url, with_texts=True)
    spans = collector.spans()
    assert spans["retrieval footnote"]["gen_ai.retrieval.query.text"] == HOW_SALTY
    assert SALT in spans["invoke_agent footnote"]["gen_ai.output.messages"]


def test_without_an_address_nothing_is_measured(tmp_path: Path) -> None:
    assert not isinstance(observer_of(Settings(home=tmp_path)), Telemetry)
