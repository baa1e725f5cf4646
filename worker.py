"""One worker process: the only place where client, record, workflows and activities meet."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.common import MetricMeter
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities import contact_file
from activities.notices import Notices
from activities.recorder import Recorder
from domain.delivery import Channel
from domain.recording import Opened, Recorded
from domain.restore import Restored
from domain.streams import Envelope
from office import door, logs
from office.gauges import Gauges
from stack import endpoints, home
from storage import checkpoints, log, policies, queries, rebuild, snapshots, spans, texts
from storage.outside import Outside
from storage.record import Record
from workflows.case import HISTORY_METRIC, RECORD_QUEUE, WORKFLOW_QUEUE, Life
from workflows.clearance import SiteClearance
from workflows.converter import DATA_CONVERTER, adapter
from workflows.payment import Payment
from workflows.project import ProjectLifecycle
from workflows.question import PolicyQuestion

WORKFLOWS: Sequence[type] = (ProjectLifecycle, SiteClearance, Payment, PolicyQuestion)

# Reloading these for every workflow costs seconds of CPU, and a half-passed cryptography can
# abort the process. The price: ruff, not the sandbox, keeps the clock out of the domain.
SANDBOX = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "_cffi_backend",
        "activities",
        "cryptography",
        "domain",
        "psycopg",
        "pydantic",
        "signing",
        "sqlalchemy",
        "storage",
        "structlog",
        "workflows",
    )
)
_GRACE = timedelta(seconds=20)
_RECORD_THREADS = 8
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_LOOKED_EVERY = timedelta(seconds=15)
# It asks every open case; an operator who wants to know at once runs `ntm reconcile`.
_COMPARED_EVERY = timedelta(minutes=10)
_HISTORIES = (100.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0)


def workflow_worker(client: Client, queue: str = WORKFLOW_QUEUE) -> Worker:
    """Runs workflows, and nothing that touches the record."""
    # A first task that has to build these on a busy machine is taken for a deadlock.
    for hint in (Life, Envelope, Opened, Recorded):
        adapter(hint)
    return Worker(
        client,
        task_queue=queue,
        workflows=WORKFLOWS,
        workflow_runner=SANDBOX,
        # More at once would make as many sandboxes fight for one interpreter.
        max_concurrent_workflow_tasks=10,
        max_cached_workflows=3_000,
        graceful_shutdown_timeout=_GRACE,
    )


def record_worker(client: Client, record: Record, queue: str = RECORD_QUEUE) -> Worker:
    """Runs the record's activities: give only this one the right to append."""
    recorder = Recorder(record)
    return Worker(
        client,
        task_queue=queue,
        activities=[recorder.open_case, recorder.record],
        activity_executor=ThreadPoolExecutor(max_workers=_RECORD_THREADS),
        max_concurrent_activities=_RECORD_THREADS,
        graceful_shutdown_timeout=_GRACE,
    )


async def serve(
    client: Client,
    engine: Engine,
    at: Path,
    stop: asyncio.Event,
    meter: MetricMeter | None = None,
) -> None:
    """Poll both queues and send the outbox until told to stop; then finish what is running."""
    outside = Outside(at, home.other_media())
    record = Record(engine, policies.load(), outside, logs.facts)
    if rebuilt := rebuild.bring_up(engine, record.policy):
        structlog.get_logger().info("read_models_rebuilt", events=rebuilt.events)
    calendar = record.policy.calendar
    notices = Notices(engine, at / "notices", contact_file.place(at), texts.load(), calendar)
    async with workflow_worker(client), record_worker(client, record):
        _say_ready()
        structlog.get_logger().info("worker_polling", policy=record.policy.version)
        async with asyncio.TaskGroup() as beside:
            beside.create_task(_each(_MINUTE, partial(_sign, record, outside), stop))
            beside.create_task(_each(_MINUTE, partial(_take_snapshots, engine), stop))
            if meter is not None:
                gauges = Gauges(meter, record, at)
                beside.create_task(_each(_LOOKED_EVERY, partial(_look, gauges), stop))
                beside.create_task(_keep_comparing(gauges, client, stop))
            for channel in Channel:
                beside.create_task(_keep_sending(notices, channel, stop))
        _say_leaving()


async def _each(every: timedelta, work: Callable[[], None], stop: asyncio.Event) -> None:
    """Do something from time to time; a failure waits for the next time."""
    while not stop.is_set():
        await asyncio.to_thread(work)
        await _pause(stop, every)


async def _keep_comparing(gauges: Gauges, client: Client, stop: asyncio.Event) -> None:
    """Compare record and Temporal; what cannot be asked now is asked the next time."""
    while not stop.is_set():
        try:
            await gauges.compare(client)
        except (log.Unavailable, door.Unreachable, RPCError) as error:
            structlog.get_logger().warning("comparison_waits", because=type(error).__name__)
        await _pause(stop, _COMPARED_EVERY)


async def _pause(stop: asyncio.Event, during: timedelta) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), timeout=during.total_seconds())


def _sign(record: Record, outside: Outside) -> None:
    """Look whether the record was restored, and take a checkpoint if it has grown."""
    told = structlog.get_logger()
    try:
        now = queries.clock(record.engine).now(datetime.now(UTC))
        if isinstance(record.examine(now), Restored):
            told.error("record_was_restored")
            return
        taken = checkpoints.take(record.engine, outside)
    except (log.Unavailable, log.Conflict, log.Unreadable, OSError) as error:
        told.warning("checkpoint_waits", because=type(error).__name__)
    except (checkpoints.Broken, ValueError) as error:
        told.error("checkpoint_refused", because=str(error))
    else:
        if taken is not None:
            told.info("checkpoint_signed", size=taken.checkpoint.size, failed=taken.failed)


def _take_snapshots(engine: Engine) -> None:
    try:
        snapshots.take(engine)
    except (log.Unavailable, log.Conflict, log.Unreadable) as error:
        structlog.get_logger().warning("snapshots_wait", because=type(error).__name__)


def _look(gauges: Gauges) -> None:
    """Read the gauges anew; while the record cannot be read they stand, and say since when."""
    try:
        gauges.look(datetime.now(UTC))
    except (log.Unavailable, log.Unreadable) as error:
        structlog.get_logger().warning("gauges_wait", because=type(error).__name__)


def _say_ready() -> None:
    if ready := os.environ.get("NTM_READY_FILE"):
        Path(ready).touch()


def _say_leaving() -> None:
    # Whoever looks from now on starts another worker, and does not count on this one.
    if ready := os.environ.get("NTM_READY_FILE"):
        Path(ready).unlink(missing_ok=True)


async def _keep_sending(notices: Notices, channel: Channel, stop: asyncio.Event) -> None:
    """Send by one channel once a second; a slow server holds up this channel alone."""
    await _each(_SECOND, partial(_send, notices, channel, stop), stop)


def _send(notices: Notices, channel: Channel, stop: asyncio.Event) -> None:
    try:
        notices.deliver(channel, datetime.now(UTC), stop.is_set)
    except Exception as error:  # noqa: BLE001  # no letter may end the worker that decisions need
        # The outbox keeps what could not go out; the next second tries again.
        structlog.get_logger().warning(
            "notices_wait", channel=channel, because=type(error).__name__
        )


async def _main() -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    at = home.locate()
    address = os.environ.get("NTM_METRICS_ADDRESS")
    runtime = _runtime(address)
    client = await Client.connect(
        **endpoints.temporal_config(at),
        data_converter=DATA_CONVERTER,
        runtime=runtime,
        identity=f"ntm-worker@{os.uname().nodename}:{os.getpid()}",
        interceptors=door.interceptors(),
    )
    engine = log.engine(endpoints.database_url(at))
    await serve(client, engine, at, stop, runtime.metric_meter if address else None)
    engine.dispose()


def _runtime(address: str | None) -> Runtime:
    """Core logs go to our log, not to stdout; metrics of SDK and record to an address, if any."""
    return Runtime(
        telemetry=TelemetryConfig(
            logging=LoggingConfig(
                filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
                forwarding=LogForwardingConfig(logger=logging.getLogger("temporal.core")),
            ),
            metrics=PrometheusConfig(
                bind_address=address,
                durations_as_seconds=True,
                histogram_bucket_overrides={HISTORY_METRIC: _HISTORIES},
            )
            if address
            else None,
        )
    )


def _tracing() -> AbstractContextManager[object]:
    """Spans of this worker, if the environment names where they go."""
    if not spans.is_wanted(os.environ):
        return nullcontext()
    from office import tracing

    return tracing.traced("ntm-worker")


if __name__ == "__main__":
    logs.configure()
    with _tracing():
        asyncio.run(_main())
    # The SDK's runtime must be gone before the interpreter is: otherwise it may abort at exit.
    gc.collect()
