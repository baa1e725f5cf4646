"""`ntm capital`: the year's plan, project by project."""

from typing import TYPE_CHECKING, Annotated

import typer

from console import show as on_screen
from console.failures import absent
from console.groups import group
from console.looking import head, looking, mention, missing
from console.options import Output, amount, code, refuse
from console.portrait import registered
from console.sending import Find, Wanted, deciding, open_session
from domain.capital import AllocateCapital
from domain.positions import Allocation, Capital
from domain.streams import capital_stream
from domain.travel import View
from domain.values import Post, ProgrammeId, ProjectId, Vnd, value

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


def _share(text: str) -> Share:
    project, equals, worth = text.partition("=")
    if not equals:
        raise refuse(text, "viết · write PROJECT=ĐỒNG: AD01-GT=5000000000")
    return Share(project=ProjectId(code(project)), amount=amount(worth))


@app.command(
    epilog="Ví dụ · example: ntm capital allocate NTM 2024 AD01-GT=5000000000"
    " --document '01/KH-UBND;2024-01-05;UBND thành phố' --as chair@hai-phong"
)
@deciding
def allocate(
    programme: Programme,
    year: Year,
    shares: Annotated[
        list[Share],
        typer.Argument(parser=_share, metavar="PROJECT=ĐỒNG...", help="Vốn · whole đồng."),
    ],
) -> Find:
    """Bố trí vốn cho các dự án · allocate capital to projects; needs --document."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        name = ProgrammeId(programme)
        lines = tuple(_line(session, share) for share in shares)
        command = AllocateCapital(programme=name, year=year, lines=lines)
        return Wanted(stream=capital_stream(name, year), command=command)

    return find


@app.command()
@looking
def show(view: View, programme: Programme, year: Year, output: Output = "table") -> None:
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
    head(picture)
    on_screen.screen().print(_table(standing.state))


def _table(plan: Capital) -> "Table":
    table = on_screen.table(
        "Dự án · project", "Bố trí · allocated", "Giữ · reserved", "Giải ngân · disbursed",
        "Còn · left", numbers=[1, 2, 3, 4],
    )  # fmt: skip
    for project, row in plan.positions.items():
        amounts = (row.allocated, row.reserved, row.disbursed, row.left)
        table.add_row(on_screen.clean(project), *(on_screen.money(each) for each in amounts))
    table.add_section()
    reserved = sum(row.reserved for row in plan.positions.values())
    rest = plan.allocated - reserved - plan.disbursed
    amounts_ = (plan.allocated, reserved, plan.disbursed, rest)
    table.add_row("cả năm · year", *(on_screen.money(each) for each in amounts_))
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
