"""A programme, its cohorts, and the communes there is capital for."""

from dataclasses import replace

import pytest

from domain.candidates import Candidate, Measure
from domain.law import Criterion
from domain.programme import decide, evolve, ranked
from domain.programme_forms import (
    AdmitProject,
    CohortRegistered,
    Command,
    Commune,
    CommunesSelected,
    Departure,
    Entailed,
    Event,
    Prepared,
    PrepareProjects,
    Programme,
    ProgrammeRegistered,
    ProposeCandidates,
    RegisterCohort,
    RegisterProgramme,
    Running,
    SelectCommunes,
    Unnamed,
)
from domain.refusal import Rule
from domain.values import CohortId, CommuneId, ProgrammeId, UnitCode, Vnd
from tests.domain.story import AGRICULTURE, CHARTER, POLICY, WORKS, act, refused

BY = act(AGRICULTURE, "2024-01-02")
REGISTER = RegisterProgramme(programme=ProgrammeId("ntm"), name="NTM", base_communes=139)
FIRST, NEXT = CohortId("2024"), CohortId("2025")
CEILING = Vnd(1_495_000_000_000)


def name(number: int) -> CommuneId:
    return CommuneId(f"AD{number:02d}")


def commune(number: int) -> Commune:
    return Commune(
        commune=name(number),
        name=f"Commune {number}",
        district=UnitCode("an-duong" if number <= 13 else "vinh-bao"),
        synthetic=True,
    )


def candidate(number: int, cost: int = 115_000_000_000, **percents: int) -> Candidate:
    """The first thirteen are about to become urban; all others are the better the earlier."""
    told = {"becoming_urban": 100 if number <= 13 else 0, "land_ready": 100 - number, **percents}
    return Candidate(
        commune=name(number),
        cost=Vnd(cost),
        measures=tuple(
            Measure(criterion=Criterion[criterion.upper()], percent=percent)
            for criterion, percent in told.items()
        ),
        synthetic=True,
    )


def propose(*candidates: Candidate, cohort: CohortId = FIRST) -> ProposeCandidates:
    return ProposeCandidates(cohort=cohort, candidates=candidates)


COHORT = RegisterCohort(
    cohort=FIRST, year=2024, size=45, communes=tuple(commune(n) for n in range(1, 46))
)
PROPOSE = propose(*(candidate(n) for n in range(1, 46)))
SELECT = SelectCommunes(
    cohort=FIRST,
    ceiling=CEILING,
    chosen=tuple(name(n) for n in range(1, 14)),
    why_deferred="no capital in 2024",
)
AGAIN = RegisterCohort(
    cohort=NEXT, year=2025, size=2, communes=(commune(14), replace(commune(46), name="New"))
)
TO_CHOICE = (REGISTER, COHORT, PROPOSE)


def when(command: Command | Entailed, given: Programme) -> tuple[Event, ...]:
    return decide(given, command, BY, POLICY)


def after(*commands: Command) -> Running:
    programme: Programme = Unnamed()
    for command in commands:
        for event in when(command, programme):
            programme = evolve(programme, event, BY)
    assert isinstance(programme, Running)
    return programme


def chosen_by(command: SelectCommunes, *given: Command) -> CommunesSelected:
    (event,) = when(command, after(*(given or TO_CHOICE)))
    assert isinstance(event, CommunesSelected)
    return event


def test_a_programme_is_registered_with_the_communes_it_says_it_started_from() -> None:
    assert when(REGISTER, given=Unnamed()) == (
        ProgrammeRegistered(programme=ProgrammeId("ntm"), name="NTM", base_communes=139),
    )


def test_a_cohort_may_list_fewer_communes_than_it_counts() -> None:
    some = replace(COHORT, communes=COHORT.communes[:13])

    assert when(some, given=after(REGISTER)) == (
        CohortRegistered(cohort=FIRST, year=2024, size=45, communes=some.communes),
    )


# The choice


def test_thirteen_of_forty_five_are_chosen_and_each_of_the_others_is_told_why_not() -> None:
    event = chosen_by(SELECT)

    assert (len(event.chosen), event.deferred) == (13, 32)
    assert event.total_investment == CEILING
    assert event.policy == POLICY.version
    programme = evolve(after(*TO_CHOICE), event, BY)
    assert isinstance(programme, Running)
    cohort = programme.cohorts[FIRST]
    assert (cohort.chosen, cohort.ceiling, cohort.basis) == (SELECT.chosen, CEILING, BY)
    deferred = [place for place in cohort.places if not place.chosen]
    assert [(place.rank, place.cost, place.left) for place in deferred] == [
        (rank, 115_000_000_000, 0) for rank in range(14, 46)
    ]


def test_the_reasons_of_a_place_add_up_to_its_score() -> None:
    place = ranked(after(*TO_CHOICE), FIRST, CEILING, BY, POLICY)[0]

    said = {one.criterion: (one.tier, one.percent, one.points) for one in place.points}
    assert said == {
        Criterion.BECOMING_URBAN: (1, 100, 10_000),
        Criterion.ADVANCED: (2, 0, 0),
        Criterion.LAND_READY: (2, 99, 2_970),
        Criterion.OWN_CONTRIBUTION: (2, 0, 0),
        Criterion.WAITED: (2, 0, 0),
    }
    assert place.score == 12_970


def test_a_unit_about_to_become_urban_goes_before_everything_else() -> None:
    rural = candidate(14, land_ready=100, advanced=100, own_contribution=100)
    programme = after(REGISTER, COHORT, propose(candidate(1, land_ready=0), rural))

    assert [place.commune for place in ranked(programme, FIRST, CEILING, BY, POLICY)] == [
        name(1), name(14),
    ]  # fmt: skip


def test_of_those_alike_the_cheaper_goes_first_and_then_the_code_decides() -> None:
    alike = (candidate(n, cost, land_ready=50) for n, cost in ((3, 9), (2, 9), (1, 10)))
    programme = after(REGISTER, COHORT, propose(*alike))

    places = ranked(programme, FIRST, Vnd(100), BY, POLICY)

    assert [place.commune for place in places] == [name(2), name(3), name(1)]


def test_whoever_there_is_not_enough_for_ends_the_choice() -> None:
    costs = ((1, 60), (2, 60), (3, 10))
    programme = after(REGISTER, COHORT, propose(*(candidate(n, cost) for n, cost in costs)))

    places = ranked(programme, FIRST, Vnd(100), BY, POLICY)

    # The third would fit, and would go before the second.
    assert [(place.chosen, place.left) for place in places] == [
        (True, 100), (False, 40), (False, 40),
    ]  # fmt: skip


def test_a_departure_from_the_ranking_is_kept_with_its_reason() -> None:
    swapped = (*SELECT.chosen[:-1], name(20))
    departures = (
        Departure(commune=name(13), reason="land in dispute"),
        Departure(commune=name(20), reason="the school is falling down"),
    )

    event = chosen_by(replace(SELECT, chosen=swapped, departures=departures))

    against = {
        place.commune: (place.chosen, place.reason) for place in event.places if place.reason
    }
    assert against == {
        name(13): (False, "land in dispute"),
        name(20): (True, "the school is falling down"),
    }
    assert event.total_investment == CEILING


def test_who_was_deferred_may_stand_again_and_it_counts_that_they_waited() -> None:
    programme = after(
        *TO_CHOICE, SELECT, AGAIN,
        propose(candidate(14, land_ready=60), candidate(46, land_ready=80), cohort=NEXT),
    )  # fmt: skip

    first, second = ranked(programme, NEXT, CEILING, BY, POLICY)

    assert (first.commune, first.waited) == (name(14), (FIRST,))
    assert (second.commune, second.waited) == (name(46), ())
    assert programme.proposed_again(FIRST) == {name(14)}


def test_nobody_is_deferred_when_all_are_chosen() -> None:
    whole = replace(COHORT, size=13, communes=COHORT.communes[:13])
    ours = propose(*(candidate(n) for n in range(1, 14)))

    event = chosen_by(replace(SELECT, why_deferred=""), REGISTER, whole, ours)

    assert event.deferred == 0


def test_a_selection_needs_its_document() -> None:
    with refused("input"):
        decide(after(*TO_CHOICE), SELECT, replace(BY, document=None), POLICY)


# Projects


def test_a_project_begins_only_where_its_commune_was_chosen() -> None:
    chosen = after(*TO_CHOICE, SELECT)

    assert when(AdmitProject(cohort=FIRST, commune=name(1)), given=chosen) == ()
    with pytest.raises(Exception, match=r"rank 14, costs 115,000,000,000 đồng, 0 were left"):
        when(AdmitProject(cohort=FIRST, commune=name(14)), given=chosen)
    with refused("not_chosen"):
        when(AdmitProject(cohort=FIRST, commune=name(1)), given=after(*TO_CHOICE))
    with refused("not_found"):
        when(AdmitProject(cohort=CohortId("2030"), commune=name(1)), given=chosen)


def test_a_cohort_without_candidates_is_taken_as_a_whole() -> None:
    assert when(AdmitProject(cohort=FIRST, commune=name(40)), after(REGISTER, COHORT)) == ()


PREPARED = Prepared(charter=CHARTER, works=WORKS)
PREPARE = PrepareProjects(cohort=FIRST, projects=(PREPARED,))


def test_projects_are_prepared_before_anything_is_chosen() -> None:
    programme = after(*TO_CHOICE, PREPARE)

    assert programme.cohorts[FIRST].prepared == {CHARTER.project: PREPARED}


@pytest.mark.parametrize(
    ("given", "command", "rule"),
    [
        ((REGISTER,), REGISTER, "already_exists"),
        ((REGISTER, COHORT), COHORT, "already_exists"),
        ((REGISTER,), replace(COHORT, size=0, communes=()), "input"),
        ((REGISTER,), replace(COHORT, size=44), "input"),
        ((REGISTER, COHORT), AGAIN, "already_exists"),
        ((REGISTER,), PROPOSE, "not_found"),
        ((REGISTER, COHORT), propose(), "input"),
        ((REGISTER, COHORT), propose(candidate(46)), "input"),
        ((REGISTER, COHORT), propose(candidate(1), candidate(1)), "input"),
        ((REGISTER, COHORT), propose(candidate(1, 0)), "input"),
        ((REGISTER, COHORT), propose(candidate(1, land_ready=101)), "input"),
        ((REGISTER, COHORT), propose(candidate(1, waited=100)), "input"),
        ((*TO_CHOICE, SELECT), PROPOSE, "out_of_turn"),
        ((REGISTER,), SELECT, "not_found"),
        ((REGISTER, COHORT), SELECT, "nothing_to_do"),
        ((*TO_CHOICE, SELECT), SELECT, "out_of_turn"),
        (TO_CHOICE, replace(SELECT, chosen=()), "input"),
        (TO_CHOICE, replace(SELECT, chosen=(CommuneId("XX99"),)), "input"),
        (TO_CHOICE, replace(SELECT, chosen=2 * SELECT.chosen[:1]), "input"),
        (TO_CHOICE, replace(SELECT, why_deferred=" "), "input"),
        (TO_CHOICE, replace(SELECT, chosen=SELECT.chosen[:-1]), "out_of_rank"),
        (TO_CHOICE, replace(SELECT, chosen=(*SELECT.chosen, name(14))), "out_of_rank"),
        (
            TO_CHOICE,
            replace(
                SELECT,
                chosen=(*SELECT.chosen, name(14)),
                departures=(Departure(commune=name(14), reason="x"),),
            ),
            "capital_ceiling",
        ),
        (
            TO_CHOICE,
            replace(SELECT, departures=(Departure(commune=name(1), reason="x"),)),
            "input",
        ),
        ((REGISTER,), PREPARE, "not_found"),
        ((REGISTER, COHORT), replace(PREPARE, projects=()), "input"),
        ((REGISTER, COHORT), replace(PREPARE, projects=(replace(PREPARED, works=()),)), "input"),
        (
            (REGISTER, COHORT),
            replace(PREPARE, projects=(replace(PREPARED, charter=replace(CHARTER, cohort=NEXT)),)),
            "input",
        ),
        (
            (REGISTER, COHORT),
            replace(
                PREPARE,
                projects=(replace(PREPARED, charter=replace(CHARTER, commune=CommuneId("AD99"))),),
            ),
            "input",
        ),
    ],
    ids=[
        "a second registration",
        "a cohort registered twice",
        "a cohort of nobody",
        "a cohort smaller than its list",
        "a commune in two cohorts, unless the first deferred it",
        "candidates of no cohort",
        "a proposal of nobody",
        "a candidate from elsewhere",
        "a candidate proposed twice at once",
        "a commune that costs nothing",
        "more than all of a criterion",
        "a commune that says it has waited",
        "a proposal after the choice",
        "a selection from no cohort",
        "a selection without candidates",
        "a second selection",
        "a selection of nobody",
        "a selection of a stranger",
        "a commune chosen twice",
        "communes deferred for no reason",
        "somebody passed over without a word",
        "somebody let in without a word",
        "a choice above the ceiling",
        "a reason for what is no departure",
        "a project of no cohort",
        "no project",
        "a project of nothing",
        "a project of another cohort",
        "a project of a strange commune",
    ],
)
def test_there_cannot_be(given: tuple[Command, ...], command: Command, rule: Rule) -> None:
    programme = after(*given)

    with refused(rule):
        when(command, given=programme)


@pytest.mark.parametrize("command", [COHORT, PROPOSE, SELECT, PREPARE])
def test_nothing_happens_to_a_programme_nobody_registered(command: Command) -> None:
    with refused("not_found"):
        when(command, given=Unnamed())
