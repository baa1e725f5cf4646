"""Obstacles, and the power lines that have to move."""

from dataclasses import replace

import pytest

from domain.obstacles import (
    CLEAR,
    Command,
    Event,
    Ground,
    ObstacleRecorded,
    ObstacleRemoved,
    RecordObstacle,
    RemoveObstacle,
    decide,
    evolve,
)
from domain.refusal import Rule
from domain.utilities import (
    DecideRelocationFunding,
    RecordRelocation,
    RegisterUtilities,
    Relocation,
    RelocationFunded,
    UtilitiesRegistered,
    UtilityEntry,
    UtilityRelocated,
)
from domain.values import Cause, ObstacleId, UtilityId, Vnd
from tests.domain.story import (
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
