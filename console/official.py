"""`ntm official`: who may decide: enrolled and appointed by two registrars, or standing in."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import NAMESPACE_URL, uuid4, uuid5

import typer

from console import officials as looking_at
from console.delegating import From, Who, delegate, end_delegation
from console.groups import group
from console.helping import example
from console.options import Reason, calendar_day, code, refuse
from console.options import post as read_post
from console.sending import Find, Wanted, deciding
from domain.keys import Fingerprint, PublicKey
from domain.official_forms import (
    AppointOfficial,
    Command,
    ConfirmAppointment,
    ConfirmEnrolment,
    DeclineProposal,
    EndAppointment,
    EnrolKey,
    EnrolOfficial,
    FoundRegistry,
    Registrar,
    RevokeKey,
    RotateKey,
)
from domain.officials import STREAM
from domain.registry import Registry
from domain.values import OfficialId, Post
from language.catalogue import tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from office.session import Session

app = group("Officials, their keys and delegations.")

app.command("list", epilog=example("ntm official list --post chair@an-duong"))(looking_at.officials)
app.command(epilog=example("ntm official show CB-0017"))(looking_at.show)

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


def _fingerprint(text: str) -> Fingerprint:
    if not _FINGERPRINT.fullmatch(text):
        raise refuse(text, tr("write SHA256:…, as `ssh-keygen -lf FILE.pub` says it"))
    return Fingerprint(text)


def _public(text: str) -> PublicKey:
    """A key from the file that `ssh-keygen` made; the private half is never asked for."""
    from signing.sshsig import Malformed, read_key

    try:
        return read_key(Path(text).expanduser().read_text("utf-8"))
    except (OSError, ValueError) as error:
        why = str(error) if isinstance(error, Malformed) else tr("cannot be read")
        wanted = tr("{why}; name a file *.pub of ssh-keygen -t ed25519", why=in_their_language(why))
        raise refuse(text, wanted) from None


def _registrar(text: str) -> Registrar:
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != 3 or not all(parts):
        raise refuse(text, tr('write "CODE;NAME;FILE.pub"'))
    return Registrar(official=OfficialId(code(parts[0])), name=parts[1], key=_public(parts[2]))


At = Annotated[Post, typer.Argument(parser=read_post, metavar="ROLE@UNIT", help="The post.")]
Public = Annotated[
    PublicKey, typer.Option(parser=_public, metavar="FILE.pub", help="The public key.")
]
ValidTo = Annotated[
    date | None,
    typer.Option(parser=calendar_day, metavar="DATE", help="The key's last day."),
]
Until = Annotated[
    date | None,
    typer.Option("--until", parser=calendar_day, metavar="DATE", help="The last day."),
]


def _wanted(command: Command) -> Wanted:
    return Wanted(stream=STREAM, command=command)


def _read_aloud(key: PublicKey) -> None:
    """On stderr, for whoever sits beside: the second registrar hears it from the owner."""
    typer.echo(tr("fingerprint: {key}", key=key.fingerprint), err=True)


@app.command(
    epilog=example(
        "ntm official found --as chair@hai-phong"
        " --registrar 'CB-0001;Nguyễn Văn An;an.pub' --registrar 'CB-0002;Trần Bình;binh.pub'"
        " --registrar 'CB-0003;Lê Chi;chi.pub' --document '01/QĐ-UBND;2024-01-02;UBND thành phố'"
    )
)
@deciding
def found(
    registrar: Annotated[
        list[Registrar],
        typer.Option(
            parser=_registrar,
            metavar="'CODE;NAME;FILE.pub'",
            help="Two registrars or more; three, so that two can replace the third's key.",
        ),
    ],
) -> Find:
    """Found the registry, after which decisions are signed."""

    def find(_session: "Session", _by: Post, decision_id: str | None) -> Wanted:
        # A repeated decision is the same to the letter.
        record = uuid5(NAMESPACE_URL, decision_id) if decision_id else uuid4()
        for one in registrar:
            typer.echo(f"{one.official} {one.key.fingerprint}", err=True)
        return _wanted(FoundRegistry(record=record.hex, registrars=tuple(registrar)))

    return find


@app.command(
    epilog=example(
        "ntm official enrol CB-0017 --name 'Phạm Lan' --public lan.pub"
        " --as registrar@hai-phong --key an"
    )
)
@deciding
def enrol(
    official: Who,
    public: Public,
    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The name of somebody new.")
    ] = None,
    valid_to: ValidTo = None,
) -> Find:
    """Propose a person's key, which another registrar confirms."""

    def find(session: "Session", _by: Post, decision_id: str | None) -> Wanted:
        state = session.before(STREAM, decision_id)
        known = isinstance(state, Registry) and OfficialId(official) in state.officials
        if not known and name is None:
            raise typer.BadParameter(tr("who is new needs --name"), param_hint="--name")
        _read_aloud(public)
        who = OfficialId(official)
        if known:
            return _wanted(EnrolKey(official=who, key=public, valid_to=valid_to))
        return _wanted(EnrolOfficial(official=who, name=name or "", key=public, valid_to=valid_to))

    return find


@app.command(
    epilog=example(
        "ntm official confirm CB-0017 --fingerprint SHA256:… --as registrar@hai-phong --key binh",
        "ntm official confirm CB-0017 --post chair@an-duong --from 2024-05-01"
        " --as registrar@hai-phong --key binh",
    )
)
@deciding
def confirm(
    official: Who,
    fingerprint: Annotated[
        Fingerprint | None,
        typer.Option(
            parser=_fingerprint, metavar="SHA256:…", help="The fingerprint, as it was read aloud."
        ),
    ] = None,
    post: Annotated[
        Post | None,
        typer.Option(parser=read_post, metavar="ROLE@UNIT", help="The post."),
    ] = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=calendar_day, metavar="DATE", help="The first day."),
    ] = None,
    last: Until = None,
) -> Wanted:
    """Confirm a key or an appointment, as a second registrar."""
    who = OfficialId(official)
    if fingerprint is not None and post is None:
        return _wanted(ConfirmEnrolment(official=who, fingerprint=fingerprint))
    if post is not None and first is not None and fingerprint is None:
        return _wanted(ConfirmAppointment(official=who, post=post, first=first, last=last))
    raise typer.BadParameter(
        tr("give --fingerprint, or --post and --from"), param_hint="--fingerprint"
    )


@app.command(
    epilog=example(
        "ntm official decline SHA256:… --reason 'đọc sai vân tay'"
        " --as registrar@hai-phong --key binh"
    )
)
@deciding
def decline(
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="As in ntm official list.")],
    reason: Reason,
) -> Wanted:
    """Decline what was proposed."""
    return _wanted(DeclineProposal(proposal=proposal, reason=reason))


@app.command(
    epilog=example(
        "ntm official appoint CB-0017 chair@an-duong --from 2024-05-01"
        " --document '77/QĐ-UBND;2024-04-25;UBND thành phố' --as registrar@hai-phong --key an"
    )
)
@deciding
def appoint(official: Who, post: At, first: From, last: Until = None) -> Wanted:
    """Propose an appointment, on the decision that made it."""
    who = OfficialId(official)
    return _wanted(AppointOfficial(official=who, post=post, first=first, last=last))


@app.command(
    epilog=example(
        "ntm official end CB-0017 chair@an-duong --until 2025-06-30"
        " --document '45/QĐ-UBND;2025-06-20;UBND thành phố' --as registrar@hai-phong --key an"
    )
)
@deciding
def end(
    official: Who,
    post: At,
    last: Annotated[
        date,
        typer.Option("--until", parser=calendar_day, metavar="DATE", help="The last day."),
    ],
) -> Wanted:
    """End an appointment; one registrar is enough."""
    return _wanted(EndAppointment(official=OfficialId(official), post=post, last=last))


@app.command(
    epilog=example(
        "ntm official rotate SHA256:… --public new.pub --overlap 2024-06-30"
        " --as chair@an-duong --key ~/.ssh/id_ed25519"
    )
)
@deciding
def rotate(
    old: Annotated[
        Fingerprint,
        typer.Argument(parser=_fingerprint, metavar="SHA256:…", help="The old key."),
    ],
    public: Public,
    overlap: Annotated[
        date,
        typer.Option(
            parser=calendar_day, metavar="DATE", help="Until when the old key signs, too."
        ),
    ],
    valid_to: ValidTo = None,
) -> Wanted:
    """Name your next key, signed with the old one."""
    _read_aloud(public)
    return _wanted(RotateKey(old=old, key=public, overlap=overlap, valid_to=valid_to))


@app.command(
    epilog=example(
        "ntm official revoke SHA256:… --reason 'mất máy tính' --as registrar@hai-phong --key an"
    )
)
@deciding
def revoke(
    fingerprint: Annotated[
        Fingerprint,
        typer.Argument(parser=_fingerprint, metavar="SHA256:…", help="The fingerprint of the key."),
    ],
    reason: Reason,
) -> Wanted:
    """Revoke a key, at once and for good."""
    return _wanted(RevokeKey(fingerprint=fingerprint, reason=reason))


app.command(
    epilog=example(
        "ntm official delegate UQ-03 CB-0018 --from 2024-05-02"
        " --until 2024-05-10 --command ApproveStep --ceiling 5000000000 --as chair@an-duong"
        " --document '12/GUQ-UBND;2024-04-29;UBND huyện An Dương'"
    )
)(delegate)
app.command(
    "end-delegation",
    epilog=example(
        "ntm official end-delegation UQ-03 --reason 'đã đi công tác về' --as chair@an-duong"
    ),
)(end_delegation)
