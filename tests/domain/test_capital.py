"""The year's capital plan: never more out than in."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.capital import (
    AllocateCapital,
    CapitalAllocated,
    CapitalDisbursed,
    CapitalReleased,
    CapitalReserved,
    Command,
    DisburseCapital,
    Entailed,
    Event,
    ReleaseCapital,
    ReserveCapital,
    decide,
    evolve,
)
from domain.lots import Draw
from domain.positions import UNALLOCATED, Allocation, Capital
from domain.refusal import Refused, Rule
from domain.values import CohortId, CommuneId, PaymentId, ProgrammeId, ProjectId, Vnd
from tests.domain.story import CITY_CHAIR, POLICY, act, refused

BY = act(CITY_CHAIR, "2024-01-02")
P1, P2 = ProjectId("AD01-GT"), ProjectId("AD02-GT")


def line(project: ProjectId, amount: int) -> Allocation:
    return Allocation(
        project=project,
        commune=CommuneId("AD01"),
        cohort=CohortId("2024"),
        amount=Vnd(amount),
        synthetic=True,
    )


def allocate(*lines: Allocation) -> AllocateCapital:
    return AllocateCapital(programme=ProgrammeId("ntm"), year=2024, lines=lines)


def reserve(amount: int, *, number: int = 1, project: ProjectId = P1) -> ReserveCapital:
    name = PaymentId(f"{project}/{number}")
    return ReserveCapital(payment=name, project=project, amount=Vnd(amount))


ALLOCATE = allocate(line(P1, 1000), line(P2, 500))
PAYMENT = PaymentId("AD01-GT/1")
RELEASE, DISBURSE = ReleaseCapital(payment=PAYMENT), DisburseCapital(payment=PAYMENT)


def when(command: Command | Entailed, given: Capital) -> tuple[Event, ...]:
    return decide(given, command, BY, POLICY)


def after(*commands: Command | Entailed) -> Capital:
    capital = UNALLOCATED
    for command in commands:
        for event in when(command, capital):
            capital = evolve(capital, event)
    return capital


@pytest.mark.parametrize(
    ("given", "command", "event"),
    [
        (
            (),
            ALLOCATE,
            CapitalAllocated(
                programme=ProgrammeId("ntm"),
                year=2024,
                lines=ALLOCATE.lines,
                payable_until=date(2025, 1, 31),
            ),
        ),
        (
            (ALLOCATE,),
            reserve(1000),
            CapitalReserved(
                payment=PAYMENT,
                project=P1,
                amount=Vnd(1000),
                draws=(Draw(lot=0, amount=Vnd(1000)),),
            ),
        ),
        (
            (ALLOCATE, reserve(300)),
            RELEASE,
            CapitalReleased(payment=PAYMENT, project=P1, amount=Vnd(300)),
        ),
        (
            (ALLOCATE, reserve(300)),
            DISBURSE,
            CapitalDisbursed(payment=PAYMENT, project=P1, amount=Vnd(300)),
        ),
    ],
    ids=["allocated", "reserved to the last đồng", "released", "disbursed"],
)
def test_capital_is(
    given: tuple[Command | Entailed, ...], command: Command | Entailed, event: Event
) -> None:
    assert when(command, given=after(*given)) == (event,)


def test_what_is_reserved_or_disbursed_is_not_left() -> None:
    capital = after(ALLOCATE, reserve(300), DISBURSE, reserve(200, number=2))

    position = capital.positions[P1]
    assert (position.disbursed, position.reserved, position.left) == (300, 200, 500)
    assert (capital.allocated, capital.disbursed) == (1500, 300)


def test_a_later_plan_adds_projects() -> None:
    capital = after(ALLOCATE, allocate(line(ProjectId("AD03-GT"), 7)))

    assert capital.allocated == 1507


def test_a_plan_needs_its_document() -> None:
    with refused("input"):
        decide(UNALLOCATED, ALLOCATE, replace(BY, document=None), POLICY)


@pytest.mark.parametrize(
    ("given", "command", "rule"),
    [
        ((ALLOCATE,), reserve(1001), "capital_ceiling"),
        ((ALLOCATE, reserve(400)), reserve(601, number=2), "capital_ceiling"),
        ((ALLOCATE, reserve(400), DISBURSE), reserve(601, number=2), "capital_ceiling"),
        ((), reserve(1), "capital_ceiling"),
        ((ALLOCATE,), reserve(1, project=ProjectId("AD09-GT")), "capital_ceiling"),
        ((), allocate(), "input"),
        ((), allocate(line(P1, 0)), "input"),
        ((ALLOCATE,), allocate(line(P1, 1)), "already_exists"),
        ((), allocate(line(P1, 1), line(P1, 1)), "input"),
        ((ALLOCATE,), RELEASE, "out_of_turn"),
        ((ALLOCATE,), DISBURSE, "out_of_turn"),
        ((ALLOCATE, reserve(1), DISBURSE), DISBURSE, "out_of_turn"),
        ((ALLOCATE, reserve(1), RELEASE), DISBURSE, "out_of_turn"),
    ],
    ids=[
        "more reserved than allocated",
        "more reserved than other reservations leave",
        "more reserved than was paid leaves",
        "anything reserved of no plan",
        "anything reserved for a project outside the plan",
        "an empty plan",
        "a plan of nothing",
        "a project planned twice",
        "a project twice in a plan",
        "a release of nothing",
        "a payment of nothing reserved",
        "a payment paid twice",
        "a payment of what was released",
    ],
)
def test_there_cannot_be(
    given: tuple[Command | Entailed, ...], command: Command | Entailed, rule: Rule
) -> None:
    capital = after(*given)

    with refused(rule):
        when(command, given=capital)


def test_a_payment_is_reserved_once() -> None:
    with refused("already_exists"):
        when(reserve(1), given=after(ALLOCATE, reserve(1)))


def test_a_payment_without_cash_needs_a_plan_too() -> None:
    with refused("capital_ceiling"):
        when(reserve(0), given=UNALLOCATED)


NUMBERS = st.integers(1, 6)
COMMANDS: st.SearchStrategy[Command | Entailed] = st.one_of(
    st.builds(reserve, st.integers(1, 700), number=NUMBERS, project=st.sampled_from([P1, P2])),
    st.builds(
        lambda number, project: DisburseCapital(payment=PaymentId(f"{project}/{number}")),
        NUMBERS,
        st.sampled_from([P1, P2]),
    ),
    st.builds(
        lambda number, project: ReleaseCapital(payment=PaymentId(f"{project}/{number}")),
        NUMBERS,
        st.sampled_from([P1, P2]),
    ),
)


@for_any(commands=st.lists(COMMANDS, max_size=40))
def test_whatever_is_asked_no_project_gets_more_than_its_capital(
    commands: list[Command | Entailed],
) -> None:
    capital = after(ALLOCATE)
    for command in commands:
        try:
            events = when(command, given=capital)
        except Refused:
            continue
        for event in events:
            capital = evolve(capital, event)

        for position in capital.positions.values():
            assert position.reserved >= 0
            assert position.disbursed >= 0
            assert position.reserved + position.disbursed <= position.allocated
        held = sum(reservation.amount for reservation in capital.reservations.values())
        assert held == sum(position.reserved for position in capital.positions.values())
