"""Places where this process can be made to die: for the kill tests, and for nothing else.

`NTM_FAILPOINT=name` kills it with SIGKILL when it first gets there, `name:3` the third time. The
variable is read once, when the program starts; without it nothing here can do anything.
"""

import os
import signal
from enum import StrEnum
from itertools import count

VARIABLE = "NTM_FAILPOINT"


class FailPoint(StrEnum):
    """Every place, in the order in which a decision passes them."""

    DOOR_SENT = "door-sent"
    """The door has sent a decision and has no answer yet."""
    ACTIVITY_BEGUN = "activity-begun"
    """The activity has a batch and has done nothing."""
    BEFORE_LOCK = "before-lock"
    """A turn at the log is open, its first stream not locked."""
    DECIDED = "decided"
    """Everything is decided, nothing written."""
    SHOWN = "shown"
    """Read models and outbox are written, the events are not."""
    ORDER_TAKEN = "order-taken"
    """The log's order is held, which holds up every other writer."""
    APPENDED = "appended"
    """All is written, nothing committed."""
    COMMITTED = "committed"
    """Committed; the disk has not been waited for."""
    FLUSHED = "flushed"
    """Durable; nobody has been told."""
    ACTIVITY_DONE = "activity-done"
    """The activity is about to answer."""
    RECORDED = "recorded"
    """The workflow has the answer, and has not folded it."""
    FOLDED = "folded"
    """The workflow has folded it, and has told neither its project nor the sender."""
    CASE_READ = "case-read"
    """A case has been read from the record for its workflow, which does not have it yet."""
    NOTICES_SENT = "notices-sent"
    """Messages have gone out and are not marked as sent."""
    REGISTERED = "registered"
    """A case is on record and has no workflow."""
    RESUMED_ONE = "resumed-one"
    """A resume has started a workflow and has others to start."""
    REBUILT = "rebuilt"
    """Read models have been built anew, nothing committed."""
    MIGRATED = "migrated"
    """The schema has been brought up, nothing committed."""


class NoSuchPoint(Exception):
    """The variable names no fail point, or a time that never comes."""


def is_armed() -> bool:
    """Whether this process is to die anywhere."""
    return _armed is not None


def reach(point: FailPoint) -> None:
    """Die here, if that is what this process was started for."""
    if _armed is None or point != _armed[0] or next(_times) != _armed[1]:
        return
    os.write(2, f"fail point {point}, time {_armed[1]}: SIGKILL\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)


def _read(told: str) -> tuple[FailPoint, int] | None:
    if not told:
        return None
    name, colon, nth = told.partition(":")
    points = {point.value: point for point in FailPoint}
    if name not in points:
        raise NoSuchPoint(f"{VARIABLE}: {name!r} is no fail point; there are {', '.join(points)}")
    if colon and not (nth.isascii() and nth.isdecimal() and int(nth) > 0):
        raise NoSuchPoint(f"{VARIABLE}: {nth!r} is no time to die at; 1 is the first")
    return points[name], int(nth or 1)


# No argument leads here, so that nothing which arrives from outside can.
_armed = _read(os.environ.get(VARIABLE, ""))  # noqa: TID251  # a setting of the process as such
_times = count(1)
