"""What answering, searching and checking took, as OpenTelemetry names it for generative AI.

Nothing is measured or sent before a collector is named, and no words of questions or documents
before they are asked for.
"""

import json
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from app.answer import Answer
from app.checking.checked_text import CheckedText
from app.search.record import Searched

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

    from app.settings import Settings

_NAME = "footnote"
_PATIENCE_S = 5
_MS = 1_000_000  # nanoseconds


class Observer:
    """Hears of what is finished now, and tells nobody."""

    def answered(self, answer: Answer) -> None: ...
    def searched(self, found: Searched) -> None: ...
    def checked(self, checked: CheckedText) -> None: ...


def observer_of(settings: "Settings") -> Observer:
    """Return what tells a collector of what is finished, where one is named."""
    if not settings.telemetry_url:
        return Observer()
    return Telemetry(*_providers(settings.telemetry_url), settings.telemetry_texts)


class Telemetry(Observer):
    """Tells of each answer by a span for all of it, one for the search, one for the model.

    A search alone and a check are a span each. The MCP server tells of its tools itself.
    """

    def __init__(
        self, traces: "TracerProvider", metrics: "MeterProvider", with_texts: bool
    ) -> None:
        self._tracer = traces.get_tracer(_NAME)
        meter = metrics.get_meter(_NAME)
        self._durations = meter.create_histogram("gen_ai.client.operation.duration", "s")
        self._tokens = meter.create_histogram("gen_ai.client.token.usage", "{token}")
        self._with_texts = with_texts

    def searched(self, found: Searched) -> None:
        """Tell of a search."""
        attributes = {
            **self._of_search(found.searched_for),
            "footnote.passages": len(found.passages),
        }
        self._alone(f"retrieval {_NAME}", found.milliseconds, attributes)

    def checked(self, checked: CheckedText) -> None:
        """Tell of a text that was held against the documents."""
        attributes = {
            **_operation("check"),
            "footnote.sentences": len(checked.sentences),
            "footnote.share": checked.share,
        }
        if self._with_texts:
            attributes["gen_ai.input.messages"] = _message("user", checked.text)
        self._alone(f"check {_NAME}", checked.milliseconds, attributes)

    def _alone(self, name: str, took: float, attributes: dict[str, Any]) -> None:
        """Tell of what is finished now and took so many milliseconds, in whatever span we are."""
        now = time.time_ns()
        span = self._tracer.start_span(
            name, start_time=now - int(took * _MS), attributes=attributes
        )
        span.end(now)
        self._durations.record(took / 1000, _measured(attributes))

    def _of_search(self, words: str) -> dict[str, Any]:
        attributes = {**_operation("retrieval"), "gen_ai.data_source.id": _NAME}
        if self._with_texts:
            attributes["gen_ai.retrieval.query.text"] = words
        return attributes

    def answered(self, answer: Answer) -> None:
        """Tell of an answer."""
        from opentelemetry.trace import set_span_in_context

        took = answer.timings
        total = took.get("total_ms") or 0.0
        began = time.time_ns() - int(total * _MS)
        whole = self._tracer.start_span(
            f"invoke_agent {_NAME}", start_time=began, attributes=self._of_answer(answer)
        )
        self._durations.record(total / 1000, _operation("invoke_agent"))
        within = set_span_in_context(whole)

        def part(name: str, start: float, end: float, attributes: dict[str, Any]) -> None:
            first, last = began + int(start * _MS), began + int(end * _MS)
            span = self._tracer.start_span(name, within, start_time=first, attributes=attributes)
            span.end(last)
            self._durations.record((end - start) / 1000, _measured(attributes))

        searched, quoted = took.get("retrieve_ms"), took.get("quotes_ms")
        if searched is not None:
            part(f"retrieval {_NAME}", 0.0, searched, self._of_search(answer.searched_for))
        if answer.tokens.get("prompt"):
            part(f"chat {answer.model}", quoted or 0.0, total, self._of_model(answer))
        whole.end(began + int(total * _MS))

    def _of_answer(self, answer: Answer) -> dict[str, Any]:
        attributes = {
            **_operation("invoke_agent"),
            "gen_ai.agent.name": _NAME,
            "gen_ai.response.id": answer.id,
            "footnote.outcome": answer.outcome,
            "footnote.quotes": len(answer.quotes),
            "footnote.withheld": len(answer.withheld),
        }
        if self._with_texts:
            attributes["gen_ai.input.messages"] = _message("user", answer.question)
            attributes["gen_ai.output.messages"] = _message("assistant", answer.text)
        return attributes

    def _of_model(self, answer: Answer) -> dict[str, Any]:
        chat = {**_operation("chat"), "gen_ai.request.model": answer.model}
        read, written = answer.tokens["prompt"], answer.tokens["answer"]
        self._tokens.record(read, {**chat, "gen_ai.token.type": "input"})
        self._tokens.record(written, {**chat, "gen_ai.token.type": "output"})
        return {
            **chat,
            "gen_ai.usage.input_tokens": read,
            "gen_ai.usage.output_tokens": written,
        }


def _operation(name: str) -> dict[str, Any]:
    return {"gen_ai.operation.name": name}


def _measured(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return what durations are told apart by: few values, and no words."""
    names = ("gen_ai.operation.name", "gen_ai.request.model")
    return {name: attributes[name] for name in names if name in attributes}


def _message(role: str, words: str) -> str:
    part = {"type": "text", "content": words}
    return json.dumps([{"role": role, "parts": [part]}], ensure_ascii=False)


@cache
def _providers(url: str) -> "tuple[TracerProvider, MeterProvider]":
    """Return what sends to a collector, OTLP over gRPC; what is left is sent when we end."""
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": _NAME})
    traces = TracerProvider(resource=resource)
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url, timeout=_PATIENCE_S)))
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(url, timeout=_PATIENCE_S))
    trace.set_tracer_provider(traces)  # for those who trace by themselves, as the MCP server does
    return traces, MeterProvider([reader], resource)
