"""Giving land, and leaving the route it was given or asked for on."""

from domain.calendar import local_day
from domain.cases import (
    APPROVED,
    SETTLED,
    CaseEntry,
    Cases,
    CaseStatus,
    Route,
    SwitchCause,
    check_reason,
    chosen,
    must_all,
    must_be,
    needs_paper,
)
from domain.households import RecordDonations, RouteSwitched, SwitchRoute
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, CaseCode, Land, Units, Vnd


def below(entry: CaseEntry, act: Act, units: Units, policy: Policy) -> int | None:
    """The least parcel that the remainder falls short of, m²; None when it is large enough.

    Where no field is left there is no parcel too small; where no dwelling is left there is.
    """
    least = policy.minimum_area(entry.land, units, local_day(act.at))
    if least is None or entry.area_left_m2 >= least:
        return None
    return least if entry.area_left_m2 or entry.land is Land.RESIDENTIAL else None


def check_donation(
    cases: Cases, command: RecordDonations, act: Act, units: Units, policy: Policy
) -> None:
    found = must_be(cases, command.cases, CaseStatus.OPEN, route=Route.DONATION)
    small = {
        case.entry.code: least
        for case in found
        if (least := below(case.entry, act, units, policy)) is not None
    }
    for code, least in small.items():
        if code not in command.small_accepted:
            raise Refused(
                "remainder_too_small",
                f"case {code}: {cases[code].entry.area_left_m2} m² would be left, less than"
                f" {least} m²; a gift gives no right to resettlement: record that the household"
                f" accepts it, or switch the case to recovery ({SwitchCause.REMAINDER_TOO_SMALL})",
            )
    if stray := [code for code in command.small_accepted if code not in small]:
        raise Refused("input", f"small_accepted: no remainder is too small in {', '.join(stray)}")


def leave(cases: Cases, codes: tuple[CaseCode, ...], route: Route) -> Vnd:
    """The approved support that is void when these cases leave what was agreed."""
    found = chosen(cases, codes)
    must_all(found, lambda case: case.route is route, f"not on the {route} route")
    must_all(
        found, lambda case: case.status is not CaseStatus.HANDED_OVER, "land handed over already"
    )
    must_all(
        found,
        lambda case: case.status not in SETTLED,
        "support was paid or deposited; record its repayment first",
    )
    return Vnd(sum(case.support for case in found if case.status in APPROVED))


def switch(cases: Cases, command: SwitchRoute, act: Act) -> RouteSwitched:
    needs_paper(act, "a switch of route needs the paper it rests on")
    check_reason(command.reason)
    back = command.to is Route.DONATION
    if back is not (command.cause is SwitchCause.AGREED):
        raise Refused(
            "input",
            f"cause: {command.cause} does not lead to {command.to}; {SwitchCause.AGREED} leads to"
            " donation, every other cause to recovery",
        )
    voided = leave(cases, command.cases, Route.RECOVERY if back else Route.DONATION)
    return RouteSwitched(
        cases=command.cases,
        to=command.to,
        cause=command.cause,
        reason=command.reason,
        voided=voided,
    )
