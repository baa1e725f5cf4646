"""`ntm programme`: who stands for a cohort, in which order, and who is chosen."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from console import places
from console.failures import Failure, absent
from console.looking import head, looking, mention, missing, spread
from console.options import Listing, Output, Project, amount, code, refuse, written
from console.project import OfUnits, Planned
from console.sending import Find, Wanted, deciding, open_session
from domain.candidates import Candidate, Measure
from domain.charter import Charter
from domain.law import Criterion
from domain.programme import ranked
from domain.programme_forms import (
    Cohort,
    Departure,
    Prepared,
    PrepareProjects,
    ProposeCandidates,
    Running,
    SelectCommunes,
)
from domain.ranking import Place
from domain.streams import programme_stream
from domain.travel import View
from domain.values import (
    Act,
    CohortId,
    CommuneId,
    Post,
    ProgrammeId,
    ProjectId,
    Role,
    Vnd,
    value,
)
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session

Programme = Annotated[
    str, typer.Argument(parser=code, metavar="PROGRAMME", help="The programme's code.")
]
InCohort = Annotated[
    str, typer.Argument(parser=code, metavar="COHORT", help="The cohort, such as 2024.")
]


@value
class Line:
    """A candidate's place, for a spreadsheet; costs in đồng."""

    rank: int
    commune: CommuneId
    name: str
    score: Decimal
    cost: Vnd
    chosen: bool
    waited: tuple[CohortId, ...]


def _candidate(text: str) -> Candidate:
    """`CODE;COST;CRITERION=PERCENT,…`."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) not in (2, 3):
        raise refuse(text, written("'CODE;COST;CRITERION=PERCENT,…'"))
    said = [one for one in (parts[2].split(",") if len(parts) == 3 else []) if one]
    return Candidate(
        commune=CommuneId(code(parts[0])),
        cost=amount(parts[1]),
        measures=tuple(_measure(one.strip()) for one in said),
        synthetic=False,
    )


def _measure(text: str) -> Measure:
    name, _, percent = text.partition("=")
    # Who has waited is on record, and nobody's to say.
    known = [one for one in Criterion if one is not Criterion.WAITED]
    if name not in known or not (percent.isascii() and percent.isdigit()):
        raise refuse(text, tr("write CRITERION=0–100, of {criteria}", criteria=", ".join(known)))
    return Measure(criterion=Criterion(name), percent=int(percent))


def _departure(text: str) -> Departure:
    """`CODE;REASON`."""
    commune, semicolon, reason = text.partition(";")
    if not semicolon or not reason.strip():
        raise refuse(text, written("'CODE;REASON'"))
    return Departure(commune=CommuneId(code(commune.strip())), reason=reason.strip())


@deciding
def propose(
    programme: Programme,
    cohort: InCohort,
    candidate: Annotated[
        list[Candidate],
        typer.Option(
            parser=_candidate,
            metavar="'CODE;COST;CRITERION=PERCENT,…'",
            help="A commune, its cost and its criteria; may be repeated.",
        ),
    ],
) -> Wanted:
    """Propose communes for a cohort: what speaks for each, and what it costs."""
    command = ProposeCandidates(cohort=CohortId(cohort), candidates=tuple(candidate))
    return Wanted(stream=programme_stream(ProgrammeId(programme)), command=command)


@deciding
def prepare(
    programme: Programme,
    cohort: InCohort,
    project: Project,
    name: Annotated[str, typer.Option(metavar="TEXT", help="The project's name.")],
    commune: Annotated[str, typer.Option(parser=code, metavar="CODE", help="Its commune.")],
    units: OfUnits,
    works: Planned,
) -> Wanted:
    """Keep a project ready, to be started once its commune is chosen."""
    charter = Charter(
        project=ProjectId(project),
        programme=ProgrammeId(programme),
        cohort=CohortId(cohort),
        commune=CommuneId(commune),
        name=name,
        units=units,
        synthetic=False,
    )
    ready = Prepared(charter=charter, works=tuple(works))
    command = PrepareProjects(cohort=charter.cohort, projects=(ready,))
    return Wanted(stream=programme_stream(charter.programme), command=command)


@looking
def rank(
    view: View,
    programme: Programme,
    cohort: InCohort,
    ceiling: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="The ceiling of the capital."),
    ] = None,
    output: Listing = "table",
) -> None:
    """Rank the candidates, and show how far a ceiling would reach."""
    from storage import policies

    name, stream = CohortId(cohort), programme_stream(ProgrammeId(programme))
    with open_session() as session:
        picture = session.picture(view)
        standing = picture.standing(stream)
        if standing is None or not isinstance(standing.state, Running):
            missing(picture, stream, output, _no_programme(programme))
        now = view.as_of or session.now
    state = standing.state
    every = Vnd(sum(one.cost for one in cohort_of(state, name).candidates.values()))
    bound = every if ceiling is None else ceiling
    act = Act(by=Post(role=Role.CHAIR, unit=policies.load().seat), at=now)
    found = ranked(state, name, bound, act, policies.load())
    mention(picture)
    if output in ("csv", "xlsx"):
        lines = (_line(place, cohort_of(state, name)) for place in found)
        spread(picture, lines, Line, output)
        return
    if output == "table":
        head(picture)
    told = places.choice(name, bound, found, recorded=False)
    places.tell(cohort_of(state, name), told, output)


def _line(place: Place, cohort: Cohort) -> Line:
    return Line(
        rank=place.rank,
        commune=place.commune,
        name=cohort.communes[place.commune].name,
        score=Decimal(place.score) / 100,
        cost=place.cost,
        chosen=place.chosen,
        waited=place.waited,
    )


@deciding
def select(
    *,
    programme: Programme,
    cohort: InCohort,
    ceiling: Annotated[
        Vnd, typer.Option(parser=amount, metavar="ĐỒNG", help="The ceiling of the capital.")
    ],
    against: Annotated[
        list[Departure] | None,
        typer.Option(
            parser=_departure,
            metavar="'CODE;REASON'",
            help="A commune that is decided against its rank, and why; may be repeated.",
        ),
    ] = None,
    why_deferred: Annotated[
        str, typer.Option(metavar="TEXT", help="Why the others have to wait.")
    ] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Only show what would be chosen; record nothing.")
    ] = False,
    output: Output = "table",
) -> Find:
    """Choose communes by rank, under a ceiling; needs --document."""

    def find(session: "Session", by: Post, _id: str | None) -> Wanted:
        from storage import policies

        name, stream = CohortId(cohort), programme_stream(ProgrammeId(programme))
        state, act = running(session, programme), Act(by=by, at=session.now)
        departures = tuple(against or ())
        by_rank = ranked(state, name, ceiling, act, policies.load())
        decided = places.departing(by_rank, departures)
        if preview:
            told = places.choice(name, ceiling, decided, recorded=False)
            places.tell(state.cohorts[name], told, output)
            raise typer.Exit
        command = SelectCommunes(
            cohort=name,
            ceiling=ceiling,
            chosen=tuple(place.commune for place in decided if place.chosen),
            departures=departures,
            why_deferred=why_deferred,
        )
        return Wanted(stream=stream, command=command)

    return find


def cohort_of(state: Running, name: CohortId) -> Cohort:
    if name not in state.cohorts:
        known = ", ".join(state.cohorts) or "–"
        raise absent("COHORT", name, tr("the cohorts are: {cohorts}", cohorts=known))
    return state.cohorts[name]


def running(session: "Session", programme: str) -> Running:
    """A programme as it stands now."""
    standing = session.picture().standing(programme_stream(ProgrammeId(programme)))
    if standing is None or not isinstance(standing.state, Running):
        raise _no_programme(programme)
    return standing.state


def _no_programme(programme: str) -> Failure:
    return absent("PROGRAMME", programme, tr("register it: `ntm programme register`"))
