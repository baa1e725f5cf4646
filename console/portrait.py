"""`ntm project list` and `ntm project show`: where projects stand."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from console import bases, obstacles, searching, story, words
from console import show as on_screen
from console.failures import absent
from console.looking import head, listed, looking, mention, missing
from console.options import Listing, Output, Project, Search, code, symbol_of
from console.sending import open_session
from console.stations import stations
from console.story import Ground, Money, Portrait
from domain.calendar import local_day
from domain.cases import CaseStatus, with_status
from domain.clearance import Clearing
from domain.course import course
from domain.phase import Phase, phase
from domain.positions import Capital
from domain.project import Registered
from domain.streams import clearance_stream, payment_stream, project_stream
from domain.tally import tally
from domain.travel import View
from domain.values import (
    CohortId,
    CommuneId,
    Post,
    ProjectId,
    SectionId,
    StreamId,
    Units,
    Vnd,
    value,
)
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from rich.table import Table

    from storage.queries import Standing
    from storage.travel import Picture


@value
class Line:
    """One project in a list; money in đồng."""

    project: ProjectId
    name: str
    phase: Phase
    cohort: CohortId
    commune: CommuneId
    ceiling: Vnd
    disbursed: Vnd
    waits_for: tuple[Post, ...]
    units: Units


@looking
def projects(
    *,
    view: View,
    in_phase: Annotated[Phase | None, typer.Option("--phase", help="Only this phase.")] = None,
    cohort: Annotated[
        str | None, typer.Option(parser=code, metavar="CODE", help="Only this cohort.")
    ] = None,
    commune: Annotated[
        str | None, typer.Option(parser=code, metavar="CODE", help="Only this commune.")
    ] = None,
    basis: Annotated[
        str | None,
        typer.Option(
            parser=symbol_of,
            metavar="SYMBOL",
            help="Only what rests on this paper: 02/2023/NQ-HĐND.",
        ),
    ] = None,
    wanted: Search = None,
    output: Listing = "table",
) -> None:
    """List projects: their phase, their money, and whom they wait for."""
    with open_session() as session:
        picture = session.picture(view)
        resting = None if basis is None else bases.resting(picture, basis)
        lines = tuple(
            line
            for line in _lines(picture)
            if (resting is None or line.project in resting)
            and in_phase in (None, line.phase)
            and cohort in (None, line.cohort)
            and commune in (None, line.commune)
        )
    if wanted is not None:
        lines = searching.search(wanted, lines, _texts)
    listed(
        picture, lines, tuple[Line, ...], output, _list, plural("project", "projects", len(lines))
    )


@looking
def show(view: View, project: Project, output: Output = "table") -> None:
    """Show one project whole: phases, money, sections, obstacles, who is waited for."""
    with open_session() as session:
        picture = session.picture(view)
        found = portrait(picture, ProjectId(project), output)
    mention(picture)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    story.tell(found)


def registered(
    picture: "Picture", project: ProjectId, output: str = "table", nothing: str = "null"
) -> tuple[int, Registered]:
    """A project's version and state, or a failure that says where to look."""
    stream = project_stream(project)
    standing = picture.standing(stream)
    if standing is None or not isinstance(standing.state, Registered):
        names = (one.stream.partition("/")[2] for one in picture.standings("project"))
        failure = absent("PROJECT", project, tr("see `ntm project list`"), names)
        missing(picture, stream, output, failure, nothing)
    return standing.version, standing.state


def streams_of(state: Registered) -> Iterator[StreamId]:
    """A project's own stream, then those of its sections' clearance and of its payments."""
    name = state.charter.project
    yield project_stream(name)
    for section, site in state.building.sections.items():
        if site.plan.needs_clearance:
            yield clearance_stream(name, section)
    for payment in (*state.ledger.paid, *state.ledger.pending, *state.ledger.refused):
        yield payment_stream(payment)


def portrait(picture: "Picture", project: ProjectId, output: str) -> Portrait:
    """A project with everything that belongs to it."""
    version, state = registered(picture, project, output)
    stream = project_stream(project)
    sections = tuple(clearings(picture, state))
    return Portrait(
        stream=stream,
        version=version,
        today=local_day(picture.now),
        phase=phase(state),
        course=course(stream, (entry.fact for entry in picture.entries(stream))),
        state=state,
        chain=stations(state, picture.law(state.policy), picture.now),
        money=_money(picture, state),
        grounds={section: _ground(standing) for section, standing in sections},
        obstacles=tuple(
            line
            for _, standing in sections
            for line in obstacles.of_section(picture, standing)
            if line.obstacle.removed_at is None
        ),
        waits=picture.waits_of(streams_of(state)),
        clearance=tally(_clearing(standing) for _, standing in sections),
    )


def clearings(picture: "Picture", state: Registered) -> "Iterator[tuple[SectionId, Standing]]":
    """The sections of a project whose clearance has begun."""
    for section, site in state.building.sections.items():
        if site.plan.needs_clearance and site.stage != "planned":
            standing = picture.standing(clearance_stream(state.charter.project, section))
            if standing is not None and isinstance(standing.state, Clearing):
                yield section, standing


def _clearing(standing: "Standing") -> Clearing:
    assert isinstance(standing.state, Clearing)
    return standing.state


def _ground(standing: "Standing") -> Ground:
    state = _clearing(standing)
    return Ground(
        households=len(state.cases),
        handed_over=len(with_status(state.cases, CaseStatus.HANDED_OVER)),
        cleared_percent=state.cleared_percent,
        stall_level=state.stall.level,
    )


def _money(picture: "Picture", state: Registered) -> Money:
    """Over all budget years: what a project was given for one may be carried into the next."""
    plans = (standing.state for standing in picture.standings("capital"))
    found = [
        position
        for plan in plans
        if isinstance(plan, Capital) and (position := plan.positions.get(state.charter.project))
    ]
    return Money(
        total_investment=state.ceiling,
        allocated=Vnd(sum(one.allocated for one in found)),
        reserved=Vnd(sum(one.reserved for one in found)),
        disbursed=Vnd(sum(one.disbursed for one in found)),
        expired=Vnd(sum(one.expired for one in found)),
        left=Vnd(sum(one.left for one in found)),
    )


def _lines(picture: "Picture") -> Iterator[Line]:
    waiting: dict[str, dict[Post, None]] = {}
    for wait in picture.inbox():
        waiting.setdefault(wait.stream.split("/")[1], {})[wait.post] = None
    for standing in picture.standings("project"):
        state = standing.state
        if isinstance(state, Registered):
            yield Line(
                project=state.charter.project,
                name=state.charter.name,
                phase=phase(state),
                cohort=state.charter.cohort,
                commune=state.charter.commune,
                ceiling=state.ceiling,
                disbursed=state.ledger.disbursed,
                waits_for=tuple(waiting.get(state.charter.project, ())),
                units=state.charter.units,
            )


def _texts(line: Line) -> tuple[str, ...]:
    """What a project is looked for by."""
    units = line.units
    named = (units.commune, units.district, units.city, line.commune)
    return (line.project, line.name, *named)


def _list(lines: tuple[Line, ...]) -> "Table":
    table = on_screen.table(
        tr("Project"),
        tr("Phase"),
        tr("Cohort, commune"),
        tr("Paid, of total"),
        tr("Waits for"),
        numbers=[3],
        whole=[4],
    )
    for line in lines:
        table.add_row(
            on_screen.under(on_screen.clean(line.project), on_screen.clean(line.name)),
            on_screen.word(words.PHASES, line.phase),
            on_screen.under(on_screen.clean(line.cohort), on_screen.clean(line.commune)),
            on_screen.under(on_screen.money(line.disbursed), on_screen.money(line.ceiling)),
            _waits_for(line.waits_for),
        )
    return table


def _waits_for(posts: tuple[Post, ...]) -> str:
    if not posts:
        return ""
    more = f" +{len(posts) - 1}" if len(posts) > 1 else ""
    return on_screen.post(posts[0]) + more
