"""One case: it takes commands in turn, has the record decide them, and wakes for its deadlines.

A case holds no rule. The workflows share it and add only what is theirs: the children they start
and what they show.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import MetricHistogram, RetryPolicy

from activities.recorder import Recorder
from domain.addresses import check_address
from domain.adoption import AdoptPolicy
from domain.alarms import Alarm, alarm
from domain.authority import authorise
from domain.calendar import due_day
from domain.casework import check_personal
from domain.citing import check_citation
from domain.inbox import is_open, waits
from domain.recording import Accepted, Ask, Batch, Denied, Opened, Outcome, Recorded, is_held
from domain.refusal import Refused
from domain.streams import GROUNDS_ELSEWHERE, Envelope, State, decide
from domain.text import check_text
from domain.values import StreamId, value
from domain.waits import Wait
from signing import payload
from storage.failpoints import FailPoint, reach
from workflows.nudges import moved_elsewhere, nudge
from workflows.show import Show

WORKFLOW_QUEUE = "ntm"
RECORD_QUEUE = "ntm-record"
"""Task queue of the process that may append: it can run apart from the workflows."""

HISTORY_METRIC = "ntm_case_history_events"

_BATCH = 100
# A worker that has died is followed by one that reads a case from its first event, and has ten
# seconds for it: the server's own limit of 4,096 events is too many for a busy machine.
_LONG = 1_000
# After a denied alarm, whose reason only a person or a new law can remove.
_ASK_AGAIN = timedelta(hours=1)
# While the record waits for two officials to accept that it was restored.
_HOLD = timedelta(minutes=5)
# A decision takes milliseconds; a worker that died with one is replaced after this long.
_PATIENCE = timedelta(seconds=10)
# For as long as an outage lasts: nothing that was accepted may be lost.
_FOR_EVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30)
)


@value
class Life:
    """A case to live: new, resumed, or handed over by the previous run (then `opened` is set).

    `renew_after` is the number of history events after which it continues as new even before
    it has grown long. `held` are commands whose senders do not wait, kept while the record takes
    none.
    """

    stream: StreamId
    opened: Opened | None = None
    renew_after: int | None = None
    held: tuple[Ask, ...] = ()


@value
class Receipt:
    """What a decision answers: where it stands in the record, and what the case waits for now."""

    decision_id: str
    version: int
    position: int
    waits: tuple[Wait, ...]


class Case:
    """The desk of one case: a queue of asks, one writer, one folded state."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._queue: list[tuple[Ask, asyncio.Future[Outcome] | None]] = []
        # How often the record was said to have moved, and how many of those we have read up to.
        self._nudges = 0
        self._read = 0
        self._rang_at = -1
        self._recording = False
        self._doubted = False
        self._show = Show()
        self._foreseen: tuple[Opened, tuple[tuple[Wait, ...], Alarm | None]] | None = None
        workflow.set_update_handler("ask", self.ask, validator=self.check)
        workflow.set_signal_handler("leave", self.leave)
        workflow.set_signal_handler("nudge", self.nudge)
        workflow.set_signal_handler("reread", self.reread)
        workflow.set_query_handler("state", lambda: self.state)
        workflow.set_query_handler("version", lambda: self.version)
        workflow.set_query_handler("seen", lambda: self._life.opened and self._life.opened.seen)
        workflow.set_query_handler("voucher", lambda: getattr(self._life.opened, "voucher", ""))
        workflow.set_query_handler("waits", lambda: self.waits)

    @property
    def opened(self) -> Opened:
        """State, version, law and clock; there once `open` has run."""
        assert self._life.opened is not None
        return self._life.opened

    @property
    def state(self) -> State:
        """The fold of everything the record has answered."""
        return self.opened.state

    @property
    def version(self) -> int:
        """Up to which version of its stream the case has folded; 0 before it was opened."""
        return self._life.opened.version if self._life.opened else 0

    @property
    def alarm(self) -> Alarm | None:
        """The next deadline of the case."""
        return self._outlook()[1]

    @property
    def waits(self) -> tuple[Wait, ...]:
        """What the case waits for; nothing before it was opened."""
        if self._life.opened is None:
            return ()
        return self._outlook()[0]

    def _outlook(self) -> tuple[tuple[Wait, ...], Alarm | None]:
        """Waits and next deadline, worked out once a state: they go over every household."""
        if self._foreseen is None or self._foreseen[0] is not self.opened:
            state, policy = self.state, self.opened.policy
            self._foreseen = self.opened, (waits(state, policy), alarm(state, policy))
        return self._foreseen[1]

    def check(self, envelope: Envelope) -> None:
        """The validator: a dry run on the folded state. Raises `Refused`, leaves no history."""
        if envelope.stream != self._life.stream:
            raise Refused("other_body", f"this is {self._life.stream}, not {envelope.stream}")
        check_text(replace(envelope, proof=None))
        check_personal(envelope.command)
        check_address(envelope)
        payload.check_if_any(envelope)
        if self._life.opened is None or self._recording or self._behind():
            # The record may have moved beyond our fold, and the sender may have seen it there.
            return
        if envelope.decision_id in self.opened.decided:
            # Repeated, for want of the answer: the record has it.
            return
        if isinstance(envelope.command, AdoptPolicy):
            # Judged by another law than ours, which the record keeps.
            return
        authorise(envelope.command, envelope.act, self.state, self.opened.policy)
        check_citation(envelope.command, envelope.act, self.opened.policy)
        if not isinstance(envelope.command, GROUNDS_ELSEWHERE):
            decide(self.state, envelope.command, envelope.act, self.opened.policy)

    async def ask(self, envelope: Envelope) -> Receipt:
        """Queue a command and wait for the record's answer; raises `Refused` if it says no."""
        # Again: a validator is not run when a history is replayed, and this is.
        payload.check_if_any(envelope)
        answer: asyncio.Future[Outcome] = asyncio.Future()
        self._queue.append((Ask(envelope=envelope), answer))
        match await answer:
            case Accepted(decision_id=decision_id, version=version, position=position):
                return Receipt(
                    decision_id=decision_id, version=version, position=position, waits=self.waits
                )
            case Denied(rule=rule, because=because):
                raise Refused(rule, because)

    def leave(self, envelope: Envelope) -> None:
        """Queue a command whose sender does not wait: a refusal goes on record."""
        try:
            payload.check_if_any(envelope)
        except Refused:
            # Signed by nobody, so that nobody waits to hear of it.
            return
        self._queue.append((Ask(envelope=envelope, keep_refusal=True), None))

    def nudge(self) -> None:
        """The record has moved without us: read on."""
        self._nudges += 1

    def reread(self) -> None:
        """Our fold is doubted: forget it, and read the case from the record anew."""
        self._doubted = True
        self._nudges += 1

    def now(self) -> datetime:
        """What the programme clock shows."""
        return self.opened.clock.now(workflow.now())

    async def live(self, react: Callable[[], Awaitable[None]] | None = None) -> str:
        """Live until the case is closed: show, react, take a turn. Answers with the last state."""
        await self._open()
        while True:
            if react is not None:
                await react()
            self._show.refresh(self.state, self.waits, self.alarm)
            if self.opened.version and not is_open(self.state) and not self._life.held:
                await self._rest()
                return self.state.kind
            if self._must_renew():
                await self._rest()
                workflow.continue_as_new(self._life)
            await self._turn()

    async def _open(self) -> None:
        """Read the case from the record, unless the previous run handed it over."""
        if self._life.opened is None:
            opened = await workflow.execute_activity_method(
                Recorder.open_case,
                self._life.stream,
                task_queue=RECORD_QUEUE,
                start_to_close_timeout=_PATIENCE,
                retry_policy=_FOR_EVER,
                summary=f"read {self._life.stream}",
            )
            self._life = replace(self._life, opened=opened)

    async def _turn(self) -> None:
        """Wait for an ask, a nudge or a deadline; have it recorded; fold what comes back."""
        await self._wait()
        held = [(ask, None) for ask in self._life.held]
        self._queue[:0] = held
        self._life = replace(self._life, held=())
        if self._queue and not held and self._overdue() and workflow.patched("overdue-first"):
            self._ring(self.alarm)
        asks, nudges = self._queue[:_BATCH], self._nudges
        _length_of_history().record(workflow.info().get_current_history_length())
        self._recording = True
        recorded = await self._record(tuple(ask for ask, _ in asks))
        self._recording = False
        reach(FailPoint.RECORDED)
        del self._queue[: len(asks)]
        self._life = replace(self._life, opened=self.opened.told(recorded.facts, recorded.voucher))
        told = zip((ask for ask, _ in asks), recorded.outcomes, strict=True)
        self._life = replace(self._life, held=tuple(ask for ask, one in told if is_held(ask, one)))
        if self._doubted or self._astray(recorded):
            self._doubted = False
            self._life = replace(self._life, opened=None)
            await self._open()
        self._read = nudges
        reach(FailPoint.FOLDED)
        # Others hear of it before the sender does, so that they never refuse what follows from it.
        await nudge(moved_elsewhere(self._life.stream, self.state, recorded.facts))
        for (_, answer), outcome in zip(asks, recorded.outcomes, strict=True):
            if answer is not None:
                answer.set_result(outcome)

    async def _rest(self) -> None:
        """Let every handler finish, for a run must not end with an answer owed."""
        while self._asked() or not workflow.all_handlers_finished():
            await workflow.wait_condition(lambda: self._asked() or workflow.all_handlers_finished())
            if self._asked():
                await self._turn()

    def _asked(self) -> bool:
        return bool(self._queue) or self._behind()

    def _must_renew(self) -> bool:
        """Whether the history has grown so long that the next run should take over."""
        info = workflow.info()
        length, limit = info.get_current_history_length(), self._life.renew_after
        if info.is_continue_as_new_suggested() or (limit is not None and length >= limit):
            return True
        return length >= _LONG and workflow.patched("renew-early")

    def _behind(self) -> bool:
        return self._read < self._nudges

    async def _wait(self) -> None:
        # The record takes nothing from the clock either, while it waits for two officials.
        woken = None if self._life.held else self.alarm
        timeout = _HOLD if self._life.held else None
        if woken is not None:
            timeout = self.opened.clock.real(woken.at) - workflow.now()
            if self._rang_at == self.opened.version:
                # Asked at this very version, and nothing came of it.
                timeout = max(timeout, _ASK_AGAIN)
        if woken is not None and timeout is not None and timeout <= timedelta(0):
            self._ring(woken)
            return
        try:
            await workflow.wait_condition(
                self._asked,
                timeout=timeout,
                timeout_summary=f"{woken.label}, at the end of {due_day(woken.at):%d/%m/%Y}"
                if woken
                else None,
            )
        except TimeoutError:
            if woken is not None:
                self._ring(woken)

    def _overdue(self) -> bool:
        """Whether a deadline has passed that nobody was there to ring for."""
        woken = self.alarm
        rang = self._rang_at == self.opened.version
        return woken is not None and not rang and woken.at <= self.now()

    def _ring(self, woken: Alarm | None) -> None:
        """The clock asks, through the same door as everybody, and before whoever came later.

        What is told after a deadline does not undo it, however long both lay waiting.
        """
        assert woken is not None
        version = self._rang_at = self.opened.version
        envelope = woken.rings(self._life.stream, version, self.now())
        self._queue.insert(0, (Ask(envelope=envelope), None))

    async def _record(self, asks: tuple[Ask, ...]) -> Recorded:
        kinds = ", ".join(sorted({ask.envelope.command.kind for ask in asks})) or "read on"
        return await workflow.execute_activity_method(
            Recorder.record,
            Batch(
                stream=self._life.stream,
                after=self.opened.version,
                now=self.now(),
                asks=asks,
                timeline=self.opened.timeline,
                voucher=self.opened.voucher,
            ),
            task_queue=RECORD_QUEUE,
            start_to_close_timeout=_PATIENCE,
            retry_policy=_FOR_EVER,
            summary=f"{kinds} after version {self.opened.version}",
        )

    def _astray(self, recorded: Recorded) -> bool:
        """Whether our fold is not the record's any more, so that the case has to be read anew.

        The record was restored to an earlier point, or the case began under another law than the
        one it was opened with.
        """
        ours = self.opened
        pinned = getattr(self.state, "policy", ours.policy.version)
        theirs = (recorded.version, recorded.timeline, pinned)
        return theirs != (ours.version, ours.timeline, ours.policy.version)


def _length_of_history() -> MetricHistogram:
    """How long the histories are with which cases take their turns; nothing while they replay."""
    return workflow.metric_meter().create_histogram(HISTORY_METRIC, "events of a case's own run")
