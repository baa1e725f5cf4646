"""The clock of a section's ladder: put off for some days, or stopped for a recorded cause."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal, TypeAlias, assert_never

from domain.calendar import due_day, local_day
from domain.deadlines import Due
from domain.law import Trigger
from domain.policy import Policy
from domain.refusal import Refused
from domain.stall import Pause, PauseCause, Snooze, Stall, Watch, next_rung, reasons
from domain.values import Act, Post, value

_DAY = timedelta(days=1)

# Commands


@value
class SnoozeEscalation:
    """Put the next rung off by working days, within the limit of the law."""

    working_days: int
    reason: str
    kind: Literal["SnoozeEscalation"] = "SnoozeEscalation"


@value
class PauseClock:
    """Stop the count for a recorded cause; `awaits` is the body whose reply is awaited."""

    cause: PauseCause
    reason: str
    awaits: Post | None = None
    kind: Literal["PauseClock"] = "PauseClock"


@value
class ResumeClock:
    """The cause of the pause is gone: the count goes on the day after."""

    reason: str
    kind: Literal["ResumeClock"] = "ResumeClock"


# Events


@value
class EscalationSnoozed:
    """Days up to `until` do not count; for triggers graver than `covers` they do."""

    until: Due
    reason: str
    covers: Trigger
    kind: Literal["EscalationSnoozed"] = "EscalationSnoozed"


@value
class ClockPaused:
    """From this day on nothing counts; `reply_due` is the awaited body's own limit."""

    cause: PauseCause
    reason: str
    awaits: Post | None = None
    reply_due: Due | None = None
    kind: Literal["ClockPaused"] = "ClockPaused"


@value
class ClockResumed:
    reason: str
    kind: Literal["ClockResumed"] = "ClockResumed"


Command: TypeAlias = SnoozeEscalation | PauseClock | ResumeClock
Event: TypeAlias = EscalationSnoozed | ClockPaused | ClockResumed


def decide(
    stall: Stall, command: Command, act: Act, watch: Watch, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command about the clock, or raise `Refused`."""
    match command:
        case SnoozeEscalation(working_days=asked, reason=reason):
            _may_snooze(stall, asked, reason, act, policy)
            if next_rung(stall, watch, policy) is None:
                raise Refused("nothing_to_do", "no rung is coming that could be put off")
            return (_snoozed(stall, asked, reason, act, watch, policy),)
        case PauseClock(cause=cause, reason=reason, awaits=awaits):
            _may_pause(stall, command, act)
            waiting = cause is PauseCause.AWAITING_REPLY
            due = policy.due("escalation.reply", act.at) if waiting else None
            return (ClockPaused(cause=cause, reason=reason, awaits=awaits, reply_due=due),)
        case ResumeClock(reason=reason):
            if stall.pause is None:
                raise Refused("out_of_turn", "the clock of this section is not paused")
            if local_day(act.at) < stall.pause.first:
                raise Refused("input", f"at: the pause began on {stall.pause.first}")
            _must_say(reason, "why the clock runs again")
            return (ClockResumed(reason=reason),)
        case _:
            assert_never(command)


def evolve(stall: Stall, event: Event, act: Act) -> Stall:
    """Apply one event to the clock."""
    match event:
        case EscalationSnoozed(until=until, reason=reason, covers=covers):
            snooze = Snooze(
                first=local_day(act.at) + _DAY,
                last=due_day(until.at),
                reason=reason,
                by=act.by,
                covers=covers,
            )
            return replace(stall, snoozes=(*stall.snoozes, snooze))
        case ClockPaused(cause=cause, reason=reason, awaits=awaits, reply_due=due):
            pause = Pause(
                cause=cause,
                first=local_day(act.at),
                last=due_day(due.at) if due else None,
                reason=reason,
                by=act.by,
                awaits=awaits,
                reply_due=due,
            )
            return replace(stall, pauses=(*stall.pauses, pause))
        case ClockResumed():
            return replace(stall, pauses=tuple(_ended(pause, act) for pause in stall.pauses))
        case _:
            assert_never(event)


def _ended(pause: Pause, act: Act) -> Pause:
    if pause.resumed_at is not None:
        return pause
    today = local_day(act.at)
    return replace(pause, last=min(pause.last or today, today), resumed_at=act.at)


def _may_snooze(stall: Stall, asked: int, reason: str, act: Act, policy: Policy) -> None:
    today = local_day(act.at)
    if asked < 1:
        raise Refused("input", f"working_days: {asked}; 1 or more")
    if stall.pause is not None:
        raise Refused("out_of_turn", "the clock is paused; nothing has to be put off")
    if any(today <= one.last for one in stall.snoozes):
        raise Refused("out_of_turn", "the next rung is put off already")
    begun = local_day(stall.progress_at)
    used = sum(
        policy.calendar.working_days_between(one.first - _DAY, one.last)
        for one in stall.snoozes
        if one.first > begun
    )
    most = policy.limit("escalation.snooze", today).count
    if asked + used > most:
        raise Refused(
            "input",
            f"working_days: {asked} more than the {used} used since the last progress;"
            f" {most} in all may be put off",
        )
    _must_say(reason, "why the next rung may wait")


def _snoozed(
    stall: Stall, asked: int, reason: str, act: Act, watch: Watch, policy: Policy
) -> EscalationSnoozed:
    held = reasons(stall, watch, policy, act.at)
    gravest = max((one.trigger for one in held), key=lambda t: t.gravity, default=None)
    return EscalationSnoozed(
        until=policy.due_after("escalation.snooze", act.at, asked),
        reason=reason,
        covers=gravest or Trigger.NO_PROGRESS,
    )


def _may_pause(stall: Stall, command: PauseClock, act: Act) -> None:
    if stall.pause is not None:
        raise Refused("out_of_turn", f"the clock is paused already: {stall.pause.cause}")
    if act.document is None:
        raise Refused("input", "document: a clock stops only on a paper that says why")
    _must_say(command.reason, "what keeps the section from moving")
    if (command.awaits is not None) != (command.cause is PauseCause.AWAITING_REPLY):
        raise Refused(
            "input", "awaits: name the body whose reply is awaited, for awaiting-reply alone"
        )


def _must_say(text: str, what: str) -> None:
    if not text.strip():
        raise Refused("input", f"reason: is empty; say {what}")
