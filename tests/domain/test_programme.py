"""A programme, its cohorts, and the communes there is capital for."""

from dataclasses import replace

import pytest

from domain.programme import (
    CohortRegistered,
    Command,
    Commune,
    CommunesSelected,
    Event,
    Programme,
    ProgrammeRegistered,
    RegisterCohort,
    RegisterProgramme,
    Running,
    SelectCommunes,
    Unnamed,
    decide,
    evolve,
)
from domain.refusal import Rule
from domain.values import CohortId, CommuneId, ProgrammeId, UnitCode, Vnd
from tests.domain.story import AGRICULTURE, act, refused

BY = act(AGRICULTURE, "2024-01-02")
REGISTER = RegisterProgramme(programme=ProgrammeId("ntm"), name="NTM", base_communes=139)
CANDIDATES = tuple(
    Commune(
        commune=CommuneId(f"AD{number:02d}"),
        name=f"Commune {number}",
        district=UnitCode("an-duong"),
        synthetic=True,
    )
    for number in range(1, 14)
)
COHORT = RegisterCohort(cohort=CohortId("2024"), year=2024, size=45, communes=CANDIDATES)
SELECT = SelectCommunes(
    cohort=CohortId("2024"),
    chosen=tuple(commune.commune for commune in CANDIDATES),
    total_investment=Vnd(1_495_000_000_000),
    why_deferred="no capital in 2024",
)


def when(command: Command, given: Programme) -> tuple[Event, ...]:
    return decide(given, command, BY)


def after(*commands: Command) -> Programme:
    programme: Programme = Unnamed()
    for command in commands:
        for event in when(command, programme):
            programme = evolve(programme, event)
    return programme


def test_a_programme_is_registered_with_the_communes_it_says_it_started_from() -> None:
    assert when(REGISTER, given=Unnamed()) == (
        ProgrammeRegistered(programme=ProgrammeId("ntm"), name="NTM", base_communes=139),
    )


def test_a_cohort_may_list_fewer_communes_than_it_counts() -> None:
    assert when(COHORT, given=after(REGISTER)) == (
        CohortRegistered(cohort=CohortId("2024"), year=2024, size=45, communes=CANDIDATES),
    )


def test_thirteen_of_forty_five_are_chosen_and_thirty_two_deferred() -> None:
    (event,) = when(SELECT, given=after(REGISTER, COHORT))

    assert isinstance(event, CommunesSelected)
    assert (len(event.chosen), event.deferred) == (13, 32)
    programme = after(REGISTER, COHORT, SELECT)
    assert isinstance(programme, Running)
    assert programme.cohorts[CohortId("2024")].chosen == SELECT.chosen


def test_nobody_is_deferred_when_all_are_chosen() -> None:
    whole = replace(COHORT, size=13)

    (event,) = when(replace(SELECT, why_deferred=""), given=after(REGISTER, whole))

    assert isinstance(event, CommunesSelected)
    assert event.deferred == 0


def test_a_selection_needs_its_document() -> None:
    with refused("input"):
        decide(after(REGISTER, COHORT), SELECT, replace(BY, document=None))


@pytest.mark.parametrize(
    ("given", "command", "rule"),
    [
        ((REGISTER,), REGISTER, "already_exists"),
        ((), COHORT, "not_found"),
        ((REGISTER, COHORT), COHORT, "already_exists"),
        ((REGISTER,), replace(COHORT, size=0, communes=()), "input"),
        ((REGISTER,), replace(COHORT, size=12), "input"),
        ((), SELECT, "not_found"),
        ((REGISTER,), SELECT, "not_found"),
        ((REGISTER, COHORT, SELECT), SELECT, "out_of_turn"),
        ((REGISTER, COHORT), replace(SELECT, chosen=()), "input"),
        ((REGISTER, COHORT), replace(SELECT, chosen=(CommuneId("XX99"),)), "input"),
        ((REGISTER, COHORT), replace(SELECT, chosen=2 * SELECT.chosen[:1]), "input"),
        ((REGISTER, COHORT), replace(SELECT, why_deferred=" "), "input"),
    ],
    ids=[
        "a second registration",
        "a cohort of no programme",
        "a cohort registered twice",
        "a cohort of nobody",
        "a cohort smaller than its list",
        "a selection in no programme",
        "a selection from no cohort",
        "a second selection",
        "a selection of nobody",
        "a selection of a stranger",
        "a commune chosen twice",
        "communes deferred for no reason",
    ],
)
def test_there_cannot_be(given: tuple[Command, ...], command: Command, rule: Rule) -> None:
    programme = after(*given)

    with refused(rule):
        when(command, given=programme)
