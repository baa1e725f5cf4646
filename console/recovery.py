"""`ntm clearance recovery`: the steps that only recovery by the State has."""

from collections.abc import Callable
from typing import Annotated, Literal

import typer

from console.groups import group
from console.helping import example
from console.households import Cases, wanted
from console.options import InSite
from console.sending import Wanted, deciding
from domain import coercion, households, recovery

app = group("Recovery of land by the State; every step needs --document.")

_CHAIR, _OFFICER, _BOARD = "chair@an-duong", "officer@xa-ad-01", "clearance-board@an-duong"


def _example(step: str, paper: str, by: str) -> str:
    return example(f"ntm clearance recovery {step} AD01-GT/T1 H001 --document '{paper}' --as {by}")


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
    "Record that the people were met, before the notice.",
    "02/BB;2024-08-05;UBND xã",
    _OFFICER,
)
_step(
    "notice",
    recovery.IssueRecoveryNotice,
    "Issue the recovery notice.",
    "31/TB;2024-08-12;UBND huyện",
    _CHAIR,
)
_step(
    "consent",
    recovery.RecordEarlyConsent,
    "Record that households agree to an early recovery.",
    "04/BB;2024-08-20;UBND xã",
    _OFFICER,
)


@app.command(
    epilog=example(
        "ntm clearance recovery persuade AD01-GT/T1 H001 --to inventory"
        f" --document '06/BB;2024-09-04;UBND xã' --as {_OFFICER}"
    )
)
@deciding
def persuade(
    site: InSite,
    cases: Cases,
    to: Annotated[
        Literal["inventory", "hand-over"],
        typer.Option(help="Persuade them to what."),
    ],
) -> Wanted:
    """Persuade households, in writing."""
    return wanted(site, recovery.BeginPersuasion(cases=tuple(cases), to=to))


_step(
    "compel",
    recovery.CompelInventory,
    "Decide a compulsory inventory.",
    "40/QĐ;2024-10-01;UBND huyện",
    _CHAIR,
)
_step(
    "dialogue",
    recovery.HoldDialogue,
    "Record that opinions on the posted plan were heard.",
    "09/BB;2024-11-04;Hội đồng GPMB",
    _BOARD,
)
_step(
    "decide",
    recovery.DecideRecovery,
    "Decide the recovery.",
    "55/QĐ;2025-02-10;UBND huyện",
    _CHAIR,
)
_step(
    "coercion",
    coercion.DecideCoercion,
    "Decide to coerce, after persuasion.",
    "61/QĐ;2025-04-01;UBND huyện",
    _CHAIR,
)
_step(
    "comply",
    coercion.RecordCompliance,
    "Record that households comply. They then get time.",
    "12/BB;2025-04-08;Hội đồng GPMB",
    _BOARD,
)
_step(
    "coerce",
    coercion.CarryOutCoercion,
    "Carry the coercion out; never in its quiet times.",
    "15/BB;2025-05-14;Ban cưỡng chế",
    _BOARD,
)
