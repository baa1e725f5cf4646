"""One payment request: checked by finance, reserved, answered by the treasury."""

from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from domain import budget_year
from domain.calendar import local_day
from domain.charter import Charter
from domain.deadlines import Due
from domain.policy import Policy
from domain.refusal import Refused
from domain.separation import check_apart
from domain.values import Act, Hand, Level, PaymentId, PaymentKind, Post, Role, Vnd, value

# Commands


@value
class CheckPayment:
    """Finance approves the request; the cash is reserved in the year's capital plan.

    `amount`, đồng, here and below: the cash that was shown to whoever decides.
    """

    amount: Vnd | None = None
    kind: Literal["CheckPayment"] = "CheckPayment"


@value
class RefusePayment:
    """Finance or the treasury says no, with reasons."""

    reason: str
    amount: Vnd | None = None
    kind: Literal["RefusePayment"] = "RefusePayment"


@value
class ConfirmPaid:
    """The treasury has paid, on the day of the act."""

    amount: Vnd | None = None
    kind: Literal["ConfirmPaid"] = "ConfirmPaid"


@value
class SubmitPayment:
    """From the project: a payment is requested. `cash` in đồng."""

    charter: Charter
    payment: PaymentId
    payment_kind: PaymentKind
    cash: Vnd
    budget_year: int
    policy: str
    corrects: PaymentId | None = None
    kind: Literal["SubmitPayment"] = "SubmitPayment"


# Events


@value
class PaymentSubmitted:
    charter: Charter
    payment: PaymentId
    payment_kind: PaymentKind
    cash: Vnd
    budget_year: int
    policy: str
    checker: Post
    due: Due
    corrects: PaymentId | None = None
    kind: Literal["PaymentSubmitted"] = "PaymentSubmitted"


@value
class PaymentChecked:
    treasury: Post
    due: Due
    kind: Literal["PaymentChecked"] = "PaymentChecked"


@value
class PaymentRefused:
    reason: str
    reserved: bool
    kind: Literal["PaymentRefused"] = "PaymentRefused"


@value
class PaymentPaid:
    kind: Literal["PaymentPaid"] = "PaymentPaid"


# State


Status = Literal["submitted", "checked", "paid", "refused"]


@value
class NotSubmitted:
    kind: Literal["NotSubmitted"] = "NotSubmitted"


@value
class Submitted:
    """A request on its way; `holder` is the post it waits for while it is open.

    `due` is when the last of them had to answer, `reason` why it was refused, `corrects` the
    refused request that this one mends.
    """

    charter: Charter
    payment: PaymentId
    payment_kind: PaymentKind
    cash: Vnd
    budget_year: int
    policy: str
    requested_by: Hand
    checked_by: Hand | None
    status: Status
    holder: Post
    since: datetime
    due: Due
    checked_at: datetime | None = None
    reason: str = ""
    corrects: PaymentId | None = None
    kind: Literal["Submitted"] = "Submitted"

    @property
    def open(self) -> bool:
        return self.status in ("submitted", "checked")

    @property
    def answered_late(self) -> bool:
        """Whether finance or the treasury answered after its limit had ended."""
        return not self.open and self.since >= self.due.at


Command: TypeAlias = CheckPayment | RefusePayment | ConfirmPaid
Entailed: TypeAlias = SubmitPayment
Event: TypeAlias = PaymentSubmitted | PaymentChecked | PaymentRefused | PaymentPaid
Payment: TypeAlias = NotSubmitted | Submitted


def decide(
    payment: Payment, command: Command | Entailed, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    if isinstance(payment, NotSubmitted):
        if not isinstance(command, SubmitPayment):
            raise Refused("not_found", "no such payment was requested")
        return (_submit(command, act, policy),)
    if isinstance(command, SubmitPayment):
        raise Refused("already_exists", f"payment {payment.payment} was submitted before")
    _may_act(payment, act, policy)
    if command.amount not in (None, payment.cash):
        raise Refused(
            "out_of_turn", f"amount: {command.amount:,} đồng was shown, it is {payment.cash:,}"
        )
    match command:
        case CheckPayment():
            if payment.status != "submitted":
                raise Refused("out_of_turn", f"payment {payment.payment} is {payment.status}")
            _may_still_be_paid(payment, act, policy)
            treasury = Post(role=Role.TREASURY, unit=payment.charter.units.at(Level.CITY))
            limit = "treasury.advance" if payment.payment_kind.is_advance else "treasury.payment"
            return (PaymentChecked(treasury=treasury, due=policy.due(limit, act.at)),)
        case RefusePayment(reason=reason):
            if not reason.strip():
                raise Refused("input", "reason: is empty; a refusal names its reasons")
            return (PaymentRefused(reason=reason, reserved=payment.status == "checked"),)
        case ConfirmPaid():
            if payment.status != "checked":
                raise Refused("out_of_turn", "finance has not checked this payment yet")
            _may_still_be_paid(payment, act, policy)
            return (PaymentPaid(),)
        case _:
            assert_never(command)


def evolve(payment: Payment, event: Event, act: Act) -> Payment:
    """Apply one event to the request."""
    if isinstance(event, PaymentSubmitted):
        return Submitted(
            charter=event.charter,
            payment=event.payment,
            payment_kind=event.payment_kind,
            cash=event.cash,
            budget_year=event.budget_year,
            policy=event.policy,
            requested_by=act.hand,
            checked_by=None,
            status="submitted",
            holder=event.checker,
            since=act.at,
            due=event.due,
            corrects=event.corrects,
        )
    assert isinstance(payment, Submitted)
    match event:
        case PaymentChecked(treasury=treasury, due=due):
            return replace(
                payment,
                status="checked",
                checked_by=act.hand,
                holder=treasury,
                since=act.at,
                due=due,
                checked_at=act.at,
            )
        case PaymentRefused(reason=reason):
            return replace(payment, status="refused", since=act.at, reason=reason)
        case PaymentPaid():
            return replace(payment, status="paid", since=act.at)
        case _:
            assert_never(event)


def _submit(command: SubmitPayment, act: Act, policy: Policy) -> PaymentSubmitted:
    units = command.charter.units
    return PaymentSubmitted(
        charter=command.charter,
        payment=command.payment,
        payment_kind=command.payment_kind,
        cash=command.cash,
        budget_year=command.budget_year,
        policy=command.policy,
        checker=Post(role=Role.FINANCE, unit=units.at(Level.DISTRICT)),
        due=policy.due("payment.check", act.at),
        corrects=command.corrects,
    )


def _may_still_be_paid(payment: Submitted, act: Act, policy: Policy) -> None:
    """What was asked for in time and is answered too late is refused, and not paid."""
    day = local_day(act.at)
    budget_year.check(payment.budget_year, payment.payment_kind, day, policy)


def _may_act(payment: Submitted, act: Act, policy: Policy) -> None:
    if not payment.open:
        raise Refused("out_of_turn", f"payment {payment.payment} is {payment.status}")
    check_apart(act.hand, "this payment", payment.requested_by, payment.checked_by)
    if not policy.holds(act.by, payment.holder, local_day(act.at)):
        raise Refused("authority", f"payment {payment.payment} waits for {payment.holder}")
