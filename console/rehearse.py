"""`ntm rehearse`: practise by another calendar, and let days pass in a moment."""

from datetime import UTC, date, datetime, time
from typing import Annotated

import typer

from console import show
from console.failures import UNREACHABLE, wrong
from console.options import Output, calendar_day
from console.sending import open_session
from domain.calendar import HANOI
from language.catalogue import tr

_OPENS = time(8)


def rehearse(
    day: Annotated[
        date, typer.Argument(parser=calendar_day, metavar="DATE", help="A day: 2024-03-04.")
    ],
    output: Output = "table",
) -> None:
    """Set the calendar of an empty home, and then let days pass in it.

    Example: ntm rehearse 2024-03-04; and then: ntm rehearse 2024-03-26
    """
    from office import rehearsal
    from storage import policies

    covered = policies.load().calendar
    if not covered.first <= day <= covered.last:
        reach = tr(
            "the calendar reaches from {first} to {last}", first=covered.first, last=covered.last
        )
        raise wrong("DATE", day.isoformat(), reach)
    moment = datetime.combine(day, _OPENS, HANOI)
    with open_session() as session:
        rehearsal.check(session.engine, moment, datetime.now(UTC))
        with session.recorder() as engine:
            found = session.talk(lambda client: rehearsal.move(client, engine, moment))
    if output == "json":
        show.json(found)
    else:
        typer.echo(tr("a rehearsal, in which it is now {moment}", moment=show.minute(found.now)))
        for stream in found.unheard:
            typer.echo(f"✗ {show.plain(stream)}: {tr('its deadline has not rung yet')}")
    if found.unheard:
        raise typer.Exit(UNREACHABLE)
