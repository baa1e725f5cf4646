"""`ntm audit key`: the key that signs checkpoints, and the one that follows it."""

from pathlib import Path
from typing import Annotated

import typer

from console import evidence, show
from console.failures import REFUSED, USAGE, Failure
from console.groups import group
from console.sending import open_session

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
) -> None:
    """Đổi khóa, khóa cũ ký cho khóa mới · a new key, which the old one signs for."""
    from storage import checkpoints, keyring, keys, notes

    evidence.must_be_new(to)
    with open_session() as session, session.recorder() as recorder:
        outside = session.outside()
        old = keys.find(outside.home)
        if old is None:
            raise Failure(
                "chưa có khóa · there is no key yet", "chạy · run `ntm audit checkpoint`", USAGE
            )
        report, edge = checkpoints.whole(session.engine, outside, lambda _done: None)
        if report.breaks:
            raise Failure(
                "bản ghi không nguyên vẹn · the log is not what it was",
                "xem · see `ntm audit verify`",
                REFUSED,
            )
        taken = checkpoints.sign(recorder, outside, report, edge)
        new = keys.following(outside.home)
        said = keyring.state(old, new, taken.checkpoint.size)
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
    typer.echo(f"khóa mới · new key: {notes.spelled(new.public_key())}")
    typer.echo(f"khóa cũ ký đến · the old one counts up to: {said.size} sự kiện · events")
