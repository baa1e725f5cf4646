"""Which year's plan pays, and for how long after the year."""

from datetime import date

from domain.calendar import local_day
from domain.construction import Construction
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, PaymentKind, Vnd


def of(wanted: int | None, act: Act) -> int:
    """The budget year of a claim: the one it names, or that of the act."""
    return wanted or local_day(act.at).year


def check(year: int, kind: PaymentKind, day: date, policy: Policy) -> None:
    """Raise `Refused` for a year that has not begun, or can no longer pay such a claim on a day.

    How much is left of it, and until when, the year's plan knows.
    """
    if year == day.year:
        return
    if year > day.year:
        raise Refused("input", f"budget_year: {year} has not begun; {day.year} or earlier")
    last = policy.cutoff("plan.carry-over-until", year, day)
    if day > last:
        raise Refused(
            "capital_expired",
            f"budget_year: nothing of {year} is paid after {last}"
            f"{policy.cite('plan.carry-over-until', day)}",
        )
    # Beyond the plan's own end only carried-over capital pays, for as long as that was decided.
    if kind.is_advance and day <= policy.cutoff("plan.payable-until", year, day):
        _check_advance(year, kind, day, policy)


def _check_advance(year: int, kind: PaymentKind, day: date, policy: Policy) -> None:
    of_compensation = kind is PaymentKind.COMPENSATION_ADVANCE
    rule = "compensation-advance.paid-until" if of_compensation else "advance.paid-until"
    last = policy.cutoff(rule, year, day)
    if day > last:
        raise Refused(
            "capital_expired",
            f"budget_year: advances of {year} were paid until {last}{policy.cite(rule, day)}",
        )


def accepted(year: int, building: Construction, day: date, policy: Policy) -> Vnd:
    """Volume a claim may rest on: of last year's plan, what was accepted in time.

    Beyond the plan's own end only carried-over capital pays, and that is not so bound.
    """
    if year == day.year or day > policy.cutoff("plan.payable-until", year, day):
        return building.accepted
    last = policy.cutoff("volume.accepted-until", year, day)
    return Vnd(sum(site.accepted_until(last) for site in building.sections.values()))
