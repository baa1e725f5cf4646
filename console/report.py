"""`ntm report`: the leaders' figures, each beside its denominator."""

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from console import bottlenecks, show
from console.failures import REFUSED, Failure
from console.groups import group
from console.looking import LeftOut, left_out, looking, mention, spread, times
from console.options import Listing, code
from console.sending import open_session
from domain.calendar import local_day
from domain.portfolio import Line, Portfolio, Rate, portfolio
from domain.positions import UNALLOCATED, Capital
from domain.programme import Running
from domain.streams import capital_stream
from domain.travel import View
from domain.values import ProgrammeId, StreamId, value

if TYPE_CHECKING:
    from storage.travel import Picture

app = group("Báo cáo · reports.")
app.command("waiting", epilog="Ví dụ · example: ntm report waiting --by stage --as-of 2024-06-30")(
    bottlenecks.report
)

_BAR = 40


@value
class Disbursement:
    """The portfolio with its rates written out: cut as the city reports, rounded, and exact.

    `as_of` and `known_at` are the moments that were looked at, whether asked for or not.
    """

    as_of: datetime
    known_at: datetime
    left_out: tuple[LeftOut, ...]
    portfolio: Portfolio
    rate_percent_cut: str
    rate_percent_rounded: str
    rate_numerator: int
    rate_denominator: int
    investment_per_commune: int
    unexplained_communes: int


@value
class NothingYet:
    """The programme was not registered at that time."""

    as_of: datetime
    known_at: datetime
    portfolio: None = None


@app.callback()
def reports() -> None:
    """Báo cáo · reports."""


@app.command(epilog="Ví dụ · example: ntm report disbursement --as-of 2024-04-30")
@looking
def disbursement(
    *,
    view: View,
    year: Annotated[
        int | None, typer.Option(min=2000, max=2100, help="Năm vốn · budget year.")
    ] = None,
    programme: Annotated[
        str | None,
        typer.Option(parser=code, metavar="PROGRAMME", help="Khi có nhiều · if there are several."),
    ] = None,
    output: Listing = "table",
) -> None:
    """Giải ngân đến hết một ngày · disbursement to the end of a day, by cohort."""
    with open_session() as session:
        picture = session.picture(view)
        found = read(picture, programme, year)
    as_of, known_at = view.as_of or picture.asked_at, view.known_at or picture.asked_at
    mention(picture)
    if output == "json":
        nothing = NothingYet(as_of=as_of, known_at=known_at)
        show.json(_written_out(found, picture) if found else nothing)
        return
    if output != "table":
        spread(picture, found.lines if found else (), Line, output)
        return
    show.screen().print(f"[dim]{times(view, picture.asked_at)}[/]")
    if found:
        _print(found)
    else:
        typer.echo("chưa có chương trình nào · nothing yet: no programme was registered")


def read(picture: "Picture", programme: str | None, year: int | None) -> Portfolio | None:
    """The portfolio of a programme as a view has it; None if there was no programme yet."""
    folded = picture.standing(_the_one(picture, programme))
    if folded is None or not isinstance(folded.state, Running):
        return None
    day = local_day(picture.view.as_of or picture.now)
    of_year = year or day.year
    plan = picture.standing(capital_stream(ProgrammeId(folded.state.programme), of_year))
    capital = plan.state if plan else UNALLOCATED
    assert isinstance(capital, Capital)
    return portfolio(folded.state, capital, of_year, day)


def _the_one(picture: "Picture", programme: str | None) -> StreamId:
    """The programme that is named, or the only one; it need not have begun at the view."""
    from storage import queries

    running = queries.standings(picture.engine, "programme")
    streams = [s.stream for s in running if programme in (None, s.stream.partition("/")[2])]
    if len(streams) == 1:
        return streams[0]
    names = ", ".join(s.stream.partition("/")[2] for s in running) or "–"
    raise Failure(
        f"PROGRAMME: {len(streams)} chương trình · programmes fit [not_found]",
        f"chọn · choose with --programme: {names}",
        REFUSED,
    )


def _written_out(found: Portfolio, picture: "Picture") -> Disbursement:
    rate = found.rate
    return Disbursement(
        as_of=picture.view.as_of or picture.asked_at,
        known_at=picture.view.known_at or picture.asked_at,
        left_out=left_out(picture.left_out.values()),
        portfolio=found,
        rate_percent_cut=rate.cut(1),
        rate_percent_rounded=rate.rounded(2),
        rate_numerator=rate.disbursed,
        rate_denominator=rate.of,
        investment_per_commune=int(found.investment_per_commune),
        unexplained_communes=found.unexplained_communes,
    )


def _print(found: Portfolio) -> None:
    screen = show.screen()
    table = show.table(
        "Đợt · cohort", "Số xã · communes", "Bố trí · allocated", "Giải ngân · disbursed",
        "Tỷ lệ · rate", numbers=[1, 2, 3, 4],
        title=f"Giải ngân vốn {found.year} đến hết · disbursement to {found.as_of:%d/%m/%Y}",
    )  # fmt: skip
    for line in found.lines:
        rate = Rate(disbursed=line.disbursed, of=line.allocated)
        table.add_row(
            show.clean(line.cohort),
            str(line.communes),
            show.money(line.allocated),
            show.money(line.disbursed),
            f"{rate.cut(1)} %",
        )
    table.add_section()
    communes = sum(line.communes for line in found.lines)
    table.add_row(
        "cả năm · year",
        str(communes),
        show.money(found.rate.of),
        show.money(found.rate.disbursed),
        f"{found.rate.cut(1)} %",
    )
    screen.print(table)
    screen.print(_bar(found.rate))
    screen.print()
    screen.print(show.facts(*_statements(found)))


def _bar(rate: Rate) -> str:
    done = int(rate.exact * _BAR / 100)
    return f"[green]{'█' * done}[/][dim]{'░' * (_BAR - done)}[/] {rate.cut(1)} %"


def _statements(found: Portfolio) -> tuple[tuple[str, str], ...]:
    rate = found.rate
    of = f"{show.money(rate.disbursed)} / {show.money(rate.of)}"
    each = found.investment_per_commune
    sizes = " + ".join(str(size) for size in found.cohort_sizes.values())
    districts = ", ".join(f"{name} {n}" for name, n in found.chosen_by_district.items())
    missing = found.unexplained_communes
    return (
        ("Tỷ lệ, cắt · rate, cut", f"{rate.cut(1)} % = {of} (vốn bố trí {found.year} · allocated)"),
        ("Làm tròn · rounded", f"{rate.rounded(2)} %, {rate.rounded(4)} %"),
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


def _average(each: Fraction) -> str:
    exact = each.denominator == 1
    return show.money(int(each)) if exact else f"≈ {show.money(int(each))}"
