"""`ntm clearance`: households, utilities, obstacles and hand-over of a section."""

import re
from calendar import monthrange
from typing import Annotated

import typer

from console import households, importing, obstacles, recovery, sites, utilities
from console.groups import group
from console.helping import example
from console.options import InSite, calendar_day, refuse, written
from console.sending import Wanted, deciding
from domain.clearance import HandOverSite
from domain.plan import PlanClearance, Target
from domain.streams import clearance_stream
from domain.values import Extent

app = group("Site clearance of a section.")
app.command("list")(sites.sites)
app.command()(sites.show)
app.command("obstacles")(obstacles.obstacles)
app.command(
    "import",
    epilog=example(
        "ntm clearance import AD01-GT/T1 ho-dan.xlsx --dry-run --as officer@xa-ad-01",
        "ntm clearance import --template mau.xlsx",
    ),
)(importing.import_file)
app.add_typer(households.app, name="case")
app.add_typer(recovery.app, name="recovery")
app.add_typer(utilities.app, name="utility")
app.add_typer(obstacles.app, name="obstacle")


def _target(text: str) -> Target:
    """`YYYY-MM:PERCENT`."""
    month, _, percent = text.partition(":")
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) or not percent.isdecimal():
        raise refuse(text, written("YYYY-MM:PERCENT: 2024-03:40"))
    first = calendar_day(f"{month}-01")
    last = monthrange(first.year, first.month)[1]
    return Target(by=first.replace(day=last), percent=int(percent))


@app.command(
    epilog=example(
        "ntm clearance plan AD01-GT/T2 2024-03:40 2024-04:100 --as clearance-board@an-duong"
    )
)
@deciding
def plan(
    site: InSite,
    targets: Annotated[
        list[Target],
        typer.Argument(
            parser=_target,
            metavar="YYYY-MM:PERCENT...",
            help="Share of the households by the end of a month.",
        ),
    ],
) -> Wanted:
    """Plan the share of households cleared by each month's end."""
    command = PlanClearance(targets=tuple(targets))
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@app.command(
    "hand-over",
    epilog=example(
        "ntm clearance hand-over AD01-GT/T1 --extent full --as clearance-board@an-duong"
    ),
)
@deciding
def hand_over(
    site: InSite,
    extent: Annotated[Extent, typer.Option(help="Part of the site, or all of it.")],
) -> Wanted:
    """Hand the site over to the investor."""
    command = HandOverSite(extent=extent)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)
