"""Why a section counts as stalled, which days are counted, and which rung comes next."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum

from domain import counting
from domain.calendar import due_day, end_of, local_day
from domain.counting import Day, Interval, Kind
from domain.deadlines import Due, StepDeadline
from domain.law import Proposal, Rung, Trigger
from domain.plan import Target
from domain.policy import Policy
from domain.values import Post, Units, value


class PauseCause(StrEnum):
    """The only grounds on which a section's clock may stand still."""

    COERCION_BLACKOUT = "coercion-blackout"
    AWAITING_REPLY = "awaiting-reply"
    FORCE_MAJEURE = "force-majeure"


@value
class Pause:
    """Days that do not count, both ends included, for a recorded cause; open while `last` is None.

    While another body's reply is awaited that body's own clock runs, and ends the pause by itself;
    `resumed_at` is when somebody said that it is over.
    """

    cause: PauseCause
    first: date
    last: date | None
    reason: str
    by: Post
    awaits: Post | None = None
    reply_due: Due | None = None
    resumed_at: datetime | None = None


@value
class Snooze:
    """Days put off, both ends included; what is graver than `covers` is not put off."""

    first: date
    last: date
    reason: str
    by: Post
    covers: Trigger


@value
class Reason:
    """What a section was escalated for: `about` names the rule of the steps, or the month.

    `working_days` have passed since `since`, or, negative, are left to an expiry. Of several steps
    `since` is when the first was due and `until` when the last was.
    """

    trigger: Trigger
    about: str
    since: datetime
    until: datetime
    working_days: int
    count: int = 1


@value
class Told:
    """Up to which rung the steps of a rule that were due by `until` have been escalated."""

    trigger: Trigger
    about: str
    level: int
    until: datetime


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
    reasons: tuple[Reason, ...] = ()
    copies: tuple[Post, ...] = ()
    names: tuple[Post, ...] = ()
    proposes: tuple[Proposal, ...] = ()
    reminds: bool = False
    reminded_at: datetime | None = None
    answered_by: Post | None = None
    answer: str = ""

    @property
    def owes_reminder(self) -> bool:
        """Whether the answer will be asked for once more if it is not given in time."""
        return self.reminds and self.answered_at is None and self.reminded_at is None


@value
class Stall:
    """Where a section stands on the ladder: level 0 is moving. Progress resets it.

    `progress_at` is when progress was last heard of.
    """

    progress_at: datetime
    level: int = 0
    escalations: Mapping[int, Escalation]
    told: tuple[Told, ...] = ()
    pauses: tuple[Pause, ...] = ()
    snoozes: tuple[Snooze, ...] = ()

    @property
    def pause(self) -> Pause | None:
        """The pause that nobody has put an end to yet."""
        return next((pause for pause in self.pauses if pause.resumed_at is None), None)

    def breaks(self, trigger: Trigger) -> tuple[Interval, ...]:
        """The days that do not count towards a trigger; what lapses by law never waits."""
        if trigger is Trigger.NOTICE_EXPIRING:
            return ()
        paused = (Interval(first=p.first, last=p.last, kind=Kind.PAUSED) for p in self.pauses)
        snoozed = (
            Interval(first=s.first, last=s.last, kind=Kind.SNOOZED)
            for s in self.snoozes
            if s.covers.gravity >= trigger.gravity
        )
        return (*paused, *snoozed)


@value
class Watch:
    """What is watched in a section apart from its silence.

    `unmet` is the first month whose plan is not reached, `held_by` who must remove what stands.
    """

    place: str
    units: Units
    deadlines: tuple[StepDeadline, ...] = ()
    unmet: Target | None = None
    held_by: tuple[Post, ...] = ()


@value
class Concern:
    """A trigger that is running: its ladder counts from the day `start`, from rung `level` on."""

    trigger: Trigger
    about: str
    start: date
    since: datetime
    level: int
    moments: tuple[datetime, ...]


@value
class Reached:
    """A rung, the moment at which it is reached if nothing moves, and for which concern."""

    rung: Rung
    at: datetime
    concern: Concern


def concerns(stall: Stall, watch: Watch) -> Iterator[Concern]:
    """Everything that could push the section up the ladder, the silence first."""
    yield Concern(
        trigger=Trigger.NO_PROGRESS,
        about="",
        start=local_day(stall.progress_at),
        since=stall.progress_at,
        level=stall.level,
        moments=(stall.progress_at,),
    )
    told = {(one.trigger, one.about): one for one in stall.told}
    for trigger, about, moments in _missed(watch):
        before = told.get((trigger, about))
        if before is None:
            yield _concern(trigger, about, moments, stall.level)
            continue
        named = [moment for moment in moments if moment <= before.until]
        fresh = [moment for moment in moments if moment > before.until]
        if named:
            yield _concern(trigger, about, named, max(before.level, stall.level))
        if fresh:
            yield _concern(trigger, about, fresh, stall.level)


def next_rung(stall: Stall, watch: Watch, policy: Policy) -> Reached | None:
    """The rung that is reached first if nothing moves; None at the top and while paused."""
    found = [
        Reached(rung=rung, at=at, concern=concern)
        for concern in concerns(stall, watch)
        if (rung := next_of(concern, watch, policy)) is not None
        and (at := reached_at(stall, concern.trigger, concern.start, rung, policy)) is not None
    ]
    return min(found, key=lambda one: (one.at, one.rung.level), default=None)


def next_of(concern: Concern, watch: Watch, policy: Policy) -> Rung | None:
    """The lowest rung that a concern has not climbed yet."""
    ladder = policy.rungs(concern.start, watch.units, concern.trigger)
    return next((rung for rung in ladder if rung.level > concern.level), None)


def reasons(stall: Stall, watch: Watch, policy: Policy, at: datetime) -> tuple[Reason, ...]:
    """What holds the section at a moment: each trigger whose lowest rung has been reached."""
    found: list[Reason] = []
    fresh = Stall(
        progress_at=stall.progress_at,
        escalations={},
        pauses=stall.pauses,
        snoozes=stall.snoozes,
    )
    for concern in concerns(fresh, watch):
        lowest = next_of(concern, watch, policy)
        if lowest is None:
            continue
        held = [
            moment
            for moment in concern.moments
            if (on := reached_at(stall, concern.trigger, _start(concern, moment), lowest, policy))
            and on <= at
        ]
        if held:
            found.append(
                Reason(
                    trigger=concern.trigger,
                    about=concern.about,
                    since=min(held),
                    until=max(held),
                    working_days=passed(stall, concern, policy, at),
                    count=len(held),
                )
            )
    return tuple(found)


def days(stall: Stall, concern: Concern, policy: Policy) -> Iterator[Day]:
    """The count of a concern day by day, from the day after it began; does not end by itself."""
    breaks = stall.breaks(concern.trigger)
    return counting.working_days(policy.calendar, concern.start, breaks)


def passed(stall: Stall, concern: Concern, policy: Policy, at: datetime) -> int:
    """Working days that count by a moment; below zero as many as are left to an expiry."""
    today = due_day(at)
    if today < concern.start:
        return -policy.calendar.working_days_between(today, concern.start)
    counted = [day.nth for day in counting.until(days(stall, concern, policy), today) if day.nth]
    return counted[-1] if counted else 0


def _missed(watch: Watch) -> Iterator[tuple[Trigger, str, list[datetime]]]:
    """What is missed or will be, by trigger and rule. Asked at every turn, of 2,000 steps too."""
    groups: dict[tuple[str, str], list[datetime]] = {}
    for step in watch.deadlines:
        groups.setdefault((step.kind, step.rule), []).append(step.due.at)
    for (kind, rule), moments in groups.items():
        expires = kind == "expiry"
        yield Trigger.NOTICE_EXPIRING if expires else Trigger.STEP_OVERDUE, rule, moments
    if watch.unmet is not None:
        yield Trigger.BELOW_PLAN, f"{watch.unmet.by:%Y-%m}", [end_of(watch.unmet.by)]


def _concern(trigger: Trigger, about: str, moments: list[datetime], level: int) -> Concern:
    first = min(moments)
    return Concern(
        trigger=trigger,
        about=about,
        start=due_day(first),
        since=first,
        level=level,
        moments=tuple(moments),
    )


def reached_at(
    stall: Stall, trigger: Trigger, start: date, rung: Rung, policy: Policy
) -> datetime | None:
    """When a rung is reached if its trigger counts from `start`; None while the clock stands."""
    breaks = stall.breaks(trigger)
    day = counting.reached(policy.calendar, start, rung.after_working_days, breaks)
    return end_of(day) if day else None


def _start(concern: Concern, moment: datetime) -> date:
    return local_day(moment) if concern.trigger is Trigger.NO_PROGRESS else due_day(moment)
