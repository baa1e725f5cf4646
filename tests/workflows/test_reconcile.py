"""Record and engine side by side: every way in which they can disagree is seen and named."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import Engine
from temporalio.testing import WorkflowEnvironment

from domain.policy import Policy
from domain.values import DossierKind, ProjectId, StreamId
from office import door, engine
from office.reconcile import Comparison, Difference, look, reconcile
from storage.folds import Folds
from storage.record import Record
from tests.conftest import NewDatabase, tell
from tests.domain.story import PLANNING, REGISTER, TOTAL, approve, submit
from tests.workflows.conftest import Office
from worker import record_worker, workflow_worker
from workflows.case import Life
from workflows.payment import Payment
from workflows.project import ProjectLifecycle

pytestmark = pytest.mark.asyncio

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


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    real: WorkflowEnvironment, books: Record, request: pytest.FixtureRequest
) -> AsyncIterator[Office]:
    name = str(request.node.name).upper().replace("_", "-")[:38]
    office = Office(env=real, record=books, project=ProjectId(name))
    await office.at("2024-01-04")
    yield office
    await office.close()


def kinds(found: Comparison) -> dict[str, str]:
    return {one.stream: one.kind for one in found.differences}


async def test_without_a_worker_nobody_is_asked_and_that_is_said(office: Office) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.start()

    found = await reconcile(office.client, office.engine, repair=True)

    assert [one.kind for one in found.differences] == ["no-worker"]


async def test_where_both_agree_there_is_nothing_to_say(office: Office, served: Record) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.follows()

    found = await reconcile(office.client, served.engine, repair=False)

    assert office.stream() not in kinds(found)


async def test_a_case_without_a_workflow_is_named_and_started(
    office: Office, served: Record
) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.follows()
    await office.handle().terminate()

    named = await look(office.client, served.engine, office.stream())
    repaired = await reconcile(office.client, served.engine, repair=True)

    assert named == Difference(kind="missing", stream=office.stream(), record=3, about="terminated")
    assert named in repaired.repaired
    assert repaired.differences == ()
    await office.follows()


async def test_a_workflow_behind_the_record_is_told_to_read_on(
    office: Office, served: Record
) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.follows()
    office.recorded(APPRAISE)

    named = await look(office.client, served.engine, office.stream())
    repaired = await reconcile(office.client, served.engine, repair=True)

    assert named == Difference(kind="behind", stream=office.stream(), record=5, engine=3)
    assert named in repaired.repaired
    await office.follows()


@pytest.mark.usefixtures("served")
async def test_a_workflow_ahead_of_a_restored_record_is_seen(
    office: Office, new_database: NewDatabase, policy: Policy
) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.follows()
    with new_database() as restored:
        tell(Record(restored, policy), REGISTER, project=office.project)
        named = await look(office.client, restored, office.stream())

    assert named == Difference(kind="ahead", stream=office.stream(), record=1, engine=3)


async def test_another_state_at_the_same_version_is_seen_and_read_anew(
    office: Office, served: Record
) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.follows()
    rewrite(served.engine, office.stream(), str(TOTAL), "11000000000")
    served._folds = Folds()

    named = await look(office.client, served.engine, office.stream())
    repaired = await reconcile(office.client, served.engine, repair=True)

    assert named == Difference(kind="differs", stream=office.stream(), record=3, engine=3)
    assert named in repaired.repaired
    await office.follows()


async def test_a_workflow_that_the_record_does_not_know_is_named_and_left_alone(
    office: Office, served: Record
) -> None:
    await office.start()

    found = await reconcile(office.client, served.engine, repair=True)

    assert kinds(found)[office.stream()] == "unknown"
    assert (await office.handle().describe()).status is not None
    await office.handle().terminate()


async def test_a_workflow_of_another_kind_under_a_cases_id_is_named_and_left_alone(
    office: Office, served: Record
) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.client.start_workflow(
        Payment.run, Life(stream=office.stream()), id=office.stream(), task_queue="nobody"
    )

    found = await reconcile(office.client, served.engine, repair=True)

    assert kinds(found)[office.stream()] == "wrong-kind"
    await office.handle().terminate()


async def test_a_workflow_that_nobody_runs_does_not_answer(office: Office, served: Record) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.client.start_workflow(
        ProjectLifecycle.run, Life(stream=office.stream()), id=office.stream(), task_queue="nobody"
    )

    named = await look(office.client, served.engine, office.stream())

    assert named is not None
    assert named.kind == "silent"
    await office.handle().terminate()


@pytest.mark.usefixtures("served")
async def test_an_old_run_is_told_by_its_own_id_and_a_lost_one_is_none(office: Office) -> None:
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.follows()
    living = await engine.living(office.client, office.stream())
    await office.handle().terminate()
    await door.begin(office.client, office.stream(), "again")

    assert living is not None
    old = await engine.living(office.client, office.stream(), living.run_id)
    assert old is not None
    assert old.status == "terminated"
    assert await engine.living(office.client, StreamId("project/lost")) is None


def rewrite(engine: Engine, stream: str, old: str, new: str) -> None:
    """History told otherwise, as by a record that was restored and went on differently."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER ALL")
        for table in ("events", "states"):
            cast = "jsonb" if table == "events" else "text"
            connection.exec_driver_sql(
                f"UPDATE {table} SET body = replace(body::text, '{old}', '{new}')::{cast}"
                f" WHERE stream = '{stream}'"
            )
        connection.exec_driver_sql("ALTER TABLE events ENABLE TRIGGER ALL")
