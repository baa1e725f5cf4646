"""One payment request between investor, finance and treasury."""

from dataclasses import replace

import pytest

from domain.calendar import end_of, local_day
from domain.disbursement import RequestPayment
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
from domain.positions import Capital
from domain.refusal import Rule
from domain.streams import payment_stream
from domain.values import Act, PaymentKind, Post, Vnd
from tests.domain.story import (
    CAPITAL,
    CHAIR,
    CHARTER,
    FINANCE,
    INVESTOR,
    POLICY,
    TO_SUPPORT_PLAN,
    TREASURY,
    Asked,
    World,
    act,
    at,
    pay,
    payment,
    refused,
    request,
    told,
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


# The treasury is another body: its answer is recorded, and its days are counted


@pytest.mark.parametrize(
    ("answered", "late"), [("2024-05-04", False), ("2024-05-05", True)], ids=["in time", "late"]
)
def test_whoever_answers_after_the_limit_is_seen_to_be_late(answered: str, *, late: bool) -> None:
    """Checked on 26 April 2024: the limit of three working days ends on 4 May, a swapped Saturday.

    Late or not, the answer is recorded: what the treasury did cannot be refused.
    """
    for command, status in ((ConfirmPaid(), "paid"), (REFUSE, "refused")):
        state = after(SUBMITTED, CHECKED, (command, act(TREASURY, answered)))

        assert isinstance(state, Submitted)
        assert (state.status, state.answered_late) == (status, late)
        assert state.checked_at == at("2024-04-26")
        taken = POLICY.calendar.working_days_between(
            local_day(state.checked_at), local_day(state.since)
        )
        assert taken == 3


def test_why_it_was_refused_stays_with_the_request() -> None:
    state = after(SUBMITTED, CHECKED, (REFUSE, act(TREASURY, "2024-05-03")))

    assert isinstance(state, Submitted)
    assert state.reason == REFUSE.reason


# A refused request is mended by a new one that names it

ADVANCE = PaymentKind.ADVANCE
TURNED_DOWN = (
    *TO_SUPPORT_PLAN,
    request(1, ADVANCE, 1_000_000_000, "2024-03-04"),
    *pay(1, "2024-03-05")[:1],
    (payment_stream(payment(1)), REFUSE, act(TREASURY, "2024-03-06")),
)


def mended(number: int, old: int, day: str) -> Asked:
    stream, command, by = request(number, ADVANCE, 1_000_000_000, day)
    assert isinstance(command, RequestPayment)
    return stream, replace(command, corrects=payment(old)), by


def test_a_refusal_gives_back_what_was_reserved_and_its_mending_takes_it_again() -> None:
    def capital(world: World) -> tuple[int, int, int]:
        state = world[CAPITAL]
        assert isinstance(state, Capital)
        position = state.positions[CHARTER.project]
        return position.left, position.reserved, position.disbursed

    billion = 1_000_000_000
    refused_ = told(*TURNED_DOWN)
    assert capital(refused_) == (5 * billion, 0, 0)

    asked = told(mended(2, 1, "2024-03-07"), given=refused_)
    new = asked[payment_stream(payment(2))]
    assert isinstance(new, Submitted)
    assert new.corrects == payment(1)

    paid = told(*pay(2, "2024-03-08"), given=asked)
    assert capital(paid) == (4 * billion, 0, billion)


@pytest.mark.parametrize(
    ("given", "asked", "rule"),
    [
        (TO_SUPPORT_PLAN, mended(2, 1, "2024-03-07"), "input"),
        ((*TURNED_DOWN, mended(2, 1, "2024-03-07")), mended(3, 1, "2024-03-08"), "already_exists"),
        ((*TURNED_DOWN, mended(2, 1, "2024-03-07")), mended(3, 2, "2024-03-08"), "input"),
    ],
    ids=["what was never refused", "what is mended already", "what is on its way"],
)
def test_nothing_else_is_mended(given: tuple[Asked, ...], asked: Asked, rule: Rule) -> None:
    with refused(rule):
        told(asked, given=told(*given))


def test_a_mended_request_that_is_refused_is_mended_again() -> None:
    again = (
        mended(2, 1, "2024-03-07"),
        (payment_stream(payment(2)), REFUSE, act(FINANCE, "2024-03-08")),
        mended(3, 2, "2024-03-11"),
    )

    assert told(*TURNED_DOWN, *again)
