"""The plan of a section month by month: which share of its cases is to be cleared by when."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

from domain.calendar import end_of
from domain.refusal import Refused
from domain.values import Act, value


@value
class Target:
    """Whole per cent of cases to be cleared by the end of a month, named by its last day."""

    by: date
    percent: int


@value
class PlanClearance:
    """Set the targets of these months; earlier ones of months that are not over are replaced."""

    targets: tuple[Target, ...]
    kind: Literal["PlanClearance"] = "PlanClearance"


@value
class ClearancePlanned:
    targets: tuple[Target, ...]
    kind: Literal["ClearancePlanned"] = "ClearancePlanned"


Plan: TypeAlias = tuple[Target, ...]


def decide(plan: Plan, command: PlanClearance, act: Act) -> tuple[ClearancePlanned, ...]:
    """Take a plan that rises from month to month and leaves the past alone, or raise `Refused`."""
    targets = command.targets
    if not targets:
        raise Refused("input", "targets: need one or more months")
    for target in targets:
        if (target.by + timedelta(days=1)).day != 1:
            raise Refused("input", f"by: {target.by} is not the last day of a month")
        if not 0 <= target.percent <= 100:
            raise Refused("input", f"percent: {target.percent}; 0 to 100")
        if end_of(target.by) <= act.at:
            raise Refused("out_of_turn", f"by: the month of {target.by} is over on {act.at:%F}")
    planned = evolve(plan, ClearancePlanned(targets=targets))
    if len({target.by for target in targets}) != len(targets):
        raise Refused("input", "targets: name each month once")
    for earlier, later in pairwise(planned):
        if later.percent < earlier.percent:
            raise Refused(
                "input",
                f"percent: {later.percent} by {later.by} is less than {earlier.percent}"
                f" by {earlier.by}; what is cleared stays cleared",
            )
    return (ClearancePlanned(targets=targets),)


def evolve(plan: Plan, event: ClearancePlanned) -> Plan:
    """The plan with new targets, month by month."""
    by_month = {target.by: target for target in (*plan, *event.targets)}
    return tuple(by_month[by] for by in sorted(by_month))


def unmet(plan: Plan, cleared_percent: int) -> Target | None:
    """The first month whose target is above what is cleared; it may be yet to come."""
    return next((target for target in plan if target.percent > cleared_percent), None)
