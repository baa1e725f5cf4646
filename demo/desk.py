"""The story's office on the real servers: real workflows, a real record, the programme clock."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from domain.clock import Clock
from domain.project import RegisterProject
from domain.recording import Ask, Batch, Denied
from domain.refusal import Refused
from domain.streams import Envelope, State
from domain.values import StreamId
from office import door
from office.resume import summary
from storage import queries
from storage.record import Record

_PATIENCE = timedelta(seconds=30)
_LOOK_AGAIN = 0.25
_DIRECT = ("programme/", "capital/")


class Desk:
    """Sends decisions like every official does, and waits like every official does."""

    def __init__(self, client: Client, record: Record, clock: Clock) -> None:
        self._client = client
        self._record = record
        self._clock = clock
        self.decisions = 0

    def now(self) -> datetime:
        """What the programme clock shows."""
        return self._clock.now(datetime.now(UTC))

    async def until(self, moment: datetime) -> None:
        """Wait until the programme clock shows a moment."""
        left = self._clock.real(moment) - datetime.now(UTC)
        if left > timedelta(0):
            await asyncio.sleep(left.total_seconds())

    async def ask(self, envelope: Envelope) -> None:
        """Have a decision recorded, through whatever happens to the worker meanwhile.

        One that an earlier, interrupted rehearsal recorded is not sent again: its case may be
        closed by now. Raises `Refused`.
        """
        if await asyncio.to_thread(queries.is_decided, self._record.engine, envelope.decision_id):
            return
        if envelope.stream.startswith(_DIRECT) or isinstance(envelope.command, RegisterProject):
            await asyncio.to_thread(self._record_directly, envelope)
            state = await asyncio.to_thread(self._record.fold, envelope.stream)
            await door.begin(self._client, envelope.stream, summary(state.state))
        else:
            await self._send(envelope)
        self.decisions += 1

    async def seen(self, stream: StreamId, holds: Callable[[State], bool]) -> State:
        """Wait until the record's state of a stream is as wanted."""
        while True:
            found = await asyncio.to_thread(queries.standing, self._record.engine, stream)
            if found is not None and holds(found.state):
                return found.state
            await asyncio.sleep(_LOOK_AGAIN)

    async def _send(self, envelope: Envelope) -> None:
        while True:
            try:
                await door.ask(self._client, envelope, _PATIENCE)
            except door.Pending:
                # No worker answers. The same decision id may be sent for as long as it takes.
                continue
            return

    def _record_directly(self, envelope: Envelope) -> None:
        batch = Batch(
            stream=envelope.stream, after=0, now=self.now(), asks=(Ask(envelope=envelope),)
        )
        for outcome in self._record.decide(batch).outcomes:
            if isinstance(outcome, Denied):
                raise Refused(outcome.rule, outcome.because)
