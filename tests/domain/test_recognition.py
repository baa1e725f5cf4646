"""A commune is recognised step by step, when its works are in use and nobody is owed."""

import pytest

from domain.programme_forms import Running
from domain.recognition import RecogniseCommune, RecordRecognitionStage, Stage
from domain.refusal import Rule
from domain.streams import Command
from domain.values import CommuneId, Post, ProjectId
from tests.domain.money import RECOGNISED, ROUTE
from tests.domain.story import (
    AGRICULTURE,
    CHARTER,
    CITY_CHAIR,
    RELEASE,
    USE,
    Asked,
    act,
    build,
    refused,
    told,
)

RECOGNISE = RECOGNISED[-1]
COMMUNE = CHARTER.commune


def step(command: Command, by: Post = AGRICULTURE, *, paper: bool = True) -> Asked:
    asked = act(by, "2024-12-02") if paper else act(by, "2024-12-02", None)
    return ROUTE, command, asked


def test_a_commune_comes_to_its_recognition() -> None:
    programme = told(*RECOGNISED)[ROUTE]

    assert isinstance(programme, Running)
    assert programme.recognised == {COMMUNE: Stage.RECOGNISED}


@pytest.mark.parametrize(
    ("given", "asked", "rule"),
    [
        (RECOGNISED[:-2], RECOGNISE, "out_of_turn"),
        (RECOGNISED, RECOGNISE, "out_of_turn"),
        (
            RECOGNISED[:-4],
            step(RecordRecognitionStage(commune=COMMUNE, stage=Stage.VERIFIED)),
            "out_of_turn",
        ),
        (
            RECOGNISED[:-1],
            step(RecordRecognitionStage(commune=COMMUNE, stage=Stage.RECOGNISED)),
            "input",
        ),
        (
            RECOGNISED[:-4],
            step(RecordRecognitionStage(commune=COMMUNE, stage=Stage.SELF_ASSESSED), paper=False),
            "input",
        ),
        (
            RECOGNISED[:-4],
            step(RecordRecognitionStage(commune=CommuneId("x"), stage=Stage.SELF_ASSESSED)),
            "not_found",
        ),
        (
            RECOGNISED[:-1],
            step(RecogniseCommune(commune=COMMUNE, projects=()), CITY_CHAIR),
            "input",
        ),
        (
            RECOGNISED[:-1],
            step(RecogniseCommune(commune=COMMUNE, projects=(ProjectId("no"),)), CITY_CHAIR),
            "not_found",
        ),
    ],
    ids=[
        "before its appraisal",
        "twice",
        "verified before it assessed itself",
        "as a step and not by a decision",
        "without a paper",
        "where it was never chosen",
        "without a project",
        "with a project that is none",
    ],
)
def test_a_commune_is_not_recognised(given: tuple[Asked, ...], asked: Asked, rule: Rule) -> None:
    with refused(rule):
        told(asked, given=told(*given))


def test_works_that_are_not_in_use_stand_in_the_way() -> None:
    story = tuple(one for one in RECOGNISED[:-1] if one not in (USE, RELEASE))

    with refused("out_of_turn") as refusal:
        told(RECOGNISE, given=told(*story))
    assert "not in use" in refusal.value.because


def test_what_is_owed_for_the_works_stands_in_the_way() -> None:
    """Another 500 million were accepted, and 475 of them are payable and not paid."""
    first = build("S1", 1_000_000_000, "2024-06-03")[2]  # type: ignore[arg-type]
    more = build("S1", 1_500_000_000, "2024-06-03")[2]  # type: ignore[arg-type]
    story = tuple(more if one == first else one for one in RECOGNISED[:-1])

    with refused("out_of_turn") as refusal:
        told(RECOGNISE, given=told(*story))
    assert "475,000,000 đồng is owed" in refusal.value.because
