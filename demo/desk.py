"""The story's office on the real servers: real workflows, a real record, the programme clock."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from temporalio.client import Client

from demo.hands import Hands
from demo.outage import NO_ANSWER, missing
from domain.clock import Clock
from domain.project import RegisterProject
from domain.question_forms import RaiseQuestion
from domain.recording import Ask, Batch, Denied
from domain.refusal import Refused
from domain.streams import Envelope, State
from domain.values import StreamId
from office import door, rehearsal
from office.resume import summary
from storage import queries
from storage.record import Record

_T = TypeVar("_T")
_PATIENCE = timedelta(seconds=5)
_LOOK_AGAIN = 0.25
_ALARMS_MAY_TAKE = timedelta(seconds=20)
_LATE = timedelta(days=4)
"""Of the programme; a story whose decisions come later than that is another story."""

_UNANSWERED = timedelta(seconds=1.5)
_SLOWER = 0.6
_SLOWEST = timedelta(days=1) / timedelta(seconds=2)
_LET_IT_CATCH_UP = 10.0
_DIRECT = ("programme/", "capital/")
_BEGINS = (RegisterProject, RaiseQuestion)


class Desk:
    """Sends decisions like every official does, and waits like every official does.

    While a server is away it waits for its operator, and the programme clock is stopped: a
    rehearsal does not spend its year on an outage, and what comes back finds no deadline missed.
    """

    def __init__(
        self, client: Client, record: Record, clock: Clock, hands: Hands | None = None
    ) -> None:
        self._client = client
        self._record = record
        self._clock = clock
        self._hands = hands
        self._open = asyncio.Event()
        self._open.set()
        self._looking = False
        self._beginning: set[StreamId] = set()
        self._answered_at = datetime.now(UTC)
        self._held_at: datetime | None = None
        self._is_stopped = False
        self._early: Counter[str] = Counter()
        self._asked: dict[str, tuple[datetime, datetime]] = {}
        self.decisions = 0
        self.missing = ""
        """What is away, in words for people; nothing while all is well."""

    def now(self) -> datetime:
        """What the programme clock shows; it stands still while something is missing."""
        return self._clock.now(self._held_at or datetime.now(UTC))

    async def until(self, moment: datetime) -> None:
        """Wait until the programme clock shows a moment, however often it is held."""
        while (left := self._clock.real(moment) - datetime.now(UTC)) > timedelta(0):  # noqa: ASYNC110  # time moves
            await asyncio.sleep(left.total_seconds())

    async def ask(self, envelope: Envelope) -> None:
        """Have a decision recorded, through whatever happens to the servers meanwhile.

        One that an earlier, interrupted rehearsal recorded is not sent again: its case may be
        closed by now. Raises `Refused`.
        """
        if await self._through(lambda: self._is_decided(envelope)):
            return
        await self.until(envelope.act.at)
        self._asked[envelope.decision_id] = (envelope.act.at, datetime.now(UTC))
        try:
            await self._through(lambda: self._send(envelope))
        finally:
            del self._asked[envelope.decision_id]
        self._answered_at = datetime.now(UTC)
        self.decisions += 1

    async def seen(self, stream: StreamId, holds: Callable[[State], bool]) -> State | None:
        """Wait until the record's state of a stream is as wanted; None if the clock ends first."""
        while True:
            found = await self._through(lambda: self._standing(stream))
            if found is not None and holds(found.state):
                return found.state
            if self.now() > self._clock.until + _ALARMS_MAY_TAKE:
                return None
            await asyncio.sleep(_LOOK_AGAIN)

    async def keep_pace(self) -> None:
        """Slow the programme clock down whenever this machine cannot decide as fast as it runs."""
        while True:
            await asyncio.sleep(1)
            if self._is_late() and self._held_at is None and not self._looking:
                with suppress(*NO_ANSWER):
                    await self._slow_down()
                await asyncio.sleep(_LET_IT_CATCH_UP)

    def _is_late(self) -> bool:
        """Whether a decision waits that was asked for long ago, on a day that is long past."""
        now = datetime.now(UTC)
        return any(
            now - asked > _UNANSWERED and self.now() - day > _LATE
            for day, asked in self._asked.values()
        )

    async def _slow_down(self) -> None:
        real = datetime.now(UTC)
        if self._clock.rate * _SLOWER < _SLOWEST or self._clock.now(real) >= self._clock.until:
            return
        slower = self._clock.slower(real, _SLOWER)
        await asyncio.to_thread(queries.set_clock, self._record.engine, slower)
        self._clock = slower
        await rehearsal.reread(self._client, self._record.engine)

    async def _send(self, envelope: Envelope) -> None:
        """Ask once. Asked again, it is the same decision, and may have been recorded meanwhile."""
        # Its day may come again: the clock was held while it was on its way.
        await self.until(envelope.act.at)
        if self._hands is not None:
            seen = await asyncio.to_thread(queries.head, self._record.engine, envelope.stream)
            envelope = self._hands.sign(envelope, seen)
        if envelope.stream.startswith(_DIRECT) or isinstance(envelope.command, _BEGINS):
            self._beginning.add(envelope.stream)
            await asyncio.to_thread(self._record_directly, envelope)
            state = await asyncio.to_thread(self._record.fold, envelope.stream)
            await door.begin(self._client, envelope.stream, summary(state.state))
            self._beginning.discard(envelope.stream)
            return
        if await self._is_decided(envelope):
            return
        early = self._early[envelope.decision_id]
        try:
            await door.ask(self._client, envelope, _PATIENCE, again=early)
        except door.NoCase:
            case = await self._standing(envelope.stream)
            if (case is None or not case.is_open) and not await self._is_decided(envelope):
                raise Refused("out_of_turn", f"{envelope.stream}: has ended") from None
            raise
        except Refused as refused:
            if refused.rule != "in_the_future":
                raise
            # The clock was held while it was on its way: its day comes again.
            self._early[envelope.decision_id] += 1
            raise door.Pending(f"decision {envelope.decision_id} came before its day") from None

    async def _through(self, do: Callable[[], Awaitable[_T]]) -> _T:
        """Do something for as long as it takes the servers to let it be done."""
        while True:
            await self._open.wait()
            began = datetime.now(UTC)
            try:
                return await do()
            except NO_ANSWER:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    # A call that is called off says, like one that fails, that it has no answer.
                    raise asyncio.CancelledError from None
                await self._wait_out(began)

    async def _wait_out(self, began: datetime) -> None:
        """Look whether anything is missing, and close the desk for everybody until nothing is.

        The first to notice does it. A machine that is merely slow closes nothing.
        """
        if self._looking:
            await asyncio.sleep(_LOOK_AGAIN)
            return
        self._looking = True
        try:
            while not await self._goes_on(began):  # noqa: ASYNC110  # nobody tells us
                await asyncio.sleep(_LOOK_AGAIN)
        finally:
            self._looking = False
        self.missing, self._held_at = "", None
        # What waited for a server says nothing of how fast this machine is.
        now = datetime.now(UTC)
        self._asked = {name: (day, now) for name, (day, _) in self._asked.items()}
        self._open.set()

    async def _goes_on(self, began: datetime) -> bool:
        """Whether nothing is missing any more, and the time it was is off the clock."""
        found = await missing(self._client, self._record.engine, self._beginning)
        try:
            if found:
                self._open.clear()
                self.missing = found
                self._held_at = self._held_at or max(began, self._answered_at)
                await self._stop_clock(self._held_at)
            elif self._held_at is not None:
                await self._hold_clock(self._held_at)
        except NO_ANSWER:
            return False
        return not found

    async def _stop_clock(self, since: datetime) -> None:
        """Let the programme clock stand where it stood, for whoever reads it now.

        A case that comes back before the desk has seen it would find its deadlines missed.
        """
        if not self._is_stopped:
            stopped = self._clock.stopped(since)
            await asyncio.to_thread(queries.set_clock, self._record.engine, stopped)
            self._is_stopped = True

    async def _hold_clock(self, since: datetime) -> None:
        """Take the time that was lost out of the programme clock, and have the cases read it."""
        record, now = self._record.engine, datetime.now(UTC)
        clock = replace(self._clock, started_at=self._clock.started_at + (now - since))
        await asyncio.to_thread(queries.set_clock, record, clock)
        # If it is interrupted from here on, only what is lost from now on is taken off again.
        self._clock, self._held_at, self._is_stopped = clock, now, False
        await rehearsal.reread(self._client, record)

    async def _is_decided(self, envelope: Envelope) -> bool:
        record = self._record.engine
        return await asyncio.to_thread(queries.is_decided, record, envelope.decision_id)

    async def _standing(self, stream: StreamId) -> queries.Standing | None:
        return await asyncio.to_thread(queries.standing, self._record.engine, stream)

    def _record_directly(self, envelope: Envelope) -> None:
        batch = Batch(
            stream=envelope.stream, after=0, now=self.now(), asks=(Ask(envelope=envelope),)
        )
        for outcome in self._record.decide(batch).outcomes:
            if isinstance(outcome, Denied):
                raise Refused(outcome.rule, outcome.because)
