"""`ntm unit`: units that are no more, their heirs, and what passes to whom on a day to come."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from console import show, words
from console.failures import REFUSED
from console.groups import group
from console.helping import example
from console.options import Output, calendar_day
from console.sending import open_session
from domain.calendar import HANOI, local_day
from domain.cover import Cover
from domain.law import Succession
from domain.registry import Stand
from domain.values import value
from language.catalogue import mark, plural, tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from rich.table import Table

_SHOWN = 3
_UNKNOWN = mark("unknown")
_NOBODY = mark("NOBODY")

app = group("Units and their heirs.")


@value
class Preview:
    """What would be another's on a day, and what would then be nobody's, by each case's law."""

    on: date
    passes: tuple[Cover, ...]
    vacant: tuple[Cover, ...]


@app.command("list", epilog=example("ntm unit list"))
def units(output: Output = "table") -> None:
    """Units that are no more, and who inherits their duties."""
    from storage import policies

    rows = policies.load().successions
    if output == "json":
        show.json(rows, tuple[Succession, ...])
        return
    table = show.table(tr("Unit"), tr("Heir"), tr("From"), tr("Source"), whole=[0, 1, 2])
    for row in rows:
        role = f"{row.role}@" if row.role else ""
        heir = f"{row.to_role}@" if row.to_role else role
        table.add_row(
            show.clean(f"{role}{row.unit}"),
            show.clean(f"{heir}{row.to_unit}"),
            f"{row.valid_from:%d/%m/%Y}",
            show.under(
                show.clean(in_their_language(row.source)),
                "" if row.verified else tr("not verified"),
            ),
        )
    show.screen().print(table)


@app.command(epilog=example("ntm unit preview --on 2025-07-01"))
def preview(
    on: Annotated[date, typer.Option(parser=calendar_day, metavar="DATE", help="On which day.")],
    output: Output = "table",
) -> None:
    """Who takes over what on a day to come, and what nobody does."""
    from office import cover

    with open_session() as session:
        at = datetime.combine(on, time(12), HANOI)
        now = {_name(one): one.holder for one in cover.covers(session.engine, session.now)}
        then = cover.covers(session.engine, at)
    found = Preview(
        on=on,
        passes=tuple(one for one in then if one.holder != now.get(_name(one))),
        vacant=tuple(one for one in then if one.is_vacant),
    )
    if output == "json":
        show.json(found)
    else:
        _print(found, local_day(session.now))
    if found.vacant:
        raise typer.Exit(REFUSED)


def _name(one: Cover) -> tuple[str, str]:
    return one.wait.stream, one.wait.key


def _print(found: Preview, today: date) -> None:
    screen = show.screen()
    shown = dict.fromkeys((*found.passes, *found.vacant))
    if shown:
        screen.print(_table(tuple(shown)))
    passes = plural(
        "{n} thing passes to another post", "{n} things pass to another post", len(found.passes)
    )
    screen.print(f"[dim]{today:%d/%m/%Y} → {found.on:%d/%m/%Y}:[/] {passes}, {_nobodys(found)}")


def _nobodys(found: Preview) -> str:
    if found.vacant:
        vacant = tr("{n} with nobody", n=len(found.vacant))
        return f"[bold red]{vacant}[/]"
    unknown = any(one.free is None for one in found.passes)
    return tr("no registry of officials yet") if unknown else tr("none with nobody")


def _table(covers: tuple[Cover, ...]) -> "Table":
    table = show.table(tr("Case"), tr("What"), tr("From → to"), tr("Who"), whole=[0])
    for one in covers:
        passes = one.holder != one.wait.post
        arrow = f"→ {show.clean(one.holder)}" if passes else ""
        table.add_row(
            show.case(one.wait.stream),
            show.word(words.TASKS, one.wait.task),
            show.clean(one.wait.post) + (f"\n{arrow}" if arrow else ""),
            _who(one),
        )
    return table


def _who(one: Cover) -> str:
    if one.free is None:
        return f"[dim]{tr(_UNKNOWN)}[/]"
    if not one.free:
        return f"[bold red]{tr(_NOBODY)}[/]"
    named = (_named(stand) for stand in one.free[:_SHOWN])
    more = f" +{len(one.free) - _SHOWN}" if len(one.free) > _SHOWN else ""
    return show.clean(", ".join(named) + more)


def _named(stand: Stand) -> str:
    if stand.on_behalf_of is None:
        return stand.official
    return tr("{official} for {giver}", official=stand.official, giver=stand.on_behalf_of)
