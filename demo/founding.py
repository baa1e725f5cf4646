"""The programme as it stood on the eve of 2024: its cohorts, the selection, the year's capital."""

from demo.beats import Move, number
from demo.tables import CohortFacts, Dataset
from domain.candidates import Candidate, Measure
from domain.capital import AllocateCapital
from domain.ceilings import SetCeilings
from domain.disbursement_plan import PlanDisbursement
from domain.law import Criterion
from domain.positions import Allocation, Ceiling
from domain.programme_forms import (
    Commune,
    ProposeCandidates,
    RegisterCohort,
    RegisterProgramme,
    SelectCommunes,
)
from domain.streams import Envelope, capital_stream, programme_stream
from domain.values import Document, Post, Role


def founding(dataset: Dataset) -> tuple[Envelope, ...]:
    """The decisions that found the programme, oldest first; all of them before the year begins."""
    facts = dataset.facts
    stream = programme_stream(facts.programme.programme)
    year = capital_stream(facts.programme.programme, facts.disbursed.to.year)
    agriculture = Post(role=Role.AGRICULTURE, unit=facts.programme.seat)
    chair = Post(role=Role.CHAIR, unit=facts.programme.seat)
    papers = {
        row.key: Document(symbol=row.symbol, issued_on=row.issued_on, issuer=row.issuer)
        for row in facts.document
    }
    resolution, plan, capital = papers["resolution"], papers["plan"], papers["capital"]
    register = RegisterProgramme(
        programme=facts.programme.programme,
        name=facts.programme.name,
        base_communes=facts.programme.base_communes,
    )
    moves = [
        Move(
            stream=stream,
            on=resolution.issued_on,
            by=agriculture,
            command=register,
            document=resolution,
        ),
        *(
            Move(
                stream=stream,
                on=plan.issued_on,
                by=agriculture,
                command=_cohort(dataset, cohort),
                document=plan,
            )
            for cohort in facts.cohort
        ),
        Move(
            stream=stream,
            on=capital.issued_on,
            by=agriculture,
            command=_candidates(dataset),
            document=plan,
        ),
        *(
            Move(stream=of, on=capital.issued_on, by=chair, command=command, document=capital)
            for of, command in (
                (stream, _selection(dataset)),
                (year, _ceilings(dataset)),
                (year, _allocation(dataset)),
                (year, PlanDisbursement(milestones=dataset.spending)),
            )
        ),
    ]
    return tuple(beat.envelope() for beat in number(moves))


def _cohort(dataset: Dataset, cohort: CohortFacts) -> RegisterCohort:
    """A cohort with the communes known by name, and the stand-ins for those that are not."""
    real = [
        Commune(commune=row.commune, name=row.name, district=row.district, synthetic=False)
        for row in cohort.known
    ]
    made_up = [
        Commune(commune=row.commune, name=row.name, district=row.district, synthetic=row.synthetic)
        for row in dataset.communes
        if row.cohort == cohort.cohort
    ]
    return RegisterCohort(
        cohort=cohort.cohort,
        year=cohort.year,
        size=cohort.size,
        communes=(*real, *made_up),
    )


def _candidates(dataset: Dataset) -> ProposeCandidates:
    """What is known, or made up, of every commune that stands for the cohort."""
    cohort = dataset.facts.selection.cohort
    return ProposeCandidates(
        cohort=cohort,
        candidates=tuple(
            Candidate(
                commune=row.commune,
                cost=row.cost,
                measures=tuple(
                    Measure(criterion=criterion, percent=percent)
                    for criterion, percent in (
                        (Criterion.BECOMING_URBAN, row.becoming_urban),
                        (Criterion.ADVANCED, row.advanced),
                        (Criterion.LAND_READY, row.land_ready),
                        (Criterion.OWN_CONTRIBUTION, row.own_contribution),
                    )
                    if percent is not None
                ),
                synthetic=row.synthetic,
            )
            for row in dataset.communes
            if row.cohort == cohort and row.cost is not None
        ),
    )


def _selection(dataset: Dataset) -> SelectCommunes:
    """The communes that were chosen; the record holds them to the ranking."""
    selection = dataset.facts.selection
    return SelectCommunes(
        cohort=selection.cohort,
        ceiling=selection.total_investment,
        chosen=tuple(
            row.commune for row in dataset.communes if row.cohort == selection.cohort and row.chosen
        ),
        why_deferred=selection.why_deferred,
    )


def _ceilings(dataset: Dataset) -> SetCeilings:
    """The year's capital, as a whole and by cohort."""
    facts = dataset.facts
    return SetCeilings(
        programme=facts.programme.programme,
        year=facts.disbursed.to.year,
        ceilings=(
            Ceiling(amount=facts.disbursed.of),
            *(Ceiling(cohort=row.cohort, amount=row.amount) for row in facts.capital),
        ),
    )


def _allocation(dataset: Dataset) -> AllocateCapital:
    cohort_of = {row.commune: row.cohort for row in dataset.communes}
    return AllocateCapital(
        programme=dataset.facts.programme.programme,
        year=dataset.facts.disbursed.to.year,
        lines=tuple(
            Allocation(
                project=row.project,
                commune=row.commune,
                cohort=cohort_of[row.commune],
                amount=row.allocation,
                synthetic=row.synthetic,
            )
            for row in dataset.projects
        ),
    )
