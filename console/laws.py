"""Rows of law on the screen: what they say, and what another version of them changes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from console import show, words
from domain.rules import Comparison, Rule
from domain.waits import Wait
from language.catalogue import tr, tr_in
from language.sentences import in_their_language

if TYPE_CHECKING:
    from rich.table import Table


def rules(found: Iterable[Rule]) -> "Table":
    """Rows as they are in force, each with its source."""
    table = show.table(tr("Rule"), tr("What it says"), tr("In force"), tr("Legal basis"), whole=[2])
    for row in found:
        until = f"–{row.valid_to:%d/%m/%Y}" if row.valid_to else "–"
        unread = "" if row.verified else tr("not verified")
        table.add_row(
            show.under(show.clean(row.name), row.family),
            show.clean(row.says),
            f"{row.valid_from:%d/%m/%Y}\n{until}",
            show.under(show.clean(in_their_language(row.source)), unread),
        )
    return table


def table(found: Comparison) -> "Table | str":
    """What is otherwise on a day: from, to, and why."""
    pair = f"{show.clean(found.before)} → {show.clean(found.after)}"
    day = f"{found.on:%d/%m/%Y}"
    on_day = tr("on {day}", day=day)
    if not found.changes:
        return tr("{pair}: nothing differs on {day}", pair=pair, day=day)
    built = show.table(
        tr("Rule"), tr_in("change", "From"), tr_in("change", "To"), tr("Why"),
        title=f"{pair} [dim]{on_day}[/]",
    )  # fmt: skip
    for change in found.changes:
        why = change.after or change.before
        built.add_row(
            show.under(show.clean(change.name), change.family),
            show.clean(change.before.says) if change.before else _gone(),
            show.clean(change.after.says) if change.after else _gone(),
            show.clean(in_their_language(why.source)) if why else "",
        )
    return built


def moved(pairs: Iterable[tuple[tuple[Wait, ...], tuple[Wait, ...]]]) -> "Table | str":
    """Whose open deadlines are otherwise afterwards; what was given to a step stays given."""
    built = show.table(tr("Waits for"), tr("Case"), tr("Due"), tr("Due then"), whole=(0, 2, 3))
    for before, after in pairs:
        was, will = ({wait.key: wait for wait in waits} for waits in (before, after))
        for key in dict.fromkeys((*was, *will)):
            old, new = was.get(key), will.get(key)
            one = new or old
            if one is None or _told(old) == _told(new):
                continue
            built.add_row(
                show.post(one.post),
                show.under(show.case(one.stream), show.word(words.TASKS, one.task)),
                _told(old),
                _told(new),
            )
    nothing = tr("open deadlines stay as they are")
    return built if built.row_count else f"[dim]{nothing}[/]"


def _told(wait: Wait | None) -> str:
    return (show.last_day(wait.due) or tr("no limit")) if wait else _gone()


def _gone() -> str:
    none = tr("none")
    return f"[dim]{none}[/]"
