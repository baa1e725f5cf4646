"""What no single row of a policy file shows to be wrong.

PolicyError     a file says something the rules cannot use; the message names the place
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar, get_args

from domain.approval import ApproveStep
from domain.authority import OF_THE_CLOCK, OF_THE_HOLDER
from domain.law import (
    Authority,
    Citation,
    Cutoff,
    Dated,
    Figure,
    Limit,
    MinimumArea,
    Quiet,
    Step,
    Weight,
)
from domain.streams import Command

_Row = TypeVar("_Row", bound=Dated)


class PolicyError(ValueError):
    """A policy file cannot be used as it stands; nothing of it was loaded."""


def check_dates(where: str, row: Dated) -> None:
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise PolicyError(
            f"{where}: valid_to = {row.valid_to} comes before valid_from = {row.valid_from}"
        )


def check_single(
    path: Path,
    name: str,
    rows: tuple[_Row, ...],
    identity: Callable[[_Row], tuple[str | int, ...]],
) -> None:
    for (other, earlier), (nth, row) in combinations(enumerate(rows, 1), 2):
        if identity(earlier) == identity(row) and overlap(earlier, row):
            what = "/".join(str(part) for part in identity(row))
            raise PolicyError(
                f"{path}, {name} {nth}: {what} from {row.valid_from} is in force together with"
                f" {name} {other}, from {earlier.valid_from} to {earlier.valid_to or 'no end'};"
                " only one row may hold on a day"
            )


def overlap(one: Dated, other: Dated) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (
        one.valid_to or date.max
    )


def check_amounts(directory: Path, limits: tuple[Limit, ...], figures: tuple[Figure, ...]) -> None:
    for nth, limit in enumerate(limits, 1):
        if limit.count < 1:
            raise PolicyError(
                f"{directory / 'limits.toml'}, limit {nth}: count = {limit.count}; 1 or more"
            )
    for nth, figure in enumerate(figures, 1):
        most = 10_000 if figure.unit == "basis-points" else None
        if figure.amount < 0 or (most is not None and figure.amount > most):
            raise PolicyError(
                f"{directory / 'figures.toml'}, figure {nth}: amount = {figure.amount}"
                f" {figure.unit}; 0 or more{f', up to {most}' if most else ''}"
            )


def check_groups(path: Path, limits: tuple[Limit, ...]) -> None:
    """A limit holds for every group or for each of its own, on one day never for both."""
    for (_, one), (nth, other) in combinations(enumerate(limits, 1), 2):
        both = one.rule == other.rule and (one.group is None) != (other.group is None)
        if both and overlap(one, other):
            raise PolicyError(
                f"{path}, limit {nth}: {other.rule} holds for every group and for group"
                f" {one.group or other.group} from {max(one.valid_from, other.valid_from)} on;"
                " only one row may hold on a day"
            )


def check_cutoffs(path: Path, cutoffs: tuple[Cutoff, ...]) -> None:
    """Every cut-off is a day of any year: 29 February is none."""
    for nth, row in enumerate(cutoffs, 1):
        try:
            date(2001, row.month, row.day)
        except ValueError:
            raise PolicyError(
                f"{path}, cutoff {nth}: month = {row.month}, day = {row.day}; a day of every year"
            ) from None


def check_land(
    directory: Path, minimums: tuple[MinimumArea, ...], quiets: tuple[Quiet, ...]
) -> None:
    for nth, least in enumerate(minimums, 1):
        if least.area_m2 < 1:
            raise PolicyError(
                f"{directory / 'land.toml'}, minimum {nth}: area_m2 = {least.area_m2}; 1 or more"
            )
    for nth, quiet in enumerate(quiets, 1):
        if not (0 <= quiet.night_to < quiet.night_from <= 24 and quiet.around_tet >= 0):
            raise PolicyError(
                f"{directory / 'coercion.toml'}, quiet {nth}: night_from = {quiet.night_from},"
                f" night_to = {quiet.night_to}, around_tet = {quiet.around_tet}; hours from 0 to"
                " 24, the night's end before its beginning, 0 or more days"
            )


def check_weights(path: Path, weights: tuple[Weight, ...]) -> None:
    for nth, row in enumerate(weights, 1):
        if row.tier < 1 or row.points < 1:
            raise PolicyError(
                f"{path}, criterion {nth}: tier = {row.tier}, points = {row.points}; 1 or more"
            )


def check_commands(path: Path, authorities: tuple[Authority, ...]) -> None:
    """Every command that rows decide about has one; no row speaks of a command in vain."""
    by_row = {kind(one) for one in get_args(Command) if one not in OF_THE_CLOCK + OF_THE_HOLDER}
    for nth, row in enumerate(authorities, 1):
        if row.command not in by_row:
            raise PolicyError(
                f'{path}, authority {nth}: command = "{row.command}" is not given by a row;'
                f" these are: {', '.join(sorted(by_row))}"
            )
    silent = by_row - {row.command for row in authorities}
    if silent:
        raise PolicyError(f"{path}: no row says who may give {', '.join(sorted(silent))}")


def check_citations(path: Path, citations: tuple[Citation, ...], chains: tuple[Step, ...]) -> None:
    """A paper is demanded of a command that exists, at a step that exists, by a type of paper."""
    commands = {kind(one) for one in get_args(Command) if one not in OF_THE_CLOCK}
    steps = sorted({f"{row.dossier}/{row.key}" for row in chains})
    for nth, row in enumerate(citations, 1):
        where = f"{path}, citation {nth}"
        if row.command not in commands:
            raise PolicyError(
                f'{where}: command = "{row.command}" is no command that people give;'
                f" these are: {', '.join(sorted(commands))}"
            )
        if row.step and (row.command != ApproveStep.__name__ or row.step not in steps):
            raise PolicyError(
                f'{where}: step = "{row.step}"; only ApproveStep has one of {", ".join(steps)}'
            )
        if not row.papers or not all(paper.isalpha() for paper in row.papers):
            raise PolicyError(
                f"{where}: papers = {list(row.papers)}; one type or more, as symbols name it:"
                ' "QĐ", "NQ"'
            )


def check_complete(path: Path, field: str, wanted: Iterable[str], found: Iterable[str]) -> None:
    silent = sorted(set(wanted) - set(found))
    if silent:
        raise PolicyError(f"{path}: no row for {field} {', '.join(silent)}")


def check_limit(path: Path, row: str, field: str, found: str, known: list[str]) -> None:
    if found not in known:
        raise PolicyError(
            f'{path}, {row}: {field} = "{found}" is no limit; limits are {", ".join(known)}'
        )


def kind(command: type[Any]) -> str:
    return next(str(field.default) for field in fields(command) if field.name == "kind")
