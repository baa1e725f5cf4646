"""Households' cases: the donation route, and what both routes share."""

from dataclasses import replace

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.cases import MOST_CASES, Cases, CaseStatus, DonationBasis, Inventoried, with_status
from domain.casework import decide, evolve
from domain.households import (
    ApproveSupportPlan,
    CasesRegistered,
    Command,
    ConfirmOrigin,
    DonationsRecorded,
    DonationWithdrawn,
    Event,
    InventoryRecorded,
    LandTakenOver,
    OriginConfirmed,
    PlanPosted,
    PostPlan,
    RecordDonations,
    RecordInventory,
    RecordSupportPaid,
    RegisterCases,
    SupportPaid,
    SupportPlanApproved,
    TakeOverLand,
    WithdrawDonation,
)
from domain.refusal import Refused, Rule
from domain.values import Act, CaseCode, Vnd
from tests.domain.story import OFFICER, POLICY, UNITS, act, codes, entry, refused

BY = act(OFFICER, "2024-03-20")
EARLIER = act(OFFICER, "2024-03-01")

REGISTER = RegisterCases(cases=(entry("H1"), entry("H2"), entry("H3", origin_confirmed=False)))
DONATE = RecordDonations(cases=codes("H1", "H2", "H3"))
COUNT = RecordInventory(
    cases=(
        Inventoried(code=CaseCode("H1"), structures=Vnd(30)),
        Inventoried(code=CaseCode("H2"), structures=Vnd(12)),
        Inventoried(code=CaseCode("H3"), structures=Vnd(0)),
    )
)
POST = PostPlan(cases=codes("H1", "H2"))
PLAN = ApproveSupportPlan(cases=codes("H1", "H2"), amount=Vnd(42))
PAID = RecordSupportPaid(cases=codes("H1", "H2"))
TAKE = TakeOverLand(cases=codes("H1"))
WHOLE = (REGISTER, DONATE, COUNT, POST, PLAN, PAID, TAKE)


def by(command: Command) -> Act:
    """Plans are posted well before all else goes on."""
    early = isinstance(command, RegisterCases | RecordDonations | RecordInventory | PostPlan)
    return EARLIER if early else BY


def when(command: Command, given: Cases) -> tuple[Event, ...]:
    return decide(given, command, by(command), UNITS, POLICY)


def after(*commands: Command) -> Cases:
    cases: Cases = {}
    for command in commands:
        for event in when(command, cases):
            cases = evolve(cases, event, by(command))
    return cases


@pytest.mark.parametrize(
    ("given", "command", "event"),
    [
        ((), REGISTER, CasesRegistered(cases=REGISTER.cases)),
        (WHOLE[:1], DONATE, DonationsRecorded(cases=DONATE.cases, basis=DonationBasis.DEED)),
        (WHOLE[:2], COUNT, InventoryRecorded(cases=COUNT.cases)),
        (WHOLE[:3], POST, PlanPosted(cases=POST.cases)),
        (WHOLE[:4], PLAN, SupportPlanApproved(cases=PLAN.cases, amount=Vnd(42))),
        (WHOLE[:5], PAID, SupportPaid(cases=PAID.cases)),
        (WHOLE[:6], TAKE, LandTakenOver(cases=TAKE.cases)),
        (WHOLE[:1], ConfirmOrigin(cases=codes("H3")), OriginConfirmed(cases=codes("H3"))),
        (
            WHOLE[:2],
            WithdrawDonation(case=CaseCode("H1"), reason="heirs disagree"),
            DonationWithdrawn(case=CaseCode("H1"), reason="heirs disagree"),
        ),
    ],
    ids=[
        "registered",
        "donated",
        "inventoried",
        "posted",
        "planned for",
        "paid",
        "handed over",
        "cleared of doubts about its origin",
        "taken back",
    ],
)
def test_a_case_is(given: tuple[Command, ...], command: Command, event: Event) -> None:
    assert when(command, given=after(*given)) == (event,)


def test_every_case_stands_at_one_status() -> None:
    cases = after(*WHOLE)

    assert with_status(cases, CaseStatus.HANDED_OVER) == codes("H1")
    assert with_status(cases, CaseStatus.PAID) == codes("H2")
    assert with_status(cases, CaseStatus.INVENTORIED) == codes("H3")


def test_a_donation_taken_back_opens_its_case_again() -> None:
    cases = after(*WHOLE[:5], WithdrawDonation(case=CaseCode("H2"), reason="heirs disagree"))

    assert cases[CaseCode("H2")].status is CaseStatus.OPEN
    assert cases[CaseCode("H1")].status is CaseStatus.SUPPORT_PLANNED


def test_the_support_plan_waits_for_the_land_origin() -> None:
    unclear = ApproveSupportPlan(cases=codes("H3"), amount=Vnd(0))
    counted = WHOLE[:4]

    with refused("out_of_turn"):
        when(unclear, given=after(*counted))
    assert when(unclear, given=after(*counted, ConfirmOrigin(cases=codes("H3"))))


@pytest.mark.parametrize("amount", [41, 43])
def test_a_support_plan_is_worth_what_was_counted_and_not(amount: int) -> None:
    with refused("input"):
        when(replace(PLAN, amount=Vnd(amount)), given=after(*WHOLE[:4]))


def test_a_donation_needs_its_deed_or_minutes() -> None:
    with refused("input"):
        decide(
            after(REGISTER),
            DONATE,
            act(OFFICER, "2024-03-01", document=None),
            UNITS,
            POLICY,
        )


@pytest.mark.parametrize(
    ("given", "command", "rule"),
    [
        ((), RegisterCases(cases=()), "input"),
        ((), RegisterCases(cases=(entry("H1"), entry("H1"))), "input"),
        ((REGISTER,), RegisterCases(cases=(entry("H1"),)), "already_exists"),
        ((), RegisterCases(cases=(replace(entry("H1"), area_left_m2=81),)), "input"),
        (
            (),
            RegisterCases(cases=(replace(entry("H1"), area_given_m2=-1, area_left_m2=101),)),
            "input",
        ),
        ((), DONATE, "not_found"),
        ((REGISTER,), RecordDonations(cases=()), "input"),
        ((REGISTER,), RecordDonations(cases=codes("H1", "H1")), "input"),
        ((REGISTER, DONATE), DONATE, "out_of_turn"),
        ((REGISTER,), COUNT, "out_of_turn"),
        (
            (REGISTER, DONATE),
            RecordInventory(cases=(Inventoried(code=CaseCode("H1"), structures=Vnd(-1)),)),
            "input",
        ),
        ((REGISTER, DONATE), PLAN, "out_of_turn"),
        ((REGISTER, DONATE, COUNT), PLAN, "out_of_turn"),
        ((REGISTER, DONATE, COUNT), PAID, "out_of_turn"),
        ((REGISTER, DONATE, COUNT, POST, PLAN), TAKE, "out_of_turn"),
        ((REGISTER,), ConfirmOrigin(cases=codes("H1")), "nothing_to_do"),
        ((REGISTER,), ConfirmOrigin(cases=()), "nothing_to_do"),
        ((REGISTER,), ConfirmOrigin(cases=codes("H9")), "not_found"),
        ((REGISTER,), WithdrawDonation(case=CaseCode("H1"), reason="no"), "out_of_turn"),
        (WHOLE, WithdrawDonation(case=CaseCode("H1"), reason="too late"), "out_of_turn"),
    ],
    ids=[
        "no cases",
        "a case listed twice",
        "a case registered before",
        "areas that do not add up",
        "a negative area",
        "a donation of an unknown case",
        "a donation of nobody",
        "a donation listed twice",
        "a donation given before",
        "an inventory before the donation",
        "structures of negative worth",
        "a plan before the inventory",
        "a plan before it is posted",
        "support paid before its plan",
        "land taken before support is paid",
        "an origin confirmed before",
        "an origin of nothing",
        "an origin of an unknown case",
        "a donation never given to be taken back",
        "land handed over to be taken back",
    ],
)
def test_there_cannot_be(given: tuple[Command, ...], command: Command, rule: Rule) -> None:
    cases = after(*given)

    with refused(rule):
        when(command, given=cases)


@for_any(asked=st.lists(st.sampled_from((*WHOLE, ConfirmOrigin(cases=codes("H3")))), max_size=15))
def test_in_whatever_order_no_land_is_taken_that_was_not_paid_for(asked: list[Command]) -> None:
    cases: Cases = {}
    history: list[Event] = []
    for command in asked:
        try:
            events = when(command, given=cases)
        except Refused:
            continue
        for event in events:
            cases = evolve(cases, event, by(command))
            history.append(event)

    taken = [event for event in history if isinstance(event, LandTakenOver)]
    paid = [event for event in history if isinstance(event, SupportPaid)]
    assert len(taken) <= len(paid)
    for case in cases.values():
        area = case.entry
        assert area.area_given_m2 + area.area_left_m2 == area.area_before_m2


def test_a_section_holds_so_many_cases_and_says_what_to_do_with_more() -> None:
    def some(count: int, letter: str) -> RegisterCases:
        return RegisterCases(cases=tuple(entry(f"{letter}{number}") for number in range(count)))

    full = after(REGISTER, some(MOST_CASES - 3, "K"))

    assert len(full) == MOST_CASES
    with pytest.raises(Refused, match="at most 5,000; it has 5,000 and these are 1 more: split"):
        when(some(1, "L"), full)
    with pytest.raises(Refused, match="it has 0 and these are 5,001 more: split the section"):
        when(some(MOST_CASES + 1, "K"), {})
