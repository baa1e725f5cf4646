"""What keeps decisions from being taken, and what its operator can do about it."""

import asyncio

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError

from office import door, engine
from office.reconcile import at_once
from office.resume import ROOMS
from storage import log, queries
from workflows.case import WORKFLOW_QUEUE

NO_POSTGRES = "PostgreSQL không trả lời: chạy `ntm up` · does not answer: run `ntm up`"
_NO_TEMPORAL = "Temporal không trả lời: chạy `ntm up` · does not answer: run `ntm up`"
_NO_WORKER = "không có worker: chạy `ntm up` · no worker asks: run `ntm up`"

NO_ANSWER = (door.NoCase, door.Pending, door.Unreachable, log.Unavailable, log.Conflict, RPCError)
"""Nothing is known to have happened. The same decision id may be sent again."""


async def missing(client: Client, record: Engine) -> str:
    """What is missing, for people, with the command that brings it back; nothing if all is well."""
    try:
        streams = await asyncio.to_thread(queries.open_cases, record, ROOMS)
    except log.Unavailable:
        return NO_POSTGRES
    try:
        served = await engine.pollers(client, WORKFLOW_QUEUE)
        cases = await at_once(lambda stream: engine.living(client, stream), streams)
    except (door.Unreachable, RPCError):
        return _NO_TEMPORAL
    without = sum(case is None or not case.runs for case in cases)
    if without:
        return (
            f"{without} hồ sơ mất quy trình: chạy `ntm resume` ở cửa sổ khác"
            f" · cases have lost their workflow: run `ntm resume` in another window"
        )
    return "" if served else _NO_WORKER
