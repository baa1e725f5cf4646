"""How far a policy question reaches: what its events ask of sections, and of other questions."""

from collections.abc import Iterator
from typing import TypeAlias

from domain import question_forms as forms
from domain.question import Asked
from domain.referrals import RecallObstacles, ReceiveDirective, ReferObstacles
from domain.values import Level, ObstacleId, Post, ProjectId, QuestionId, SectionId

Place: TypeAlias = tuple[ProjectId, SectionId]


def questions(state: Asked, event: forms.Event) -> Iterator[tuple[QuestionId, forms.Entailed]]:
    """Commands to other questions, in the order of their names; `state` includes the event."""
    match event:
        case forms.QuestionsConsolidated(questions=names):
            merge = forms.MergeQuestion(
                into=state.question, programme=state.programme, cause=state.cause
            )
            for name in sorted(names):
                yield name, merge
        case forms.QuestionMerged(into=into):
            yield (
                into,
                forms.JoinQuestion(question=state.question, shares=state.shares, due=state.due),
            )
        case _:
            return


def sections(
    state: Asked, event: forms.Event
) -> Iterator[tuple[Place, ReferObstacles | RecallObstacles | ReceiveDirective]]:
    """Commands to sections, in the order of their names; `state` includes the event."""
    match event:
        case forms.QuestionRaised(concerns=concerns, levels=levels):
            for place, obstacles in _by_place(concerns):
                yield place, _refer(state, obstacles, state.raised_by, levels=levels)
        case forms.QuestionJoined(question=merged, shares=shares):
            for share in shares:
                for place, obstacles in _by_place(share.concerns):
                    yield place, _refer(state, obstacles, share.by, merged=merged)
        case forms.DirectiveIssued(directive=directive):
            for place, obstacles in _by_place(state.concerns):
                receive = ReceiveDirective(
                    question=state.question, directive=directive, obstacles=obstacles
                )
                yield place, receive
        case forms.QuestionWithdrawn():
            for place, obstacles in _by_place(state.concerns):
                yield place, RecallObstacles(question=state.question, obstacles=obstacles)
        case _:
            return


def _refer(
    state: Asked,
    obstacles: tuple[ObstacleId, ...],
    by: Post,
    *,
    levels: tuple[Level, ...] = (),
    merged: QuestionId | None = None,
) -> ReferObstacles:
    return ReferObstacles(
        question=state.question,
        programme=state.programme,
        cause=state.cause,
        obstacles=obstacles,
        by=by,
        levels=levels,
        merged=merged,
    )


def _by_place(
    concerns: tuple[forms.Concern, ...],
) -> list[tuple[Place, tuple[ObstacleId, ...]]]:
    """The obstacles of each section once, whoever asked about them."""
    found: dict[Place, tuple[ObstacleId, ...]] = {}
    for one in concerns:
        place = (one.project, one.section)
        found[place] = tuple(dict.fromkeys((*found.get(place, ()), *one.obstacles)))
    return sorted(found.items())
