"""`ntm clearance case`: what households of a section give, and what they are paid."""

from typing import Annotated

import typer

from console.groups import group
from console.options import Amount, InSite, Site, amount, case_code
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

app = group("Hồ sơ hộ, theo mã · households, by case code.")

Cases = Annotated[
    list[CaseCode],
    typer.Argument(parser=case_code, metavar="CASE...", help="Mã hồ sơ hộ · codes: H001 H002."),
]

Why = Annotated[
    str,
    typer.Option(
        "--reason",
        metavar="TEXT",
        help="Lý do, không ghi họ tên, số giấy tờ, điện thoại"
        " · why, without names, identity or telephone numbers.",
    ),
]


def _unfit(accepted: str) -> typer.BadParameter:
    """What would be accepted; what was written is not repeated, for it may hold a name."""
    return typer.BadParameter(f"viết · write {accepted}")


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
        raise _unfit(f"loại đất · land: {', '.join(Land)}")
    return Land(name or Land.OTHER)


def _case(name: str, areas: list[str], land: Land, *, confirmed: bool) -> CaseEntry:
    if not all(area.isascii() and area.isdigit() and len(area) <= 9 for area in areas):
        raise _unfit("diện tích là số m² nguyên · areas are whole m²")
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
    epilog="Ví dụ · example: ntm clearance case register AD01-GT/T1 H001:397:17:380:confirmed"
    " H002:95:18:77:residential --as officer@ad-01 — từ tệp · from a file: ntm clearance import"
)
@deciding
def register(
    site: InSite,
    entries: Annotated[
        list[CaseEntry],
        typer.Argument(
            parser=_entry,
            metavar="CODE:BEFORE:GIVEN:LEFT[:LAND][:confirmed]...",
            help=f"Hồ sơ, m² · cases: land before, given, left; LAND: {', '.join(Land)}.",
        ),
    ],
) -> Wanted:
    """Lập hồ sơ các hộ · list the households whose land is asked for."""
    return wanted(site, households.RegisterCases(cases=tuple(entries)))


@app.command(
    epilog="Ví dụ · example: ntm clearance case donate AD01-GT/T1 H001 H002 --minutes"
    " --document '03/BB;2024-03-04;Thôn 3' --as officer@ad-01"
)
@deciding
def donate(
    site: InSite,
    cases: Cases,
    deed: Annotated[
        bool,
        typer.Option(
            "--deed/--minutes",
            help="Văn bản tặng cho, hay biên bản họp thôn · deed, or the hamlet's minutes.",
        ),
    ],
    small_accepted: Annotated[
        list[CaseCode] | None,
        typer.Option(
            parser=case_code,
            metavar="CASE",
            help="Hộ chấp nhận phần còn lại dưới tối thiểu · accepts a remainder too small.",
        ),
    ] = None,
) -> Wanted:
    """Ghi hiến đất · record donations; needs --document, the deed or minutes."""
    command = households.RecordDonations(
        cases=tuple(cases),
        basis=DonationBasis.DEED if deed else DonationBasis.MINUTES,
        small_accepted=tuple(small_accepted or ()),
    )
    return wanted(site, command)


@app.command()
@deciding
def withdraw(
    site: InSite,
    case: Annotated[
        CaseCode, typer.Argument(parser=case_code, metavar="CASE", help="Mã hồ sơ · case code.")
    ],
    reason: Why,
) -> Wanted:
    """Rút lại hiến đất, chưa nhận tiền · a household takes its donation back; money first."""
    return wanted(site, households.WithdrawDonation(case=case, reason=reason))


@app.command(
    epilog="Ví dụ · example: ntm clearance case switch AD01-GT/T1 H003 --to recovery"
    " --cause remainder-too-small --reason 'Đất ở còn lại 31 m²'"
    " --document '07/TTr;2024-06-03;UBND xã' --as chair@an-duong"
)
@deciding
def switch(
    site: InSite,
    cases: Cases,
    to: Annotated[Route, typer.Option(help="Hình thức mới · the new route.")],
    cause: Annotated[SwitchCause, typer.Option(help="Nguyên nhân · cause.")],
    reason: Why,
) -> Wanted:
    """Chuyển hình thức: hiến đất, thu hồi · switch route; needs --document. Inventory is kept."""
    command = households.SwitchRoute(cases=tuple(cases), to=to, cause=cause, reason=reason)
    return wanted(site, command)


@app.command()
@deciding
def origin(site: InSite, cases: Cases) -> Wanted:
    """Xác nhận nguồn gốc đất · confirm where the land comes from."""
    return wanted(site, households.ConfirmOrigin(cases=tuple(cases)))


@app.command()
@deciding
def dispute(site: InSite, cases: Cases, reason: Why) -> Wanted:
    """Ghi tranh chấp nguồn gốc đất · the land's origin is disputed."""
    return wanted(site, households.DisputeOrigin(cases=tuple(cases), reason=reason))


@app.command(
    epilog="Ví dụ · example: ntm clearance case inventory AD01-GT/T1 H001=12000000"
    " --as clearance-board@an-duong"
    " — thu hồi, cả tiền đất · recovery, with the land's worth: H002=12000000+90000000"
)
@deciding
def inventory(
    site: InSite,
    rows: Annotated[
        list[Inventoried],
        typer.Argument(
            parser=_inventoried,
            metavar="CASE=ĐỒNG[+ĐỒNG]...",
            help="Giá trị vật kiến trúc, + đất thu hồi · structures, + land under recovery.",
        ),
    ],
) -> Wanted:
    """Kiểm đếm vật kiến trúc · record what stands on the land."""
    return wanted(site, households.RecordInventory(cases=tuple(rows)))


@app.command(
    epilog="Ví dụ · example: ntm clearance case post AD01-GT/T1 H001"
    " --document '05/BB-NY;2024-03-18;UBND xã' --as clearance-board@an-duong"
)
@deciding
def post(site: InSite, cases: Cases) -> Wanted:
    """Niêm yết phương án · post the plan; needs --document. Approval waits its time."""
    return wanted(site, households.PostPlan(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance case plan AD01-GT/T1 H001 --amount 12000000"
    " --as chair@an-duong"
)
@deciding
def plan(site: InSite, cases: Cases, amount: Amount) -> Wanted:
    """Duyệt phương án hỗ trợ · approve the support plan of these cases."""
    return wanted(site, households.ApproveSupportPlan(cases=tuple(cases), amount=amount))


@app.command()
@deciding
def paid(site: InSite, cases: Cases) -> Wanted:
    """Ghi đã chi trả hỗ trợ · record that support was paid."""
    return wanted(site, households.RecordSupportPaid(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance case deposit AD01-GT/T1 H001 --ground refused"
    " --document '11/GNT;2024-05-06;Ngân hàng' --as clearance-board@an-duong"
)
@deciding
def deposit(
    site: InSite,
    cases: Cases,
    ground: Annotated[
        DepositGround, typer.Option(help="Hộ không nhận hay có tranh chấp · why not paid.")
    ],
) -> Wanted:
    """Gửi tiền vào ngân hàng · deposit the support in a State bank; needs --document."""
    return wanted(site, households.DepositSupport(cases=tuple(cases), ground=ground))


@app.command()
@deciding
def repaid(site: InSite, cases: Cases) -> Wanted:
    """Ghi hộ đã trả lại tiền · support was paid back; needs --document."""
    return wanted(site, households.RecordSupportRepaid(cases=tuple(cases)))


@app.command("take-over")
@deciding
def take_over(site: InSite, cases: Cases) -> Wanted:
    """Nhận bàn giao đất của hộ · take the land over; needs --document, commitment or minutes."""
    return wanted(site, households.TakeOverLand(cases=tuple(cases)))


def wanted(site: Site, command: households.Command) -> Wanted:
    """A command about the cases of a section."""
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)
