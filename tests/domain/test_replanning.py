"""Changes to a year's capital plan: more, elsewhere, later, no longer."""

from datetime import date

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.capital import (
    AllocateCapital,
    Command,
    DisburseCapital,
    Entailed,
    ReleaseCapital,
    ReserveCapital,
    decide,
    evolve,
)
from domain.lots import Origin
from domain.positions import UNALLOCATED, Allocation, Capital
from domain.refusal import Refused, Rule
from domain.replanning import (
    AddCapital,
    AdjustCapital,
    CarryOver,
    CarryOverCapital,
    Cut,
    ExpireCapital,
    Ground,
)
from domain.values import CohortId, CommuneId, PaymentId, ProgrammeId, ProjectId, Vnd
from tests.domain.story import CITY_CHAIR, POLICY, act, refused

P1, P2, P3 = ProjectId("AD01-GT"), ProjectId("AD02-GT"), ProjectId("AD03-GT")
PAYMENT = PaymentId("AD01-GT/1")


def line(project: ProjectId, amount: int) -> Allocation:
    return Allocation(
        project=project,
        commune=CommuneId("AD01"),
        cohort=CohortId("2024"),
        amount=Vnd(amount),
        synthetic=True,
    )


def move(amount: int, source: ProjectId = P1, to: ProjectId = P2) -> AdjustCapital:
    return AdjustCapital(
        cuts=(Cut(project=source, amount=Vnd(amount)),), raises=(line(to, amount),)
    )


def carry(amount: int, project: ProjectId = P1) -> CarryOverCapital:
    row = CarryOver(project=project, amount=Vnd(amount), ground=Ground.CLEARANCE_PROJECT)
    return CarryOverCapital(lines=(row,))


def reserve(amount: int, number: int = 1, project: ProjectId = P1) -> ReserveCapital:
    return ReserveCapital(
        payment=PaymentId(f"{project}/{number}"), project=project, amount=Vnd(amount)
    )


PLAN = AllocateCapital(
    programme=ProgrammeId("ntm"), year=2025, lines=(line(P1, 1000), line(P2, 500))
)
RELEASE, DISBURSE = ReleaseCapital(payment=PAYMENT), DisburseCapital(payment=PAYMENT)
SPRING, LATE, JANUARY, FEBRUARY = "2025-03-03", "2025-11-03", "2026-01-30", "2026-02-02"
SUMMER = "2026-06-01"


def after(*told: tuple[Command | Entailed, str]) -> Capital:
    plan = UNALLOCATED
    for command, day in told:
        for event in decide(plan, command, act(CITY_CHAIR, day), POLICY):
            plan = evolve(plan, event)
    return plan


BEGUN = (PLAN, SPRING)


def test_a_transfer_adds_to_nothing() -> None:
    plan = after(BEGUN, (move(300), SPRING))

    assert {name: row.allocated for name, row in plan.positions.items()} == {P1: 700, P2: 800}
    assert plan.allocated == 1500


def test_a_transfer_may_open_a_new_project() -> None:
    plan = after(BEGUN, (move(300, to=P3), SPRING))

    assert plan.positions[P3].allocated == 300


def test_what_is_added_late_lasts_a_year_longer() -> None:
    early = after(BEGUN, (AddCapital(lines=(line(P1, 100),)), SPRING))
    late = after(BEGUN, (AddCapital(lines=(line(P1, 100),)), LATE))

    assert early.positions[P1].lots[-1].payable_until == date(2026, 1, 31)
    assert late.positions[P1].lots[-1].payable_until == date(2026, 12, 31)
    assert late.positions[P1].payable(date(2026, 2, 2)) == 100


def test_capital_lapses_after_the_last_day_though_nobody_has_written_it_off() -> None:
    plan = after(BEGUN)

    with pytest.raises(Refused, match="1,000 can no longer be paid out"):
        decide(plan, reserve(1), act(CITY_CHAIR, FEBRUARY), POLICY)


def test_what_was_reserved_in_time_is_not_paid_out_late() -> None:
    plan = after(BEGUN, (reserve(100), JANUARY))

    with pytest.raises(Refused, match="could be paid out until 2026-01-31"):
        decide(plan, DISBURSE, act(CITY_CHAIR, FEBRUARY), POLICY)


def test_what_lapses_first_is_used_first() -> None:
    plan = after(
        BEGUN, (AddCapital(lines=(line(P1, 100),)), LATE), (reserve(1050), LATE), (DISBURSE, LATE)
    )

    assert [lot.disbursed for lot in plan.positions[P1].lots] == [1000, 50]


def test_carried_over_capital_is_payable_in_the_next_year() -> None:
    plan = after(BEGUN, (carry(400), FEBRUARY), (reserve(400), SUMMER), (DISBURSE, SUMMER))

    position = plan.positions[P1]
    assert (position.allocated, position.disbursed) == (1000, 400)
    assert position.lots[-1].origin is Origin.CARRIED_OVER
    assert position.lots[-1].payable_until == date(2026, 12, 31)


def test_the_rest_is_written_off_and_stays_part_of_what_was_allocated() -> None:
    plan = after(BEGUN, (carry(400), JANUARY), (ExpireCapital(), FEBRUARY))

    assert {
        name: (row.allocated, row.expired, row.left) for name, row in plan.positions.items()
    } == {
        P1: (1000, 600, 400),
        P2: (500, 500, 0),
    }


def test_a_payment_under_way_stands_in_the_way_of_writing_off() -> None:
    held = after(BEGUN, (reserve(10), JANUARY))

    with pytest.raises(Refused, match=PAYMENT):
        decide(held, ExpireCapital(), act(CITY_CHAIR, FEBRUARY), POLICY)

    freed = after(BEGUN, (reserve(10), JANUARY), (RELEASE, FEBRUARY), (ExpireCapital(), FEBRUARY))
    assert freed.positions[P1].expired == 1000


@pytest.mark.parametrize(
    ("given", "command", "day", "rule"),
    [
        ((), AddCapital(lines=(line(P1, 1),)), SPRING, "not_found"),
        ((BEGUN,), AddCapital(lines=(line(P1, 0),)), SPRING, "input"),
        ((BEGUN,), AddCapital(lines=()), SPRING, "input"),
        ((BEGUN,), move(1001), SPRING, "capital_ceiling"),
        ((BEGUN, (reserve(900), SPRING)), move(101), SPRING, "capital_ceiling"),
        ((BEGUN,), move(0), SPRING, "input"),
        ((BEGUN,), move(1, to=P1), SPRING, "input"),
        (
            (BEGUN,),
            AdjustCapital(cuts=(Cut(project=P1, amount=Vnd(2)),), raises=(line(P2, 1),)),
            SPRING,
            "input",
        ),
        ((BEGUN,), move(1), FEBRUARY, "capital_expired"),
        ((BEGUN,), carry(1001), JANUARY, "capital_ceiling"),
        ((BEGUN,), carry(0), JANUARY, "input"),
        ((BEGUN,), CarryOverCapital(lines=()), JANUARY, "input"),
        ((BEGUN,), carry(1), "2027-01-04", "capital_expired"),
        ((BEGUN, (ExpireCapital(), FEBRUARY)), carry(1), FEBRUARY, "capital_ceiling"),
        ((BEGUN,), ExpireCapital(), JANUARY, "nothing_to_do"),
    ],
    ids=[
        "more for a year without a plan",
        "more of nothing",
        "an addition without lines",
        "a transfer of more than there is",
        "a transfer of what a payment holds",
        "a transfer of nothing",
        "a transfer to oneself",
        "a transfer that loses money",
        "a transfer after the year's end",
        "more carried over than is left",
        "nothing carried over",
        "a carry-over without lines",
        "a carry-over of two years",
        "a carry-over of what was written off",
        "a write-off before the end",
    ],
)
def test_there_cannot_be(
    given: tuple[tuple[Command | Entailed, str], ...],
    command: Command | Entailed,
    day: str,
    rule: Rule,
) -> None:
    plan = after(*given)

    with refused(rule):
        decide(plan, command, act(CITY_CHAIR, day), POLICY)


DAYS = st.sampled_from([SPRING, LATE, JANUARY, FEBRUARY, "2026-06-01", "2026-12-31", "2027-01-04"])
PROJECTS = st.sampled_from([P1, P2, P3])
AMOUNTS = st.integers(1, 900)
NUMBERS = st.integers(1, 5)
COMMANDS: st.SearchStrategy[Command | Entailed] = st.one_of(
    st.builds(reserve, AMOUNTS, number=NUMBERS, project=PROJECTS),
    st.builds(
        lambda number, project: DisburseCapital(payment=PaymentId(f"{project}/{number}")),
        NUMBERS,
        PROJECTS,
    ),
    st.builds(
        lambda number, project: ReleaseCapital(payment=PaymentId(f"{project}/{number}")),
        NUMBERS,
        PROJECTS,
    ),
    st.builds(move, AMOUNTS, source=PROJECTS, to=PROJECTS),
    st.builds(carry, AMOUNTS, project=PROJECTS),
    st.builds(
        lambda project, amount: AddCapital(lines=(line(project, amount),)), PROJECTS, AMOUNTS
    ),
    st.just(ExpireCapital()),
)


@for_any(told=st.lists(st.tuples(COMMANDS, DAYS), max_size=30))
def test_whatever_is_asked_every_dong_is_somewhere_once(
    told: list[tuple[Command | Entailed, str]],
) -> None:
    plan, given_in_all = after(BEGUN), 1500
    for command, day in sorted(told, key=lambda one: one[1]):
        try:
            events = decide(plan, command, act(CITY_CHAIR, day), POLICY)
        except Refused:
            continue
        if isinstance(command, AddCapital):
            given_in_all += sum(each.amount for each in command.lines)
        for event in events:
            plan = evolve(plan, event)

        assert plan.allocated == given_in_all
        for position in plan.positions.values():
            for lot in position.lots:
                assert min(lot.amount, lot.reserved, lot.disbursed, lot.expired, lot.left) >= 0
        held = sum(reservation.amount for reservation in plan.reservations.values())
        assert held == sum(position.reserved for position in plan.positions.values())
