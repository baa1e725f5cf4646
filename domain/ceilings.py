"""The year's plan as a tree (the year, its cohorts, their communes, the projects), and the
ceilings set above the projects.

What a project may spend in the year is what it was given; its total investment, over all years,
is held to in its own ledger.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Literal

from domain.positions import Branch, Capital, Ceiling, Position
from domain.refusal import Refused
from domain.values import Act, CohortId, CommuneId, ProgrammeId, ProjectId, Vnd, value

ALL = "all"
"""The year, among the names of places."""


class Tier(StrEnum):
    """How high in the tree."""

    YEAR = "year"
    COHORT = "cohort"
    COMMUNE = "commune"
    PROJECT = "project"


@value
class Node:
    """A place in the tree, đồng: what it may have, has, holds for payments, and paid.

    A project is named by its id, a commune `2024/ad-01`, a cohort `2024`, the year `all`.
    `cohort` and `commune` are a project's own.
    """

    tier: Tier
    name: str
    ceiling: Vnd | None
    allocated: Vnd
    reserved: Vnd
    disbursed: Vnd
    expired: Vnd
    left: Vnd
    cohort: CohortId | None = None
    commune: CommuneId | None = None


# Command and event


@value
class SetCeilings:
    """Say how much may be allocated in the year, in a cohort, to a commune (giao tổng mức vốn).

    What is not named keeps the ceiling it has, or has none.
    """

    programme: ProgrammeId
    year: int
    ceilings: tuple[Ceiling, ...]
    kind: Literal["SetCeilings"] = "SetCeilings"


@value
class CeilingsSet:
    programme: ProgrammeId
    year: int
    ceilings: tuple[Ceiling, ...]
    kind: Literal["CeilingsSet"] = "CeilingsSet"


def tree(plan: Capital) -> tuple[Node, ...]:
    """Every node, each before what lies below it; what only has a ceiling is there, too."""
    return tuple(_nodes(plan))


def check(plan: Capital) -> None:
    """Raise `Refused` where more is allocated than a ceiling allows."""
    if not plan.ceilings:
        return
    for node in tree(plan):
        if node.ceiling is not None and node.allocated > node.ceiling:
            raise Refused(
                "capital_ceiling",
                f"{node.tier} {node.name}: {node.allocated:,} đồng would be allocated, its ceiling"
                f" is {node.ceiling:,}",
            )


def decide(plan: Capital, command: SetCeilings, act: Act) -> CeilingsSet:
    """Answer with the event, or raise `Refused`; that all of it is kept to is checked after."""
    if act.document is None:
        raise Refused("input", "document: a ceiling is set by a decision with a symbol")
    branches = [one.branch for one in command.ceilings]
    if not branches or len(set(branches)) != len(branches):
        raise Refused("input", "ceilings: need one or more, each place once")
    for one in command.ceilings:
        if one.amount < 0 or (one.commune and not one.cohort):
            raise Refused(
                "input", f"ceilings: {one.amount:,}: not below zero, a commune within its cohort"
            )
    known = {**plan.ceiling_of, **{one.branch: one.amount for one in command.ceilings}}
    for (cohort, commune), amount in known.items():
        above = known.get((cohort, None) if commune else (None, None))
        if above is not None and amount > above:
            name = "/".join(part for part in (cohort, commune) if part)
            raise Refused(
                "capital_ceiling",
                f"ceilings: {name} would have {amount:,} đồng, what is above it has {above:,}",
            )
    return CeilingsSet(programme=command.programme, year=command.year, ceilings=command.ceilings)


def _nodes(plan: Capital) -> Iterator[Node]:
    below: defaultdict[Branch, dict[ProjectId, Position]] = defaultdict(dict)
    for project, row in plan.positions.items():
        branches: tuple[Branch, ...] = (None, None), (row.cohort, None), (row.cohort, row.commune)
        for branch in branches:
            below[branch][project] = row
    ceilings = plan.ceiling_of
    for branch in sorted(below.keys() | ceilings.keys(), key=_order):
        cohort, commune = branch
        rows = below.get(branch, {})
        ceiling = ceilings.get(branch)
        if commune is not None:
            yield _node(Tier.COMMUNE, f"{cohort}/{commune}", ceiling, rows.values())
            for project, row in rows.items():
                yield _node(
                    Tier.PROJECT, project, None, (row,), cohort=row.cohort, commune=row.commune
                )
        elif cohort is not None:
            yield _node(Tier.COHORT, cohort, ceiling, rows.values())
        else:
            yield _node(Tier.YEAR, ALL, ceiling, rows.values())


def _order(branch: Branch) -> tuple[str, str]:
    """The year before its cohorts, a cohort before its communes."""
    cohort, commune = branch
    return cohort or "", commune or ""


def _node(
    tier: Tier,
    name: str,
    ceiling: Vnd | None,
    rows: Collection[Position],
    *,
    cohort: CohortId | None = None,
    commune: CommuneId | None = None,
) -> Node:
    return Node(
        tier=tier,
        name=name,
        ceiling=ceiling,
        allocated=Vnd(sum(row.allocated for row in rows)),
        reserved=Vnd(sum(row.reserved for row in rows)),
        disbursed=Vnd(sum(row.disbursed for row in rows)),
        expired=Vnd(sum(row.expired for row in rows)),
        left=Vnd(sum(row.left for row in rows)),
        cohort=cohort,
        commune=commune,
    )
