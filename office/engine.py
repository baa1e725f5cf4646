"""What Temporal runs for a case, read by its workflow id: what it is, how it ended, what fails."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Literal, cast

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import PendingActivityState, TaskQueueType
from temporalio.api.failure.v1 import Failure
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
)
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.streams import State
from domain.values import StreamId, value
from office import door
from stack import processes
from workflows.case import RECORD_QUEUE, WORKFLOW_QUEUE

Status = Literal[
    "running",
    "completed",
    "failed",
    "canceled",
    "terminated",
    "continued_as_new",
    "timed_out",
    "paused",
    "unspecified",
]
QUEUES: dict[str, int] = {
    WORKFLOW_QUEUE: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    RECORD_QUEUE: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
}
"""The queues that a worker of ours polls, and for what."""

_PATIENCE = timedelta(seconds=5)
_FAILS_AFTER = 3
# A long poll lasts a minute; whoever has not asked again since then is gone.
_POLLS_WITHIN = timedelta(seconds=75)


@value
class Pending:
    """An activity under way: its tries, and why the last one failed, if any did."""

    activity: str
    attempt: int
    started: bool
    failure: str | None


@value
class Living:
    """The newest run of a workflow id, as the server has it."""

    stream: StreamId
    run_id: str
    kind: str
    status: Status
    was_reset: bool = False
    task_attempt: int = 0
    pending: tuple[Pending, ...] = ()

    @property
    def runs(self) -> bool:
        return self.status in ("running", "paused")

    @property
    def task_fails(self) -> bool:
        """Whether its workflow task is tried again and again: no decision is taken meanwhile."""
        return self.task_attempt > _FAILS_AFTER


@value
class Listed:
    """An execution that visibility shows. It may be gone by now: look it up before acting."""

    stream: StreamId
    run_id: str
    kind: str


async def living(client: Client, stream: StreamId, run_id: str = "") -> Living | None:
    """The newest run under an id, or the named one; None where there was never any, or no more."""
    request = DescribeWorkflowExecutionRequest(
        namespace=client.namespace,
        execution=WorkflowExecution(workflow_id=stream, run_id=run_id),
    )
    try:
        # The raw answer: the SDK's own refuses to read a status it does not know.
        found = await client.workflow_service.describe_workflow_execution(
            request, retry=True, timeout=_PATIENCE
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise door.Unreachable(f"Temporal answers {error.status.name.lower()}") from None
    return _living(stream, found)


async def listed(client: Client, query: str) -> AsyncIterator[Listed]:
    """Executions of our kinds and names among those that match; eventually consistent."""
    async for found in client.list_workflows(query):
        stream = StreamId(found.id)
        if door.kind_of(stream) is not None or found.workflow_type in door.KINDS:
            yield Listed(stream=stream, run_id=found.run_id, kind=found.workflow_type)


async def seen(client: Client, stream: StreamId) -> tuple[int, int] | None:
    """The version a workflow has folded and on which timeline; None if it does not answer."""
    handle = client.get_workflow_handle(stream)
    try:
        wanted = cast(type, tuple[int, int] | None)
        asked = handle.query("seen", result_type=wanted, rpc_timeout=_PATIENCE)
        return cast(
            tuple[int, int] | None, await asyncio.wait_for(asked, _PATIENCE.total_seconds())
        )
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError, RPCError, TimeoutError):
        return None


async def voucher(client: Client, stream: StreamId) -> str:
    """By what a workflow shows that the record told it what it has seen; nothing if it cannot."""
    handle = client.get_workflow_handle(stream)
    try:
        asked = handle.query("voucher", result_type=str, rpc_timeout=_PATIENCE)
        return str(await asyncio.wait_for(asked, _PATIENCE.total_seconds()))
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError, RPCError, TimeoutError):
        return ""


async def state(client: Client, stream: StreamId) -> State | None:
    """What a workflow holds; None if it does not answer in time."""
    try:
        return await asyncio.wait_for(door.state(client, stream), _PATIENCE.total_seconds())
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError, RPCError, TimeoutError):
        return None


async def tell(client: Client, stream: StreamId, signal: Literal["nudge", "reread"]) -> bool:
    """Have a case read on, or read anew; False if it has ended."""
    try:
        await client.get_workflow_handle(stream).signal(signal)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise door.Unreachable(f"Temporal answers {error.status.name.lower()}") from None
    return True


async def pollers(client: Client, queue: str) -> tuple[str, ...]:
    """Who asks a queue for work now; the server remembers for minutes who is gone."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=QUEUES[queue],  # type: ignore[arg-type]  # an int, whatever the stub says
    )
    try:
        found = await client.workflow_service.describe_task_queue(request, timeout=_PATIENCE)
    except RPCError as error:
        raise door.Unreachable(f"Temporal answers {error.status.name.lower()}") from None
    since = time.time() - _POLLS_WITHIN.total_seconds()
    return tuple(
        sorted(
            one.identity
            for one in found.pollers
            if one.last_access_time.ToNanoseconds() / 1e9 > since and not _is_dead(one.identity)
        )
    )


def is_ours(identity: str) -> bool:
    """Whether a worker calls itself as ours do."""
    return identity.startswith("ntm-worker@")


async def unattended(client: Client) -> tuple[str, ...]:
    """The queues that nobody asks for work; none where the server does not say."""
    with suppress(door.Unreachable):
        return tuple([queue for queue in QUEUES if not await pollers(client, queue)])
    return ()


def _is_dead(identity: str) -> bool:
    """Whether this is a worker of this very machine whose process is no more."""
    host, separator, pid = identity.removeprefix("ntm-worker@").rpartition(":")
    ours = bool(separator) and host == os.uname().nodename and pid.isdecimal()
    return ours and processes.program(int(pid)) is None


def _living(stream: StreamId, found: DescribeWorkflowExecutionResponse) -> Living:
    info = found.workflow_execution_info
    status = _status(info.status)
    extended = found.workflow_extended_info
    return Living(
        stream=stream,
        run_id=info.execution.run_id,
        kind=info.type.name,
        status=status,
        was_reset=extended.HasField("last_reset_time"),
        task_attempt=found.pending_workflow_task.attempt,
        pending=tuple(
            Pending(
                activity=one.activity_type.name,
                attempt=one.attempt,
                started=one.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED,
                failure=_said(one.last_failure) if one.HasField("last_failure") else None,
            )
            for one in found.pending_activities
        ),
    )


def _status(number: int) -> Status:
    if number == 8:
        return "paused"
    try:
        return cast(Status, WorkflowExecutionStatus(number).name.lower())
    except ValueError:
        return "unspecified"


def _said(failure: Failure) -> str:
    """The root of a chain of failures, on one line."""
    while failure.HasField("cause"):
        failure = failure.cause
    return failure.message.splitlines()[0] if failure.message else failure.source
