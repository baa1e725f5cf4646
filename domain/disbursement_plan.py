"""The plan of disbursement (kế hoạch giải ngân): what is to be paid out by which month's end."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

from domain.calendar import end_of
from domain.refusal import Refused
from domain.values import Act, Vnd, value


@value
class Milestone:
    """What is to be paid out of the year's capital by the end of a month, all together, đồng."""

    by: date
    amount: Vnd


@value
class PlanDisbursement:
    """Set these months' milestones; earlier ones of months that are not over are replaced."""

    milestones: tuple[Milestone, ...]
    kind: Literal["PlanDisbursement"] = "PlanDisbursement"


@value
class DisbursementPlanned:
    milestones: tuple[Milestone, ...]
    kind: Literal["DisbursementPlanned"] = "DisbursementPlanned"


Milestones: TypeAlias = tuple[Milestone, ...]


def decide(
    planned: Milestones, command: PlanDisbursement, act: Act, allocated: Vnd
) -> DisbursementPlanned:
    """Take a plan that rises from month to month up to what is allocated, or raise `Refused`."""
    wanted = command.milestones
    if act.document is None:
        raise Refused("input", "document: disbursement is planned by a decision with a symbol")
    if not wanted or len({one.by for one in wanted}) != len(wanted):
        raise Refused("input", "milestones: need one or more, each month once")
    for one in wanted:
        if (one.by + timedelta(days=1)).day != 1:
            raise Refused("input", f"by: {one.by} is not the last day of a month")
        if not 0 <= one.amount <= allocated:
            raise Refused(
                "capital_ceiling", f"amount: {one.amount:,} đồng; 0 to {allocated:,} allocated"
            )
        if end_of(one.by) <= act.at:
            raise Refused("out_of_turn", f"by: the month of {one.by} is over on {act.at:%F}")
    event = DisbursementPlanned(milestones=wanted)
    for earlier, later in pairwise(evolve(planned, event)):
        if later.amount < earlier.amount:
            raise Refused(
                "input",
                f"amount: {later.amount:,} đồng by {later.by} is less than {earlier.amount:,}"
                f" by {earlier.by}; a plan counts from the start of the year",
            )
    return event


def evolve(planned: Milestones, event: DisbursementPlanned) -> Milestones:
    """The plan with new milestones, month by month."""
    by_month = {one.by: one for one in (*planned, *event.milestones)}
    return tuple(by_month[by] for by in sorted(by_month))
