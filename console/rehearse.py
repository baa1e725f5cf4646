"""`ntm rehearse`: practise by another calendar, and let days pass in a moment."""

from datetime import UTC, date, datetime, time
from typing import Annotated

import typer

from console import show
from console.failures import UNREACHABLE, wrong
from console.options import Output, calendar_day
from console.sending import open_session
from domain.calendar import HANOI

_OPENS = time(8)


def rehearse(
    day: Annotated[
        date, typer.Argument(parser=calendar_day, metavar="DATE", help="Ngày · day: 2024-03-04.")
    ],
    output: Output = "table",
) -> None:
    """Tập dượt theo lịch khác · set the calendar of an empty home, then let days pass.

    Ví dụ · example: ntm rehearse 2024-03-04; rồi · and then: ntm rehearse 2024-03-26
    """
    from office import rehearsal
    from storage import policies

    covered = policies.load().calendar
    if not covered.first <= day <= covered.last:
        raise wrong("DATE", day.isoformat(), f"lịch · calendar: {covered.first} – {covered.last}")
    moment = datetime.combine(day, _OPENS, HANOI)
    with open_session() as session:
        rehearsal.check(session.engine, moment, datetime.now(UTC))
        with session.recorder() as engine:
            found = session.talk(lambda client: rehearsal.move(client, engine, moment))
    if output == "json":
        show.json(found)
    else:
        typer.echo(f"tập dượt, hôm nay là · rehearsal, today is {show.minute(found.now)}")
        for stream in found.unheard:
            said = "chưa báo hết hạn · its deadline has not rung yet"
            typer.echo(f"✗ {show.plain(stream)}: {said}")
    if found.unheard:
        raise typer.Exit(UNREACHABLE)
