"""The programme clock of a rehearsal: set in an empty record, and from there moved forward only."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import Engine
from temporalio.client import Client

from domain.alarms import alarm
from domain.calendar import local_day
from domain.clock import WALL_CLOCK, Clock
from domain.refusal import Refused
from domain.values import StreamId, value
from office import engine
from office.resume import ROOMS
from storage import pinned, policies, queries

_LOOK_AGAIN = 0.1
_LOOKS = 100


@value
class Moved:
    """Where the clock of a rehearsal stands, the open cases, and those it has yet to ring for."""

    now: datetime
    open_cases: int
    unheard: tuple[StreamId, ...]


def check(record: Engine, moment: datetime, real: datetime) -> None:
    """Raise `Refused` where the clock may not be put to a moment.

    A record that was begun by the real calendar is no rehearsal: nobody sets its clock.
    """
    clock = queries.clock(record)
    _, recorded = queries.moments(record)
    if clock == WALL_CLOCK and recorded is not None:
        raise Refused(
            "out_of_turn",
            "DATE: this record was begun by the real calendar and keeps to it; a rehearsal begins"
            " in an empty home (NTM_HOME)",
        )
    if not clock.is_wall_speed:
        raise Refused("out_of_turn", "DATE: this home plays a year of its own (`ntm demo`)")
    now = clock.now(real)
    if clock != WALL_CLOCK and local_day(moment) < local_day(now):
        raise Refused("out_of_turn", f"DATE: it is {now:%Y-%m-%d} already; a rehearsal goes on")


async def move(client: Client, record: Engine, moment: datetime) -> Moved:
    """Put the clock to a moment, at the speed of a wall clock, and wait for what it rings for."""
    real = datetime.now(UTC)
    before = await asyncio.to_thread(queries.clock, record)
    if before != WALL_CLOCK:
        # The day it is already goes on.
        moment = max(moment, before.now(real))
    clock = Clock(origin=moment, started_at=real, rate=1.0, until=moment)
    await asyncio.to_thread(queries.set_clock, record, clock)
    cases = unheard = await reread(client, record)
    for _ in range(_LOOKS):
        unheard = await asyncio.to_thread(_rings, record, unheard, moment)
        if not unheard:
            break
        await asyncio.sleep(_LOOK_AGAIN)
    return Moved(now=moment, open_cases=len(cases), unheard=unheard)


async def reread(client: Client, record: Engine) -> tuple[StreamId, ...]:
    """Have every open case read the record anew, and the clock with it; returns which they are."""
    cases = await asyncio.to_thread(queries.open_cases, record, ROOMS)
    for stream in cases:
        await engine.tell(client, stream, "reread")
    return cases


def _rings(record: Engine, streams: tuple[StreamId, ...], moment: datetime) -> tuple[StreamId, ...]:
    """Cases with a deadline that has passed, and that nobody has heard of yet."""
    law = pinned.Law(record, policies.load())
    standings = (queries.standing(record, stream) for stream in streams)
    bells = (
        (one.stream, alarm(one.state, law.of(one.state)))
        for one in standings
        if one is not None and one.is_open
    )
    return tuple(stream for stream, bell in bells if bell is not None and bell.at <= moment)
