"""`ntm official`: who may decide: enrolled and appointed by two registrars, or standing in."""

import re
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args
from uuid import NAMESPACE_URL, uuid4, uuid5

import typer

from console import officials as looking_at
from console.groups import group
from console.options import Reason, amount, calendar_day, code, refuse
from console.options import post as read_post
from console.sending import Find, Wanted, deciding
from domain.delegations import Scope
from domain.keys import Fingerprint, PublicKey
from domain.official_forms import (
    AppointOfficial,
    Command,
    ConfirmAppointment,
    ConfirmEnrolment,
    DeclineProposal,
    Delegate,
    EndAppointment,
    EndDelegation,
    EnrolKey,
    EnrolOfficial,
    FoundRegistry,
    Registrar,
    RevokeKey,
    RotateKey,
)
from domain.officials import STREAM
from domain.registry import Registry
from domain.values import DelegationId, DossierKind, OfficialId, PaymentKind, Post, Vnd

if TYPE_CHECKING:
    from office.session import Session

app = group("Cán bộ, khóa, ủy quyền · officials, their keys and delegations.")

app.command("list", epilog="Ví dụ · example: ntm official list --post chair@an-duong")(
    looking_at.officials
)
app.command(epilog="Ví dụ · example: ntm official show CB-0017")(looking_at.show)

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


def _fingerprint(text: str) -> Fingerprint:
    if not _FINGERPRINT.fullmatch(text):
        raise refuse(text, "viết · write SHA256:… (ssh-keygen -lf FILE.pub)")
    return Fingerprint(text)


def _public(text: str) -> PublicKey:
    """A key from the file that `ssh-keygen` made; the private half is never asked for."""
    from signing.sshsig import Malformed, read_key

    try:
        return read_key(Path(text).expanduser().read_text("utf-8"))
    except (OSError, ValueError) as error:
        why = str(error) if isinstance(error, Malformed) else "không đọc được · cannot be read"
        raise refuse(text, f"{why}; tệp · a file *.pub: ssh-keygen -t ed25519") from None


def _registrar(text: str) -> Registrar:
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != 3 or not all(parts):
        raise refuse(text, 'viết · write "CODE;NAME;FILE.pub"')
    return Registrar(official=OfficialId(code(parts[0])), name=parts[1], key=_public(parts[2]))


def _command(text: str) -> str:
    from domain import streams

    known = sorted(kind.__name__ for kind in get_args(streams.Command))
    if text not in known:
        near = ", ".join(get_close_matches(text, known, n=3)) or "ApproveStep, CheckPayment, …"
        raise refuse(text, f"có phải · did you mean {near}?")
    return text


Who = Annotated[
    str, typer.Argument(parser=code, metavar="OFFICIAL", help="Mã cán bộ · code: CB-0017.")
]
At = Annotated[Post, typer.Argument(parser=read_post, metavar="ROLE@UNIT", help="Chức vụ · post.")]
Public = Annotated[
    PublicKey,
    typer.Option(parser=_public, metavar="FILE.pub", help="Khóa công khai · the public key."),
]
ValidTo = Annotated[
    date | None,
    typer.Option(parser=calendar_day, metavar="DATE", help="Khóa hết hạn · the key's last day."),
]
From = Annotated[
    date, typer.Option("--from", parser=calendar_day, metavar="DATE", help="Từ ngày · first day.")
]
Until = Annotated[
    date | None,
    typer.Option("--until", parser=calendar_day, metavar="DATE", help="Đến hết ngày · last day."),
]


def _wanted(command: Command) -> Wanted:
    return Wanted(stream=STREAM, command=command)


def _read_aloud(key: PublicKey) -> None:
    """On stderr, for whoever sits beside: the second registrar hears it from the owner."""
    typer.echo(f"vân tay · fingerprint: {key.fingerprint}", err=True)


@app.command(
    epilog="Ví dụ · example: ntm official found --as chair@hai-phong"
    " --registrar 'CB-0001;Nguyễn Văn An;an.pub' --registrar 'CB-0002;Trần Bình;binh.pub'"
    " --registrar 'CB-0003;Lê Chi;chi.pub' --document '01/QĐ-UBND;2024-01-02;UBND thành phố'"
)
@deciding
def found(
    registrar: Annotated[
        list[Registrar],
        typer.Option(
            parser=_registrar,
            metavar="'CODE;NAME;FILE.pub'",
            help="Người giữ sổ · two or more; three, so that two can replace the third's key.",
        ),
    ],
) -> Find:
    """Lập sổ cán bộ, một lần · found the registry, once: from then on every decision is signed."""

    def find(_session: "Session", _by: Post, decision_id: str | None) -> Wanted:
        # A repeated decision is the same to the letter.
        record = uuid5(NAMESPACE_URL, decision_id) if decision_id else uuid4()
        for one in registrar:
            typer.echo(f"{one.official} {one.key.fingerprint}", err=True)
        return _wanted(FoundRegistry(record=record.hex, registrars=tuple(registrar)))

    return find


@app.command(
    epilog="Ví dụ · example: ntm official enrol CB-0017 --name 'Phạm Lan' --public lan.pub"
    " --as registrar@hai-phong --key an"
)
@deciding
def enrol(
    official: Who,
    public: Public,
    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Họ tên, nếu mới · name, if new.")
    ] = None,
    valid_to: ValidTo = None,
) -> Find:
    """Đề nghị ghi khóa của một cán bộ · propose a person's key; another registrar confirms."""

    def find(session: "Session", _by: Post, decision_id: str | None) -> Wanted:
        state = session.before(STREAM, decision_id)
        known = isinstance(state, Registry) and OfficialId(official) in state.officials
        if not known and name is None:
            raise typer.BadParameter("người mới · is new: --name", param_hint="--name")
        _read_aloud(public)
        who = OfficialId(official)
        if known:
            return _wanted(EnrolKey(official=who, key=public, valid_to=valid_to))
        return _wanted(EnrolOfficial(official=who, name=name or "", key=public, valid_to=valid_to))

    return find


@app.command(
    epilog="Ví dụ · example: ntm official confirm CB-0017 --fingerprint SHA256:…;"
    " ntm official confirm CB-0017 --post chair@an-duong --from 2024-05-01"
)
@deciding
def confirm(
    official: Who,
    fingerprint: Annotated[
        Fingerprint | None,
        typer.Option(
            parser=_fingerprint, metavar="SHA256:…", help="Vân tay nghe đọc · as it was read aloud."
        ),
    ] = None,
    post: Annotated[
        Post | None,
        typer.Option(parser=read_post, metavar="ROLE@UNIT", help="Chức vụ · the post."),
    ] = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=calendar_day, metavar="DATE", help="Từ ngày · first day."),
    ] = None,
    last: Until = None,
) -> Wanted:
    """Người giữ sổ thứ hai xác nhận · a second registrar confirms a key, or an appointment."""
    who = OfficialId(official)
    if fingerprint is not None and post is None:
        return _wanted(ConfirmEnrolment(official=who, fingerprint=fingerprint))
    if post is not None and first is not None and fingerprint is None:
        return _wanted(ConfirmAppointment(official=who, post=post, first=first, last=last))
    raise typer.BadParameter(
        "--fingerprint, hoặc · or --post --from [--until]", param_hint="--fingerprint"
    )


@app.command(epilog="Ví dụ · example: ntm official decline SHA256:… --reason 'đọc sai vân tay'")
@deciding
def decline(
    proposal: Annotated[
        str, typer.Argument(metavar="PROPOSAL", help="Như trong · as in ntm official list.")
    ],
    reason: Reason,
) -> Wanted:
    """Không xác nhận một đề nghị · do not confirm what was proposed."""
    return _wanted(DeclineProposal(proposal=proposal, reason=reason))


@app.command(
    epilog="Ví dụ · example: ntm official appoint CB-0017 chair@an-duong --from 2024-05-01"
    " --document '77/QĐ-UBND;2024-04-25;UBND thành phố' --as registrar@hai-phong --key an"
)
@deciding
def appoint(official: Who, post: At, first: From, last: Until = None) -> Wanted:
    """Đề nghị bổ nhiệm, theo quyết định · propose an appointment, on its decision."""
    who = OfficialId(official)
    return _wanted(AppointOfficial(official=who, post=post, first=first, last=last))


@app.command(epilog="Ví dụ · example: ntm official end CB-0017 chair@an-duong --until 2025-06-30")
@deciding
def end(
    official: Who,
    post: At,
    last: Annotated[
        date,
        typer.Option("--until", parser=calendar_day, metavar="DATE", help="Ngày cuối · last day."),
    ],
) -> Wanted:
    """Thôi giữ chức · end an appointment; one registrar is enough."""
    return _wanted(EndAppointment(official=OfficialId(official), post=post, last=last))


@app.command(
    epilog="Ví dụ · example: ntm official rotate SHA256:… --public new.pub --overlap 2024-06-30"
    " --as chair@an-duong --key ~/.ssh/id_ed25519"
)
@deciding
def rotate(
    old: Annotated[
        Fingerprint,
        typer.Argument(parser=_fingerprint, metavar="SHA256:…", help="Khóa cũ · the old key."),
    ],
    public: Public,
    overlap: Annotated[
        date,
        typer.Option(
            parser=calendar_day, metavar="DATE", help="Khóa cũ còn ký đến · it signs until."
        ),
    ],
    valid_to: ValidTo = None,
) -> Wanted:
    """Đổi khóa của mình, ký bằng khóa cũ · name your next key, signed with the old one."""
    _read_aloud(public)
    return _wanted(RotateKey(old=old, key=public, overlap=overlap, valid_to=valid_to))


@app.command(epilog="Ví dụ · example: ntm official revoke SHA256:… --reason 'mất máy tính'")
@deciding
def revoke(
    fingerprint: Annotated[
        Fingerprint,
        typer.Argument(parser=_fingerprint, metavar="SHA256:…", help="Vân tay · the key."),
    ],
    reason: Reason,
) -> Wanted:
    """Thu hồi khóa, ngay và mãi mãi · revoke a key, at once and for good."""
    return _wanted(RevokeKey(fingerprint=fingerprint, reason=reason))


@app.command(
    epilog="Ví dụ · example: ntm official delegate UQ-03 CB-0018 --from 2024-05-02"
    " --until 2024-05-10 --command ApproveStep --ceiling '5 tỷ' --as chair@an-duong"
    " --document '12/GUQ-UBND;2024-04-29;UBND huyện An Dương'"
)
@deciding
def delegate(  # noqa: PLR0913  # Typer reads the options from them
    *,
    delegation: Annotated[
        str, typer.Argument(parser=code, metavar="ID", help="Số giấy ủy quyền · code: UQ-03.")
    ],
    official: Who,
    first: From,
    last: Annotated[
        date,
        typer.Option("--until", parser=calendar_day, metavar="DATE", help="Đến · last day."),
    ],
    command: Annotated[
        list[str] | None,
        typer.Option(parser=_command, metavar="COMMAND", help="Chỉ lệnh · only these commands."),
    ] = None,
    dossier: Annotated[
        list[DossierKind] | None, typer.Option(help="Chỉ hồ sơ · only these dossiers.")
    ] = None,
    step: Annotated[
        list[str] | None, typer.Option(metavar="STEP", help="Chỉ bước · only these steps.")
    ] = None,
    payment: Annotated[
        list[PaymentKind] | None, typer.Option(help="Chỉ loại chi · only these payments.")
    ] = None,
    ceiling: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="Không quá · up to this amount."),
    ] = None,
) -> Wanted:
    """Ủy quyền chức vụ của mình, có hạn · let another act for your post; it ends by itself."""
    scope = Scope(
        commands=tuple(command or ()),
        dossiers=tuple(dossier or ()),
        steps=tuple(step or ()),
        payments=tuple(payment or ()),
        ceiling=ceiling,
    )
    return _wanted(
        Delegate(
            delegation=DelegationId(delegation),
            to=OfficialId(official),
            first=first,
            last=last,
            scope=scope,
        )
    )


@app.command("end-delegation", epilog="Ví dụ · example: ntm official end-delegation UQ-03")
@deciding
def end_delegation(
    delegation: Annotated[
        str, typer.Argument(parser=code, metavar="ID", help="Số giấy ủy quyền · its code.")
    ],
    reason: Reason,
) -> Wanted:
    """Thôi ủy quyền trước hạn · end a delegation before its time."""
    return _wanted(EndDelegation(delegation=DelegationId(delegation), reason=reason))
