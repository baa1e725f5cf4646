"""Deadlines: what is due, by which rule, and, of a step of a clearance, since when it runs."""

from datetime import datetime
from typing import Literal

from domain.values import value


@value
class Due:
    """A deadline as recorded: the moment it ends, and the rule and calendar that gave it."""

    at: datetime
    rule: str
    calendar: str


@value
class StepDeadline:
    """A step under way and its limit.

    `expiry` marks what lapses (a recovery notice), not what is late.
    """

    key: str
    rule: str
    since: datetime
    due: Due
    kind: Literal["step", "expiry"] = "step"
