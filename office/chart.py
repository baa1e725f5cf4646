"""One case's chart: what it waits for, from the record, and what its workflow does about it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine
from temporalio.client import Client

from domain.calendar import Calendar, local_day
from domain.clearance import Clearing
from domain.streams import question_stream
from domain.values import StreamId, value
from domain.waits import Wait
from office import engine as temporal
from office import reconcile
from office.engine import Living
from office.reconcile import Difference
from office.resume import ROOMS
from storage import policies, queries


@value
class Waiting:
    """A wait, how many working days it has lasted, and whether it is overdue."""

    wait: Wait
    working_days: int | None
    overdue: bool


@value
class Chart:
    """What the record knows of a case and, if Temporal could be asked, its workflow."""

    stream: StreamId
    version: int
    is_open: bool
    waits: tuple[Waiting, ...]
    workflow: Living | None = None
    difference: Difference | None = None

    @property
    def ails(self) -> bool:
        """Whether more is amiss than people who take their time."""
        living = self.workflow
        failing = living is not None and (
            living.task_fails or any(one.failure is not None for one in living.pending)
        )
        return failing or self.difference is not None


def find(record: Engine, name: str) -> StreamId | None:
    """The stream of a case by its name, whole or short, as in `AD01-GT/T1`."""
    for stream in (name, *(f"{room}/{name}" for room in ROOMS)):
        if queries.standing(record, StreamId(stream)) is not None:
            return StreamId(stream)
    return None


def read(record: Engine, stream: StreamId, now: datetime) -> Chart:
    """What the record says: of a section also whom the questions wait for that hold it up."""
    standing = queries.standing(record, stream)
    assert standing is not None
    calendar = policies.load().calendar
    asked = standing.state.ground.awaited() if isinstance(standing.state, Clearing) else ()
    found = [
        wait
        for one in (stream, *map(question_stream, asked))
        for wait in queries.waits_of(record, one)
    ]
    return Chart(
        stream=stream,
        version=standing.version,
        is_open=standing.is_open,
        waits=waited(found, calendar, now),
    )


def waited(waits: Iterable[Wait], calendar: Calendar, now: datetime) -> tuple[Waiting, ...]:
    """How long each has lasted, the oldest first."""
    return tuple(
        Waiting(
            wait=wait,
            working_days=working_days(calendar, wait.since, now),
            overdue=wait.due is not None and wait.due <= now,
        )
        for wait in sorted(waits, key=lambda wait: wait.since)
    )


async def workflow(
    client: Client, record: Engine, stream: StreamId
) -> tuple[Living | None, Difference | None]:
    """What Temporal says, and where the two disagree."""
    living = await temporal.living(client, stream)
    return living, await reconcile.look(client, record, stream)


def working_days(calendar: Calendar, since: datetime, now: datetime) -> int | None:
    """Between two moments; None beyond the days that the law's calendar knows."""
    try:
        return calendar.working_days_between(local_day(since), local_day(now))
    except ValueError:
        return None
