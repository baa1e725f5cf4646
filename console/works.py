"""`ntm works`: start, progress, acceptance and hand-over to use."""

from datetime import date
from typing import Annotated

import typer

from console import contract
from console.groups import group
from console.helping import example
from console.options import InSite, Project, amount, calendar_day, guaranteed
from console.sending import Wanted, deciding
from domain.construction import AcceptWorks, HandOverToUse, ReportProgress, StartWorks
from domain.disbursement import ReleaseRetention
from domain.streams import project_stream
from domain.values import ProjectId, Vnd

app = group("Works on the ground, from their start to their use.")
app.add_typer(contract.app, name="contract")


@app.command(epilog=example("ntm works start AD01-GT/T1 --as investor@an-duong"))
@deciding
def start(site: InSite) -> Wanted:
    """Start the works of a section whose site was handed over."""
    return Wanted(stream=project_stream(site.project), command=StartWorks(section=site.section))


@app.command(epilog=example("ntm works progress AD01-GT/T1 --percent 40 --as investor@an-duong"))
@deciding
def progress(
    site: InSite,
    percent: Annotated[int, typer.Option(min=1, max=100, help="Percent of the volume.")],
) -> Wanted:
    """Report how far the works have come."""
    command = ReportProgress(section=site.section, percent=percent)
    return Wanted(stream=project_stream(site.project), command=command)


@app.command(
    epilog=example(
        "ntm works accept AD01-GT/T1 --volume 2000000000 --complete --as investor@an-duong"
    )
)
@deciding
def accept(
    *,
    site: InSite,
    volume: Annotated[
        Vnd, typer.Option(parser=amount, metavar="ĐỒNG", help="Worth of the accepted volume.")
    ],
    complete: Annotated[
        bool, typer.Option("--complete", help="The section is accepted as a whole.")
    ] = False,
) -> Wanted:
    """Accept completed volume."""
    command = AcceptWorks(section=site.section, volume=volume, complete=complete)
    return Wanted(stream=project_stream(site.project), command=command)


@app.command(epilog=example("ntm works use AD01-GT --as investor@an-duong"))
@deciding
def use(project: Project) -> Wanted:
    """Hand the project over to use."""
    return Wanted(stream=project_stream(ProjectId(project)), command=HandOverToUse())


@app.command(
    epilog=example(
        "ntm works release AD01-GT --bond 275000000 --bond-to 2026-12-31"
        " --document 'BLBH-9;2025-01-06;Ngân hàng A' --as investor@an-duong"
    )
)
@deciding
def release(
    project: Project,
    bond: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="A bank's bond for the warranty."),
    ] = None,
    bond_to: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DATE", help="Last day of the bond."),
    ] = None,
) -> Wanted:
    """Release the retention; needs --document."""
    held = guaranteed(bond, bond_to, "--bond", "--bond-to")
    return Wanted(stream=project_stream(ProjectId(project)), command=ReleaseRetention(bond=held))
