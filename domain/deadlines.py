"""Deadlines of the steps of a clearance: what is due, by which rule, and since when it runs."""

from datetime import datetime
from typing import Literal

from domain.policy import Due
from domain.values import value


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
