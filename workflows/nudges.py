"""Nudges: a case whose events have moved other streams has their workflows read on."""

import asyncio
from collections.abc import Iterable

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.entailment import entails
from domain.streams import Fact, State
from domain.values import StreamId

# Whom each kind of case tells that it moved them. A project tells nobody: it moves only what it
# begins, and what has begun and ended since is not in its fold.
_TOLD_BY = {
    "clearance": ("project/",),
    "payment": ("project/",),
    "question": ("clearance/", "question/"),
}


def moved_elsewhere(stream: StreamId, state: State, facts: Iterable[Fact]) -> set[StreamId]:
    """The streams of other cases that the events of this one have moved."""
    told = _TOLD_BY.get(stream.partition("/")[0])
    if told is None:
        return set()
    return {
        moved for fact in facts for moved, _ in entails(state, fact.event) if moved.startswith(told)
    }


async def nudge(streams: Iterable[StreamId]) -> None:
    """Tell cases to read on: all in one go, for a directive may concern hundreds."""
    await asyncio.gather(*(_nudge(stream) for stream in sorted(streams)))


async def _nudge(stream: StreamId) -> None:
    try:
        await workflow.get_external_workflow_handle(stream).signal("nudge")
    except ApplicationError:
        # Its workflow has ended or is yet to be resumed; either way it reads the record.
        workflow.logger.info("nobody to nudge", extra={"stream": stream})
