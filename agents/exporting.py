"""Where telemetry goes when the command line sends it: to a collector, or onto standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from brigade.agents.telemetry import TelemetryMissing

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

SECONDS = 10.0
"""Between two exports of metrics."""


def providers(kind: str) -> tuple[TracerProvider, MeterProvider]:
    """Providers that export to a collector (`otlp`) or to standard error (`console`).

    Raises:
        TelemetryMissing: the SDK or the exporter is not installed.
    """
    try:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, PeriodicExportingMetricReader
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

        about = Resource.create({"service.name": "brigade"})
        tracers = TracerProvider(resource=about)
        if kind == "console":
            tracers.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(out=sys.stderr)))
            reader = PeriodicExportingMetricReader(ConsoleMetricExporter(out=sys.stderr), SECONDS * 1000)
        else:
            from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

            tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
            reader = PeriodicExportingMetricReader(OTLPMetricExporter(), SECONDS * 1000)
    except ImportError as error:
        raise TelemetryMissing(
            f"telemetry: {error.name} is not installed; pip install 'brigade-agents[telemetry]'"
        ) from None
    return tracers, MeterProvider([reader], resource=about)
