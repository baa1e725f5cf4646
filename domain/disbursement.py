"""A project's money: requests, advances, recovery, ceilings (254/2025/NĐ-CP Art. 6, 8-12)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Literal, TypeAlias, assert_never

from domain import budget_year
from domain.calendar import local_day
from domain.construction import Construction, Contract, section
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, PaymentId, PaymentKind, Post, SectionId, Vnd, value

# Commands


@value
class RequestPayment:
    """Ask for money. Amounts in đồng.

    `worth` is the value claimed; for volume, `recovers` is the part that only pays back the
    advance, so that `worth - recovers` is the cash asked for. Without `budget_year` the plan of
    the act's year pays; an earlier one while it is still payable.
    """

    payment: PaymentId
    payment_kind: PaymentKind
    worth: Vnd
    recovers: Vnd = Vnd(0)
    section: SectionId | None = None
    budget_year: int | None = None
    kind: Literal["RequestPayment"] = "RequestPayment"


@value
class BookPayment:
    """From the payment's own stream: the treasury has paid."""

    payment: PaymentId
    kind: Literal["BookPayment"] = "BookPayment"


@value
class DropPayment:
    """From the payment's own stream: it was refused, by the checker or by the treasury."""

    payment: PaymentId
    kind: Literal["DropPayment"] = "DropPayment"


# Events


@value
class PaymentRequested:
    payment: PaymentId
    payment_kind: PaymentKind
    worth: Vnd
    recovers: Vnd
    section: SectionId | None
    budget_year: int
    kind: Literal["PaymentRequested"] = "PaymentRequested"


@value
class PaymentBooked:
    payment: PaymentId
    kind: Literal["PaymentBooked"] = "PaymentBooked"


@value
class PaymentDropped:
    payment: PaymentId
    kind: Literal["PaymentDropped"] = "PaymentDropped"


# State


@value
class Claim:
    """A payment asked for; `cash` is what would leave the treasury, đồng."""

    payment_kind: PaymentKind
    worth: Vnd
    recovers: Vnd
    section: SectionId | None
    by: Post
    at: datetime
    budget_year: int | None = None

    @property
    def cash(self) -> Vnd:
        return Vnd(self.worth - self.recovers)


@value
class Ledger:
    """What was asked and what was paid. Disbursed = advances + volume − recovered + the rest."""

    pending: Mapping[PaymentId, Claim]
    paid: Mapping[PaymentId, Claim]
    refused: tuple[PaymentId, ...] = ()

    def claims(self, kind: PaymentKind) -> tuple[Claim, ...]:
        """Paid and pending claims of a kind: a ceiling holds for both together."""
        every = (*self.paid.values(), *self.pending.values())
        return tuple(claim for claim in every if claim.payment_kind is kind)

    @property
    def disbursed(self) -> Vnd:
        """Cash out, đồng (Art. 3.3)."""
        return Vnd(sum(claim.cash for claim in self.paid.values()))

    @property
    def committed(self) -> Vnd:
        """Cash out plus cash asked for, đồng."""
        return Vnd(self.disbursed + sum(claim.cash for claim in self.pending.values()))

    @property
    def advance_balance(self) -> Vnd:
        """Advances paid and not yet recovered, đồng."""
        paid = self.paid.values()
        advanced = sum(c.worth for c in paid if c.payment_kind is PaymentKind.ADVANCE)
        return Vnd(advanced - sum(claim.recovers for claim in paid))

    @property
    def advances_pending(self) -> Vnd:
        """Advances asked for and not answered yet, đồng."""
        asked = self.pending.values()
        return Vnd(sum(c.worth for c in asked if c.payment_kind is PaymentKind.ADVANCE))

    @property
    def reached(self) -> Vnd:
        """What the contract has paid or is asked to pay, đồng (Art. 9.5a)."""
        return Vnd(
            sum(c.cash for c in self.claims(PaymentKind.VOLUME))
            + sum(c.worth for c in self.claims(PaymentKind.ADVANCE))
        )


EMPTY = Ledger(pending={}, paid={})

Command: TypeAlias = RequestPayment
Entailed: TypeAlias = BookPayment | DropPayment
Event: TypeAlias = PaymentRequested | PaymentBooked | PaymentDropped


@value
class Basis:
    """What the project knows that a claim is judged by."""

    ceiling: Vnd
    building: Construction
    settled: Vnd | None


def decide(
    ledger: Ledger, command: Command | Entailed, basis: Basis, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a claim or a treasury result, or raise `Refused`."""
    match command:
        case RequestPayment():
            _check(ledger, command, basis, act, policy)
            return (
                PaymentRequested(
                    payment=command.payment,
                    payment_kind=command.payment_kind,
                    worth=command.worth,
                    recovers=command.recovers,
                    section=command.section,
                    budget_year=budget_year.of(command.budget_year, act),
                ),
            )
        case BookPayment(payment=payment):
            _pending(ledger, payment)
            return (PaymentBooked(payment=payment),)
        case DropPayment(payment=payment):
            _pending(ledger, payment)
            return (PaymentDropped(payment=payment),)
        case _:
            assert_never(command)


def evolve(ledger: Ledger, event: Event, act: Act) -> Ledger:
    """Apply one event to the ledger."""
    match event:
        case PaymentRequested():
            claim = Claim(
                payment_kind=event.payment_kind,
                worth=event.worth,
                recovers=event.recovers,
                section=event.section,
                by=act.by,
                at=act.at,
                budget_year=event.budget_year,
            )
            return replace(ledger, pending={**ledger.pending, event.payment: claim})
        case PaymentBooked(payment=payment):
            paid = {**ledger.paid, payment: ledger.pending[payment]}
            return replace(ledger, pending=_without(ledger.pending, payment), paid=paid)
        case PaymentDropped(payment=payment):
            return replace(
                ledger,
                pending=_without(ledger.pending, payment),
                refused=(*ledger.refused, payment),
            )
        case _:
            assert_never(event)


def _check(ledger: Ledger, ask: RequestPayment, basis: Basis, act: Act, policy: Policy) -> None:
    if ask.payment in {*ledger.pending, *ledger.paid, *ledger.refused}:
        raise Refused("already_exists", f"payment: {ask.payment} was requested before")
    if ask.worth <= 0 or not 0 <= ask.recovers <= ask.worth:
        raise Refused(
            "input",
            f"worth: {ask.worth:,} đồng, recovers: {ask.recovers:,}; need 0 ≤ recovers ≤ worth",
        )
    if ask.recovers and ask.payment_kind is not PaymentKind.VOLUME:
        raise Refused(
            "input", f"recovers: only a volume payment recovers an advance, not {ask.payment_kind}"
        )
    left = basis.ceiling - ledger.committed
    if ask.worth - ask.recovers > left:
        raise Refused(
            "investment_ceiling", f"{left:,} đồng is left of the total investment (Art. 6.4)"
        )
    day = local_day(act.at)
    year = budget_year.of(ask.budget_year, act)
    budget_year.check(year, ask.payment_kind, day, policy)
    match ask.payment_kind:
        case PaymentKind.ADVANCE:
            _check_advance(ledger, ask, basis.building, policy, day)
        case PaymentKind.VOLUME:
            _check_volume(ledger, ask, basis.building, policy, day, year)
        case PaymentKind.COMPENSATION:
            _check_compensation(ledger, ask, basis.building)
        case PaymentKind.FINAL:
            if basis.settled is None:
                raise Refused("out_of_turn", "a final payment needs an approved settlement")
            if ask.worth > basis.settled - ledger.committed:
                rest = basis.settled - ledger.committed
                raise Refused("contract_ceiling", f"{rest:,} đồng is left of the settled value")


def _check_advance(
    ledger: Ledger, ask: RequestPayment, building: Construction, policy: Policy, day: date
) -> None:
    contract = _contract(building)
    advanced = sum(claim.worth for claim in ledger.claims(PaymentKind.ADVANCE))
    cap = policy.share("advance.cap", day, contract.worth)
    if advanced + ask.worth > cap:
        raise Refused(
            "advance_ceiling",
            f"{advanced:,} đồng advanced, {ask.worth:,} asked, the ceiling is {cap:,} (Art. 9.3)",
        )
    if advanced + ask.worth > policy.figure("advance.guarantee-above", day):
        held = contract.guarantee
        to_cover = ask.worth + ledger.advance_balance + ledger.advances_pending
        if held is None or held.valid_to < day or held.amount < to_cover:
            raise Refused(
                "guarantee_missing", "the advance needs a valid guarantee of its amount (Art. 9.2)"
            )
    full_at = policy.share("advance.recovered-at", day, contract.worth)
    if ledger.reached + ask.worth >= full_at:
        raise Refused(
            "advance_recovery",
            f"the advance would reach {full_at:,} đồng, where none may stand open (Art. 9.5a)",
        )
    clearing = [s for s in building.sections.values() if s.plan.needs_clearance]
    if clearing and not any(s.released or s.clearance_plan is not None for s in clearing):
        raise Refused(
            "not_cleared", "an advance needs a clearance plan or a site hand-over (Art. 9.1a)"
        )


def _check_volume(
    ledger: Ledger,
    ask: RequestPayment,
    building: Construction,
    policy: Policy,
    day: date,
    year: int,
) -> None:
    contract = _contract(building)
    claims = ledger.claims(PaymentKind.VOLUME)
    claimed = sum(claim.worth for claim in claims)
    accepted = budget_year.accepted(year, building, day, policy)
    payable = accepted - policy.share("retention.min", day, accepted)
    if claimed + ask.worth > payable:
        raise Refused(
            "volume_ceiling",
            f"{claimed:,} đồng claimed, {ask.worth:,} asked,"
            f" {payable:,} is payable of {accepted:,} accepted (retention held back)",
        )
    pending = sum(claim.recovers for claim in ledger.pending.values())
    balance = ledger.advance_balance - pending
    if ask.recovers > balance:
        raise Refused(
            "advance_recovery", f"recovers: {ask.recovers:,}, only {balance:,} is advanced"
        )
    full_at = policy.share("advance.recovered-at", day, contract.worth)
    if ledger.reached + ask.worth - ask.recovers < full_at:
        return
    if pending or ledger.advances_pending:
        raise Refused(
            "advance_recovery",
            f"the claim reaches {full_at:,} đồng while an advance or its recovery is on its way;"
            " wait for the treasury (Art. 9.5a)",
        )
    if ask.recovers < balance:
        raise Refused(
            "advance_recovery",
            f"recovers: must be {balance:,} đồng, for the claim reaches {full_at:,} (Art. 9.5a)",
        )


def _check_compensation(ledger: Ledger, ask: RequestPayment, building: Construction) -> None:
    if ask.section is None:
        raise Refused("input", "section: compensation is paid for one section")
    plan = section(building.sections, ask.section).clearance_plan
    if plan is None:
        raise Refused("out_of_turn", f"section {ask.section} has no approved support plan")
    claims = ledger.claims(PaymentKind.COMPENSATION)
    left = plan - sum(claim.worth for claim in claims if claim.section == ask.section)
    if ask.worth > left:
        raise Refused("contract_ceiling", f"{left:,} đồng is left of the section's support plan")


def _contract(building: Construction) -> Contract:
    if building.contract is None:
        raise Refused("out_of_turn", "no contract is in force (Art. 8.1)")
    return building.contract


def _pending(ledger: Ledger, payment: PaymentId) -> Claim:
    if payment not in ledger.pending:
        raise Refused("out_of_turn", f"payment {payment} is not pending")
    return ledger.pending[payment]


def _without(claims: Mapping[PaymentId, Claim], payment: PaymentId) -> Mapping[PaymentId, Claim]:
    return {name: claim for name, claim in claims.items() if name != payment}
