"""`ntm report`: the leaders' figures, each beside its denominator."""

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from console import (
    bottlenecks,
    budget,
    explaining,
    leaders,
    money_words,
    outlook,
    show,
    trends,
    words,
)
from console.budget import Budget, Programme, Year, begun, heading
from console.groups import group
from console.looking import LeftOut, left_out, looking, mention, spread
from console.options import Listing
from console.sending import open_session
from domain.difference import USES
from domain.league import Grouping, Unit, units
from domain.portfolio import Funded, Portfolio, Rate, Uses, cut, portfolio, uses
from domain.travel import View
from domain.values import ProgrammeId, value

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture

app = group("Báo cáo · reports.")
app.command("waiting", epilog="Ví dụ · example: ntm report waiting --by stage --as-of 2024-06-30")(
    bottlenecks.report
)

_BAR = 40
_ROUNDING = "cắt sau một chữ số, như thành phố công bố · cut after one digit, as published"
By = Annotated[
    Grouping,
    typer.Option("--by", metavar="|".join(Grouping), help="Dòng theo · a line for each."),
]


@value
class Written:
    """A unit with its rate written out."""

    unit: Unit
    rate_percent_cut: str


@value
class Disbursement:
    """The portfolio with its rates written out: cut as the city reports, rounded, and exact.

    `as_of` and `known_at` are the moments that were looked at, whether asked for or not. `units`
    are the lines of the table; together they are the year.
    """

    as_of: datetime
    known_at: datetime
    left_out: tuple[LeftOut, ...]
    portfolio: Portfolio
    units: tuple[Written, ...]
    uses: Uses
    rate_percent_cut: str
    rate_percent_rounded: str
    rate_numerator: int
    rate_denominator: int
    investment_per_commune: int
    unexplained_communes: int


@app.callback()
def reports() -> None:
    """Báo cáo · reports."""


@app.command(epilog="Ví dụ · example: ntm report disbursement --as-of 2024-04-30 --explain rate")
@looking
def disbursement(
    *,
    view: View,
    year: Year = None,
    programme: Programme = None,
    by: By = Grouping.COHORT,
    explain: Annotated[
        str | None,
        typer.Option(
            metavar="FIGURE[@UNIT]",
            help="Sự kiện làm nên số · the events that are a figure: "
            + ", ".join(explaining.NAMES),
        ),
    ] = None,
    output: Listing = "table",
) -> None:
    """Giải ngân đến hết một ngày · disbursement to the end of a day, unit by unit."""
    figures = explaining.asked(explain) if explain else None
    with open_session() as session:
        picture = session.picture(view)
        found = begun(picture, budget.read(picture, programme, year), output)
        if figures:
            explained = explaining.explain(picture, found, *figures)
            _tell(picture, explained, output)
            return
        report = _report(picture, found, by)
    mention(picture)
    if output == "json":
        show.json(report)
        return
    if output != "table":
        spread(picture, report.units, Written, output)
        return
    heading(picture)
    _print(report, found)


app.command(
    "portfolio",
    epilog="Ví dụ · example: ntm report portfolio --as-of 2024-04-30 --html bao-cao.html",
)(leaders.report)
app.command("curve", epilog="Ví dụ · example: ntm report curve --as-of 2024-09-30")(trends.curve)
app.command("ranking", epilog="Ví dụ · example: ntm report ranking --by commune")(trends.ranking)
app.command("forecast", epilog="Ví dụ · example: ntm report forecast --as-of 2024-09-30")(
    outlook.forecast
)


def _tell(picture: "Picture", explained: tuple[explaining.Explained, ...], output: str) -> None:
    mention(picture)
    if output == "json":
        show.json(explained, tuple[explaining.Explained, ...])
        return
    heading(picture)
    for table in explaining.tables(explained):
        show.screen().print(table)


def _report(picture: "Picture", found: Budget, by: Grouping) -> Disbursement:
    figures = portfolio(found.programme, found.capital, found.year, found.day)
    rows = units(found.capital, by, found.districts())
    name = ProgrammeId(found.programme.programme)
    rate = figures.rate
    return Disbursement(
        as_of=picture.view.as_of or picture.asked_at,
        known_at=picture.view.known_at or picture.asked_at,
        left_out=left_out(picture.left_out.values()),
        portfolio=figures,
        units=tuple(Written(unit=row, rate_percent_cut=row.rate.cut(1)) for row in rows),
        uses=uses(budget.projects(picture, found), name, found.year),
        rate_percent_cut=rate.cut(1),
        rate_percent_rounded=rate.rounded(2),
        rate_numerator=rate.disbursed,
        rate_denominator=rate.of,
        investment_per_commune=int(figures.investment_per_commune),
        unexplained_communes=figures.unexplained_communes,
    )


def _print(report: Disbursement, found: Budget) -> None:
    screen = show.screen()
    screen.print(_lines(report, found))
    screen.print(_bar(report.portfolio.rate))
    screen.print()
    screen.print(_made_of(report))
    screen.print(show.facts(*_statements(report.portfolio)))


def _lines(report: Disbursement, found: Budget) -> "Table":
    figures = report.portfolio
    table = show.table(
        "Đơn vị · unit", "Số xã · communes", "Dự án · projects", "Bố trí · allocated",
        "Giải ngân · disbursed", "Tỷ lệ · rate", numbers=[1, 2, 3, 4, 5],
        title=f"Giải ngân vốn {figures.year} đến hết · disbursement to {figures.as_of:%d/%m/%Y}",
    )  # fmt: skip
    names = found.communes()
    for row in report.units:
        table.add_row(
            show.under(show.clean(row.unit.name), show.clean(names.get(row.unit.name, ""))),
            str(row.unit.communes),
            str(row.unit.projects),
            show.money(row.unit.allocated),
            show.money(row.unit.disbursed),
            f"{row.rate_percent_cut} %",
        )
    table.add_section()
    table.add_row(
        "cả năm · year",
        str(len({row.commune for row in found.capital.positions.values()})),
        str(sum(row.unit.projects for row in report.units)),
        show.money(figures.rate.of),
        show.money(figures.rate.disbursed),
        f"{figures.rate.cut(1)} %",
    )
    return table


def _bar(rate: Rate) -> str:
    done = int(rate.exact * _BAR / 100)
    return f"[green]{'█' * done}[/][dim]{'░' * (_BAR - done)}[/] {rate.cut(1)} %"


def _made_of(report: Disbursement) -> "Table":
    """What was disbursed, by what it paid for; advances that were recovered are in the volume."""
    table = show.table("Đã chi cho · paid for", "", numbers=[1])
    for use in USES:
        amount = getattr(report.uses, use)
        table.add_row(words.said(money_words.FIGURES, use), show.money(amount))
    table.add_section()
    table.add_row("giải ngân · disbursed", show.money(report.uses.disbursed))
    return table


def _statements(found: Portfolio) -> tuple[tuple[str, str], ...]:
    rate = found.rate
    of = f"{show.money(rate.disbursed)} / {show.money(rate.of)}"
    each = found.investment_per_commune
    sizes = " + ".join(str(size) for size in found.cohort_sizes.values())
    districts = ", ".join(f"{name} {n}" for name, n in found.chosen_by_district.items())
    missing = found.unexplained_communes
    exact = rate.exact / 100
    return (
        ("Tỷ lệ · rate", f"{rate.cut(1)} % = {of} (vốn bố trí {found.year} · allocated)"),
        ("Cách viết · written", _ROUNDING),
        (
            "Chính xác · exact",
            f"{exact.numerator}/{exact.denominator}; làm tròn · rounded half up"
            f" {rate.rounded(2)} %, {rate.rounded(4)} %"
            if rate.of
            else "",
        ),
        *(
            (
                f"Đợt · cohort {show.clean(one.cohort)}",
                _share(one),
            )
            for one in found.funded
        ),
        (
            "Bình quân một xã · per commune",
            f"{show.money(found.total_investment)} / {found.chosen} xã = {_average(each)}"
            if found.chosen
            else "",
        ),
        (
            "Được chọn · chosen",
            show.clean(f"{found.chosen} ({districts}), hoãn · deferred {found.deferred}")
            if found.chosen
            else "",
        ),
        (
            "Số xã · communes",
            f"{sizes} = {found.communes_in_cohorts} trong các đợt · in cohorts,"
            f" {found.base_communes} ban đầu · at the start; chênh · difference {missing},"
            " nêu rõ, không gò · stated, not forced to agree"
            if missing
            else f"{sizes} = {found.communes_in_cohorts}",
        ),
    )


def _share(one: Funded) -> str:
    of = f"{show.money(one.allocated)} / {show.money(one.total_investment)}"
    return f"{cut(one.exact, 1)} % = {of} (tổng mức · total investment)"


def _average(each: Fraction) -> str:
    exact = each.denominator == 1
    return show.money(int(each)) if exact else f"≈ {show.money(int(each))}"
