"""`ntm project`: register a project, bring it through its stages, close its accounts."""

from datetime import date
from typing import Annotated, get_args

import typer

from console import chronicle, portrait
from console.groups import group
from console.helping import example
from console.options import (
    Amount,
    Project,
    amount,
    calendar_day,
    code,
    guaranteed,
    refuse,
    written,
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
from language.catalogue import tr

app = group("Projects, from registration to closed accounts.")
app.command("list")(portrait.projects)
app.command()(portrait.show)
app.command()(chronicle.timeline)


def _works(text: str) -> Works:
    """`SECTION;NAME;KIND` or `SECTION;NAME;KIND;clear` when land has to be cleared first."""
    parts = [part.strip() for part in text.split(";")]
    kinds = get_args(WorksKind)
    fits = len(parts) in (3, 4) and parts[1] and parts[2] in kinds
    if not fits or parts[3:] not in ([], ["clear"]):
        said = tr(
            'write "{example}"; KIND is one of {kinds}',
            example="T1;Đường trục xã;road;clear",
            kinds=", ".join(kinds),
        )
        raise refuse(text, said)
    kind: WorksKind = parts[2]  # type: ignore[assignment]  # one of its values, just checked
    return Works(
        section=SectionId(code(parts[0])),
        name=parts[1],
        works=kind,
        needs_clearance=len(parts) == 4,
    )


@value
class Of:
    """The cohort of a programme, written `NTM-HP/2024`."""

    programme: ProgrammeId
    cohort: CohortId


def _of(text: str) -> Of:
    programme, slash, cohort = text.partition("/")
    if not slash:
        raise refuse(text, written("PROGRAMME/COHORT: NTM-HP/2024"))
    return Of(programme=ProgrammeId(code(programme)), cohort=CohortId(code(cohort)))


def _units(text: str) -> Units:
    names = text.split(",")
    if len(names) != 3:
        form = "COMMUNE,DISTRICT,CITY: xa-ad-01,an-duong,hai-phong"
        raise refuse(text, written(form))
    commune, district, city = (UnitCode(code(name)) for name in names)
    return Units(commune=commune, district=district, city=city)


OfUnits = Annotated[
    Units,
    typer.Option(
        parser=_units,
        metavar="COMMUNE,DISTRICT,CITY",
        help="Its unit at each of the three tiers: xa-ad-01,an-duong,hai-phong.",
    ),
]
Planned = Annotated[
    list[Works],
    typer.Option(
        parser=_works,
        metavar="'SECTION;NAME;KIND[;clear]'",
        help="One of its works; may be repeated.",
    ),
]


@app.command(
    epilog=example(
        "ntm project register AD01-GT --name 'Đường xã' --cohort NTM-HP/2024 --commune ad-01"
        " --units xa-ad-01,an-duong,hai-phong --works 'T1;Đường trục xã;road;clear'"
        " --as investor@an-duong"
    )
)
@deciding
def register(  # noqa: PLR0913  # an option for each of its facts
    *,
    project: Project,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What the project is called.")],
    cohort: Annotated[
        Of,
        typer.Option(parser=_of, metavar="PROGRAMME/COHORT", help="Its cohort: NTM-HP/2024."),
    ],
    commune: Annotated[str, typer.Option(parser=code, metavar="CODE", help="Its commune: ad-01.")],
    units: OfUnits,
    works: Planned,
    size: Annotated[Group, typer.Option("--group", help="Its group by size.")] = Group.C,
    budget: Annotated[Level, typer.Option(help="The tier whose budget pays.")] = Level.CITY,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="Its data are made up.")] = False,
) -> Wanted:
    """Register a project and begin its case."""
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
    epilog=example(
        "ntm project submit AD01-GT investment-policy --amount 6000000000 --as investor@an-duong"
    )
)
@deciding
def submit(
    project: Project,
    dossier: Annotated[DossierKind, typer.Argument(help="Which dossier.")],
    amount: Amount,
) -> Wanted:
    """Put a dossier before its chain of approval."""
    return _for(project, SubmitDossier(dossier=dossier, amount=amount))


@app.command(
    epilog=example(
        "ntm project contract AD01-GT --number 05/HĐ-XD --contractor 'Công ty A'"
        " --worth 5500000000 --as investor@an-duong"
    )
)
@deciding
def contract(  # noqa: PLR0913  # one option per field of the contract
    *,
    project: Project,
    number: Annotated[str, typer.Option(metavar="TEXT", help="Number of the contract.")],
    contractor: Annotated[str, typer.Option(metavar="TEXT", help="Who builds.")],
    worth: Annotated[
        Vnd, typer.Option(parser=amount, metavar="ĐỒNG", help="What the contract is worth.")
    ],
    guarantee: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="The bank's guarantee of the advance."),
    ] = None,
    guarantee_to: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DATE", help="Last day of the guarantee."),
    ] = None,
    completes_on: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DATE", help="Day by which all is done."),
    ] = None,
    exempt: Annotated[
        Exemption | None,
        typer.Option(help="Why the advance needs no guarantee."),
    ] = None,
) -> Wanted:
    """Sign the contract of its works."""
    command = SignContract(
        number=number,
        contractor=contractor,
        worth=worth,
        guarantee=guaranteed(guarantee, guarantee_to, "--guarantee", "--guarantee-to"),
        completes_on=completes_on,
        exempt=exempt,
    )
    return _for(project, command)


@app.command(epilog=example("ntm project clear AD01-GT T1 --as investor@an-duong"))
@deciding
def clear(
    project: Project,
    section: Annotated[
        str, typer.Argument(parser=code, metavar="SECTION", help="Section of the project: T1.")
    ],
) -> Wanted:
    """Open site clearance of a section."""
    return _for(project, OpenClearance(section=SectionId(section)))


@app.command(epilog=example("ntm project close AD01-GT --as investor@an-duong"))
@deciding
def close(project: Project) -> Wanted:
    """Close the accounts, and with them the case."""
    return _for(project, CloseAccounts())


def _for(
    project: str, command: SubmitDossier | SignContract | OpenClearance | CloseAccounts
) -> Wanted:
    return Wanted(stream=project_stream(ProjectId(project)), command=command)
