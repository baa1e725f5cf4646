"""Where time goes: whom cases waited for, at which stage, why, and for how many working days.

The same facts fold with the same `waits` as the inbox: a wait runs from the decision after which it
stood there to the one after which it did not. Days are counted as every limit counts them; they
stop for a recorded cause alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Literal, TypeAlias, assert_never

from domain import counting
from domain.calendar import Calendar, local_day
from domain.clearance import Clearing
from domain.counting import Interval
from domain.inbox import waits
from domain.law import Trigger
from domain.policy import Policy
from domain.stall import PauseCause
from domain.streams import Fact, State
from domain.travel import told
from domain.values import Cause, DossierKind, Post, StreamId, value
from domain.waits import Task, Wait

SNOOZED: Literal["snoozed"] = "snoozed"
StopCause: TypeAlias = PauseCause | Literal["snoozed"]
"""Why days did not count: the clock was paused for a cause, or the next rung was put off."""

Law: TypeAlias = Callable[[str], Policy]
"""The law that a case pinned, by its version."""

UNDER_WAY = Task.REPORT_PROGRESS
"""While works go on, the builder builds: a report stands in the inbox, but nothing waits for it."""

_CAUSES: Mapping[str, Cause | PauseCause] = {one.value: one for one in (*Cause, *PauseCause)}


class Stage(StrEnum):
    """At what a case waited, in the words of the programme's four phases and of its money."""

    APPROVAL = "approval"
    CLEARANCE = "clearance"
    CONSTRUCTION = "construction"
    PAYMENT = "payment"
    SETTLEMENT = "settlement"
    QUESTION = "question"


class By(StrEnum):
    """What waiting time is split by."""

    POST = "post"
    ROLE = "role"
    UNIT = "unit"
    STAGE = "stage"
    TASK = "task"
    CAUSE = "cause"
    CASE = "case"


@value
class Stopped:
    """Working days that counted for nobody, and the recorded cause."""

    cause: StopCause
    working_days: int


@value
class Waited:
    """One wait of a case for one post, from when it was first seen; open while `until` is None.

    `cause` is the obstacle's, the question's or the pause's own. Counted and stopped days together
    are the working days after the day it began, up to and including the day it ended (Civil Code
    2015, Art. 147), or the day that is looked at.
    """

    stream: StreamId
    key: str
    post: Post
    task: Task
    stage: Stage
    cause: Cause | PauseCause | None
    since: datetime
    until: datetime | None
    working_days: int
    stopped: tuple[Stopped, ...]


@value
class Share:
    """What one party, stage, cause … has of the waiting; `longest` is its longest single wait."""

    of: str
    waits: int
    still_open: int
    working_days: int
    longest: int
    stopped: int


def waited(stream: StreamId, facts: Iterable[Fact], law: Law, now: datetime) -> tuple[Waited, ...]:
    """Every wait that a case has had until a moment, in the order in which they ended.

    A decision is looked at whole, for between its events nobody waits. One that is dated before
    the wait it ends leaves the wait no day.
    """
    begun: dict[tuple[str, Post, Task], tuple[Wait, datetime]] = {}
    ended: list[tuple[Wait, datetime, datetime | None]] = []
    state: State | None = None
    for at, led_to in _decisions(stream, facts):
        state = led_to
        standing = {(one.key, one.post, one.task): one for one in _waits(state, law)}
        ended += [(*begun.pop(key), at) for key in [*begun] if key not in standing]
        for key, wait in standing.items():
            begun.setdefault(key, (wait, at))
    ended += [(wait, since, None) for wait, since in begun.values()]
    if state is None or not ended:
        return ()
    return tuple(_measured(one, state, law, local_day(now)) for one in ended)


def split(all_waited: Iterable[Waited], by: By) -> tuple[Share, ...]:
    """Waiting time by one of its sides, the bottleneck first. Each wait is in one share alone."""
    groups: dict[str, list[Waited]] = {}
    for one in all_waited:
        groups.setdefault(_side(one, by), []).append(one)
    shares = (share(name, members) for name, members in groups.items())
    return tuple(sorted(shares, key=lambda one: (-one.working_days, -one.waits, one.of)))


def share(of: str, members: Iterable[Waited]) -> Share:
    """The sums of some waits."""
    some = tuple(members)
    return Share(
        of=of,
        waits=len(some),
        still_open=sum(one.until is None for one in some),
        working_days=sum(one.working_days for one in some),
        longest=max((one.working_days for one in some), default=0),
        stopped=sum(stop.working_days for one in some for stop in one.stopped),
    )


def stopped(all_waited: Iterable[Waited]) -> tuple[Stopped, ...]:
    """The days that did not count, by cause, the gravest first."""
    days: Counter[StopCause] = Counter()
    for one in all_waited:
        for stop in one.stopped:
            days[stop.cause] += stop.working_days
    return tuple(Stopped(cause=cause, working_days=count) for cause, count in days.most_common())


def _decisions(stream: StreamId, facts: Iterable[Fact]) -> Iterator[tuple[datetime, State]]:
    """When each decision of a view was made, and the state it led to."""
    folded = (pair for pair in told(stream, facts) if pair[1] is not None)
    for _, of_one in groupby(folded, key=lambda pair: pair[0].decision_id):
        *_, (fact, state) = of_one
        assert state is not None
        yield fact.act.at, state


def _waits(state: State, law: Law) -> tuple[Wait, ...]:
    """A stream that pins no law waits for nobody."""
    version: str | None = getattr(state, "policy", None)
    return waits(state, law(version)) if version is not None else ()


def _measured(
    one: tuple[Wait, datetime, datetime | None], state: State, law: Law, today: date
) -> Waited:
    wait, since, until = one
    version: str = state.policy  # type: ignore[union-attr]  # whoever waited has pinned a law
    calendar = law(version).calendar
    last = local_day(until) if until else today
    days, stops = _counted(calendar, local_day(since), last, _breaks(state, wait.task, last))
    return Waited(
        stream=wait.stream,
        key=wait.key,
        post=wait.post,
        task=wait.task,
        stage=_stage(wait),
        cause=_CAUSES.get(wait.about),
        since=since,
        until=until,
        working_days=days,
        stopped=stops,
    )


def _breaks(state: State, task: Task, last: date) -> dict[Interval, StopCause]:
    """What stops a section's clock, as its ladder knows it; no other case has anything that does.

    A pause until a reply comes does not stop the one who owes the reply: that clock runs.
    """
    if not isinstance(state, Clearing):
        return {}
    causes: dict[Interval, StopCause] = {}
    stall = state.stall
    named: list[StopCause] = [pause.cause for pause in stall.pauses]
    named += [SNOOZED] * len(stall.snoozes)
    # Whoever waits is silent: of all triggers this one is put off by every snooze.
    for interval, cause in zip(stall.breaks(Trigger.NO_PROGRESS), named, strict=True):
        if task is Task.REPLY and cause is PauseCause.AWAITING_REPLY:
            continue
        # The count ends where an open break begins; here the days within it are wanted too.
        closed = Interval(first=interval.first, last=interval.last or last, kind=interval.kind)
        causes.setdefault(closed, cause)
    return causes


def _counted(
    calendar: Calendar, since: date, last: date, breaks: Mapping[Interval, StopCause]
) -> tuple[int, tuple[Stopped, ...]]:
    """Working days that counted, and those that did not; nothing beyond the calendar's years."""
    count, causes = 0, Counter[StopCause]()
    start = max(since, calendar.first)
    days = counting.working_days(calendar, start, breaks)
    for day in counting.until(days, min(last, calendar.last)):
        if day.nth is not None:
            count = day.nth
        elif day.kind in counting.BREAKS and calendar.is_working_day(day.day):
            causes[next(cause for one, cause in breaks.items() if one.holds(day.day))] += 1
    return count, tuple(Stopped(cause=cause, working_days=n) for cause, n in causes.items())


def _stage(wait: Wait) -> Stage:
    room = wait.stream.partition("/")[0]
    if room in ("clearance", "payment", "question"):
        return Stage(room)
    match wait.task:
        case Task.SUBMIT_DOSSIER | Task.DECIDE_DOSSIER:
            settles = wait.key.startswith(f"{DossierKind.SETTLEMENT}/")
            return Stage.SETTLEMENT if settles else Stage.APPROVAL
        case Task.CLOSE_ACCOUNTS:
            return Stage.SETTLEMENT
        case Task.OPEN_CLEARANCE:
            return Stage.CLEARANCE
        case _:
            return Stage.CONSTRUCTION


def _side(one: Waited, by: By) -> str:
    match by:
        case By.POST:
            return str(one.post)
        case By.ROLE:
            return one.post.role
        case By.UNIT:
            return one.post.unit
        case By.STAGE:
            return one.stage
        case By.TASK:
            return one.task
        case By.CAUSE:
            return one.cause or ""
        case By.CASE:
            return one.stream
        case _:
            assert_never(by)
