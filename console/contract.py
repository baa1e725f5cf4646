"""`ntm works contract`: what becomes of a contract after it was signed."""

from datetime import date
from typing import Annotated

import typer

from console.groups import group
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

app = group("Hợp đồng sau khi ký · a contract after it was signed.")

Until = Annotated[
    date,
    typer.Option("--valid-to", parser=calendar_day, metavar="DATE", help="Hiệu lực đến · good to."),
]


@app.command(
    epilog="Ví dụ · example: ntm works contract amend AD01-GT --worth 5800000000"
    " --completes-on 2025-06-30 --reason 'kéo dài đường'"
    " --document '02/PLHĐ;2024-05-02;Ban QLDA' --as investor@an-duong"
)
@deciding
def amend(
    project: Project,
    reason: Reason,
    worth: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="Giá trị mới · its worth from now on."),
    ] = None,
    completes_on: Annotated[
        date | None,
        typer.Option(
            parser=calendar_day, metavar="DATE", help="Ngày hoàn thành mới · its end from now on."
        ),
    ] = None,
) -> Wanted:
    """Phụ lục hợp đồng · another worth, another end; needs --document."""
    if worth is None and completes_on is None:
        raise typer.BadParameter(
            "cần một trong hai · at least one of them", param_hint=["--worth", "--completes-on"]
        )
    return _for(project, AmendContract(reason=reason, worth=worth, completes_on=completes_on))


@app.command(
    epilog="Ví dụ · example: ntm works contract guarantee AD01-GT --amount 1650000000"
    " --valid-to 2025-12-31 --document 'BL-77;2024-05-02;Ngân hàng A' --as investor@an-duong"
)
@deciding
def guarantee(project: Project, amount: Amount, valid_to: Until) -> Wanted:
    """Nhận hoặc gia hạn bảo lãnh tạm ứng · a guarantee received or extended."""
    return _for(project, RecordGuarantee(guarantee=Guarantee(amount=amount, valid_to=valid_to)))


@app.command(
    epilog="Ví dụ · example: ntm works contract waive AD01-GT --ceiling 2200000000"
    " --document '15/QĐ-UBND;2024-05-02;UBND huyện' --as chair@an-duong"
)
@deciding
def waive(
    project: Project,
    ceiling: Annotated[
        Vnd,
        typer.Option(parser=amount, metavar="ĐỒNG", help="Được tạm ứng đến · may be advanced."),
    ],
) -> Wanted:
    """Cho tạm ứng vượt mức trần · let advances pass the ceiling; the investment decider's."""
    return _for(project, WaiveAdvanceCeiling(ceiling=ceiling))


def _for(project: str, command: Command) -> Wanted:
    return Wanted(stream=project_stream(ProjectId(project)), command=command)
