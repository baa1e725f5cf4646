"""What a case waits for, as a table: the same wait of one post on one case stands there once."""

from typing import TYPE_CHECKING

from console import show, words
from domain.values import Post, StreamId
from domain.waits import Task, Wait
from language.catalogue import tr

if TYPE_CHECKING:
    from rich.table import Table


def table(waits: tuple[Wait, ...]) -> "Table":
    """Whom a case waits for, what for, since when and until when."""
    built = show.table(
        tr("Waits for"), tr("What"), tr("Case"), tr("Since"), tr("Due"), whole=[0, 2, 3, 4]
    )
    groups: dict[tuple[Post, Task, StreamId], list[Wait]] = {}
    for wait in waits:
        groups.setdefault((wait.post, wait.task, wait.stream), []).append(wait)
    for (post, task, stream), alike in groups.items():
        count = sum(wait.count for wait in alike)
        times = f" ×{count}" if count > 1 else ""
        built.add_row(
            show.post(post),
            f"{show.word(words.TASKS, task)}{times}",
            show.case(stream),
            show.day(min(wait.since for wait in alike)),
            show.last_day(min((wait.due for wait in alike if wait.due), default=None)),
        )
    return built
