"""`ntm capital`: the year's plan, project by project."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from console import show as on_screen
from console.failures import absent
from console.groups import group
from console.looking import head, looking, mention, missing, spread
from console.options import Listing, amount, code, refuse
from console.portrait import registered
from console.sending import Find, Wanted, deciding, open_session
from domain.capital import AllocateCapital
from domain.positions import Allocation, Capital
from domain.replanning import (
    AddCapital,
    AdjustCapital,
    CarryOver,
    CarryOverCapital,
    Cut,
    ExpireCapital,
    Ground,
)
from domain.streams import capital_stream
from domain.travel import View
from domain.values import CohortId, CommuneId, Post, ProgrammeId, ProjectId, Vnd, value

if TYPE_CHECKING:
    from rich.table import Table

    from office.session import Session

app = group("Kế hoạch vốn năm · the year's capital plan.")

Programme = Annotated[
    str, typer.Argument(parser=code, metavar="PROGRAMME", help="Mã chương trình · its code.")
]
Year = Annotated[int, typer.Argument(min=2000, max=2100, help="Năm · year.")]


@value
class Share:
    """What one project is to have, đồng."""

    project: ProjectId
    amount: Vnd


@value
class Line:
    """One project's capital in the year, đồng, for a spreadsheet."""

    project: ProjectId
    commune: CommuneId
    cohort: CohortId
    allocated: Vnd
    reserved: Vnd
    disbursed: Vnd
    expired: Vnd
    left: Vnd


def _share(text: str) -> Share:
    project, equals, worth = text.partition("=")
    if not equals:
        raise refuse(text, "viết · write PROJECT=ĐỒNG: AD01-GT=5000000000")
    return Share(project=ProjectId(code(project)), amount=amount(worth))


Shares = Annotated[
    list[Share],
    typer.Argument(parser=_share, metavar="PROJECT=ĐỒNG...", help="Vốn · whole đồng."),
]


@app.command(
    epilog="Ví dụ · example: ntm capital allocate NTM 2024 AD01-GT=5000000000"
    " --document '01/KH-UBND;2024-01-05;UBND thành phố' --as chair@hai-phong"
)
@deciding
def allocate(
    programme: Programme,
    year: Year,
    shares: Shares,
) -> Find:
    """Bố trí vốn cho các dự án · allocate capital to projects; needs --document."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        name = ProgrammeId(programme)
        lines = tuple(_line(session, share) for share in shares)
        command = AllocateCapital(programme=name, year=year, lines=lines)
        return Wanted(stream=capital_stream(name, year), command=command)

    return find


@app.command(
    epilog="Ví dụ · example: ntm capital add NTM 2024 AD01-GT=2000000000"
    " --document '77/QĐ-UBND;2024-06-03;UBND thành phố' --as chair@hai-phong"
)
@deciding
def add(programme: Programme, year: Year, shares: Shares) -> Find:
    """Bổ sung vốn trong năm · assign more in the course of the year; needs --document."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        lines = tuple(_line(session, share) for share in shares)
        stream = capital_stream(ProgrammeId(programme), year)
        return Wanted(stream=stream, command=AddCapital(lines=lines))

    return find


@app.command(
    epilog="Ví dụ · example: ntm capital adjust NTM 2024 --from AD01-GT=2000000000"
    " --to AD02-GT=2000000000 --document '91/QĐ-UBND;2024-09-12;UBND thành phố'"
    " --as chair@hai-phong"
)
@deciding
def adjust(
    programme: Programme,
    year: Year,
    cuts: Annotated[
        list[Share],
        typer.Option("--from", parser=_share, metavar="PROJECT=ĐỒNG", help="Giảm · taken from."),
    ],
    raises: Annotated[
        list[Share],
        typer.Option("--to", parser=_share, metavar="PROJECT=ĐỒNG", help="Tăng · given to."),
    ],
) -> Find:
    """Điều chuyển vốn · move capital between projects; what some lose, others gain."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        command = AdjustCapital(
            cuts=tuple(Cut(project=share.project, amount=share.amount) for share in cuts),
            raises=tuple(_line(session, share) for share in raises),
        )
        return Wanted(stream=capital_stream(ProgrammeId(programme), year), command=command)

    return find


@app.command(
    "carry-over",
    epilog="Ví dụ · example: ntm capital carry-over NTM 2024 AD01-GT=500000000"
    " --ground clearance-project --document '05/NQ-HĐND;2025-01-20;HĐND thành phố'"
    " --as chair@hai-phong",
)
@deciding
def carry_over(
    programme: Programme,
    year: Year,
    shares: Shares,
    ground: Annotated[
        Ground, typer.Option(metavar="GROUND", help="Lý do · why: " + "|".join(Ground) + ".")
    ],
) -> Wanted:
    """Kéo dài vốn sang năm sau · let unspent capital be paid out in the next year."""
    lines = tuple(
        CarryOver(project=share.project, amount=share.amount, ground=ground) for share in shares
    )
    stream = capital_stream(ProgrammeId(programme), year)
    return Wanted(stream=stream, command=CarryOverCapital(lines=lines))


@app.command(epilog="Ví dụ · example: ntm capital expire NTM 2024 --as finance@hai-phong")
@deciding
def expire(programme: Programme, year: Year) -> Wanted:
    """Huỷ vốn hết hạn · write off what was not paid out in time."""
    return Wanted(stream=capital_stream(ProgrammeId(programme), year), command=ExpireCapital())


@app.command()
@looking
def show(view: View, programme: Programme, year: Year, output: Listing = "table") -> None:
    """Kế hoạch vốn của một năm · a year's plan: allocated, reserved, disbursed."""
    stream = capital_stream(ProgrammeId(programme), year)
    with open_session() as session:
        picture = session.picture(view)
        standing = picture.standing(stream)
        if standing is None or not isinstance(standing.state, Capital):
            advice = "bố trí vốn · see `ntm capital allocate --help`"
            missing(picture, stream, output, absent("PROGRAMME YEAR", stream, advice))
    mention(picture)
    if output == "json":
        on_screen.json(standing.state)
        return
    if output != "table":
        spread(picture, _lines(standing.state), Line, output)
        return
    head(picture)
    on_screen.screen().print(_table(standing.state))


def _lines(plan: Capital) -> Iterator[Line]:
    for project, row in plan.positions.items():
        yield Line(
            project=project,
            commune=row.commune,
            cohort=row.cohort,
            allocated=row.allocated,
            reserved=row.reserved,
            disbursed=row.disbursed,
            expired=row.expired,
            left=row.left,
        )


def _table(plan: Capital) -> "Table":
    rows = plan.positions.values()
    lapsed = any(row.expired for row in rows)
    titles = ["Dự án · project", "Bố trí · allocated", "Giữ · reserved", "Giải ngân · disbursed"]
    titles += ["Huỷ · expired"] if lapsed else []
    titles += ["Còn, đến · left, until"]
    table = on_screen.table(*titles, numbers=range(1, len(titles)), whole=[0])

    def add(name: str, amounts: tuple[int, int, int, int, int], until: str = "") -> None:
        *gone, expired, left = (on_screen.money(each) for each in amounts)
        shown = [*gone, expired] if lapsed else gone
        table.add_row(on_screen.clean(name), *shown, on_screen.under(left, until))

    for project, row in plan.positions.items():
        ends = sorted({lot.payable_until for lot in row.lots if lot.left and lot.payable_until})
        until = ", ".join(f"{day:%d/%m/%Y}" for day in ends)
        add(project, (row.allocated, row.reserved, row.disbursed, row.expired, row.left), until)
    table.add_section()
    sums = (
        plan.allocated,
        sum(row.reserved for row in rows),
        plan.disbursed,
        sum(row.expired for row in rows),
        sum(row.left for row in rows),
    )
    add("cả năm · year", sums)
    return table


def _line(session: "Session", share: Share) -> Allocation:
    _, state = registered(session.picture(), share.project)
    return Allocation(
        project=share.project,
        commune=state.charter.commune,
        cohort=state.charter.cohort,
        amount=share.amount,
        synthetic=state.charter.synthetic,
    )
