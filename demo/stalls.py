"""`stalls.toml` as values: the sections that stall, and what officials do about it."""

from datetime import date
from typing import Literal

from domain.values import CaseCode, Cause, ObstacleId, UtilityId, value

SiteStep = Literal[
    "open",
    "cases",
    "utilities",
    "donate",
    "origin",
    "fund",
    "inventory",
    "plan",
    "pay",
    "take-over",
    "relocate",
    "partial",
    "full",
]
Actor = Literal[
    "officer@commune",
    "investor@district",
    "clearance-board@district",
    "chair@district",
    "chair@city",
]
"""A role at a tier of the case's own units."""


@value
class Hindered:
    obstacle: ObstacleId
    cause: Cause
    by: Actor
    on: date
    utilities: tuple[UtilityId, ...] = ()


@value
class Answered:
    level: int
    by: Actor
    on: date
    answer: str


@value
class Removed:
    obstacle: ObstacleId
    by: Actor
    on: date
    how: str
    document: str = ""


@value
class Funded:
    utilities: tuple[UtilityId, ...]
    by: Actor
    on: date
    payer: str
    document: str


@value
class Relocated:
    utility: UtilityId
    on: date


@value
class Withdrawn:
    case: CaseCode
    on: date
    reason: str


@value
class Regiven:
    case: CaseCode
    on: date


@value
class Stall:
    """A section's stall: after which step, since when, and until when if it ends in the year."""

    section: str
    after: SiteStep
    since: date
    freed: date | None = None
    withdraw: tuple[Withdrawn, ...] = ()
    obstacle: tuple[Hindered, ...] = ()
    fund: tuple[Funded, ...] = ()
    relocate: tuple[Relocated, ...] = ()
    remove: tuple[Removed, ...] = ()
    answer: tuple[Answered, ...] = ()
    regive: tuple[Regiven, ...] = ()


@value
class Stalls:
    stall: tuple[Stall, ...]
