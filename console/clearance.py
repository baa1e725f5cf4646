"""`ntm clearance`: households, utilities, obstacles and hand-over of a section."""

from typing import Annotated

import typer

from console import households, importing, sites
from console.groups import group
from console.options import InSite, amount, code, refuse
from console.sending import Wanted, deciding
from domain.clearance import HandOverSite
from domain.obstacles import (
    DecideRelocationFunding,
    RecordObstacle,
    RecordRelocation,
    RegisterUtilities,
    RemoveObstacle,
    UtilityEntry,
)
from domain.streams import clearance_stream
from domain.values import Cause, Extent, ObstacleId, UtilityId

app = group("Giải phóng mặt bằng · site clearance of a section.")
app.command("list")(sites.sites)
app.command()(sites.show)
app.command(
    "import",
    epilog="Ví dụ · example: ntm clearance import AD01-GT/T1 ho-dan.xlsx --dry-run"
    " — mẫu · form: ntm clearance import --template mau.xlsx",
)(importing.import_file)
app.add_typer(households.app, name="case")

utility = group("Đường điện phải di chuyển · power lines.")
obstacle = group("Vướng mắc · obstacles.")
app.add_typer(utility, name="utility")
app.add_typer(obstacle, name="obstacle")


def _line(text: str) -> UtilityEntry:
    """`NAME:LV|MV:POLES:ĐỒNG`."""
    match text.split(":"):
        case [name, ("LV" | "MV") as voltage, poles, estimate] if poles.isdecimal():
            return UtilityEntry(
                utility=UtilityId(code(name)),
                voltage=voltage,
                poles=int(poles),
                estimate=amount(estimate),
            )
        case _:
            raise refuse(text, "viết · write NAME:LV|MV:POLES:ĐỒNG: DT1:MV:6:1260000000")


@utility.command(
    epilog="Ví dụ · example: ntm clearance utility register AD01-GT/T2 DT1:MV:6:1260000000"
)
@deciding
def register(
    site: InSite,
    lines: Annotated[
        list[UtilityEntry],
        typer.Argument(
            parser=_line, metavar="NAME:LV|MV:POLES:ĐỒNG...", help="Đường điện · power lines."
        ),
    ],
) -> Wanted:
    """Ghi các đường điện phải di chuyển · list the poles that have to move."""
    command = RegisterUtilities(utilities=tuple(lines))
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@utility.command(
    epilog="Ví dụ · example: ntm clearance utility fund AD01-GT/T2 DT1 --payer 'Ngân sách huyện'"
    " --document '05/QĐ-UBND;2024-05-06;UBND thành phố' --as chair@hai-phong"
)
@deciding
def fund(
    site: InSite,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Đường điện · lines.")],
    payer: Annotated[str, typer.Option(metavar="TEXT", help="Ai trả tiền · who pays.")],
) -> Wanted:
    """Quyết định vốn di chuyển · decide who pays; needs --document."""
    lines = tuple(UtilityId(name) for name in names)
    command = DecideRelocationFunding(utilities=lines, payer=payer)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@utility.command()
@deciding
def relocated(
    site: InSite,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Đường điện · line: DT1.")],
) -> Wanted:
    """Đã di chuyển xong · the poles have been moved."""
    command = RecordRelocation(utility=UtilityId(name))
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@obstacle.command(
    epilog="Ví dụ · example: ntm clearance obstacle record AD01-GT/T2 V1 power-line-mv"
)
@deciding
def record(
    site: InSite,
    name: Annotated[str, typer.Argument(parser=code, metavar="NAME", help="Mã · code: V1.")],
    cause: Annotated[Cause, typer.Argument(help="Nguyên nhân · cause.")],
) -> Wanted:
    """Ghi vướng mắc · record an obstacle; the law names who must remove it."""
    command = RecordObstacle(obstacle=ObstacleId(name), cause=cause)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@obstacle.command()
@deciding
def remove(
    site: InSite,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Mã · code: V1.")],
    how: Annotated[str, typer.Option(metavar="TEXT", help="Bằng cách nào · how it was removed.")],
) -> Wanted:
    """Ghi đã tháo gỡ · record that an obstacle is gone."""
    command = RemoveObstacle(obstacle=ObstacleId(name), how=how)
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
