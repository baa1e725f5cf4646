"""A budget year's capital plan: allocations, reservations and what was disbursed, per project."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from domain.refusal import Refused
from domain.values import Act, CohortId, CommuneId, PaymentId, ProgrammeId, ProjectId, Vnd, value


@value
class Allocation:
    """Capital for one project in the year, đồng. `synthetic` marks a made-up split."""

    project: ProjectId
    commune: CommuneId
    cohort: CohortId
    amount: Vnd
    synthetic: bool


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
    kind: Literal["CapitalAllocated"] = "CapitalAllocated"


@value
class CapitalReserved:
    payment: PaymentId
    project: ProjectId
    amount: Vnd
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


# State


@value
class Position:
    """A project's capital in the year, đồng: reserved + disbursed never exceed allocated."""

    commune: CommuneId
    cohort: CohortId
    allocated: Vnd
    reserved: Vnd = Vnd(0)
    disbursed: Vnd = Vnd(0)

    @property
    def left(self) -> Vnd:
        return Vnd(self.allocated - self.reserved - self.disbursed)


@value
class Reservation:
    project: ProjectId
    amount: Vnd


@value
class Capital:
    """The year's plan so far; a plan nobody allocated has no positions."""

    positions: Mapping[ProjectId, Position]
    reservations: Mapping[PaymentId, Reservation]
    kind: Literal["Capital"] = "Capital"

    @property
    def allocated(self) -> Vnd:
        return Vnd(sum(position.allocated for position in self.positions.values()))

    @property
    def disbursed(self) -> Vnd:
        return Vnd(sum(position.disbursed for position in self.positions.values()))


UNALLOCATED = Capital(positions={}, reservations={})

Command: TypeAlias = AllocateCapital
Entailed: TypeAlias = ReserveCapital | ReleaseCapital | DisburseCapital
Event: TypeAlias = CapitalAllocated | CapitalReserved | CapitalReleased | CapitalDisbursed


def decide(capital: Capital, command: Command | Entailed, act: Act) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    match command:
        case AllocateCapital(programme=programme, year=year, lines=lines):
            if act.document is None:
                raise Refused("input", "document: capital is allocated by a plan with a symbol")
            wrong = [line.project for line in lines if line.amount <= 0]
            if wrong or not lines:
                raise Refused("input", f"lines: amounts must be positive: {wrong}")
            twice = [line.project for line in lines if line.project in capital.positions]
            if twice or len({line.project for line in lines}) != len(lines):
                raise Refused("already_exists", f"lines: allocated already: {twice}")
            return (CapitalAllocated(programme=programme, year=year, lines=lines),)
        case ReserveCapital(payment=payment, project=project, amount=amount):
            if payment in capital.reservations:
                raise Refused("already_exists", f"capital is reserved for {payment} already")
            position = capital.positions.get(project)
            left = position.left if position else Vnd(0)
            # Even a payment that moves no cash needs a place in the year's plan (Art. 8.1).
            if position is None or amount > left:
                raise Refused(
                    "capital_ceiling",
                    f"{amount:,} đồng asked, {left:,} of the year's capital is left for {project}",
                )
            return (CapitalReserved(payment=payment, project=project, amount=amount),)
        case ReleaseCapital(payment=payment):
            held = _held(capital, payment)
            return (CapitalReleased(payment=payment, project=held.project, amount=held.amount),)
        case DisburseCapital(payment=payment):
            held = _held(capital, payment)
            return (CapitalDisbursed(payment=payment, project=held.project, amount=held.amount),)
        case _:
            assert_never(command)


def evolve(capital: Capital, event: Event) -> Capital:
    """Apply one event to the year's plan."""
    positions, reservations = dict(capital.positions), dict(capital.reservations)
    match event:
        case CapitalAllocated(lines=lines):
            for line in lines:
                positions[line.project] = Position(
                    commune=line.commune, cohort=line.cohort, allocated=line.amount
                )
        case CapitalReserved(payment=payment, project=project, amount=amount):
            position = positions[project]
            positions[project] = replace(position, reserved=Vnd(position.reserved + amount))
            reservations[payment] = Reservation(project=project, amount=amount)
        case CapitalReleased(payment=payment, project=project, amount=amount):
            position = positions[project]
            positions[project] = replace(position, reserved=Vnd(position.reserved - amount))
            del reservations[payment]
        case CapitalDisbursed(payment=payment, project=project, amount=amount):
            position = positions[project]
            positions[project] = replace(
                position,
                reserved=Vnd(position.reserved - amount),
                disbursed=Vnd(position.disbursed + amount),
            )
            del reservations[payment]
        case _:
            assert_never(event)
    return Capital(positions=positions, reservations=reservations)


def _held(capital: Capital, payment: PaymentId) -> Reservation:
    if payment not in capital.reservations:
        raise Refused("out_of_turn", f"nothing is reserved for payment {payment}")
    return capital.reservations[payment]
