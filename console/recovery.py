"""`ntm clearance recovery`: the steps that only recovery by the State has."""

from typing import Annotated, Literal

import typer

from console.groups import group
from console.households import Cases, wanted
from console.options import InSite
from console.sending import Wanted, deciding
from domain import coercion, recovery

app = group("Thu hồi đất: mọi bước cần --document · recovery; every step needs --document.")


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery meeting AD01-GT/T1 H001"
    " --document '02/BB;2024-08-05;UBND xã' --as officer@ad-01"
)
@deciding
def meeting(site: InSite, cases: Cases) -> Wanted:
    """Họp dân trước thông báo thu hồi · the people were met, before the notice."""
    return wanted(site, recovery.HoldMeeting(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery notice AD01-GT/T1 H001"
    " --document '31/TB;2024-08-12;UBND huyện' --as chair@an-duong"
)
@deciding
def notice(site: InSite, cases: Cases) -> Wanted:
    """Thông báo thu hồi đất · issue the recovery notice."""
    return wanted(site, recovery.IssueRecoveryNotice(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery consent AD01-GT/T1 H001"
    " --document '04/BB;2024-08-20;UBND xã' --as officer@ad-01"
)
@deciding
def consent(site: InSite, cases: Cases) -> Wanted:
    """Hộ đồng ý thu hồi sớm · households agree to be recovered early."""
    return wanted(site, recovery.RecordEarlyConsent(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery persuade AD01-GT/T1 H001 --to inventory"
    " --document '06/BB;2024-09-04;UBND xã' --as officer@ad-01"
)
@deciding
def persuade(
    site: InSite,
    cases: Cases,
    to: Annotated[
        Literal["inventory", "hand-over"],
        typer.Option(help="Kiểm đếm hay bàn giao đất · to what."),
    ],
) -> Wanted:
    """Vận động, thuyết phục bằng văn bản · persuade households in writing."""
    return wanted(site, recovery.BeginPersuasion(cases=tuple(cases), to=to))


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery compel AD01-GT/T1 H001"
    " --document '40/QĐ;2024-10-01;UBND huyện' --as chair@an-duong"
)
@deciding
def compel(site: InSite, cases: Cases) -> Wanted:
    """Quyết định kiểm đếm bắt buộc · decide a compulsory inventory."""
    return wanted(site, recovery.CompelInventory(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery dialogue AD01-GT/T1 H001"
    " --document '09/BB;2024-11-04;Hội đồng GPMB' --as clearance-board@an-duong"
)
@deciding
def dialogue(site: InSite, cases: Cases) -> Wanted:
    """Đối thoại về phương án đã niêm yết · opinions on the posted plan were heard."""
    return wanted(site, recovery.HoldDialogue(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery decide AD01-GT/T1 H001"
    " --document '55/QĐ;2025-02-10;UBND huyện' --as chair@an-duong"
)
@deciding
def decide(site: InSite, cases: Cases) -> Wanted:
    """Quyết định thu hồi đất · decide the recovery."""
    return wanted(site, recovery.DecideRecovery(cases=tuple(cases)))


@app.command(
    "coercion",
    epilog="Ví dụ · example: ntm clearance recovery coercion AD01-GT/T1 H001"
    " --document '61/QĐ;2025-04-01;UBND huyện' --as chair@an-duong",
)
@deciding
def decide_coercion(site: InSite, cases: Cases) -> Wanted:
    """Quyết định cưỡng chế · decide to coerce, after persuasion."""
    return wanted(site, coercion.DecideCoercion(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery comply AD01-GT/T1 H001"
    " --document '12/BB;2025-04-08;Hội đồng GPMB' --as clearance-board@an-duong"
)
@deciding
def comply(site: InSite, cases: Cases) -> Wanted:
    """Hộ chấp hành quyết định cưỡng chế · households comply; they get time."""
    return wanted(site, coercion.RecordCompliance(cases=tuple(cases)))


@app.command(
    epilog="Ví dụ · example: ntm clearance recovery coerce AD01-GT/T1 H001"
    " --document '15/BB;2025-05-14;Ban cưỡng chế' --as clearance-board@an-duong"
)
@deciding
def coerce(site: InSite, cases: Cases) -> Wanted:
    """Thực hiện cưỡng chế · carry the coercion out; never in its quiet times."""
    return wanted(site, coercion.CarryOutCoercion(cases=tuple(cases)))
