"""The year passes no faster than the machine records decisions."""

from datetime import timedelta

import pytest

from demo.rehearsal import a_day


@pytest.mark.parametrize(
    ("each", "day"),
    [(0.002, 0.4), (0.006, 0.4), (0.012, 0.8), (0.5, 1.2)],
    ids=["quiet", "as fast as it need be", "half as fast", "as slow as it may be"],
)
def test_a_slow_machine_plays_a_slower_year(each: float, day: float) -> None:
    assert a_day(timedelta(seconds=500 * each), 500) == timedelta(seconds=day)


def test_with_nothing_left_to_load_the_year_passes_as_people_look_on() -> None:
    assert a_day(timedelta(seconds=3), 0) == timedelta(seconds=0.4)
