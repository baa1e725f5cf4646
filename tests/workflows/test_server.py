"""On the real server: what operators see, and a worker that is killed."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.converter import default
from temporalio.testing import WorkflowEnvironment

from domain.calendar import due_day, end_of
from domain.clock import Clock
from domain.escalation import Escalate, EscalationRaised
from domain.policy import Policy
from domain.refusal import Refused
from domain.streams import payment_stream
from domain.values import SYSTEM, Act, DossierKind, PaymentKind, ProjectId
from storage import log, queries
from storage.record import Record
from tests.conftest import NewDatabase, envelope, tell
from tests.domain.story import (
    CLEARANCE,
    PLANNING,
    PROJECT,
    REGISTER,
    TO_CLEARANCE,
    TO_LAND,
    TOTAL,
    approve,
    at,
    pay,
    payment,
    request,
    submit,
)
from tests.workflows.conftest import Office, keep_keys
from worker import record_worker, workflow_worker
from workflows.case import Receipt

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST = payment_stream(payment(1))
SUBMIT = submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")
APPRAISE = approve(DossierKind.INVESTMENT_POLICY, "appraise", PLANNING, "2024-01-08")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def books(new_database: NewDatabase, policy: Policy) -> AsyncIterator[Record]:
    with new_database() as engine:
        yield Record(engine, policy)


@pytest_asyncio.fixture(loop_scope="session")
async def served(real: WorkflowEnvironment, books: Record) -> AsyncIterator[Record]:
    async with workflow_worker(real.client), record_worker(real.client, books):
        yield books


async def listed(office: Office, query: str) -> set[str]:
    return {found.id async for found in office.client.list_workflows(query)}


async def summaries(office: Office, kind: str, stream: str) -> list[str]:
    handle = office.client.get_workflow_handle(stream)
    texts: list[str] = []
    async for event in handle.fetch_history_events():
        if event.WhichOneof("attributes") == f"{kind}_event_attributes":
            (text,) = await default().decode([event.user_metadata.summary], [str])
            texts.append(text)
    return texts


async def test_operators_find_and_read_the_cases(real: WorkflowEnvironment, served: Record) -> None:
    # given: one section that has stalled, and one that moves
    stalled = Office(env=real, record=served, project=ProjectId("STALLED"))
    moving = Office(env=real, record=served, project=ProjectId("MOVING"))
    stall = (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-03-04")))
    tell(served, *TO_CLEARANCE, stall, project=stalled.project)
    tell(served, *TO_LAND, project=moving.project)
    await stalled.at("2024-03-05")

    # when
    for office in (stalled, moving):
        await office.start()
        await office.follows(CLEARANCE)
    await moving.ask(request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-05"))
    await moving.tell(*pay(1, "2024-03-05"))

    # then: by the filters of the Web UI
    every = {office.stream(name) for office in (stalled, moving) for name in (PROJECT, CLEARANCE)}
    for _ in range(100):
        if await listed(stalled, 'Phase="clearance"') == every:
            break
        await asyncio.sleep(0.05)
    assert await listed(stalled, 'Phase="clearance"') == every
    assert await listed(stalled, "Stalled=true") == {stalled.stream(CLEARANCE)}
    assert await listed(stalled, 'Due < "2024-03-12T00:00:00+07:00" AND Stalled=true') == {
        stalled.stream(CLEARANCE)
    }
    assert await listed(stalled, 'Due < "2024-03-05T00:00:00+07:00" AND Stalled=true') == set()
    assert await listed(stalled, "EscalationLevel=1") == {stalled.stream(CLEARANCE)}
    assert stalled.stream(CLEARANCE) in await listed(stalled, 'WaitingOn="officer@ad-01"')
    assert await listed(stalled, 'Phase="payment"') == {moving.stream(FIRST)}
    assert await moving.handle(FIRST).result() == "Submitted"

    # and in words
    metadata = await stalled.handle(CLEARANCE).query(
        "__temporal_workflow_metadata", result_type=WorkflowMetadata
    )
    said = metadata.current_details
    assert "officer@ad-01" in said
    assert "vận động hiến đất · agree donation" in said
    assert "**chậm tiến độ · stalled** từ · since 02/02/2024, **bậc · rung 1**" in said
    assert f"(/namespaces/default/workflows/project%2F{stalled.project})" in said
    (timer,) = await summaries(stalled, "timer_started", stalled.stream(CLEARANCE))
    assert timer.startswith("escalation 2: urging letter")
    (first, *_) = await summaries(moving, "activity_task_scheduled", moving.stream(FIRST))
    assert first == f"read {moving.stream(FIRST)}"


RUNBOOK = (ROOT / "docs" / "operators.md").read_text("utf-8")
VIEWS = re.findall(r"^\| [^|]+ \| `([^`|]+)` \| (.+) \|$", RUNBOOK, re.MULTILINE)


async def test_every_saved_view_of_the_runbook_is_a_query_of_this_server(
    real: WorkflowEnvironment,
) -> None:
    assert len(VIEWS) == 8
    for query, link in VIEWS:
        answer = await real.client.count_workflows(query)

        assert answer.count >= 0
        place = f"`/namespaces/default/workflows?query={quote(query, safe='')}`"
        assert link in (place, "the view *Failures*, ready-made")


async def test_a_refusal_by_the_validator_leaves_nothing_at_all(
    real: WorkflowEnvironment, served: Record
) -> None:
    office = Office(env=real, record=served, project=ProjectId("REFUSED"))
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.ask(APPRAISE)
    before = await office.history()

    with pytest.raises(Refused):
        await office.ask(APPRAISE)

    assert await office.history() == before


async def test_a_worker_killed_in_the_middle_of_decisions_loses_and_doubles_none(
    real: WorkflowEnvironment, books: Record, tmp_path: Path
) -> None:
    # given: two projects, and a worker process of which one decision is held up in the record
    held = Office(env=real, record=books, project=ProjectId("HELD"))
    free = Office(env=real, record=books, project=ProjectId("FREE"))
    await held.at("2024-01-11")
    with worker(held, tmp_path / "1") as first:
        for office in (held, free):
            office.recorded(REGISTER, SUBMIT)
            await office.start()
            await office.follows()
        with log.look(books.engine) as connection, connection.begin():
            log.lock(connection, held.stream())

            # when
            asked = [asyncio.create_task(patient(office)) for office in (held, free)]
            await held.until(lambda: "StepApproved" in free.kinds())
            await asyncio.sleep(0.2)
            os.kill(first.pid, signal.SIGKILL)
            first.wait()
    with worker(held, tmp_path / "2"):
        answers = await asyncio.gather(*asked)

    # then
    assert [answer.version for answer in answers] == [5, 5]
    for office in (held, free):
        assert office.kinds().count("StepApproved") == 1


async def patient(office: Office) -> Receipt:
    """One decision, by somebody who waits as long as it takes."""
    wanted = envelope(APPRAISE, None, office.project)
    receipt: Receipt = await office.handle().execute_update(
        "ask", wanted, id=wanted.decision_id, result_type=Receipt
    )
    return receipt


@contextmanager
def worker(office: Office, at: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process, polling."""
    at.mkdir(exist_ok=True)
    keep_keys(at)
    told = {
        "NTM_HOME": str(at),
        "NTM_DATABASE_URL": office.engine.url.render_as_string(hide_password=False),
        "NTM_READY_FILE": str(at / "ready"),
        "TEMPORAL_ADDRESS": office.client.service_client.config.target_host,
        "TEMPORAL_CONFIG_FILE": os.devnull,
    }
    with (
        (at / "log").open("wb") as output,
        subprocess.Popen(
            [sys.executable, ROOT / "worker.py"], env={**os.environ, **told}, stderr=output
        ) as process,
    ):
        while not (at / "ready").exists():
            assert process.poll() is None, (at / "log").read_text("utf-8")
        try:
            yield process
        finally:
            process.terminate()


async def test_after_an_outage_of_a_month_each_missed_rung_is_raised_once_with_its_true_day(
    real: WorkflowEnvironment, new_database: NewDatabase, policy: Policy
) -> None:
    with new_database() as engine:
        # given: a section that stands still, and no worker from 3 February to 18 March
        record = Record(engine, policy)
        office = Office(env=real, record=record, project=ProjectId("OUTAGE"))
        office.recorded(*TO_CLEARANCE)
        clock = Clock(
            origin=at("2024-02-03"),
            started_at=datetime.now(UTC),
            rate=timedelta(days=22) / timedelta(seconds=1),
            until=at("2024-03-18"),
        )
        queries.set_clock(engine, clock)
        await office.clear()
        await asyncio.sleep((clock.real(clock.until) - datetime.now(UTC)).total_seconds())

        # when
        async with workflow_worker(real.client), record_worker(real.client, record):
            await office.until(lambda: office.kinds(CLEARANCE).count("EscalationRaised") >= 3)
            await office.follows(CLEARANCE)

        # then
        facts = [f for f in office.facts(CLEARANCE) if isinstance(f.event, EscalationRaised)]
        letters = [fact.event for fact in facts if isinstance(fact.event, EscalationRaised)]
        assert [(letter.level, due_day(letter.reached_at)) for letter in letters] == [
            (1, date(2024, 3, 1)),
            (2, date(2024, 3, 8)),
            (3, date(2024, 3, 15)),
        ]
        assert all(fact.act.at >= clock.until for fact in facts)
        assert {letter.answer_due.at for letter in letters} == {end_of(date(2024, 3, 25))}
        assert office.kinds(CLEARANCE).count("StallDetected") == 1
        assert "AnswerOverdue" not in office.kinds(CLEARANCE)
        await office.close()
