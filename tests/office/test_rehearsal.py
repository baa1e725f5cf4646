"""The clock of a rehearsal: where it may be set, and that it never goes back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from domain.calendar import HANOI
from domain.clock import Clock
from domain.refusal import Refused
from office import rehearsal
from storage import queries
from storage.record import Record
from tests.conftest import tell
from tests.domain.story import REGISTER

MORNING = datetime(2024, 3, 4, 8, tzinfo=HANOI)
REAL = datetime(2026, 11, 26, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)


def test_an_empty_record_may_begin_on_any_day(engine: Engine) -> None:
    rehearsal.check(engine, MORNING, REAL)


def test_a_record_that_was_begun_by_the_real_calendar_keeps_to_it(record: Record) -> None:
    tell(record, REGISTER)

    with pytest.raises(Refused, match="begun by the real calendar") as refusal:
        rehearsal.check(record.engine, MORNING, REAL)
    assert refusal.value.rule == "out_of_turn"


def test_a_rehearsal_goes_forward_and_stays_on_its_day_but_never_back(record: Record) -> None:
    clock = Clock(origin=MORNING, started_at=REAL, rate=1.0, until=MORNING)
    queries.set_clock(record.engine, clock)
    tell(record, REGISTER)
    later = REAL + timedelta(hours=3)

    rehearsal.check(record.engine, MORNING + A_DAY, later)
    rehearsal.check(record.engine, MORNING, later)
    with pytest.raises(Refused, match="2024-03-04 already"):
        rehearsal.check(record.engine, MORNING - A_DAY, later)


def test_a_home_where_a_year_is_played_is_not_rehearsed_in(engine: Engine) -> None:
    queries.set_clock(
        engine, Clock(origin=MORNING, started_at=REAL, rate=216_000.0, until=MORNING + A_DAY)
    )

    with pytest.raises(Refused, match="plays a year"):
        rehearsal.check(engine, MORNING + A_DAY, REAL)
