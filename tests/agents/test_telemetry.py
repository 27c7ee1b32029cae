"""Telemetry says how many, how long and by which route, and never what anybody said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from brigade.agents import telemetry
from brigade.agents.graph import AssistantContext, assistant
from killing import office_in
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from server import Behaviour, serving


@dataclass
class Seen:
    spans: InMemorySpanExporter
    metrics: InMemoryMetricReader

    def all(self) -> str:
        """Everything that was exported, as text."""
        data = self.metrics.get_metrics_data()
        told = "".join(each.to_json() for each in self.spans.get_finished_spans())
        return told + (data.to_json() if data else "")

    def sums(self, name: str) -> dict[Any, float]:
        """A counter's values by their attributes."""
        data = self.metrics.get_metrics_data()
        assert data is not None
        points = [
            point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]
        return {tuple(sorted((point.attributes or {}).values())): point.value for point in points}  # type: ignore[union-attr]


@pytest.fixture
def seen() -> Iterator[Seen]:
    spans, metrics = InMemorySpanExporter(), InMemoryMetricReader()
    tracers = TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    telemetry.enable(tracers, MeterProvider([metrics]))
    yield Seen(spans, metrics)
    telemetry.disable()


async def ask(folder: Path, question: str) -> None:
    with serving(Behaviour(text="Dear <PERSON_1>")) as url:
        await assistant.ainvoke({"question": question}, context=AssistantContext(office=office_in(folder, url)))


async def test_a_request_is_told_by_numbers_and_words_of_ours(seen: Seen, tmp_path: Path) -> None:
    await ask(tmp_path, "I am Marta Kowalczyk, write to bob@example.com about the flower show of next week, please")
    assert {each.name for each in seen.spans.get_finished_spans()} >= {"brigade.assistant.answer"}
    assert seen.sums("brigade.requests") == {("done", "redact"): 1}
    assert seen.sums("brigade.leaks_prevented") == {("PERSON",): 1, ("EMAIL",): 1}
    told = seen.all()
    for private in ("Marta", "Kowalczyk", "bob@", "flower", str(tmp_path)):
        assert private not in told


def test_what_is_not_of_our_vocabulary_is_dropped(seen: Seen) -> None:
    with (
        pytest.raises(ValueError, match="secret"),
        telemetry.span("brigade.test", route="Marta", error="a b", words=3),
    ):
        raise ValueError("secret text")
    telemetry.count("brigade.test", kind="Marta Kowalczyk", question="what?")
    told = seen.all()
    assert "Marta" not in told
    assert "secret" not in told
    assert "what?" not in told
    (span,) = seen.spans.get_finished_spans()
    assert dict(span.attributes or {}) == {"brigade.words": 3, "brigade.error": "ValueError"}


async def test_nothing_is_measured_unless_it_is_asked_for(tmp_path: Path) -> None:
    with telemetry.span("brigade.test"):
        telemetry.count("brigade.test")
    assert telemetry._active is None


def test_an_unknown_exporter_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIGADE_TELEMETRY", "pigeon")
    with pytest.raises(telemetry.TelemetryMissing, match="known are otlp, console, off"):
        telemetry.enable_from_environment()
