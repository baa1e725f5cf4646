"""A contract after it was signed: amended, secured, and allowed more than thirty per cent."""

from dataclasses import replace
from datetime import date

import pytest

from domain.construction import AcceptWorks, StartWorks
from domain.contract import AmendContract, Contract, Exemption, Guarantee, SignContract
from domain.inbox import waits
from domain.notices import Template, notices
from domain.project import Registered
from domain.refusal import Rule
from domain.streams import Fact
from domain.values import PaymentKind, Vnd
from domain.waits import Task
from tests.domain.money import (
    CONTRACTED,
    amend,
    estimate,
    guarantee,
    remind,
    returned,
    waive,
)
from tests.domain.story import (
    INVESTOR,
    POLICY,
    PROJECT,
    SCHOOL,
    TO_APPROVAL,
    TO_CONTRACT,
    TO_SUPPORT_PLAN,
    TOTAL,
    WORTH,
    Asked,
    World,
    act,
    ask,
    pay,
    refused,
    request,
    told,
)

BILLION = 1_000_000_000
ADVANCED = (
    *TO_SUPPORT_PLAN,
    request(1, PaymentKind.ADVANCE, 3 * BILLION, "2024-03-04"),
    *pay(1, "2024-03-05"),
)


def contract(world: World) -> Contract:
    state = world[PROJECT]
    assert isinstance(state, Registered)
    assert state.building.contract is not None
    return state.building.contract


def kinds(world: World, asked: Asked) -> list[str]:
    return [event.kind for _, event in ask(world, asked)[1]]


# Annexes


def test_an_annex_changes_worth_and_end_and_keeps_the_rest() -> None:
    world = told(*CONTRACTED[:-1])

    found = contract(world)
    assert (found.worth, found.completes_on) == (11 * BILLION, date(2024, 12, 20))
    assert found.number == "01/HĐ"


def test_an_annex_reaches_what_the_approved_total_leaves_and_not_one_dong_more() -> None:
    """12 billion approved, 100 million of support and 400 million of other work beside it."""
    world = told(*TO_SUPPORT_PLAN, estimate("QLDA", 400_000_000, "2024-03-01"))
    left = TOTAL - 100_000_000 - 400_000_000

    assert told(amend("2024-03-04", worth=left), given=world)
    with refused("investment_ceiling"):
        told(amend("2024-03-04", worth=left + 1), given=world)


def test_an_annex_is_not_worth_less_than_was_accepted() -> None:
    accept = AcceptWorks(section=SCHOOL, volume=Vnd(2 * BILLION), complete=False)
    by = act(INVESTOR, "2024-03-04")
    world = told(*TO_CONTRACT, (PROJECT, StartWorks(section=SCHOOL), by), (PROJECT, accept, by))

    assert told(amend("2024-03-05", worth=2 * BILLION), given=world)
    with refused("contract_ceiling"):
        told(amend("2024-03-05", worth=2 * BILLION - 1), given=world)


def test_an_annex_keeps_a_standing_advance_within_its_ceiling() -> None:
    world = told(*ADVANCED)

    with refused("advance_ceiling"):
        told(amend("2024-03-06", worth=WORTH - 1), given=world)
    allowed = told(waive("2024-03-06", 4 * BILLION), given=world)
    assert told(amend("2024-03-07", worth=WORTH - 1), given=allowed)


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (AmendContract(reason=" ", worth=Vnd(1)), "input"),
        (AmendContract(reason="as it was", worth=WORTH), "nothing_to_do"),
        (AmendContract(reason="nothing"), "nothing_to_do"),
        (AmendContract(reason="late", completes_on=date(2024, 2, 29)), "input"),
        (AmendContract(reason="free", worth=Vnd(0)), "investment_ceiling"),
    ],
)
def test_there_is_no_annex(command: AmendContract, rule: Rule) -> None:
    with refused(rule):
        told((PROJECT, command, act(INVESTOR, "2024-03-01")), given=told(*TO_CONTRACT))


@pytest.mark.parametrize(
    "asked",
    [
        amend("2024-03-01", worth=1),
        guarantee("2024-03-01", 1, date(2025, 1, 1)),
        waive("2024-03-01", 4 * BILLION),
    ],
    ids=["an annex", "a guarantee", "a waiver"],
)
def test_it_needs_a_contract_and_a_paper(asked: Asked) -> None:
    stream, command, by = asked

    with refused("out_of_turn"):
        told(asked, given=told(*TO_APPROVAL))
    with refused("input"):
        told((stream, command, replace(by, document=None)), given=told(*TO_CONTRACT))


# Thirty per cent, and more by leave of whoever decided the investment


def test_the_investment_decider_lets_an_advance_pass_thirty_per_cent() -> None:
    world = told(
        *TO_SUPPORT_PLAN,
        guarantee("2024-03-01", 4 * BILLION, date(2025, 12, 31)),
        waive("2024-03-01", 4 * BILLION),
    )

    assert told(request(1, PaymentKind.ADVANCE, 4 * BILLION, "2024-03-04"), given=world)
    with refused("advance_ceiling"):
        told(request(1, PaymentKind.ADVANCE, 4 * BILLION + 1, "2024-03-04"), given=world)


@pytest.mark.parametrize("ceiling", [3 * BILLION, WORTH + 1])
def test_a_waiver_lies_between_the_ceiling_and_the_contract(ceiling: int) -> None:
    with refused("advance_ceiling"):
        told(waive("2024-03-01", ceiling), given=told(*TO_CONTRACT))


# Guarantees


def signed(exempt: Exemption | None) -> tuple[Asked, ...]:
    sign = SignContract(number="02/HĐ", contractor="Hamlet", worth=WORTH, exempt=exempt)
    return (*TO_APPROVAL, (PROJECT, sign, act(INVESTOR, "2024-01-30")), *TO_SUPPORT_PLAN[9:])


@pytest.mark.parametrize("exempt", list(Exemption))
def test_works_of_the_community_and_the_like_need_no_guarantee(exempt: Exemption) -> None:
    big = request(1, PaymentKind.ADVANCE, 2 * BILLION, "2024-03-04")

    assert told(big, given=told(*signed(exempt)))
    with refused("guarantee_missing"):
        told(big, given=told(*signed(None)))


def test_a_guarantee_that_secures_an_advance_is_replaced_by_no_smaller_and_no_shorter_one() -> None:
    world = told(*ADVANCED)

    for amount, ends in ((3 * BILLION - 1, 2026), (3 * BILLION, 2024)):
        with refused("guarantee_missing"):
            told(guarantee("2024-03-06", amount, date(ends, 12, 30)), given=world)
    with refused("input"):
        told(guarantee("2024-03-06", 3 * BILLION, date(2024, 3, 5)), given=world)
    extended = told(guarantee("2024-03-06", 3 * BILLION, date(2026, 12, 31)), given=world)
    held = contract(extended).guarantee
    assert held == Guarantee(amount=Vnd(3 * BILLION), valid_to=date(2026, 12, 31))


def test_thirty_days_before_its_end_the_clock_says_that_a_guarantee_ends() -> None:
    """Good to 31 December 2025; thirty days before is 1 December, which ends at its midnight."""
    world = told(*ADVANCED)

    assert kinds(world, remind("2025-12-01")) == []
    assert kinds(world, remind("2025-12-02")) == ["GuaranteeExpiring"]
    warned, _ = ask(world, remind("2025-12-02"))
    assert kinds(warned, remind("2025-12-03")) == []
    assert kinds(warned, remind("2026-01-01")) == ["DutyOverdue"]


def test_a_guarantee_without_an_advance_behind_it_may_end_unheard() -> None:
    assert kinds(told(*TO_CONTRACT), remind("2025-12-02")) == []


def test_an_extension_ends_the_warning_and_begins_the_next() -> None:
    warned, _ = ask(told(*ADVANCED), remind("2025-12-02"))

    extended = told(guarantee("2025-12-05", 3 * BILLION, date(2026, 6, 30)), given=warned)

    assert contract(extended).warned_at is None
    assert kinds(extended, remind("2026-01-01")) == []
    assert kinds(extended, remind("2026-06-01")) == ["GuaranteeExpiring"]


def test_the_investor_is_written_to() -> None:
    asked = remind("2025-12-02")
    world, ((stream, event),) = ask(told(*ADVANCED), asked)
    fact = Fact(stream=stream, version=9, decision_id="d", act=asked[2], event=event)

    (notice,) = notices(fact, world[PROJECT])

    assert (notice.to, notice.template) == (INVESTOR, Template.GUARANTEE_EXPIRING)
    assert dict(notice.facts) == {"valid_to": "2025-12-31", "amount": str(3 * BILLION)}


def test_a_contract_does_not_end_before_it_begins() -> None:
    late = SignContract(number="1", contractor="B", worth=WORTH, completes_on=date(2024, 1, 29))
    with refused("input"):
        told((PROJECT, late, act(INVESTOR, "2024-01-30")), given=told(*TO_APPROVAL))


def test_when_the_advance_is_recovered_nobody_waits_for_the_guarantee() -> None:
    back = returned(1, 3 * BILLION, "2025-12-03")
    warned, _ = ask(told(*ADVANCED), remind("2025-12-02"))
    assert Task.EXTEND_GUARANTEE in {wait.task for wait in waits(warned[PROJECT], POLICY)}

    world = told(back, given=warned)

    assert Task.EXTEND_GUARANTEE not in {wait.task for wait in waits(world[PROJECT], POLICY)}
    assert kinds(world, remind("2026-01-01")) == []
