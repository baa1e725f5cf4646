"""Advances on a contract: how much, secured by what, and paid back by when."""

from datetime import date

from domain.construction import Construction
from domain.contract import Contract
from domain.disbursement import Ledger, RequestPayment
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import PaymentKind, Vnd


def contract_in_force(building: Construction, policy: Policy, day: date) -> Contract:
    """The contract, or `Refused`: nothing is paid on works without one."""
    if building.contract is None:
        raise Refused(
            "out_of_turn", f"no contract is in force{policy.cite('paid.by-dossier', day)}"
        )
    return building.contract


def check_advance(
    ledger: Ledger, ask: RequestPayment, building: Construction, policy: Policy, day: date
) -> None:
    """Raise `Refused` for an advance beyond its ceiling, unsecured, too late or too early."""
    contract = contract_in_force(building, policy, day)
    advanced = ledger.total(PaymentKind.ADVANCE)
    cap = contract.advance_ceiling(policy, day)
    if advanced + ask.worth > cap:
        raise Refused(
            "advance_ceiling",
            f"{advanced:,} đồng advanced, {ask.worth:,} asked, the ceiling is {cap:,}"
            f"{policy.cite('advance.cap', day)}",
        )
    if advanced + ask.worth > policy.figure("advance.guarantee-above", day):
        _check_secured(ledger, ask, contract, policy, day)
    full_at = policy.share("advance.recovered-at", day, contract.worth)
    if ledger.reached + ask.worth >= full_at:
        raise Refused(
            "advance_recovery",
            f"the advance would reach {full_at:,} đồng, where none may stand open"
            f"{policy.cite('advance.recovered-at', day)}",
        )
    clearing = [s for s in building.sections.values() if s.plan.needs_clearance]
    if clearing and not any(s.released or s.clearance_plan is not None for s in clearing):
        raise Refused(
            "not_cleared",
            "an advance needs a clearance plan or a site hand-over"
            f"{policy.cite('advance.after-clearance', day)}",
        )


def _check_secured(
    ledger: Ledger, ask: RequestPayment, contract: Contract, policy: Policy, day: date
) -> None:
    if contract.exempt is not None:
        return
    held = contract.guarantee
    to_cover = (
        ask.worth + ledger.balance(PaymentKind.ADVANCE) + ledger.pending_of(PaymentKind.ADVANCE)
    )
    if held is None or held.valid_to < day or held.amount < to_cover:
        have = f"{held.amount:,} to {held.valid_to}" if held else "none"
        raise Refused(
            "guarantee_missing",
            f"guarantee: the advance needs a valid one of {to_cover:,} đồng, there is {have}"
            f"{policy.cite('advance.guarantee-above', day)}",
        )


def check_recovery(
    ledger: Ledger, ask: RequestPayment, reached: Vnd, full_at: Vnd, policy: Policy, day: date
) -> None:
    """An advance is paid back out of what stands of it, all of it by eighty per cent.

    What recovers none itself, and counts towards the contract, may not reach that far before.
    """
    kind = ask.payment_kind.recovers or PaymentKind.ADVANCE
    about = "" if kind is PaymentKind.ADVANCE else (ask.section or ask.item or "")
    source = policy.cite("advance.recovered-at", day)
    coming = ledger.recovering(kind, about)
    balance = ledger.balance(kind, about) - coming
    if ask.recovers > balance:
        raise Refused(
            "advance_recovery",
            f"recovers: {ask.recovers:,}, only {balance:,} is advanced{source}",
        )
    if reached + ask.worth - ask.recovers < full_at:
        return
    if coming or ledger.pending_of(kind, about):
        raise Refused(
            "advance_recovery",
            f"the claim reaches {full_at:,} đồng while an advance or its recovery is on its way;"
            f" wait for the treasury{source}",
        )
    if ask.recovers < balance:
        raise Refused(
            "advance_recovery",
            f"recovers: must be {balance:,} đồng, for the claim reaches {full_at:,}{source}",
        )
