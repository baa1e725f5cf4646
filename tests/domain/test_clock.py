"""The programme clock, in rehearsal and in production."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.clock import WALL_CLOCK, Clock

# A month an hour, until the end of June 2024.
FAST = Clock(
    origin=datetime(2024, 1, 1, tzinfo=UTC),
    started_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    rate=720.0,
    until=datetime(2024, 6, 30, tzinfo=UTC),
)
SECONDS = st.integers(0, 200 * 24 * 3600)


def test_the_wall_clock_shows_real_time() -> None:
    now = datetime(2024, 4, 30, 9, 30, tzinfo=UTC)

    assert WALL_CLOCK.now(now) == now
    assert WALL_CLOCK.real(now) == now


def test_a_rehearsal_starts_at_its_origin() -> None:
    assert FAST.now(FAST.started_at) == FAST.origin


def test_an_hour_of_rehearsal_is_a_month() -> None:
    assert FAST.now(FAST.started_at + timedelta(hours=1)) == datetime(2024, 1, 31, tzinfo=UTC)


def test_after_its_end_a_rehearsal_runs_like_a_wall_clock() -> None:
    end = FAST.real(FAST.until)

    assert FAST.now(end + timedelta(minutes=5)) == FAST.until + timedelta(minutes=5)


@given(seconds=SECONDS)
def test_real_time_and_back_is_the_same_moment(seconds: int) -> None:
    business = FAST.origin + timedelta(seconds=seconds)

    # A microsecond of real time is 720 of the rehearsal's.
    assert abs(FAST.now(FAST.real(business)) - business) <= timedelta(microseconds=720)


@given(earlier=SECONDS, more=SECONDS)
def test_the_clock_never_runs_backwards(earlier: int, more: int) -> None:
    before = FAST.started_at + timedelta(seconds=earlier)
    after = before + timedelta(seconds=more)

    assert FAST.now(before) <= FAST.now(after)


@given(seconds=SECONDS, away=SECONDS)
def test_a_clock_that_is_stopped_stands_and_then_goes_on(seconds: int, away: int) -> None:
    real = FAST.started_at + timedelta(seconds=seconds)
    stopped = FAST.stopped(real)
    stood = min(FAST.now(real), FAST.until)
    back = real + timedelta(seconds=away)

    assert stopped.until == stood
    assert stopped.now(back) - stopped.now(real) == timedelta(seconds=away)
    assert stopped.going_on(FAST.until, back).now(back) == stood


def test_a_clock_that_has_not_begun_is_stopped_at_its_origin() -> None:
    assert FAST.stopped(FAST.started_at - timedelta(seconds=1)).until == FAST.origin


@given(seconds=st.integers(0, 5 * 3600))
def test_a_clock_that_is_slowed_down_shows_the_same_and_then_less(seconds: int) -> None:
    real = FAST.started_at + timedelta(seconds=seconds)
    slower, later = FAST.slower(real, 0.5), real + timedelta(minutes=10)

    assert abs(slower.now(real) - FAST.now(real)) <= timedelta(microseconds=720)
    if FAST.now(later) < FAST.until:
        passed = slower.now(later) - slower.now(real)
        assert abs(2 * passed - (FAST.now(later) - FAST.now(real))) <= timedelta(seconds=1)
