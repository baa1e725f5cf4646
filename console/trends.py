"""`ntm report curve` and `ranking`: what was paid month by month, and who is behind."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import budget, money_words, plot, show, words
from console.budget import Budget, Programme, RankedBy, Year, heading, planned
from console.looking import LeftOut, left_out, looking, mention, spread
from console.options import Listing
from console.plot import Column
from console.sending import open_session
from domain import curve as curves
from domain import league
from domain.curve import Point
from domain.league import Grouping, Place
from domain.portfolio import Rate, cut
from domain.travel import View
from domain.values import Vnd, value
from language.catalogue import tr
from language.numerals import of_english

if TYPE_CHECKING:
    from rich.table import Table


@value
class Curve:
    """The S-curve of a year, đồng; every share is of what was allocated by the day."""

    as_of: datetime
    known_at: datetime
    left_out: tuple[LeftOut, ...]
    year: int
    of: str | None
    allocated: Vnd
    points: tuple[Point, ...]


@value
class Line:
    """A month of the curve, đồng, for a spreadsheet; only a whole one is compared with its plan."""

    until: date
    whole_month: bool
    planned: Vnd | None
    actual: Vnd | None
    difference: int | None
    rate_percent_cut: str | None


@value
class Ranked:
    """A unit's place with its rate written out; `gap` is in percentage points, cut."""

    place: int | None
    tied: int
    name: str
    projects: int
    allocated: Vnd
    disbursed: Vnd
    rate_percent_cut: str
    gap: str
    below_average: bool


@value
class Ranking:
    """Units by their exact rate. The average is all disbursed over all allocated."""

    as_of: datetime
    known_at: datetime
    left_out: tuple[LeftOut, ...]
    year: int
    by: Grouping
    disbursed: Vnd
    allocated: Vnd
    average_percent_cut: str
    places: tuple[Ranked, ...]


@looking
def curve(
    *,
    view: View,
    year: Year = None,
    programme: Programme = None,
    of: Annotated[
        str | None,
        typer.Option(
            metavar="UNIT",
            help="Only a cohort, a district, a commune, an investor or a project.",
        ),
    ] = None,
    output: Listing = "table",
) -> None:
    """Draw the S-curve: planned and actual disbursement, month by month, cumulative."""
    with open_session() as session:
        picture = session.picture(view)
        found = planned(picture, budget.read(picture, programme, year), output)
        names = budget.of_unit(found, of, "--of") if of else None
        paid = [one for one in budget.paid(picture, found) if names is None or one.project in names]
    positions = found.capital.positions
    report = Curve(
        as_of=picture.view.as_of or picture.asked_at,
        known_at=picture.view.known_at or picture.asked_at,
        left_out=left_out(picture.left_out.values()),
        year=found.year,
        of=of,
        allocated=Vnd(sum(positions[name].allocated for name in names or positions)),
        points=curves.curve(found.capital, paid, found.year, found.day, whole=of is None),
    )
    mention(picture)
    if output == "json":
        show.json(report)
        return
    if output != "table":
        spread(picture, _lines(report), Line, output)
        return
    heading(picture)
    _draw(report)


def _draw(report: Curve) -> None:
    screen = show.screen()
    title = tr("Capital of {year}, billion đồng: disbursement, cumulative", year=report.year)
    screen.print(f"[bold]{title}{f', {show.clean(report.of)}' if report.of else ''}[/]")
    columns = [
        Column(label=f"{point.by:%m}", solid=point.actual, line=point.planned)
        for point in report.points
    ]
    for row in plot.chart(columns, top=report.allocated):
        screen.print(row)
    planned = any(point.planned is not None for point in report.points)
    legend = tr("█ disbursed   ━ planned") if planned else tr("█ disbursed   no monthly plan")
    screen.print(f"[dim]{'':>11}{legend}[/]")
    screen.print(_points(report))


def _lines(report: Curve) -> tuple[Line, ...]:
    """The months of which anything is known."""
    return tuple(
        _line(point, report.allocated)
        for point in report.points
        if point.actual is not None or point.planned is not None
    )


def _line(point: Point, allocated: Vnd) -> Line:
    actual, planned = point.actual, point.planned
    is_compared = point.whole and planned is not None
    rate = Rate(disbursed=actual or Vnd(0), of=allocated)
    return Line(
        until=point.by,
        whole_month=point.whole,
        planned=planned,
        actual=actual,
        difference=(actual or 0) - (planned or 0) if is_compared else None,
        rate_percent_cut=None if actual is None else rate.cut(1),
    )


def _points(report: Curve) -> "Table":
    table = show.table(
        tr("By"), tr("Planned"), tr("Actual"), tr("Difference"), tr("Of allocated"),
        numbers=[1, 2, 3, 4], whole=[0],
    )  # fmt: skip
    for line in _lines(report):
        gap, rate = line.difference, line.rate_percent_cut
        table.add_row(
            f"{line.until:%d/%m/%Y}" if line.whole_month else f"[dim]{line.until:%d/%m/%Y} …[/]",
            _billions(line.planned),
            _billions(line.actual),
            f"{'+' if gap and gap > 0 else ''}{_billions(gap)}",
            "" if rate is None else f"{of_english(rate)} %",
        )
    table.caption = tr("allocated: {amount}", amount=show.money(report.allocated))
    table.caption_justify = "left"
    return table


def _billions(amount: int | None) -> str:
    return "" if amount is None else show.billions(amount)


@looking
def ranking(
    *,
    view: View,
    by: RankedBy = Grouping.DISTRICT,
    year: Year = None,
    programme: Programme = None,
    output: Listing = "table",
) -> None:
    """Rank units by their rate of disbursement, against the average."""
    with open_session() as session:
        picture = session.picture(view)
        found = planned(picture, budget.read(picture, programme, year), output)
        ranked = league.ranking(found.capital, by, found.districts())
    report = Ranking(
        as_of=picture.view.as_of or picture.asked_at,
        known_at=picture.view.known_at or picture.asked_at,
        left_out=left_out(picture.left_out.values()),
        year=found.year,
        by=by,
        disbursed=ranked.average.disbursed,
        allocated=ranked.average.of,
        average_percent_cut=ranked.average.cut(1),
        places=tuple(_ranked(place, ranked.average) for place in ranked.places),
    )
    mention(picture)
    if output == "json":
        show.json(report)
        return
    if output != "table":
        spread(picture, report.places, Ranked, output)
        return
    heading(picture)
    _list(report, found)


def _ranked(place: Place, average: Rate) -> Ranked:
    unit = place.unit
    gap = unit.rate.exact - average.exact
    return Ranked(
        place=place.place,
        tied=place.tied,
        name=unit.name,
        projects=unit.projects,
        allocated=unit.allocated,
        disbursed=unit.disbursed,
        rate_percent_cut=unit.rate.cut(1),
        gap=f"{'-' if gap < 0 else '+'}{cut(abs(gap), 1)}" if place.place else "",
        below_average=place.below_average,
    )


def _list(report: Ranking, found: Budget) -> None:
    table = show.table(
        tr("Place"), words.said(money_words.GROUPINGS, report.by).capitalize(), tr("Allocated"),
        tr("Disbursed"), tr("Rate"), tr("Against average"), numbers=[0, 2, 3, 4, 5],
        title=tr(
            "Capital of {year}, billion đồng: ranking by disbursement to the end of {day}",
            year=report.year, day=f"{found.day:%d/%m/%Y}",
        ),
    )  # fmt: skip
    names = found.communes()
    for row in report.places:
        place = "–" if row.place is None else f"{row.place}{'=' if row.tied > 1 else ''}"
        table.add_row(
            place,
            show.under(show.clean(row.name), show.clean(names.get(row.name, ""))),
            show.billions(row.allocated),
            show.billions(row.disbursed),
            f"{of_english(row.rate_percent_cut)} %" if row.place else "",
            f"[red]▼ {of_english(row.gap)}[/]" if row.below_average else of_english(row.gap),
        )
    screen = show.screen()
    screen.print(table)
    of = f"{show.money(report.disbursed)} / {show.money(report.allocated)}"
    below = [row for row in report.places if row.below_average]
    screen.print(
        show.facts(
            (
                tr("Average"),
                tr(
                    "{rate} % = {of}; what is above it is in percentage points",
                    rate=of_english(report.average_percent_cut),
                    of=of,
                ),
            ),
            (tr("Below average"), f"{len(below)} / {len(report.places)}"),
            (
                tr("Ties"),
                tr("= have the same exact rate, and stand by name")
                if any(row.tied > 1 for row in report.places)
                else "",
            ),
        )
    )
