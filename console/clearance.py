"""`ntm clearance`: households, utilities, obstacles and hand-over of a section."""

from typing import Annotated

import typer

from console import households, obstacles, recovery, sites, utilities
from console.groups import group
from console.options import InSite
from console.sending import Wanted, deciding
from domain.clearance import HandOverSite
from domain.streams import clearance_stream
from domain.values import Extent

app = group("Giải phóng mặt bằng · site clearance of a section.")
app.command("list")(sites.sites)
app.command()(sites.show)
app.command("obstacles")(obstacles.obstacles)
app.add_typer(households.app, name="case")
app.add_typer(recovery.app, name="recovery")
app.add_typer(utilities.app, name="utility")
app.add_typer(obstacles.app, name="obstacle")


@app.command("hand-over")
@deciding
def hand_over(
    site: InSite,
    extent: Annotated[Extent, typer.Option(help="Một phần hay toàn bộ · how much.")],
) -> Wanted:
    """Bàn giao mặt bằng cho chủ đầu tư · hand the site over."""
    command = HandOverSite(extent=extent)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)
