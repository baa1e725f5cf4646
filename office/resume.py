"""Starts a workflow for every open case of the record that has none: after a loss, or an import."""

import asyncio
from collections.abc import Callable

from sqlalchemy import Engine
from temporalio.client import Client

from domain.clearance import Clearing
from domain.payment import Submitted
from domain.project import Registered
from domain.streams import State
from office import door
from storage import queries

_AT_ONCE = 8
ROOMS = ("project", "clearance", "payment")


async def resume(client: Client, engine: Engine, told: Callable[[int, int], None]) -> int:
    """Start what is open; harmless for what lives. Calls `told(done, all)`; returns how many."""
    cases = [
        standing for room in ROOMS for standing in queries.standings(engine, room, open_only=True)
    ]
    gate = asyncio.Semaphore(_AT_ONCE)
    done = 0

    async def start(case: queries.Standing) -> None:
        nonlocal done
        async with gate:
            await door.begin(client, case.stream, summary(case.state))
        done += 1
        told(done, len(cases))

    async with asyncio.TaskGroup() as group:
        for case in cases:
            group.create_task(start(case))
    return len(cases)


def summary(state: State) -> str:
    """One line for the Web UI's list: what this case is about."""
    match state:
        case Registered():
            return state.charter.name
        case Clearing():
            return f"Clearance {state.section}, {state.charter.name}"
        case Submitted():
            return f"{state.payment_kind}, {state.cash:,} đồng, {state.charter.name}"
        case _:
            return state.kind
