"""Advances for compensation and for other work: recovered by their days, or given back."""

from datetime import date

import pytest

from domain.alarms import alarm
from domain.calendar import due_day
from domain.inbox import waits
from domain.positions import Capital
from domain.project import Registered
from domain.refusal import Rule
from domain.values import PaymentKind
from domain.waits import IfIgnored, Task, Wait
from tests.domain.money import (
    CONTRACTED,
    amend,
    estimate,
    of_road,
    other,
    remind,
    returned,
)
from tests.domain.story import (
    CAPITAL,
    INVESTOR,
    POLICY,
    PROJECT,
    TO_SUPPORT_PLAN,
    Asked,
    World,
    ask,
    pay,
    refused,
    request,
    told,
)

BILLION, MILLION = 1_000_000_000, 1_000_000
FOR_HOUSEHOLDS, PAID_OUT = PaymentKind.COMPENSATION_ADVANCE, PaymentKind.COMPENSATION
FOR_OTHERS, OTHERS = PaymentKind.OTHER_ADVANCE, PaymentKind.OTHER

ADVANCED = (
    *TO_SUPPORT_PLAN,
    of_road(1, FOR_HOUSEHOLDS, 60 * MILLION, "2024-03-01"),
    *pay(1, "2024-03-04"),
)
ESTIMATED = (*TO_SUPPORT_PLAN, estimate("QLDA", 200 * MILLION, "2024-03-01"))
OTHERS_ADVANCED = (
    *ESTIMATED,
    other(1, FOR_OTHERS, 100 * MILLION, "2024-03-01"),
    *pay(1, "2024-03-04"),
)


def project(world: World) -> Registered:
    state = world[PROJECT]
    assert isinstance(state, Registered)
    return state


def capital(world: World) -> Capital:
    state = world[CAPITAL]
    assert isinstance(state, Capital)
    return state


def of(world: World, task: Task) -> Wait | None:
    return next((wait for wait in waits(world[PROJECT], POLICY) if wait.task is task), None)


def kinds(world: World, asked: Asked) -> list[str]:
    return [event.kind for _, event in ask(world, asked)[1]]


# Compensation


def test_what_is_advanced_for_households_is_recovered_by_what_they_were_paid() -> None:
    recovered = (
        of_road(2, PAID_OUT, 70 * MILLION, "2024-03-20", recovers=60 * MILLION),
        *pay(2, "2024-03-21"),
    )

    books = project(told(*ADVANCED, *recovered)).ledger

    assert (books.disbursed, books.advance_balance) == (70 * MILLION, 0)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (of_road(2, FOR_HOUSEHOLDS, 40 * MILLION, "2024-03-20"), None),
        (of_road(2, FOR_HOUSEHOLDS, 40 * MILLION + 1, "2024-03-20"), "contract_ceiling"),
        (of_road(2, PAID_OUT, 100 * MILLION, "2024-03-20", recovers=60 * MILLION), None),
        (
            of_road(2, PAID_OUT, 100 * MILLION + 1, "2024-03-20", recovers=60 * MILLION),
            "contract_ceiling",
        ),
        (
            of_road(2, PAID_OUT, 61 * MILLION, "2024-03-20", recovers=60 * MILLION + 1),
            "advance_recovery",
        ),
    ],
    ids=[
        "advanced up to the plan",
        "advanced beyond it",
        "paid up to the plan",
        "paid beyond it",
        "recovered beyond what stands",
    ],
)
def test_paid_and_advanced_together_stay_within_the_plan(asked: Asked, rule: Rule | None) -> None:
    if rule is None:
        assert told(asked, given=told(*ADVANCED))
    else:
        with refused(rule):
            told(asked, given=told(*ADVANCED))


def test_a_contractors_volume_recovers_nothing_of_the_households() -> None:
    claim = request(2, PaymentKind.VOLUME, 1, "2024-03-20", recovers=1)

    with refused("volume_ceiling"):
        told(claim, given=told(*ADVANCED))
    assert project(told(*ADVANCED)).ledger.balance(PaymentKind.ADVANCE) == 0


def test_an_advance_for_households_goes_down_its_ladder() -> None:
    """Paid on 4 March 2024: thirty days are 3 April, three months 4 June, a year more 4 June 2025.

    All are working days.
    """
    world = told(*ADVANCED)
    steps = (
        (Task.RECOVER_ADVANCE, date(2024, 4, 3), IfIgnored.CALLED_IN, "2024-04-04"),
        (Task.CALL_IN_ADVANCE, date(2024, 6, 4), IfIgnored.TO_BUDGET, "2024-06-05"),
        (Task.SURRENDER_ADVANCE, date(2025, 6, 4), IfIgnored.OVERDUE_NOTICE, "2025-06-05"),
    )

    for task, last, if_ignored, rings in steps:
        wait = of(world, task)
        assert wait is not None
        assert wait.due is not None
        assert (due_day(wait.due), wait.post, wait.if_ignored) == (last, INVESTOR, if_ignored)
        bell = alarm(world[PROJECT], POLICY)
        assert bell is not None
        assert bell.at == wait.due
        assert kinds(world, remind(last.isoformat())) == []
        assert kinds(world, remind(rings)) == ["DutyOverdue"]
        world, _ = ask(world, remind(rings))

    assert of(world, Task.SURRENDER_ADVANCE) is not None, "it stays until the money is back"
    assert alarm(world[PROJECT], POLICY) is None


def test_what_is_recovered_owes_nothing_more() -> None:
    recovered = of_road(2, PAID_OUT, 60 * MILLION, "2024-03-20", recovers=60 * MILLION)

    world = told(*ADVANCED, recovered, *pay(2, "2024-03-21"))

    assert of(world, Task.RECOVER_ADVANCE) is None
    assert kinds(world, remind("2024-06-05")) == []


# A contractor's advance is due on the contract's own day


def test_a_contractors_advance_is_called_in_three_months_after_the_contracts_day() -> None:
    """The contract ends on 20 December 2024; three months later is 20 March 2025."""
    world = told(*CONTRACTED[:-1])
    due = of(world, Task.RECOVER_ADVANCE)
    assert due is not None
    assert due.due is not None
    assert due_day(due.due) == date(2024, 12, 20)

    late, _ = ask(world, remind("2024-12-21"))

    called = of(late, Task.CALL_IN_ADVANCE)
    assert called is not None
    assert called.due is not None
    assert due_day(called.due) == date(2025, 3, 20)
    moved = told(amend("2024-12-19", completes_on=date(2025, 6, 30)), given=world)
    extended_late = told(amend("2024-12-23", completes_on=date(2025, 6, 30)), given=late)
    for world in (moved, extended_late):
        again = of(world, Task.RECOVER_ADVANCE)
        assert again is not None
        assert again.due is not None
        assert due_day(again.due) == date(2025, 6, 30)


# Work without a contract


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (other(1, OTHERS, 200 * MILLION, "2024-03-04"), None),
        (other(1, OTHERS, 200 * MILLION + 1, "2024-03-04"), "contract_ceiling"),
        (other(1, FOR_OTHERS, 200 * MILLION, "2024-03-04"), None),
        (other(1, OTHERS, 1, "2024-03-04", item="nothing"), "not_found"),
        (request(1, OTHERS, 1, "2024-03-04"), "input"),
        (other(1, PaymentKind.VOLUME, 1, "2024-03-04"), "input"),
    ],
    ids=["all of it", "more", "all in advance", "not estimated", "not named", "for the contract"],
)
def test_other_work_is_paid_within_its_estimate(asked: Asked, rule: Rule | None) -> None:
    if rule is None:
        assert told(asked, given=told(*ESTIMATED))
    else:
        with refused(rule):
            told(asked, given=told(*ESTIMATED))


def test_an_advance_on_an_estimate_is_recovered_by_eighty_per_cent_of_it() -> None:
    world = told(*OTHERS_ADVANCED)

    with refused("advance_recovery"):
        told(other(2, OTHERS, 60 * MILLION, "2024-04-01"), given=world)
    with refused("advance_recovery"):
        told(other(2, OTHERS, 159 * MILLION, "2024-04-01", recovers=99 * MILLION), given=world)
    assert told(other(2, OTHERS, 160 * MILLION, "2024-04-01", recovers=100 * MILLION), given=world)


def test_an_advance_on_an_estimate_is_owed_after_six_months_and_drawn_three_later() -> None:
    """Paid on 4 March 2024: 4 September is a working day, 4 December one as well."""
    world = told(*OTHERS_ADVANCED)
    owed = of(world, Task.RECOVER_ADVANCE)
    assert owed is not None
    assert owed.due is not None
    assert due_day(owed.due) == date(2024, 9, 4)

    late, _ = ask(world, remind("2024-09-05"))

    drawn = of(late, Task.SURRENDER_ADVANCE)
    assert drawn is not None
    assert drawn.due is not None
    assert due_day(drawn.due) == date(2024, 12, 4)


def test_an_estimate_stays_within_the_total_and_above_what_was_paid() -> None:
    """12 billion approved, 10 signed for, 100 million of support."""
    world = told(*OTHERS_ADVANCED)

    assert told(estimate("QLDA", 1_900 * MILLION, "2024-04-01"), given=world)
    with refused("investment_ceiling"):
        told(estimate("QLDA", 1_900 * MILLION + 1, "2024-04-01"), given=world)
    with refused("contract_ceiling"):
        told(estimate("QLDA", 100 * MILLION - 1, "2024-04-01"), given=world)


# What comes back


def test_a_returned_advance_is_free_in_the_years_plan_again() -> None:
    before = told(*ADVANCED)
    left = capital(before).positions[project(before).charter.project].left

    world = told(returned(1, 60 * MILLION, "2024-06-10"), given=before)

    assert (project(world).ledger.disbursed, project(world).ledger.advance_balance) == (0, 0)
    assert capital(world).positions[project(world).charter.project].left == left + 60 * MILLION
    assert of(world, Task.RECOVER_ADVANCE) is None
    assert told(of_road(2, FOR_HOUSEHOLDS, 100 * MILLION, "2024-06-11"), given=world)


def test_what_comes_back_after_the_plans_end_is_the_budgets() -> None:
    before = told(*ADVANCED)
    position = capital(before).positions[project(before).charter.project]

    world = told(returned(1, 60 * MILLION, "2025-02-03"), given=before)

    after = capital(world).positions[project(world).charter.project]
    assert (after.disbursed, after.expired) == (position.disbursed - 60 * MILLION, 60 * MILLION)
    assert after.left == position.left


@pytest.mark.parametrize(
    ("given", "amount", "rule"),
    [
        ((), 60 * MILLION, None),
        ((), 60 * MILLION + 1, "contract_ceiling"),
        ((), 0, "contract_ceiling"),
        ((returned(1, 20 * MILLION, "2024-03-20"),), 40 * MILLION + 1, "contract_ceiling"),
        (
            (of_road(2, PAID_OUT, 50 * MILLION, "2024-03-20", recovers=50 * MILLION),),
            10 * MILLION + 1,
            "contract_ceiling",
        ),
    ],
    ids=["all", "more", "nothing", "more than the rest", "what a claim is about to recover"],
)
def test_of_an_advance_what_stands_comes_back(
    given: tuple[Asked, ...], amount: int, rule: Rule | None
) -> None:
    world = told(*ADVANCED, *given)
    asked = returned(1, amount, "2024-04-01")

    if rule is None:
        assert told(asked, given=world)
    else:
        with refused(rule):
            told(asked, given=world)


def test_what_was_not_paid_does_not_come_back() -> None:
    with refused("not_found"):
        told(returned(9, 1, "2024-04-01"), given=told(*ADVANCED))
