"""Obstacles of a section, and the power lines that have to move."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain.calendar import local_day
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, Cause, ObstacleId, Post, Units, UtilityId, Vnd, Voltage, value


@value
class UtilityEntry:
    """Poles to relocate or put underground; `estimate` in đồng."""

    utility: UtilityId
    voltage: Voltage
    poles: int
    estimate: Vnd


# Commands


@value
class RegisterUtilities:
    utilities: tuple[UtilityEntry, ...]
    kind: Literal["RegisterUtilities"] = "RegisterUtilities"


@value
class DecideRelocationFunding:
    """Decide who pays for moving the poles: an explicit decision, for the law names nobody."""

    utilities: tuple[UtilityId, ...]
    payer: str
    kind: Literal["DecideRelocationFunding"] = "DecideRelocationFunding"


@value
class RecordRelocation:
    utility: UtilityId
    kind: Literal["RecordRelocation"] = "RecordRelocation"


@value
class RecordObstacle:
    obstacle: ObstacleId
    cause: Cause
    kind: Literal["RecordObstacle"] = "RecordObstacle"


@value
class RemoveObstacle:
    """Say how the obstacle was removed; the act names the directive, if one did it."""

    obstacle: ObstacleId
    how: str
    kind: Literal["RemoveObstacle"] = "RemoveObstacle"


# Events


@value
class UtilitiesRegistered:
    utilities: tuple[UtilityEntry, ...]
    kind: Literal["UtilitiesRegistered"] = "UtilitiesRegistered"


@value
class RelocationFunded:
    utilities: tuple[UtilityId, ...]
    payer: str
    kind: Literal["RelocationFunded"] = "RelocationFunded"


@value
class UtilityRelocated:
    utility: UtilityId
    kind: Literal["UtilityRelocated"] = "UtilityRelocated"


@value
class ObstacleRecorded:
    obstacle: ObstacleId
    cause: Cause
    owner: Post
    kind: Literal["ObstacleRecorded"] = "ObstacleRecorded"


@value
class ObstacleRemoved:
    obstacle: ObstacleId
    how: str
    kind: Literal["ObstacleRemoved"] = "ObstacleRemoved"


# State


class Relocation(StrEnum):
    """How far the relocation of a utility has come."""

    UNFUNDED = "unfunded"
    FUNDED = "funded"
    DONE = "done"


@value
class Utility:
    entry: UtilityEntry
    status: Relocation
    since: datetime
    payer: str = ""


@value
class Obstacle:
    cause: Cause
    owner: Post
    since: datetime
    removed_at: datetime | None = None


@value
class Ground:
    """What stands in the way of a section, apart from households."""

    utilities: Mapping[UtilityId, Utility]
    obstacles: Mapping[ObstacleId, Obstacle]

    def unmoved(self, status: Relocation) -> tuple[UtilityId, ...]:
        """Utilities at a status."""
        return tuple(name for name, u in self.utilities.items() if u.status is status)

    def standing(self) -> Mapping[ObstacleId, Obstacle]:
        """Obstacles not removed yet."""
        return {name: o for name, o in self.obstacles.items() if o.removed_at is None}


CLEAR = Ground(utilities={}, obstacles={})

Command: TypeAlias = (
    RegisterUtilities | DecideRelocationFunding | RecordRelocation | RecordObstacle | RemoveObstacle
)
Event: TypeAlias = (
    UtilitiesRegistered | RelocationFunded | UtilityRelocated | ObstacleRecorded | ObstacleRemoved
)


def decide(
    ground: Ground, command: Command, act: Act, units: Units, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command about utilities and obstacles, or raise `Refused`."""
    match command:
        case RegisterUtilities(utilities=entries):
            _check_entries(ground, entries)
            return (UtilitiesRegistered(utilities=entries),)
        case DecideRelocationFunding(utilities=names, payer=payer):
            if act.document is None:
                raise Refused("input", "document: a funding decision needs its document")
            if not payer.strip() or not names:
                raise Refused("input", "payer, utilities: say who pays for which lines")
            for name in names:
                _utility_at(ground, name, Relocation.UNFUNDED)
            return (RelocationFunded(utilities=names, payer=payer),)
        case RecordRelocation(utility=name):
            _utility_at(ground, name, Relocation.FUNDED)
            return (UtilityRelocated(utility=name),)
        case RecordObstacle(obstacle=name, cause=cause):
            if name in ground.obstacles:
                raise Refused("already_exists", f"obstacle: {name} is recorded already")
            owner = policy.owner(cause, units, local_day(act.at))
            return (ObstacleRecorded(obstacle=name, cause=cause, owner=owner),)
        case RemoveObstacle(obstacle=name, how=how):
            if name not in ground.standing():
                raise Refused("not_found", f"obstacle: {name} does not stand in this section")
            if not how.strip():
                raise Refused("input", "how: is empty; say how the obstacle was removed")
            return (ObstacleRemoved(obstacle=name, how=how),)
        case _:
            assert_never(command)


def evolve(ground: Ground, event: Event, act: Act) -> Ground:
    """Apply one event to utilities and obstacles."""
    utilities, obstacles = dict(ground.utilities), dict(ground.obstacles)
    match event:
        case UtilitiesRegistered(utilities=entries):
            for entry in entries:
                utilities[entry.utility] = Utility(
                    entry=entry, status=Relocation.UNFUNDED, since=act.at
                )
        case RelocationFunded(utilities=names, payer=payer):
            for name in names:
                utilities[name] = replace(
                    utilities[name], status=Relocation.FUNDED, since=act.at, payer=payer
                )
        case UtilityRelocated(utility=name):
            utilities[name] = replace(utilities[name], status=Relocation.DONE, since=act.at)
        case ObstacleRecorded(obstacle=name_, cause=cause, owner=owner):
            obstacles[name_] = Obstacle(cause=cause, owner=owner, since=act.at)
        case ObstacleRemoved(obstacle=name_):
            obstacles[name_] = replace(obstacles[name_], removed_at=act.at)
        case _:
            assert_never(event)
    return Ground(utilities=utilities, obstacles=obstacles)


def _check_entries(ground: Ground, entries: tuple[UtilityEntry, ...]) -> None:
    names = [entry.utility for entry in entries]
    if not names or len(set(names)) != len(names):
        raise Refused("input", "utilities: need one or more, each once")
    known = sorted(set(names) & set(ground.utilities))
    if known:
        raise Refused("already_exists", f"utilities: registered already: {', '.join(known)}")
    if any(entry.poles <= 0 or entry.estimate < 0 for entry in entries):
        raise Refused("input", "poles must be positive and estimate not negative")


def _utility_at(ground: Ground, name: UtilityId, status: Relocation) -> None:
    if name not in ground.utilities:
        raise Refused("not_found", f"utility: {name} is not registered in this section")
    if ground.utilities[name].status is not status:
        found = ground.utilities[name].status
        raise Refused("out_of_turn", f"utility {name} is {found}; this needs {status}")
