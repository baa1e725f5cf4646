"""`ntm works`: start, progress, acceptance and hand-over to use."""

from datetime import date
from typing import Annotated

import typer

from console import contract
from console.groups import group
from console.options import InSite, Project, amount, calendar_day, guaranteed
from console.sending import Wanted, deciding
from domain.construction import AcceptWorks, HandOverToUse, ReportProgress, StartWorks
from domain.disbursement import ReleaseRetention
from domain.streams import project_stream
from domain.values import ProjectId, Vnd

app = group("Thi công · works on the ground.")
app.add_typer(contract.app, name="contract")


@app.command()
@deciding
def start(site: InSite) -> Wanted:
    """Khởi công một đoạn · start a section; it must have been handed over."""
    return Wanted(stream=project_stream(site.project), command=StartWorks(section=site.section))


@app.command(
    epilog="Ví dụ · example: ntm works progress AD01-GT/T1 --percent 40 --as investor@an-duong"
)
@deciding
def progress(
    site: InSite,
    percent: Annotated[int, typer.Option(min=1, max=100, help="Khối lượng · of the volume, %.")],
) -> Wanted:
    """Báo cáo tiến độ · report physical progress."""
    command = ReportProgress(section=site.section, percent=percent)
    return Wanted(stream=project_stream(site.project), command=command)


@app.command(
    epilog="Ví dụ · example: ntm works accept AD01-GT/T1 --volume 2000000000 --complete"
    " --as investor@an-duong"
)
@deciding
def accept(
    *,
    site: InSite,
    volume: Annotated[
        Vnd, typer.Option(parser=amount, metavar="ĐỒNG", help="Khối lượng · volume, whole đồng.")
    ],
    complete: Annotated[
        bool, typer.Option("--complete", help="Nghiệm thu cả đoạn · the section as a whole.")
    ] = False,
) -> Wanted:
    """Nghiệm thu khối lượng · accept completed volume."""
    command = AcceptWorks(section=site.section, volume=volume, complete=complete)
    return Wanted(stream=project_stream(site.project), command=command)


@app.command()
@deciding
def use(project: Project) -> Wanted:
    """Đưa vào sử dụng · hand the project over to use."""
    return Wanted(stream=project_stream(ProjectId(project)), command=HandOverToUse())


@app.command(
    epilog="Ví dụ · example: ntm works release AD01-GT --bond 275000000 --bond-to 2026-12-31"
    " --document 'BLBH-9;2025-01-06;Ngân hàng A' --as investor@an-duong"
)
@deciding
def release(
    project: Project,
    bond: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="Bảo lãnh bảo hành · warranty bond."),
    ] = None,
    bond_to: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DATE", help="Hiệu lực đến · good to."),
    ] = None,
) -> Wanted:
    """Trả tiền giữ lại khi hết bảo hành · release the retention; needs --document."""
    held = guaranteed(bond, bond_to, "--bond", "--bond-to")
    return Wanted(stream=project_stream(ProjectId(project)), command=ReleaseRetention(bond=held))
