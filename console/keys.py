"""`ntm audit key`: the key that signs checkpoints, and the one that follows it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import evidence, show
from console.failures import REFUSED, USAGE, Failure
from console.groups import group
from console.helping import example
from console.sending import open_session
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from office.session import Session
    from storage.audit import Report
    from storage.keyring import Succession

app = group("The key that signs checkpoints.")
app.info.no_args_is_help = False


@app.callback(invoke_without_command=True)
def key(context: typer.Context) -> None:
    """The public key, to be kept by those who will check."""
    if context.invoked_subcommand is None:
        from storage import notes

        typer.echo(notes.spelled(evidence.own_key().public_key()))


@app.command(epilog=example("ntm audit key rotate --to 2024-04-30.key"))
def rotate(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write the statement to a file.")
    ] = None,
    lost: Annotated[
        str | None, typer.Option("--lost", metavar="KEY", help="The old key, if it is lost.")
    ] = None,
) -> None:
    """Change to a new key, which the old one signs for."""
    from storage import keys

    evidence.must_be_new(to)
    gone = evidence.public_key(lost)
    with open_session() as session:
        outside = session.outside()
        said = _said_last(session) if gone is None else _said_without(session, gone)
        failed = outside.keep_succession(said)
        if outside.places[0] in failed:
            raise Failure(
                _not_written(outside.places[0]),
                tr("the old key is still the one"),
                REFUSED,
            )
        keys.succeed(outside.home)
    for place in failed:
        typer.echo(f"ntm: {_not_written(place)}", err=True)
    if to is not None:
        evidence.write(to, said.text.encode())
    typer.echo(tr("new key: {key}", key=said.new))
    typer.echo(
        plural(
            "the old one counts up to {n} event", "the old one counts up to {n} events", said.size
        )
    )


def _not_written(place: object) -> str:
    return tr("could not be written: {place}", place=show.plain(place))


def _said_last(session: "Session") -> "Succession":
    """The last that the old key signs: a checkpoint, and who follows it."""
    from storage import checkpoints, keyring, keys

    outside = session.outside()
    old = keys.find(outside.home)
    if old is None:
        raise Failure(
            tr("there is no key here"),
            tr("make one with `ntm audit checkpoint`; if it is lost: --lost KEY"),
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
        raise Failure(tr("the key is here, it is not lost"), tr("leave out --lost"), USAGE)
    known = keyring.joined(old, outside.successions())
    report, _ = checkpoints.whole(session.engine, outside, lambda _done: None, known)
    _refuse_if_broken(report)
    return keyring.lost(old, keys.following(outside.home), report.signed)


def _refuse_if_broken(report: "Report") -> None:
    if report.breaks:
        raise Failure(
            tr("the log is not what it was"),
            tr("see `ntm audit verify`"),
            REFUSED,
        )
