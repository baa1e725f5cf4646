"""Changes to a year's capital plan: more, elsewhere, later, no longer."""

from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain import lots
from domain.calendar import local_day
from domain.lots import Draw, Origin
from domain.policy import Policy
from domain.positions import Allocation, Capital, Taken, changed, check_lines, drawn, given
from domain.refusal import Refused
from domain.values import Act, ProjectId, Vnd, value


@value
class Cut:
    """Capital taken from one project, đồng."""

    project: ProjectId
    amount: Vnd


class Ground(StrEnum):
    """Why unspent capital may be carried over (Law 58/2024/QH15 Art. 72)."""

    NATIONAL_PROJECT = "national-project"
    CLEARANCE_PROJECT = "clearance-project"
    COMPLETED_WITHOUT_PLAN = "completed-without-plan"
    OBJECTIVE_DELAY = "objective-delay"
    ONLY_PROJECT = "only-project"


@value
class CarryOver:
    """Unspent capital of one project that stays payable in the next year, đồng."""

    project: ProjectId
    amount: Vnd
    ground: Ground


# Commands


@value
class AddCapital:
    """Assign more in the course of the year (bổ sung), to old projects or new ones."""

    lines: tuple[Allocation, ...]
    kind: Literal["AddCapital"] = "AddCapital"


@value
class AdjustCapital:
    """Move capital between projects (điều chuyển): what some lose, others gain."""

    cuts: tuple[Cut, ...]
    raises: tuple[Allocation, ...]
    kind: Literal["AdjustCapital"] = "AdjustCapital"


@value
class CarryOverCapital:
    """Let unspent capital be paid out in the next year (kéo dài)."""

    lines: tuple[CarryOver, ...]
    kind: Literal["CarryOverCapital"] = "CarryOverCapital"


@value
class ExpireCapital:
    """Write off what was not paid out in time (huỷ dự toán)."""

    kind: Literal["ExpireCapital"] = "ExpireCapital"


# Events


@value
class CapitalAdded:
    lines: tuple[Allocation, ...]
    payable_until: date
    kind: Literal["CapitalAdded"] = "CapitalAdded"


@value
class CapitalAdjusted:
    taken: tuple[Taken, ...]
    lines: tuple[Allocation, ...]
    payable_until: date
    kind: Literal["CapitalAdjusted"] = "CapitalAdjusted"


@value
class CapitalCarriedOver:
    taken: tuple[Taken, ...]
    lines: tuple[CarryOver, ...]
    payable_until: date
    kind: Literal["CapitalCarriedOver"] = "CapitalCarriedOver"


@value
class CapitalExpired:
    taken: tuple[Taken, ...]
    kind: Literal["CapitalExpired"] = "CapitalExpired"


Command: TypeAlias = AddCapital | AdjustCapital | CarryOverCapital | ExpireCapital
Event: TypeAlias = CapitalAdded | CapitalAdjusted | CapitalCarriedOver | CapitalExpired


def decide(plan: Capital, command: Command, act: Act, policy: Policy) -> tuple[Event, ...]:
    """Answer a change of the plan with the events it causes, or raise `Refused`."""
    if plan.year is None:
        raise Refused("not_found", "no capital has been allocated in this year")
    day = local_day(act.at)
    match command:
        case AddCapital(lines=lines):
            check_lines(plan, lines, act)
            last = _last_day_if_added(plan.year, day, policy)
            return (CapitalAdded(lines=lines, payable_until=last),)
        case AdjustCapital(cuts=cuts, raises=raises):
            return (_adjusted(plan, cuts, raises, act, policy),)
        case CarryOverCapital(lines=carried):
            return (_carried_over(plan, plan.year, carried, act, policy),)
        case ExpireCapital():
            return (_expired(plan, day),)
        case _:
            assert_never(command)


def evolve(plan: Capital, event: Event) -> Capital:
    """Apply one change to the plan."""
    match event:
        case CapitalAdded(lines=lines, payable_until=last):
            return given(plan, lines, Origin.ADDED, last)
        case CapitalAdjusted(taken=taken, lines=lines, payable_until=last):
            return given(changed(plan, taken, lots.take), lines, Origin.ADJUSTED, last)
        case CapitalCarriedOver(taken=taken, lines=carried, payable_until=last):
            lines = tuple(_allocation(plan, line.project, line.amount) for line in carried)
            return given(changed(plan, taken, lots.take), lines, Origin.CARRIED_OVER, last)
        case CapitalExpired(taken=taken):
            return changed(plan, taken, lots.expire)
        case _:
            assert_never(event)


def _last_day_if_added(year: int, day: date, policy: Policy) -> date:
    """Capital added late in the year may be paid out a year longer (Law 58/2024/QH15 Art. 72.1)."""
    late_after = policy.cutoff("plan.late-after", year, day)
    rule = "plan.late-payable-until" if day > late_after else "plan.payable-until"
    return policy.cutoff(rule, year, day)


def _adjusted(
    plan: Capital, cuts: tuple[Cut, ...], raises: tuple[Allocation, ...], act: Act, policy: Policy
) -> CapitalAdjusted:
    check_lines(plan, raises, act)
    lost = sum(cut.amount for cut in cuts)
    gained = sum(line.amount for line in raises)
    names = [cut.project for cut in cuts]
    both = sorted({*names} & {line.project for line in raises})
    if len(set(names)) != len(names) or both or any(cut.amount <= 0 for cut in cuts):
        raise Refused(
            "input",
            "cuts: positive amounts, each project once, and none that also gains"
            + (f": {', '.join(both)}" if both else ""),
        )
    if lost != gained:
        raise Refused(
            "input",
            f"cuts: take {lost:,} đồng, raises give {gained:,}; a transfer adds to nothing",
        )
    assert plan.year is not None
    day = local_day(act.at)
    last = policy.cutoff("plan.payable-until", plan.year, day)
    if day > last:
        raise Refused("capital_expired", f"the plan of {plan.year} could be adjusted until {last}")
    return CapitalAdjusted(taken=_taken(plan, cuts, day), lines=raises, payable_until=last)


def _carried_over(
    plan: Capital, year: int, lines: tuple[CarryOver, ...], act: Act, policy: Policy
) -> CapitalCarriedOver:
    if act.document is None:
        raise Refused("input", "document: capital is carried over by a decision with a symbol")
    cuts = tuple(Cut(project=line.project, amount=line.amount) for line in lines)
    if not cuts or len({cut.project for cut in cuts}) != len(cuts):
        raise Refused("input", "lines: need one or more, each project once")
    if wrong := [cut.project for cut in cuts if cut.amount <= 0]:
        raise Refused("input", f"lines: amounts must be positive: {', '.join(wrong)}")
    day = local_day(act.at)
    last = policy.cutoff("plan.carry-over-until", year, day)
    if day > last:
        raise Refused("capital_expired", f"nothing of {year} can be paid out after {last}")
    # It is decided around the end of the plan; what has lapsed by the calendar but was not
    # written off yet can still be carried over, so the day it was last payable is asked.
    asked_on = min(day, policy.cutoff("plan.payable-until", year, day))
    return CapitalCarriedOver(taken=_taken(plan, cuts, asked_on), lines=lines, payable_until=last)


def _expired(plan: Capital, day: date) -> CapitalExpired:
    """Everything that can no longer be paid out; what payments still hold stands in the way."""
    held = [
        f"{payment} {held.amount:,} đồng"
        for payment, held in plan.reservations.items()
        if any(
            not plan.positions[held.project].lots[part.lot].is_payable(day) for part in held.draws
        )
    ]
    if held:
        raise Refused(
            "out_of_turn", f"payments still hold expired capital; refuse them: {', '.join(held)}"
        )
    taken = []
    for project, position in plan.positions.items():
        parts = tuple(
            Draw(lot=number, amount=lot.left)
            for number, lot in enumerate(position.lots)
            if lot.left and not lot.is_payable(day)
        )
        if parts:
            taken.append(Taken(project=project, draws=parts))
    if not taken:
        raise Refused("nothing_to_do", f"everything that is left can still be paid out on {day}")
    return CapitalExpired(taken=tuple(taken))


def _taken(plan: Capital, cuts: tuple[Cut, ...], day: date) -> tuple[Taken, ...]:
    return tuple(
        Taken(project=cut.project, draws=drawn(plan, cut.project, cut.amount, day)) for cut in cuts
    )


def _allocation(plan: Capital, project: ProjectId, amount: Vnd) -> Allocation:
    position = plan.positions[project]
    return Allocation(
        project=project,
        commune=position.commune,
        cohort=position.cohort,
        amount=amount,
        synthetic=False,
    )
