"""What passes between a section's obstacles and the policy questions they wait for."""

from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from domain import obstacles
from domain.charter import Charter
from domain.deadlines import Due
from domain.obstacles import (
    Answer,
    Ground,
    Means,
    Obstacle,
    ObstacleRemoved,
    Referral,
    alike,
)
from domain.policy import Policy
from domain.refusal import Refused
from domain.utilities import Relocation, RelocationFunded
from domain.values import (
    Act,
    Cause,
    Directive,
    Level,
    ObstacleId,
    Outcome,
    Post,
    ProgrammeId,
    QuestionId,
    value,
)

# Commands, all of them entailed by a question


@value
class ReferObstacles:
    """These obstacles wait for a question's answer, as the locality `by` asked.

    The law lets its role ask at these `levels`: at one of them it has to be the section's own.
    With `merged` they had waited for that question, which has become part of this one.
    """

    question: QuestionId
    programme: ProgrammeId
    cause: Cause
    obstacles: tuple[ObstacleId, ...]
    by: Post
    levels: tuple[Level, ...]
    merged: QuestionId | None = None
    kind: Literal["ReferObstacles"] = "ReferObstacles"


@value
class RecallObstacles:
    """The question was withdrawn: they wait for it no more."""

    question: QuestionId
    obstacles: tuple[ObstacleId, ...]
    kind: Literal["RecallObstacles"] = "RecallObstacles"


@value
class ReceiveDirective:
    """The city has decided about these."""

    question: QuestionId
    directive: Directive
    obstacles: tuple[ObstacleId, ...]
    kind: Literal["ReceiveDirective"] = "ReceiveDirective"


# Events


@value
class ObstaclesReferred:
    question: QuestionId
    obstacles: tuple[ObstacleId, ...]
    by: Post
    kind: Literal["ObstaclesReferred"] = "ObstaclesReferred"


@value
class ObstaclesRecalled:
    question: QuestionId
    obstacles: tuple[ObstacleId, ...]
    kind: Literal["ObstaclesRecalled"] = "ObstaclesRecalled"


@value
class DirectiveReceived:
    """The answer reached the `obstacles` that waited; `gone` stood no more, or waited no more.

    `asked_by` are the localities that asked about any of them. `dues` are the owners' limits, one
    for each of `obstacles`: they begin anew, for nobody could act before.
    """

    question: QuestionId
    directive: Directive
    obstacles: tuple[ObstacleId, ...]
    dues: tuple[Due | None, ...]
    gone: tuple[ObstacleId, ...]
    asked_by: tuple[Post, ...]
    kind: Literal["DirectiveReceived"] = "DirectiveReceived"


Entailed: TypeAlias = ReferObstacles | RecallObstacles | ReceiveDirective
Event: TypeAlias = ObstaclesReferred | ObstaclesRecalled | DirectiveReceived


def decide(
    ground: Ground, command: Entailed, act: Act, charter: Charter, policy: Policy
) -> tuple[Event | obstacles.Event, ...]:
    """What a question's step does to the obstacles it concerns.

    Only who raises a question is refused. What follows later finds some of them removed in the
    meantime, and holds up none of the others.
    """
    waiting = _waiting(ground, command)
    match command:
        case ReferObstacles(question=question, merged=None):
            _check_asker(command, charter)
            for name in command.obstacles:
                _check_referable(ground, name, command.cause)
            named = command.obstacles
            return (ObstaclesReferred(question=question, obstacles=named, by=command.by),)
        case ReferObstacles(question=question, by=by):
            following = ObstaclesReferred(question=question, obstacles=waiting, by=by)
            return (following,) if waiting else ()
        case RecallObstacles(question=question):
            return (ObstaclesRecalled(question=question, obstacles=waiting),) if waiting else ()
        case ReceiveDirective():
            return _received(ground, command, waiting, act, policy)
        case _:
            assert_never(command)


def evolve(ground: Ground, event: Event, act: Act) -> Ground:
    """Apply one event to the obstacles it names."""
    changed: dict[ObstacleId, Obstacle] = {}
    for nth, name in enumerate(event.obstacles):
        obstacle = ground.obstacles[name]
        match event:
            case ObstaclesReferred(question=question, by=by):
                since = obstacle.referral.since if obstacle.referral else act.at
                referral = Referral(question=question, by=by, since=since)
                changed[name] = replace(obstacle, referral=referral)
            case ObstaclesRecalled():
                changed[name] = replace(obstacle, referral=None)
            case DirectiveReceived(question=question, directive=directive, dues=dues):
                answer = Answer(
                    question=question,
                    directive=directive,
                    at=act.at,
                    document=act.document.symbol if act.document else "",
                )
                changed[name] = replace(obstacle, referral=None, answer=answer, due=dues[nth])
            case _:
                assert_never(event)
    return replace(ground, obstacles={**ground.obstacles, **changed})


def is_progress(event: Event) -> bool:
    """Whether the section is nearer to hand-over: its owners may act now, who could not before."""
    return (
        isinstance(event, DirectiveReceived)
        and event.directive.outcome is not Outcome.REFUSES
        and bool(event.obstacles)
    )


def _received(
    ground: Ground,
    command: ReceiveDirective,
    waiting: tuple[ObstacleId, ...],
    act: Act,
    policy: Policy,
) -> tuple[Event | obstacles.Event, ...]:
    directive = command.directive
    received = DirectiveReceived(
        question=command.question,
        directive=directive,
        obstacles=waiting,
        dues=tuple(policy.obstacle_due(ground.obstacles[name].cause, act.at) for name in waiting),
        gone=tuple(name for name in command.obstacles if name not in waiting),
        asked_by=tuple(
            dict.fromkeys(
                referral.by
                for name in command.obstacles
                if (referral := ground.obstacles[name].referral) is not None
                and referral.question == command.question
            )
        ),
    )
    follows: list[obstacles.Event] = []
    unpaid = dict.fromkeys(
        line
        for name in waiting
        for line in ground.obstacles[name].blocks.utilities
        if ground.utilities[line].status is Relocation.UNFUNDED
    )
    if directive.payer is not None and unpaid:
        follows.append(RelocationFunded(utilities=tuple(unpaid), payer="", source=directive.payer))
    if directive.outcome is Outcome.REMOVES:
        follows += (
            ObstacleRemoved(obstacle=name, how=directive.text, means=Means.DIRECTIVE)
            for name in waiting
        )
    ground = obstacles.after(evolve(ground, received, act), tuple(follows), act)
    return (received, *follows, *obstacles.freed(ground))


def _waiting(ground: Ground, command: Entailed) -> tuple[ObstacleId, ...]:
    """Which of the named obstacles stand, and wait for the question that speaks."""
    question = command.question
    if isinstance(command, ReferObstacles) and command.merged is not None:
        question = command.merged
    return tuple(
        name
        for name in command.obstacles
        if (found := ground.standing().get(name)) is not None
        and found.referral is not None
        and found.referral.question == question
    )


def _check_asker(command: ReferObstacles, charter: Charter) -> None:
    own = [charter.units.at(level) for level in command.levels]
    if command.by.unit not in own:
        raise Refused("authority", f"{command.by} may not ask for {charter.project}'s section")
    if command.programme != charter.programme:
        raise Refused("input", f"programme: {charter.project} belongs to {charter.programme}")


def _check_referable(ground: Ground, name: ObstacleId, cause: Cause) -> None:
    found = ground.standing().get(name)
    if found is None:
        raise Refused("not_found", f"obstacle: {name} does not stand in this section")
    if not alike(found.cause, cause):
        raise Refused("input", f"obstacle: {name} is about {found.cause}, not {cause}")
    if found.referral is not None:
        raise Refused(
            "already_exists", f"obstacle: {name} waits for question {found.referral.question}"
        )
