"""One payment request between investor, finance and treasury."""

import pytest

from domain.calendar import end_of
from domain.payment import (
    CheckPayment,
    Command,
    ConfirmPaid,
    NotSubmitted,
    Payment,
    PaymentChecked,
    PaymentPaid,
    PaymentRefused,
    PaymentSubmitted,
    RefusePayment,
    SubmitPayment,
    Submitted,
    decide,
    evolve,
)
from domain.refusal import Rule
from domain.values import Act, PaymentKind, Post, Vnd
from tests.domain.story import (
    CHAIR,
    CHARTER,
    FINANCE,
    INVESTOR,
    POLICY,
    TREASURY,
    act,
    at,
    payment,
    refused,
)

SUBMIT = SubmitPayment(
    charter=CHARTER,
    payment=payment(1),
    payment_kind=PaymentKind.VOLUME,
    cash=Vnd(4_000_000_000),
    budget_year=2024,
    policy=POLICY.version,
)
REFUSE = RefusePayment(reason="the volume sheet is not signed")
SUBMITTED = (SUBMIT, act(INVESTOR, "2024-04-25"))
CHECKED = (CheckPayment(), act(FINANCE, "2024-04-26"))
PAID = (ConfirmPaid(), act(TREASURY, "2024-05-03"))


def after(*asked: tuple[Command | SubmitPayment, Act]) -> Payment:
    state: Payment = NotSubmitted()
    for command, by in asked:
        for event in decide(state, command, by, POLICY):
            state = evolve(state, event, by)
    return state


def test_a_request_waits_for_finance_for_two_working_days() -> None:
    assert decide(NotSubmitted(), *SUBMITTED, POLICY) == (
        PaymentSubmitted(
            charter=CHARTER,
            payment=payment(1),
            payment_kind=PaymentKind.VOLUME,
            cash=Vnd(4_000_000_000),
            budget_year=2024,
            policy=POLICY.version,
            checker=FINANCE,
            due=POLICY.due("payment.check", at("2024-04-25")),
        ),
    )


def test_a_checked_request_waits_for_the_treasury_past_the_long_weekend() -> None:
    (event,) = decide(after(SUBMITTED), *CHECKED, POLICY)

    assert isinstance(event, PaymentChecked)
    assert event.treasury == TREASURY
    assert event.due.rule == "treasury.payment"
    # Three working days from 26 April: 2 May, 3 May and the swapped Saturday.
    assert event.due.at == end_of(at("2024-05-04").date())


def test_an_advance_has_a_limit_of_its_own() -> None:
    advance = SubmitPayment(
        charter=CHARTER,
        payment=payment(1),
        payment_kind=PaymentKind.ADVANCE,
        cash=Vnd(1),
        budget_year=2025,
        policy=POLICY.version,
    )
    state = after((advance, act(INVESTOR, "2025-10-01")))

    (event,) = decide(state, CheckPayment(), act(FINANCE, "2025-10-02"), POLICY)

    assert isinstance(event, PaymentChecked)
    assert event.due.rule == "treasury.advance"
    assert event.due.at == end_of(at("2025-10-03").date())


def test_the_treasury_pays_what_finance_checked() -> None:
    assert decide(after(SUBMITTED, CHECKED), *PAID, POLICY) == (PaymentPaid(),)

    paid = after(SUBMITTED, CHECKED, PAID)
    assert isinstance(paid, Submitted)
    assert (paid.status, paid.open, paid.checked_by) == ("paid", False, CHECKED[1].hand)


@pytest.mark.parametrize(
    ("given", "by", "reserved"),
    [((SUBMITTED,), FINANCE, False), ((SUBMITTED, CHECKED), TREASURY, True)],
    ids=["finance, before any capital is reserved", "the treasury, after it was reserved"],
)
def test_a_request_is_refused_by(
    given: tuple[tuple[Command | SubmitPayment, Act], ...], by: Post, *, reserved: bool
) -> None:
    state = after(*given)

    assert decide(state, REFUSE, act(by, "2024-05-03"), POLICY) == (
        PaymentRefused(reason=REFUSE.reason, reserved=reserved),
    )


@pytest.mark.parametrize(
    ("given", "command", "by", "rule"),
    [
        ((), CheckPayment(), FINANCE, "not_found"),
        ((SUBMITTED,), SUBMIT, INVESTOR, "already_exists"),
        ((SUBMITTED,), CheckPayment(), INVESTOR, "separation_of_duties"),
        ((SUBMITTED,), REFUSE, INVESTOR, "separation_of_duties"),
        ((SUBMITTED, CHECKED), ConfirmPaid(), FINANCE, "separation_of_duties"),
        ((SUBMITTED, CHECKED), ConfirmPaid(), INVESTOR, "separation_of_duties"),
        ((SUBMITTED,), CheckPayment(), CHAIR, "authority"),
        ((SUBMITTED,), CheckPayment(), TREASURY, "authority"),
        ((SUBMITTED, CHECKED), ConfirmPaid(), CHAIR, "authority"),
        ((SUBMITTED,), ConfirmPaid(), FINANCE, "out_of_turn"),
        ((SUBMITTED, CHECKED), CheckPayment(), TREASURY, "out_of_turn"),
        ((SUBMITTED, CHECKED, PAID), ConfirmPaid(), TREASURY, "out_of_turn"),
        ((SUBMITTED, CHECKED, PAID), REFUSE, TREASURY, "out_of_turn"),
        ((SUBMITTED,), RefusePayment(reason=" "), FINANCE, "input"),
    ],
    ids=[
        "checked before it is requested",
        "requested twice",
        "checked by its requester",
        "refused by its requester",
        "paid by its checker",
        "paid by its requester",
        "checked by a post that does not hold it",
        "checked by the treasury",
        "paid by a post that does not hold it",
        "paid before it is checked",
        "checked twice",
        "paid twice",
        "refused after it was paid",
        "refused without reasons",
    ],
)
def test_a_payment_may_not_be(
    given: tuple[tuple[Command | SubmitPayment, Act], ...],
    command: Command | SubmitPayment,
    by: Post,
    rule: Rule,
) -> None:
    state = after(*given)

    with refused(rule):
        decide(state, command, act(by, "2024-05-03"), POLICY)
