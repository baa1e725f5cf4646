"""A section's stall on the screen: where it stands, its letters, its clock, and its counts."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from console import counting, show, words
from domain import clearance
from domain import counting as counts_of
from domain.calendar import due_day, local_day
from domain.clearance import Clearing
from domain.escalation import EscalationRaised
from domain.law import Trigger
from domain.policy import Policy
from domain.stall import (
    Concern,
    Escalation,
    Pause,
    Reason,
    Snooze,
    concerns,
    days,
    next_of,
    next_rung,
    passed,
    reached_at,
    reasons,
)
from domain.values import Post, StreamId, value
from language.catalogue import pick, plural, tr

if TYPE_CHECKING:
    from storage.travel import Picture

_LONGEST = 400
"""Days shown of a count that has no next rung to end at."""


@value
class Next:
    """The rung that comes next if nothing moves: its last day, and who will be written to."""

    level: int
    name: str
    name_vi: str
    last_day: date
    addressee: Post
    trigger: Trigger
    about: str


@value
class Standing:
    """Where a section stands on the ladder now."""

    place: str
    level: int
    progress_at: datetime
    reasons: tuple[Reason, ...]
    next: Next | None
    pause: Pause | None
    snooze: Snooze | None
    escalations: tuple[Escalation, ...]


@value
class Count:
    """The count of one trigger: what has passed by `now`, and each day up to its next rung."""

    trigger: Trigger
    about: str
    start: date
    passed: int
    level: int
    next_level: int | None
    threshold: int | None
    last_day: date | None
    days: tuple[counting.Counted, ...]


def standing(clearing: Clearing, policy: Policy, now: datetime) -> Standing:
    """What `ntm escalation show` tells."""
    stall, watch = clearing.stall, clearance.watch(clearing, policy)
    today = local_day(now)
    return Standing(
        place=watch.place,
        level=stall.level,
        progress_at=stall.progress_at,
        reasons=reasons(stall, watch, policy, now),
        next=_next(clearing, policy),
        pause=stall.pause,
        snooze=next((one for one in stall.snoozes if today <= one.last), None),
        escalations=tuple(stall.escalations.values()),
    )


def counts(clearing: Clearing, policy: Policy, now: datetime) -> tuple[Count, ...]:
    """The count of every trigger that is running or will be, the silence first."""
    watch = clearance.watch(clearing, policy)
    return tuple(
        _count(clearing, concern, policy, now) for concern in concerns(clearing.stall, watch)
    )


def letter(picture: "Picture", stream: StreamId, number: int) -> EscalationRaised | None:
    """A letter as it was sent."""
    found = (entry.fact.event for entry in picture.entries(stream))
    return next(
        (one for one in found if isinstance(one, EscalationRaised) and one.number == number), None
    )


def tell(found: Standing, output: str) -> None:
    """A section's stall, for people or for programs."""
    if output == "json":
        show.json(found)
        return
    screen = show.screen()
    screen.print(show.facts(*_facts(found)))
    table = show.table(
        tr("Document"),
        tr("Rung, because"),
        tr("Addressee"),
        tr("Reached"),
        tr("Answer"),
        whole=[0, 3],
    )
    for one in found.escalations:
        table.add_row(
            show.clean(one.document),
            show.under(rung(one), triggers(one)),
            show.post(one.addressee),
            show.under(show.last_day(one.raised_at), waited(one)),
            show.under(_answered(one), show.clean(one.answer)),
        )
    if table.row_count:
        screen.print(table)


def tell_letter(found: EscalationRaised, output: str) -> None:
    """One letter whole, with the count that led to it."""
    if output == "json":
        show.json(found)
        return
    proposes = ", ".join(words.said(words.PROPOSALS, one) for one in found.proposes)
    skipped = "\n".join(
        f"{one.first:%d/%m/%Y} – {one.last:%d/%m/%Y}: {words.said(words.DAY_KINDS, one.kind)}"
        for one in found.skipped
    )
    show.screen().print(
        show.facts(
            (tr("Document"), f"[bold]{show.clean(found.document)}[/]"),
            (tr("Rung"), rung(found)),
            (tr("Addressee"), show.clean(found.addressee)),
            (tr("Copies to"), show.clean(", ".join(map(str, found.copies)))),
            (tr("Because"), "\n".join(_reason(why) for why in found.reasons)),
            (tr("Reached"), f"{show.last_day(found.reached_at)}, 24:00"),
            (tr("Counted"), _working_days(found.working_days)),
            (tr("Not counted"), skipped),
            (tr("Names"), show.clean(", ".join(map(str, found.names)))),
            (tr("Proposes"), proposes),
            (tr("Answer by"), show.last_day(found.answer_due.at)),
            (tr("Text"), show.clean(pick((found.text_vi, found.text_en)))),
        )
    )


def tell_count(count: Count) -> None:
    """One count day by day."""
    name = show.clean(_what(count.trigger, count.about))
    title = tr("{what} since {day}", what=name, day=f"{count.start:%d/%m/%Y}")
    screen = show.screen()
    if count.days:
        screen.print(counting.table(count.days, title=title))
    else:
        screen.print(f"[bold]{title}[/]")
    if count.passed < 0:
        screen.print(tr("still ahead: {days}", days=_working_days(-count.passed)))
    else:
        screen.print(tr("counted so far: {days}", days=_working_days(count.passed)))
    screen.print(_ahead(count))


def _ahead(count: Count) -> str:
    """Which rung comes next, and when."""
    if count.next_level is None:
        return tr("there is no rung above")
    if count.last_day is None or count.threshold is None:
        return tr("rung {level}: the clock is paused", level=count.next_level)
    ends = {"level": count.next_level, "day": f"[bold]{count.last_day:%d/%m/%Y}[/]"}
    days = _working_days(abs(count.threshold))
    if count.threshold < 0:
        return tr("rung {level}, {days} before: at the end of {day}", days=days, **ends)
    return tr("rung {level}, after {days}: at the end of {day}", days=days, **ends)


def _next(clearing: Clearing, policy: Policy) -> Next | None:
    watch = clearance.watch(clearing, policy)
    found = next_rung(clearing.stall, watch, policy)
    if found is None:
        return None
    rung, last = found.rung, due_day(found.at)
    post = Post(role=rung.addressee_role, unit=watch.units.at(rung.addressee_level))
    return Next(
        level=rung.level,
        name=rung.name,
        name_vi=rung.name_vi,
        last_day=last,
        addressee=policy.successor(post, last),
        trigger=found.concern.trigger,
        about=found.concern.about,
    )


def _count(clearing: Clearing, concern: Concern, policy: Policy, now: datetime) -> Count:
    stall, watch = clearing.stall, clearance.watch(clearing, policy)
    rung = next_of(concern, watch, policy)
    at = reached_at(stall, concern.trigger, concern.start, rung, policy) if rung else None
    last = due_day(at) if at else None
    shown = counts_of.until(days(stall, concern, policy), last or local_day(now))
    if last is not None and last < concern.start:
        # Ahead of an expiry people count what is left.
        left = counts_of.working_days(policy.calendar, last)
        shown = counts_of.until(left, concern.start)
    return Count(
        trigger=concern.trigger,
        about=concern.about,
        start=concern.start,
        passed=passed(stall, concern, policy, now),
        level=concern.level,
        next_level=rung.level if rung else None,
        threshold=rung.after_working_days if rung else None,
        last_day=last,
        days=counting.named(tuple(shown)[:_LONGEST]),
    )


def _facts(found: Standing) -> Iterator[tuple[str, str]]:
    yield tr("Section"), f"[bold]{show.clean(found.place)}[/]"
    stalled = tr("STALLED, rung {level}", level=found.level)
    yield tr("State"), f"[bold]{stalled}[/]" if found.level else tr("moving")
    yield tr("Last progress"), show.minute(found.progress_at)
    yield tr("Because"), "\n".join(_reason(why) for why in found.reasons)
    if found.next is not None:
        yield tr("Next rung"), show.clean(_following(found.next))
    if found.pause is not None:
        yield tr("Paused"), show.clean(_paused(found.pause))
    if found.snooze is not None:
        put_off = f"{found.snooze.last:%d/%m/%Y}: {found.snooze.reason}"
        yield tr("Put off to"), show.clean(put_off)


def _following(after: Next) -> str:
    return tr(
        "{level}. {name}, at the end of {day}, to {post} ({why})",
        level=after.level,
        name=pick((after.name_vi, after.name)),
        day=f"{after.last_day:%d/%m/%Y}",
        post=after.addressee,
        why=_what(after.trigger, after.about),
    )


def _paused(pause: Pause) -> str:
    until = f" – {pause.last:%d/%m/%Y}" if pause.last else ""
    cause = words.said(words.PAUSE_CAUSES, pause.cause)
    said = f"{pause.first:%d/%m/%Y}{until}, {cause}: {pause.reason}"
    return tr("{pause}, awaiting {post}", pause=said, post=pause.awaits) if pause.awaits else said


def rung(one: Escalation | EscalationRaised) -> str:
    """The rung of a letter, which keeps its English name, as the reader calls it."""
    return show.clean(f"{one.level}. {words.said(_rungs(), one.name)}")


@cache
def _rungs() -> dict[str, words.Word]:
    from storage import policies

    return {rung.name: (rung.name_vi, rung.name) for rung in policies.load().ladder}


def triggers(one: Escalation) -> str:
    """What a letter was sent for, in short."""
    named = dict.fromkeys(words.said(words.TRIGGERS, why.trigger) for why in one.reasons)
    return show.clean(", ".join(named))


def waited(one: Escalation) -> str:
    """How long it was waited before a letter was sent."""
    return plural("after {n} day", "after {n} days", one.working_days)


def _reason(why: Reason) -> str:
    said = _what(why.trigger, why.about) + (f" × {why.count}" if why.count > 1 else "")
    since = show.day(why.since) if why.trigger is Trigger.NO_PROGRESS else show.last_day(why.since)
    days = _working_days(abs(why.working_days))
    if why.working_days < 0:
        return show.clean(tr("{what}, {day}, {days} left", what=said, day=since, days=days))
    return show.clean(tr("{what} since {day}, {days}", what=said, day=since, days=days))


def _what(trigger: Trigger, about: str) -> str:
    return " ".join(filter(None, (words.said(words.TRIGGERS, trigger), about)))


def _working_days(n: int) -> str:
    return plural("{n} working day", "{n} working days", n)


def _answered(one: Escalation) -> str:
    if one.answered_at is not None:
        return show.day(one.answered_at)
    due = show.last_day(one.answer_due.at)
    if one.reminded_at:
        return tr("not yet, due {day}, asked for once more", day=due)
    return tr("not yet, due {day}", day=due)
