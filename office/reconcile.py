"""Compares what the record waits for with what Temporal runs, both ways, and brings them together.

A list only says where to look: every difference is read again by its workflow id, and once more
after a pause, before it is told or acted upon.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Literal, TypeVar

from sqlalchemy import Engine
from temporalio.client import Client

from domain.restore import Restore
from domain.values import StreamId, value
from office import door, engine
from office.resume import ROOMS, summary
from storage import queries
from storage.queries import Standing
from workflows.case import WORKFLOW_QUEUE

Kind = Literal[
    "missing", "ended", "unknown", "behind", "ahead", "differs", "silent", "wrong-kind", "no-worker"
]

_T = TypeVar("_T")
_AT_ONCE = 8
_SETTLES = timedelta(seconds=1)
"""What is under way is no difference: a child about to start, a case about to end."""

_REPAIR_TAKES = 10
_WORKER_TAKES = 3
_RUNNING = "ExecutionStatus = 'Running'"


@value
class Difference:
    """Where record and engine disagree about one case; versions where they are known."""

    kind: Kind
    stream: StreamId
    record: int | None = None
    engine: int | None = None
    about: str = ""


@value
class Comparison:
    """How many cases were looked at, what was repaired, and what differs still.

    `restored` is what two officials have yet to accept, if the record was restored.
    """

    cases: int
    repaired: tuple[Difference, ...]
    differences: tuple[Difference, ...]
    restored: Restore | None = None


async def reconcile(client: Client, record: Engine, *, repair: bool) -> Comparison:
    """Look at every case on either side; with `repair`, start and nudge, and look again."""
    streams = await _streams(client, record)
    asks = await _served(client)
    nobody = Difference(kind="no-worker", stream=StreamId(""), about=WORKFLOW_QUEUE)
    suspects = await _differences(client, record, streams, asks=asks)
    found = await _confirmed(client, record, suspects, asks=asks)
    if not repair:
        said = found if asks else (nobody, *found)
        return Comparison(cases=len(streams), repaired=(), differences=said)
    for difference in found:
        await _repair(client, record, difference)
    left = found
    for _ in range(_REPAIR_TAKES):
        asks = await _served(client)
        left = await _confirmed(client, record, left, asks=asks)
        if not left or not asks:
            break
    still = {difference.stream for difference in left}
    done = tuple(one for one in found if one.stream not in still)
    return Comparison(
        cases=len(streams), repaired=done, differences=left if asks else (nobody, *left)
    )


async def look(
    client: Client, record: Engine, stream: StreamId, *, asks: bool = True
) -> Difference | None:
    """One case on both sides, by its id; `asks` whether somebody is there to answer queries."""
    standing = await asyncio.to_thread(queries.standing, record, stream)
    living = await engine.living(client, stream)
    version = standing.version if standing else 0
    if living is None or not living.runs:
        if standing is None or not standing.is_open:
            return None
        ended = "never started, or lost" if living is None else living.status
        return Difference(kind="missing", stream=stream, record=version, about=ended)
    wanted = door.kind_of(stream)
    if living.kind != wanted:
        about = f"{living.kind}, not {wanted}"
        return Difference(kind="wrong-kind", stream=stream, record=version or None, about=about)
    if standing is None:
        return Difference(kind="unknown", stream=stream, about=living.kind)
    if not standing.is_open:
        return Difference(kind="ended", stream=stream, record=version, about=standing.state.kind)
    if not asks:
        return None
    timeline = await asyncio.to_thread(queries.timeline, record)
    return await _compare(client, standing, timeline)


async def _compare(client: Client, standing: Standing, timeline: int) -> Difference | None:
    """An open case with its workflow: the same version, and at that version the same state?"""
    stream = standing.stream
    seen = await engine.seen(client, stream)
    if seen is None:
        return Difference(kind="silent", stream=stream, record=standing.version)
    held, on = seen
    if held == standing.version and on != timeline:
        # A restore was accepted since: the same number may be another event.
        about = f"timeline {on}, not {timeline}"
        return Difference(
            kind="behind", stream=stream, record=standing.version, engine=held, about=about
        )
    if held != standing.version:
        kind: Kind = "behind" if held < standing.version else "ahead"
        return Difference(kind=kind, stream=stream, record=standing.version, engine=held)
    state = await engine.state(client, stream)
    if state is None:
        return Difference(kind="silent", stream=stream, record=standing.version)
    if state == standing.state:
        return None
    return Difference(kind="differs", stream=stream, record=standing.version, engine=held)


async def _streams(client: Client, record: Engine) -> tuple[StreamId, ...]:
    """Every id to look at: open in the record, or running as far as visibility knows."""
    ours = await asyncio.to_thread(queries.open_cases, record, ROOMS)
    theirs = [found.stream async for found in engine.listed(client, _RUNNING)]
    return tuple(sorted({*ours, *theirs}))


async def _served(client: Client) -> bool:
    """Whether a worker asks for work; after a restart it takes a few seconds to come back."""
    for _ in range(_WORKER_TAKES):
        if await engine.pollers(client, WORKFLOW_QUEUE):
            return True
        await asyncio.sleep(1.0)
    return False


async def _differences(
    client: Client, record: Engine, streams: Iterable[StreamId], *, asks: bool
) -> tuple[Difference, ...]:
    found = await at_once(lambda stream: look(client, record, stream, asks=asks), streams)
    return tuple(one for one in found if one is not None)


async def _confirmed(
    client: Client, record: Engine, suspects: Iterable[Difference], *, asks: bool
) -> tuple[Difference, ...]:
    """What is still different a little later; what the first look saw may have been under way."""
    streams = [one.stream for one in suspects if one.stream]
    if not streams:
        return ()
    await asyncio.sleep(_SETTLES.total_seconds())
    return await _differences(client, record, streams, asks=asks)


async def _repair(client: Client, record: Engine, difference: Difference) -> None:
    """Start what is missing, have read on what lags, have read anew what holds another state.

    What the record does not know, and what runs under a wrong kind, is for a person to judge.
    """
    match difference.kind:
        case "missing":
            standing = await asyncio.to_thread(queries.standing, record, difference.stream)
            if standing is not None and standing.is_open:
                await door.begin(client, difference.stream, summary(standing.state))
        case "behind" | "ahead" | "ended":
            await engine.tell(client, difference.stream, "nudge")
        case "differs":
            await engine.tell(client, difference.stream, "reread")
        case _:
            return


async def at_once(
    do: Callable[[StreamId], Awaitable[_T]], streams: Iterable[StreamId]
) -> tuple[_T, ...]:
    """The same for many cases, some at a time; the first failure is raised as it is."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(stream: StreamId) -> _T:
        async with gate:
            return await do(stream)

    return tuple(await asyncio.gather(*map(one, streams)))
