"""`ntm codec`: decoded payloads for those who may know, and a new key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from console import failures
from console.groups import group

if TYPE_CHECKING:
    from office.codec_server import Access

TOKEN = "NTM_CODEC_TOKEN"  # noqa: S105  # its name
_SHORTEST = 32

app = group("Giải mã cho Web UI · decoded payloads for the Web UI; keys.")
app.info.no_args_is_help = False


@app.callback(
    invoke_without_command=True,
    epilog="Ví dụ · example: ntm codec --port 8081 --origin https://temporal.example.gov.vn",
)
def codec(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng · port; 0: tự chọn.")] = 0,
    host: Annotated[
        str, typer.Option(metavar="IP", help="Nghe ở đâu · where to listen.")
    ] = "127.0.0.1",
    origin: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Trang được hỏi · a Web UI that may ask; lặp được."),
    ] = None,
) -> None:
    """Chạy máy chủ giải mã · serve `/encode` and `/decode` until it is stopped."""
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
        pages = ", ".join(sorted(access.origins)) or "không trang nào · no page"
        typer.echo(f"đang nghe · listening: {where}; trang · pages: {pages}", err=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


@app.command()
def rotate() -> None:
    """Khóa mới mã hóa, khóa cũ vẫn đọc được · a new key encrypts; the old ones still decrypt."""
    from stack import home, payload_keys
    from workflows.encryption import name_of

    at = home.locate()
    payload_keys.rotate(at)
    file = payload_keys.place(at)
    first, *rest = (name_of(key) for key in payload_keys.read(file))
    typer.echo(f"mã hóa · encrypts: {first}")
    for name in rest:
        typer.echo(f"chỉ đọc · decrypts: {name}")
    typer.echo(f"lưu bản sao · keep a copy: {file}", err=True)


def _access(host: str, origins: list[str] | None) -> Access:
    """Refuses to serve other machines without a token."""
    from office.codec_server import LOOPBACK, Access

    token = os.environ.get(TOKEN)
    if token is not None and len(token) < _SHORTEST:
        raise failures.wrong(TOKEN, "…", f"ít nhất · at least {_SHORTEST} characters")
    if host != LOOPBACK and token is None:
        raise failures.wrong("--host", host, f"{LOOPBACK}, hoặc đặt · or set {TOKEN}")
    known = origins or _own_pages()
    return Access(origins=frozenset(one.rstrip("/") for one in known), token=token)


def _own_pages() -> tuple[str, ...]:
    """The Web UI that `ntm up` started, if it did."""
    from stack import home

    running = home.remembered(home.locate())
    return running.ports.pages if running.ports and running.temporal else ()
