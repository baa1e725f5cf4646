"""A section's stall on the screen: where it stands, its letters, its clock, and its counts."""

from collections.abc import Iterator
from datetime import date, datetime
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
        "Số · document",
        "Bậc, vì · rung, because",
        "Gửi · to",
        "Đến bậc · reached",
        "Trả lời · answer",
        whole=[0, 3],
    )
    for one in found.escalations:
        table.add_row(
            show.clean(one.document),
            show.under(show.clean(f"{one.level}. {one.name}"), _triggers(one)),
            show.post(one.addressee),
            show.under(show.last_day(one.raised_at), f"{one.working_days} ngày"),
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
            ("Văn bản · document", f"[bold]{show.clean(found.document)}[/]"),
            ("Bậc · level", show.clean(f"{found.level}. {found.name}")),
            ("Gửi · to", show.clean(found.addressee)),
            ("Đồng gửi · copies", show.clean(", ".join(map(str, found.copies)))),
            ("Vì · because", "\n".join(_reason(why) for why in found.reasons)),
            ("Đến bậc · reached", f"{show.last_day(found.reached_at)}, 24:00"),
            ("Đã tính · counted", f"{found.working_days} ngày làm việc · working days"),
            ("Không tính · not counted", skipped),
            ("Nêu tên · names", show.clean(", ".join(map(str, found.names)))),
            ("Đề xuất · proposes", proposes),
            ("Trả lời trước · answer by", show.last_day(found.answer_due.at)),
            ("", ""),
            ("Nội dung", show.clean(found.text_vi)),
            ("Text", show.clean(found.text_en)),
        )
    )


def tell_count(count: Count) -> None:
    """One count day by day."""
    about = f" {count.about}" if count.about else ""
    name = show.clean(words.said(words.TRIGGERS, count.trigger) + about)
    title = f"{name}, từ · since {count.start:%d/%m/%Y}"
    screen = show.screen()
    if count.days:
        screen.print(counting.table(count.days, title=title))
    else:
        screen.print(f"[bold]{title}[/]")
    if count.passed < 0:
        screen.print(f"còn · still ahead: {-count.passed} ngày làm việc · working days")
    else:
        screen.print(f"đã tính · counted so far: {count.passed} ngày làm việc · working days")
    if count.last_day is not None:
        screen.print(
            f"bậc · rung {count.next_level}, sau · after {count.threshold}:"
            f" hết ngày · at the end of [bold]{count.last_day:%d/%m/%Y}[/]"
        )
    elif count.next_level is not None:
        screen.print(f"bậc · rung {count.next_level}: đang tạm dừng · the clock is paused")
    else:
        screen.print("đã hết bậc · no rung above")


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
    yield "Đoạn · section", f"[bold]{show.clean(found.place)}[/]"
    moving = "đang tiến triển · moving"
    level = f"[bold]CHẬM, cấp · STALLED, level {found.level}[/]" if found.level else moving
    yield "Tình trạng · state", level
    yield "Tiến triển cuối · last progress", show.minute(found.progress_at)
    yield "Vì · because", "\n".join(_reason(why) for why in found.reasons)
    if found.next is not None:
        after = found.next
        why = words.said(words.TRIGGERS, after.trigger)
        yield (
            "Bậc kế tiếp · next rung",
            show.clean(
                f"{after.level}. {after.name_vi} · {after.name}, hết ngày · at the end of"
                f" {after.last_day:%d/%m/%Y}, {after.addressee} ({why} {after.about})".replace(
                    " )", ")"
                )
            ),
        )
    if found.pause is not None:
        pause = found.pause
        until = f" – {pause.last:%d/%m/%Y}" if pause.last else ""
        yield (
            "Tạm dừng · paused",
            show.clean(
                f"{pause.first:%d/%m/%Y}{until}, {words.said(words.PAUSE_CAUSES, pause.cause)}:"
                f" {pause.reason}" + (f", chờ · awaits {pause.awaits}" if pause.awaits else "")
            ),
        )
    if found.snooze is not None:
        yield (
            "Hoãn đến · put off to",
            show.clean(f"{found.snooze.last:%d/%m/%Y}: {found.snooze.reason}"),
        )


def _triggers(one: Escalation) -> str:
    named = dict.fromkeys(words.TRIGGERS[why.trigger][0] for why in one.reasons)
    return show.clean(", ".join(named))


def _reason(why: Reason) -> str:
    said = words.said(words.TRIGGERS, why.trigger)
    about = f" {why.about}" if why.about else ""
    count = f" × {why.count}" if why.count > 1 else ""
    since = show.day(why.since) if why.trigger is Trigger.NO_PROGRESS else show.last_day(why.since)
    return show.clean(f"{said}{about}{count}, {since}, {why.working_days} ngày · days")


def _answered(one: Escalation) -> str:
    if one.answered_at is not None:
        return show.day(one.answered_at)
    asked_again = ", đã nhắc lại · reminded" if one.reminded_at else ""
    return f"chưa, hạn · due {show.last_day(one.answer_due.at)}{asked_again}"
