"""A commune on its way to recognition: assessed, verified, appraised, recognised, in that order."""

from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain.refusal import Refused
from domain.values import Act, CommuneId, ProjectId, value


class Stage(StrEnum):
    """How far a commune has come; the last by the city's decision only (QĐ 18/2022/QĐ-TTg)."""

    SELF_ASSESSED = "self-assessed"
    VERIFIED = "verified"
    APPRAISED = "appraised"
    RECOGNISED = "recognised"


# Commands


@value
class RecordRecognitionStage:
    """A step before the decision was taken; its paper is the act's."""

    commune: CommuneId
    stage: Stage
    kind: Literal["RecordRecognitionStage"] = "RecordRecognitionStage"


@value
class RecogniseCommune:
    """Recognise it; each of its projects attests that its works are in use and nobody is owed."""

    commune: CommuneId
    projects: tuple[ProjectId, ...]
    kind: Literal["RecogniseCommune"] = "RecogniseCommune"


# Events


@value
class RecognitionStageRecorded:
    commune: CommuneId
    stage: Stage
    kind: Literal["RecognitionStageRecorded"] = "RecognitionStageRecorded"


@value
class CommuneRecognised:
    commune: CommuneId
    projects: tuple[ProjectId, ...]
    kind: Literal["CommuneRecognised"] = "CommuneRecognised"


Command: TypeAlias = RecordRecognitionStage | RecogniseCommune
Event: TypeAlias = RecognitionStageRecorded | CommuneRecognised


def decide(reached: Stage | None, command: Command, act: Act) -> Event:
    """Answer a command about a chosen commune that has come so far, or raise `Refused`."""
    if act.document is None:
        raise Refused("input", "document: each step of recognition rests on a paper")
    match command:
        case RecordRecognitionStage(commune=commune, stage=stage):
            _next(reached, commune, stage)
            if stage is Stage.RECOGNISED:
                raise Refused("input", "stage: a commune is recognised by a decision of its own")
            return RecognitionStageRecorded(commune=commune, stage=stage)
        case RecogniseCommune(commune=commune, projects=projects):
            _next(reached, commune, Stage.RECOGNISED)
            if not projects or len(set(projects)) != len(projects):
                raise Refused("input", "projects: name every project of the commune, each once")
            return CommuneRecognised(commune=commune, projects=projects)
        case _:
            assert_never(command)


def evolve(event: Event) -> Stage:
    """How far the commune has come with this event."""
    match event:
        case RecognitionStageRecorded(stage=stage):
            return stage
        case CommuneRecognised():
            return Stage.RECOGNISED
        case _:
            assert_never(event)


def _next(reached: Stage | None, commune: CommuneId, wanted: Stage) -> None:
    order = tuple(Stage)
    expected = order[order.index(reached) + 1 :] if reached else order
    if not expected or wanted is not expected[0]:
        comes = f"{expected[0]} comes next" if expected else "it is recognised"
        raise Refused("out_of_turn", f"stage: {wanted} of {commune}: {comes}")
