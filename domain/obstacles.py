"""Obstacles of a section: typed causes with an owner, and the ground they stand on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain import utilities
from domain.calendar import Calendar, local_day
from domain.deadlines import Due
from domain.policy import Policy
from domain.refusal import Refused
from domain.utilities import (
    DecideRelocationFunding,
    EstimateRevised,
    Lines,
    PolesMoved,
    RecordRelocation,
    RegisterUtilities,
    Relocation,
    RelocationFunded,
    RelocationScheduled,
    ReviseEstimate,
    ScheduleRelocation,
    UtilitiesRegistered,
    UtilityRelocated,
    at_status,
)
from domain.values import (
    Act,
    CaseCode,
    Cause,
    Directive,
    ObstacleId,
    Post,
    QuestionId,
    Role,
    Units,
    UtilityId,
    value,
)


@value
class Blocks:
    """What an obstacle holds up: households, power lines, the works; all of it if it names none.

    An obstacle that names its lines is gone when they are paid for, or moved.
    """

    cases: tuple[CaseCode, ...] = ()
    utilities: tuple[UtilityId, ...] = ()
    works: bool = False


THE_SECTION = Blocks()


class Means(StrEnum):
    """What made an obstacle go: somebody reports it, or it follows from what was decided."""

    REPORTED = "reported"
    FUNDING = "funding"
    RELOCATION = "relocation"
    DIRECTIVE = "directive"


# Commands


@value
class RecordObstacle:
    obstacle: ObstacleId
    cause: Cause
    blocks: Blocks = THE_SECTION
    kind: Literal["RecordObstacle"] = "RecordObstacle"


@value
class ReassignObstacle:
    """Another post of the section's own units has to remove it from now on."""

    obstacle: ObstacleId
    owner: Post
    reason: str
    kind: Literal["ReassignObstacle"] = "ReassignObstacle"


@value
class RemoveObstacle:
    """Say how the obstacle was removed; the act names the directive, if one did it."""

    obstacle: ObstacleId
    how: str
    kind: Literal["RemoveObstacle"] = "RemoveObstacle"


# Events


@value
class ObstacleRecorded:
    obstacle: ObstacleId
    cause: Cause
    owner: Post
    blocks: Blocks = THE_SECTION
    due: Due | None = None
    kind: Literal["ObstacleRecorded"] = "ObstacleRecorded"


@value
class ObstacleReassigned:
    obstacle: ObstacleId
    owner: Post
    was: Post
    reason: str
    due: Due | None
    kind: Literal["ObstacleReassigned"] = "ObstacleReassigned"


@value
class ObstacleRemoved:
    obstacle: ObstacleId
    how: str
    means: Means = Means.REPORTED
    kind: Literal["ObstacleRemoved"] = "ObstacleRemoved"


# State


@value
class Referral:
    """The question an obstacle waits for, and the locality that asked it."""

    question: QuestionId
    by: Post
    since: datetime


@value
class Answer:
    """What a question brought back; `document` is the directive's symbol."""

    question: QuestionId
    directive: Directive
    at: datetime
    document: str


@value
class Obstacle:
    """An obstacle, from when it was recorded on; `due` is its owner's limit, if the law has one.

    `document` is the symbol of the paper that removed it.
    """

    cause: Cause
    owner: Post
    since: datetime
    removed_at: datetime | None = None
    blocks: Blocks = THE_SECTION
    due: Due | None = None
    how: str = ""
    means: Means | None = None
    document: str = ""
    referral: Referral | None = None
    answer: Answer | None = None

    def age(self, on: date, calendar: Calendar) -> int:
        """Working days since it was recorded: until a day, or until it was removed."""
        until = local_day(self.removed_at) if self.removed_at else on
        return calendar.working_days_between(local_day(self.since), until)


@value
class Ground:
    """What stands in the way of a section, apart from households."""

    utilities: Lines
    obstacles: Mapping[ObstacleId, Obstacle]

    def unmoved(self, status: Relocation) -> tuple[UtilityId, ...]:
        """Utilities at a status."""
        return tuple(name for name, u in self.utilities.items() if u.status is status)

    def standing(self) -> Mapping[ObstacleId, Obstacle]:
        """Obstacles not removed yet."""
        return {name: o for name, o in self.obstacles.items() if o.removed_at is None}

    def awaited(self) -> tuple[QuestionId, ...]:
        """Questions whose answer standing obstacles wait for."""
        found = {o.referral.question for o in self.standing().values() if o.referral}
        return tuple(sorted(found))


_POLES = frozenset((Cause.POWER_LINE_LV, Cause.POWER_LINE_MV, Cause.NO_RELOCATION_FUNDING))

CLEAR = Ground(utilities={}, obstacles={})

Command: TypeAlias = utilities.Command | RecordObstacle | ReassignObstacle | RemoveObstacle
Event: TypeAlias = utilities.Event | ObstacleRecorded | ObstacleReassigned | ObstacleRemoved


def decide(
    ground: Ground, command: Command, act: Act, units: Units, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command about utilities and obstacles, or raise `Refused`."""
    match command:
        case (
            RegisterUtilities()
            | ReviseEstimate()
            | DecideRelocationFunding()
            | ScheduleRelocation()
            | RecordRelocation()
        ):
            events = utilities.decide(ground.utilities, command, act)
            return (*events, *freed(after(ground, events, act)))
        case RecordObstacle(obstacle=name, cause=cause, blocks=blocks):
            if name in ground.obstacles:
                raise Refused("already_exists", f"obstacle: {name} is recorded already")
            unknown = sorted(set(blocks.utilities) - set(ground.utilities))
            if unknown:
                raise Refused("not_found", f"utilities: not registered here: {', '.join(unknown)}")
            owner = policy.owner(cause, units, local_day(act.at))
            due = policy.obstacle_due(cause, act.at)
            return (
                ObstacleRecorded(obstacle=name, cause=cause, owner=owner, blocks=blocks, due=due),
            )
        case ReassignObstacle():
            return (_reassigned(ground, command, act, units, policy),)
        case RemoveObstacle(obstacle=name, how=how):
            _standing(ground, name)
            if not how.strip():
                raise Refused("input", "how: is empty; say how the obstacle was removed")
            return (ObstacleRemoved(obstacle=name, how=how),)
        case _:
            assert_never(command)


def evolve(ground: Ground, event: Event, act: Act) -> Ground:
    """Apply one event to utilities and obstacles."""
    obstacles = ground.obstacles
    match event:
        case ObstacleRecorded(obstacle=name):
            obstacle = Obstacle(
                cause=event.cause,
                owner=event.owner,
                since=act.at,
                blocks=event.blocks,
                due=event.due,
            )
            return replace(ground, obstacles={**obstacles, name: obstacle})
        case ObstacleReassigned(obstacle=name, owner=owner, due=due):
            obstacle = replace(obstacles[name], owner=owner, due=due)
            return replace(ground, obstacles={**obstacles, name: obstacle})
        case ObstacleRemoved(obstacle=name, how=how, means=means):
            document = act.document.symbol if act.document else ""
            obstacle = replace(
                obstacles[name], removed_at=act.at, how=how, means=means, document=document
            )
            return replace(ground, obstacles={**obstacles, name: obstacle})
        case (
            UtilitiesRegistered()
            | EstimateRevised()
            | RelocationFunded()
            | RelocationScheduled()
            | PolesMoved()
            | UtilityRelocated()
        ):
            return replace(ground, utilities=utilities.evolve(ground.utilities, event, act))
        case _:
            assert_never(event)


def after(ground: Ground, events: tuple[Event, ...], act: Act) -> Ground:
    """The ground once these have happened."""
    for event in events:
        ground = evolve(ground, event, act)
    return ground


def freed(ground: Ground) -> tuple[ObstacleRemoved, ...]:
    """Obstacles that name their lines and have nothing to wait for any more."""
    return tuple(
        ObstacleRemoved(obstacle=name, how=how, means=means)
        for name, obstacle in ground.standing().items()
        if (named := obstacle.blocks.utilities)
        for means, how in _freed_by(ground.utilities, obstacle.cause, named)
    )


def alike(one: Cause, other: Cause) -> bool:
    """Whether one answer may settle obstacles of both causes: all that is about poles is one."""
    return one is other or {one, other} <= _POLES


def _freed_by(
    lines: Lines, cause: Cause, named: tuple[UtilityId, ...]
) -> tuple[tuple[Means, str], ...]:
    match cause:
        case Cause.NO_RELOCATION_FUNDING if at_status(lines, named, Relocation.FUNDED):
            payers = dict.fromkeys(lines[name].payer or str(lines[name].source) for name in named)
            return ((Means.FUNDING, "; ".join(payers)),)
        case Cause.POWER_LINE_LV | Cause.POWER_LINE_MV if at_status(lines, named, Relocation.DONE):
            return ((Means.RELOCATION, ", ".join(named)),)
        case _:
            return ()


def _reassigned(
    ground: Ground, command: ReassignObstacle, act: Act, units: Units, policy: Policy
) -> ObstacleReassigned:
    obstacle = _standing(ground, command.obstacle)
    owner = command.owner
    if owner.role is Role.SYSTEM or owner.unit not in (units.commune, units.district, units.city):
        own = f"{units.commune}, {units.district}, {units.city}"
        raise Refused("input", f"owner: {owner} is no post of the section's units: {own}")
    if owner == obstacle.owner:
        raise Refused("nothing_to_do", f"owner: is {owner} already")
    if not command.reason.strip():
        raise Refused("input", "reason: is empty; say why another post has to remove it")
    return ObstacleReassigned(
        obstacle=command.obstacle,
        owner=owner,
        was=obstacle.owner,
        reason=command.reason,
        due=policy.obstacle_due(obstacle.cause, act.at),
    )


def _standing(ground: Ground, name: ObstacleId) -> Obstacle:
    standing = ground.standing()
    if name not in standing:
        raise Refused("not_found", f"obstacle: {name} does not stand in this section")
    return standing[name]
