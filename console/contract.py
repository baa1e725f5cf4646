"""`ntm works contract`: what becomes of a contract after it was signed."""

from datetime import date
from typing import Annotated

import typer

from console.groups import group
from console.helping import example
from console.options import Amount, Project, Reason, amount, calendar_day
from console.sending import Wanted, deciding
from domain.contract import (
    AmendContract,
    Command,
    Guarantee,
    RecordGuarantee,
    WaiveAdvanceCeiling,
)
from domain.streams import project_stream
from domain.values import ProjectId, Vnd
from language.catalogue import tr

app = group("A contract after it was signed.")

Until = Annotated[
    date,
    typer.Option(
        "--valid-to", parser=calendar_day, metavar="DATE", help="Last day of the guarantee."
    ),
]


@app.command(
    epilog=example(
        "ntm works contract amend AD01-GT --worth 5800000000 --completes-on 2025-06-30"
        " --reason 'kéo dài đường' --document '02/PLHĐ;2024-05-02;Ban QLDA'"
        " --as investor@an-duong"
    )
)
@deciding
def amend(
    project: Project,
    reason: Reason,
    worth: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="What it is worth from now on."),
    ] = None,
    completes_on: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DATE", help="Day by which all is done now."),
    ] = None,
) -> Wanted:
    """Sign an annex; needs --document. It sets another worth, another end, or both."""
    if worth is None and completes_on is None:
        raise typer.BadParameter(
            tr("at least one of them is needed"), param_hint=["--worth", "--completes-on"]
        )
    return _for(project, AmendContract(reason=reason, worth=worth, completes_on=completes_on))


@app.command(
    epilog=example(
        "ntm works contract guarantee AD01-GT --amount 1650000000 --valid-to 2025-12-31"
        " --document 'BL-77;2024-05-02;Ngân hàng A' --as investor@an-duong"
    )
)
@deciding
def guarantee(project: Project, amount: Amount, valid_to: Until) -> Wanted:
    """Record a bank's guarantee of the advance, received or extended."""
    return _for(project, RecordGuarantee(guarantee=Guarantee(amount=amount, valid_to=valid_to)))


@app.command(
    epilog=example(
        "ntm works contract waive AD01-GT --ceiling 2200000000"
        " --document '15/QĐ-UBND;2024-05-02;UBND huyện' --as chair@an-duong"
    )
)
@deciding
def waive(
    project: Project,
    ceiling: Annotated[
        Vnd,
        typer.Option(parser=amount, metavar="ĐỒNG", help="What may be advanced in all."),
    ],
) -> Wanted:
    """Let advances pass their ceiling. Whoever decided the investment may."""
    return _for(project, WaiveAdvanceCeiling(ceiling=ceiling))


def _for(project: str, command: Command) -> Wanted:
    return Wanted(stream=project_stream(ProjectId(project)), command=command)
