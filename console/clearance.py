"""`ntm clearance`: households, utilities, obstacles and hand-over of a section."""

import re
from calendar import monthrange
from typing import Annotated

import typer

from console import households, importing, obstacles, recovery, sites, utilities
from console.groups import group
from console.options import InSite, calendar_day, refuse
from console.sending import Wanted, deciding
from domain.clearance import HandOverSite
from domain.plan import PlanClearance, Target
from domain.streams import clearance_stream
from domain.values import Extent

app = group("Giải phóng mặt bằng · site clearance of a section.")
app.command("list")(sites.sites)
app.command()(sites.show)
app.command("obstacles")(obstacles.obstacles)
app.command(
    "import",
    epilog="Ví dụ · example: ntm clearance import AD01-GT/T1 ho-dan.xlsx --dry-run"
    " --as officer@ad-01"
    " — mẫu · form: ntm clearance import --template mau.xlsx",
)(importing.import_file)
app.add_typer(households.app, name="case")
app.add_typer(recovery.app, name="recovery")
app.add_typer(utilities.app, name="utility")
app.add_typer(obstacles.app, name="obstacle")


def _target(text: str) -> Target:
    """`YYYY-MM:PERCENT`."""
    month, _, percent = text.partition(":")
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) or not percent.isdecimal():
        raise refuse(text, "viết · write YYYY-MM:PERCENT: 2024-03:40")
    first = calendar_day(f"{month}-01")
    last = monthrange(first.year, first.month)[1]
    return Target(by=first.replace(day=last), percent=int(percent))


@app.command(
    epilog="Ví dụ · example: ntm clearance plan AD01-GT/T2 2024-03:40 2024-04:100"
    " --as clearance-board@an-duong"
)
@deciding
def plan(
    site: InSite,
    targets: Annotated[
        list[Target],
        typer.Argument(
            parser=_target, metavar="YYYY-MM:PERCENT...", help="Phần trăm hộ · share of cases."
        ),
    ],
) -> Wanted:
    """Kế hoạch GPMB theo tháng · the share of cases to be cleared by each month's end."""
    command = PlanClearance(targets=tuple(targets))
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@app.command("hand-over")
@deciding
def hand_over(
    site: InSite,
    extent: Annotated[Extent, typer.Option(help="Một phần hay toàn bộ · how much.")],
) -> Wanted:
    """Bàn giao mặt bằng cho chủ đầu tư · hand the site over."""
    command = HandOverSite(extent=extent)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)
