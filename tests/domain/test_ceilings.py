"""Ceilings above the projects: whatever changes the plan, none of them is passed."""

from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.capital import AllocateCapital, Command, decide, evolve
from domain.ceilings import SetCeilings, Tier, tree
from domain.positions import UNALLOCATED, Allocation, Capital, Ceiling
from domain.refusal import Refused, Rule
from domain.replanning import AddCapital, AdjustCapital, CarryOver, CarryOverCapital, Cut, Ground
from domain.values import CohortId, CommuneId, ProgrammeId, ProjectId, Vnd
from tests.domain.story import CITY_CHAIR, COUNCIL, POLICY, act, refused

BY, COUNCILS = act(CITY_CHAIR, "2024-05-06"), act(COUNCIL, "2024-12-30")
PROJECTS = ("A1", "A2", "B1", "C1")
"""Two projects of commune A, one of B, both of cohort 2023; one of C, of cohort 2024."""


def line(project: str, amount: int) -> Allocation:
    cohort = CohortId("2024" if project[0] == "C" else "2023")
    return Allocation(
        project=ProjectId(project),
        commune=CommuneId(project[0]),
        cohort=cohort,
        amount=Vnd(amount),
        synthetic=True,
    )


def bound(amount: int, cohort: str | None = None, commune: str | None = None) -> SetCeilings:
    one = Ceiling(
        amount=Vnd(amount),
        cohort=CohortId(cohort) if cohort else None,
        commune=CommuneId(commune) if commune else None,
    )
    return SetCeilings(programme=ProgrammeId("ntm"), year=2024, ceilings=(one,))


def allocate(**amounts: int) -> AllocateCapital:
    lines = tuple(line(project, amount) for project, amount in amounts.items())
    return AllocateCapital(programme=ProgrammeId("ntm"), year=2024, lines=lines)


def move(source: str, to: str, amount: int) -> AdjustCapital:
    cut = Cut(project=ProjectId(source), amount=Vnd(amount))
    return AdjustCapital(cuts=(cut,), raises=(line(to, amount),))


def after(*commands: Command) -> Capital:
    plan = UNALLOCATED
    for command in commands:
        plan = reduce(evolve, decide(plan, command, BY, POLICY), plan)
    return plan


GIVEN = allocate(A1=30, A2=20, B1=10, C1=40)


def test_the_tree_adds_up_from_the_projects_to_the_year() -> None:
    nodes = tree(after(bound(150), bound(55, "2023", "A"), GIVEN))

    assert [(node.tier, node.name, node.ceiling, node.allocated) for node in nodes] == [
        (Tier.YEAR, "all", 150, 100),
        (Tier.COHORT, "2023", None, 60),
        (Tier.COMMUNE, "2023/A", 55, 50),
        (Tier.PROJECT, "A1", None, 30),
        (Tier.PROJECT, "A2", None, 20),
        (Tier.COMMUNE, "2023/B", None, 10),
        (Tier.PROJECT, "B1", None, 10),
        (Tier.COHORT, "2024", None, 40),
        (Tier.COMMUNE, "2024/C", None, 40),
        (Tier.PROJECT, "C1", None, 40),
    ]


def test_a_plan_without_ceilings_is_bounded_by_nothing() -> None:
    assert after(GIVEN, AddCapital(lines=(line("A1", 10**15),))).allocated == 10**15 + 100


def test_what_stays_within_a_ceiling_may_move_under_it() -> None:
    plan = after(bound(50, "2023", "A"), GIVEN, move("A1", "A2", 30))

    assert plan.positions[ProjectId("A2")].allocated == 50


def test_a_ceiling_may_be_raised_and_lowered_to_what_is_allocated() -> None:
    plan = after(bound(100), GIVEN, bound(200), bound(100))

    assert plan.ceiling_of == {(None, None): 100}


@pytest.mark.parametrize(
    ("given", "command", "rule"),
    [
        ((bound(99),), GIVEN, "capital_ceiling"),
        ((bound(59, "2023"),), GIVEN, "capital_ceiling"),
        ((bound(49, "2023", "A"),), GIVEN, "capital_ceiling"),
        ((bound(100), GIVEN), AddCapital(lines=(line("C1", 1),)), "capital_ceiling"),
        ((bound(60, "2023"), GIVEN), move("C1", "B1", 1), "capital_ceiling"),
        ((bound(50, "2023", "A"), GIVEN), move("B1", "A1", 1), "capital_ceiling"),
        ((GIVEN,), bound(99), "capital_ceiling"),
        ((bound(100),), bound(101, "2023"), "capital_ceiling"),
        ((bound(100, "2023"),), bound(101, "2023", "A"), "capital_ceiling"),
        ((bound(100, "2023"),), bound(99), "capital_ceiling"),
        ((), bound(-1), "input"),
        ((), bound(1, None, "A"), "input"),
        ((GIVEN,), AddCapital(lines=(replace(line("A1", 1), commune=CommuneId("B")),)), "input"),
        ((GIVEN,), AddCapital(lines=(replace(line("A1", 1), cohort=CohortId("2024")),)), "input"),
    ],
    ids=[
        "more than the year's",
        "more than a cohort's",
        "more than a commune's",
        "more added to the year",
        "more moved into a cohort",
        "more moved into a commune",
        "a ceiling below what is allocated",
        "a cohort above its year",
        "a commune above its cohort",
        "a year below its cohort",
        "a ceiling below nothing",
        "a commune in no cohort",
        "a project in two communes",
        "a project in two cohorts",
    ],
)
def test_there_cannot_be(given: tuple[Command, ...], command: Command, rule: Rule) -> None:
    plan = after(*given)

    with refused(rule):
        decide(plan, command, BY, POLICY)


def test_a_ceiling_rests_on_a_document() -> None:
    with refused("input"):
        decide(UNALLOCATED, bound(1), act(COUNCIL, "2024-01-02", None), POLICY)


_AMOUNTS = st.integers(1, 60)
_NAMES = st.sampled_from(PROJECTS)
_CARRIED = st.builds(
    lambda name, amount: CarryOverCapital(
        lines=(
            CarryOver(project=ProjectId(name), amount=Vnd(amount), ground=Ground.CLEARANCE_PROJECT),
        )
    ),
    _NAMES,
    _AMOUNTS,
)
_CHANGES = st.one_of(
    st.builds(move, _NAMES, _NAMES, _AMOUNTS),
    st.builds(lambda name, amount: AddCapital(lines=(line(name, amount),)), _NAMES, _AMOUNTS),
    st.builds(bound, st.integers(50, 200)),
    st.builds(bound, st.integers(20, 120), st.sampled_from(("2023", "2024"))),
    st.builds(bound, st.integers(20, 120), st.just("2023"), st.sampled_from("AB")),
    _CARRIED,
)


@for_any(st.lists(_CHANGES, max_size=30))
def test_no_history_passes_a_ceiling_and_every_sum_is_that_of_its_parts(
    changes: list[Command],
) -> None:
    plan = after(GIVEN)
    for change in changes:
        try:
            events = decide(plan, change, COUNCILS, POLICY)
        except Refused:
            continue
        added = isinstance(change, AddCapital)
        before, plan = plan, reduce(evolve, events, plan)
        assert added or plan.allocated == before.allocated
    nodes = tree(plan)
    for tier in Tier:
        assert sum(node.allocated for node in nodes if node.tier is tier) == plan.allocated
    assert all(node.ceiling is None or node.allocated <= node.ceiling for node in nodes)
