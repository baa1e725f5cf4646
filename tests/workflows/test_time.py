"""Months of waiting, skipped: the ladder of escalation, reminders, and clocks that cannot act."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from domain.approval import StepOverdue
from domain.calendar import local_day
from domain.escalation import EscalationRaised
from domain.households import RecordDonations
from domain.values import DossierKind
from storage.record import Record
from tests.conftest import amended
from tests.domain.story import (
    CLEARANCE,
    OFFICER,
    REGISTER,
    TO_CLEARANCE,
    TOTAL,
    act,
    at,
    codes,
    submit,
)
from tests.workflows.conftest import Office

pytestmark = pytest.mark.asyncio

SUBMIT = submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")


def rungs(office: Office) -> list[tuple[int, date]]:
    """Each rung raised, with the last day it was waited for."""
    events = [fact.event for fact in office.facts(CLEARANCE)]
    return [
        (event.level, local_day(event.reached_at - timedelta(seconds=1)))
        for event in events
        if isinstance(event, EscalationRaised)
    ]


async def sleep_to(office: Office, now: datetime, then: datetime) -> None:
    await asyncio.wait_for(office.env.sleep(then - now), 20)


async def test_a_stalled_section_climbs_the_ladder_in_working_days(office: Office) -> None:
    # given: cases registered on Friday 2 February; Tết takes the 8th to the 14th
    await office.at("2024-02-03")
    office.recorded(*TO_CLEARANCE)
    await office.clear()

    # when
    await sleep_to(office, at("2024-02-03"), at("2024-05-03"))
    await office.until(lambda: len(rungs(office)) == 5)

    # then
    assert rungs(office) == [
        (1, date(2024, 3, 1)),
        (2, date(2024, 3, 8)),
        (3, date(2024, 3, 15)),
        (4, date(2024, 3, 22)),
        (5, date(2024, 4, 5)),
    ]
    for fact in office.facts(CLEARANCE):
        if isinstance(fact.event, EscalationRaised):
            late = fact.act.at - fact.event.reached_at
            assert timedelta(0) <= late < timedelta(minutes=1)
    assert office.kinds(CLEARANCE).count("StallDetected") == 1


async def test_progress_leads_back_to_the_foot_of_the_ladder(office: Office) -> None:
    await office.at("2024-02-03")
    office.recorded(*TO_CLEARANCE)
    await office.clear()

    await sleep_to(office, at("2024-02-03"), at("2024-03-04"))
    await office.ask((CLEARANCE, RecordDonations(cases=codes("H1")), act(OFFICER, "2024-03-04")))
    await sleep_to(office, at("2024-03-04"), at("2024-03-27"))
    await office.until(lambda: len(rungs(office)) == 2)

    assert rungs(office) == [(1, date(2024, 3, 1)), (1, date(2024, 3, 25))]


async def test_a_case_resumed_late_raises_each_missed_rung_at_its_true_moment(
    office: Office,
) -> None:
    await office.at("2024-03-18")
    office.recorded(*TO_CLEARANCE)

    await office.clear()
    await office.until(lambda: len(rungs(office)) == 3)

    assert rungs(office) == [
        (1, date(2024, 3, 1)),
        (2, date(2024, 3, 8)),
        (3, date(2024, 3, 15)),
    ]
    assert {local_day(fact.act.at) for fact in office.facts(CLEARANCE)[2:]} == {date(2024, 3, 18)}


async def test_a_step_past_its_deadline_is_noted_once_and_never_approved(office: Office) -> None:
    await office.at("2024-01-04")
    office.recorded(REGISTER, SUBMIT)
    await office.start()

    await sleep_to(office, at("2024-01-04"), at("2024-06-01"))
    await office.until(lambda: "StepOverdue" in office.kinds())

    last = office.facts()[-1]
    assert isinstance(last.event, StepOverdue)
    assert last.event.due.at == at("2024-01-24", "00:00")
    assert office.kinds().count("StepOverdue") == 1
    assert len(await office.history()) < 40


async def test_a_clock_that_is_refused_does_not_ask_again_without_end(
    office: Office, tmp_path: Path
) -> None:
    # given: a case whose law has no limit for the answer to a letter any more
    row = 'rule = "escalation.answer"\n'
    lapsed = amended(tmp_path / "law", "limits.toml", row, f"{row}valid_to = 2024-02-10\n")
    elder = Office(env=office.env, record=Record(office.engine, lapsed), project=office.project)
    elder.recorded(*TO_CLEARANCE)
    await office.at("2024-03-04")

    # when: the first rung has been reached
    await office.clear()
    await asyncio.sleep(1.5)

    # then
    asked = (await office.history(CLEARANCE)).count("activity_task_scheduled_event_attributes")
    assert asked <= 5
