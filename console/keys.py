"""`ntm audit key`: the key that signs checkpoints, and the one that follows it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import evidence, show
from console.failures import REFUSED, USAGE, Failure
from console.groups import group
from console.sending import open_session

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from office.session import Session
    from storage.audit import Report
    from storage.keyring import Succession

app = group("Khóa ký điểm chốt · the key that signs checkpoints.")
app.info.no_args_is_help = False


@app.callback(invoke_without_command=True)
def key(context: typer.Context) -> None:
    """Khóa công khai của hồ sơ · the public key, to be kept by those who will check."""
    if context.invoked_subcommand is None:
        from storage import notes

        typer.echo(notes.spelled(evidence.own_key().public_key()))


@app.command(epilog="Ví dụ · example: ntm audit key rotate --to 2024-04-30.key")
def rotate(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Ghi giấy đổi khóa · write the statement."),
    ] = None,
    lost: Annotated[
        str | None,
        typer.Option("--lost", metavar="KEY", help="Khóa cũ đã mất · the old key, if it is lost."),
    ] = None,
) -> None:
    """Đổi khóa, khóa cũ ký cho khóa mới · a new key, which the old one signs for."""
    from storage import keys

    evidence.must_be_new(to)
    gone = evidence.public_key(lost)
    with open_session() as session:
        outside = session.outside()
        said = _said_last(session) if gone is None else _said_without(session, gone)
        failed = outside.keep_succession(said)
        if outside.places[0] in failed:
            raise Failure(
                f"không ghi được · could not be written: {show.plain(outside.places[0])}",
                "khóa cũ còn dùng · the old key is still the one",
                REFUSED,
            )
        keys.succeed(outside.home)
    for place in failed:
        typer.echo(f"ntm: không ghi được · could not be written: {show.plain(place)}", err=True)
    if to is not None:
        evidence.write(to, said.text.encode())
    typer.echo(f"khóa mới · new key: {said.new}")
    typer.echo(f"khóa cũ ký đến · the old one counts up to: {said.size} sự kiện · events")


def _said_last(session: "Session") -> "Succession":
    """The last that the old key signs: a checkpoint, and who follows it."""
    from storage import checkpoints, keyring, keys

    outside = session.outside()
    old = keys.find(outside.home)
    if old is None:
        raise Failure(
            "chưa có khóa · there is no key here",
            "ntm audit checkpoint; đã mất thì · if it is lost: --lost KEY",
            USAGE,
        )
    report, edge = checkpoints.whole(session.engine, outside, lambda _done: None)
    _refuse_if_broken(report)
    with session.recorder() as recorder:
        taken = checkpoints.sign(recorder, outside, report, edge)
    return keyring.state(old, keys.following(outside.home), taken.checkpoint.size)


def _said_without(session: "Session", old: "Ed25519PublicKey") -> "Succession":
    """What the new key says of one that is lost: it counts up to its last checkpoint."""
    from storage import checkpoints, keyring, keys, notes

    outside = session.outside()
    own = keys.find(outside.home)
    if own is not None and notes.spelled(own.public_key()) == notes.spelled(old):
        raise Failure(
            "khóa còn đây · the key is here, it is not lost", "bỏ · leave out --lost", USAGE
        )
    known = keyring.joined(old, outside.successions())
    report, _ = checkpoints.whole(session.engine, outside, lambda _done: None, known)
    _refuse_if_broken(report)
    return keyring.lost(old, keys.following(outside.home), report.signed)


def _refuse_if_broken(report: "Report") -> None:
    if report.breaks:
        raise Failure(
            "bản ghi không nguyên vẹn · the log is not what it was",
            "xem · see `ntm audit verify`",
            REFUSED,
        )
