"""`ntm audit`: evidence that nothing on record was altered, and for whom to keep it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import evidence, keys, record_words, restoring, show, words
from console.failures import REFUSED, USAGE, Failure, absent, wrong
from console.groups import group
from console.options import Output
from console.sending import open_session
from domain.values import value

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from storage import audit
    from storage.breaks import Break
    from storage.bundles import Bundle
    from storage.keyring import Succession

app = group("Chống sửa lén · evidence that nothing was altered.")

To = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", help="Ghi vào tệp mới · write to a new file.")
]
Key = Annotated[
    str | None,
    typer.Option("--key", metavar="KEY", help="Khóa công khai tin cậy · the public key you trust."),
]

Rotated = Annotated[
    list[Path] | None,
    typer.Option("--rotated", metavar="FILE", help="Giấy đổi khóa · a statement of a new key."),
]

app.add_typer(keys.app, name="key")

_ADVICE = "giữ nguyên hiện trạng, báo thanh tra · leave all as it is, call the inspectorate"


@value
class Proven:
    """What a bundle proves: these events were in the log that this key signed."""

    decision_id: str
    positions: tuple[int, ...]
    size: int
    root: str
    key: str
    key_is_given: bool
    official: str | None = None
    fingerprint: str | None = None


@app.command(epilog="Ví dụ · example: ntm audit checkpoint --to 2024-04-30.note")
def checkpoint(to: To = None) -> None:
    """Kiểm tra, ký và chốt hồ sơ · verify the log and sign it; keep the note elsewhere."""
    from storage import audit, checkpoints

    evidence.must_be_new(to)
    with open_session() as session, session.recorder() as recorder:
        outside = session.outside()
        evidence.signing_key(session)
        with _bar(audit.size(session.engine)) as progress:
            report, edge = checkpoints.whole(session.engine, outside, progress)
        _refuse_if_broken(report)
        taken = checkpoints.sign(recorder, outside, report, edge)
    for place in taken.failed:
        typer.echo(f"ntm: không ghi được · could not be written: {show.plain(place)}", err=True)
    if to is None:
        typer.echo(taken.note, nl=False)
    else:
        evidence.write(to, taken.note.encode())
        typer.echo(f"đã chốt · signed: {report.events} sự kiện · events, {show.plain(to)}")


@app.command(epilog="Ví dụ · example: ntm audit verify --checkpoint 2024-04-30.note")
def verify(
    kept: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint", metavar="FILE", help="Điểm chốt đã giữ · a note kept outside."
        ),
    ] = None,
    offline: Annotated[
        Path | None,
        typer.Option("--offline", metavar="FILE", help="Chỉ tệp này · a bundle, and no servers."),
    ] = None,
    extract: Annotated[
        Path | None,
        typer.Option(
            "--extract",
            metavar="DIR",
            help="Với --offline: tách chữ ký cho ssh-keygen · the signature, for ssh-keygen.",
        ),
    ] = None,
    trusted: Key = None,
    rotated: Rotated = None,
    output: Output = "table",
) -> None:
    """Tính lại mọi mã băm và so với điểm chốt · recompute everything; name the first break."""
    given = evidence.public_key(trusted)
    if offline is not None:
        if kept:
            raise wrong("--checkpoint", show.plain(kept[0]), "không đi cùng · not with --offline")
        said = evidence.successions(rotated or ())
        found = _read(evidence.read(offline, "--offline"))
        _tell_proven(_proven(found, given, said), output)
        if extract is not None:
            _extract(found, extract)
        return
    if extract is not None:
        raise wrong("--extract", show.plain(extract), "đi cùng · goes with --offline FILE")
    from storage import audit, keyring

    outside = tuple(
        audit.Note(text=evidence.text(file, "--checkpoint"), kept_in=str(file))
        for file in kept or ()
    )
    with open_session() as session:
        by = given or evidence.found_key()
        if by is None and (outside or audit.has_checkpoints(session.engine)):
            raise Failure(
                "không có khóa để kiểm chữ ký · there is no key to check signatures with",
                "đưa khóa · give --key, as `ntm audit key` printed it",
                USAGE,
            )
        said = (*session.outside().successions(), *evidence.successions(rotated or ()))
        known = None if by is None else keyring.joined(by, said)
        if newest := session.outside().newest():
            outside += (audit.Note(text=newest.text, kept_in=str(newest.file)),)
        with _bar(audit.size(session.engine)) as progress:
            report = audit.verify(session.engine, known, outside, progress)
    _tell_verified(report, output)
    _refuse_if_broken(report)


@app.command(epilog="Ví dụ · example: ntm audit bundle DECISION_ID --to decision.json")
def bundle(
    decision_id: Annotated[
        str, typer.Argument(metavar="DECISION_ID", help="Mã quyết định · decision id.")
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help="Ghi vào tệp mới · write to a new file.")
    ],
) -> None:
    """Gói chứng cứ của một quyết định · a decision's events, provable without the record."""
    from storage import audit, bundles, bundling, keyring

    evidence.must_be_new(to)
    with open_session() as session:
        own = evidence.own_key().public_key()
        said = session.outside().successions()
        known, texts = keyring.joined(own, said), tuple(one.text for one in said)
        with _bar(audit.size(session.engine)) as progress:
            try:
                found = bundling.bundle(session.engine, known, decision_id, progress, texts)
            except LookupError:
                raise absent("DECISION_ID", decision_id, "xem · see `ntm events`") from None
            except ValueError as error:
                raise _broken_bundle(error) from None
    if found is None:
        raise Failure(
            "chưa có điểm chốt sau quyết định này · no checkpoint covers this decision yet",
            "chạy · run `ntm audit checkpoint`",
            REFUSED,
        )
    _checked(found, own)
    evidence.write(to, bundles.dump(found))
    typer.echo(f"đã ghi · written: {len(found.events)} sự kiện · events, {show.plain(to)}")


def _read(file: bytes) -> "Bundle":
    from storage import bundles

    try:
        return bundles.read(file)
    except ValueError as error:
        raise _broken_bundle(error) from None


def _proven(
    found: "Bundle", given: "Ed25519PublicKey | None", said: "tuple[Succession, ...]"
) -> Proven:
    from storage import bundles

    size, root = _checked(found, given, said)
    signer = bundles.signer(found)
    return Proven(
        decision_id=found.decision_id,
        positions=tuple(one.event.position for one in found.events),
        size=size,
        root=root.hex(),
        key=found.key,
        key_is_given=given is not None,
        official=signer[0] if signer else None,
        fingerprint=signer[1].fingerprint if signer else None,
    )


def _extract(found: "Bundle", place: Path) -> None:
    """The official's signature in files of its own, and how OpenSSH checks them."""
    from signing import sshsig
    from storage import bundles

    signer = bundles.signer(found)
    if signer is None or found.proof is None:
        raise Failure(
            "quyết định này không có chữ ký · nobody signed this decision",
            "do đồng hồ, hay trước khi lập danh bạ · by the clock, or before the registry",
            REFUSED,
        )
    official, key = signer
    evidence.folder(place, "--extract")
    evidence.write(place / "decision.json", found.proof.text.encode())
    evidence.write(place / "decision.sig", found.proof.signature.encode())
    allowed = sshsig.allowed_signer(official, key)
    evidence.write(place / "allowed_signers", f"{allowed}\n".encode())
    typer.echo(f"đã ghi · written: {show.plain(place)}; kiểm bằng · check with:")
    typer.echo(
        f"  cd {show.plain(place)} && ssh-keygen -Y verify -f allowed_signers -I {official}"
        f" -n {sshsig.NAMESPACE} -s decision.sig < decision.json"
    )


def _checked(
    found: "Bundle", given: "Ed25519PublicKey | None", said: "tuple[Succession, ...]" = ()
) -> tuple[int, bytes]:
    from storage import bundles

    try:
        signed = bundles.check(found, given, said)
    except ValueError as error:
        raise _broken_bundle(error) from None
    return signed.size, signed.root


def _broken_bundle(error: ValueError) -> Failure:
    return Failure(f"gói chứng cứ không đúng · {show.plain(error)}", _ADVICE, REFUSED)


def _tell_verified(report: "audit.Report", output: str) -> None:
    if output == "json":
        show.json(report)
        return
    for one in report.restores:
        typer.echo(f"đã chấp nhận · accepted: {show.plain(restoring.described(one))}")
    if report.abandoned:
        typer.echo(f"điểm chốt của phần đã mất · checkpoints of what was lost: {report.abandoned}")
    if not report.breaks:
        typer.echo(
            f"nguyên vẹn · intact: {report.events} sự kiện · events,"
            f" {report.streams} chuỗi · streams, {report.checkpoints} điểm chốt · checkpoints"
        )
        proved = (
            f"{report.proved} quyết định có chữ ký đúng · decisions, each signed by its official"
            if report.proved
            else "quyết định được ghi tên, chưa được ký · decisions are named, not proved"
        )
        typer.echo(f"chữ ký · proofs: {proved}")
        typer.echo(f"gốc · root: {report.root}")


def _tell_proven(proven: Proven, output: str) -> None:
    if output == "json":
        show.json(proven)
        return
    places = ", ".join(str(position) for position in proven.positions)
    typer.echo(f"đúng · proven: {show.plain(proven.decision_id)}, vị trí · positions {places}")
    typer.echo(f"trong · in a log of {proven.size} sự kiện · events, gốc · root {proven.root}")
    if proven.official is not None:
        typer.echo(f"ký bởi · signed by: {show.plain(proven.official)}, {proven.fingerprint}")
    ask = "" if proven.key_is_given else "; so với khóa bạn giữ · compare with the key you keep"
    typer.echo(f"khóa · key: {proven.key}{ask}")


def _refuse_if_broken(report: "audit.Report") -> None:
    if not report.breaks:
        return
    more = len(report.breaks) - 1
    rest = f"; và · and {more} more: ntm audit verify -o json" if more else ""
    raise Failure(f"{_said(report.breaks[0])}{rest}", _ADVICE, REFUSED)


def _said(one: "Break") -> str:
    what = " ".join(f"{words.said(record_words.BREAKS, one.wrong)} {one.detail}".split())
    where = f"vị trí · position {one.position}" if one.position else ""
    if one.position and one.until:
        where += f"–{one.until}"
    stream = f"{one.stream} bản · version {one.version}" if one.stream else ""
    place = ", ".join(part for part in (where, stream) if part)
    return show.plain(f"{place}: {what}" if place else what)


@contextmanager
def _bar(events: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr for people; nothing for programs."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("đang kiểm · verifying", total=events)
        yield lambda done: bars.update(task, completed=done) if done % 500 == 0 else None
