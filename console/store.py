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
from language.catalogue import tr
from language.numerals import grouped
from storage.rebuild import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from stack.logins import Role

app = group("The log, and what is folded from it.")

_SHOWN = 50
_ALL = "ntm store verify --output json"


@value
class Verified:
    """What the read models show otherwise than the log says; nothing, if all is well."""

    differences: tuple[Difference, ...]


@app.callback()
def store() -> None:
    """The log, and what is folded from it."""


@app.command()
def rebuild(output: Output = "table") -> None:
    """Build states and inboxes anew; decisions wait until it is done."""
    from storage import policies
    from storage import rebuild as again

    with _engine("recorder") as engine, bar(tr("events")) as tell:
        done = again.rebuild(engine, policies.load(), tell)
    if output == "json":
        show.json(done)
        return
    typer.echo(
        tr(
            "rebuilt: streams {streams}, waits {waits}, from events {events}",
            streams=grouped(done.streams),
            waits=grouped(done.waits),
            events=grouped(done.events),
        )
    )
    if done.messages_added:
        typer.echo(tr("missing messages added: {n}", n=grouped(done.messages_added)))


@app.command()
def verify(output: Output = "table") -> None:
    """Compare what is shown with the log; exit status 1 if it differs."""
    from storage import policies
    from storage import rebuild as again

    with _engine("reader") as engine, bar(tr("events")) as tell:
        found = again.differences(engine, policies.load(), tell)
    if output == "json":
        show.json(Verified(differences=found))
    else:
        _tell(found)
    if found:
        raise typer.Exit(REFUSED)


def _tell(found: tuple[Difference, ...]) -> None:
    if not found:
        typer.echo(tr("every row is what the log says"))
        return
    for one in found[:_SHOWN]:
        typer.echo(show.plain(f"{one.table}: {one.row}: {one.what}"))
    if len(found) > _SHOWN:
        more = grouped(len(found) - _SHOWN)
        typer.echo(tr("and {n} more: {command}", n=more, command=_ALL))
    typer.echo(tr("put it right by: ntm store rebuild"), err=True)


@contextmanager
def _engine(role: Role) -> Iterator[Engine]:
    from stack import endpoints, home
    from storage import log

    engine = log.engine(endpoints.database_url(home.locate(), role))
    try:
        yield engine
    finally:
        engine.dispose()
