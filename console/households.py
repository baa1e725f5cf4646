"""`ntm clearance case`: what households of a section give, and what they are paid."""

from pathlib import Path
from typing import Annotated

import typer

from console.groups import group
from console.options import Amount, InSite, Reason, Site, amount, case_code, code, refuse
from console.sending import Wanted, deciding
from domain import households
from domain.cases import CaseEntry, Inventoried
from domain.streams import clearance_stream
from domain.values import CaseCode

app = group("Hồ sơ hộ, theo mã · households, by case code.")

Cases = Annotated[
    list[CaseCode],
    typer.Argument(parser=case_code, metavar="CASE...", help="Mã hồ sơ hộ · codes: H001 H002."),
]
_COLUMNS = ("code", "area_before_m2", "area_given_m2", "area_left_m2", "origin_confirmed")
_TRUTH = {"true": True, "false": False}


def _entry(text: str) -> CaseEntry:
    """`CODE:BEFORE:GIVEN:LEFT`, with `:confirmed` when the land's origin is known."""
    parts = text.split(":")
    if len(parts) not in (4, 5) or parts[4:] not in ([], ["confirmed"]):
        raise refuse(text, "viết · write CODE:BEFORE:GIVEN:LEFT[:confirmed]: H001:397:17:380")
    return _case(parts[0], parts[1:4], confirmed=len(parts) == 5, given=text)


def _case(name: str, areas: list[str], *, confirmed: bool, given: str) -> CaseEntry:
    if not all(area.isascii() and area.isdigit() and len(area) <= 9 for area in areas):
        raise refuse(given, "diện tích là số m² nguyên · areas are whole m²")
    before, gave, left = (int(area) for area in areas)
    return CaseEntry(
        code=CaseCode(code(name)),
        area_before_m2=before,
        area_given_m2=gave,
        area_left_m2=left,
        origin_confirmed=confirmed,
    )


def _inventoried(text: str) -> Inventoried:
    name, equals, worth = text.partition("=")
    if not equals:
        raise refuse(text, "viết · write CASE=ĐỒNG: H001=12000000")
    return Inventoried(code=case_code(name), structures=amount(worth))


def _read(file: Path) -> list[CaseEntry]:
    """Rows of a CSV file, columns as in `CaseEntry`."""
    import csv

    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise refuse(str(file), f"thiếu cột · missing columns: {', '.join(missing)}")
        found = []
        for number, row in enumerate(rows, 2):
            truth = _TRUTH.get(row["origin_confirmed"] or "")
            if truth is None:
                raise refuse(f"{file}:{number}", "origin_confirmed: true | false")
            areas = [row[name] or "" for name in _COLUMNS[1:4]]
            found.append(_case(row["code"], areas, confirmed=truth, given=f"{file}:{number}"))
        return found


@app.command(
    epilog="Ví dụ · example: ntm clearance case register AD01-GT/T1 H001:397:17:380:confirmed"
    " H002:95:18:77 — hoặc · or --file cases.csv"
)
@deciding
def register(
    site: InSite,
    entries: Annotated[
        list[CaseEntry] | None,
        typer.Argument(
            parser=_entry,
            metavar="[CODE:BEFORE:GIVEN:LEFT[:confirmed]]...",
            help="Hồ sơ, m² · cases: land before, given, left.",
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help=f"CSV: {', '.join(_COLUMNS)}."),
    ] = None,
) -> Wanted:
    """Lập hồ sơ các hộ · list the households whose land is asked for."""
    cases = (*(entries or ()), *(_read(file) if file else ()))
    return _for(site, households.RegisterCases(cases=cases))


@app.command()
@deciding
def donate(site: InSite, cases: Cases) -> Wanted:
    """Ghi hiến đất · record donations; needs --document, the deed or minutes."""
    return _for(site, households.RecordDonations(cases=tuple(cases)))


@app.command()
@deciding
def withdraw(
    site: InSite,
    case: Annotated[
        CaseCode, typer.Argument(parser=case_code, metavar="CASE", help="Mã hồ sơ · case code.")
    ],
    reason: Reason,
) -> Wanted:
    """Rút lại hiến đất · a household takes its donation back."""
    return _for(site, households.WithdrawDonation(case=case, reason=reason))


@app.command()
@deciding
def origin(site: InSite, cases: Cases) -> Wanted:
    """Xác nhận nguồn gốc đất · confirm where the land comes from."""
    return _for(site, households.ConfirmOrigin(cases=tuple(cases)))


@app.command(epilog="Ví dụ · example: ntm clearance case inventory AD01-GT/T1 H001=12000000")
@deciding
def inventory(
    site: InSite,
    rows: Annotated[
        list[Inventoried],
        typer.Argument(
            parser=_inventoried,
            metavar="CASE=ĐỒNG...",
            help="Giá trị vật kiến trúc · worth of the structures.",
        ),
    ],
) -> Wanted:
    """Kiểm đếm vật kiến trúc · record what stands on the land."""
    return _for(site, households.RecordInventory(cases=tuple(rows)))


@app.command(epilog="Ví dụ · example: ntm clearance case plan AD01-GT/T1 H001 --amount 12000000")
@deciding
def plan(site: InSite, cases: Cases, amount: Amount) -> Wanted:
    """Duyệt phương án hỗ trợ · approve the support plan of these cases."""
    return _for(site, households.ApproveSupportPlan(cases=tuple(cases), amount=amount))


@app.command()
@deciding
def paid(site: InSite, cases: Cases) -> Wanted:
    """Ghi đã chi trả hỗ trợ · record that support was paid."""
    return _for(site, households.RecordSupportPaid(cases=tuple(cases)))


@app.command("take-over")
@deciding
def take_over(site: InSite, cases: Cases) -> Wanted:
    """Nhận bàn giao đất của hộ · take the households' land over."""
    return _for(site, households.TakeOverLand(cases=tuple(cases)))


def _for(site: Site, command: households.Command) -> Wanted:
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)
