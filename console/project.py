"""`ntm project`: register a project, bring it through its stages, close its accounts."""

from datetime import date
from typing import Annotated, get_args

import typer

from console import chronicle, portrait
from console.groups import group
from console.options import (
    Amount,
    Project,
    amount,
    calendar_day,
    code,
    guaranteed,
    refuse,
)
from console.sending import Wanted, deciding
from domain.approval import SubmitDossier
from domain.charter import Charter
from domain.construction import Works
from domain.contract import Exemption, SignContract
from domain.project import CloseAccounts, OpenClearance, RegisterProject
from domain.streams import project_stream
from domain.values import (
    CohortId,
    CommuneId,
    DossierKind,
    Group,
    Level,
    ProgrammeId,
    ProjectId,
    SectionId,
    UnitCode,
    Units,
    Vnd,
    WorksKind,
    value,
)

app = group("Dự án, từ đăng ký đến tất toán · projects, from registration to closed accounts.")
app.command("list")(portrait.projects)
app.command()(portrait.show)
app.command()(chronicle.timeline)


def _works(text: str) -> Works:
    """`SECTION;NAME;KIND` or `SECTION;NAME;KIND;clear` when land has to be cleared first."""
    parts = [part.strip() for part in text.split(";")]
    kinds = get_args(WorksKind)
    fits = len(parts) in (3, 4) and parts[1] and parts[2] in kinds
    if not fits or parts[3:] not in ([], ["clear"]):
        raise refuse(text, f'viết · write "T1;Đường trục xã;road;clear"; KIND: {"|".join(kinds)}')
    kind: WorksKind = parts[2]  # type: ignore[assignment]  # one of its values, just checked
    return Works(
        section=SectionId(code(parts[0])),
        name=parts[1],
        works=kind,
        needs_clearance=len(parts) == 4,
    )


@value
class Of:
    """The cohort of a programme, written `NTM/2024`."""

    programme: ProgrammeId
    cohort: CohortId


def _of(text: str) -> Of:
    programme, slash, cohort = text.partition("/")
    if not slash:
        raise refuse(text, "viết · write PROGRAMME/COHORT: NTM/2024")
    return Of(programme=ProgrammeId(code(programme)), cohort=CohortId(code(cohort)))


def _units(text: str) -> Units:
    names = text.split(",")
    if len(names) != 3:
        raise refuse(text, "viết · write COMMUNE,DISTRICT,CITY: xa-01,an-duong,hai-phong")
    commune, district, city = (UnitCode(code(name)) for name in names)
    return Units(commune=commune, district=district, city=city)


OfUnits = Annotated[
    Units,
    typer.Option(
        parser=_units,
        metavar="COMMUNE,DISTRICT,CITY",
        help="Đơn vị ba cấp · its units: xa-01,an-duong,hai-phong.",
    ),
]
Planned = Annotated[
    list[Works],
    typer.Option(
        parser=_works,
        metavar="'SECTION;NAME;KIND[;clear]'",
        help="Công trình, lặp lại được · a works, may be repeated.",
    ),
]


@app.command(
    epilog="Ví dụ · example: ntm project register AD01-GT --name 'Đường xã' --cohort NTM/2024"
    " --commune c01 --units xa-01,an-duong,hai-phong --works 'T1;Đường trục xã;road;clear'"
    " --as investor@an-duong"
)
@deciding
def register(  # noqa: PLR0913  # an option for each of its facts
    *,
    project: Project,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Tên dự án · its name.")],
    cohort: Annotated[
        Of,
        typer.Option(parser=_of, metavar="PROGRAMME/COHORT", help="Đợt · cohort: NTM/2024."),
    ],
    commune: Annotated[str, typer.Option(parser=code, metavar="CODE", help="Xã · commune.")],
    units: OfUnits,
    works: Planned,
    size: Annotated[Group, typer.Option("--group", help="Nhóm dự án · by size.")] = Group.C,
    budget: Annotated[
        Level, typer.Option(help="Ngân sách cấp nào chi · the tier whose budget pays.")
    ] = Level.CITY,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Số liệu giả định · made-up data.")
    ] = False,
) -> Wanted:
    """Đăng ký dự án · register a project and begin its case."""
    charter = Charter(
        project=ProjectId(project),
        programme=cohort.programme,
        cohort=cohort.cohort,
        commune=CommuneId(commune),
        name=name,
        units=units,
        synthetic=synthetic,
        group=size,
        budget=budget,
    )
    return Wanted(
        stream=project_stream(charter.project),
        command=RegisterProject(charter=charter, works=tuple(works)),
    )


@app.command(
    epilog="Ví dụ · example: ntm project submit AD01-GT investment-policy --amount 6000000000"
    " --as investor@an-duong"
)
@deciding
def submit(
    project: Project,
    dossier: Annotated[DossierKind, typer.Argument(help="Loại hồ sơ · which dossier.")],
    amount: Amount,
) -> Wanted:
    """Trình hồ sơ lên chuỗi phê duyệt · put a dossier before its chain of approval."""
    return _for(project, SubmitDossier(dossier=dossier, amount=amount))


@app.command(
    epilog="Ví dụ · example: ntm project contract AD01-GT --number 05/HĐ-XD"
    " --contractor 'Công ty A' --worth 5500000000 --as investor@an-duong"
)
@deciding
def contract(  # noqa: PLR0913  # one option per field of the contract
    *,
    project: Project,
    number: Annotated[str, typer.Option(metavar="TEXT", help="Số hợp đồng · number.")],
    contractor: Annotated[str, typer.Option(metavar="TEXT", help="Nhà thầu · contractor.")],
    worth: Annotated[
        Vnd, typer.Option(parser=amount, metavar="ĐỒNG", help="Giá trị · value, whole đồng.")
    ],
    guarantee: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="Bảo lãnh tạm ứng · guarantee."),
    ] = None,
    guarantee_to: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DATE", help="Hiệu lực đến · valid to."),
    ] = None,
    completes_on: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DATE", help="Ngày hoàn thành · its end."),
    ] = None,
    exempt: Annotated[
        Exemption | None,
        typer.Option(help="Không cần bảo lãnh vì · needs no guarantee, because."),
    ] = None,
) -> Wanted:
    """Ký hợp đồng · sign the contract."""
    command = SignContract(
        number=number,
        contractor=contractor,
        worth=worth,
        guarantee=guaranteed(guarantee, guarantee_to, "--guarantee", "--guarantee-to"),
        completes_on=completes_on,
        exempt=exempt,
    )
    return _for(project, command)


@app.command(epilog="Ví dụ · example: ntm project clear AD01-GT T1 --as investor@an-duong")
@deciding
def clear(
    project: Project,
    section: Annotated[
        str, typer.Argument(parser=code, metavar="SECTION", help="Đoạn tuyến · section: T1.")
    ],
) -> Wanted:
    """Mở giải phóng mặt bằng một đoạn · open site clearance of a section."""
    return _for(project, OpenClearance(section=SectionId(section)))


@app.command()
@deciding
def close(project: Project) -> Wanted:
    """Tất toán, đóng hồ sơ · close the accounts."""
    return _for(project, CloseAccounts())


def _for(
    project: str, command: SubmitDossier | SignContract | OpenClearance | CloseAccounts
) -> Wanted:
    return Wanted(stream=project_stream(ProjectId(project)), command=command)
