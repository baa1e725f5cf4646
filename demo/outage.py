"""What keeps decisions from being taken, and what its operator can do about it."""

import asyncio
from collections.abc import Collection

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError

from domain.values import StreamId
from language.catalogue import mark, plural, tr
from office import door, engine
from office.reconcile import at_once
from office.resume import ROOMS
from storage import log, queries
from workflows.case import WORKFLOW_QUEUE

NO_POSTGRES = mark("PostgreSQL does not answer: run `ntm up` in another window")
_NO_TEMPORAL = mark("Temporal does not answer: run `ntm up` in another window")
_NO_WORKER = mark("no worker asks for work: run `ntm up` in another window")

_LOOK_AGAIN = 0.5
_LOOKS = 16

NO_ANSWER = (door.NoCase, door.Pending, door.Unreachable, log.Unavailable, log.Conflict, RPCError)
"""Nothing is known to have happened. The same decision id may be sent again."""


async def missing(client: Client, record: Engine, beginning: Collection[StreamId]) -> str:
    """What is missing, for people, with the command that brings it back; nothing if all is well.

    Cases that are `beginning` are on record and have no workflow yet: nobody has lost it.
    """
    try:
        return await _missing(client, record, beginning)
    except log.Unavailable:
        return tr(NO_POSTGRES)
    except (door.Unreachable, RPCError):
        return tr(_NO_TEMPORAL)


async def _missing(client: Client, record: Engine, beginning: Collection[StreamId]) -> str:
    found = await asyncio.to_thread(queries.open_cases, record, ROOMS)
    streams = tuple(stream for stream in found if stream not in beginning)
    served = await engine.pollers(client, WORKFLOW_QUEUE)
    without = await _without_workflow(client, streams)
    for _ in range(_LOOKS):
        if not without:
            break
        # A child is started a moment after the decision that asks for it.
        await asyncio.sleep(_LOOK_AGAIN)
        without = await _without_workflow(client, without)
    # What has ended meanwhile in the record as well is not missed.
    open_still = await asyncio.to_thread(queries.open_cases, record, ROOMS) if without else ()
    lost = len(set(without) & set(open_still))
    if lost:
        return plural(
            "{n} case has lost its workflow: run `ntm resume` in another window",
            "{n} cases have lost their workflows: run `ntm resume` in another window",
            lost,
        )
    return "" if served else tr(_NO_WORKER)


async def _without_workflow(client: Client, streams: tuple[StreamId, ...]) -> tuple[StreamId, ...]:
    cases = await at_once(lambda stream: engine.living(client, stream), streams)
    return tuple(
        stream for stream, case in zip(streams, cases, strict=True) if case is None or not case.runs
    )
