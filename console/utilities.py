"""`ntm clearance utility`: power lines of a section, who pays, and how many poles have moved."""

from typing import Annotated

import typer

from console.groups import group
from console.helping import example
from console.options import Amount, InSite, Reason, amount, calendar_day, code, refuse, written
from console.sending import Wanted, deciding
from domain.streams import clearance_stream
from domain.utilities import (
    Command,
    DecideRelocationFunding,
    Method,
    RecordRelocation,
    RegisterUtilities,
    ReviseEstimate,
    ScheduleRelocation,
    UtilityEntry,
)
from domain.values import Payer, UtilityId

app = group("Power lines that have to move.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Power line: DT1.")]


def _line(text: str) -> UtilityEntry:
    """`NAME:LV|MV:POLES:ĐỒNG`, with `:underground` where the line goes underground.

    Poles are a count, or the numbers painted on them: `4` or `12,13,14,15`.
    """
    form = written("NAME:LV|MV:POLES:ĐỒNG[:underground]: DT1:MV:6:1260000000")
    match text.split(":"):
        case [name, ("LV" | "MV") as voltage, poles, estimate, *ways] if ways in (
            [],
            ["underground"],
        ):
            numbers = tuple(code(one) for one in poles.split(",")) if "," in poles else ()
            if not numbers and not (poles.isascii() and poles.isdigit()):
                raise refuse(text, form)
            return UtilityEntry(
                utility=UtilityId(code(name)),
                voltage=voltage,
                poles=len(numbers) or int(poles),
                estimate=amount(estimate),
                method=Method.UNDERGROUNDING if ways else Method.RELOCATION,
                numbers=numbers,
            )
        case _:
            raise refuse(text, form)


def _for(site: InSite, command: Command) -> Wanted:
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@app.command(
    epilog=example(
        "ntm clearance utility register AD01-GT/T2 DT1:MV:6:1260000000"
        " HT1:LV:7,8,9:195000000:underground --as investor@an-duong"
    )
)
@deciding
def register(
    site: InSite,
    lines: Annotated[
        list[UtilityEntry],
        typer.Argument(
            parser=_line,
            metavar="NAME:LV|MV:POLES:ĐỒNG...",
            help="Low or medium voltage, the poles or their numbers, the estimate.",
        ),
    ],
) -> Wanted:
    """List the power lines whose poles have to move."""
    return _for(site, RegisterUtilities(utilities=tuple(lines)))


@app.command(
    epilog=example(
        "ntm clearance utility estimate AD01-GT/T2 DT1 --amount 1400000000"
        " --reason 'giá cáp tăng' --as investor@an-duong"
    )
)
@deciding
def estimate(site: InSite, name: Name, new: Amount, reason: Reason) -> Wanted:
    """Revise an estimate; the earlier one is kept."""
    return _for(site, ReviseEstimate(utility=UtilityId(name), estimate=new, reason=reason))


@app.command(
    epilog=example(
        "ntm clearance utility fund AD01-GT/T2 DT1 --source programme"
        " --document '05/QĐ-UBND;2024-05-06;UBND thành phố' --as chair@hai-phong"
    )
)
@deciding
def fund(
    site: InSite,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Power lines: DT1 HT1.")],
    source: Annotated[Payer, typer.Option(help="Whose money it is.")] = Payer.OTHER,
    payer: Annotated[str, typer.Option(metavar="TEXT", help="Who pays, in words.")] = "",
) -> Wanted:
    """Decide who pays for moving them; needs --document."""
    lines = tuple(UtilityId(name) for name in names)
    return _for(site, DecideRelocationFunding(utilities=lines, payer=payer, source=source))


@app.command(
    epilog=example(
        "ntm clearance utility schedule AD01-GT/T2 DT1 --from 2024-05-06 --to 2024-05-24"
        " --as power-company@hai-phong"
    )
)
@deciding
def schedule(
    site: InSite,
    name: Name,
    starts: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    ends: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day.")],
) -> Wanted:
    """Set the days on which a line is to be moved."""
    plan = ScheduleRelocation(
        utility=UtilityId(name), starts_on=calendar_day(starts), ends_on=calendar_day(ends)
    )
    return _for(site, plan)


@app.command(
    epilog=example(
        "ntm clearance utility relocated AD01-GT/T2 DT1 --poles 4 --as power-company@hai-phong"
    )
)
@deciding
def relocated(
    site: InSite,
    name: Name,
    poles: Annotated[
        int | None,
        typer.Option(min=1, help="How many poles, if not all."),
    ] = None,
    number: Annotated[
        list[str] | None,
        typer.Option(
            parser=code,
            metavar="NUMBER",
            help="Number painted on a moved pole; may be repeated.",
        ),
    ] = None,
) -> Wanted:
    """Record that poles have been moved: all that were left, or some."""
    moved = RecordRelocation(utility=UtilityId(name), poles=poles, numbers=tuple(number or ()))
    return _for(site, moved)
