"""Rows of law on the screen: what they say, and what another version of them changes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from console import show, words
from domain.rules import Comparison, Rule
from domain.waits import Wait

if TYPE_CHECKING:
    from rich.table import Table

_GONE = "[dim]không có · none[/]"


def rules(found: Iterable[Rule]) -> "Table":
    """Rows as they are in force, each with its source."""
    table = show.table(
        "Quy định · rule", "Nội dung · what it says", "Hiệu lực · in force", "Căn cứ · source",
        whole=[2],
    )  # fmt: skip
    for row in found:
        until = f"–{row.valid_to:%d/%m/%Y}" if row.valid_to else "–"
        unread = "" if row.verified else "chưa kiểm chứng · not verified"
        table.add_row(
            show.under(show.clean(row.name), row.family),
            show.clean(row.says),
            f"{row.valid_from:%d/%m/%Y}\n{until}",
            show.under(show.clean(row.source), unread),
        )
    return table


def table(found: Comparison) -> "Table | str":
    """What is otherwise on a day: from, to, and why."""
    pair = f"{show.clean(found.before)} → {show.clean(found.after)}"
    if not found.changes:
        return f"{pair}: ngày · on {found.on:%d/%m/%Y} không khác gì · nothing differs"
    built = show.table(
        "Quy định · rule", "Từ · from", "Sang · to", "Vì · why",
        title=f"{pair} [dim]ngày · on {found.on:%d/%m/%Y}[/]",
    )  # fmt: skip
    for change in found.changes:
        why = change.after or change.before
        built.add_row(
            show.under(show.clean(change.name), change.family),
            show.clean(change.before.says) if change.before else _GONE,
            show.clean(change.after.says) if change.after else _GONE,
            show.clean(why.source) if why else "",
        )
    return built


def moved(pairs: Iterable[tuple[tuple[Wait, ...], tuple[Wait, ...]]]) -> "Table | str":
    """Whose open deadlines are otherwise afterwards; what was given to a step stays given."""
    built = show.table(
        "Đang chờ · waits for", "Hồ sơ · case", "Hạn từ · due from", "Sang · to", whole=(0, 2, 3)
    )
    for before, after in pairs:
        was, will = ({wait.key: wait for wait in waits} for waits in (before, after))
        for key in dict.fromkeys((*was, *will)):
            old, new = was.get(key), will.get(key)
            one = new or old
            if one is None or _told(old) == _told(new):
                continue
            built.add_row(
                show.post(one.post),
                show.under(show.case(one.stream), show.clean(words.said(words.TASKS, one.task))),
                _told(old),
                _told(new),
            )
    return built if built.row_count else "[dim]hạn đang mở giữ nguyên · open deadlines stay[/]"


def _told(wait: Wait | None) -> str:
    return (show.last_day(wait.due) or "không hạn · no limit") if wait else _GONE
