"""What is kept back from the contractor: put into deposit, and released after the warranty."""

from datetime import date

from domain.advances import check_recovery, contract_in_force
from domain.calendar import local_day, nominal_day
from domain.construction import Construction
from domain.disbursement import Ledger, ReleaseRetention, RequestPayment, RetentionReleased
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, PaymentKind, Vnd


def retained(building: Construction, policy: Policy, on: date) -> Vnd:
    """What has to be kept back of the accepted volume, đồng."""
    return policy.share("retention.min", on, building.accepted)


def kept_back(ledger: Ledger, building: Construction, policy: Policy, on: date) -> Vnd:
    """What of the retention no final payment may reach yet: neither released nor in deposit."""
    if ledger.released_at is not None or policy.source("retention.warranty", on) is None:
        return Vnd(0)
    deposited = ledger.total(PaymentKind.RETENTION)
    return Vnd(max(0, retained(building, policy, on) - deposited))


def check_retention(
    ledger: Ledger, ask: RequestPayment, building: Construction, policy: Policy, day: date
) -> None:
    """Raise `Refused` for more than is kept back, or after it was released."""
    source = policy.cite("retention.deposit", day)
    if ledger.released_at is not None:
        raise Refused("out_of_turn", f"the retention was released{source}")
    left = retained(building, policy, day) - ledger.total(PaymentKind.RETENTION)
    if ask.worth > left:
        raise Refused(
            "contract_ceiling", f"worth: {left:,} đồng of retention is not in deposit yet{source}"
        )
    contract = contract_in_force(building, policy, day)
    full_at = policy.share("advance.recovered-at", day, contract.worth)
    check_recovery(ledger, ask, ledger.reached, full_at, policy, day)


def release(
    ledger: Ledger, ask: ReleaseRetention, building: Construction, act: Act, policy: Policy
) -> RetentionReleased:
    """The release of all that is held, or `Refused` while nothing stands for the warranty."""
    day = local_day(act.at)
    source = policy.cite("retention.warranty", day)
    if act.document is None:
        raise Refused("input", "document: name the paper, SYMBOL;DATE;ISSUER")
    if ledger.released_at is not None:
        raise Refused("out_of_turn", f"the retention was released{source}")
    if any(c.payment_kind is PaymentKind.RETENTION for c in ledger.pending.values()):
        raise Refused("out_of_turn", "retention is on its way into deposit; wait for the treasury")
    used_since = building.in_use_since
    if used_since is None:
        raise Refused("out_of_turn", f"the works are not in use, no warranty has begun{source}")
    limit = policy.limit("retention.warranty", local_day(used_since))
    assert limit.unit == "months"
    ends = nominal_day(local_day(used_since), limit.count, limit.unit)
    least = retained(building, policy, day)
    if ask.bond is None and day <= ends:
        raise Refused(
            "too_early", f"the warranty runs to {ends}; until then a bank has to vouch{source}"
        )
    if ask.bond is not None and (ask.bond.amount < least or ask.bond.valid_to < ends):
        raise Refused(
            "guarantee_missing",
            f"bond: {ask.bond.amount:,} đồng to {ask.bond.valid_to}; need {least:,} to {ends}"
            f"{source}",
        )
    return RetentionReleased(amount=ledger.held, bond=ask.bond)
