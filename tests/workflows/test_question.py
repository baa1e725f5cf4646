"""A policy question: its deadlines, and one directive that reaches twenty sections."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.testing import WorkflowEnvironment

from domain.calendar import local_day
from domain.clearance import Clearing
from domain.obstacles import RemoveObstacle
from domain.policy import Policy
from domain.question_forms import QuestionOverdue
from domain.streams import question_stream
from domain.values import ProjectId, QuestionId
from office import chart as charts
from office import door, reconcile
from storage import queries
from storage.record import Record
from tests.conftest import NewDatabase, envelope, of, tell
from tests.domain.asking import (
    ASKED,
    POLES,
    QUESTION,
    REPORT,
    concern,
    consolidated,
    directed,
    hindered,
    raised,
    section,
)
from tests.domain.story import AGRICULTURE, BOARD, CHARTER, CITY_CHAIR, COUNCIL, Asked, act, at
from tests.workflows.conftest import Office
from worker import record_worker, workflow_worker

pytestmark = pytest.mark.asyncio

# Told of another project, the question goes by that name, too.
OWN = QuestionId(CHARTER.project)
OWN_STREAM = question_stream(OWN)
HINDERED = hindered(CHARTER.project)
RAISED = raised([concern(CHARTER.project)], OWN)
OWN_REPORT: Asked = (OWN_STREAM, *REPORT[1:])
OWN_DIRECTIVE: Asked = (OWN_STREAM, *directed()[1:])
CLEARANCE = section(CHARTER.project)


async def sleep_to(office: Office, now: datetime, then: datetime) -> None:
    await asyncio.wait_for(office.env.sleep(then - now), 20)


def reminders(office: Office) -> list[QuestionOverdue]:
    events = [fact.event for fact in office.facts(OWN_STREAM)]
    return [event for event in events if isinstance(event, QuestionOverdue)]


async def test_a_question_reminds_at_each_limit_and_ends_with_its_directive(
    office: Office,
) -> None:
    # given: raised on Friday 1 March; the department has 10 working days, the city 15
    await office.at("2024-03-01")
    office.recorded(*HINDERED, RAISED)
    await office.clear()
    await door.begin(office.client, office.stream(OWN_STREAM), "a question")
    handle = office.handle(OWN_STREAM)
    await office.follows(CLEARANCE)

    # when
    await sleep_to(office, at("2024-03-01"), at("2024-03-18"))
    await office.until(lambda: len(reminders(office)) == 1)
    stream, report, by = OWN_REPORT
    await office.ask((stream, report, replace(by, at=at("2024-03-18"))))
    await sleep_to(office, at("2024-03-18"), at("2024-04-12"))
    await office.until(lambda: len(reminders(office)) == 2)
    stream, directive, by = OWN_DIRECTIVE
    await office.ask((stream, directive, replace(by, at=at("2024-04-12"))))

    # then
    assert await handle.result() == "Asked"
    late = [(one.stage, local_day(one.due.at - timedelta(seconds=1))) for one in reminders(office)]
    assert [(stage, f"{day:%d/%m}") for stage, day in late] == [
        ("report", "15/03"),
        ("decide", "08/04"),
    ]
    assert [one.above for one in reminders(office)] == [CITY_CHAIR, COUNCIL]
    await office.follows(CLEARANCE)
    assert queries.waits_of(office.engine, office.stream(OWN_STREAM)) == ()


# On the real server: many places, one answer

PLACES = [ProjectId(f"Q{number:02}") for number in range(20)]
SECOND = QuestionId("KN02")
LONG = timedelta(seconds=30)
"""For a decision on twenty cases, on a machine that has other things to do."""


@pytest_asyncio.fixture(loop_scope="session")
async def city(
    real: WorkflowEnvironment, new_database: NewDatabase, policy: Policy
) -> AsyncIterator[Office]:
    with new_database() as engine:
        record = Record(engine, policy)
        async with workflow_worker(real.client), record_worker(real.client, record):
            yield Office(env=real, record=record, project=CHARTER.project)


async def held(office: Office, project: ProjectId) -> Clearing:
    """What the workflow of a section holds."""
    state = await door.state(office.client, section(project))
    assert isinstance(state, Clearing)
    return state


async def test_twenty_obstacles_one_question_one_directive_twenty_releases(city: Office) -> None:
    # given: half of the places asked by themselves, the other half together
    await city.at("2024-03-20")
    for project in PLACES:
        tell(city.record, *HINDERED, project=project)
    tell(city.record, raised(map(concern, PLACES[:10])))
    tell(city.record, raised(map(concern, PLACES[10:]), SECOND))
    for project in PLACES:
        await door.begin(city.client, section(project), "a section")
        # One by one: twenty at once fight for one interpreter.
        await city.follows(section(project))
    lost = await reconcile.look(city.client, city.engine, ASKED)
    for stream in (ASKED, question_stream(SECOND)):
        await door.begin(city.client, stream, "a question")
    gone = RemoveObstacle(obstacle=POLES, how="the owner moved them")

    # when
    removal: Asked = (section(PLACES[0]), gone, act(BOARD, "2024-03-06"))
    for asked in (consolidated(SECOND), removal, REPORT):
        await door.ask(city.client, envelope(asked), LONG)
    for project in PLACES:
        await city.follows(of(CLEARANCE, project))
        assert (await held(city, project)).ground.awaited() == (QUESTION,)
    agreed = await reconcile.look(city.client, city.engine, ASKED)
    chart = charts.read(city.engine, section(PLACES[1]), at("2024-03-20"))
    described = await details(city, section(PLACES[1]))
    receipt = await door.ask(city.client, envelope(directed(), "the directive"), LONG)

    # then
    assert lost is not None
    assert (lost.kind, agreed) == ("missing", None)
    assert CITY_CHAIR in [waiting.wait.post for waiting in chart.waits]
    assert "[KN01](/namespaces/default/workflows/question%2FKN01)" in described
    assert receipt.waits == ()
    assert await city.client.get_workflow_handle(ASKED).result() == "Asked"
    assert await city.client.get_workflow_handle(question_stream(SECOND)).result() == "Asked"
    for project in PLACES:
        await city.follows(of(CLEARANCE, project))
        assert (await held(city, project)).ground.standing() == {}
    told = queries.inbox(city.engine, AGRICULTURE), queries.inbox(city.engine, CITY_CHAIR)
    assert not [wait for waits in told for wait in waits if wait.stream.startswith("question/")]


async def details(office: Office, stream: str) -> str:
    """What the Web UI says of a case."""
    handle = office.client.get_workflow_handle(stream)
    metadata = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return str(metadata.current_details)
