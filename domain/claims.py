"""Every ceiling on a project's money: what may be asked for, given back, released."""

from datetime import date
from typing import assert_never

from domain import budget_year
from domain.advances import check_advance, check_recovery, contract_in_force
from domain.calendar import local_day
from domain.construction import Construction, section
from domain.contract import Room
from domain.disbursement import (
    ApproveEstimate,
    BookPayment,
    Claim,
    Command,
    DropPayment,
    Entailed,
    EstimateApproved,
    Event,
    Ledger,
    MoneyReturned,
    PaymentBooked,
    PaymentDropped,
    PaymentRequested,
    RecordReturn,
    ReleaseRetention,
    RequestPayment,
)
from domain.policy import Policy
from domain.refusal import Refused
from domain.retention import check_retention, kept_back, release
from domain.values import Act, PaymentId, PaymentKind, Vnd, value


@value
class Basis:
    """What the project knows that a claim is judged by; `settled` is the approved settled value."""

    ceiling: Vnd
    building: Construction
    settled: Vnd | None


def decide(
    ledger: Ledger, command: Command | Entailed, basis: Basis, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a claim, a return, a release or a treasury result, or raise `Refused`."""
    match command:
        case RequestPayment():
            _check(ledger, command, basis, act, policy)
            return (_requested(command, act),)
        case ApproveEstimate(item=item, amount=amount):
            _check_estimate(ledger, command, basis, act, policy)
            return (EstimateApproved(item=item, amount=amount),)
        case RecordReturn():
            return (_returned(ledger, command, act),)
        case ReleaseRetention():
            return (release(ledger, command, basis.building, act, policy),)
        case BookPayment(payment=payment):
            _pending(ledger, payment)
            return (PaymentBooked(payment=payment),)
        case DropPayment(payment=payment):
            _pending(ledger, payment)
            return (PaymentDropped(payment=payment),)
        case _:
            assert_never(command)


def room(ledger: Ledger, basis: Basis) -> Room:
    """What the contract may be worth: the total without what else it has to pay for."""
    others = sum(ledger.estimates.values()) + basis.building.planned_support
    advances = ledger.balance(PaymentKind.ADVANCE) + ledger.pending_of(PaymentKind.ADVANCE)
    return Room(
        least=Vnd(max(basis.building.accepted, ledger.reached)),
        most=Vnd(basis.ceiling - others),
        balance=Vnd(advances),
        reached=ledger.reached,
    )


def _requested(ask: RequestPayment, act: Act) -> PaymentRequested:
    return PaymentRequested(
        payment=ask.payment,
        payment_kind=ask.payment_kind,
        worth=ask.worth,
        recovers=ask.recovers,
        section=ask.section,
        budget_year=budget_year.of(ask.budget_year, act),
        item=ask.item,
        corrects=ask.corrects,
    )


def _check(ledger: Ledger, ask: RequestPayment, basis: Basis, act: Act, policy: Policy) -> None:
    day = local_day(act.at)
    _check_form(ledger, ask)
    left = basis.ceiling - ledger.committed
    if ask.worth - ask.recovers > left:
        raise Refused(
            "investment_ceiling",
            f"worth: {left:,} đồng is left of the total investment"
            f"{policy.cite('paid.within-total', day)}",
        )
    _check_settled(ledger, ask, basis, policy, day)
    year = budget_year.of(ask.budget_year, act)
    budget_year.check(year, ask.payment_kind, day, policy)
    match ask.payment_kind:
        case PaymentKind.ADVANCE:
            check_advance(ledger, ask, basis.building, policy, day)
        case PaymentKind.VOLUME:
            _check_volume(ledger, ask, basis.building, policy, day, year)
        case PaymentKind.COMPENSATION | PaymentKind.COMPENSATION_ADVANCE:
            _check_compensation(ledger, ask, basis.building, policy, day)
        case PaymentKind.OTHER | PaymentKind.OTHER_ADVANCE:
            _check_other(ledger, ask, policy, day)
        case PaymentKind.RETENTION:
            check_retention(ledger, ask, basis.building, policy, day)
        case PaymentKind.FINAL:
            _check_final(ledger, ask, basis, policy, day)
        case _:
            assert_never(ask.payment_kind)


def _check_form(ledger: Ledger, ask: RequestPayment) -> None:
    if ask.payment in {*ledger.pending, *ledger.paid, *ledger.refused}:
        raise Refused("already_exists", f"payment: {ask.payment} was requested before")
    if ask.worth <= 0 or not 0 <= ask.recovers <= ask.worth:
        raise Refused(
            "input",
            f"worth: {ask.worth:,} đồng, recovers: {ask.recovers:,}; need 0 ≤ recovers ≤ worth",
        )
    if ask.recovers and ask.payment_kind.recovers is None:
        raise Refused(
            "input",
            "recovers: only payments for volume, compensation or other work recover an advance,"
            f" not {ask.payment_kind}",
        )
    if ask.item is not None and ask.payment_kind not in (
        PaymentKind.OTHER,
        PaymentKind.OTHER_ADVANCE,
    ):
        raise Refused("input", f"item: is for work without a contract, not for {ask.payment_kind}")
    if ask.corrects is None:
        return
    if ask.corrects not in ledger.refused:
        raise Refused("input", f"corrects: {ask.corrects} is no refused payment of this project")
    claims = {**ledger.pending, **ledger.paid}
    again = [name for name, claim in claims.items() if claim.corrects == ask.corrects]
    if again:
        raise Refused("already_exists", f"corrects: {again[0]} corrects {ask.corrects} already")


def _check_settled(
    ledger: Ledger, ask: RequestPayment, basis: Basis, policy: Policy, day: date
) -> None:
    if basis.settled is None:
        return
    source = policy.cite("paid.within-settled", day)
    if ask.payment_kind.is_advance:
        raise Refused(
            "out_of_turn", f"the project is settled: nothing is advanced any more{source}"
        )
    left = basis.settled - ledger.committed
    if ask.worth - ask.recovers > left:
        raise Refused(
            "contract_ceiling", f"worth: {left:,} đồng is left of the settled value{source}"
        )


def _check_volume(
    ledger: Ledger,
    ask: RequestPayment,
    building: Construction,
    policy: Policy,
    day: date,
    year: int,
) -> None:
    contract = contract_in_force(building, policy, day)
    claimed = ledger.total(PaymentKind.VOLUME)
    accepted = budget_year.accepted(year, building, day, policy)
    payable = accepted - policy.share("retention.min", day, accepted)
    if claimed + ask.worth > payable:
        raise Refused(
            "volume_ceiling",
            f"{claimed:,} đồng claimed, {ask.worth:,} asked,"
            f" {payable:,} is payable of {accepted:,} accepted (retention held back)"
            f"{policy.cite('paid.for-accepted', day)}",
        )
    full_at = policy.share("advance.recovered-at", day, contract.worth)
    check_recovery(ledger, ask, ledger.reached, full_at, policy, day)


def _check_compensation(
    ledger: Ledger, ask: RequestPayment, building: Construction, policy: Policy, day: date
) -> None:
    """Paid and advanced together stay within the section's plan."""
    if ask.section is None:
        raise Refused("input", "section: compensation is paid for one section")
    plan = section(building.sections, ask.section).clearance_plan
    source = policy.cite("paid.within-item", day)
    if plan is None:
        raise Refused("out_of_turn", f"section {ask.section} has no approved support plan{source}")
    _check_within(ledger, ask, plan, f"the section's support plan{source}")
    if ask.recovers:
        # No eighty per cent here: what stands is recovered within thirty days.
        check_recovery(ledger, ask, Vnd(0), Vnd(ask.worth + 1), policy, day)


def _check_other(ledger: Ledger, ask: RequestPayment, policy: Policy, day: date) -> None:
    if ask.item is None:
        raise Refused("input", "item: work without a contract is paid by an item's estimate")
    if ask.item not in ledger.estimates:
        known = ", ".join(sorted(ledger.estimates)) or "none"
        raise Refused("not_found", f"item: {ask.item} has no approved estimate; there are: {known}")
    estimate = ledger.estimates[ask.item]
    _check_within(
        ledger, ask, estimate, f"the item's estimate{policy.cite('paid.within-item', day)}"
    )
    if ask.payment_kind is PaymentKind.OTHER:
        claims = ledger.claims(PaymentKind.OTHER, ask.item)
        reached = sum(claim.cash - claim.returned for claim in claims)
        reached += ledger.total(PaymentKind.OTHER_ADVANCE, ask.item)
        full_at = policy.share("advance.recovered-at", day, estimate)
        check_recovery(ledger, ask, Vnd(reached), full_at, policy, day)


def _check_within(ledger: Ledger, ask: RequestPayment, most: Vnd, what: str) -> None:
    """Value claimed, and advances not recovered in it, together stay within a sum."""
    about = ask.section or ask.item or ""
    kind = ask.payment_kind
    value_kind = next(k for k in PaymentKind if kind in (k, k.recovers) and k.recovers)
    left = most - _used(ledger, value_kind, about)
    if ask.worth - ask.recovers > left:
        raise Refused("contract_ceiling", f"worth: {left:,} đồng is left of {what}")


def _used(ledger: Ledger, kind: PaymentKind, about: str) -> Vnd:
    """Value claimed, and advances that no claim of it recovers, đồng."""
    assert kind.recovers is not None
    recovered = sum(claim.recovers for claim in ledger.claims(kind, about))
    return Vnd(ledger.total(kind, about) + ledger.total(kind.recovers, about) - recovered)


def _check_final(
    ledger: Ledger, ask: RequestPayment, basis: Basis, policy: Policy, day: date
) -> None:
    if basis.settled is None:
        raise Refused(
            "out_of_turn",
            f"a final payment needs an approved settlement"
            f"{policy.cite('paid.within-settled', day)}",
        )
    kept = kept_back(ledger, basis.building, policy, day)
    left = basis.settled - ledger.committed - kept
    if ask.worth > left:
        raise Refused(
            "contract_ceiling",
            f"worth: {left:,} đồng is left of the settled value while {kept:,} is kept back for"
            f" the warranty{policy.cite('retention.min', day)}",
        )


def _check_estimate(
    ledger: Ledger, ask: ApproveEstimate, basis: Basis, act: Act, policy: Policy
) -> None:
    if act.document is None:
        raise Refused("input", "document: an estimate is approved by a decision with a symbol")
    if not ask.item.strip():
        raise Refused("input", "item: is empty; name the work")
    contract = basis.building.contract
    others = sum(amount for item, amount in ledger.estimates.items() if item != ask.item)
    left = basis.ceiling - others - (contract.worth if contract else 0)
    left -= basis.building.planned_support
    day = local_day(act.at)
    if not 0 < ask.amount <= left:
        raise Refused(
            "investment_ceiling",
            f"amount: {ask.amount:,} đồng must be positive and within {left:,}, what the approved"
            f" total leaves{policy.cite('paid.within-total', day)}",
        )
    used = _used(ledger, PaymentKind.OTHER, ask.item)
    if ask.amount < used:
        raise Refused(
            "contract_ceiling", f"amount: {used:,} đồng was paid or asked for {ask.item} already"
        )


def _returned(ledger: Ledger, ask: RecordReturn, act: Act) -> MoneyReturned:
    claim = ledger.paid.get(ask.payment)
    if claim is None:
        raise Refused("not_found", f"payment: {ask.payment} was not paid, nothing can come back")
    if act.document is None:
        raise Refused("input", "document: name the treasury's receipt, SYMBOL;DATE;ISSUER")
    if not ask.reason.strip():
        raise Refused("input", "reason: is empty; say why the money came back")
    most = _returnable(ledger, ask.payment, claim)
    if not 0 < ask.amount <= most:
        raise Refused(
            "contract_ceiling",
            f"amount: {ask.amount:,} đồng must be positive and within {most:,}, what stands of"
            f" {ask.payment}",
        )
    return MoneyReturned(
        payment=ask.payment,
        amount=ask.amount,
        reason=ask.reason,
        budget_year=claim.budget_year,
    )


def _returnable(ledger: Ledger, payment: PaymentId, claim: Claim) -> Vnd:
    """Of an advance what stands and no claim is about to recover; of the rest what was paid."""
    if claim.payment_kind.is_advance:
        kind, about = claim.payment_kind, claim.about
        own = next((rest for name, _, rest in ledger.standing() if name == payment), Vnd(0))
        free = ledger.balance(kind, about) - ledger.recovering(kind, about)
        return Vnd(max(0, min(own, free)))
    if claim.payment_kind is PaymentKind.RETENTION:
        return Vnd(min(claim.kept, ledger.held))
    return Vnd(claim.cash - claim.returned)


def _pending(ledger: Ledger, payment: PaymentId) -> Claim:
    if payment not in ledger.pending:
        raise Refused("out_of_turn", f"payment {payment} is not pending")
    return ledger.pending[payment]
