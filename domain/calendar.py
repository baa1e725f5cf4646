"""Vietnamese working days and legal limits (Civil Code 2015, Art. 147-148)."""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from itertools import takewhile
from typing import Literal

from domain.values import value

HANOI = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Business time. Vietnam keeps no daylight saving time, so a fixed offset is exact."""

LimitUnit = Literal["days", "working-days", "months", "half-months"]
_DAY = timedelta(days=1)


@value
class Calendar:
    """Days off and swapped Saturdays, as plain sorted data, from `first` to `last` inclusive."""

    version: str
    first: date
    last: date
    days_off: tuple[date, ...]
    working_weekend_days: tuple[date, ...]

    def is_working_day(self, day: date) -> bool:
        """Raises ValueError for a day that is not covered: guessing would move deadlines."""
        if not self.first <= day <= self.last:
            raise ValueError(
                f"calendar {self.version} covers {self.first} to {self.last}, not {day}"
            )
        if _has(self.working_weekend_days, day):
            return True
        return day.weekday() < 5 and not self.is_day_off(day)

    def is_day_off(self, day: date) -> bool:
        """Whether the law or a decision gives the day off, weekends apart."""
        return _has(self.days_off, day)

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def working_days_after(self, start: date) -> Iterator[date]:
        """Every working day after `start`; the day of the event is never counted (Art. 147)."""
        day = start
        while True:
            day = self.next_working_day(day + _DAY)
            yield day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start`, up to and including `end`."""
        days = takewhile(lambda day: day <= end, self.working_days_after(start))
        return sum(1 for _ in days)

    def last_day(self, start: date, count: int, unit: LimitUnit) -> date:
        """The last day of a limit that runs from `start`.

        Calendar days and months that end on a day off roll to the next working day (Art. 148).
        """
        match unit:
            case "days" | "months" | "half-months":
                return self.next_working_day(nominal_day(start, count, unit))
            case "working-days":
                days = self.working_days_after(start)
                return next(day for nth, day in enumerate(days, 1) if nth == count)


def nominal_day(start: date, count: int, unit: Literal["days", "months", "half-months"]) -> date:
    """The day on which a limit would end if every day were a working day.

    Half a month is fifteen days (Civil Code Art. 146.1), after the whole ones.
    """
    match unit:
        case "days":
            return start + timedelta(days=count)
        case "months":
            return _same_day_after(start, count)
        case "half-months":
            return _same_day_after(start, count // 2) + timedelta(days=15 * (count % 2))


def local_day(moment: datetime) -> date:
    """The date in Vietnam at an aware moment."""
    return moment.astimezone(HANOI).date()


def end_of(day: date) -> datetime:
    """24:00 of a day in Vietnam, when its limits end (Art. 148.6)."""
    return datetime.combine(day + _DAY, time.min, HANOI)


def last_instant(day: date) -> datetime:
    """The last moment that still belongs to a day in Vietnam."""
    return datetime.combine(day, time.max, HANOI)


def due_day(end: datetime) -> date:
    """The day at whose 24:00 a limit ends: what people call the due date."""
    return local_day(end - timedelta(microseconds=1))


def _has(days: tuple[date, ...], day: date) -> bool:
    index = bisect_left(days, day)
    return index < len(days) and days[index] == day


def _same_day_after(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
