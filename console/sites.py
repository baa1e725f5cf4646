"""`ntm clearance list` and `ntm clearance show`: how far sections have come."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import escalations, obstacles, progress, searching, waiting, words
from console import show as on_screen
from console.failures import absent
from console.looking import head, listed, looking, mention, missing
from console.options import InSite, Listing, Output, Search, Site
from console.sending import open_session
from domain.calendar import local_day
from domain.cases import CaseStatus, with_status
from domain.clearance import Clearing
from domain.deadlines import StepDeadline
from domain.households import deadlines
from domain.obstacles import Ground
from domain.stall import Stall
from domain.streams import clearance_stream, question_stream
from domain.tally import Tally, tally
from domain.travel import View
from domain.utilities import Relocation, Utility
from domain.values import Cause, Extent, StreamId, Units, value
from domain.waits import Wait
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from rich.table import Table

    from storage.queries import Standing
    from storage.travel import Picture


@value
class Line:
    """One section in a list."""

    stream: StreamId
    name: str
    households: int
    cleared_percent: int
    utilities: int
    utilities_moved: int
    obstacles: tuple[Cause, ...]
    stall_level: int
    progress_at: datetime
    released: Extent | None
    units: Units


@value
class Portrait:
    """One section whole, and what it waits for: also the questions that hold up its obstacles."""

    stream: StreamId
    version: int
    state: Clearing
    obstacles: tuple[obstacles.Line, ...]
    waits: tuple[Wait, ...]
    progress: Tally
    limits: tuple[StepDeadline, ...]


@looking
def sites(
    *,
    view: View,
    stalled: Annotated[
        bool, typer.Option("--stalled", help="Only sections that stand still.")
    ] = False,
    wanted: Search = None,
    output: Listing = "table",
) -> None:
    """Sections under clearance, and how far they have come."""
    with open_session() as session:
        picture = session.picture(view)
        lines = tuple(line for line in _lines(picture) if line.stall_level or not stalled)
    if wanted is not None:
        lines = searching.search(
            wanted, lines, lambda line: (line.stream, line.name, *_units(line.units))
        )
    counted = plural("section", "sections", len(lines))
    listed(picture, lines, tuple[Line, ...], output, _list, counted)


@looking
def show(view: View, site: InSite, output: Output = "table") -> None:
    """One section whole, and what it waits for."""
    stream = clearance_stream(site.project, site.section)
    with open_session() as session:
        picture = session.picture(view)
        standing, state = section(picture, site, output)
        questions = map(question_stream, state.ground.awaited())
        running = deadlines(state.cases, picture.law(state.policy))
        found = Portrait(
            stream=stream,
            version=standing.version,
            state=state,
            obstacles=tuple(obstacles.of_section(picture, standing)),
            waits=picture.waits_of((stream, *questions)),
            progress=tally((state,)),
            limits=tuple(sorted(running, key=lambda limit: limit.due.at)),
        )
        today = local_day(picture.now)
    mention(picture)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    screen = on_screen.screen()
    screen.print(_head(found))
    for table in _tables(found, today):
        if table.row_count:
            screen.print(table)


def section(picture: "Picture", site: Site, output: str) -> "tuple[Standing, Clearing]":
    """A section as the picture has it; what is not there ends the command with an answer."""
    stream = clearance_stream(site.project, site.section)
    standing = picture.standing(stream)
    if standing is None or not isinstance(standing.state, Clearing):
        known = (one.stream.partition("/")[2] for one in picture.standings("clearance"))
        name = f"{site.project}/{site.section}"
        failure = absent(
            "PROJECT/SECTION", name, tr("see `{command}`", command="ntm clearance list"), known
        )
        missing(picture, stream, output, failure)
    return standing, standing.state


def _lines(picture: "Picture") -> Iterator[Line]:
    for standing in picture.standings("clearance"):
        state = standing.state
        if isinstance(state, Clearing):
            utilities = state.ground.utilities
            yield Line(
                stream=standing.stream,
                name=state.charter.name,
                households=len(state.cases),
                cleared_percent=state.cleared_percent,
                utilities=len(utilities),
                utilities_moved=len(state.ground.unmoved(Relocation.DONE)),
                obstacles=tuple(o.cause for o in state.ground.standing().values()),
                stall_level=state.stall.level,
                progress_at=state.stall.progress_at,
                released=state.released,
                units=state.charter.units,
            )


def _units(units: Units) -> tuple[str, ...]:
    return (units.commune, units.district, units.city)


def _list(lines: tuple[Line, ...]) -> "Table":
    table = on_screen.table(
        tr("Section"),
        tr("Households"),
        tr("Lines\nmoved"),
        tr("Obstacles"),
        tr("Stalled"),
        tr("Handed over"),
        numbers=[1, 2],
        whole=[0, 4],
    )
    for line in lines:
        causes = "\n".join(
            words.said(words.CAUSES, cause) for cause in dict.fromkeys(line.obstacles)
        )
        table.add_row(
            on_screen.clean(line.stream.removeprefix("clearance/")),
            f"{line.cleared_percent} % / {line.households}" if line.households else "–",
            f"{line.utilities_moved} / {line.utilities}" if line.utilities else "–",
            causes or "–",
            _stall(line.stall_level, line.progress_at),
            on_screen.word(words.EXTENTS, line.released or "none"),
        )
    return table


def _stall(level: int, since: datetime) -> str:
    if not level:
        return "–"
    return on_screen.under(tr("rung {level}", level=level), on_screen.day(since))


def _head(found: Portrait) -> "Table":
    state = found.state
    counts = ", ".join(
        f"{len(codes)} {words.said(words.CASE_STATUSES, status)}"
        for status in CaseStatus
        if (codes := with_status(state.cases, status))
    )
    stalled = tr(
        "rung {level}, no progress since {day}",
        level=state.stall.level,
        day=on_screen.day(state.stall.progress_at),
    )
    stream = tr("{stream}, version {version}", stream=found.stream, version=found.version)
    return on_screen.facts(
        (tr("Section"), f"[bold]{on_screen.case(found.stream)}[/]"),
        (tr("Project"), on_screen.clean(state.charter.name)),
        (tr("Households"), f"{len(state.cases)}: {counts}" if counts else "0"),
        (tr("Cleared"), f"{state.cleared_percent} %"),
        (tr("Progress"), on_screen.clean(progress.sentence(found.progress))),
        (tr("Routes"), _routes(state)),
        (tr("Site handed over"), words.said(words.EXTENTS, state.released or "none")),
        (tr("Part handed over"), on_screen.clean(", ".join(state.part))),
        (tr("STALLED"), f"[bold]{stalled}[/]" if state.stall.level else ""),
        (tr("Stream"), on_screen.clean(stream)),
    )


def _routes(state: Clearing) -> str:
    cases = state.cases.values()
    counts = Counter(case.route for case in cases)
    said = [
        tr("{n} by {route}", n=counts[route], route=words.said(words.ROUTES, route))
        for route in counts
    ]
    if small := sum(case.remainder_small for case in cases):
        said.append(f"{small} {words.said(words.CAUSES, Cause.REMAINDER_TOO_SMALL)}")
    return ", ".join(said)


def _tables(found: Portrait, today: date) -> "Iterator[Table]":
    yield progress.stages(found.progress)
    yield progress.limits(found.limits)
    yield _lines_to_move(found.state.ground, today)
    yield obstacles.table(found.obstacles)
    yield _escalations(found.state.stall)
    yield waiting.table(found.waits)


def _lines_to_move(ground: Ground, today: date) -> "Table":
    table = on_screen.table(
        tr("Power line"),
        tr("Poles"),
        tr("Estimate"),
        tr("Schedule"),
        tr("State"),
        numbers=[1, 2],
        whole=[3],
    )
    for name, utility in ground.utilities.items():
        entry, earlier = utility.entry, utility.earlier
        was = tr("was {amount}", amount=on_screen.money(earlier[-1].amount)) if earlier else ""
        table.add_row(
            on_screen.under(
                on_screen.clean(f"{name} {entry.voltage}"), words.said(words.METHODS, entry.method)
            ),
            f"{utility.moved} / {entry.poles}",
            on_screen.under(on_screen.money(entry.estimate), was),
            _schedule(utility, today),
            on_screen.under(words.said(words.RELOCATIONS, utility.status), _paid_by(utility)),
        )
    return table


def _schedule(utility: Utility, today: date) -> str:
    if utility.schedule is None:
        return "–"
    days = f"{utility.schedule.starts_on:%d/%m} – {utility.schedule.ends_on:%d/%m/%Y}"
    return on_screen.under(days, f"[bold red]{tr('OVERDUE')}[/]" if utility.is_late(today) else "")


def _paid_by(utility: Utility) -> str:
    named = utility.payer or (words.said(words.PAYERS, utility.source) if utility.source else "")
    return on_screen.clean(", ".join(filter(None, (named, utility.document))))


def _escalations(stall: Stall) -> "Table":
    table = on_screen.table(
        tr("Escalation"), tr("Addressee"), tr("Raised"), tr("Answered"), whole=[1, 2, 3]
    )
    for asked in stall.escalations.values():
        table.add_row(
            on_screen.under(on_screen.clean(asked.document), escalations.rung(asked)),
            on_screen.post(asked.addressee),
            on_screen.day(asked.raised_at),
            on_screen.day(asked.answered_at)
            or on_screen.under(tr("not yet, due"), on_screen.last_day(asked.answer_due.at)),
        )
    return table
