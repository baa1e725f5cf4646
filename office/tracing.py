"""OpenTelemetry, if it is asked for: one trace from a command line to the append.

`OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, or `NTM_TRACE` a file that takes a span a line.
Without either nothing here is imported. Spans carry ids and counts, never what a command says.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opentelemetry import propagate
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, Tracer, get_current_span
from temporalio import activity, client, worker
from temporalio.converter import PayloadConverter

from domain.streams import Envelope
from storage import spans
from workflows.tracing import HEADER, Carrying

*_ENDPOINTS, _FILE = spans.WANTED_BY
_JSON = PayloadConverter.default
_EXIT_TAKES = 2.0
"""Seconds that a collector may take; a command must not wait longer for one that is away."""


class NoPlace(Exception):
    """The file for spans cannot be written."""


class Tracing(client.Interceptor, worker.Interceptor):
    """Traces what is sent to a case and the activity that records it; see `workflows.tracing`."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def intercept_client(self, next: client.OutboundInterceptor) -> client.OutboundInterceptor:  # noqa: A002  # as the SDK declares it
        return _Sending(next, self._tracer)

    def intercept_activity(
        self,
        next: worker.ActivityInboundInterceptor,  # noqa: A002  # as the SDK declares it
    ) -> worker.ActivityInboundInterceptor:
        return _Recording(next, self._tracer)

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002, ARG002  # as the SDK declares it
    ) -> type[Carrying]:
        return Carrying


class _Sending(client.OutboundInterceptor):
    def __init__(self, following: client.OutboundInterceptor, tracer: Tracer) -> None:
        super().__init__(following)
        self._tracer = tracer

    async def start_workflow_update(
        self,
        input: client.StartWorkflowUpdateInput,  # noqa: A002  # as the SDK declares it
    ) -> client.WorkflowUpdateHandle[Any]:
        with _span(self._tracer, f"update {input.update}", SpanKind.CLIENT, _about(input)):
            input.headers = {**input.headers, **_header()}
            return await super().start_workflow_update(input)

    async def signal_workflow(self, input: client.SignalWorkflowInput) -> None:  # noqa: A002  # as the SDK declares it
        with _span(self._tracer, f"signal {input.signal}", SpanKind.CLIENT, _about(input)):
            input.headers = {**input.headers, **_header()}
            await super().signal_workflow(input)


class _Recording(worker.ActivityInboundInterceptor):
    def __init__(self, following: worker.ActivityInboundInterceptor, tracer: Tracer) -> None:
        super().__init__(following)
        self._tracer = tracer

    async def execute_activity(self, input: worker.ExecuteActivityInput) -> Any:  # noqa: A002, ANN401  # as the SDK declares it
        """Each command's wait for its turn, and the activity in the trace of the first of them."""
        header = input.headers.get(HEADER)
        told = _JSON.from_payloads([header])[0] if header else []
        info, began = activity.info(), time.time_ns()
        about: dict[str, str | int] = {
            "ntm.stream": info.workflow_id or "",
            "ntm.attempt": info.attempt,
        }
        waited: list[Context] = []
        for one in told:
            context = propagate.extract(one["carrier"])
            if info.attempt == 1:
                turn = self._tracer.start_span(
                    f"{info.workflow_type} turn",
                    context,
                    attributes=about,
                    start_time=min(one["asked_at"], began),
                )
                turn.end(began)
            waited.append(context)
        links = [Link(get_current_span(context).get_span_context()) for context in waited[1:]]
        parent = waited[0] if waited else None
        name = f"activity {info.activity_type}"
        with _span(self._tracer, name, SpanKind.CONSUMER, about, parent, links):
            return await super().execute_activity(input)


def interceptors() -> list[Tracing]:
    """For clients, whose workers inherit them; none while nobody traces."""
    return [Tracing(spans.tracer())] if spans.is_on() else []


@contextmanager
def traced(service: str, *processors: SpanProcessor) -> Iterator[Tracer]:
    """Trace what this program does, until it ends, and hand over its last spans."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": service}), shutdown_on_exit=False
    )
    for processor in processors or _processors():
        provider.add_span_processor(processor)
    tracer = provider.get_tracer("ntm")
    spans.follow(tracer)
    try:
        yield tracer
    finally:
        spans.leave()
        provider.force_flush(int(1000 * _EXIT_TAKES))
        provider.shutdown()


@contextmanager
def command(name: str) -> Iterator[None]:
    """One command line, from its start to its answer: by its name, without its arguments."""
    with traced("ntm"), spans.span(f"ntm {name}".strip()):
        yield


def _processors() -> Iterator[SpanProcessor]:
    if file := os.environ.get(_FILE):
        try:
            out = Path(file).open("a", encoding="utf-8")  # noqa: SIM115  # for as long as we live
        except OSError as error:
            raise NoPlace(f"{_FILE}: {file}: {error.strerror}") from None
        yield SimpleSpanProcessor(ConsoleSpanExporter(out=out, formatter=_line))
    if any(os.environ.get(name) for name in _ENDPOINTS):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        # What could not be exported is said once, by the exporter's last line.
        logging.getLogger("opentelemetry.exporter").setLevel(logging.ERROR)
        yield BatchSpanProcessor(OTLPSpanExporter(timeout=_EXIT_TAKES))


def _line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"


@contextmanager
def _span(  # what a span is made of
    tracer: Tracer,
    name: str,
    kind: SpanKind,
    about: dict[str, str | int],
    parent: Context | None = None,
    links: list[Link] | None = None,
) -> Iterator[None]:
    """A span that says that it failed, and how; not in which words, for they may quote."""
    with tracer.start_as_current_span(
        name,
        parent,
        kind,
        about,
        links,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except Exception as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def _header() -> dict[str, Any]:
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return {HEADER: _JSON.to_payloads([carrier])[0]}


def _about(
    input: client.StartWorkflowUpdateInput | client.SignalWorkflowInput,  # noqa: A002  # as the SDK calls it
) -> dict[str, str | int]:
    about: dict[str, str | int] = {"ntm.stream": input.id}
    if input.args and isinstance(input.args[0], Envelope):
        about["ntm.decision_id"] = input.args[0].decision_id
        about["ntm.command"] = input.args[0].command.kind
    return about
