"""A section as large as they come: read, decided, packed, and read again after a kill."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.cases import MOST_CASES, CaseEntry
from domain.clearance import Clearing
from domain.households import ConfirmOrigin, RegisterCases
from domain.policy import Policy
from domain.values import CaseCode, ProjectId
from office import door
from storage.record import Record
from tests.conftest import NewDatabase, envelope
from tests.domain.story import CLEARANCE, OFFICER, TO_CLEARANCE, Asked, act
from tests.workflows.conftest import Office
from tests.workflows.test_server import worker
from workflows.case import Receipt

pytestmark = pytest.mark.asyncio

HELD = 2
"""Cases that the story has registered already."""


def household(number: int) -> CaseEntry:
    return CaseEntry(
        code=CaseCode(f"K{number:04d}"),
        area_before_m2=500 + number,
        area_given_m2=40,
        area_left_m2=460 + number,
        origin_confirmed=False,
    )


def listed(count: int) -> Asked:
    """A list of households, as an import hands it in."""
    entries = tuple(household(number) for number in range(count))
    return CLEARANCE, RegisterCases(cases=entries), act(OFFICER, "2024-02-05")


def confirmed(number: int) -> Asked:
    codes = (household(number).code,)
    return CLEARANCE, ConfirmOrigin(cases=codes), act(OFFICER, "2024-02-06")


async def test_the_largest_section_outlives_a_killed_worker_and_decides_once(
    real: WorkflowEnvironment, new_database: NewDatabase, policy: Policy, tmp_path: Path
) -> None:
    with new_database() as engine:
        # given: the largest import, decided under load, and the worker killed at once
        office = Office(env=real, record=Record(engine, policy), project=ProjectId("LARGE"))
        await office.at("2024-02-07")
        office.recorded(*TO_CLEARANCE)
        with worker(office, tmp_path / "1") as first:
            await office.clear()
            await office.ask(listed(MOST_CASES - HELD))
            asked = [asyncio.create_task(patient(office, confirmed(n))) for n in range(5)]
            await office.until(lambda: "OriginConfirmed" in office.kinds(CLEARANCE))
            os.kill(first.pid, signal.SIGKILL)
            first.wait()

        # when
        with worker(office, tmp_path / "2"):
            answers = await asyncio.gather(*asked)
            again = await patient(office, confirmed(5))
            await office.follows(CLEARANCE)
            state = await door.state(office.client, office.stream(CLEARANCE))

        # then
        assert isinstance(state, Clearing)
        assert len(state.cases) == MOST_CASES
        assert again.version == max(answer.version for answer in answers) + 1
        assert office.kinds(CLEARANCE).count("CasesRegistered") == 2
        assert office.kinds(CLEARANCE).count("OriginConfirmed") == 6
        history = await office.handle(CLEARANCE).fetch_history()
        kinds = [event.WhichOneof("attributes") for event in history.events]
        assert "workflow_task_failed_event_attributes" not in kinds
        assert max(event.ByteSize() for event in history.events) < 500_000
        await office.close()


async def patient(office: Office, asked: Asked) -> Receipt:
    wanted = envelope(asked, None, office.project)
    receipt: Receipt = await office.handle(CLEARANCE).execute_update(
        "ask", wanted, id=wanted.decision_id, result_type=Receipt
    )
    return receipt
