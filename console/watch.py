"""`ntm watch`: the programme live in a terminal, until Ctrl-C."""

import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import budget, dashboard, inbox, show
from console.budget import Programme
from console.chronicle import Line as News
from console.dashboard import Dashboard
from console.options import MaybeAs
from console.sending import check_post, open_session
from domain import curve
from domain.clearance import Clearing
from domain.phase import Phase, phase
from domain.project import Registered
from domain.travel import NOW
from domain.values import Extent, Post, value
from language.catalogue import tr

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy import Engine

    from office.session import Session
    from storage.travel import Picture

_NEWEST = 60
_MOST = 60


@value
class _Asked:
    """Whose waits are watched, and which programme's money."""

    post: Post | None
    programme: str | None


def watch(
    *,
    by: MaybeAs = None,
    once: Annotated[bool, typer.Option("--once", help="One frame, then stop.")] = False,
    every: Annotated[
        int,
        typer.Option(
            min=1, max=_MOST, metavar="SECONDS", help="How often to look for something new."
        ),
    ] = 1,
    programme: Programme = None,
) -> None:
    """Watch projects, money, waits, escalations and news as they move."""
    with open_session() as session:
        if by is not None:
            check_post(session, by)
        asked = _Asked(post=by, programme=programme)
        screen = show.screen()
        if once or not sys.stdout.isatty():
            # Nobody sits there: one frame is all that could be read.
            seen = _read(session.engine, asked)
            screen.print(dashboard.frame(seen, screen.width, screen.height))
            return
        _follow(session, asked, screen, every)


def _follow(session: "Session", asked: _Asked, screen: "Console", every: int) -> None:
    """Draw again whenever the log has grown, the terminal has another size, or a minute is over."""
    from rich.live import Live

    from storage import log, queries

    seen, read_at, drawn = _read(session.engine, asked), _minute(), None
    try:
        with Live(console=screen, screen=True, auto_refresh=False) as live:
            while True:
                said = f"[green]● {tr('live')}[/], {tr('Ctrl-C ends it')}"
                try:
                    position = queries.last_position(session.engine)
                    if (position, _minute()) != (seen.position, read_at):
                        seen, read_at = _read(session.engine, asked), _minute()
                except log.Unavailable:
                    said = f"[bold red]{tr('PostgreSQL does not answer; trying again')}[/]"
                shows = (seen, screen.size, said)
                if shows != drawn:
                    live.update(dashboard.frame(seen, *screen.size, said), refresh=True)
                    drawn = shows
                time.sleep(every)
    except KeyboardInterrupt:
        # It is how one leaves; there is nothing to say about it.
        return


def _minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


def _read(engine: "Engine", asked: _Asked) -> Dashboard:
    from storage import queries
    from storage.travel import Picture

    position = queries.last_position(engine)
    picture = Picture(engine, NOW, queries.clock(engine).now(datetime.now(UTC)))
    phases = Counter(
        phase(standing.state)
        for standing in picture.standings("project")
        if isinstance(standing.state, Registered)
    )
    return Dashboard(
        now=picture.now,
        position=position,
        post=asked.post,
        phases={one: phases[one] for one in Phase},
        money=_money(picture, asked.programme),
        waits=inbox.read(picture, asked.post).waits,
        rungs=_rungs(picture),
        news=tuple(
            News(position=entry.position, recorded_at=entry.recorded_at, fact=entry.fact)
            for entry in queries.newest(engine, _NEWEST)
        ),
    )


def _money(picture: "Picture", programme: str | None) -> dashboard.Money | None:
    """The newest year that has a plan; nothing before there is one."""
    if programme is None and not picture.standings("programme"):
        return None
    found = budget.read(picture, programme, None)
    if found is None or not found.plan.version:
        return None
    paid = budget.paid(picture, found)
    points = curve.curve(found.capital, paid, found.year, found.day)
    month = curve.month_of(found.day)
    return dashboard.Money(
        year=found.year,
        disbursed=found.capital.disbursed,
        allocated=found.capital.allocated,
        planned=next((point.planned for point in points if point.by == month), None),
        points=points,
    )


def _rungs(picture: "Picture") -> dashboard.Rungs:
    levels: Counter[int] = Counter()
    letters: Counter[int] = Counter()
    overdue = sections = 0
    for standing in picture.standings("clearance"):
        state = standing.state
        if not isinstance(state, Clearing) or state.released is Extent.FULL:
            continue
        sections += 1
        levels[state.stall.level] += 1
        for letter in state.stall.escalations.values():
            if letter.answered_at is None:
                letters[letter.level] += 1
                overdue += letter.answer_due.at <= picture.now
    return dashboard.rungs_of(levels, letters, overdue, sections)
