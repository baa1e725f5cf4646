"""What holds a case up, and what happens by itself if nobody does anything about it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, TypeAlias

from domain import clearance, stall
from domain.calendar import due_day
from domain.clearance import Clearing
from domain.law import Trigger
from domain.policy import Policy
from domain.stall import PauseCause
from domain.values import Post, StreamId, value
from domain.waits import IfIgnored, Task, Wait

_BESIDE_THE_WAY = frozenset(
    {
        Task.ANSWER_ESCALATION,
        Task.RESUME_CLOCK,
        Task.RECOVER_ADVANCE,
        Task.CALL_IN_ADVANCE,
        Task.SURRENDER_ADVANCE,
        Task.EXTEND_GUARANTEE,
        Task.RETURN_OVERPAID,
        Task.RELEASE_RETENTION,
    }
)
"""Owed, but nothing else waits for it: a letter asks why a case stands, and is not the reason."""

_OF_ITSELF = frozenset(
    {
        IfIgnored.OVERDUE_NOTICE,
        IfIgnored.CALLED_IN,
        IfIgnored.TO_BUDGET,
        IfIgnored.UNSECURED,
        IfIgnored.MADE_PUBLIC,
    }
)
"""What follows the end of a limit without anybody's decision; a ladder has its own days."""


@value
class RungComes:
    """The section's ladder: who is written to, and for which trigger."""

    at: datetime
    stream: StreamId
    level: int
    name: str
    name_vi: str
    addressee: Post
    trigger: Trigger
    kind: Literal["RungComes"] = "RungComes"


@value
class LimitEnds:
    """The limit of a wait ends, with the consequence that the law has for it."""

    at: datetime
    stream: StreamId
    wait: Wait
    kind: Literal["LimitEnds"] = "LimitEnds"


@value
class ClockGoesOn:
    """Another body's time to reply is over, and the section's days count again."""

    at: datetime
    stream: StreamId
    cause: PauseCause
    kind: Literal["ClockGoesOn"] = "ClockGoesOn"


Coming: TypeAlias = RungComes | LimitEnds | ClockGoesOn


def blocking(waits: Iterable[Wait]) -> tuple[Wait, ...]:
    """The waits that hold a case up, the oldest first; those only owed, if there are no others."""
    by_age = sorted(waits, key=lambda wait: (wait.since, wait.stream, wait.key))
    on_the_way = tuple(wait for wait in by_age if wait.task not in _BESIDE_THE_WAY)
    return on_the_way or tuple(by_age)


def coming(
    waits: Iterable[Wait],
    sections: Iterable[tuple[StreamId, Clearing, Policy]],
    now: datetime,
) -> tuple[Coming, ...]:
    """What happens by itself, the soonest first.

    A rung whose moment has come already is among it, as long as nobody has recorded it.
    """
    limits = (
        LimitEnds(at=wait.due, stream=wait.stream, wait=wait)
        for wait in waits
        if wait.due is not None and wait.due > now and wait.if_ignored in _OF_ITSELF
    )
    ladder = (one for section in sections for one in _of_section(*section))
    return tuple(sorted((*limits, *ladder), key=lambda one: (one.at, one.stream)))


def _of_section(stream: StreamId, clearing: Clearing, policy: Policy) -> Iterator[Coming]:
    watch = clearance.watch(clearing, policy)
    reached = stall.next_rung(clearing.stall, watch, policy)
    if reached is not None:
        rung = reached.rung
        post = Post(role=rung.addressee_role, unit=watch.units.at(rung.addressee_level))
        yield RungComes(
            at=reached.at,
            stream=stream,
            level=rung.level,
            name=rung.name,
            name_vi=rung.name_vi,
            addressee=policy.successor(post, due_day(reached.at)),
            trigger=reached.concern.trigger,
        )
    pause = clearing.stall.pause
    if pause is not None and pause.reply_due is not None:
        yield ClockGoesOn(at=pause.reply_due.at, stream=stream, cause=pause.cause)
