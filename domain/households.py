"""Households of one section whose land is asked for, by pseudonymous case code."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain.refusal import Refused
from domain.values import Act, CaseCode, Vnd, value


class CaseStatus(StrEnum):
    """How far a household's case has come on the donation route."""

    OPEN = "open"
    DONATED = "donated"
    INVENTORIED = "inventoried"
    SUPPORT_PLANNED = "support-planned"
    PAID = "paid"
    HANDED_OVER = "handed-over"


@value
class CaseEntry:
    """A household's land as first listed, in square metres: given + left = before."""

    code: CaseCode
    area_before_m2: int
    area_given_m2: int
    area_left_m2: int
    origin_confirmed: bool


@value
class Inventoried:
    """What stands on the donated land (walls, gates, outbuildings), đồng of support."""

    code: CaseCode
    structures: Vnd


# Commands


@value
class RegisterCases:
    cases: tuple[CaseEntry, ...]
    kind: Literal["RegisterCases"] = "RegisterCases"


@value
class RecordDonations:
    """Households gave their land-use right, by deed or hamlet minutes (Decree 101/2024 Art. 40)."""

    cases: tuple[CaseCode, ...]
    kind: Literal["RecordDonations"] = "RecordDonations"


@value
class WithdrawDonation:
    """A household took its donation back, before hand-over."""

    case: CaseCode
    reason: str
    kind: Literal["WithdrawDonation"] = "WithdrawDonation"


@value
class ConfirmOrigin:
    """The commune confirms where the land comes from: no support plan without it."""

    cases: tuple[CaseCode, ...]
    kind: Literal["ConfirmOrigin"] = "ConfirmOrigin"


@value
class RecordInventory:
    cases: tuple[Inventoried, ...]
    kind: Literal["RecordInventory"] = "RecordInventory"


@value
class ApproveSupportPlan:
    """Approve the support for structures of these cases; `amount` is their sum, đồng."""

    cases: tuple[CaseCode, ...]
    amount: Vnd
    kind: Literal["ApproveSupportPlan"] = "ApproveSupportPlan"


@value
class RecordSupportPaid:
    cases: tuple[CaseCode, ...]
    kind: Literal["RecordSupportPaid"] = "RecordSupportPaid"


@value
class TakeOverLand:
    """Households hand their land over."""

    cases: tuple[CaseCode, ...]
    kind: Literal["TakeOverLand"] = "TakeOverLand"


# Events


@value
class CasesRegistered:
    cases: tuple[CaseEntry, ...]
    kind: Literal["CasesRegistered"] = "CasesRegistered"


@value
class DonationsRecorded:
    cases: tuple[CaseCode, ...]
    kind: Literal["DonationsRecorded"] = "DonationsRecorded"


@value
class DonationWithdrawn:
    case: CaseCode
    reason: str
    kind: Literal["DonationWithdrawn"] = "DonationWithdrawn"


@value
class OriginConfirmed:
    cases: tuple[CaseCode, ...]
    kind: Literal["OriginConfirmed"] = "OriginConfirmed"


@value
class InventoryRecorded:
    cases: tuple[Inventoried, ...]
    kind: Literal["InventoryRecorded"] = "InventoryRecorded"


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
class LandTakenOver:
    cases: tuple[CaseCode, ...]
    kind: Literal["LandTakenOver"] = "LandTakenOver"


# State


@value
class Case:
    entry: CaseEntry
    status: CaseStatus
    origin_confirmed: bool
    structures: Vnd = Vnd(0)


Cases: TypeAlias = Mapping[CaseCode, Case]
Command: TypeAlias = (
    RegisterCases
    | RecordDonations
    | WithdrawDonation
    | ConfirmOrigin
    | RecordInventory
    | ApproveSupportPlan
    | RecordSupportPaid
    | TakeOverLand
)
Event: TypeAlias = (
    CasesRegistered
    | DonationsRecorded
    | DonationWithdrawn
    | OriginConfirmed
    | InventoryRecorded
    | SupportPlanApproved
    | SupportPaid
    | LandTakenOver
)


def decide(cases: Cases, command: Command, act: Act) -> tuple[Event, ...]:
    """Answer a command about households' cases, or raise `Refused`."""
    match command:
        case RegisterCases(cases=entries):
            _check_entries(cases, entries)
            return (CasesRegistered(cases=entries),)
        case RecordDonations(cases=codes):
            if act.document is None:
                raise Refused("input", "document: a donation needs its deed or hamlet minutes")
            _must_be(cases, codes, CaseStatus.OPEN)
            return (DonationsRecorded(cases=codes),)
        case WithdrawDonation(case=code, reason=reason):
            case_ = _case(cases, code)
            if case_.status in (CaseStatus.OPEN, CaseStatus.PAID, CaseStatus.HANDED_OVER):
                raise Refused("out_of_turn", f"case {code} is {case_.status}")
            if not reason.strip():
                raise Refused("input", "reason: is empty; say why the donation is withdrawn")
            return (DonationWithdrawn(case=code, reason=reason),)
        case ConfirmOrigin(cases=codes):
            confirmed = [code for code in codes if _case(cases, code).origin_confirmed]
            if confirmed or not codes:
                raise Refused("nothing_to_do", f"cases: origin confirmed already: {confirmed}")
            return (OriginConfirmed(cases=codes),)
        case RecordInventory(cases=rows):
            _must_be(cases, tuple(row.code for row in rows), CaseStatus.DONATED)
            if any(row.structures < 0 for row in rows):
                raise Refused("input", "structures: must not be negative")
            return (InventoryRecorded(cases=rows),)
        case ApproveSupportPlan(cases=codes, amount=amount):
            _check_plan(cases, codes, amount)
            return (SupportPlanApproved(cases=codes, amount=amount),)
        case RecordSupportPaid(cases=codes):
            _must_be(cases, codes, CaseStatus.SUPPORT_PLANNED)
            return (SupportPaid(cases=codes),)
        case TakeOverLand(cases=codes):
            _must_be(cases, codes, CaseStatus.PAID)
            return (LandTakenOver(cases=codes),)
        case _:
            assert_never(command)


def evolve(cases: Cases, event: Event) -> Cases:
    """Apply one event to the section's cases."""
    match event:
        case CasesRegistered(cases=entries):
            fresh = {
                entry.code: Case(
                    entry=entry, status=CaseStatus.OPEN, origin_confirmed=entry.origin_confirmed
                )
                for entry in entries
            }
            return {**cases, **fresh}
        case DonationsRecorded(cases=codes):
            return _at(cases, codes, CaseStatus.DONATED)
        case DonationWithdrawn(case=code):
            return _at(cases, (code,), CaseStatus.OPEN)
        case OriginConfirmed(cases=codes):
            return {**cases, **{c: replace(cases[c], origin_confirmed=True) for c in codes}}
        case InventoryRecorded(cases=rows):
            counted = {
                row.code: replace(
                    cases[row.code], status=CaseStatus.INVENTORIED, structures=row.structures
                )
                for row in rows
            }
            return {**cases, **counted}
        case SupportPlanApproved(cases=codes):
            return _at(cases, codes, CaseStatus.SUPPORT_PLANNED)
        case SupportPaid(cases=codes):
            return _at(cases, codes, CaseStatus.PAID)
        case LandTakenOver(cases=codes):
            return _at(cases, codes, CaseStatus.HANDED_OVER)
        case _:
            assert_never(event)


def with_status(cases: Cases, status: CaseStatus) -> tuple[CaseCode, ...]:
    """Codes of the cases that stand exactly at a status."""
    return tuple(code for code, case_ in cases.items() if case_.status is status)


def planned_support(cases: Cases) -> Vnd:
    """The support approved for all cases of the section, đồng."""
    approved = (CaseStatus.SUPPORT_PLANNED, CaseStatus.PAID, CaseStatus.HANDED_OVER)
    return Vnd(sum(case.structures for case in cases.values() if case.status in approved))


def _check_entries(cases: Cases, entries: tuple[CaseEntry, ...]) -> None:
    codes = [entry.code for entry in entries]
    if not codes or len(set(codes)) != len(codes):
        raise Refused("input", "cases: need one or more, each code once")
    known = sorted(set(codes) & set(cases))
    if known:
        raise Refused("already_exists", f"cases: registered already: {', '.join(known)}")
    for entry in entries:
        areas = (entry.area_before_m2, entry.area_given_m2, entry.area_left_m2)
        if min(areas) < 0 or entry.area_given_m2 + entry.area_left_m2 != entry.area_before_m2:
            raise Refused(
                "input",
                f"case {entry.code}: given {areas[1]} m² + left {areas[2]} m²"
                f" must make {areas[0]} m²",
            )


def _check_plan(cases: Cases, codes: tuple[CaseCode, ...], amount: Vnd) -> None:
    _must_be(cases, codes, CaseStatus.INVENTORIED)
    unclear = [code for code in codes if not cases[code].origin_confirmed]
    if unclear:
        raise Refused("out_of_turn", f"land origin is not confirmed: {', '.join(unclear)}")
    counted = sum(cases[code].structures for code in codes)
    if amount != counted:
        raise Refused("input", f"amount: {amount:,} đồng, but the inventory adds to {counted:,}")


def _case(cases: Cases, code: CaseCode) -> Case:
    if code not in cases:
        raise Refused("not_found", f"case: {code} is not registered in this section")
    return cases[code]


def _must_be(cases: Cases, codes: tuple[CaseCode, ...], status: CaseStatus) -> None:
    if not codes or len(set(codes)) != len(codes):
        raise Refused("input", "cases: need one or more, each code once")
    for code in codes:
        if _case(cases, code).status is not status:
            found = cases[code].status
            raise Refused("out_of_turn", f"case {code} is {found}; this needs {status}")


def _at(cases: Cases, codes: tuple[CaseCode, ...], status: CaseStatus) -> Cases:
    return {**cases, **{code: replace(cases[code], status=status) for code in codes}}
