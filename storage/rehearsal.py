"""Decisions tried one after another on what the record holds at one moment; nothing is kept.

The rules are the record's own; signatures alone are not looked at. What was tried before counts for
what comes after, so that a ceiling is used up here as it would be there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection, Engine, select

from domain import officials, restore
from domain.addresses import check_address
from domain.calendar import local_day
from domain.inbox import waits
from domain.payment import Submitted
from domain.policy import Policy
from domain.positions import Capital
from domain.recording import admit, check_said, consequences, known_now
from domain.refusal import Refused, Rule
from domain.registry import Standing
from domain.streams import Envelope, State, evolve, initial
from domain.text import check_text
from domain.values import StreamId, Vnd, value
from domain.waits import Wait
from storage import codec, guard, log, queries, tables
from storage.pinned import Law


@value
class Effect:
    """What a decision would do, or why it would be refused.

    `pinned` is the law that judged its case before, if any did; `before` and `waits` are what the
    case waited for, and waits for afterwards; `left` is what may still be paid to its project
    in each year's plan that it touched, đồng.
    """

    envelope: Envelope
    rule: Rule | None = None
    because: str = ""
    pinned: str = ""
    events: tuple[str, ...] = ()
    before: tuple[Wait, ...] = ()
    waits: tuple[Wait, ...] = ()
    left: tuple[tuple[StreamId, Vnd], ...] = ()


class Rehearsal:
    """One moment of the record, and what would become of it."""

    def __init__(self, connection: Connection, law: Law, now: datetime) -> None:
        self._connection = connection
        self._states: dict[StreamId, State] = {}
        self._standing = guard.read(connection)[1]
        self.law = law
        self.now = now

    @property
    def today(self) -> date:
        return local_day(self.now)

    def inbox(self) -> tuple[Wait, ...]:
        """Every open wait of that moment, the most urgent first."""
        table = tables.inbox.c
        query = select(table.body).order_by(table.due.nulls_last(), table.stream, table.key)
        return tuple(map(codec.WAIT.validate_json, self._connection.execute(query).scalars()))

    def open_cases(self, rooms: tuple[str, ...]) -> tuple[StreamId, ...]:
        """The streams of some kinds that are under way."""
        table = tables.states.c
        query = select(table.stream).where(table.room.in_(rooms), table.is_open)
        return tuple(self._connection.execute(query.order_by(table.stream)).scalars())

    def state(self, stream: StreamId) -> State:
        """A stream as it would stand by now."""
        if stream not in self._states:
            query = select(tables.states).where(tables.states.c.stream == stream)
            row = self._connection.execute(query).one_or_none()
            found = initial(stream) if row is None else queries.standing_of(row).state
            self._states[stream] = found
        return self._states[stream]

    def play(self, envelope: Envelope) -> Effect:
        """What the record would answer, were everything played so far recorded."""
        kept = dict(self._states)
        pinned = getattr(self.state(envelope.stream), "policy", "")
        before = self._waits(envelope.stream)
        try:
            events = tuple(self._played(envelope))
        except Refused as refused:
            self._states = kept
            return Effect(envelope=envelope, rule=refused.rule, because=refused.because)
        return Effect(
            envelope=envelope,
            pinned=pinned,
            events=tuple(kind for _, kind in events),
            before=before,
            waits=self._waits(envelope.stream),
            left=tuple(self._left(envelope, dict(events))),
        )

    def _played(self, envelope: Envelope) -> Iterator[tuple[StreamId, str]]:
        if isinstance(self._standing, restore.Restored):
            raise guard.refusal(self._standing)
        check_text(envelope)
        check_address(envelope)
        check_said(envelope.act)
        state, people = self.state(envelope.stream), self.state(officials.STREAM)
        assert isinstance(people, Standing)
        law = self.law.over(envelope.command, state)
        admit(envelope, state, law, people, now=self.now, today=self.now)
        act = known_now(envelope.act, people, self.now)
        for stream, event in consequences(envelope, act, self.state, self.law.judging):
            self._states[stream] = evolve(self.state(stream), event, act)
            yield stream, event.kind

    def _waits(self, stream: StreamId) -> tuple[Wait, ...]:
        state = self.state(stream)
        return waits(state, self.law.of(state))

    def _left(
        self, envelope: Envelope, touched: dict[StreamId, str]
    ) -> Iterator[tuple[StreamId, Vnd]]:
        paid = self.state(envelope.stream)
        for stream in touched:
            plan = self.state(stream)
            if isinstance(paid, Submitted) and isinstance(plan, Capital):
                position = plan.positions[paid.charter.project]
                yield stream, position.payable(local_day(envelope.act.at))


@contextmanager
def rehearsal(engine: Engine, policy: Policy, now: datetime) -> Iterator[Rehearsal]:
    """A rehearsal on one snapshot of the record; `policy` is the law in force at this moment."""
    with log.look(engine) as connection:
        still = connection.execution_options(isolation_level="REPEATABLE READ")
        with still.begin():
            yield Rehearsal(still, Law(engine, policy), now)
