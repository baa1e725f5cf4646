"""What one command needs of the servers: the record to read, the clock, and a way to decide."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Engine

from domain import officials, restore
from domain.inbox import waits
from domain.policy import Policy
from domain.programme_forms import Running
from domain.project import Registered, RegisterProject
from domain.question_forms import RaiseQuestion
from domain.recording import Accepted, Ask, Batch, Denied
from domain.refusal import Refused
from domain.registry import Registry
from domain.streams import Envelope, Fact, State, initial, replay
from domain.travel import NOW, View
from domain.values import StreamId, UnitCode, value
from domain.waits import Wait
from stack import endpoints, home
from stack.logins import Role
from storage import log, queries
from storage.failpoints import FailPoint, reach
from storage.travel import Picture

if TYPE_CHECKING:
    from temporalio.client import Client

    from office.sealing import Sight
    from storage.outside import Outside
    from storage.pinned import Law
    from workflows.case import Receipt

_T = TypeVar("_T")
_WITHOUT_WORKFLOW = ("programme/", "capital/", "record/", "officials/")
_BEGINS = (RegisterProject, RaiseQuestion)
_FIRST_SECONDS = timedelta(seconds=3)
"""A decision takes a tenth of one; whoever is not answered by then may find nobody working."""


@value
class Decided:
    """Where a decision stands in the record, and what its case waits for now."""

    decision_id: str
    stream: StreamId
    version: int
    position: int
    waits: tuple[Wait, ...]
    repeated: bool = False


class Session:
    """The record and the door, for as long as one command runs."""

    def __init__(self, at: Path, engine: Engine) -> None:
        self.home = at
        self.engine = engine
        self.now = queries.clock(engine).now(datetime.now(UTC))
        """What the programme clock showed when the command began."""

    def picture(self, view: View = NOW) -> Picture:
        """What the record shows, now or as of other times."""
        return Picture(self.engine, view, self.now)

    def picture_now(self) -> Picture:
        """What the record shows at this moment, however long the session has lasted."""
        return Picture(self.engine, NOW, queries.clock(self.engine).now(datetime.now(UTC)))

    def units(self) -> frozenset[UnitCode]:
        """Every unit that a case of the record belongs to."""
        found: set[UnitCode] = set()
        for standing in queries.standings(self.engine, "programme"):
            if isinstance(standing.state, Running):
                cohorts = standing.state.cohorts.values()
                found |= {row.district for cohort in cohorts for row in cohort.communes.values()}
        for standing in queries.standings(self.engine, "project"):
            if isinstance(standing.state, Registered):
                units = standing.state.charter.units
                found |= {units.commune, units.district, units.city}
        return frozenset(found)

    def acted_at(self, stream: StreamId, decision_id: str) -> datetime | None:
        """When a recorded decision was made: whoever repeats it repeats that moment too."""
        for entry in queries.entries(self.engine, stream):
            if entry.fact.decision_id == decision_id:
                return entry.fact.act.at
        return None

    def sight(self, stream: StreamId) -> "Sight | None":
        """What whoever decides on a stream has seen; None while no registry is founded."""
        from office.sealing import Sight

        found = queries.standing(self.engine, officials.STREAM)
        if found is None or not isinstance(found.state, Registry):
            return None
        version, end = queries.head(self.engine, stream)
        return Sight(
            registry=found.state, registry_version=found.version, version=version, hash=end
        )

    def before(self, stream: StreamId, decision_id: str | None) -> State:
        """A stream as it stands; if a recorded decision is named, as it stood before that."""
        facts: list[Fact] = []
        for entry in queries.entries(self.engine, stream):
            if decision_id is not None and entry.fact.decision_id == decision_id:
                break
            facts.append(entry.fact)
        return replay(facts, initial(stream))

    def waits_of(self, stream: StreamId, decision_id: str | None = None) -> tuple[Wait, ...]:
        """What a case waits for; if a recorded decision is named, what it waited for before it."""
        before: list[Fact] = []
        for entry in queries.entries(self.engine, stream) if decision_id else ():
            if entry.fact.decision_id == decision_id:
                state = replay(before, initial(stream))
                return waits(state, self._law().of(state))
            before.append(entry.fact)
        return queries.waits_of(self.engine, stream)

    def law_of(self, stream: StreamId) -> Policy:
        """The law that a case is judged by."""
        found = queries.standing(self.engine, stream)
        return self._law().of(found.state if found else initial(stream))

    def _law(self) -> "Law":
        from storage import policies
        from storage.pinned import Law

        return Law(self.engine, policies.load())

    def decide(self, envelope: Envelope, patience: timedelta) -> Decided:
        """Have a decision recorded. Raises `Refused`, or what `office.door` raises.

        What is on record already is answered from there: its case may have ended since. A stream
        without a workflow is decided at the record itself.
        """
        if queries.is_decided(self.engine, envelope.decision_id):
            decided = self._record(envelope, repeated=True)
            if isinstance(envelope.command, _BEGINS):
                self._begin(envelope)
            return decided
        if self.has_workflow(envelope):
            return self._ask_or_find(envelope, patience)
        if isinstance(envelope.command, _BEGINS):
            return self._begin(envelope)
        return self._record(envelope)

    def has_workflow(self, envelope: Envelope) -> bool:
        """Whether a workflow takes this decision, or the record itself."""
        begins = isinstance(envelope.command, _BEGINS)
        return not begins and not envelope.stream.startswith(_WITHOUT_WORKFLOW)

    def leave(self, envelope: Envelope) -> None:
        """Send a decision without waiting; it is durable on return."""
        from office import door

        self.talk(lambda client: door.leave(client, envelope))

    def talk(self, say: Callable[["Client"], Awaitable[_T]]) -> _T:
        """Connect to Temporal and say something to it."""
        return talk(self.home, say)

    def recorder(self) -> AbstractContextManager[Engine]:
        """The record with the rights to add to it; a session has only those to read."""
        return _engine(self.home, "recorder")

    def outside(self) -> "Outside":
        """The checkpoints that are kept outside of the database."""
        from storage.outside import Outside

        return Outside(self.home, home.other_media())

    def examine(self, seen: Iterable[Batch] = ()) -> restore.Standing:
        """Whether the record is trusted; that it was restored is put on record, if it is news.

        `seen` are cases as far as their workflows have seen them.
        """
        from storage import policies
        from storage.record import Record

        with self.recorder() as engine:
            record = Record(engine, policies.load(), self.outside())
            for batch in seen:
                record.decide(batch)
            return record.examine(self.now)

    def _ask_or_find(self, envelope: Envelope, patience: timedelta) -> Decided:
        from office import door

        try:
            return self._ask(envelope, patience)
        except door.NoCase:
            # The answer may have been lost on its way, and the case have ended with the decision.
            if queries.is_decided(self.engine, envelope.decision_id):
                return self._record(envelope, repeated=True)
            raise

    def _ask(self, envelope: Envelope, patience: timedelta) -> Decided:
        from office import door

        receipt = self.talk(lambda client: _attended(client, envelope, patience))
        if not queries.is_decided(self.engine, envelope.decision_id):
            # Whoever answered in the record's place is not the record.
            raise door.Contradicted(
                f"decision {envelope.decision_id} is not on record, though Temporal answers that"
                " it is: somebody answers in the record's place"
            )
        return Decided(
            decision_id=receipt.decision_id,
            stream=envelope.stream,
            version=receipt.version,
            position=receipt.position,
            waits=receipt.waits,
        )

    def _begin(self, envelope: Envelope) -> Decided:
        """Record a new case, then start its workflow. Without Temporal nothing is recorded."""
        from office import door
        from office.resume import summary

        async def run(client: "Client") -> Decided:
            decided = self._record(envelope)
            reach(FailPoint.REGISTERED)
            standing = queries.standing(self.engine, envelope.stream)
            assert standing is not None
            if standing.is_open:
                await door.begin(client, envelope.stream, summary(standing.state))
            return decided

        return self.talk(run)

    def _record(self, envelope: Envelope, *, repeated: bool = False) -> Decided:
        from storage import policies
        from storage.record import Record

        batch = Batch(stream=envelope.stream, after=0, now=self.now, asks=(Ask(envelope=envelope),))
        with self.recorder() as engine:
            record = Record(engine, policies.load(), self.outside())
            outcome = record.decide(batch).outcomes[0]
        match outcome:
            case Accepted(version=version, position=position):
                return Decided(
                    decision_id=envelope.decision_id,
                    stream=envelope.stream,
                    version=version,
                    position=position,
                    waits=queries.waits_of(self.engine, envelope.stream),
                    repeated=repeated,
                )
            case Denied(rule=rule, because=because):
                raise Refused(rule, because)


async def _attended(client: "Client", envelope: Envelope, patience: timedelta) -> "Receipt":
    """Ask; if the first seconds bring no answer, see whether anybody is there to give one.

    Raises what `office.door.ask` raises, and `Unattended`.
    """
    from office import door, engine

    asking = asyncio.ensure_future(door.ask(client, envelope, patience))
    try:
        await asyncio.wait({asking}, timeout=_FIRST_SECONDS.total_seconds())
        queues = () if asking.done() else await engine.unattended(client)
        if queues and not asking.done():
            raise door.Unattended(f"no worker asks for work: {', '.join(queues)}")
        return await asking
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


def talk(at: Path, say: Callable[["Client"], Awaitable[_T]]) -> _T:
    """Connect to the Temporal that the environment or this home names, and say something to it."""
    from office import door

    config = endpoints.temporal_config(at)

    async def run() -> _T:
        return await say(await door.connect(config, door.quiet_runtime()))

    return asyncio.run(run())


@contextmanager
def open_session(at: Path) -> Iterator[Session]:
    """A session with the servers that the environment or this home names.

    It reads with a reader's rights; what it records itself, it records as the worker does.
    """
    with _engine(at, "reader") as engine:
        yield Session(at, engine)


@contextmanager
def _engine(at: Path, role: Role) -> Iterator[Engine]:
    engine = log.engine(endpoints.database_url(at, role))
    try:
        yield engine
    finally:
        engine.dispose()
