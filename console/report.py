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
from console.helping import example
from console.looking import LeftOut, left_out, looking, mention, spread
from console.options import Listing
from console.sending import open_session
from domain.difference import USES
from domain.league import Grouping, Unit, units
from domain.portfolio import Funded, Portfolio, Rate, Uses, cut, portfolio, uses
from domain.travel import View
from domain.values import ProgrammeId, value
from language.catalogue import mark, plural, tr
from language.numerals import of_english

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture

app = group("The leaders' figures.")
app.command("waiting", epilog=example("ntm report waiting --by stage --as-of 2024-06-30"))(
    bottlenecks.report
)

_BAR = 40
_ROUNDING = mark("cut after one digit, as the city publishes it")
By = Annotated[
    Grouping,
    typer.Option("--by", metavar="|".join(Grouping), help="What has a line of its own."),
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
    """The leaders' figures."""


@app.command(epilog=example("ntm report disbursement --as-of 2024-04-30 --explain rate"))
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
            help="The events whose sum a figure is: " + ", ".join(explaining.NAMES) + ".",
        ),
    ] = None,
    output: Listing = "table",
) -> None:
    """Show disbursement to the end of a day, unit by unit."""
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
    epilog=example("ntm report portfolio --as-of 2024-04-30 --html bao-cao.html"),
)(leaders.report)
app.command("curve", epilog=example("ntm report curve --as-of 2024-09-30"))(trends.curve)
app.command("ranking", epilog=example("ntm report ranking --by commune"))(trends.ranking)
app.command("forecast", epilog=example("ntm report forecast --as-of 2024-09-30"))(outlook.forecast)


def _tell(picture: "Picture", explained: tuple[explaining.Explained, ...], output: str) -> None:
    mention(picture)
    if output == "json":
        show.json(explained, tuple[explaining.Explained, ...])
        return
    if output != "table":
        spread(picture, explaining.cells(explained), explaining.Cell, output)
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
        tr("Unit"), tr("Communes"), tr("Projects"), tr("Allocated"), tr("Disbursed"), tr("Rate"),
        numbers=[1, 2, 3, 4, 5],
        title=tr(
            "Capital of {year}, billion đồng: disbursed to the end of {day}",
            year=figures.year, day=f"{figures.as_of:%d/%m/%Y}",
        ),
    )  # fmt: skip
    names = found.communes()
    for row in report.units:
        table.add_row(
            show.under(show.clean(row.unit.name), show.clean(names.get(row.unit.name, ""))),
            str(row.unit.communes),
            str(row.unit.projects),
            show.billions(row.unit.allocated),
            show.billions(row.unit.disbursed),
            f"{of_english(row.rate_percent_cut)} %",
        )
    table.add_section()
    table.add_row(
        tr("whole year"),
        str(len({row.commune for row in found.capital.positions.values()})),
        str(sum(row.unit.projects for row in report.units)),
        show.billions(figures.rate.of),
        show.billions(figures.rate.disbursed),
        f"{of_english(figures.rate.cut(1))} %",
    )
    return table


def _bar(rate: Rate) -> str:
    done = int(rate.exact * _BAR / 100)
    return f"[green]{'█' * done}[/][dim]{'░' * (_BAR - done)}[/] {of_english(rate.cut(1))} %"


def _made_of(report: Disbursement) -> "Table":
    """What was disbursed, by what it paid for; advances that were recovered are in the volume."""
    table = show.table(tr("Paid for"), "", numbers=[1])
    for use in USES:
        amount = getattr(report.uses, use)
        table.add_row(words.said(money_words.FIGURES, use), show.money(amount))
    table.add_section()
    table.add_row(tr("disbursed"), show.money(report.uses.disbursed))
    return table


def _statements(found: Portfolio) -> tuple[tuple[str, str], ...]:
    rate = found.rate
    return (
        (
            tr("Rate"),
            tr(
                "{rate} % = {of} of what is allocated for {year}",
                rate=of_english(rate.cut(1)), of=_of(rate.disbursed, rate.of), year=found.year,
            ),
        ),
        (tr("Written"), tr(_ROUNDING)),
        (tr("Exact"), _exact(rate) if rate.of else ""),
        *(
            (tr("Cohort {cohort}", cohort=show.clean(one.cohort)), _share(one))
            for one in found.funded
        ),
        (tr("Per commune"), _per_commune(found) if found.chosen else ""),
        (tr("Chosen"), _chosen(found) if found.chosen else ""),
        (tr("Communes"), _communes(found)),
    )  # fmt: skip


def _exact(rate: Rate) -> str:
    exact = rate.exact / 100
    return tr(
        "{exact}; rounded half up {two} %, {four} %",
        exact=f"{exact.numerator}/{exact.denominator}",
        two=of_english(rate.rounded(2)),
        four=of_english(rate.rounded(4)),
    )


def _share(one: Funded) -> str:
    return tr(
        "{rate} % = {of} of the total investment",
        rate=of_english(cut(one.exact, 1)),
        of=_of(one.allocated, one.total_investment),
    )


def _per_commune(found: Portfolio) -> str:
    return plural(
        "{total} / {n} commune = {each}",
        "{total} / {n} communes = {each}",
        found.chosen,
        total=show.money(found.total_investment),
        each=_average(found.investment_per_commune),
    )


def _chosen(found: Portfolio) -> str:
    districts = ", ".join(f"{name} {n}" for name, n in found.chosen_by_district.items())
    return tr(
        "{chosen} ({districts}); {deferred} deferred",
        chosen=found.chosen,
        districts=show.clean(districts),
        deferred=found.deferred,
    )


def _communes(found: Portfolio) -> str:
    sizes = " + ".join(str(size) for size in found.cohort_sizes.values())
    if not found.unexplained_communes:
        return f"{sizes} = {found.communes_in_cohorts}"
    return tr(
        "{sizes} = {total} in the cohorts, {base} at the start: a difference of {missing},"
        " which is stated and not forced to agree",
        sizes=sizes,
        total=found.communes_in_cohorts,
        base=found.base_communes,
        missing=found.unexplained_communes,
    )


def _of(part: int, whole: int) -> str:
    return f"{show.money(part)} / {show.money(whole)}"


def _average(each: Fraction) -> str:
    exact = each.denominator == 1
    return show.money(int(each)) if exact else f"≈ {show.money(int(each))}"
