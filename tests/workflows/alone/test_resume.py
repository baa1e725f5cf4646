"""Resuming while everything else goes on: twice at once, among decisions, without a worker."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import Client

from domain.clock import Clock
from domain.households import RecordDonations
from domain.values import DossierKind, ProjectId
from office import door
from office.reconcile import look
from office.resume import ROOMS, Resumed, resume
from storage import queries
from storage.record import Record
from tests.conftest import envelope
from tests.domain.story import (
    CLEARANCE,
    OFFICER,
    PLANNING,
    REGISTER,
    TO_CLEARANCE,
    TOTAL,
    act,
    approve,
    at,
    codes,
    submit,
)
from tests.workflows.conftest import Office
from worker import record_worker, workflow_worker

pytestmark = pytest.mark.asyncio

SUBMIT = submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")
APPRAISE = approve(DossierKind.INVESTMENT_POLICY, "appraise", PLANNING, "2024-01-08")
DONATE = (CLEARANCE, RecordDonations(cases=codes("H1")), act(OFFICER, "2024-03-01"))
RUNG_REACHED = at("2024-03-02", "00:00")
"""The end of Friday 1 March, the fifteenth working day without progress."""


async def resumed(office: Office, client: Client | None = None) -> Resumed:
    return await resume(client or office.client, office.engine, lambda _done, _of: None)


async def test_two_resumes_at_once_start_every_case_once(office: Office, record: Record) -> None:
    await office.at("2024-02-03")
    office.recorded(*TO_CLEARANCE)
    others = [ProjectId(f"{office.project}-{number}") for number in range(5)]
    for other in others:
        Office(env=office.env, record=record, project=other).recorded(REGISTER, SUBMIT)
    cases = queries.open_cases(office.engine, ROOMS)

    async with workflow_worker(office.client), record_worker(office.client, record):
        both = await asyncio.gather(resumed(office), resumed(office))
        third = await resumed(office)
        astray = [await look(office.client, office.engine, stream, asks=False) for stream in cases]

    # A project that lives again may start its clearance before a resume gets to it.
    started = sum(one.started for one in both)
    assert len(cases) - 1 <= started <= len(cases)
    assert [one.failed for one in both] == [(), ()]
    assert third == Resumed(open_cases=len(cases), started=0)
    assert set(astray) == {None}
    for stream in cases:
        await office.terminate(stream)


async def test_a_resume_among_decisions_loses_and_doubles_none(
    office: Office, record: Record
) -> None:
    await office.at("2024-01-09")
    office.recorded(REGISTER, SUBMIT)

    async with workflow_worker(office.client), record_worker(office.client, record):
        first, *_, again = await asyncio.gather(
            office.ask(APPRAISE, f"{office.project}:1"),
            resumed(office),
            resumed(office),
            office.ask(APPRAISE, f"{office.project}:1"),
        )

    assert first == again
    assert office.kinds().count("StepApproved") == 1


async def test_resumed_without_a_worker_a_case_waits_for_one(
    office: Office, record: Record
) -> None:
    await office.at("2024-01-09")
    office.recorded(REGISTER, SUBMIT)

    assert (await resumed(office)).started == 1
    decision = f"{office.project}:1"
    with pytest.raises(door.Pending):
        wanted = envelope(APPRAISE, decision, office.project)
        await door.ask(office.client, wanted, timedelta(seconds=1))

    async with workflow_worker(office.client), record_worker(office.client, record):
        receipt = await office.ask(APPRAISE, decision)

    assert receipt.version == len(office.facts())
    assert office.kinds().count("StepApproved") == 1


async def test_a_namespace_that_does_not_exist_is_named(office: Office) -> None:
    office.recorded(REGISTER, SUBMIT)
    nowhere = Client(
        office.client.service_client,
        namespace="nowhere",
        data_converter=office.client.data_converter,
    )

    with pytest.raises(door.Unreachable, match="Temporal has no namespace 'nowhere'"):
        await resumed(office, nowhere)

    assert (await resumed(office)).started == 1


async def test_what_is_told_after_a_missed_rung_does_not_undo_it(
    office: Office, record: Record
) -> None:
    # given: nobody was there when the first rung was reached; the news that came later waits
    await office.at("2024-03-04")
    office.recorded(*TO_CLEARANCE)
    await office.clear()
    asking = asyncio.create_task(office.ask(DONATE))
    await asyncio.sleep(0.5)

    # when
    async with workflow_worker(office.client), record_worker(office.client, record):
        await asking

    # then
    assert office.kinds(CLEARANCE)[-3:] == [
        "StallDetected",
        "EscalationRaised",
        "DonationsRecorded",
    ]
    raised = office.facts(CLEARANCE)[-2].event
    assert getattr(raised, "reached_at", None) == RUNG_REACHED


async def test_nor_does_it_where_the_deadline_passed_under_a_dead_worker(
    office: Office, record: Record
) -> None:
    # given: a case that lived until two seconds before its rung
    two = timedelta(seconds=2)
    clock = Clock(
        origin=RUNG_REACHED - two, started_at=datetime.now(UTC), rate=1.0, until=at("2100-01-01")
    )
    queries.set_clock(office.engine, clock)
    office.recorded(*TO_CLEARANCE)
    async with workflow_worker(office.client), record_worker(office.client, record):
        await office.clear()
        await office.follows(CLEARANCE)
    asking = asyncio.create_task(office.ask(DONATE))
    await asyncio.sleep(
        max((clock.real(RUNG_REACHED) - datetime.now(UTC)).total_seconds(), 0) + 0.5
    )

    # when
    async with workflow_worker(office.client), record_worker(office.client, record):
        await asking

    # then
    assert office.kinds(CLEARANCE)[-3:] == [
        "StallDetected",
        "EscalationRaised",
        "DonationsRecorded",
    ]
