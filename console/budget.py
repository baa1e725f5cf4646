"""One year of a programme's capital as a view has it: what every report of money starts from."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import show
from console.failures import REFUSED, Failure, absent
from console.looking import mention, missing, times
from console.options import code
from domain.calendar import local_day
from domain.curve import Outflow, outflows
from domain.league import Districts, Grouping, projects_of
from domain.payment import Submitted
from domain.positions import UNALLOCATED, Capital
from domain.programme_forms import Running
from domain.project import Registered
from domain.streams import capital_stream
from domain.travel import Past, past
from domain.values import ProgrammeId, ProjectId, StreamId, value
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from storage.travel import Picture

Year = Annotated[
    int | None,
    typer.Option(
        min=2000,
        max=2100,
        metavar="YEAR",
        help="The budget year; without it the newest that has a plan.",
    ),
]
Programme = Annotated[
    str | None,
    typer.Option(parser=code, metavar="PROGRAMME", help="Which, if there are several."),
]

RankedBy = Annotated[
    Grouping, typer.Option("--by", metavar="|".join(Grouping), help="What is ranked.")
]


@value
class NothingYet:
    """The programme was not registered at that time."""

    as_of: datetime
    known_at: datetime
    portfolio: None = None


@value
class Budget:
    """A programme and the capital plan of one year, seen at the end of a day."""

    programme: Running
    year: int
    day: date
    plan: Past

    @property
    def name(self) -> str:
        """The plan's short name, `NTM-HP/2024`."""
        return f"{self.programme.programme}/{self.year}"

    @property
    def capital(self) -> Capital:
        assert isinstance(self.plan.state, Capital)
        return self.plan.state

    def districts(self) -> Districts:
        """Where its communes lie."""
        cohorts = self.programme.cohorts.values()
        return {name: row.district for one in cohorts for name, row in one.communes.items()}

    def communes(self) -> Mapping[str, str]:
        """Communes by their names."""
        cohorts = self.programme.cohorts.values()
        return {name: row.name for cohort in cohorts for name, row in cohort.communes.items()}


def read(picture: "Picture", programme: str | None, year: int | None) -> Budget | None:
    """A year of a programme; None if there was no programme yet.

    Without a year it is the newest that has a plan: in January the old plan still pays.
    """
    folded = picture.standing(the_one(picture, programme))
    if folded is None or not isinstance(folded.state, Running):
        return None
    day = local_day(picture.view.as_of or picture.now)
    name = ProgrammeId(folded.state.programme)
    of_year = year or _newest(picture, name, day)
    stream = capital_stream(name, of_year)
    standing = picture.standing(stream)
    plan = Past(
        stream=stream,
        version=standing.version if standing else 0,
        state=standing.state if standing else UNALLOCATED,
    )
    return Budget(programme=folded.state, year=of_year, day=day, plan=plan)


def begun(picture: "Picture", found: Budget | None, output: str) -> Budget:
    """The year that was asked for, or the end of the command: there was no programme yet."""
    if found is not None:
        return found
    mention(picture)
    if output == "json":
        view, now = picture.view, picture.asked_at
        show.json(NothingYet(as_of=view.as_of or now, known_at=view.known_at or now))
    else:
        heading(picture)
        typer.echo(tr("nothing yet: no programme was registered"))
    raise typer.Exit


def planned(picture: "Picture", found: Budget | None, output: str) -> Budget:
    """The year, if it has a plan at the view; or the end of the command, as `missing` has it."""
    budget = begun(picture, found, output)
    if not budget.plan.version:
        advice = tr("allocate capital: see `ntm capital allocate --help`")
        missing(picture, budget.plan.stream, output, absent("--year", budget.name, advice))
    return budget


def heading(picture: "Picture") -> None:
    """Above a report: from when it looks, always."""
    show.screen().print(f"[dim]{times(picture.view, picture.asked_at)}[/]")


def the_one(picture: "Picture", programme: str | None) -> StreamId:
    """The programme that is named, or the only one; it need not have begun at the view."""
    from storage import queries

    running = queries.standings(picture.engine, "programme")
    streams = [s.stream for s in running if programme in (None, s.stream.partition("/")[2])]
    if len(streams) == 1:
        return streams[0]
    if not running:
        line = tr("PROGRAMME: none is registered [not_found]")
        raise Failure(line, tr("register it: `ntm programme register`"), REFUSED)
    names = ", ".join(s.stream.partition("/")[2] for s in running)
    raise Failure(
        plural("PROGRAMME: {n} fits [not_found]", "PROGRAMME: {n} fit [not_found]", len(streams)),
        tr("choose with --programme: {names}", names=names),
        REFUSED,
    )


def projects(picture: "Picture", budget: Budget) -> tuple[Registered, ...]:
    """The programme's projects, by name."""
    found = (standing.state for standing in picture.standings("project"))
    return tuple(
        state
        for state in found
        if isinstance(state, Registered) and state.charter.programme == budget.programme.programme
    )


def of_unit(budget: Budget, unit: str, option: str) -> frozenset[ProjectId]:
    """The projects of a unit that have capital this year, or none of a place that is known."""
    districts = budget.districts()
    found = projects_of(budget.capital, unit, districts)
    if not found and unit not in {*districts.values(), *budget.programme.cohorts}:
        raise typer.BadParameter(
            tr(
                "{unit!r} has no capital this year; name a cohort, a district, a commune,"
                " an investor or a project",
                unit=unit,
            ),
            param_hint=option,
        )
    return found


def claims(picture: "Picture", budget: Budget) -> tuple[Submitted, ...]:
    """Claims under way that the year's plan is to pay."""
    found = (standing.state for standing in picture.standings("payment", open_only=True))
    return tuple(
        state
        for state in found
        if isinstance(state, Submitted)
        and (state.charter.programme, state.budget_year)
        == (budget.programme.programme, budget.year)
    )


def paid(picture: "Picture", budget: Budget) -> tuple[Outflow, ...]:
    """Everything that left the year's plan, in the order of its facts."""
    facts = [entry.fact for entry in picture.entries(budget.plan.stream)]
    lost = {fact.version for fact in past(budget.plan.stream, facts).left_out}
    return tuple(outflows(fact for fact in facts if fact.version not in lost))


def _newest(picture: "Picture", name: ProgrammeId, day: date) -> int:
    years = [
        int(standing.stream.rpartition("/")[2])
        for standing in picture.standings("capital")
        if standing.stream.startswith(f"capital/{name}/")
    ]
    return max((year for year in years if year <= day.year), default=day.year)
