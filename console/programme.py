"""`ntm programme`: a programme, its cohorts of communes, and which are chosen."""

from typing import Annotated

import typer

from console import show as on_screen
from console.failures import absent
from console.groups import group
from console.looking import head, looking, mention, missing, spread
from console.options import Listing, amount, code, refuse
from console.sending import Wanted, deciding, open_session
from domain.programme import Cohort as CohortOf
from domain.programme import (
    Command,
    Commune,
    RegisterCohort,
    RegisterProgramme,
    Running,
    SelectCommunes,
)
from domain.streams import programme_stream
from domain.travel import View
from domain.values import CohortId, CommuneId, ProgrammeId, UnitCode, Vnd, value

app = group("Chương trình, đợt và xã · programmes, cohorts and communes.")

Programme = Annotated[
    str, typer.Argument(parser=code, metavar="PROGRAMME", help="Mã chương trình · its code.")
]
Cohort = Annotated[str, typer.Argument(parser=code, metavar="COHORT", help="Đợt · cohort: 2024.")]


@value
class Line:
    """One cohort, for a spreadsheet."""

    cohort: CohortId
    row: CohortOf


def _commune(text: str) -> Commune:
    """`CODE;NAME;DISTRICT`."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != 3 or not parts[1]:
        raise refuse(text, "viết · write 'CODE;NAME;DISTRICT'")
    return Commune(
        commune=CommuneId(code(parts[0])),
        name=parts[1],
        district=UnitCode(code(parts[2])),
        synthetic=False,
    )


@app.command()
@deciding
def register(
    programme: Programme,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Tên · name.")],
    base_communes: Annotated[int, typer.Option(min=1, help="Số xã ban đầu · communes in all.")],
) -> Wanted:
    """Đăng ký chương trình · register a programme."""
    code_ = ProgrammeId(programme)
    return _for(
        programme, RegisterProgramme(programme=code_, name=name, base_communes=base_communes)
    )


@app.command(
    epilog="Ví dụ · example: ntm programme cohort NTM 2024 --year 2024 --size 45"
    " --commune 'c01;Xã A;an-duong'"
)
@deciding
def cohort(
    programme: Programme,
    name: Cohort,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="Năm · year.")],
    size: Annotated[int, typer.Option(min=1, help="Số xã · number of communes.")],
    commune: Annotated[
        list[Commune] | None,
        typer.Option(
            parser=_commune, metavar="'CODE;NAME;DISTRICT'", help="Xã, lặp lại được · repeatable."
        ),
    ] = None,
) -> Wanted:
    """Đăng ký một đợt · register a cohort."""
    communes = tuple(commune or ())
    return _for(
        programme,
        RegisterCohort(cohort=CohortId(name), year=year, size=size, communes=communes),
    )


@app.command()
@deciding
def select(
    programme: Programme,
    cohort: Cohort,
    communes: Annotated[list[str], typer.Argument(metavar="COMMUNE...", help="Xã được chọn.")],
    total_investment: Annotated[
        Vnd, typer.Option(parser=amount, metavar="ĐỒNG", help="Tổng mức · total, whole đồng.")
    ],
    why_deferred: Annotated[
        str, typer.Option(metavar="TEXT", help="Vì sao hoãn các xã còn lại · why the rest wait.")
    ] = "",
) -> Wanted:
    """Chọn xã của một đợt · choose communes; needs --document."""
    command = SelectCommunes(
        cohort=CohortId(cohort),
        chosen=tuple(CommuneId(name) for name in communes),
        total_investment=total_investment,
        why_deferred=why_deferred,
    )
    return _for(programme, command)


@app.command()
@looking
def show(view: View, programme: Programme, output: Listing = "table") -> None:
    """Một chương trình và các đợt · one programme and its cohorts."""
    stream = programme_stream(ProgrammeId(programme))
    with open_session() as session:
        picture = session.picture(view)
        standing = picture.standing(stream)
        if standing is None or not isinstance(standing.state, Running):
            advice = "đăng ký · register it: `ntm programme register`"
            missing(picture, stream, output, absent("PROGRAMME", programme, advice))
    state = standing.state
    mention(picture)
    if output == "json":
        on_screen.json(state)
        return
    if output != "table":
        lines = (Line(cohort=name, row=row) for name, row in state.cohorts.items())
        spread(picture, lines, Line, output)
        return
    head(picture)
    table = on_screen.table(
        "Đợt · cohort", "Năm · year", "Số xã · communes", "Được chọn · chosen",
        "Hoãn · deferred", "Tổng mức · total",
        numbers=[2, 3, 4, 5], title=on_screen.clean(f"{state.programme}: {state.name}"),
    )  # fmt: skip
    for name, row in state.cohorts.items():
        table.add_row(
            on_screen.clean(name),
            str(row.year),
            str(row.size),
            str(len(row.chosen) or ""),
            str(row.deferred or ""),
            on_screen.money(row.total_investment or None),
        )
    on_screen.screen().print(table)


def _for(programme: str, command: Command) -> Wanted:
    return Wanted(stream=programme_stream(ProgrammeId(programme)), command=command)
