"""`ntm clearance recovery`: the steps that only recovery by the State has."""

from collections.abc import Callable
from typing import Annotated, Literal

import typer

from console.groups import group
from console.households import Cases, wanted
from console.options import InSite
from console.sending import Wanted, deciding
from domain import coercion, households, recovery

app = group("Thu hồi đất: mọi bước cần --document · recovery; every step needs --document.")

_CHAIR, _OFFICER, _BOARD = "chair@an-duong", "officer@ad-01", "clearance-board@an-duong"


def _example(name: str, paper: str, by: str) -> str:
    return (
        f"Ví dụ · example: ntm clearance recovery {name} AD01-GT/T1 H001"
        f" --document '{paper}' --as {by}"
    )


def _step(
    name: str, command: Callable[..., households.Command], about: str, paper: str, by: str
) -> None:
    """A step that says of some cases that it was done, and nothing more."""

    def step(site: InSite, cases: Cases) -> Wanted:
        return wanted(site, command(cases=tuple(cases)))

    step.__doc__ = about
    app.command(name, epilog=_example(name, paper, by))(deciding(step))


_step(
    "meeting",
    recovery.HoldMeeting,
    "Họp dân trước thông báo thu hồi · the people were met, before the notice.",
    "02/BB;2024-08-05;UBND xã",
    _OFFICER,
)
_step(
    "notice",
    recovery.IssueRecoveryNotice,
    "Thông báo thu hồi đất · issue the recovery notice.",
    "31/TB;2024-08-12;UBND huyện",
    _CHAIR,
)
_step(
    "consent",
    recovery.RecordEarlyConsent,
    "Hộ đồng ý thu hồi sớm · households agree to be recovered early.",
    "04/BB;2024-08-20;UBND xã",
    _OFFICER,
)


@app.command(epilog=_example("persuade", "06/BB;2024-09-04;UBND xã", _OFFICER) + " --to inventory")
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


_step(
    "compel",
    recovery.CompelInventory,
    "Quyết định kiểm đếm bắt buộc · decide a compulsory inventory.",
    "40/QĐ;2024-10-01;UBND huyện",
    _CHAIR,
)
_step(
    "dialogue",
    recovery.HoldDialogue,
    "Đối thoại về phương án đã niêm yết · opinions on the posted plan were heard.",
    "09/BB;2024-11-04;Hội đồng GPMB",
    _BOARD,
)
_step(
    "decide",
    recovery.DecideRecovery,
    "Quyết định thu hồi đất · decide the recovery.",
    "55/QĐ;2025-02-10;UBND huyện",
    _CHAIR,
)
_step(
    "coercion",
    coercion.DecideCoercion,
    "Quyết định cưỡng chế · decide to coerce, after persuasion.",
    "61/QĐ;2025-04-01;UBND huyện",
    _CHAIR,
)
_step(
    "comply",
    coercion.RecordCompliance,
    "Hộ chấp hành quyết định cưỡng chế · households comply; they get time.",
    "12/BB;2025-04-08;Hội đồng GPMB",
    _BOARD,
)
_step(
    "coerce",
    coercion.CarryOutCoercion,
    "Thực hiện cưỡng chế · carry the coercion out; never in its quiet times.",
    "15/BB;2025-05-14;Ban cưỡng chế",
    _BOARD,
)
