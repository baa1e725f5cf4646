"""Days counted one by one: every deadline can be checked by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import LimitUnit
from domain.counting import Interval, Kind, days_of, reached, skipped, until, working_days
from tests.domain.story import POLICY

CALENDAR = POLICY.calendar
DAYS = st.dates(date(2021, 1, 1), date(2028, 1, 1))


def paused(first: date, last: date | None) -> Interval:
    return Interval(first=first, last=last, kind=Kind.PAUSED)


def test_thirty_days_that_end_in_tet_roll_past_it() -> None:
    days = days_of(CALENDAR, date(2024, 1, 10), 30, "days")

    assert (days[29].day, days[29].nth, days[29].kind) == (date(2024, 2, 9), 30, Kind.DAY_OFF)
    assert all(day.rolls and day.nth is None for day in days[30:])
    assert days[-1].day == date(2024, 2, 15)


def test_two_working_days_pass_over_the_long_weekend() -> None:
    days = days_of(CALENDAR, date(2024, 4, 26), 2, "working-days")

    assert [(day.day.day, day.kind) for day in days] == [
        (27, Kind.WEEKEND),
        (28, Kind.WEEKEND),
        (29, Kind.DAY_OFF),
        (30, Kind.DAY_OFF),
        (1, Kind.DAY_OFF),
        (2, Kind.WORKING),
        (3, Kind.WORKING),
    ]


def test_a_swapped_saturday_counts_and_says_so() -> None:
    (day,) = days_of(CALENDAR, date(2024, 5, 3), 1, "working-days")

    assert (day.day, day.kind, day.nth) == (date(2024, 5, 4), Kind.SWAPPED, 1)


def test_a_month_shows_where_it_ends_and_what_rolls() -> None:
    days = days_of(CALENDAR, date(2026, 1, 31), 1, "months")

    assert [(day.day, day.nth, day.rolls) for day in days] == [
        (date(2026, 2, 28), 1, False),
        (date(2026, 3, 1), None, True),
        (date(2026, 3, 2), None, True),
    ]


def test_five_working_days_from_the_eve_of_tet_end_a_week_after_it() -> None:
    days = days_of(CALENDAR, date(2024, 2, 7), 5, "working-days")

    assert [day.day.day for day in days if day.nth] == [15, 16, 19, 20, 21]
    assert [(run.first.day, run.last.day, run.kind) for run in skipped(days)] == [
        (8, 14, Kind.DAY_OFF),
        (17, 18, Kind.WEEKEND),
    ]


def test_paused_days_do_not_count() -> None:
    pause = paused(date(2024, 1, 4), date(2024, 1, 8))

    days = tuple(until(working_days(CALENDAR, date(2024, 1, 2), (pause,)), date(2024, 1, 10)))

    assert [day.day.day for day in days if day.nth] == [3, 9, 10]
    assert skipped(days)[0].kind is Kind.PAUSED


def test_in_an_open_pause_nothing_is_ever_reached() -> None:
    pause = paused(date(2024, 1, 5), None)

    assert reached(CALENDAR, date(2024, 1, 2), 2, (pause,)) == date(2024, 1, 4)
    assert reached(CALENDAR, date(2024, 1, 2), 3, (pause,)) is None


@pytest.mark.parametrize(
    ("count", "day"), [(0, date(2024, 2, 15)), (-1, date(2024, 2, 7)), (-2, date(2024, 2, 6))]
)
def test_days_ahead_of_an_expiry_are_working_days_too(count: int, day: date) -> None:
    assert reached(CALENDAR, date(2024, 2, 15), count) == day


@given(
    start=DAYS, count=st.integers(1, 120), unit=st.sampled_from(["days", "working-days", "months"])
)
def test_the_last_day_shown_is_the_last_day_of_the_limit(
    start: date, count: int, unit: LimitUnit
) -> None:
    count = min(count, 12) if unit == "months" else count

    days = days_of(CALENDAR, start, count, unit)

    assert days[-1].day == CALENDAR.last_day(start, count, unit)
    assert [day.nth for day in days if day.nth] == list(range(1, count + 1))


@given(
    start=DAYS,
    count=st.integers(1, 40),
    breaks=st.lists(st.tuples(st.integers(-10, 40), st.integers(0, 15)), max_size=4),
)
def test_a_break_never_brings_a_rung_nearer(
    start: date, count: int, breaks: list[tuple[int, int]]
) -> None:
    intervals = [
        paused(first := start + timedelta(days=offset), first + timedelta(days=length))
        for offset, length in breaks
    ]

    day = reached(CALENDAR, start, count, intervals)

    assert day is not None
    assert day >= CALENDAR.last_day(start, count, "working-days")
    assert not any(one.holds(day) for one in intervals)
