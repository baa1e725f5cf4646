"""Working days, so that everything synthetic happens on one."""

from bisect import bisect_left
from datetime import date, timedelta

from storage.policies import load

_CALENDAR = load().calendar
_FIRST = date(2022, 1, 1)
_ALL = [
    day
    for day in (_FIRST + timedelta(days=n) for n in range(3 * 366))
    if _CALENDAR.is_working_day(day)
]


def after(day: date, count: int) -> date:
    """So many working days after a day, or before it; 0 rolls a day off to the next one."""
    return _ALL[bisect_left(_ALL, day) + count]


def between(first: date, last: date) -> int:
    """Working days from the first day to the last."""
    return bisect_left(_ALL, last) - bisect_left(_ALL, first)


def spread(first: date, last: date, count: int) -> list[date]:
    """So many working days, evenly from the first to the last."""
    span = between(first, last)
    return [after(first, span * n // max(1, count - 1)) for n in range(count)]


def iso(cell: object) -> str:
    """A cell as CSV: dates in ISO form, nothing for None."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case _:
            return str(cell)
