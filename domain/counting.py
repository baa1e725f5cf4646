"""Days counted one by one, so that anybody can check a deadline by hand."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import Calendar, LimitUnit, nominal_day
from domain.values import value

_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What a day is to a count."""

    WORKING = "working"
    SWAPPED = "swapped"
    WEEKEND = "weekend"
    DAY_OFF = "day-off"
    PAUSED = "paused"
    SNOOZED = "snoozed"


BREAKS = (Kind.PAUSED, Kind.SNOOZED)
"""Days that would count, if nothing had been recorded that stops the clock."""


@value
class Interval:
    """Days that do not count, both ends included; open while `last` is None."""

    first: date
    last: date | None
    kind: Kind

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@value
class Day:
    """A day of a count. `nth` is its number if it counted.

    `rolls` marks days off after the last counted day, which push the end on (Art. 148.5).
    """

    day: date
    kind: Kind
    nth: int | None = None
    rolls: bool = False


@value
class Skipped:
    """A run of days that did not count, and why."""

    first: date
    last: date
    kind: Kind


def kind_of(calendar: Calendar, day: date, breaks: Iterable[Interval] = ()) -> Kind:
    """What a day is; a break goes before all else."""
    for one in breaks:
        if one.holds(day):
            return one.kind
    if calendar.is_working_day(day):
        return Kind.SWAPPED if day.weekday() >= 5 else Kind.WORKING
    # A holiday on a Sunday is a weekend day to the count, but people look for the holiday.
    return Kind.WEEKEND if day.weekday() >= 5 and not calendar.is_day_off(day) else Kind.DAY_OFF


def working_days(calendar: Calendar, start: date, breaks: Iterable[Interval] = ()) -> Iterator[Day]:
    """Every day after `start`, numbered where it is a working day outside of breaks.

    Ends where an open break begins, for from there on nothing counts.
    """
    intervals = tuple(breaks)
    stands = min((one.first for one in intervals if one.last is None), default=date.max)
    day, nth = start, 0
    while (day := day + _DAY) < stands:
        kind = kind_of(calendar, day, intervals)
        counts = kind in (Kind.WORKING, Kind.SWAPPED)
        nth += counts
        yield Day(day=day, kind=kind, nth=nth if counts else None)


def reached(
    calendar: Calendar, start: date, count: int, breaks: Iterable[Interval] = ()
) -> date | None:
    """The day at whose end `count` working days have passed since `start`; None in an open break.

    A negative count goes back from `start`, whatever breaks there are: what lapses does not wait.
    """
    if count == 0:
        return start
    if count < 0:
        day = start
        for _ in range(-count):
            day -= _DAY
            while not calendar.is_working_day(day):
                day -= _DAY
        return day
    found = (day.day for day in working_days(calendar, start, breaks) if day.nth == count)
    return next(found, None)


def days_of(calendar: Calendar, start: date, count: int, unit: LimitUnit) -> tuple[Day, ...]:
    """A limit day by day, from the day after `start` to its last day.

    Of a limit in months or half months only the day on which each ends is shown, and what rolls
    after it.
    """
    last = calendar.last_day(start, count, unit)
    if unit == "working-days":
        return tuple(until(working_days(calendar, start), last))
    if unit in ("months", "half-months"):
        counted = [nominal_day(start, nth, unit) for nth in range(1, count + 1)]
    else:
        counted = [start + timedelta(days=nth) for nth in range(1, count + 1)]
    days = [
        Day(day=day, kind=kind_of(calendar, day), nth=nth) for nth, day in enumerate(counted, 1)
    ]
    day = counted[-1]
    while day < last:
        day += _DAY
        days.append(Day(day=day, kind=kind_of(calendar, day), rolls=True))
    return tuple(days)


def until(days: Iterable[Day], last: date) -> Iterator[Day]:
    """Days up to and including `last`."""
    for day in days:
        if day.day > last:
            return
        yield day


def skipped(days: Iterable[Day]) -> tuple[Skipped, ...]:
    """The runs of days that a count passed over."""
    runs: list[Skipped] = []
    for day in days:
        if day.nth is not None:
            continue
        last = runs[-1] if runs else None
        if last and last.kind is day.kind and last.last + _DAY == day.day:
            runs[-1] = Skipped(first=last.first, last=day.day, kind=day.kind)
        else:
            runs.append(Skipped(first=day.day, last=day.day, kind=day.kind))
    return tuple(runs)
