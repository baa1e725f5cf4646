"""What is shown stays on the screen and follows the record, until Ctrl-C ends it."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import typer

from console import show

if TYPE_CHECKING:
    from rich.console import RenderableType
    from sqlalchemy import Engine

_Found = TypeVar("_Found")

_LOOKS = 1.0
"""Seconds between two looks at the end of the log, which cost one row of an index each."""
_GROWS_OLD = 60.0
"""Seconds after which what is shown is worked out anew: days are left, though nothing happens."""


def watch(
    engine: "Engine",
    read: Callable[[], _Found],
    output: str,
    draw: "Callable[[_Found], Iterable[RenderableType]]",
) -> None:
    """Show it whenever the record has moved; as JSON, one line each time."""
    with suppress(KeyboardInterrupt):
        if output == "json":
            from pydantic import TypeAdapter

            for found in _changes(engine, read):
                typer.echo(TypeAdapter(type(found)).dump_json(found).decode())
            return
        screen = show.screen()
        if not screen.is_terminal or screen.is_dumb_terminal:
            for found in _changes(engine, read):
                screen.print(*draw(found), sep="\n")
            return
        from rich.console import Group
        from rich.live import Live

        with Live(console=screen, auto_refresh=False) as live:
            for found in _changes(engine, read):
                live.update(Group(*draw(found)), refresh=True)


def _changes(engine: "Engine", read: Callable[[], _Found]) -> Iterator[_Found]:
    from storage import queries

    seen, looked = -1, 0.0
    while True:
        last = queries.last_position(engine)
        if last != seen or time.monotonic() - looked > _GROWS_OLD:
            seen, looked = last, time.monotonic()
            yield read()
        time.sleep(_LOOKS)
