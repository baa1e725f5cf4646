"""Obstacles, and the power lines that have to move."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.obstacles import (
    CLEAR,
    Blocks,
    Command,
    Event,
    Ground,
    Means,
    ObstacleRecorded,
    ObstacleRemoved,
    ReassignObstacle,
    RecordObstacle,
    RemoveObstacle,
    decide,
    evolve,
)
from domain.refusal import Refused, Rule
from domain.utilities import (
    DecideRelocationFunding,
    PolesMoved,
    RecordRelocation,
    RegisterUtilities,
    Relocation,
    RelocationFunded,
    ReviseEstimate,
    ScheduleRelocation,
    UtilitiesRegistered,
    UtilityEntry,
    UtilityRelocated,
)
from domain.values import SYSTEM, Act, Cause, ObstacleId, Payer, UtilityId, Vnd
from tests.domain.story import (
    CHAIR,
    CITY_CHAIR,
    OFFICER,
    POLICY,
    POWER_COMPANY,
    UNITS,
    act,
    at,
    refused,
)

BY = act(OFFICER, "2024-03-01")
LINE = UtilityId("U1")
POLES = UtilityEntry(utility=LINE, voltage="LV", poles=12, estimate=Vnd(600_000_000))
REGISTER = RegisterUtilities(utilities=(POLES,))
FUND = DecideRelocationFunding(utilities=(LINE,), payer="programme capital")
MOVE = RecordRelocation(utility=LINE)
STUCK = RecordObstacle(obstacle=ObstacleId("O1"), cause=Cause.POWER_LINE_LV)
FREED = RemoveObstacle(obstacle=ObstacleId("O1"), how="the line was moved")


def when(command: Command, given: Ground) -> tuple[Event, ...]:
    return decide(given, command, BY, UNITS, POLICY)


def after(*commands: Command) -> Ground:
    ground = CLEAR
    for command in commands:
        for event in when(command, ground):
            ground = evolve(ground, event, BY)
    return ground


@pytest.mark.parametrize(
    ("given", "command", "event"),
    [
        ((), REGISTER, UtilitiesRegistered(utilities=(POLES,))),
        ((REGISTER,), FUND, RelocationFunded(utilities=(LINE,), payer="programme capital")),
        ((REGISTER, FUND), MOVE, UtilityRelocated(utility=LINE)),
    ],
    ids=["registered", "funded", "moved"],
)
def test_a_power_line_is(given: tuple[Command, ...], command: Command, event: Event) -> None:
    assert when(command, given=after(*given)) == (event,)


def test_a_moved_line_remembers_who_paid() -> None:
    line = after(REGISTER, FUND, MOVE).utilities[LINE]

    assert (line.status, line.payer, line.since) == (Relocation.DONE, "programme capital", BY.at)


@pytest.mark.parametrize("cause", list(Cause))
def test_an_obstacle_of_any_cause_has_an_owner(cause: Cause) -> None:
    (event,) = when(replace(STUCK, cause=cause), given=CLEAR)

    assert isinstance(event, ObstacleRecorded)
    assert event.owner == POLICY.owner(cause, UNITS, at("2024-03-01").date())


def test_the_city_owns_the_missing_money_and_the_power_company_the_poles() -> None:
    (poles,) = when(STUCK, given=CLEAR)
    (money,) = when(replace(STUCK, cause=Cause.NO_RELOCATION_FUNDING), given=CLEAR)

    assert isinstance(poles, ObstacleRecorded)
    assert isinstance(money, ObstacleRecorded)
    assert (poles.owner, money.owner) == (POWER_COMPANY, CITY_CHAIR)


def test_a_removed_obstacle_stands_no_more_but_is_not_forgotten() -> None:
    assert when(FREED, given=after(STUCK)) == (
        ObstacleRemoved(obstacle=ObstacleId("O1"), how="the line was moved"),
    )

    ground = after(STUCK, FREED)
    assert ground.standing() == {}
    assert ground.obstacles[ObstacleId("O1")].removed_at == BY.at


def test_a_funding_decision_needs_its_document() -> None:
    undocumented = act(CITY_CHAIR, "2024-03-01", document=None)

    with refused("input"):
        decide(after(REGISTER), FUND, undocumented, UNITS, POLICY)


@pytest.mark.parametrize(
    ("given", "command", "rule"),
    [
        ((), RegisterUtilities(utilities=()), "input"),
        ((), RegisterUtilities(utilities=(POLES, POLES)), "input"),
        ((), RegisterUtilities(utilities=(replace(POLES, poles=0),)), "input"),
        ((), RegisterUtilities(utilities=(replace(POLES, estimate=Vnd(-1)),)), "input"),
        ((REGISTER,), REGISTER, "already_exists"),
        ((), FUND, "not_found"),
        ((REGISTER,), replace(FUND, payer=" "), "input"),
        ((REGISTER,), replace(FUND, utilities=()), "input"),
        ((REGISTER, FUND), FUND, "out_of_turn"),
        ((REGISTER,), MOVE, "out_of_turn"),
        ((REGISTER, FUND, MOVE), MOVE, "out_of_turn"),
        ((STUCK,), STUCK, "already_exists"),
        ((STUCK, FREED), STUCK, "already_exists"),
        ((), FREED, "not_found"),
        ((STUCK, FREED), FREED, "not_found"),
        ((STUCK,), replace(FREED, how=""), "input"),
    ],
    ids=[
        "no lines",
        "a line listed twice",
        "a line without poles",
        "a line of negative cost",
        "a line registered before",
        "money for an unknown line",
        "money from nobody",
        "money for nothing",
        "money twice",
        "a line moved before anybody pays",
        "a line moved twice",
        "an obstacle recorded before",
        "an obstacle under the number of an old one",
        "an unknown obstacle removed",
        "an obstacle removed twice",
        "an obstacle removed nobody knows how",
    ],
)
def test_there_cannot_be(given: tuple[Command, ...], command: Command, rule: Rule) -> None:
    ground = after(*given)

    with refused(rule):
        when(command, given=ground)


# What an obstacle blocks, whose it is, and how old

NAMED = Blocks(utilities=(LINE,))
UNPAID = RecordObstacle(obstacle=ObstacleId("O2"), cause=Cause.NO_RELOCATION_FUNDING, blocks=NAMED)
POLES_STAND = replace(STUCK, blocks=NAMED)
TO_CHAIR = ReassignObstacle(obstacle=ObstacleId("O1"), owner=CHAIR, reason="the district's line")


def test_an_owner_has_a_limit_where_the_law_sets_one() -> None:
    poles, weather = when(STUCK, CLEAR), when(replace(STUCK, cause=Cause.WEATHER), CLEAR)

    (first,), (second,) = poles, weather
    assert isinstance(first, ObstacleRecorded)
    assert isinstance(second, ObstacleRecorded)
    assert first.due == POLICY.due("obstacle.power-line", BY.at)
    assert second.due is None


def test_another_post_takes_an_obstacle_over_with_a_limit_of_its_own() -> None:
    ground = evolve_all(after(STUCK), TO_CHAIR, act(CHAIR, "2024-03-11"))

    obstacle = ground.obstacles[ObstacleId("O1")]
    assert obstacle.owner == CHAIR
    assert obstacle.due == POLICY.due("obstacle.power-line", at("2024-03-11"))
    assert obstacle.since == BY.at


def test_the_age_of_an_obstacle_is_in_working_days_and_ends_with_it() -> None:
    # 1 March 2024 was a Friday; 30 April and 1 May are holidays, and Monday 29 April was swapped.
    standing = after(STUCK).obstacles[ObstacleId("O1")]
    gone = evolve_all(after(STUCK), FREED, act(OFFICER, "2024-03-08"))

    assert standing.age(date(2024, 3, 1), POLICY.calendar) == 0
    assert standing.age(date(2024, 3, 4), POLICY.calendar) == 1
    removed = gone.obstacles[ObstacleId("O1")]
    assert removed.age(date(2024, 12, 1), POLICY.calendar) == 5
    assert (removed.how, removed.means, removed.document) == (
        "the line was moved",
        Means.REPORTED,
        "12/QĐ-UBND",
    )


def test_a_funding_decision_removes_the_missing_money_of_the_lines_it_names() -> None:
    funded, removed = when(FUND, given=after(REGISTER, POLES_STAND, UNPAID))

    assert isinstance(funded, RelocationFunded)
    assert removed == ObstacleRemoved(
        obstacle=ObstacleId("O2"), how="programme capital", means=Means.FUNDING
    )


def test_the_last_pole_removes_the_obstacle_that_names_its_line() -> None:
    moved, removed = when(MOVE, given=after(REGISTER, POLES_STAND, FUND))

    assert moved == UtilityRelocated(utility=LINE)
    assert removed == ObstacleRemoved(obstacle=ObstacleId("O1"), how="U1", means=Means.RELOCATION)


def test_missing_money_stands_until_all_its_lines_are_paid_for() -> None:
    other = replace(POLES, utility=UtilityId("U2"))
    both = replace(UNPAID, blocks=Blocks(utilities=(LINE, UtilityId("U2"))))
    given = after(RegisterUtilities(utilities=(POLES, other)), both)

    assert [event.kind for event in when(FUND, given)] == ["RelocationFunded"]


def test_an_obstacle_that_names_no_line_is_removed_by_hand_alone() -> None:
    unnamed = replace(UNPAID, blocks=Blocks())

    assert len(when(FUND, given=after(REGISTER, unnamed))) == 1


# Poles, money and days

NUMBERED = replace(POLES, poles=3, numbers=("1", "2", "3"))
FIVE = replace(MOVE, poles=5)


def test_poles_move_in_parts_until_none_is_left() -> None:
    ground = after(REGISTER, FUND, FIVE)
    assert (ground.utilities[LINE].moved, ground.utilities[LINE].status) == (5, Relocation.FUNDED)

    assert when(replace(MOVE, poles=6), ground) == (PolesMoved(utility=LINE, poles=6, numbers=()),)
    assert when(replace(MOVE, poles=7), ground) == (UtilityRelocated(utility=LINE),)
    done = after(REGISTER, FUND, FIVE, MOVE).utilities[LINE]
    assert (done.moved, done.status) == (12, Relocation.DONE)


def test_listed_poles_are_moved_by_their_numbers() -> None:
    register = RegisterUtilities(utilities=(NUMBERED,))
    ground = after(register, FUND, replace(MOVE, numbers=("2",)))

    assert ground.utilities[LINE].moved_numbers == ("2",)
    assert when(replace(MOVE, numbers=("1", "3")), ground) == (UtilityRelocated(utility=LINE),)


def test_a_revised_estimate_keeps_the_one_before() -> None:
    dearer = ReviseEstimate(utility=LINE, estimate=Vnd(700_000_000), reason="copper")
    line = after(REGISTER, dearer).utilities[LINE]

    assert line.entry.estimate == 700_000_000
    assert [(one.amount, one.reason) for one in line.earlier] == [(600_000_000, "copper")]


def test_a_line_is_late_once_its_last_planned_day_is_over() -> None:
    plan = ScheduleRelocation(utility=LINE, starts_on=date(2024, 4, 1), ends_on=date(2024, 4, 30))
    line = after(REGISTER, FUND, plan).utilities[LINE]

    assert not line.is_late(date(2024, 4, 30))
    assert line.is_late(date(2024, 5, 1))
    assert not after(REGISTER, FUND, plan, MOVE).utilities[LINE].is_late(date(2024, 5, 1))


@pytest.mark.parametrize(
    ("given", "command", "rule"),
    [
        ((), POLES_STAND, "not_found"),
        ((STUCK,), replace(TO_CHAIR, obstacle=ObstacleId("O9")), "not_found"),
        ((STUCK,), replace(TO_CHAIR, owner=POWER_COMPANY), "nothing_to_do"),
        ((STUCK,), replace(TO_CHAIR, owner=SYSTEM), "input"),
        ((STUCK,), replace(TO_CHAIR, reason=" "), "input"),
        ((), RegisterUtilities(utilities=(replace(NUMBERED, numbers=("1", "2", "2")),)), "input"),
        ((), RegisterUtilities(utilities=(replace(NUMBERED, poles=4),)), "input"),
        ((REGISTER, FUND), replace(MOVE, poles=13), "input"),
        ((REGISTER, FUND), replace(MOVE, poles=0), "input"),
        ((REGISTER, FUND), replace(MOVE, numbers=("7",)), "input"),
        ((RegisterUtilities(utilities=(NUMBERED,)), FUND), replace(MOVE, poles=1), "input"),
        ((REGISTER,), replace(FUND, payer="", source=Payer.OTHER), "input"),
        ((REGISTER,), ReviseEstimate(utility=LINE, estimate=POLES.estimate, reason="x"), "input"),
        ((REGISTER,), ReviseEstimate(utility=LINE, estimate=Vnd(1), reason=""), "input"),
        (
            (REGISTER,),
            ScheduleRelocation(utility=LINE, starts_on=date(2024, 5, 2), ends_on=date(2024, 5, 1)),
            "input",
        ),
        (
            (REGISTER, FUND, MOVE),
            ScheduleRelocation(utility=LINE, starts_on=date(2024, 5, 1), ends_on=date(2024, 5, 2)),
            "out_of_turn",
        ),
    ],
)
def test_nor_can_there_be(given: tuple[Command, ...], command: Command, rule: Rule) -> None:
    ground = after(*given)

    with refused(rule):
        when(command, given=ground)


@for_any(parts=st.lists(st.integers(1, 6), max_size=12))
def test_poles_moved_never_pass_the_poles_there_are(parts: list[int]) -> None:
    ground = after(REGISTER, FUND)
    moved = 0
    for part in parts:
        left = POLES.poles - moved
        try:
            events = when(replace(MOVE, poles=part), ground)
        except Refused:
            assert part > left
            continue
        moved += part
        for event in events:
            ground = evolve(ground, event, BY)
        assert ground.utilities[LINE].moved == moved
        assert (ground.utilities[LINE].status is Relocation.DONE) == (moved == POLES.poles)


def evolve_all(ground: Ground, command: Command, by: Act) -> Ground:
    for event in decide(ground, command, by, UNITS, POLICY):
        ground = evolve(ground, event, by)
    return ground
