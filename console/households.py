"""`ntm clearance case`: what households of a section give, and what they are paid."""

from typing import Annotated

import typer

from console.groups import group
from console.helping import example
from console.options import Amount, InSite, Site, amount, case_code, written
from console.sending import Wanted, deciding
from domain import households
from domain.cases import (
    CaseEntry,
    DepositGround,
    DonationBasis,
    Inventoried,
    Route,
    SwitchCause,
)
from domain.streams import clearance_stream
from domain.values import CaseCode, Land, Vnd
from language.catalogue import tr

app = group("Households of a section, by case code.")

Cases = Annotated[
    list[CaseCode],
    typer.Argument(parser=case_code, metavar="CASE...", help="Codes of the cases: H001 H002."),
]

Why = Annotated[
    str,
    typer.Option(
        "--reason",
        metavar="TEXT",
        help="Why, without names, identity or telephone numbers.",
    ),
]


def _unfit(accepted: str) -> typer.BadParameter:
    """What would be accepted; what was written is not repeated, for it may hold a name."""
    return typer.BadParameter(written(accepted))


def _entry(text: str) -> CaseEntry:
    """`CODE:BEFORE:GIVEN:LEFT`, then the use of the land, then `confirmed` when its origin is."""
    name, *rest = text.split(":")
    confirmed = rest[-1:] == ["confirmed"]
    areas = rest[: len(rest) - confirmed]
    if len(areas) not in (3, 4):
        raise _unfit("CODE:BEFORE:GIVEN:LEFT[:LAND][:confirmed]")
    return _case(name, areas[:3], _land("".join(areas[3:])), confirmed=confirmed)


def _land(name: str) -> Land:
    if name not in ("", *Land):
        raise typer.BadParameter(tr("land is one of {kinds}", kinds=", ".join(Land)))
    return Land(name or Land.OTHER)


def _case(name: str, areas: list[str], land: Land, *, confirmed: bool) -> CaseEntry:
    if not all(area.isascii() and area.isdigit() and len(area) <= 9 for area in areas):
        raise typer.BadParameter(tr("areas are whole square metres, in digits"))
    before, gave, left = (int(area) for area in areas)
    return CaseEntry(
        code=case_code(name),
        area_before_m2=before,
        area_given_m2=gave,
        area_left_m2=left,
        origin_confirmed=confirmed,
        land=land,
    )


def _inventoried(text: str) -> Inventoried:
    name, equals, worth = text.partition("=")
    structures, plus, compensation = worth.partition("+")
    if not equals:
        raise _unfit("CASE=ĐỒNG[+ĐỒNG]: H001=12000000")
    return Inventoried(
        code=case_code(name),
        structures=amount(structures),
        compensation=amount(compensation) if plus else Vnd(0),
    )


@app.command(
    epilog=example(
        "ntm clearance case register AD01-GT/T1 H001:397:17:380:confirmed"
        " H002:95:18:77:residential --as officer@xa-ad-01",
        "ntm clearance import AD01-GT/T1 ho-dan.xlsx --as officer@xa-ad-01",
    )
)
@deciding
def register(
    site: InSite,
    entries: Annotated[
        list[CaseEntry],
        typer.Argument(
            parser=_entry,
            metavar="CODE:BEFORE:GIVEN:LEFT[:LAND][:confirmed]...",
            help=f"Cases: m² before, given and left; LAND is one of {', '.join(Land)}.",
        ),
    ],
) -> Wanted:
    """List the households whose land is asked for."""
    return wanted(site, households.RegisterCases(cases=tuple(entries)))


@app.command(
    epilog=example(
        "ntm clearance case donate AD01-GT/T1 H001 H002 --minutes"
        " --document '03/BB;2024-03-04;Thôn 3' --as officer@xa-ad-01"
    )
)
@deciding
def donate(
    site: InSite,
    cases: Cases,
    deed: Annotated[
        bool,
        typer.Option(
            "--deed/--minutes",
            help="What is signed: a deed, or the minutes of the hamlet's meeting.",
        ),
    ],
    small_accepted: Annotated[
        list[CaseCode] | None,
        typer.Option(
            parser=case_code,
            metavar="CASE",
            help="A household that accepts to keep less land than the least plot.",
        ),
    ] = None,
) -> Wanted:
    """Record donations; needs --document, the deed or the minutes."""
    command = households.RecordDonations(
        cases=tuple(cases),
        basis=DonationBasis.DEED if deed else DonationBasis.MINUTES,
        small_accepted=tuple(small_accepted or ()),
    )
    return wanted(site, command)


@app.command(
    epilog=example(
        "ntm clearance case withdraw AD01-GT/T1 H001 --reason 'hộ đổi ý' --as officer@xa-ad-01"
    )
)
@deciding
def withdraw(
    site: InSite,
    case: Annotated[
        CaseCode, typer.Argument(parser=case_code, metavar="CASE", help="Code of the case: H001.")
    ],
    reason: Why,
) -> Wanted:
    """Take a donation back; what was paid for it comes back first."""
    return wanted(site, households.WithdrawDonation(case=case, reason=reason))


@app.command(
    epilog=example(
        "ntm clearance case switch AD01-GT/T1 H003 --to recovery --cause remainder-too-small"
        " --reason 'Đất ở còn lại 31 m²' --document '07/TTr;2024-06-03;UBND xã'"
        " --as chair@an-duong"
    )
)
@deciding
def switch(
    site: InSite,
    cases: Cases,
    to: Annotated[Route, typer.Option(help="The new route.")],
    cause: Annotated[SwitchCause, typer.Option(help="Why it leaves the old one.")],
    reason: Why,
) -> Wanted:
    """Switch between donation and recovery; needs --document. The inventory is kept."""
    command = households.SwitchRoute(cases=tuple(cases), to=to, cause=cause, reason=reason)
    return wanted(site, command)


@app.command(epilog=example("ntm clearance case origin AD01-GT/T1 H001 --as officer@xa-ad-01"))
@deciding
def origin(site: InSite, cases: Cases) -> Wanted:
    """Confirm where the land comes from."""
    return wanted(site, households.ConfirmOrigin(cases=tuple(cases)))


@app.command(
    epilog=example(
        "ntm clearance case dispute AD01-GT/T1 H001 --reason 'ranh giới thửa đất'"
        " --as officer@xa-ad-01"
    )
)
@deciding
def dispute(site: InSite, cases: Cases, reason: Why) -> Wanted:
    """Record that the land's origin is disputed."""
    return wanted(site, households.DisputeOrigin(cases=tuple(cases), reason=reason))


@app.command(
    epilog=example(
        "ntm clearance case inventory AD01-GT/T1 H001=12000000 H002=12000000+90000000"
        " --as clearance-board@an-duong"
    )
)
@deciding
def inventory(
    site: InSite,
    rows: Annotated[
        list[Inventoried],
        typer.Argument(
            parser=_inventoried,
            metavar="CASE=ĐỒNG[+ĐỒNG]...",
            help="Worth of the structures; after +, of the land under recovery.",
        ),
    ],
) -> Wanted:
    """Record what stands on the land, and what it is worth."""
    return wanted(site, households.RecordInventory(cases=tuple(rows)))


@app.command(
    epilog=example(
        "ntm clearance case post AD01-GT/T1 H001 --document '05/BB-NY;2024-03-18;UBND xã'"
        " --as clearance-board@an-duong"
    )
)
@deciding
def post(site: InSite, cases: Cases) -> Wanted:
    """Post the support plan in public; needs --document. Its approval waits its time."""
    return wanted(site, households.PostPlan(cases=tuple(cases)))


@app.command(
    epilog=example("ntm clearance case plan AD01-GT/T1 H001 --amount 12000000 --as chair@an-duong")
)
@deciding
def plan(site: InSite, cases: Cases, amount: Amount) -> Wanted:
    """Approve the support plan of these cases."""
    return wanted(site, households.ApproveSupportPlan(cases=tuple(cases), amount=amount))


@app.command(
    epilog=example("ntm clearance case paid AD01-GT/T1 H001 --as clearance-board@an-duong")
)
@deciding
def paid(site: InSite, cases: Cases) -> Wanted:
    """Record that support was paid."""
    return wanted(site, households.RecordSupportPaid(cases=tuple(cases)))


@app.command(
    epilog=example(
        "ntm clearance case deposit AD01-GT/T1 H001 --ground refused"
        " --document '11/GNT;2024-05-06;Ngân hàng' --as clearance-board@an-duong"
    )
)
@deciding
def deposit(
    site: InSite,
    cases: Cases,
    ground: Annotated[DepositGround, typer.Option(help="Why the household itself is not paid.")],
) -> Wanted:
    """Deposit the support in a State bank; needs --document."""
    return wanted(site, households.DepositSupport(cases=tuple(cases), ground=ground))


@app.command(
    epilog=example(
        "ntm clearance case repaid AD01-GT/T1 H001 --document '12/PT;2024-05-13;UBND xã'"
        " --as clearance-board@an-duong"
    )
)
@deciding
def repaid(site: InSite, cases: Cases) -> Wanted:
    """Record that support was paid back; needs --document."""
    return wanted(site, households.RecordSupportRepaid(cases=tuple(cases)))


@app.command(
    "take-over",
    epilog=example(
        "ntm clearance case take-over AD01-GT/T1 H001 --document '14/BB-BG;2024-05-20;UBND xã'"
        " --as clearance-board@an-duong"
    ),
)
@deciding
def take_over(site: InSite, cases: Cases) -> Wanted:
    """Take the land over; needs --document. It is a commitment, or minutes."""
    return wanted(site, households.TakeOverLand(cases=tuple(cases)))


def wanted(site: Site, command: households.Command) -> Wanted:
    """A command about the cases of a section."""
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)
