"""Settlement and after it: what may be settled, what is still owed, when accounts may close."""

from datetime import date
from typing import Literal

from domain.calendar import local_day
from domain.charter import Charter
from domain.claims import Basis
from domain.disbursement import Ledger
from domain.policy import Policy
from domain.refusal import Refused
from domain.retention import kept_back, retained
from domain.values import Act, CommuneId, PaymentKind, ProgrammeId, Vnd, value


@value
class AttestRecognisable:
    """From the programme: its commune is to be recognised. Refused while it owes anybody."""

    programme: ProgrammeId
    commune: CommuneId
    kind: Literal["AttestRecognisable"] = "AttestRecognisable"


def check_submission(ledger: Ledger, basis: Basis, amount: Vnd, policy: Policy, day: date) -> None:
    """Raise `Refused` while works or payments are open, or above the total investment.

    Less than was paid may be settled: the rest is owed back.
    """
    if basis.building.in_use_since is None:
        raise Refused("out_of_turn", "the works have not been handed over to use")
    if ledger.pending:
        raise Refused("out_of_turn", "payments are still pending")
    if amount > basis.ceiling:
        raise Refused(
            "investment_ceiling",
            f"amount: {amount:,} đồng exceeds the total {basis.ceiling:,}"
            f"{policy.cite('paid.within-settled', day)}",
        )


def check_closing(ledger: Ledger, settled: Vnd | None) -> None:
    """Raise `Refused` unless exactly what was settled was paid, and no advance stands."""
    if settled is None:
        raise Refused("out_of_turn", "the settlement has not been approved")
    if ledger.pending or ledger.advance_balance:
        raise Refused("out_of_turn", "payments are pending or an advance is not recovered")
    left = settled - ledger.disbursed
    if left > 0:
        raise Refused("out_of_turn", f"{left:,} đồng of the settled value is not paid yet")
    if left < 0:
        raise Refused("out_of_turn", f"{-left:,} đồng beyond the settled value did not come back")


def owed(ledger: Ledger, basis: Basis, policy: Policy, day: date) -> Vnd:
    """What the contractor is owed, đồng, but for what is kept back until the warranty is over."""
    if basis.settled is not None:
        kept = kept_back(ledger, basis.building, policy, day)
        return Vnd(max(0, basis.settled - ledger.disbursed - kept))
    paid = (c.kept for c in ledger.paid.values() if c.payment_kind is PaymentKind.VOLUME)
    payable = basis.building.accepted - retained(basis.building, policy, day)
    return Vnd(max(0, payable - sum(paid)))


def check_recognisable(
    charter: Charter,
    ledger: Ledger,
    basis: Basis,
    command: AttestRecognisable,
    act: Act,
    policy: Policy,
) -> None:
    """Raise `Refused` unless the commune's works are in use and their contractor is paid."""
    if (charter.programme, charter.commune) != (command.programme, command.commune):
        raise Refused("other_body", f"project {charter.project} is not {command.commune}'s")
    if basis.building.in_use_since is None:
        raise Refused("out_of_turn", f"the works of {charter.project} are not in use")
    left = owed(ledger, basis, policy, local_day(act.at))
    if left:
        raise Refused("out_of_turn", f"{left:,} đồng is owed for the works of {charter.project}")
