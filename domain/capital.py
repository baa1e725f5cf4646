"""A budget year's capital plan: what each project was given, until when, and where it went.

Capital is kept in lots, because what is assigned with the year's plan, what is added late and
what is carried over may be paid out until different days.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Literal, TypeAlias, assert_never

from domain import ceilings, disbursement_plan, lots, replanning, returns
from domain.calendar import local_day
from domain.lots import Draw, Lots, Origin
from domain.policy import Policy
from domain.positions import (
    Allocation,
    Capital,
    Reservation,
    Taken,
    changed,
    check_lines,
    drawn,
    given,
)
from domain.refusal import Refused
from domain.values import Act, PaymentId, ProgrammeId, ProjectId, Vnd, value

# Commands


@value
class AllocateCapital:
    """Assign the year's plan (bố trí vốn) to projects, on the document of the act."""

    programme: ProgrammeId
    year: int
    lines: tuple[Allocation, ...]
    kind: Literal["AllocateCapital"] = "AllocateCapital"


@value
class ReserveCapital:
    """From a payment: finance has checked it."""

    payment: PaymentId
    project: ProjectId
    amount: Vnd
    kind: Literal["ReserveCapital"] = "ReserveCapital"


@value
class ReleaseCapital:
    """From a payment: refused after it was reserved."""

    payment: PaymentId
    kind: Literal["ReleaseCapital"] = "ReleaseCapital"


@value
class DisburseCapital:
    """From a payment: the treasury has paid."""

    payment: PaymentId
    kind: Literal["DisburseCapital"] = "DisburseCapital"


# Events


@value
class CapitalAllocated:
    programme: ProgrammeId
    year: int
    lines: tuple[Allocation, ...]
    payable_until: date | None = None
    kind: Literal["CapitalAllocated"] = "CapitalAllocated"


@value
class CapitalReserved:
    """`draws` is empty where the project had a single lot when this was recorded."""

    payment: PaymentId
    project: ProjectId
    amount: Vnd
    draws: tuple[Draw, ...] = ()
    kind: Literal["CapitalReserved"] = "CapitalReserved"


@value
class CapitalReleased:
    payment: PaymentId
    project: ProjectId
    amount: Vnd
    kind: Literal["CapitalReleased"] = "CapitalReleased"


@value
class CapitalDisbursed:
    payment: PaymentId
    project: ProjectId
    amount: Vnd
    kind: Literal["CapitalDisbursed"] = "CapitalDisbursed"


Command: TypeAlias = (
    AllocateCapital | ceilings.SetCeilings | disbursement_plan.PlanDisbursement | replanning.Command
)
Entailed: TypeAlias = ReserveCapital | ReleaseCapital | DisburseCapital | returns.ReturnCapital
Event: TypeAlias = (
    CapitalAllocated
    | CapitalReserved
    | CapitalReleased
    | CapitalDisbursed
    | ceilings.CeilingsSet
    | disbursement_plan.DisbursementPlanned
    | returns.CapitalReturned
    | replanning.Event
)


def decide(
    plan: Capital, command: Command | Entailed, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    events = _answer(plan, command, act, policy)
    if not isinstance(command, Entailed):
        # However the plan is changed, no ceiling above a project is passed.
        ceilings.check(reduce(evolve, events, plan))
    return events


def _answer(
    plan: Capital, command: Command | Entailed, act: Act, policy: Policy
) -> tuple[Event, ...]:
    match command:
        case AllocateCapital():
            return (_allocated(plan, command, act, policy),)
        case ceilings.SetCeilings():
            return (ceilings.decide(plan, command, act),)
        case disbursement_plan.PlanDisbursement():
            return (disbursement_plan.decide(plan.planned, command, act, plan.allocated),)
        case ReserveCapital(payment=payment, project=project, amount=amount):
            if payment in plan.reservations:
                raise Refused("already_exists", f"capital is reserved for {payment} already")
            parts = drawn(plan, project, amount, local_day(act.at))
            return (CapitalReserved(payment=payment, project=project, amount=amount, draws=parts),)
        case ReleaseCapital(payment=payment):
            held = _held(plan, payment)
            return (CapitalReleased(payment=payment, project=held.project, amount=held.amount),)
        case DisburseCapital(payment=payment):
            held = _held(plan, payment)
            _check_payable(plan, payment, held, local_day(act.at), policy)
            return (CapitalDisbursed(payment=payment, project=held.project, amount=held.amount),)
        case returns.ReturnCapital():
            return (returns.decide(plan, command, act),)
        case (
            replanning.AddCapital()
            | replanning.AdjustCapital()
            | replanning.CarryOverCapital()
            | replanning.ExpireCapital()
        ):
            return replanning.decide(plan, command, act, policy)
        case _:
            assert_never(command)


def evolve(plan: Capital, event: Event) -> Capital:
    """Apply one event to the year's plan."""
    match event:
        case CapitalAllocated(year=year, lines=lines, payable_until=last):
            return given(replace(plan, year=year), lines, Origin.PLAN, last)
        case ceilings.CeilingsSet(ceilings=named):
            branches = {one.branch for one in named}
            kept = (one for one in plan.ceilings if one.branch not in branches)
            return replace(plan, ceilings=(*kept, *named))
        case disbursement_plan.DisbursementPlanned():
            return replace(plan, planned=disbursement_plan.evolve(plan.planned, event))
        case CapitalReserved(payment=payment, project=project, amount=amount, draws=draws):
            # Recorded without its draws when every project had a single lot.
            parts = draws or (Draw(lot=0, amount=amount),)
            held = Reservation(project=project, amount=amount, draws=parts)
            reserved = changed(plan, (Taken(project=project, draws=parts),), lots.reserve)
            return replace(reserved, reservations={**plan.reservations, payment: held})
        case CapitalReleased(payment=payment):
            return _settled(plan, payment, lots.release)
        case CapitalDisbursed(payment=payment):
            return _settled(plan, payment, lots.disburse)
        case returns.CapitalReturned():
            return returns.evolve(plan, event)
        case (
            replanning.CapitalAdded()
            | replanning.CapitalAdjusted()
            | replanning.CapitalCarriedOver()
            | replanning.CapitalExpired()
        ):
            return replanning.evolve(plan, event)
        case _:
            assert_never(event)


def _allocated(
    plan: Capital, command: AllocateCapital, act: Act, policy: Policy
) -> CapitalAllocated:
    check_lines(plan, command.lines, act)
    twice = [line.project for line in command.lines if line.project in plan.positions]
    if twice:
        raise Refused(
            "already_exists",
            f"lines: allocated already, add to it or adjust it: {', '.join(twice)}",
        )
    return CapitalAllocated(
        programme=command.programme,
        year=command.year,
        lines=command.lines,
        payable_until=policy.cutoff("plan.payable-until", command.year, local_day(act.at)),
    )


def _held(plan: Capital, payment: PaymentId) -> Reservation:
    if payment not in plan.reservations:
        raise Refused("out_of_turn", f"nothing is reserved for payment {payment}")
    return plan.reservations[payment]


def _check_payable(
    plan: Capital, payment: PaymentId, held: Reservation, day: date, policy: Policy
) -> None:
    """Nothing is paid out after its capital has lapsed, even if it was reserved in time."""
    for part in held.draws:
        lot = plan.positions[held.project].lots[part.lot]
        if not lot.is_payable(day):
            raise Refused(
                "capital_expired",
                f"the capital of payment {payment} could be paid out until {lot.payable_until}"
                f"{policy.cite('plan.payable-until', day)}",
            )


def _settled(
    plan: Capital, payment: PaymentId, settle: Callable[[Lots, tuple[Draw, ...]], Lots]
) -> Capital:
    held = plan.reservations[payment]
    rest = {name: other for name, other in plan.reservations.items() if name != payment}
    settled = changed(plan, (Taken(project=held.project, draws=held.draws),), settle)
    return replace(settled, reservations=rest)
