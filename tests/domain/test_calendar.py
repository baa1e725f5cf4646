"""Working days and legal limits, on the real calendar."""

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import HANOI, LimitUnit, end_of, local_day
from tests.domain.story import POLICY

CALENDAR = POLICY.calendar
DAYS = st.dates(date(2020, 1, 1), date(2029, 6, 30))


@pytest.mark.parametrize(
    ("start", "count", "unit", "last"),
    [
        (date(2024, 1, 10), 30, "days", date(2024, 2, 15)),
        (date(2024, 4, 26), 2, "working-days", date(2024, 5, 3)),
        (date(2026, 1, 31), 1, "months", date(2026, 3, 2)),
        (date(2024, 1, 2), 3, "days", date(2024, 1, 5)),
        (date(2024, 12, 15), 2, "months", date(2025, 2, 17)),
        (date(2023, 11, 30), 3, "months", date(2024, 2, 29)),
        (date(2024, 5, 3), 1, "working-days", date(2024, 5, 4)),
    ],
    ids=[
        "days that end in Tết roll past it",
        "working days skip the swapped long weekend",
        "a month from the 31st ends with February and rolls over its weekend",
        "days that end on a working day stay there",
        "months cross the year and roll over a weekend",
        "a month without that day ends on its last, in a leap year the 29th",
        "a swapped Saturday is a working day",
    ],
)
def test_a_limit_ends_on(start: date, count: int, unit: LimitUnit, last: date) -> None:
    assert CALENDAR.last_day(start, count, unit) == last


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 2, 7), True),
        (date(2024, 2, 8), False),
        (date(2024, 2, 14), False),
        (date(2024, 2, 15), True),
        (date(2024, 4, 18), False),
        (date(2024, 4, 29), False),
        (date(2024, 5, 4), True),
        (date(2024, 5, 5), False),
        (date(2025, 4, 26), True),
        (date(2026, 8, 22), True),
        (date(2026, 4, 27), False),
    ],
    ids=[
        "the eve of the Tết holiday",
        "the first day of Tết",
        "the last day of Tết",
        "the day after Tết",
        "the Hùng Kings",
        "the swapped Monday of 2024",
        "the swapped Saturday of 2024",
        "the Sunday after it",
        "the swapped Saturday of 2025",
        "the swapped Saturday of 2026",
        "the day given for a holiday on a Sunday",
    ],
)
def test_the_city_works_or_rests_on(day: date, *, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2031, 1, 1)])
def test_a_day_outside_the_calendar_is_not_guessed(day: date) -> None:
    with pytest.raises(ValueError, match="covers 2020-01-01 to 2030-12-31"):
        CALENDAR.is_working_day(day)


@given(start=DAYS, count=st.integers(1, 200), unit=st.sampled_from(["days", "working-days"]))
@settings(deadline=None)
def test_every_limit_ends_on_a_working_day_after_its_start(
    start: date, count: int, unit: LimitUnit
) -> None:
    last = CALENDAR.last_day(start, count, unit)

    assert last >= start + timedelta(days=count)
    assert CALENDAR.is_working_day(last)


@given(start=DAYS, months=st.integers(1, 12))
@settings(deadline=None)
def test_a_limit_in_months_ends_on_the_same_day_or_later(start: date, months: int) -> None:
    last = CALENDAR.last_day(start, months, "months")

    assert CALENDAR.is_working_day(last)
    assert 28 * months <= (last - start).days <= 31 * months + 12


@given(start=DAYS, count=st.integers(1, 100))
@settings(deadline=None)
def test_working_days_counted_there_and_back_agree(start: date, count: int) -> None:
    last = CALENDAR.last_day(start, count, "working-days")

    assert CALENDAR.working_days_between(start, last) == count
    assert CALENDAR.working_days_between(start, last - timedelta(days=1)) == count - 1


@given(start=DAYS)
@settings(deadline=None)
def test_a_later_start_never_ends_a_limit_earlier(start: date) -> None:
    tomorrow = start + timedelta(days=1)

    for unit in ("days", "working-days"):
        assert CALENDAR.last_day(start, 15, unit) <= CALENDAR.last_day(tomorrow, 15, unit)


def test_the_day_of_the_event_is_not_counted() -> None:
    days = islice(CALENDAR.working_days_after(date(2024, 1, 2)), 2)

    assert list(days) == [date(2024, 1, 3), date(2024, 1, 4)]


def test_a_day_ends_at_midnight_in_hanoi() -> None:
    assert end_of(date(2024, 1, 2)) == datetime(2024, 1, 3, tzinfo=HANOI)


@given(moment=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(HANOI)))
def test_the_local_day_of_a_moment_is_the_one_that_has_not_ended(moment: datetime) -> None:
    day = local_day(moment)

    assert end_of(day - timedelta(days=1)) <= moment < end_of(day)
