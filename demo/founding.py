"""The programme as it stood on the eve of 2024: its cohorts, the selection, the year's capital."""

from demo.beats import Move, number
from demo.tables import CohortFacts, Dataset
from domain.capital import AllocateCapital
from domain.disbursement_plan import PlanDisbursement
from domain.positions import Allocation
from domain.programme import Commune, RegisterCohort, RegisterProgramme, SelectCommunes
from domain.streams import Envelope, capital_stream, programme_stream
from domain.values import Document, Post, Role


def founding(dataset: Dataset) -> tuple[Envelope, ...]:
    """The decisions that found the programme, oldest first; all of them before the year begins."""
    facts = dataset.facts
    stream = programme_stream(facts.programme.programme)
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
            by=chair,
            command=_selection(dataset),
            document=capital,
        ),
        Move(
            stream=capital_stream(facts.programme.programme, facts.disbursed.to.year),
            on=capital.issued_on,
            by=chair,
            command=_allocation(dataset),
            document=capital,
        ),
        Move(
            stream=capital_stream(facts.programme.programme, facts.disbursed.to.year),
            on=capital.issued_on,
            by=chair,
            command=PlanDisbursement(milestones=dataset.spending),
            document=capital,
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


def _selection(dataset: Dataset) -> SelectCommunes:
    selection = dataset.facts.selection
    return SelectCommunes(
        cohort=selection.cohort,
        chosen=tuple(
            row.commune for row in dataset.communes if row.cohort == selection.cohort and row.chosen
        ),
        total_investment=selection.total_investment,
        why_deferred=selection.why_deferred,
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
