"""The one door for decisions: an Update to the case's workflow, or a Signal for who cannot wait."""

import asyncio
import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, cast, get_args

from temporalio.client import (
    Client,
    Interceptor,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConnectConfig
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.casework import check_personal
from domain.refusal import Refused, Rule
from domain.streams import Envelope, State
from domain.values import BY_KIND, StreamId
from storage import spans
from storage.failpoints import FailPoint, reach
from workflows.case import WORKFLOW_QUEUE, Life, Receipt
from workflows.clearance import SiteClearance
from workflows.converter import Label
from workflows.payment import Payment
from workflows.project import ProjectLifecycle
from workflows.question import PolicyQuestion

_WORKFLOWS: dict[str, type] = {
    "project": ProjectLifecycle,
    "clearance": SiteClearance,
    "payment": Payment,
    "question": PolicyQuestion,
}
KINDS = frozenset(workflow.__name__ for workflow in _WORKFLOWS.values())
_REFUSED = re.compile(r"(?P<because>.*) \[(?P<rule>[a-z_]+)\]", re.DOTALL)
_CUT_OFF = "AcceptedUpdateCompletedWorkflow"
_STARTING_UP = timedelta(seconds=5)


class Unreachable(Exception):
    """Temporal does not answer; nothing is known to have been sent."""


class NoCase(Exception):
    """No workflow lives for this stream: it has ended, or waits for `ntm resume`."""


class Contradicted(Exception):
    """Temporal answers that a decision was recorded, and the record does not have it."""


class Pending(Exception):
    """Sent and not answered in time. It may still be recorded: repeat with the same decision id."""


class Unattended(Pending):
    """The same, and no worker asks the queues for work: nothing is decided until one does."""


def quiet_runtime() -> Runtime:
    """A runtime whose own log stays off stdout, where data goes. Let go of it before exit."""
    return Runtime(
        telemetry=TelemetryConfig(
            logging=LoggingConfig(
                filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"),
                forwarding=LogForwardingConfig(logger=logging.getLogger("temporal.core")),
            )
        ),
        worker_heartbeat_interval=None,
    )


async def connect(config: ClientConnectConfig, runtime: Runtime, speaking: DataConverter) -> Client:
    """A client that speaks our values. The caller keeps the runtime, and lets go of it in time."""
    try:
        return await Client.connect(
            **config,
            data_converter=speaking,
            runtime=runtime,
            interceptors=interceptors(),
        )
    except RuntimeError as error:
        raise Unreachable(f"Temporal at {config.get('target_host')} does not answer") from error


def interceptors() -> Sequence[Interceptor]:
    """Those of tracing, while anybody traces."""
    if not spans.is_on():
        return ()
    from office import tracing

    return tracing.interceptors()


async def ask(client: Client, envelope: Envelope, patience: timedelta, again: int = 0) -> Receipt:
    """Send a decision and wait for the record's answer.

    The update id is the decision id, so that whoever repeats it is answered and not counted twice.
    A workflow keeps its answers: who was too early, and asks `again` on the day, says how often.
    Raises `Refused`, `NoCase`, `Pending` or `Unreachable`.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience.total_seconds()
    grace = loop.time() + _STARTING_UP.total_seconds()
    while True:
        left = max(deadline - loop.time(), 0.1)
        try:
            return await _ask_once(client, envelope, left, again)
        except RPCError as error:
            # A child is started a moment after the decision that asks for it.
            starting = error.status is RPCStatusCode.NOT_FOUND and loop.time() < grace
            # A workflow task is being retried, or a server restarts: the same id may be sent again.
            passing = error.status in PASSING and loop.time() < deadline
            if not starting and not passing:
                raise _named(error, envelope) from None
            await asyncio.sleep(0.1)


async def leave(client: Client, envelope: Envelope) -> None:
    """Send a decision as a Signal: durable at once, answered in the sender's inbox if refused.

    Raises `Refused` for what must not travel.
    """
    check_personal(envelope.command)
    try:
        await client.get_workflow_handle(envelope.stream).signal("leave", envelope)
    except RPCError as error:
        raise _named(error, envelope) from None


async def begin(client: Client, stream: StreamId, summary: str) -> bool:
    """Start a case's workflow from the record; False when it lives already, or never has one."""
    workflow = kind_of(stream)
    if workflow is None:
        return False
    try:
        await client.start_workflow(
            workflow,
            Life(stream=stream),
            id=stream,
            task_queue=WORKFLOW_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=Label(summary),
            static_details=Label(f"Sổ sự kiện · record of this case: `ntm events {stream}`"),
        )
    except WorkflowAlreadyStartedError:
        return False
    return True


def kind_of(stream: StreamId) -> str | None:
    """The workflow type that lives for a stream; None where the record decides alone."""
    workflow = _WORKFLOWS.get(stream.split("/", 1)[0])
    return workflow.__name__ if workflow else None


async def state(client: Client, stream: StreamId) -> State:
    """What a case's workflow holds: for comparing it with the record, not for lists."""
    handle = client.get_workflow_handle(stream)
    # A union is a type to the converter, though not to the signature.
    found: State = await handle.query("state", result_type=cast(type, Annotated[State, BY_KIND]))
    return found


PASSING = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.FAILED_PRECONDITION}


async def _ask_once(client: Client, envelope: Envelope, seconds: float, again: int) -> Receipt:
    handle = client.get_workflow_handle(envelope.stream)
    try:
        started = await handle.start_update(
            "ask",
            envelope,
            id=f"{envelope.decision_id}/{again}" if again else envelope.decision_id,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            result_type=Receipt,
            rpc_timeout=timedelta(seconds=seconds),
        )
        reach(FailPoint.DOOR_SENT)
        receipt: Receipt = await asyncio.wait_for(started.result(), seconds)
    except WorkflowUpdateFailedError as failure:
        raise _refusal(failure) from failure.cause
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError):
        raise Pending(
            f"decision {envelope.decision_id} is on its way and not answered yet"
        ) from None
    return receipt


def _refusal(failure: WorkflowUpdateFailedError) -> Exception:
    cause = failure.cause
    if isinstance(cause, ApplicationError) and cause.type == _CUT_OFF:
        return Pending("its workflow ended before it answered; the decision may be on record")
    match = _REFUSED.fullmatch(cause.message) if isinstance(cause, ApplicationError) else None
    if match is None or match["rule"] not in get_args(Rule):
        return failure
    rule: Rule = match["rule"]  # type: ignore[assignment]  # checked against Rule just above
    return Refused(rule, match["because"])


def _named(error: RPCError, envelope: Envelope) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND:
        return NoCase(
            f"no open case {envelope.stream}: it was never begun, has ended, or waits for"
            " `ntm resume`"
        )
    return Unreachable(f"Temporal answers {error.status.name.lower()}")
