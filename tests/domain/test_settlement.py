"""What is kept back, what is settled, what is owed after it, and when accounts close."""

from dataclasses import replace
from datetime import date

import pytest

from domain import approval, review, rounds
from domain.alarms import alarm
from domain.calendar import due_day
from domain.charter import Charter
from domain.contract import Guarantee
from domain.disbursement import ReleaseRetention
from domain.grounds import Ground
from domain.inbox import is_open, waits
from domain.policy import Subject
from domain.project import CloseAccounts, Registered
from domain.refusal import Rule
from domain.values import Act, DossierKind, Group, PaymentKind, Vnd
from domain.waits import Task, Wait
from tests.domain.money import KEPT_BACK, TO_USE, remind, returned
from tests.domain.story import (
    CHAIR,
    FINANCE,
    INVESTOR,
    POLICY,
    PROJECT,
    REGISTER,
    RELEASE,
    Asked,
    World,
    act,
    approve,
    ask,
    pay,
    refused,
    request,
    submit,
    told,
)

MILLION, BILLION = 1_000_000, 1_000_000_000
SETTLEMENT = DossierKind.SETTLEMENT
RETENTION, FINAL = PaymentKind.RETENTION, PaymentKind.FINAL


def settled(amount: int) -> tuple[Asked, ...]:
    return (
        submit(SETTLEMENT, amount, "2024-11-01"),
        approve(SETTLEMENT, "verify", FINANCE, "2024-12-02"),
        approve(SETTLEMENT, "approve", CHAIR, "2024-12-09"),
    )


CLOSE: Asked = (PROJECT, CloseAccounts(), act(INVESTOR, "2024-12-20"))


def ground(by: Act, charter: Charter) -> Ground:
    return Ground(act=by, subject=Subject(units=charter.units, group=charter.group), policy=POLICY)


def project(world: World) -> Registered:
    state = world[PROJECT]
    assert isinstance(state, Registered)
    return state


def of(world: World, task: Task) -> Wait | None:
    return next((wait for wait in waits(world[PROJECT], POLICY) if wait.task is task), None)


def release(day: str, bond: Guarantee | None = None) -> Asked:
    return PROJECT, ReleaseRetention(bond=bond), act(INVESTOR, day)


# Retention: two billion accepted, 1.9 paid, 100 million kept back


@pytest.mark.parametrize(
    ("worth", "rule"), [(100 * MILLION, None), (100 * MILLION + 1, "contract_ceiling")]
)
def test_what_is_kept_back_goes_into_deposit(worth: int, rule: Rule | None) -> None:
    asked = request(2, RETENTION, worth, "2024-10-03")

    if rule is None:
        assert told(*TO_USE, asked)
    else:
        with refused(rule):
            told(*TO_USE, asked)


def test_a_final_payment_does_not_reach_what_is_kept_back() -> None:
    """Settled at 1.99 billion, 1.9 paid: 90 million are left, and 100 are kept back."""
    world = told(*TO_USE, *settled(1_990 * MILLION))

    with refused("contract_ceiling"):
        told(request(2, FINAL, 1, "2024-12-10"), given=world)
    with refused("contract_ceiling"):
        told(request(2, RETENTION, 90 * MILLION + 1, "2024-12-10"), given=world)
    assert told(request(2, RETENTION, 90 * MILLION, "2024-12-10"), given=world)
    vouched = told(*TO_USE, RELEASE, *settled(1_990 * MILLION))
    assert told(request(2, FINAL, 90 * MILLION, "2024-12-10"), given=vouched)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (release("2025-10-01"), "too_early"),
        (release("2025-10-02"), None),
        (
            release("2024-10-02", Guarantee(amount=Vnd(100 * MILLION), valid_to=date(2025, 10, 1))),
            None,
        ),
        (
            release(
                "2024-10-02", Guarantee(amount=Vnd(100 * MILLION - 1), valid_to=date(2025, 10, 1))
            ),
            "guarantee_missing",
        ),
        (
            release("2024-10-02", Guarantee(amount=Vnd(100 * MILLION), valid_to=date(2025, 9, 30))),
            "guarantee_missing",
        ),
    ],
    ids=["its last day", "the day after", "a bond", "too small a bond", "too short a bond"],
)
def test_twelve_months_after_use_or_for_a_bond_it_is_released(
    asked: Asked, rule: Rule | None
) -> None:
    """In use since 1 October 2024."""
    if rule is None:
        assert told(asked, given=told(*TO_USE))
    else:
        with refused(rule):
            told(asked, given=told(*TO_USE))


def test_it_is_released_once() -> None:
    with refused("out_of_turn"):
        told(RELEASE, given=told(*TO_USE, RELEASE))
    with refused("out_of_turn"):
        told(request(2, RETENTION, 1, "2024-10-03"), given=told(*TO_USE, RELEASE))


def test_accounts_may_close_while_the_contractors_money_is_in_deposit() -> None:
    deposited = (request(2, RETENTION, 100 * MILLION, "2024-10-03"), *pay(2, "2024-10-04"))
    world = told(*TO_USE, *deposited, *settled(2 * BILLION), CLOSE)

    assert is_open(world[PROJECT])
    wait = of(world, Task.RELEASE_RETENTION)
    assert wait is not None
    assert wait.due is not None
    assert (due_day(wait.due), wait.amount) == (date(2025, 10, 1), 100 * MILLION)
    assert [one.task for one in waits(world[PROJECT], POLICY)] == [Task.RELEASE_RETENTION]

    released = told(release("2025-10-02"), given=world)
    assert not is_open(released[PROJECT])
    assert waits(released[PROJECT], POLICY) == ()


# Settlement, and what was paid beyond it


def test_a_settlement_above_the_total_is_refused_and_names_its_law() -> None:
    world = told(*TO_USE)

    with refused("investment_ceiling") as refusal:
        told(submit(SETTLEMENT, 12 * BILLION + 1, "2024-11-01"), given=world)
    assert "NĐ 99/2021/NĐ-CP" in refusal.value.because


def test_after_the_settlement_nothing_is_paid_beyond_it_and_nothing_advanced() -> None:
    world = told(*TO_USE, *settled(1_900 * MILLION))

    for kind in (PaymentKind.VOLUME, PaymentKind.RETENTION):
        with refused("contract_ceiling"):
            told(request(2, kind, 1, "2024-12-10"), given=world)
    with refused("out_of_turn"):
        told(request(2, PaymentKind.ADVANCE, 1, "2024-12-10"), given=world)


def test_what_was_overpaid_comes_back_before_accounts_close() -> None:
    """Settled at 1.8 billion, 1.9 paid. Approved on 9 December 2024: three months are 10 March."""
    world = told(*TO_USE, *settled(1_800 * MILLION))
    wait = of(world, Task.RETURN_OVERPAID)
    assert wait is not None
    assert wait.due is not None
    assert (due_day(wait.due), wait.amount) == (date(2025, 3, 10), 100 * MILLION)
    with refused("out_of_turn"):
        told(CLOSE, given=world)
    late, facts = ask(world, remind("2025-03-11"))
    assert [event.kind for _, event in facts] == ["DutyOverdue"]

    paid_back = told(returned(1, 100 * MILLION, "2025-03-12"), given=late)

    assert of(paid_back, Task.RETURN_OVERPAID) is None
    assert told((PROJECT, CloseAccounts(), act(INVESTOR, "2025-03-13")), given=paid_back)


def test_accounts_are_to_be_closed_within_six_months_of_the_settlement() -> None:
    """Approved on 9 December 2024: 9 June 2025 is a Monday."""
    wait = of(told(*TO_USE, *settled(1_900 * MILLION)), Task.CLOSE_ACCOUNTS)

    assert wait is not None
    assert wait.due is not None
    assert due_day(wait.due) == date(2025, 6, 9)


@pytest.mark.parametrize(
    ("group", "day"),
    [(Group.C, date(2025, 2, 3)), (Group.B, date(2025, 4, 1)), (Group.A, date(2025, 7, 1))],
)
def test_a_settlement_is_to_be_submitted_by_the_projects_group(group: Group, day: date) -> None:
    """In use on 1 October 2024. Four months end on a Saturday, in the days of Tết."""
    state = project(told(*TO_USE))
    state = replace(state, charter=replace(state.charter, group=group))

    bell = alarm(state, POLICY)

    assert bell is not None
    assert due_day(bell.at) == day


@pytest.mark.parametrize(
    ("group", "submitted", "verify", "approve"),
    [
        (Group.C, "2024-11-01", date(2025, 3, 3), date(2025, 3, 18)),
        (Group.B, "2025-10-01", date(2026, 3, 2), date(2026, 3, 23)),
        (Group.C, "2026-07-01", date(2026, 9, 3), date(2026, 9, 10)),
        # Two months and fifteen days.
        (Group.B, "2026-07-01", date(2026, 9, 16), date(2026, 9, 28)),
        (Group.A, "2026-07-01", date(2026, 11, 2), date(2026, 11, 17)),
    ],
)
def test_settlement_has_the_times_of_its_decree_and_group(
    group: Group, submitted: str, verify: date, approve: date
) -> None:
    charter = replace(project(told(REGISTER)).charter, group=group)
    ask_ = approval.SubmitDossier(dossier=SETTLEMENT, amount=Vnd(1))
    by = act(INVESTOR, submitted)
    events = review.decide({}, ask_, ground(by, charter))
    held: approval.Dossiers = {}
    for event in events:
        held = rounds.evolve(held, event, by)
    step = held[SETTLEMENT]
    assert isinstance(step, approval.UnderReview)
    assert due_day(step.due.at) == verify

    yes = approval.ApproveStep(dossier=SETTLEMENT, step="verify")
    last = act(FINANCE, verify.isoformat())
    _, opened = review.decide(held, yes, ground(last, charter))
    assert isinstance(opened, approval.StepOpened)
    assert due_day(opened.due.at) == approve


def test_a_settlement_submitted_under_one_decree_is_judged_by_it_to_the_end() -> None:
    """Submitted on 30 June 2026: fifteen days, not seven, though verified under the next decree."""
    charter = project(told(REGISTER)).charter
    by = act(INVESTOR, "2026-06-30")
    held: approval.Dossiers = {}
    for event in review.decide(
        {}, approval.SubmitDossier(dossier=SETTLEMENT, amount=Vnd(1)), ground(by, charter)
    ):
        held = rounds.evolve(held, event, by)

    yes = approval.ApproveStep(dossier=SETTLEMENT, step="verify")
    _, opened = review.decide(held, yes, ground(act(FINANCE, "2026-10-01"), charter))

    assert isinstance(opened, approval.StepOpened)
    assert due_day(opened.due.at) == date(2026, 10, 16)


def test_the_whole_way_of_what_is_kept_back_balances() -> None:
    books = project(told(*KEPT_BACK)).ledger

    assert (books.held, books.released) == (0, 100 * MILLION)
    assert books.disbursed == 2 * BILLION
