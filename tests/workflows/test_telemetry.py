"""What operators measure and trace: scraped from a real worker, and one trace to the append."""

import asyncio
import json
import re
import socket
import urllib.request
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
import temporalio
import yaml
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain.policy import Policy
from domain.project import OpenClearance
from domain.values import DossierKind, ProjectId
from office import door, tracing
from stack import home
from storage import queries, spans
from storage.record import Record
from tests.conftest import NewDatabase, envelope, tell
from tests.domain.story import (
    INVESTOR,
    PLANNING,
    PROJECT,
    REGISTER,
    ROAD,
    TO_CONTRACT,
    TOTAL,
    act,
    approve,
    submit,
)
from tests.workflows.conftest import DATA_CONVERTER, PATIENCE, Office
from worker import _runtime, record_worker, serve, workflow_worker

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).resolve().parent.parent.parent
SUBMIT = submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")
APPRAISE = approve(DossierKind.INVESTMENT_POLICY, "appraise", PLANNING, "2024-01-08")
SDK = b"".join(one.read_bytes() for one in Path(temporalio.__file__).parent.glob("bridge/*.so"))
ALERTS = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8"))
DASHBOARD = json.loads((ROOT / "deploy/grafana/ntm.json").read_text("utf-8"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def books(new_database: NewDatabase, policy: Policy) -> AsyncIterator[Record]:
    with new_database() as engine:
        yield Record(engine, policy)


def named(expression: str) -> set[str]:
    """The metrics that an expression asks for."""
    bare = re.sub(r"\{[^}]*\}", "", expression)
    return set(re.findall(r"\b(?:ntm|temporal)_[a-z_]+", bare))


ASKED_FOR = {
    *(rule["expr"] for group in ALERTS["groups"] for rule in group["rules"]),
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]),
}


async def test_one_trace_leads_from_the_command_to_the_append(
    real: WorkflowEnvironment, books: Record
) -> None:
    office = Office(env=real, record=books, project=ProjectId("TRACED"))
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    kept = InMemorySpanExporter()

    with tracing.traced("test", SimpleSpanProcessor(kept)) as tracer:
        client = Client(
            real.client.service_client,
            namespace=real.client.namespace,
            data_converter=DATA_CONVERTER,
            interceptors=door.interceptors(),
        )
        async with workflow_worker(client), record_worker(client, books):
            await office.start()
            with tracer.start_as_current_span("ntm approve"):
                asked = envelope(APPRAISE, "d-traced", office.project)
                await door.ask(client, asked, PATIENCE)
            await office.close()

    command = next(span for span in kept.get_finished_spans() if span.name == "ntm approve")
    ours = [s for s in kept.get_finished_spans() if trace_of(s) == trace_of(command)]
    names = {span.context.span_id: span.name for span in ours if span.context}
    above = {span.name: names[span.parent.span_id] for span in ours if span.parent and span.name}
    assert above == {
        "update ask": "ntm approve",
        "ProjectLifecycle turn": "update ask",
        "activity record": "update ask",
        "decide": "activity record",
        "append": "decide",
    }
    (update,) = [span for span in ours if span.name == "update ask"]
    assert update.attributes == {
        "ntm.stream": office.stream(),
        "ntm.decision_id": "d-traced",
        "ntm.command": "ApproveStep",
    }
    assert not spans.is_on()


def trace_of(span: ReadableSpan) -> int:
    assert span.context is not None
    return int(span.context.trace_id)


async def test_what_alerts_and_dashboard_ask_for_is_what_a_worker_tells(
    real: WorkflowEnvironment, books: Record, tmp_path: Path
) -> None:
    office = Office(env=real, record=books, project=ProjectId("MEASURED"))
    await office.at("2024-03-20")
    tell(books, *TO_CONTRACT, project=office.project)
    home.prepare(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    runtime = _runtime(address)
    client = await Client.connect(
        real.client.service_client.config.target_host,
        namespace=real.client.namespace,
        data_converter=DATA_CONVERTER,
        runtime=runtime,
    )
    recorded, stop = queries.signed(books.engine).events, asyncio.Event()
    serving = asyncio.create_task(serve(client, books.engine, tmp_path, stop, runtime.metric_meter))
    try:
        await office.start()
        await office.tell((PROJECT, OpenClearance(section=ROAD), act(INVESTOR, "2024-03-18")))
        told = await scraped(address, "ntm_case_history_events_count", "ntm_reconcile_differences")
    finally:
        stop.set()
        await serving
        await office.close()

    wanted = set().union(*map(named, ASKED_FOR))
    assert len(wanted) > 10
    absent = wanted - {line.split("{")[0] for line in told}
    # A library says that something failed when it has.
    assert absent <= {"temporal_workflow_task_execution_failed"}
    assert all(name.removeprefix("temporal_").encode() in SDK for name in absent)

    figures = {re.sub(r',?service_name="[^"]*"', "", one): float(n) for one, n in told.items()}
    assert figures['ntm_inbox_waits{role="investor"}'] >= 1
    assert figures["ntm_record_events{}"] >= recorded > 0
    assert figures["ntm_record_restored{}"] == 0
    assert figures['ntm_escalations_open{rung="1"}'] == 0


async def scraped(address: str, *names: str) -> dict[str, str]:
    """What a worker tells, once it tells of these too: each series with its value."""
    for _ in range(400):
        with suppress(OSError):
            answer = await asyncio.to_thread(_fetched, f"http://{address}/metrics")
            lines = (line.rpartition(" ") for line in answer.splitlines() if line[:1] != "#")
            told = {series: value for series, _, value in lines}
            if all(any(one.startswith(name) for one in told) for name in names):
                return told
        await asyncio.sleep(0.05)
    raise AssertionError(f"{names} were not told")


def _fetched(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        text: str = answer.read().decode()
    return text
