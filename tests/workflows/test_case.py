"""One case at its desk: asked, refused, raced, repeated, interrupted."""

import asyncio

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowHandle, WorkflowUpdateHandle, WorkflowUpdateStage
from temporalio.worker import Worker

from domain.approval import ApproveStep, RecallDecision
from domain.obstacles import RecordObstacle
from domain.refusal import Refused
from domain.streams import Envelope
from domain.values import Cause, DossierKind, ObstacleId
from office import door, rehearsal
from storage import codec, log
from tests.conftest import envelope
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CITY_FINANCE,
    CLEARANCE,
    COUNCIL,
    PAPER,
    PLANNING,
    PROJECT,
    REGISTER,
    TO_APPROVAL,
    TO_CLEARANCE,
    TOTAL,
    Asked,
    act,
    approve,
    submit,
)
from tests.workflows.conftest import PATIENCE, Office
from worker import SANDBOX, WORKFLOWS, workflow_worker
from workflows.case import Receipt

pytestmark = pytest.mark.asyncio

POLICY = DossierKind.INVESTMENT_POLICY
SUBMIT = submit(POLICY, TOTAL, "2024-01-03")
APPRAISE = approve(POLICY, "appraise", PLANNING, "2024-01-08")
DECIDE = approve(POLICY, "decide", COUNCIL, "2024-01-10")


def obstacle(number: int) -> Asked:
    command = RecordObstacle(obstacle=ObstacleId(f"V{number}"), cause=Cause.POWER_LINE_MV)
    return CLEARANCE, command, act(BOARD, "2024-02-05")


async def events(office: Office) -> list[str]:
    """The history, without the tasks that this server writes down where the real one does not."""
    return [kind for kind in await office.history() if not kind.startswith("workflow_task")]


async def hand_over(
    handle: WorkflowHandle[object, str], wanted: Envelope
) -> WorkflowUpdateHandle[Receipt]:
    """An update that the workflow has taken and not answered yet."""
    return await handle.start_update(
        "ask",
        wanted,
        id=wanted.decision_id,
        wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        result_type=Receipt,
    )


async def test_each_answer_says_where_it_stands_and_whom_the_case_waits_for(
    office: Office,
) -> None:
    await office.at("2024-01-25")
    office.recorded(REGISTER)
    await office.start()

    receipt = await office.ask(SUBMIT, f"{office.project}-1")
    await office.tell(*TO_APPROVAL[3:])

    assert receipt.decision_id == f"{office.project}-1"
    assert receipt.version == 3
    assert [str(wait.post) for wait in receipt.waits] == ["planning@hai-phong"]
    await office.follows()


async def test_what_the_validator_refuses_leaves_no_history(office: Office) -> None:
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.ask(APPRAISE)
    before = await events(office)

    for _ in range(3):
        with pytest.raises(Refused, match="the open step of investment-policy is decide"):
            await office.ask(APPRAISE)

    assert await events(office) == before
    await office.ask(DECIDE)


async def test_of_two_that_were_both_valid_when_asked_the_record_refuses_the_second(
    office: Office,
) -> None:
    # given: the record is busy, so that both pass the validator
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    handle = await office.start()
    with log.look(office.engine) as connection, connection.begin():
        log.lock(connection, office.stream())

        # when
        first = await hand_over(office.handle(), envelope(APPRAISE, None, office.project))
        second = await hand_over(office.handle(), envelope(APPRAISE, None, office.project))

    # then: the second is told, and the case lives on
    assert (await first.result()).version == 5
    with pytest.raises(Exception, match="Workflow update failed") as failure:
        await second.result()
    assert str(failure.value.__cause__).endswith("is decide, not appraise [out_of_turn]")
    assert (await office.ask(DECIDE)).version == 7
    assert await handle.query("version") == 7


async def test_updates_at_once_are_all_answered_and_recorded_once(office: Office) -> None:
    await office.at("2024-02-06")
    office.recorded(*TO_CLEARANCE)
    await office.clear()

    receipts = await asyncio.gather(*(office.ask(obstacle(number)) for number in range(12)))

    facts = {fact.decision_id: fact for fact in office.facts(CLEARANCE)}
    assert sorted(receipt.version for receipt in receipts) == list(range(3, 15))
    assert [facts[receipt.decision_id].version for receipt in receipts] == [
        receipt.version for receipt in receipts
    ]
    assert len(facts) == 2 + 12


async def test_a_signal_that_is_refused_is_on_record_and_one_that_is_not_is_done(
    office: Office,
) -> None:
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    await office.start()

    await door.leave(office.client, envelope(DECIDE, None, office.project))
    await door.leave(office.client, envelope(APPRAISE, None, office.project))
    await office.until(lambda: "StepApproved" in office.kinds())

    assert office.kinds()[3:] == ["DecisionRefused", "StepApproved", "StepOpened"]


async def test_a_decision_may_arrive_before_the_case_has_been_read(office: Office) -> None:
    # given: nobody serves the queue yet
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    queue = f"late-{office.project}"
    await office.start(queue=queue)
    asked = asyncio.create_task(office.ask(APPRAISE))
    left = door.leave(office.client, envelope(DECIDE, None, office.project))
    await asyncio.gather(asyncio.sleep(0.2), left)

    # when
    async with workflow_worker(office.client, queue):
        receipt = await asked
        await office.until(lambda: len(office.facts()) >= 6)

    # then: in whichever order they came, each was decided by the record
    assert receipt.decision_id in {fact.decision_id for fact in office.facts()}


async def test_a_repeated_decision_is_answered_again_and_not_counted_twice(
    office: Office,
) -> None:
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    name = f"{office.project}-1"

    wanted = envelope(APPRAISE, name, office.project)
    first = await door.ask(office.client, wanted, PATIENCE)
    second = await door.ask(office.client, wanted, PATIENCE)

    assert second == first
    assert office.kinds().count("StepApproved") == 1


async def test_who_was_too_early_asks_again_on_the_day(office: Office) -> None:
    # given: the workflow keeps its answer to this decision for as long as it runs
    await office.at("2024-01-05")
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    wanted = envelope(APPRAISE, None, office.project)
    with pytest.raises(Refused, match="in_the_future"):
        await door.ask(office.client, wanted, PATIENCE)

    # when
    await office.at("2024-01-11")
    await rehearsal.reread(office.client, office.engine)

    # then
    with pytest.raises(Refused, match="in_the_future"):
        await door.ask(office.client, wanted, PATIENCE)
    await door.ask(office.client, wanted, PATIENCE, again=1)
    assert office.kinds().count("StepApproved") == 1


async def test_a_decision_repeated_to_a_resumed_case_is_answered_again(office: Office) -> None:
    # given: decided, and then Temporal was lost
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    wanted = envelope(APPRAISE, None, office.project)
    first = await door.ask(office.client, wanted, PATIENCE)
    await office.terminate(office.stream())

    # when
    await office.start()
    await office.follows()
    again = await door.ask(office.client, wanted, PATIENCE)

    # then
    assert (again.decision_id, again.version, again.position) == (
        first.decision_id,
        first.version,
        first.position,
    )


async def test_a_case_that_is_begun_twice_lives_once(office: Office) -> None:
    await office.at("2024-01-11")
    office.recorded(REGISTER)

    begun = [await door.begin(office.client, office.stream(), "a project") for _ in range(2)]

    assert begun == [True, False]
    assert not await door.begin(office.client, CLEARANCE.__class__("capital/ntm/2024"), "none")


async def test_a_case_that_is_replayed_at_every_turn_goes_on_as_before(office: Office) -> None:
    # given: a worker that forgets every case after each task
    await office.at("2024-02-03")
    office.recorded(REGISTER)
    queue = f"forgetful-{office.project}"
    async with Worker(
        office.client,
        task_queue=queue,
        workflows=WORKFLOWS,
        workflow_runner=SANDBOX,
        max_cached_workflows=0,
    ):
        # when
        await office.start(queue=queue)
        await office.tell(*TO_APPROVAL[2:], *TO_CLEARANCE[8:])
        await office.follows()

    # then
    assert "workflow_task_failed_event_attributes" not in await office.history()


async def test_a_decision_waits_for_a_database_that_is_away(office: Office) -> None:
    # given
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    await office.start()
    await office.ask(APPRAISE)
    name = office.engine.url.database
    server = office.engine.url.set(database="postgres").render_as_string(hide_password=False)
    admin = log.engine(server)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )

        # when
        asked = asyncio.create_task(office.ask(DECIDE))
        await asyncio.sleep(0.5)
        pending = not asked.done()
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    admin.dispose()

    # then
    assert pending
    assert (await asked).version == 7


# What must not hold up a case


async def test_a_signal_meant_for_another_case_does_not_hold_this_one_up(office: Office) -> None:
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    handle = await office.start()
    stray = codec.ENVELOPE.validate_python(envelope(DECIDE))

    await handle.signal("leave", stray)

    assert (await office.ask(APPRAISE)).version >= 5


@pytest.mark.parametrize("spoilt", ["moment", "text", "shape"])
async def test_a_spoilt_command_does_not_hold_the_case_up(office: Office, spoilt: str) -> None:
    await office.at("2024-01-11")
    office.recorded(REGISTER, SUBMIT)
    handle = await office.start()
    body = codec.ENVELOPE.dump_python(envelope(APPRAISE, None, office.project), mode="json")
    match spoilt:
        case "moment":
            body["act"]["at"] = "2024-01-08T09:00:00"
        case "text":
            reason = {"kind": "ReturnDossier", "reason": "thiếu\x00hồ sơ"}
            body["command"] = {**body["command"], **reason}
        case _:
            del body["command"]["step"]

    await handle.signal("leave", body)

    assert (await office.ask(APPRAISE)).version >= 5


async def test_a_council_votes_at_once_and_a_member_takes_its_vote_back(office: Office) -> None:
    # given
    await office.at("2024-01-25")
    office.recorded(REGISTER, submit(POLICY, 150_000_000_000, "2024-01-03"))
    await office.start()
    recall = RecallDecision(dossier=POLICY, reason="nhầm hồ sơ")
    kept = ApproveStep(dossier=POLICY, step="appraise", minutes=PAPER)
    members = (PLANNING, CITY_FINANCE, AGRICULTURE)

    # when
    await office.ask(approve(POLICY, "appraise", PLANNING, "2024-01-08"))
    await office.ask((PROJECT, recall, act(PLANNING, "2024-01-09")))
    votes = [(PROJECT, kept, act(by, "2024-01-10")) for by in members]
    receipts = await asyncio.gather(*(office.ask(vote) for vote in votes))

    # then
    told = office.kinds()
    assert (told.count("VoteCast"), told.count("StepApproved")) == (4, 1)
    assert told.count("DecisionRecalled") == 1
    assert any(COUNCIL in {wait.post for wait in one.waits} for one in receipts)
    await office.follows()
