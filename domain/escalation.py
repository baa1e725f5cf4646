"""When clearance stalls: who is pushed, and how hard. One ladder, counted in working days."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Literal, TypeAlias, assert_never

from domain.calendar import end_of, local_day
from domain.policy import Due, Policy, Rung
from domain.refusal import Refused
from domain.values import Act, Post, Units, value

# Commands


@value
class Escalate:
    """The clock asks: has a rung of the ladder been reached?"""

    kind: Literal["Escalate"] = "Escalate"


@value
class AnswerEscalation:
    """The addressee says what will be done."""

    number: int
    answer: str
    kind: Literal["AnswerEscalation"] = "AnswerEscalation"


# Events


@value
class StallDetected:
    """No progress since `since`, for so many working days."""

    since: datetime
    working_days: int
    kind: Literal["StallDetected"] = "StallDetected"


@value
class EscalationRaised:
    """A rung reached at `reached_at`, with the day count that led to it and its paper."""

    number: int
    level: int
    name: str
    reached_at: datetime
    stalled_since: datetime
    working_days: int
    addressee: Post
    document: str
    answer_due: Due
    kind: Literal["EscalationRaised"] = "EscalationRaised"


@value
class EscalationAnswered:
    number: int
    answer: str
    kind: Literal["EscalationAnswered"] = "EscalationAnswered"


# State


@value
class Escalation:
    level: int
    name: str
    raised_at: datetime
    working_days: int
    addressee: Post
    document: str
    answer_due: Due
    answered_at: datetime | None = None


@value
class Stall:
    """Where a section stands on the ladder: level 0 is moving. Progress resets it.

    `progress_at` is when progress was last heard of.
    """

    progress_at: datetime
    level: int = 0
    escalations: Mapping[int, Escalation]


Command: TypeAlias = Escalate | AnswerEscalation
Event: TypeAlias = StallDetected | EscalationRaised | EscalationAnswered


def next_rung(stall: Stall, policy: Policy) -> tuple[Rung, datetime] | None:
    """The next rung and the moment it is reached if nothing moves; None at the top."""
    start = local_day(stall.progress_at)
    rungs = [rung for rung in policy.rungs(start) if rung.level > stall.level]
    if not rungs:
        return None
    days = policy.calendar.working_days_after(start)
    day = next(islice(days, rungs[0].after_working_days - 1, None))
    return rungs[0], end_of(day)


def decide(
    stall: Stall, command: Command, act: Act, units: Units, policy: Policy
) -> tuple[Event, ...]:
    """Raise every rung reached by `act.at`, or take an answer.

    After an outage the missed rungs are raised once each, with their true moments.
    """
    match command:
        case Escalate():
            events: list[Event] = []
            while (found := next_rung(stall, policy)) and found[1] <= act.at:
                rung, reached_at = found
                if stall.level == 0:
                    events.append(
                        StallDetected(since=stall.progress_at, working_days=rung.after_working_days)
                    )
                raised = _raise(stall, rung, reached_at, act, units, policy)
                events.append(raised)
                stall = evolve(stall, raised, act)
            return tuple(events)
        case AnswerEscalation(number=number, answer=answer):
            asked = stall.escalations.get(number)
            if asked is None:
                raise Refused("not_found", f"number: there is no escalation {number} here")
            if asked.answered_at is not None:
                raise Refused("out_of_turn", f"escalation {number} was answered already")
            if act.by != asked.addressee:
                raise Refused("authority", f"{asked.document} is addressed to {asked.addressee}")
            if not answer.strip():
                raise Refused("input", "answer: is empty; say what will be done, and by when")
            return (EscalationAnswered(number=number, answer=answer),)
        case _:
            assert_never(command)


def evolve(stall: Stall, event: Event, act: Act) -> Stall:
    """Apply one event to the ladder."""
    match event:
        case StallDetected():
            return stall
        case EscalationRaised():
            raised = Escalation(
                level=event.level,
                name=event.name,
                raised_at=event.reached_at,
                working_days=event.working_days,
                addressee=event.addressee,
                document=event.document,
                answer_due=event.answer_due,
            )
            return replace(
                stall, level=event.level, escalations={**stall.escalations, event.number: raised}
            )
        case EscalationAnswered(number=number):
            answered = replace(stall.escalations[number], answered_at=act.at)
            return replace(stall, escalations={**stall.escalations, number: answered})
        case _:
            assert_never(event)


def moved(stall: Stall, act: Act) -> Stall:
    """Progress: back to the foot of the ladder, from the day it became known.

    News that comes late breaks the silence on the day it comes; counted from the day it happened,
    it would raise every rung at once against people who have just reported.
    """
    heard_at = act.known_at or act.at
    return replace(stall, progress_at=max(stall.progress_at, heard_at), level=0)


def _raise(
    stall: Stall, rung: Rung, reached_at: datetime, act: Act, units: Units, policy: Policy
) -> EscalationRaised:
    number = len(stall.escalations) + 1
    return EscalationRaised(
        number=number,
        level=rung.level,
        name=rung.name,
        reached_at=reached_at,
        stalled_since=stall.progress_at,
        working_days=rung.after_working_days,
        addressee=Post(role=rung.addressee_role, unit=units.at(rung.addressee_level)),
        document=f"{number:02d}/{rung.document}",
        answer_due=policy.due(rung.answer_within, act.at),
    )
