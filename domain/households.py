"""What may be asked of the households of one section, and what may happen to their cases."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, TypeAlias

from domain import coercion, recovery
from domain.calendar import local_day
from domain.cases import (
    APPROVED,
    Case,
    CaseEntry,
    Cases,
    CaseStatus,
    DepositGround,
    DonationBasis,
    Inventoried,
    Route,
    Step,
    SwitchCause,
    in_turn,
)
from domain.deadlines import StepDeadline
from domain.policy import Policy
from domain.values import CaseCode, Vnd, value

# Commands


@value
class RegisterCases:
    cases: tuple[CaseEntry, ...]
    kind: Literal["RegisterCases"] = "RegisterCases"


@value
class RecordDonations:
    """Households gave their land-use right, by deed or hamlet minutes (Decree 101/2024 Art. 40).

    `small_accepted`: who acknowledged in writing that what is left is below the least parcel, and
    that a gift gives no right to resettlement.
    """

    cases: tuple[CaseCode, ...]
    basis: DonationBasis = DonationBasis.DEED
    small_accepted: tuple[CaseCode, ...] = ()
    kind: Literal["RecordDonations"] = "RecordDonations"


@value
class WithdrawDonation:
    """A household took its donation back, before hand-over and not while it holds money for it."""

    case: CaseCode
    reason: str
    kind: Literal["WithdrawDonation"] = "WithdrawDonation"


@value
class SwitchRoute:
    """Take cases to the other route. Origin and inventory stay; all else begins anew."""

    cases: tuple[CaseCode, ...]
    to: Route
    cause: SwitchCause
    reason: str
    kind: Literal["SwitchRoute"] = "SwitchRoute"


@value
class ConfirmOrigin:
    """The commune confirms where the land comes from: no support plan without it."""

    cases: tuple[CaseCode, ...]
    kind: Literal["ConfirmOrigin"] = "ConfirmOrigin"


@value
class DisputeOrigin:
    """Somebody contests where the land comes from, until the commune confirms it again."""

    cases: tuple[CaseCode, ...]
    reason: str
    kind: Literal["DisputeOrigin"] = "DisputeOrigin"


@value
class RecordInventory:
    cases: tuple[Inventoried, ...]
    kind: Literal["RecordInventory"] = "RecordInventory"


@value
class PostPlan:
    """Hang the plan out in the commune and the hamlet; approval waits until its time has run."""

    cases: tuple[CaseCode, ...]
    kind: Literal["PostPlan"] = "PostPlan"


@value
class ApproveSupportPlan:
    """Approve the support of these cases; `amount` is their sum, đồng."""

    cases: tuple[CaseCode, ...]
    amount: Vnd
    kind: Literal["ApproveSupportPlan"] = "ApproveSupportPlan"


@value
class RecordSupportPaid:
    """The households have their money, from the State or out of the bank it was deposited in."""

    cases: tuple[CaseCode, ...]
    kind: Literal["RecordSupportPaid"] = "RecordSupportPaid"


@value
class DepositSupport:
    """Put the money of households that will not or cannot take it into a State bank."""

    cases: tuple[CaseCode, ...]
    ground: DepositGround
    kind: Literal["DepositSupport"] = "DepositSupport"


@value
class RecordSupportRepaid:
    """Households gave their support back, or the bank its deposit: they may leave their route."""

    cases: tuple[CaseCode, ...]
    kind: Literal["RecordSupportRepaid"] = "RecordSupportRepaid"


@value
class TakeOverLand:
    """Households hand their land over, by commitment or minutes."""

    cases: tuple[CaseCode, ...]
    kind: Literal["TakeOverLand"] = "TakeOverLand"


# Events


@value
class CasesRegistered:
    """`small`: cases whose remainder is below the least parcel of that day."""

    cases: tuple[CaseEntry, ...]
    small: tuple[CaseCode, ...] = ()
    kind: Literal["CasesRegistered"] = "CasesRegistered"


@value
class DonationsRecorded:
    """`basis` is None where nobody asked for it yet."""

    cases: tuple[CaseCode, ...]
    basis: DonationBasis | None = None
    small_accepted: tuple[CaseCode, ...] = ()
    kind: Literal["DonationsRecorded"] = "DonationsRecorded"


@value
class DonationWithdrawn:
    """`voided` is the approved support that is void with it, đồng."""

    case: CaseCode
    reason: str
    voided: Vnd = Vnd(0)
    kind: Literal["DonationWithdrawn"] = "DonationWithdrawn"


@value
class RouteSwitched:
    """`voided` is the approved support that is void with it, đồng."""

    cases: tuple[CaseCode, ...]
    to: Route
    cause: SwitchCause
    reason: str
    voided: Vnd
    kind: Literal["RouteSwitched"] = "RouteSwitched"


@value
class OriginConfirmed:
    cases: tuple[CaseCode, ...]
    kind: Literal["OriginConfirmed"] = "OriginConfirmed"


@value
class OriginDisputed:
    cases: tuple[CaseCode, ...]
    reason: str
    kind: Literal["OriginDisputed"] = "OriginDisputed"


@value
class InventoryRecorded:
    cases: tuple[Inventoried, ...]
    kind: Literal["InventoryRecorded"] = "InventoryRecorded"


@value
class PlanPosted:
    cases: tuple[CaseCode, ...]
    kind: Literal["PlanPosted"] = "PlanPosted"


@value
class SupportPlanApproved:
    cases: tuple[CaseCode, ...]
    amount: Vnd
    kind: Literal["SupportPlanApproved"] = "SupportPlanApproved"


@value
class SupportPaid:
    cases: tuple[CaseCode, ...]
    kind: Literal["SupportPaid"] = "SupportPaid"


@value
class SupportDeposited:
    cases: tuple[CaseCode, ...]
    ground: DepositGround
    kind: Literal["SupportDeposited"] = "SupportDeposited"


@value
class SupportRepaid:
    cases: tuple[CaseCode, ...]
    kind: Literal["SupportRepaid"] = "SupportRepaid"


@value
class LandTakenOver:
    cases: tuple[CaseCode, ...]
    kind: Literal["LandTakenOver"] = "LandTakenOver"


Command: TypeAlias = (
    RegisterCases
    | RecordDonations
    | WithdrawDonation
    | SwitchRoute
    | ConfirmOrigin
    | DisputeOrigin
    | RecordInventory
    | PostPlan
    | ApproveSupportPlan
    | RecordSupportPaid
    | DepositSupport
    | RecordSupportRepaid
    | TakeOverLand
    | recovery.Command
    | coercion.Command
)
Event: TypeAlias = (
    CasesRegistered
    | DonationsRecorded
    | DonationWithdrawn
    | RouteSwitched
    | OriginConfirmed
    | OriginDisputed
    | InventoryRecorded
    | PlanPosted
    | SupportPlanApproved
    | SupportPaid
    | SupportDeposited
    | SupportRepaid
    | LandTakenOver
    | recovery.Event
    | coercion.Event
)


def deadlines(cases: Cases, policy: Policy) -> Iterator[StepDeadline]:
    """The limits that run in a section, each once however many cases it runs for."""
    running = dict.fromkeys(one for case in cases.values() for one in _running(case))
    found: dict[str, StepDeadline] = {}
    for name, rules, began in running:
        span = in_turn(rules, began, policy)
        if span is None:
            continue
        since, due = span
        key = f"{name}/{local_day(since)}"
        if key not in found or since < found[key].since:
            found[key] = StepDeadline(
                key=key,
                rule=rules[-1],
                since=since,
                due=due,
                kind="expiry" if name == "notice" else "step",
            )
    yield from found.values()


def _running(case: Case) -> Iterator[tuple[str, tuple[str, ...], datetime]]:
    """The limits a case is under: a name, the limits one after the other, and their first day."""
    done, recovered = case.done, case.route is Route.RECOVERY
    undecided = recovered and Step.RECOVERY_DECISION not in done
    if case.status is CaseStatus.HANDED_OVER:
        return
    if undecided and Step.NOTICE in done:
        yield "notice", ("recovery.notice-valid",), done[Step.NOTICE]
    if case.status is CaseStatus.POSTED and not case.gift:
        if not recovered:
            yield "plan-approval", ("donation.posting", "plan.approve"), done[Step.POSTING]
        elif Step.DIALOGUE not in done:
            yield "dialogue", ("recovery.posting", "recovery.dialogue"), done[Step.POSTING]
        else:
            yield "plan-approval", ("plan.approve",), done[Step.DIALOGUE]
    # A case kept from before moments were kept has none: it runs against no limit.
    if case.status is CaseStatus.SUPPORT_PLANNED and Step.APPROVAL in done:
        yield "payment", ("plan.pay",), done[Step.APPROVAL]
    if undecided and case.status in APPROVED:
        yield "recovery-decision", ("recovery.decide",), done[Step.APPROVAL]
    if Step.COMPLIANCE in done:
        yield "hand-over", ("coercion.hand-over",), done[Step.COMPLIANCE]
