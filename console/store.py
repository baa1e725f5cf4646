"""`ntm store`: what people look at, built anew from the log or compared with it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from console import show
from console.failures import REFUSED
from console.groups import group
from console.options import Output
from console.ticking import bar
from domain.values import value
from storage.rebuild import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from stack.logins import Role

app = group("Kho sự kiện · the log, and what is folded from it.")

_SHOWN = 50


@value
class Verified:
    """What the read models show otherwise than the log says; nothing, if all is well."""

    differences: tuple[Difference, ...]


@app.callback()
def store() -> None:
    """Kho sự kiện · the log, and what is folded from it."""


@app.command()
def rebuild(output: Output = "table") -> None:
    """Dựng lại từ sự kiện · build states and inboxes anew; decisions wait until it is done."""
    from storage import policies
    from storage import rebuild as again

    with _engine("recorder") as engine, bar("sự kiện · events") as tell:
        done = again.rebuild(engine, policies.load(), tell)
    if output == "json":
        show.json(done)
        return
    typer.echo(
        f"đã dựng lại · rebuilt: {done.streams} streams and {done.waits} waits"
        f" from {done.events} events"
    )
    if done.messages_added:
        typer.echo(f"thông báo thiếu đã bổ sung · missing messages added: {done.messages_added}")


@app.command()
def verify(output: Output = "table") -> None:
    """Đối chiếu với sự kiện · compare what is shown with the log; exit status 1 if it differs."""
    from storage import policies
    from storage import rebuild as again

    with _engine("reader") as engine, bar("sự kiện · events") as tell:
        found = again.differences(engine, policies.load(), tell)
    if output == "json":
        show.json(Verified(differences=found))
    else:
        _tell(found)
    if found:
        raise typer.Exit(REFUSED)


def _tell(found: tuple[Difference, ...]) -> None:
    if not found:
        typer.echo("khớp với sự kiện · every row is what the log says")
        return
    for one in found[:_SHOWN]:
        typer.echo(show.plain(f"{one.table}: {one.row}: {one.what}"))
    if len(found) > _SHOWN:
        typer.echo(f"và · and {len(found) - _SHOWN} more: --output json")
    typer.echo("sửa bằng · put right by: ntm store rebuild", err=True)


@contextmanager
def _engine(role: Role) -> Iterator[Engine]:
    from stack import endpoints, home
    from storage import log

    engine = log.engine(endpoints.database_url(home.locate(), role))
    try:
        yield engine
    finally:
        engine.dispose()
