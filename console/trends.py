"""`ntm report curve` and `ranking`: what was paid month by month, and who is behind."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import budget, money_words, plot, show, words
from console.budget import Budget, Programme, Year, heading, planned
from console.looking import LeftOut, left_out, looking, mention
from console.options import Output
from console.plot import Column
from console.sending import open_session
from domain import curve as curves
from domain import league
from domain.curve import Point
from domain.league import Grouping, Place
from domain.portfolio import Rate, cut
from domain.travel import View
from domain.values import Vnd, value

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
            help="Chỉ một đợt, huyện, xã, dự án · only a cohort, district, commune, project.",
        ),
    ] = None,
    output: Output = "table",
) -> None:
    """Đường cong chữ S · planned and actual disbursement, month by month, cumulative."""
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
    heading(picture)
    _draw(report)


def _draw(report: Curve) -> None:
    screen = show.screen()
    title = f"Giải ngân vốn {report.year}, luỹ kế · disbursement, cumulative"
    screen.print(f"[bold]{title}{f', {show.clean(report.of)}' if report.of else ''}[/]")
    columns = [
        Column(label=f"{point.by:%m}", solid=point.actual, line=point.planned)
        for point in report.points
    ]
    for row in plot.chart(columns, top=report.allocated):
        screen.print(row)
    planned = any(point.planned is not None for point in report.points)
    plan = "━ kế hoạch · planned" if planned else "chưa có kế hoạch tháng · no monthly plan"
    screen.print(f"[dim]{'':>11}█ đã giải ngân · disbursed   {plan}[/]")
    screen.print(_points(report))


def _points(report: Curve) -> "Table":
    table = show.table(
        "Đến · by", "Kế hoạch · planned", "Thực tế · actual", "Chênh · difference",
        "Thực tế/bố trí · of allocated", numbers=[1, 2, 3, 4], whole=[0],
    )  # fmt: skip
    for point in report.points:
        if point.actual is None and point.planned is None:
            continue
        both = point.whole and point.planned is not None
        gap = (point.actual or 0) - (point.planned or 0)
        rate = Rate(disbursed=point.actual or Vnd(0), of=report.allocated)
        table.add_row(
            f"{point.by:%d/%m/%Y}" if point.whole else f"[dim]{point.by:%d/%m/%Y} …[/]",
            show.money(point.planned),
            show.money(point.actual),
            f"{'+' if gap > 0 else ''}{show.money(gap)}" if both else "",
            "" if point.actual is None else f"{rate.cut(1)} %",
        )
    table.caption = f"bố trí · allocated: {show.money(report.allocated)}"
    table.caption_justify = "left"
    return table


@looking
def ranking(
    *,
    view: View,
    by: Annotated[
        Grouping,
        typer.Option("--by", metavar="|".join(Grouping), help="Xếp theo · what is ranked."),
    ] = Grouping.DISTRICT,
    year: Year = None,
    programme: Programme = None,
    output: Output = "table",
) -> None:
    """Xếp hạng đơn vị · units by their rate, against the average, by name."""
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
        "Hạng · place", f"{words.said(money_words.GROUPINGS, report.by)}", "Bố trí · allocated",
        "Giải ngân · disbursed", "Tỷ lệ · rate", "So bình quân · points", numbers=[0, 2, 3, 4, 5],
        title=f"Xếp hạng giải ngân vốn {report.year} · ranking to {found.day:%d/%m/%Y}",
    )  # fmt: skip
    names = found.communes()
    for row in report.places:
        place = "–" if row.place is None else f"{row.place}{'=' if row.tied > 1 else ''}"
        table.add_row(
            place,
            show.under(show.clean(row.name), show.clean(names.get(row.name, ""))),
            show.money(row.allocated),
            show.money(row.disbursed),
            f"{row.rate_percent_cut} %" if row.place else "",
            f"[red]▼ {row.gap}[/]" if row.below_average else row.gap,
        )
    screen = show.screen()
    screen.print(table)
    of = f"{show.money(report.disbursed)} / {show.money(report.allocated)}"
    below = [row for row in report.places if row.below_average]
    screen.print(
        show.facts(
            ("Bình quân · average", f"{report.average_percent_cut} % = {of}"),
            ("Dưới bình quân · below", f"{len(below)} / {len(report.places)}"),
            (
                "Đồng hạng · ties",
                "= cùng tỷ lệ chính xác, xếp theo tên · the same exact rate, by name"
                if any(row.tied > 1 for row in report.places)
                else "",
            ),
        )
    )
