"""Units ranked by disbursement against the programme's average, by name, as telegrams ask for."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from domain.portfolio import Rate
from domain.positions import Capital, Position
from domain.values import CommuneId, Post, ProjectId, Role, UnitCode, Vnd, value


class Grouping(StrEnum):
    """What a unit is: whoever answers for some of the projects."""

    COHORT = "cohort"
    DISTRICT = "district"
    COMMUNE = "commune"
    INVESTOR = "investor"


@value
class Unit:
    """The year's capital of some projects, đồng."""

    name: str
    communes: int
    projects: int
    allocated: Vnd
    disbursed: Vnd

    @property
    def rate(self) -> Rate:
        return Rate(disbursed=self.disbursed, of=self.allocated)


@value
class Place:
    """A unit's place. None is for a unit that has nothing allocated: there is no rate of it.

    `tied` units share an exact rate, and so a place; the next place counts all of them.
    """

    place: int | None
    unit: Unit
    tied: int
    below_average: bool


@value
class Ranking:
    """The best first. `average` is all disbursed over all allocated, not the mean of rates."""

    by: Grouping
    average: Rate
    places: tuple[Place, ...]


Districts: TypeAlias = Mapping[CommuneId, UnitCode]
"""Where the programme's communes lie."""

UNKNOWN = "?"
"""The district of a commune that the programme does not list."""


def units(capital: Capital, by: Grouping, districts: Districts) -> tuple[Unit, ...]:
    """The year's capital unit by unit; together they are all of it."""
    groups: dict[str, list[Position]] = {}
    for position in capital.positions.values():
        name = _unit_of(position, by, districts)
        groups.setdefault(name, []).append(position)
    return tuple(
        Unit(
            name=name,
            communes=len({row.commune for row in rows}),
            projects=len(rows),
            allocated=Vnd(sum(row.allocated for row in rows)),
            disbursed=Vnd(sum(row.disbursed for row in rows)),
        )
        for name, rows in sorted(groups.items())
    )


def ranking(capital: Capital, by: Grouping, districts: Districts) -> Ranking:
    """Every unit by its exact rate; those of one rate by name."""
    average = Rate(disbursed=capital.disbursed, of=capital.allocated)
    found = units(capital, by, districts)
    rated = [unit for unit in found if unit.allocated]
    order = sorted(found, key=lambda unit: (not unit.allocated, -unit.rate.exact, unit.name))
    rates = [unit.rate.exact for unit in rated]
    return Ranking(
        by=by, average=average, places=tuple(_place(unit, rates, average) for unit in order)
    )


def projects_of(capital: Capital, unit: str, districts: Districts) -> frozenset[ProjectId]:
    """The projects of a unit of any kind, or the one project of that name."""
    return frozenset(
        project
        for project, position in capital.positions.items()
        if unit == project or unit in {_unit_of(position, by, districts) for by in Grouping}
    )


def _place(unit: Unit, rates: list[Fraction], average: Rate) -> Place:
    own = unit.rate.exact
    return Place(
        place=1 + sum(rate > own for rate in rates) if unit.allocated else None,
        unit=unit,
        tied=rates.count(own) if unit.allocated else 1,
        below_average=bool(unit.allocated) and own < average.exact,
    )


def _unit_of(position: Position, by: Grouping, districts: Districts) -> str:
    match by:
        case Grouping.COHORT:
            return position.cohort
        case Grouping.COMMUNE:
            return position.commune
        case Grouping.DISTRICT:
            return districts.get(position.commune, UNKNOWN)
        case Grouping.INVESTOR:
            district = districts.get(position.commune)
            return str(Post(role=Role.INVESTOR, unit=district)) if district else UNKNOWN
