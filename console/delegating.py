"""`ntm official delegate`: whom a post's holder lets act for it, within which scope, how long."""

from datetime import date
from difflib import get_close_matches
from typing import Annotated, get_args

import typer

from console.options import Reason, amount, calendar_day, code, refuse
from console.sending import Wanted, deciding
from domain.delegations import Scope
from domain.official_forms import Delegate, EndDelegation
from domain.officials import STREAM
from domain.values import DelegationId, DossierKind, OfficialId, PaymentKind, Vnd
from language.catalogue import tr


def _command(text: str) -> str:
    from domain import streams

    known = sorted(kind.__name__ for kind in get_args(streams.Command))
    if text not in known:
        near = ", ".join(get_close_matches(text, known, n=3)) or "ApproveStep, CheckPayment, …"
        raise refuse(text, tr("did you mean {meant}?", meant=near))
    return text


Who = Annotated[
    str, typer.Argument(parser=code, metavar="OFFICIAL", help="Code of the official: CB-0017.")
]
From = Annotated[
    date, typer.Option("--from", parser=calendar_day, metavar="DATE", help="The first day.")
]


@deciding
def delegate(  # noqa: PLR0913  # Typer reads the options from them
    *,
    delegation: Annotated[
        str, typer.Argument(parser=code, metavar="ID", help="Code of the delegation: UQ-03.")
    ],
    official: Who,
    first: From,
    last: Annotated[
        date,
        typer.Option("--until", parser=calendar_day, metavar="DATE", help="The last day."),
    ],
    commands: Annotated[
        list[str] | None,
        typer.Option("--command", parser=_command, metavar="COMMAND", help="Only these commands."),
    ] = None,
    dossier: Annotated[list[DossierKind] | None, typer.Option(help="Only these dossiers.")] = None,
    step: Annotated[
        list[str] | None, typer.Option(metavar="STEP", help="Only these steps.")
    ] = None,
    payment: Annotated[
        list[PaymentKind] | None, typer.Option(help="Only these kinds of payment.")
    ] = None,
    ceiling: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="Up to this amount."),
    ] = None,
) -> Wanted:
    """Let another act for your post, up to a last day."""
    scope = Scope(
        commands=tuple(commands or ()),
        dossiers=tuple(dossier or ()),
        steps=tuple(step or ()),
        payments=tuple(payment or ()),
        ceiling=ceiling,
    )
    command = Delegate(
        delegation=DelegationId(delegation),
        to=OfficialId(official),
        first=first,
        last=last,
        scope=scope,
    )
    return Wanted(stream=STREAM, command=command)


@deciding
def end_delegation(
    delegation: Annotated[
        str, typer.Argument(parser=code, metavar="ID", help="Code of the delegation: UQ-03.")
    ],
    reason: Reason,
) -> Wanted:
    """End a delegation before its time."""
    command = EndDelegation(delegation=DelegationId(delegation), reason=reason)
    return Wanted(stream=STREAM, command=command)
