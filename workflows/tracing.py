"""Carries each command's trace from its message to the activity that records it.

A command waits its turn in its case's queue, and several are recorded at once: an interceptor that
knows only the task under way, as the SDK's own does, would lose whose they are. Nothing is traced
here, so that the sandbox and replays see headers alone.
"""

from typing import Any

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadConverter
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowOutboundInterceptor,
)

from domain.recording import Batch
from domain.streams import Envelope

HEADER = "ntm-trace"
_JSON = PayloadConverter.default


class Carrying(WorkflowInboundInterceptor):
    """Remembers the trace of a command by its decision id, until it is recorded."""

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        self._traces: dict[str, dict[str, Any]] = {}
        super().init(_Handing(outbound, self._traces))

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002, ANN401  # as the SDK declares it
        self._remember(input.args, input.headers.get(HEADER))
        return await super().handle_update_handler(input)

    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002  # as the SDK declares it
        self._remember(input.args, input.headers.get(HEADER))
        await super().handle_signal(input)

    def _remember(self, args: Any, header: Payload | None) -> None:  # noqa: ANN401  # whatever was sent
        if header is None or not args or not isinstance(args[0], Envelope):
            return
        (carrier,) = _JSON.from_payloads([header])
        self._traces[args[0].decision_id] = {"carrier": carrier, "asked_at": workflow.time_ns()}


class _Handing(WorkflowOutboundInterceptor):
    def __init__(
        self, following: WorkflowOutboundInterceptor, traces: dict[str, dict[str, Any]]
    ) -> None:
        super().__init__(following)
        self._traces = traces

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002  # as the SDK declares it
        batch = input.args[0] if input.args else None
        if self._traces and isinstance(batch, Batch):
            ids = [ask.envelope.decision_id for ask in batch.asks]
            told = [self._traces.pop(one) for one in ids if one in self._traces]
            if told:
                input.headers = {**input.headers, HEADER: _JSON.to_payloads([told])[0]}
        return super().start_activity(input)
