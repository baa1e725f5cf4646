"""`ntm up`, `ntm down`, `ntm status`: the servers that NTM brings along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from language.catalogue import mark, tr, tr_in
from language.sentences import in_their_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from rich.table import Table

    from stack.processes import DidNotStart
    from stack.up import Part

DID_NOT_START = 3
STATES = {
    "up": mark("up"),
    "down": mark("down"),
    "external": mark("external"),
    "restored": mark("restored: ntm reconcile"),
}


def up(
    worker: Annotated[bool, typer.Option(help="Start the worker process as well.")] = True,
) -> None:
    """Start PostgreSQL, Temporal and the worker."""
    from rich.console import Console

    from stack import home
    from stack.processes import DidNotStart
    from stack.up import status as ask
    from stack.up import up as start

    at = home.locate()
    try:
        with _progress() as tell:
            start(at, worker=worker, echo=tell)
    except DidNotStart as failure:
        _explain(failure)
        raise typer.Exit(DID_NOT_START) from None
    Console().print(_table(ask(at)))


def down() -> None:
    """Stop everything that `ntm up` started; the data stay."""
    from stack import home
    from stack.up import down as stop

    with _progress() as tell:
        stop(home.locate(), echo=tell)
    typer.echo(tr("everything is down"))


def status(
    output: Annotated[
        Literal["table", "json"], typer.Option(help="The form of the answer.")
    ] = "table",
) -> None:
    """Ask each server how it is."""
    from stack import home
    from stack.up import status as ask

    at = home.locate()
    parts = (*ask(at), *_restored(at))
    if output == "json":
        typer.echo(_json(parts))
    else:
        from rich.console import Console

        Console().print(_table(parts))
        if not _is_founded(at):
            typer.echo(tr("decisions are named, not proved: ntm official found"))


def _is_founded(at: Path) -> bool:
    """Whether officials sign; where the record cannot be asked, the table says why."""
    from domain.officials import STREAM
    from stack import endpoints
    from storage import log, queries

    try:
        engine = log.engine(endpoints.database_url(at, "reader"))
        try:
            return queries.head(engine, STREAM)[0] > 0
        finally:
            engine.dispose()
    except (endpoints.NotRunning, log.Unavailable):
        return True


def _restored(at: Path) -> tuple[Part, ...]:
    """A line about the record, if it was restored to an earlier point."""
    from office import restored
    from stack import endpoints
    from stack.up import Part
    from storage import log

    try:
        engine = log.engine(endpoints.database_url(at, "reader"))
        try:
            left = restored.look(engine, at).left
        finally:
            engine.dispose()
    except (endpoints.NotRunning, log.Unavailable, log.Unreadable, OSError, ValueError):
        # What is not there is told by the lines above.
        return ()
    if left is None:
        return ()
    return (Part(name="Record", state="restored", address=f"{left} events left"),)


def _progress() -> AbstractContextManager[Callable[[str], None]]:
    """A spinner for people, plain lines for logs; both on stderr."""
    from contextlib import contextmanager

    from rich.console import Console

    console = Console(stderr=True, highlight=False)

    @contextmanager
    def spinning() -> Iterator[Callable[[str], None]]:
        if not console.is_terminal:
            yield lambda line: console.print(line, markup=False, soft_wrap=True)
            return
        with console.status("…") as spinner:
            yield spinner.update

    return spinning()


def _explain(failure: DidNotStart) -> None:
    why = in_their_language(failure.because)
    if failure.log:
        line = tr(
            "{part} did not start: {why}; see {log}", part=failure.part, why=why, log=failure.log
        )
    else:
        line = tr("{part} did not start: {why}", part=failure.part, why=why)
    typer.echo(line, err=True)
    for said in failure.last_lines():
        typer.echo(f"    {said}", err=True)


def _table(parts: tuple[Part, ...]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for title in (tr("Part"), tr_in("of a server", "State"), tr("Address"), "PID", tr("Since")):
        table.add_column(title, no_wrap=True)
    colours = {"up": "green", "down": "red", "external": "cyan", "restored": "red"}
    for part in parts:
        table.add_row(
            part.name,
            f"[{colours[part.state]}]{tr(STATES[part.state])}[/]",
            in_their_language(part.address or ""),
            str(part.pid or ""),
            part.since.astimezone().strftime("%d/%m %H:%M") if part.since else "",
        )
    return table


def _json(parts: tuple[Part, ...]) -> str:
    import json
    from dataclasses import asdict

    rows = [asdict(p) | {"since": p.since.isoformat() if p.since else None} for p in parts]
    return json.dumps(rows, indent=2, ensure_ascii=False)
