"""The rules of household cases: what each step needs, and what it leads to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from domain import coercion, recovery
from domain.cases import (
    MOST_CASES,
    SETTLED,
    Case,
    CaseEntry,
    Cases,
    CaseStatus,
    Inventoried,
    Origin,
    Route,
    Step,
    check_code,
    check_reason,
    chosen,
    moved,
    must_all,
    must_be,
    must_follow,
    must_have_ended,
    needs_paper,
)
from domain.donation import below, check_donation, leave, switch
from domain.households import (
    ApproveSupportPlan,
    CasesRegistered,
    Command,
    ConfirmOrigin,
    DepositSupport,
    DisputeOrigin,
    DonationsRecorded,
    DonationWithdrawn,
    Event,
    InventoryRecorded,
    LandTakenOver,
    OriginConfirmed,
    OriginDisputed,
    PlanPosted,
    PostPlan,
    RecordDonations,
    RecordInventory,
    RecordSupportPaid,
    RecordSupportRepaid,
    RegisterCases,
    RouteSwitched,
    SupportDeposited,
    SupportPaid,
    SupportPlanApproved,
    SupportRepaid,
    SwitchRoute,
    TakeOverLand,
    WithdrawDonation,
)
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, CaseCode, Units, Vnd

_POSTING: Mapping[Route, str] = {
    Route.DONATION: "donation.posting",
    Route.RECOVERY: "recovery.posting",
}


def decide(
    cases: Cases, command: Command, act: Act, units: Units, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command about households' cases, or raise `Refused`: all of its cases, or none."""
    if isinstance(command, recovery.Command):
        return recovery.decide(cases, command, act, policy)
    if isinstance(command, coercion.Command):
        return coercion.decide(cases, command, act, policy)
    match command:
        case RegisterCases(cases=entries):
            _check_entries(cases, entries)
            small = tuple(e.code for e in entries if below(e, act, units, policy) is not None)
            return (CasesRegistered(cases=entries, small=small),)
        case RecordDonations(cases=codes, basis=basis, small_accepted=accepted):
            needs_paper(act, "a donation needs its deed or hamlet minutes")
            check_donation(cases, command, act, units, policy)
            return (DonationsRecorded(cases=codes, basis=basis, small_accepted=accepted),)
        case WithdrawDonation(case=code, reason=reason):
            check_reason(reason)
            voided = leave(cases, (code,), Route.DONATION)
            must_all((cases[code],), _begun, "nothing was donated")
            return (DonationWithdrawn(case=code, reason=reason, voided=voided),)
        case SwitchRoute():
            return (switch(cases, command, act),)
        case ConfirmOrigin(cases=codes):
            if not codes:
                raise Refused("nothing_to_do", "cases: name one or more")
            known = [c.entry.code for c in chosen(cases, codes) if c.origin is Origin.CONFIRMED]
            if known:
                raise Refused(
                    "nothing_to_do", f"cases: origin confirmed already: {', '.join(known)}"
                )
            return (OriginConfirmed(cases=codes),)
        case DisputeOrigin(cases=codes, reason=reason):
            check_reason(reason)
            _may_dispute(chosen(cases, codes))
            return (OriginDisputed(cases=codes, reason=reason),)
        case RecordInventory(cases=rows):
            _check_inventory(cases, rows)
            return (InventoryRecorded(cases=rows),)
        case PostPlan(cases=codes):
            needs_paper(act, "posting a plan needs its minutes")
            found = must_be(cases, codes, CaseStatus.INVENTORIED)
            _origin_must_be_clear(found)
            must_follow(found, Step.INVENTORY, act, "posting")
            return (PlanPosted(cases=codes),)
        case ApproveSupportPlan(cases=codes, amount=amount):
            _may_approve(cases, command, act, policy)
            return (SupportPlanApproved(cases=codes, amount=amount),)
        case RecordSupportPaid(cases=codes):
            _may_pay(chosen(cases, codes))
            return (SupportPaid(cases=codes),)
        case DepositSupport(cases=codes, ground=ground):
            needs_paper(act, "a deposit needs the bank's receipt")
            must_be(cases, codes, CaseStatus.SUPPORT_PLANNED)
            return (SupportDeposited(cases=codes, ground=ground),)
        case RecordSupportRepaid(cases=codes):
            needs_paper(act, "a repayment needs its receipt")
            must_be(cases, codes, *SETTLED)
            return (SupportRepaid(cases=codes),)
        case TakeOverLand(cases=codes):
            needs_paper(act, "taking land over needs the household's commitment or minutes")
            _may_take_over(chosen(cases, codes))
            return (LandTakenOver(cases=codes),)
        case _:
            assert_never(command)


def evolve(cases: Cases, event: Event, act: Act) -> Cases:
    """Apply one event to the section's cases."""
    if isinstance(event, recovery.Event):
        return recovery.evolve(cases, event, act)
    if isinstance(event, coercion.Event):
        return coercion.evolve(cases, event, act)
    match event:
        case CasesRegistered(cases=entries, small=small):
            return {**cases, **_fresh(entries, frozenset(small))}
        case DonationsRecorded(cases=codes):
            # What was counted before a switch of route need not be counted again.
            counted = [code for code in codes if Step.INVENTORY in cases[code].done]
            cases = moved(cases, codes, act, Step.DONATED, CaseStatus.DONATED)
            return moved(cases, counted, act, Step.DONATED, CaseStatus.INVENTORIED)
        case DonationWithdrawn(case=code):
            case = cases[code]
            again = replace(case, status=CaseStatus.OPEN, structures=Vnd(0), done={})
            return {**cases, code: again}
        case RouteSwitched(cases=codes, to=to):
            return {**cases, **{code: _switched(cases[code], to) for code in codes}}
        case OriginConfirmed(cases=codes):
            return _with_origin(cases, codes, confirmed=True)
        case OriginDisputed(cases=codes):
            return _with_origin(cases, codes, confirmed=False)
        case InventoryRecorded(cases=rows):
            worth = {
                row.code: replace(
                    cases[row.code], structures=row.structures, compensation=row.compensation
                )
                for row in rows
            }
            counted = [row.code for row in rows]
            done = Step.INVENTORY, CaseStatus.INVENTORIED
            return moved({**cases, **worth}, counted, act, *done)
        case PlanPosted(cases=codes):
            return moved(cases, codes, act, Step.POSTING, CaseStatus.POSTED)
        case SupportPlanApproved(cases=codes):
            return moved(cases, codes, act, Step.APPROVAL, CaseStatus.SUPPORT_PLANNED)
        case SupportPaid(cases=codes):
            gone = [c for c in codes if cases[c].status is CaseStatus.HANDED_OVER]
            here = [c for c in codes if cases[c].status is not CaseStatus.HANDED_OVER]
            cases = moved(cases, gone, act, Step.PAYMENT)
            return moved(cases, here, act, Step.PAYMENT, CaseStatus.PAID)
        case SupportDeposited(cases=codes):
            return moved(cases, codes, act, Step.DEPOSIT, CaseStatus.DEPOSITED)
        case SupportRepaid(cases=codes):
            return {**cases, **{code: _repaid(cases[code]) for code in codes}}
        case LandTakenOver(cases=codes):
            return moved(cases, codes, act, Step.HAND_OVER, CaseStatus.HANDED_OVER)
        case _:
            assert_never(event)


def _fresh(entries: Iterable[CaseEntry], small: frozenset[CaseCode]) -> Cases:
    return {
        entry.code: Case(
            entry=entry,
            status=CaseStatus.OPEN,
            origin_confirmed=entry.origin_confirmed,
            remainder_small=entry.code in small,
        )
        for entry in entries
    }


def _switched(case: Case, to: Route) -> Case:
    """On its new route: what the land is and what stands on it stays, every other step is void."""
    kept: dict[Step, datetime] = {
        step: at for step, at in case.done.items() if step is Step.INVENTORY
    }
    return replace(case, route=to, status=CaseStatus.OPEN, compensation=Vnd(0), done=kept)


def _repaid(case: Case) -> Case:
    money = (Step.PAYMENT, Step.DEPOSIT)
    left = {step: at for step, at in case.done.items() if step not in money}
    return replace(case, status=CaseStatus.SUPPORT_PLANNED, done=left)


def _with_origin(cases: Cases, codes: Iterable[CaseCode], *, confirmed: bool) -> Cases:
    clear = {
        code: replace(cases[code], origin_confirmed=confirmed, origin_disputed=not confirmed)
        for code in codes
    }
    return {**cases, **clear}


def check_personal(command: object) -> None:
    """Raise `Refused` for what must not even travel: a code or reason that may be somebody's.

    Whatever a message carries stays in Temporal's history, whether the record takes it or not.
    """
    match command:
        case RegisterCases(cases=entries):
            for nth, entry in enumerate(entries, 1):
                check_code(nth, entry.code)
        case WithdrawDonation() | DisputeOrigin() | SwitchRoute():
            check_reason(command.reason)
        case _:
            pass


# What each step needs


def _check_entries(cases: Cases, entries: tuple[CaseEntry, ...]) -> None:
    codes = [entry.code for entry in entries]
    if not codes or len(set(codes)) != len(codes):
        raise Refused("input", "cases: need one or more, each code once")
    for nth, code in enumerate(codes, 1):
        check_code(nth, code)
    if len(cases) + len(codes) > MOST_CASES:
        raise Refused(
            "input",
            f"cases: a section holds at most {MOST_CASES:,}; it has {len(cases):,} and these are"
            f" {len(codes):,} more: split the section",
        )
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


def _begun(case: Case) -> bool:
    return case.status is not CaseStatus.OPEN


def _may_dispute(found: tuple[Case, ...]) -> None:
    must_all(found, lambda case: not case.origin_disputed, "origin disputed already")
    must_all(
        found, lambda case: case.status is not CaseStatus.HANDED_OVER, "land handed over already"
    )


def _origin_must_be_clear(found: Iterable[Case]) -> None:
    must_all(found, lambda case: case.origin is Origin.CONFIRMED, "land origin is not confirmed")


def _check_inventory(cases: Cases, rows: tuple[Inventoried, ...]) -> None:
    for case in chosen(cases, tuple(row.code for row in rows)):
        if case.route is Route.DONATION:
            must_be(cases, (case.entry.code,), CaseStatus.DONATED)
        else:
            must_be(cases, (case.entry.code,), CaseStatus.NOTIFIED, CaseStatus.INVENTORIED)
    for row in rows:
        if row.structures < 0 or row.compensation < 0:
            raise Refused("input", f"case {row.code}: worth must not be negative")
        if row.compensation and cases[row.code].route is Route.DONATION:
            raise Refused("input", f"case {row.code}: donated land itself is not paid for")


def _may_approve(cases: Cases, command: ApproveSupportPlan, act: Act, policy: Policy) -> None:
    found = must_be(cases, command.cases, CaseStatus.INVENTORIED, CaseStatus.POSTED)
    _origin_must_be_clear(found)
    for route, rule in _POSTING.items():
        owed = [case for case in found if case.route is route and not case.gift]
        if policy.term(rule, act.at) is not None:
            must_all(owed, lambda case: Step.POSTING in case.done, "plan is not posted")
        must_have_ended(owed, Step.POSTING, rule, act, policy, "posting of its plan")
    must_all(
        found,
        lambda case: case.route is Route.DONATION or Step.DIALOGUE in case.done,
        "no dialogue on the posted plan yet",
    )
    counted = sum(case.support for case in found)
    if command.amount != counted:
        raise Refused(
            "input", f"amount: {command.amount:,} đồng, but the inventory adds to {counted:,}"
        )


def _may_pay(found: tuple[Case, ...]) -> None:
    """Money in the bank may reach the household even after the land was handed over."""
    must_all(
        found,
        lambda case: (
            case.status in (CaseStatus.SUPPORT_PLANNED, CaseStatus.DEPOSITED)
            or (Step.DEPOSIT in case.done and Step.PAYMENT not in case.done)
        ),
        "no approved support waits to be paid",
    )
    must_all(
        found, lambda case: not case.origin_disputed, "origin is disputed; deposit the support"
    )


def _may_take_over(found: tuple[Case, ...]) -> None:
    must_all(
        found,
        lambda case: case.status in SETTLED or case.gift,
        "support is neither paid nor deposited, or the land is handed over already",
    )
    _origin_must_be_clear(case for case in found if case.gift)
    must_all(
        found,
        lambda case: case.route is Route.DONATION or Step.RECOVERY_DECISION in case.done,
        "recovery is not decided yet",
    )
