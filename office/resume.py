"""Starts a workflow for every open case of the record that has none: after a loss, or an import.

A case needs nothing but its record: the workflow reads state, law and clock from there, and so
every deadline is the moment it was. What was sent, paid or decided is known by its key in the
record, and is not done again.
"""

import asyncio
from collections.abc import Callable

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.clearance import Clearing
from domain.payment import Submitted
from domain.project import Registered
from domain.question import Asked
from domain.streams import State
from domain.values import StreamId, value
from domain.wording import CAUSES, PAYMENT_KINDS, dong, said
from office import door
from storage import queries
from storage.failpoints import FailPoint, reach

_AT_ONCE = 8
_TRIES = 5
ROOMS = ("project", "clearance", "payment", "question")


@value
class Resumed:
    """How many cases are open, how many were started now, and which could not be."""

    open_cases: int
    started: int
    failed: tuple[StreamId, ...] = ()


async def resume(client: Client, engine: Engine, told: Callable[[int, int], None]) -> Resumed:
    """Start what is open; harmless for what lives. Calls `told(done, all)`.

    One case that cannot be started holds up no other.
    """
    streams = queries.open_cases(engine, ROOMS)
    gate = asyncio.Semaphore(_AT_ONCE)
    failed: list[StreamId] = []
    done = started = 0

    async def start(stream: StreamId) -> None:
        nonlocal done, started
        async with gate:
            # Read when its turn comes: it may have ended since the list was made.
            case = await asyncio.to_thread(queries.standing, engine, stream)
            try:
                begun = case is not None and case.is_open and await _begin(client, case)
            except RPCError:
                failed.append(stream)
            else:
                # Not with the await on one line: that would add to a count of before the wait.
                started += begun
                reach(FailPoint.RESUMED_ONE)
        done += 1
        told(done, len(streams))

    await asyncio.gather(*map(start, streams))
    return Resumed(open_cases=len(streams), started=started, failed=tuple(sorted(failed)))


async def _begin(client: Client, case: queries.Standing) -> bool:
    """Start one, through the short absences of a server that has just come up."""
    for pause in range(_TRIES - 1):
        try:
            return await door.begin(client, case.stream, summary(case.state))
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                # No case could be started here; to list them all would hide why.
                raise door.Unreachable(f"Temporal has no namespace {client.namespace!r}") from None
            if error.status not in door.PASSING:
                raise
            await asyncio.sleep(0.2 * 2**pause)
    return await door.begin(client, case.stream, summary(case.state))


def summary(state: State) -> str:
    """One line for the Web UI's list: what this case is about."""
    match state:
        case Registered():
            return state.charter.name
        case Clearing():
            return f"GPMB · clearance {state.section}, {state.charter.name}"
        case Submitted():
            kind = said(PAYMENT_KINDS, state.payment_kind)
            return f"{kind}, {dong(state.cash)}, {state.charter.name}"
        case Asked():
            sections = len({(one.project, one.section) for one in state.concerns})
            cause = said(CAUSES, state.cause)
            return f"Kiến nghị · question {state.question}: {cause}; {sections} đoạn · sections"
        case _:
            return state.kind
