"""Cases that begin, move and end one another."""

import pytest

from domain.clearance import HandOverSite
from domain.payment import RefusePayment
from domain.project import CloseAccounts, Registered
from domain.streams import payment_stream
from domain.values import DossierKind, Extent, PaymentKind, Vnd
from office import door
from storage import queries
from tests.domain.story import (
    BOARD,
    CHAIR,
    CLEARANCE,
    FINANCE,
    INVESTOR,
    PROJECT,
    ROAD,
    SCHOOL,
    TO_CONTRACT,
    TO_LAND,
    TO_SUPPORT_PLAN,
    TREASURY,
    USE,
    act,
    approve,
    build,
    pay,
    payment,
    request,
    submit,
)
from tests.workflows.conftest import Office

pytestmark = pytest.mark.asyncio

FIRST = payment_stream(payment(1))
ADVANCE = request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-05")
HAND_OVER = (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-05"))


async def test_a_whole_life_ends_with_every_case_closed(office: Office) -> None:
    # given
    await office.at("2025-02-01")
    office.recorded(*TO_CONTRACT)
    project = await office.start()

    # when
    await office.tell(*TO_LAND[len(TO_CONTRACT) :], HAND_OVER)
    await office.tell(ADVANCE, *pay(1, "2024-03-06"))
    await office.tell(*build(SCHOOL, 4_000_000_000, "2024-06-01"))
    await office.tell(*build(ROAD, 6_000_000_000, "2024-09-01"), USE)
    await office.tell(
        request(2, PaymentKind.COMPENSATION, 100_000_000, "2024-10-02"), *pay(2, "2024-10-03")
    )
    await office.tell(
        request(3, PaymentKind.VOLUME, 3_000_000_000, "2024-10-05", recovers=1_000_000_000),
        *pay(3, "2024-10-06"),
    )
    settled = Vnd(3_100_000_000)
    await office.tell(
        submit(DossierKind.SETTLEMENT, settled, "2024-11-01"),
        approve(DossierKind.SETTLEMENT, "verify", FINANCE, "2024-12-01"),
        approve(DossierKind.SETTLEMENT, "approve", CHAIR, "2024-12-10"),
        (PROJECT, CloseAccounts(), act(INVESTOR, "2024-12-20")),
    )

    # then
    assert await project.result() == "Registered"
    assert await office.handle(CLEARANCE).result() == "Clearing"
    assert await office.handle(FIRST).result() == "Submitted"
    for room in ("project", "clearance", "payment"):
        standings = queries.standings(office.engine, room)
        mine = [s for s in standings if office.project in s.stream.split("/")]
        assert mine
        assert not any(standing.is_open for standing in mine)
        assert not any(queries.waits_of(office.engine, standing.stream) for standing in mine)
    with pytest.raises(door.NoCase):
        await office.ask(ADVANCE)


async def test_a_payment_refused_ends_and_frees_its_project(office: Office) -> None:
    await office.at("2024-03-10")
    office.recorded(*TO_LAND)
    await office.start()

    await office.ask(ADVANCE)
    await office.ask((FIRST, RefusePayment(reason="no invoice"), act(FINANCE, "2024-03-06")))

    assert await office.handle(FIRST).result() == "Submitted"
    await office.ask(request(2, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-07"))
    state = await door.state(office.client, office.stream())
    assert isinstance(state, Registered)
    assert state.ledger.refused == (f"{office.project}/1",)


async def test_what_one_case_opens_on_another_may_be_asked_at_once(office: Office) -> None:
    await office.at("2024-03-10")
    office.recorded(*TO_LAND[: len(TO_SUPPORT_PLAN) - 1])
    await office.start()
    await office.clear()
    await office.follows()

    # An advance needs the support plan, which the section's clearance has just approved.
    await office.tell(TO_SUPPORT_PLAN[-1], ADVANCE)

    assert office.kinds(FIRST) == ["PaymentSubmitted"]


async def test_a_project_that_was_not_there_when_its_section_moved_reads_on(
    office: Office,
) -> None:
    # given: the section's case has nobody to tell
    await office.at("2024-03-10")
    office.recorded(*TO_LAND)
    clearance = await office.clear()

    # when
    await office.ask(HAND_OVER)

    # then
    assert await clearance.result() == "Clearing"
    await office.start()
    await office.follows()


async def test_a_project_far_behind_its_record_catches_up(office: Office) -> None:
    # given: its workflow has seen the land taken over, and nothing since
    await office.at("2024-03-10")
    office.recorded(*TO_LAND)
    handle = await office.start()
    await office.follows()
    office.recorded(ADVANCE, *pay(1, "2024-03-06"))
    office.recorded(request(2, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-07"))

    # when
    await handle.signal("nudge")

    # then: also of what began and ended in the meantime
    await office.follows()
    await office.until(lambda: office.kinds(payment_stream(payment(2))) == ["PaymentSubmitted"])
    await office.tell(*pay(2, "2024-03-08"))


async def test_a_child_that_ended_is_not_started_again(office: Office) -> None:
    await office.at("2024-03-10")
    office.recorded(*TO_LAND)
    await office.start()
    await office.tell(ADVANCE, *pay(1, "2024-03-06"))
    await office.handle(FIRST).result()

    await office.ask(request(2, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-07"))
    await office.follows()

    started = (await office.history()).count(
        "start_child_workflow_execution_initiated_event_attributes"
    )
    assert started == 3
    assert TREASURY not in [wait.post for wait in queries.waits_of(office.engine, PROJECT)]
