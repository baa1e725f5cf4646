"""`ntm codec`: decoded payloads for those who may know, and a new key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from console import failures
from console.groups import group
from console.helping import example
from language.catalogue import tr

if TYPE_CHECKING:
    from office.codec_server import Access

TOKEN = "NTM_CODEC_TOKEN"  # noqa: S105  # its name
_SHORTEST = 32

app = group("Decoded payloads for the Web UI, and their keys.")
app.info.no_args_is_help = False


@app.callback(
    invoke_without_command=True,
    epilog=example("ntm codec --port 8081 --origin https://temporal.example.gov.vn"),
)
def codec(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen at; 0 takes one that is free.")
    ] = 0,
    host: Annotated[str, typer.Option(metavar="IP", help="Where to listen.")] = "127.0.0.1",
    origin: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="A Web UI that may ask; may be repeated."),
    ] = None,
) -> None:
    """Serve `/encode` and `/decode` until it is stopped."""
    if context.invoked_subcommand is not None:
        return
    from office import payloads
    from office.codec_server import Codec
    from stack import home
    from workflows.encryption import Encryption

    encryption = Encryption(payloads.keyring(home.locate()))
    access = _access(host, origin)
    try:
        server = Codec((host, port), encryption, access)
    except OSError as error:
        raise failures.wrong("--host/--port", f"{host}:{port}", str(error.strerror)) from None
    with server:
        where = f"http://{host}:{server.server_address[1]}"
        pages = ", ".join(sorted(access.origins)) or tr("none")
        typer.echo(tr("listening: {where}; pages: {pages}", where=where, pages=pages), err=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


@app.command()
def rotate() -> None:
    """Make a new key that encrypts; the old ones still decrypt."""
    from stack import home, payload_keys
    from workflows.encryption import name_of

    at = home.locate()
    payload_keys.rotate(at)
    file = payload_keys.place(at)
    first, *rest = (name_of(key) for key in payload_keys.read(file))
    typer.echo(tr("encrypts: {key}", key=first))
    for name in rest:
        typer.echo(tr("decrypts only: {key}", key=name))
    typer.echo(tr("keep a copy of {file}", file=file), err=True)


def _access(host: str, origins: list[str] | None) -> Access:
    """Refuses to serve other machines without a token."""
    from office.codec_server import LOOPBACK, Access

    token = os.environ.get(TOKEN)
    if token is not None and len(token) < _SHORTEST:
        raise failures.wrong(TOKEN, "…", tr("it needs at least {n} characters", n=_SHORTEST))
    if host != LOOPBACK and token is None:
        raise failures.wrong(
            "--host",
            host,
            tr("give {address}, or set {variable}", address=LOOPBACK, variable=TOKEN),
        )
    known = origins or _own_pages()
    return Access(origins=frozenset(one.rstrip("/") for one in known), token=token)


def _own_pages() -> tuple[str, ...]:
    """The Web UI that `ntm up` started, if it did."""
    from stack import home

    running = home.remembered(home.locate())
    return running.ports.pages if running.ports and running.temporal else ()
