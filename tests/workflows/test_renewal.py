"""Cases whose history is handed over to a new run, in the middle of work."""

import asyncio
import threading

import pytest
from sqlalchemy import Engine

from domain.clock import Clock
from domain.obstacles import ObstacleRecorded, RecordObstacle
from domain.values import Cause, ObstacleId
from office import door
from storage import queries
from tests.conftest import envelope
from tests.domain.story import (
    BOARD,
    CLEARANCE,
    TO_CLEARANCE,
    TO_CONTRACT,
    TO_LAND,
    Asked,
    act,
)
from tests.workflows.conftest import PATIENCE, Office

pytestmark = pytest.mark.asyncio


def obstacle(number: int) -> Asked:
    command = RecordObstacle(obstacle=ObstacleId(f"V{number}"), cause=Cause.POWER_LINE_MV)
    return CLEARANCE, command, act(BOARD, "2024-02-05")


async def runs(office: Office) -> int:
    """How many runs the clearance has had, counted backwards from the last."""
    run_id: str | None = None
    stream, number = office.stream(CLEARANCE), 0
    while number == 0 or run_id:
        handle = office.client.get_workflow_handle(stream, run_id=run_id)
        async for event in handle.fetch_history_events():
            run_id = event.workflow_execution_started_event_attributes.continued_execution_run_id
            break
        number += 1
    return number


async def test_a_stream_of_decisions_over_many_runs_loses_and_doubles_nothing(
    office: Office,
) -> None:
    # given
    await office.at("2024-02-06")
    office.recorded(*TO_CLEARANCE)
    await office.clear(renew_after=25)

    # when: five people at once, each with one decision after the other
    async def person(first: int) -> list[int]:
        return [(await office.ask(obstacle(first + n))).version for n in range(8)]

    answers = await asyncio.gather(*(person(first) for first in range(0, 40, 8)))

    # then
    assert sorted(version for versions in answers for version in versions) == list(range(3, 43))
    assert office.kinds(CLEARANCE)[2:] == ["ObstacleRecorded"] * 40
    await office.follows(CLEARANCE)
    assert await runs(office) > 1


async def test_a_decision_is_answered_again_after_its_run_has_ended(office: Office) -> None:
    # given
    await office.at("2024-02-06")
    office.recorded(*TO_CLEARANCE)
    await office.clear(renew_after=20)
    wanted = envelope(obstacle(0), None, office.project)
    first = await door.ask(office.client, wanted, PATIENCE)
    before = await runs(office)
    await office.tell(*(obstacle(number) for number in range(1, 8)))
    assert await runs(office) > before

    # when
    again = await door.ask(office.client, wanted, PATIENCE)

    # then
    assert (again.version, again.position) == (first.version, first.position)
    assert office.kinds(CLEARANCE).count("ObstacleRecorded") == 8


async def test_a_nudge_just_before_a_new_run_is_not_forgotten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: a case that reads its state, slowly, and will renew as soon as it has it
    await office.at("2024-03-10")
    office.recorded(*TO_CONTRACT)
    begun, released, read = threading.Event(), threading.Event(), queries.clock

    def slowly(engine: Engine) -> Clock:
        begun.set()
        assert released.wait(PATIENCE.total_seconds())
        return read(engine)

    monkeypatch.setattr(queries, "clock", slowly)
    handle = await office.start(renew_after=25)
    assert await asyncio.to_thread(begun.wait, PATIENCE.total_seconds())

    # when: after it has read its events, and before it has read its clock
    office.recorded(*TO_CLEARANCE[len(TO_CONTRACT) :])
    for number in range(1, 6):
        await handle.signal("nudge")
        await office.grown(5 + 4 * number)
    released.set()

    # then
    await office.follows()


async def test_children_outlive_a_run_of_their_project(office: Office) -> None:
    await office.at("2024-03-10")
    office.recorded(*TO_CLEARANCE)
    await office.start(renew_after=15)

    await office.tell(*TO_LAND[len(TO_CLEARANCE) :])

    assert office.kinds(CLEARANCE)[-1] == "LandTakenOver"
    await office.follows(CLEARANCE)


async def test_a_new_run_in_the_middle_of_a_crowd_loses_doubles_and_reorders_nothing(
    office: Office,
) -> None:
    # given: sixty who wait for their answer and sixty left behind, in flight across many runs
    await office.at("2024-02-06")
    office.recorded(*TO_CLEARANCE)
    await office.clear(renew_after=25)
    handle = office.handle(CLEARANCE)

    async def leaves() -> None:
        for number in range(100, 160):
            await handle.signal("leave", envelope(obstacle(number), None, office.project))

    # when
    asked = asyncio.gather(*(office.ask(obstacle(number)) for number in range(60)))
    await leaves()
    answers = await asked
    await office.until(lambda: len(office.kinds(CLEARANCE)) >= 122)

    # then
    told = [fact.event for fact in office.facts(CLEARANCE)]
    names = [event.obstacle for event in told if isinstance(event, ObstacleRecorded)]
    assert len(names) == len(set(names)) == 120
    assert len({answer.version for answer in answers}) == 60
    for number, answer in enumerate(answers):
        assert names[answer.version - 3] == f"V{number}"
    left = [int(name[1:]) for name in names if int(name[1:]) >= 100]
    assert left == sorted(left)
    await office.follows(CLEARANCE)
    assert await runs(office) > 1
