"""A budget year's plan as it stands: every project's capital, and what payments hold of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Literal, TypeAlias

from domain import lots
from domain.disbursement_plan import Milestones
from domain.lots import Draw, Lot, Lots, Origin
from domain.refusal import Refused
from domain.values import Act, CohortId, CommuneId, PaymentId, ProjectId, Vnd, value


@value
class Allocation:
    """Capital for one project in the year, đồng. `synthetic` marks a made-up split."""

    project: ProjectId
    commune: CommuneId
    cohort: CohortId
    amount: Vnd
    synthetic: bool


Branch: TypeAlias = tuple[CohortId | None, CommuneId | None]
"""A commune in its cohort, a cohort, or (twice None) the whole year."""


@value
class Ceiling:
    """The most that may be allocated in the year, đồng: to a commune, to a cohort, or to all."""

    amount: Vnd
    cohort: CohortId | None = None
    commune: CommuneId | None = None

    @property
    def branch(self) -> Branch:
        return self.cohort, self.commune


@value
class Taken:
    """What one project loses, and from which of its lots."""

    project: ProjectId
    draws: tuple[Draw, ...]


@value
class Position:
    """A project's capital in the year, đồng."""

    commune: CommuneId
    cohort: CohortId
    lots: Lots

    @property
    def allocated(self) -> Vnd:
        return Vnd(sum(lot.amount for lot in self.lots))

    @property
    def reserved(self) -> Vnd:
        return Vnd(sum(lot.reserved for lot in self.lots))

    @property
    def disbursed(self) -> Vnd:
        return Vnd(sum(lot.disbursed for lot in self.lots))

    @property
    def expired(self) -> Vnd:
        return Vnd(sum(lot.expired for lot in self.lots))

    @property
    def left(self) -> Vnd:
        return Vnd(sum(lot.left for lot in self.lots))

    def payable(self, on: date) -> Vnd:
        """What is left and may still be paid out on a day, đồng."""
        return Vnd(sum(lot.left for lot in self.lots if lot.is_payable(on)))


@value
class Reservation:
    project: ProjectId
    amount: Vnd
    draws: tuple[Draw, ...]


@value
class Capital:
    """The year's plan so far; a plan nobody allocated has no positions."""

    positions: Mapping[ProjectId, Position]
    reservations: Mapping[PaymentId, Reservation]
    year: int | None = None
    ceilings: tuple[Ceiling, ...] = ()
    planned: Milestones = ()
    kind: Literal["Capital"] = "Capital"

    @property
    def ceiling_of(self) -> Mapping[Branch, Vnd]:
        return {one.branch: one.amount for one in self.ceilings}

    @property
    def allocated(self) -> Vnd:
        return Vnd(sum(position.allocated for position in self.positions.values()))

    @property
    def disbursed(self) -> Vnd:
        return Vnd(sum(position.disbursed for position in self.positions.values()))


UNALLOCATED = Capital(positions={}, reservations={})


def given(
    plan: Capital, lines: tuple[Allocation, ...], origin: Origin, payable_until: date | None
) -> Capital:
    """The plan with a new lot for each line."""
    positions = dict(plan.positions)
    for line in lines:
        lot = Lot(origin=origin, amount=line.amount, payable_until=payable_until)
        before = positions.get(line.project)
        # A project stays where it was first given capital; `check_lines` refuses anything else.
        positions[line.project] = Position(
            commune=before.commune if before else line.commune,
            cohort=before.cohort if before else line.cohort,
            lots=(*(before.lots if before else ()), lot),
        )
    return replace(plan, positions=positions)


def changed(
    plan: Capital, parts: tuple[Taken, ...], change: Callable[[Lots, tuple[Draw, ...]], Lots]
) -> Capital:
    """The plan with the lots of some projects changed."""
    positions = dict(plan.positions)
    for part in parts:
        position = positions[part.project]
        positions[part.project] = replace(position, lots=change(position.lots, part.draws))
    return replace(plan, positions=positions)


def drawn(plan: Capital, project: ProjectId, amount: Vnd, on: date) -> tuple[Draw, ...]:
    """Where an amount of a project comes from on a day; raises `Refused` beyond what is payable."""
    position = plan.positions.get(project)
    payable = position.payable(on) if position else Vnd(0)
    # Even what moves no cash needs a place in the year's plan (254/2025/NĐ-CP Art. 8.1).
    if position is None or amount > payable:
        left = position.left if position else 0
        late = f"; {left - payable:,} can no longer be paid out" if left > payable else ""
        raise Refused(
            "capital_ceiling",
            f"{amount:,} đồng asked, {payable:,} of the year's capital is left for {project}"
            f" on {on}{late}",
        )
    return lots.draws(position.lots, amount, on)


def check_lines(plan: Capital, lines: tuple[Allocation, ...], act: Act) -> None:
    """Raise `Refused` for lines that no decision on capital may have."""
    if act.document is None:
        raise Refused("input", "document: capital is assigned by a decision with a symbol")
    wrong = [f"{line.project} {line.amount:,} đồng" for line in lines if line.amount <= 0]
    if wrong or not lines:
        raise Refused("input", f"lines: amounts must be positive: {', '.join(wrong) or 'none'}")
    names = [line.project for line in lines]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise Refused("input", f"lines: each project once, not {', '.join(twice)}")
    for line in lines:
        before = plan.positions.get(line.project, line)
        if (line.cohort, line.commune) != (before.cohort, before.commune):
            raise Refused(
                "input",
                f"lines: {line.project} is in commune {before.commune} of {before.cohort}, not in"
                f" {line.commune} of {line.cohort}",
            )
