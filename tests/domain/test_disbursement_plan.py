"""A plan of disbursement: what is to be paid out by the end of each month."""

from collections.abc import Mapping
from datetime import date

import pytest

from domain import capital
from domain.authority import authorise
from domain.disbursement_plan import DisbursementPlanned, Milestone, PlanDisbursement
from domain.positions import Capital
from domain.refusal import Refused, Rule
from domain.values import Act, Vnd
from tests.domain.story import (
    ALLOCATE,
    CAPITAL,
    CITY_CHAIR,
    INVESTOR,
    POLICY,
    act,
    at,
    refused,
    told,
)

BILLION = 1_000_000_000


def plan(amounts: Mapping[str, int]) -> PlanDisbursement:
    """Milestones in billions of đồng."""
    return PlanDisbursement(
        milestones=tuple(
            Milestone(by=date.fromisoformat(by), amount=Vnd(amount * BILLION))
            for by, amount in amounts.items()
        )
    )


def allocated() -> Capital:
    state = told(ALLOCATE)[CAPITAL]
    assert isinstance(state, Capital)
    return state


def test_a_plan_counts_from_the_start_of_the_year() -> None:
    command = plan({"2024-01-31": 1, "2024-06-30": 3, "2025-01-31": 5})

    state = told(ALLOCATE, (CAPITAL, command, act(CITY_CHAIR, "2024-01-03")))[CAPITAL]

    assert isinstance(state, Capital)
    assert state.planned == command.milestones


def test_months_that_are_not_over_are_planned_anew() -> None:
    state = told(
        ALLOCATE,
        (CAPITAL, plan({"2024-01-31": 1, "2024-06-30": 3}), act(CITY_CHAIR, "2024-01-03")),
        (CAPITAL, plan({"2024-06-30": 2, "2024-07-31": 4}), act(CITY_CHAIR, "2024-05-03")),
    )[CAPITAL]

    assert isinstance(state, Capital)
    assert state.planned == plan({"2024-01-31": 1, "2024-06-30": 2, "2024-07-31": 4}).milestones


@pytest.mark.parametrize(
    ("amounts", "rule"),
    [
        ({}, "input"),
        ({"2024-06-29": 1}, "input"),
        ({"2024-06-30": 3, "2024-07-31": 2}, "input"),
        ({"2024-06-30": 6}, "capital_ceiling"),
        ({"2024-06-30": -1}, "capital_ceiling"),
        ({"2024-04-30": 1}, "out_of_turn"),
    ],
    ids=["empty", "not a month's end", "falling", "above the plan", "below zero", "month over"],
)
def test_a_plan_is_refused_that_is(amounts: Mapping[str, int], rule: Rule) -> None:
    with refused(rule):
        capital.decide(allocated(), plan(amounts), act(CITY_CHAIR, "2024-05-03"), POLICY)


def test_a_plan_rests_on_a_paper_and_is_the_chairs() -> None:
    command = plan({"2024-06-30": 1})
    bare = Act(by=CITY_CHAIR, at=at("2024-05-03"))

    with refused("input"):
        capital.decide(allocated(), command, bare, POLICY)
    with pytest.raises(Refused, match="authority"):
        authorise(command, act(INVESTOR, "2024-05-03"), allocated(), POLICY)


def test_a_plan_moves_no_money() -> None:
    before = allocated()
    planned = DisbursementPlanned(milestones=plan({"2024-06-30": 1}).milestones)

    after = capital.evolve(before, planned)

    assert (after.positions, after.reservations) == (before.positions, before.reservations)
