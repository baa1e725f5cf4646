"""When clearance stalls: who is pushed, and how hard. One ladder, counted in working days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from domain import counting, letters
from domain.calendar import due_day, local_day
from domain.counting import Skipped
from domain.deadlines import Due
from domain.law import Proposal, Trigger
from domain.policy import Policy
from domain.refusal import Refused
from domain.stall import (
    Concern,
    Escalation,
    Reached,
    Reason,
    Stall,
    Told,
    Watch,
    days,
    next_rung,
    reasons,
)
from domain.values import Act, Post, value

# Commands


@value
class Escalate:
    """The clock asks: has a rung of the ladder been reached, or an answer been missed?"""

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
    """The first rung: since when, for so many working days, and for which reasons."""

    since: datetime
    working_days: int
    reasons: tuple[Reason, ...] = ()
    kind: Literal["StallDetected"] = "StallDetected"


@value
class EscalationRaised:
    """A rung reached at `reached_at`, with the day count that led to it and its paper.

    `skipped` are the days since `stalled_since` that did not count; the texts are the letter's, in
    Vietnamese and English, as it was sent.
    """

    number: int
    level: int
    name: str
    reached_at: datetime
    stalled_since: datetime
    working_days: int
    addressee: Post
    document: str
    answer_due: Due
    reasons: tuple[Reason, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    copies: tuple[Post, ...] = ()
    names: tuple[Post, ...] = ()
    proposes: tuple[Proposal, ...] = ()
    reminds: bool = False
    text_vi: str = ""
    text_en: str = ""
    kind: Literal["EscalationRaised"] = "EscalationRaised"


@value
class AnswerOverdue:
    """The addressee has let the date of the answer pass; said once."""

    number: int
    document: str
    addressee: Post
    due: Due
    kind: Literal["AnswerOverdue"] = "AnswerOverdue"


@value
class EscalationAnswered:
    number: int
    answer: str
    kind: Literal["EscalationAnswered"] = "EscalationAnswered"


Command: TypeAlias = Escalate | AnswerEscalation
Event: TypeAlias = StallDetected | EscalationRaised | AnswerOverdue | EscalationAnswered


def decide(
    stall: Stall, command: Command, act: Act, watch: Watch, policy: Policy
) -> tuple[Event, ...]:
    """What the clock finds: rungs reached, answers missed. Or an answer, or `Refused`."""
    match command:
        case Escalate():
            return (*_climb(stall, act, watch, policy), *_remind(stall, act))
        case AnswerEscalation(number=number, answer=answer):
            _may_answer(stall, number, answer, act, policy)
            return (EscalationAnswered(number=number, answer=answer),)
        case _:
            assert_never(command)


def evolve(stall: Stall, event: Event, act: Act) -> Stall:
    """Apply one event to the ladder."""
    match event:
        case StallDetected():
            return stall
        case EscalationRaised():
            return _raised(stall, event)
        case AnswerOverdue(number=number):
            reminded = replace(stall.escalations[number], reminded_at=act.at)
            return replace(stall, escalations={**stall.escalations, number: reminded})
        case EscalationAnswered(number=number, answer=answer):
            answered = replace(
                stall.escalations[number], answered_at=act.at, answered_by=act.by, answer=answer
            )
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


def next_reminder(stall: Stall) -> Escalation | None:
    """The letter whose answer is missed next and has not been asked for again."""
    owed = (asked for asked in stall.escalations.values() if asked.owes_reminder)
    return min(owed, key=lambda asked: asked.answer_due.at, default=None)


def _climb(stall: Stall, act: Act, watch: Watch, policy: Policy) -> Iterator[Event]:
    """Every rung reached by `act.at`: after an outage once each, with their true moments."""
    while (found := next_rung(stall, watch, policy)) and found.at <= act.at:
        why = _reasons(stall, found, watch, policy)
        if stall.level == 0:
            yield StallDetected(
                since=found.concern.since,
                working_days=found.rung.after_working_days,
                reasons=why,
            )
        raised = _raise(stall, found, why, act, watch, policy)
        yield raised
        stall = evolve(stall, raised, act)


def _remind(stall: Stall, act: Act) -> Iterator[Event]:
    for number, asked in stall.escalations.items():
        if asked.owes_reminder and asked.answer_due.at <= act.at:
            yield AnswerOverdue(
                number=number,
                document=asked.document,
                addressee=asked.addressee,
                due=asked.answer_due,
            )


def _reasons(stall: Stall, found: Reached, watch: Watch, policy: Policy) -> tuple[Reason, ...]:
    """All that holds the section at that moment in one letter, what led to it first."""
    concern = found.concern
    holding = reasons(stall, watch, policy, found.at)
    rest = tuple(one for one in holding if not _same(one, concern))
    leading = next((one for one in holding if _same(one, concern)), None)
    first = Reason(
        trigger=concern.trigger,
        about=concern.about,
        since=concern.since,
        until=leading.until if leading else concern.since,
        working_days=found.rung.after_working_days,
        count=leading.count if leading else 1,
    )
    return (first, *rest)


def _same(reason: Reason, concern: Concern) -> bool:
    return (reason.trigger, reason.about) == (concern.trigger, concern.about)


def _raise(
    stall: Stall,
    found: Reached,
    why: tuple[Reason, ...],
    act: Act,
    watch: Watch,
    policy: Policy,
) -> EscalationRaised:
    rung, today = found.rung, local_day(act.at)
    number = len(stall.escalations) + 1
    counted = counting.until(days(stall, found.concern, policy), due_day(found.at))
    addressee = Post(role=rung.addressee_role, unit=watch.units.at(rung.addressee_level))
    seats = (Post(role=seat.role, unit=watch.units.at(seat.level)) for seat in rung.copies)
    unanswered = (e.addressee for e in stall.escalations.values() if e.answered_at is None)
    raised = EscalationRaised(
        number=number,
        level=rung.level,
        name=rung.name,
        reached_at=found.at,
        stalled_since=found.concern.since,
        working_days=rung.after_working_days,
        addressee=policy.successor(addressee, today),
        document=f"{number:02d}/{rung.document}",
        answer_due=policy.due(rung.answer_within, act.at),
        reasons=why,
        skipped=counting.skipped(counted),
        copies=tuple(dict.fromkeys(policy.successor(seat, today) for seat in seats)),
        names=tuple(dict.fromkeys((*unanswered, *watch.held_by))) if rung.with_names else (),
        proposes=rung.proposes,
        reminds=rung.reminds,
    )
    return replace(
        raised,
        text_vi=letters.written(rung.text_vi, _facts(watch, raised)),
        text_en=letters.written(rung.text_en, _facts(watch, raised)),
    )


def _facts(watch: Watch, raised: EscalationRaised) -> dict[str, str]:
    return {
        "place": watch.place,
        "addressee": str(raised.addressee),
        "document": raised.document,
        "days": str(abs(raised.working_days)),
        "since": f"{local_day(raised.stalled_since):%d/%m/%Y}",
        "reached": f"{due_day(raised.reached_at):%d/%m/%Y}",
        "answer_due": f"{due_day(raised.answer_due.at):%d/%m/%Y}",
        "about": raised.reasons[0].about,
        "names": ", ".join(map(str, raised.names)) or "–",
    }


def _raised(stall: Stall, event: EscalationRaised) -> Stall:
    raised = Escalation(
        level=event.level,
        name=event.name,
        raised_at=event.reached_at,
        working_days=event.working_days,
        addressee=event.addressee,
        document=event.document,
        answer_due=event.answer_due,
        reasons=event.reasons,
        copies=event.copies,
        names=event.names,
        proposes=event.proposes,
        reminds=event.reminds,
    )
    told = {(one.trigger, one.about): one for one in stall.told}
    for why in event.reasons:
        before = told.get((why.trigger, why.about))
        if why.trigger is not Trigger.NO_PROGRESS:
            told[why.trigger, why.about] = Told(
                trigger=why.trigger,
                about=why.about,
                level=max(event.level, before.level if before else 0),
                until=max(why.until, before.until if before else why.until),
            )
    # What comes on top of a snooze ends it: it was granted for what was known then.
    ended = due_day(event.reached_at)
    return replace(
        stall,
        level=event.level,
        escalations={**stall.escalations, event.number: raised},
        told=tuple(told.values()),
        snoozes=tuple(replace(one, last=min(one.last, ended)) for one in stall.snoozes),
    )


def _may_answer(stall: Stall, number: int, answer: str, act: Act, policy: Policy) -> None:
    asked = stall.escalations.get(number)
    if asked is None:
        raise Refused("not_found", f"number: there is no escalation {number} here")
    if asked.answered_at is not None:
        raise Refused("out_of_turn", f"escalation {number} was answered already")
    holder = policy.successor(asked.addressee, local_day(act.at))
    if act.by != holder:
        raise Refused("authority", f"{asked.document} is addressed to {holder}")
    if not answer.strip():
        raise Refused("input", "answer: is empty; say what will be done, and by when")
