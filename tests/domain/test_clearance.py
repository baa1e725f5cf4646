"""Site clearance of a section, from its first case to hand-over."""

import pytest

from domain.clearance import (
    BeginClearance,
    ClearanceBegun,
    Clearing,
    HandOverSite,
    NotBegun,
    SiteHandedOver,
    decide,
)
from domain.escalation import AnswerEscalation, Escalate
from domain.households import (
    ConfirmOrigin,
    RecordDonations,
    RegisterCases,
    TakeOverLand,
    WithdrawDonation,
)
from domain.obstacles import RecordObstacle, RemoveObstacle
from domain.refusal import Rule
from domain.utilities import (
    DecideRelocationFunding,
    RecordRelocation,
    RegisterUtilities,
    UtilityEntry,
)
from domain.values import (
    SYSTEM,
    Act,
    CaseCode,
    Cause,
    Extent,
    ObstacleId,
    UtilityId,
    Vnd,
)
from tests.domain.story import (
    BOARD,
    CHARTER,
    CITY_CHAIR,
    CLEARANCE,
    INVESTOR,
    OFFICER,
    POLICY,
    POWER_COMPANY,
    ROAD,
    TO_CLEARANCE,
    TO_LAND,
    TO_SUPPORT_PLAN,
    Asked,
    World,
    act,
    ask,
    at,
    codes,
    entry,
    refused,
    told,
)

FULL: Asked = (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-05"))
PART: Asked = (CLEARANCE, HandOverSite(extent=Extent.PARTIAL), act(BOARD, "2024-03-05"))
LINE = UtilityId("U1")
POLES = UtilityEntry(utility=LINE, voltage="MV", poles=3, estimate=Vnd(90_000_000))
REGISTER_LINE: Asked = (
    CLEARANCE,
    RegisterUtilities(utilities=(POLES,)),
    act(INVESTOR, "2024-03-04"),
)
FUND_LINE: Asked = (
    CLEARANCE,
    DecideRelocationFunding(utilities=(LINE,), payer="programme capital"),
    act(CITY_CHAIR, "2024-03-04"),
)
MOVE_LINE: Asked = (CLEARANCE, RecordRelocation(utility=LINE), act(POWER_COMPANY, "2024-03-04"))
STUCK: Asked = (
    CLEARANCE,
    RecordObstacle(obstacle=ObstacleId("O1"), cause=Cause.LAND_VALUE_HIGH),
    act(OFFICER, "2024-03-04"),
)
FREED: Asked = (
    CLEARANCE,
    RemoveObstacle(obstacle=ObstacleId("O1"), how="agreed"),
    act(OFFICER, "2024-03-04"),
)
TAKE_ONE: Asked = (CLEARANCE, TakeOverLand(cases=codes("H1")), act(BOARD, "2024-03-04"))
# As far as land, but one household of two.
TO_HALF = (*TO_LAND[:-1], TAKE_ONE)


def clearing(world: World) -> Clearing:
    state = world[CLEARANCE]
    assert isinstance(state, Clearing)
    return state


def clock(day: str) -> Asked:
    return CLEARANCE, Escalate(), Act(by=SYSTEM, at=at(day))


def test_clearance_begins_once_with_the_charter_of_its_project() -> None:
    begin = BeginClearance(charter=CHARTER, section=ROAD, policy="v1")
    by = act(INVESTOR, "2024-02-01")

    assert decide(NotBegun(), begin, by, POLICY) == (
        ClearanceBegun(charter=CHARTER, section=ROAD, policy="v1"),
    )
    with refused("already_exists"):
        ask(told(*TO_CLEARANCE), (CLEARANCE, begin, by))


def test_clearance_nobody_opened_takes_no_commands() -> None:
    with refused("not_found"):
        decide(NotBegun(), HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-05"), POLICY)


@pytest.mark.parametrize(
    "story",
    [TO_LAND, (*TO_LAND, REGISTER_LINE, FUND_LINE, MOVE_LINE), (*TO_LAND, STUCK, FREED)],
    ids=["every household is done", "the power line is moved", "the obstacle is removed"],
)
def test_the_site_is_handed_over_in_full_when(story: tuple[Asked, ...]) -> None:
    world, facts = ask(told(*story), FULL)

    assert facts[0] == (CLEARANCE, SiteHandedOver(extent=Extent.FULL))
    assert clearing(world).released is Extent.FULL


@pytest.mark.parametrize(
    "story",
    [
        TO_HALF,
        (*TO_LAND, REGISTER_LINE),
        (*TO_LAND, REGISTER_LINE, FUND_LINE),
        (*TO_LAND, STUCK),
    ],
    ids=["a household", "a power line nobody pays for", "a paid line that stands", "an obstacle"],
)
def test_no_full_hand_over_while_there_is_still(story: tuple[Asked, ...]) -> None:
    with refused("not_cleared"):
        told(FULL, given=told(*story))


def test_a_part_is_handed_over_once_and_the_rest_follows() -> None:
    part = told(*TO_HALF, PART)
    assert clearing(part).cleared_percent == 50

    with refused("out_of_turn"):
        told(PART, given=part)
    rest: Asked = (CLEARANCE, TakeOverLand(cases=codes("H2")), act(BOARD, "2024-03-06"))
    assert clearing(told(rest, FULL, given=part)).released is Extent.FULL


def test_no_part_is_handed_over_before_any_household_has_left() -> None:
    with refused("not_cleared"):
        told(PART, given=told(*TO_SUPPORT_PLAN))


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (FULL, "out_of_turn"),
        (STUCK, "out_of_turn"),
        (
            (CLEARANCE, RegisterCases(cases=(entry("H9"),)), act(OFFICER, "2024-03-06")),
            "out_of_turn",
        ),
    ],
    ids=["hand-over", "obstacles", "cases"],
)
def test_after_full_hand_over_there_are_no_more(asked: Asked, rule: Rule) -> None:
    with refused(rule):
        told(asked, given=told(*TO_LAND, FULL))


def test_after_full_hand_over_the_clock_has_nothing_to_say() -> None:
    _, facts = ask(told(*TO_LAND, FULL), clock("2024-12-31"))

    assert facts == ()


def test_full_hand_over_answers_every_escalation_by_itself() -> None:
    stalled, facts = ask(told(*TO_LAND), clock("2024-03-27"))
    assert [event.kind for _, event in facts] == ["StallDetected", "EscalationRaised"]

    handed_over = told(FULL, given=stalled)

    answer = AnswerEscalation(number=1, answer="Handed over")
    with refused("out_of_turn"):
        ask(handed_over, (CLEARANCE, answer, act(BOARD, "2024-03-28")))


@pytest.mark.parametrize(
    ("asked", "moves"),
    [
        ((CLEARANCE, RecordDonations(cases=codes("H1")), act(OFFICER, "2024-02-20")), True),
        (
            (
                CLEARANCE,
                RegisterCases(cases=(entry("H3", origin_confirmed=False),)),
                act(OFFICER, "2024-02-20"),
            ),
            True,
        ),
        ((CLEARANCE, REGISTER_LINE[1], act(INVESTOR, "2024-02-20")), True),
        ((CLEARANCE, STUCK[1], act(OFFICER, "2024-02-20")), False),
    ],
    ids=["a donation", "a new case", "a power line found", "a new obstacle"],
)
def test_progress_resets_the_stall_and_an_obstacle_does_not(asked: Asked, *, moves: bool) -> None:
    before = told(*TO_CLEARANCE)

    after = told(asked, given=before)

    was, is_ = clearing(before).stall.progress_at, clearing(after).stall.progress_at
    assert is_ == (at("2024-02-20") if moves else was)


def test_a_donation_taken_back_is_no_progress() -> None:
    withdraw = WithdrawDonation(case=CaseCode("H1"), reason="heirs disagree")
    before = told(*TO_SUPPORT_PLAN)

    after = told((CLEARANCE, withdraw, act(OFFICER, "2024-03-01")), given=before)

    assert clearing(after).stall == clearing(before).stall


def test_a_confirmed_origin_is_progress() -> None:
    unclear: Asked = (
        CLEARANCE,
        RegisterCases(cases=(entry("H3", origin_confirmed=False),)),
        act(OFFICER, "2024-02-20"),
    )
    confirm: Asked = (CLEARANCE, ConfirmOrigin(cases=codes("H3")), act(OFFICER, "2024-02-27"))

    world = told(*TO_CLEARANCE, unclear, confirm)

    assert clearing(world).stall.progress_at == at("2024-02-27")


def test_nothing_is_cleared_before_the_first_case() -> None:
    assert clearing(told(*TO_CLEARANCE[:-1])).cleared_percent == 0
    assert clearing(told(*TO_LAND)).cleared_percent == 100
