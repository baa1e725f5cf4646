"""Bars and spinners on stderr, for whoever sits there; a log and a program see nothing of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Tell: TypeAlias = Callable[[int, int], None]
"""Told how much is done, and of how much."""

_OFTEN = 200
"""Into so many steps a bar is drawn, so that drawing it costs nothing."""


@contextmanager
def bar(what: str) -> Iterator[Tell]:
    """A bar for work that is counted."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task(what, total=None)

        def tell(done: int, of: int) -> None:
            if done == of or done % max(1, of // _OFTEN) == 0:
                bars.update(task, completed=done, total=of)

        yield tell


@contextmanager
def spinner(what: str) -> Iterator[None]:
    """A spinner for work of which nobody knows how much is left."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
