"""When people may be written to, and how soon a message is tried again."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.calendar import HANOI, Calendar
from domain.delivery import Hours, Retry
from domain.policy import Policy
from storage import policies
from tests.domain.story import at

HOURS = Hours()
CALENDAR = policies.load().calendar
MOMENTS = some.datetimes(
    min_value=datetime(2023, 1, 1),
    max_value=datetime(2032, 1, 1),
    timezones=some.just(HANOI),
)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at("2024-03-04", "09:00"), at("2024-03-04", "09:00")),
        (at("2024-03-04", "06:00"), at("2024-03-04", "07:30")),
        (at("2024-03-04", "17:00"), at("2024-03-05", "07:30")),
        # From the eve of Tết to the Thursday after it.
        (at("2024-02-07", "17:00"), at("2024-02-15", "07:30")),
        # A Saturday that was swapped for a day before 30 April is worked on.
        (at("2024-05-04", "10:00"), at("2024-05-04", "10:00")),
        (at("2024-04-29", "10:00"), at("2024-05-02", "07:30")),
    ],
)
def test_people_are_written_to_in_office_hours(moment: datetime, opens: datetime) -> None:
    assert HOURS.next_open(moment, CALENDAR) == opens


@given(moment=MOMENTS)
def test_whatever_the_moment_the_next_opening_is_open_and_a_digest_comes_after_it(
    moment: datetime,
) -> None:
    opens = HOURS.next_open(moment, CALENDAR)
    digest = HOURS.next_digest(moment, CALENDAR)

    assert opens >= moment
    assert HOURS.open(opens, CALENDAR)
    assert HOURS.next_open(opens, CALENDAR) == opens
    assert digest > moment
    assert HOURS.open(digest, CALENDAR)
    assert digest.time() == HOURS.digest_at
    # Whatever is gathered until a digest goes out with it.
    just_before = digest - timedelta(microseconds=1)
    assert HOURS.next_digest(just_before, CALENDAR) == digest


def test_past_the_last_year_of_the_calendar_letters_still_go_out(policy: Policy) -> None:
    short = Calendar(
        version="x",
        first=policy.calendar.first,
        last=policy.calendar.first,
        days_off=(),
        working_weekend_days=(),
    )

    assert HOURS.next_open(at("2024-03-09", "10:00"), short) == at("2024-03-11", "07:30")


def test_hours_may_be_others() -> None:
    late = Hours(opens=time(13), closes=time(14), digest_at=time(13))

    assert late.next_digest(at("2024-03-04", "13:00"), CALENDAR) == at("2024-03-05", "13:00")


@given(
    key=some.text(),
    attempt=some.integers(1, 2_000),
    first=some.integers(1, 3_600),
    cap=some.integers(3_600, 86_400),
)
def test_pauses_grow_to_the_cap_and_are_the_same_for_the_same_message(
    key: str, attempt: int, first: int, cap: int
) -> None:
    retry = Retry(first_seconds=first, cap_seconds=cap)

    pause = retry.pause(key, attempt).total_seconds()

    plain = min(first * 2 ** (attempt - 1), cap)
    assert 0.8 * plain - 1e-6 <= pause <= 1.2 * plain + 1e-6
    assert retry.pause(key, attempt).total_seconds() == pause


def test_messages_that_failed_together_do_not_come_back_together() -> None:
    pauses = {Retry().pause(f"project/P{number}#1", 1) for number in range(50)}

    assert len(pauses) > 45


def test_an_attempt_is_the_last_one_when_the_contacts_say_so() -> None:
    assert not Retry(attempts=3).is_over(2)
    assert Retry(attempts=3).is_over(3)
