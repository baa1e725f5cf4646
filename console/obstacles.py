"""`ntm clearance obstacle` and `obstacles`: what stands in the way, whose it is, and since when."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from console import show, words
from console.groups import group
from console.helping import example
from console.looking import listed, looking
from console.options import InSite, Listing, Reason, case_code, code, post
from console.sending import Wanted, deciding, open_session
from domain.calendar import local_day
from domain.clearance import Clearing, watch
from domain.obstacles import Blocks, Obstacle, ReassignObstacle, RecordObstacle, RemoveObstacle
from domain.stall import next_rung
from domain.streams import clearance_stream
from domain.travel import View
from domain.values import CaseCode, Cause, ObstacleId, Post, StreamId, UtilityId, value
from language.catalogue import pick, plural, tr

if TYPE_CHECKING:
    from rich.table import Table

    from storage.queries import Standing
    from storage.travel import Picture

app = group("What stands in the way of a section, and whose it is to remove.")

Name = Annotated[str, typer.Argument(parser=code, metavar="NAME", help="Code of the obstacle: V1.")]


@value
class Next:
    """The rung that the section reaches at `at` if nothing moves."""

    level: int
    name: str
    name_vi: str
    at: datetime


@value
class Line:
    """One obstacle of a section; `late` says that its owner's limit has run out."""

    stream: StreamId
    name: ObstacleId
    obstacle: Obstacle
    age_working_days: int
    late: bool
    next_rung: Next | None


@app.command(
    epilog=example(
        "ntm clearance obstacle record AD01-GT/T2 V1 power-line-mv --utility DT1"
        " --as investor@an-duong"
    )
)
@deciding
def record(
    site: InSite,
    name: Name,
    cause: Annotated[Cause, typer.Argument(help="Its cause.")],
    case: Annotated[
        list[CaseCode] | None,
        typer.Option(parser=case_code, metavar="CASE", help="A household that it holds up."),
    ] = None,
    utility: Annotated[
        list[str] | None,
        typer.Option(parser=code, metavar="NAME", help="A power line that it is about."),
    ] = None,
    works: Annotated[bool, typer.Option("--works", help="It holds up the works.")] = False,
) -> Wanted:
    """Record an obstacle; the law names who must remove it."""
    blocks = Blocks(
        cases=tuple(case or ()), utilities=tuple(map(UtilityId, utility or ())), works=works
    )
    command = RecordObstacle(obstacle=ObstacleId(name), cause=cause, blocks=blocks)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@app.command(
    epilog=example(
        "ntm clearance obstacle reassign AD01-GT/T2 V1 --to chair@an-duong"
        " --reason 'đường điện của huyện' --as agriculture@hai-phong"
    )
)
@deciding
def reassign(
    site: InSite,
    name: Name,
    owner: Annotated[
        Post,
        typer.Option("--to", parser=post, metavar="ROLE@UNIT", help="Who is to remove it now."),
    ],
    reason: Reason,
) -> Wanted:
    """Give an obstacle to another post."""
    command = ReassignObstacle(obstacle=ObstacleId(name), owner=owner, reason=reason)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@app.command(
    epilog=example(
        "ntm clearance obstacle remove AD01-GT/T2 V1 --how 'đã di chuyển cột'"
        " --document '05/BB;2024-05-06;UBND xã' --as officer@xa-ad-01"
    )
)
@deciding
def remove(
    site: InSite,
    name: Name,
    how: Annotated[str, typer.Option(metavar="TEXT", help="How it was removed.")],
) -> Wanted:
    """Record that an obstacle is gone, and by which --document."""
    command = RemoveObstacle(obstacle=ObstacleId(name), how=how)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@looking
def obstacles(
    *,
    view: View,
    cause: Annotated[Cause | None, typer.Option(help="Only those with this cause.")] = None,
    owner: Annotated[
        Post | None,
        typer.Option(parser=post, metavar="ROLE@UNIT", help="Only what this post is to remove."),
    ] = None,
    older_than: Annotated[
        int,
        typer.Option(min=0, metavar="DAYS", help="Only those that are so many working days old."),
    ] = 0,
    question: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only those that wait for this policy question."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Removed ones, too.")] = False,
    output: Listing = "table",
) -> None:
    """Obstacles of all projects, by cause, the oldest first."""
    with open_session() as session:
        picture = session.picture(view)
        lines = tuple(
            line
            for line in sorted(every(picture), key=_order)
            if (everything or line.obstacle.removed_at is None)
            and cause in (None, line.obstacle.cause)
            and owner in (None, line.obstacle.owner)
            and line.age_working_days >= older_than
            and question in (None, _question(line.obstacle))
        )
    counted = plural("obstacle", "obstacles", len(lines))
    listed(picture, lines, tuple[Line, ...], output, partial(table, of_many=True), counted)


def of_section(picture: "Picture", standing: "Standing") -> Iterator[Line]:
    """A section's obstacles, removed ones too."""
    state = standing.state
    assert isinstance(state, Clearing)
    policy = picture.law(state.policy)
    reached = next_rung(state.stall, watch(state, policy), policy) if standing.is_open else None
    following = (
        Next(
            level=reached.rung.level,
            name=reached.rung.name,
            name_vi=reached.rung.name_vi,
            at=reached.at,
        )
        if reached
        else None
    )
    for name, obstacle in state.ground.obstacles.items():
        stands = obstacle.removed_at is None
        # Who waits for the city's answer is not late.
        limit = obstacle.due if stands and obstacle.referral is None else None
        yield Line(
            stream=standing.stream,
            name=name,
            obstacle=obstacle,
            age_working_days=obstacle.age(local_day(picture.now), policy.calendar),
            late=limit is not None and limit.at <= picture.now,
            next_rung=following if stands else None,
        )


def table(lines: tuple[Line, ...], *, of_many: bool = False) -> "Table":
    """Cause, owner, age, limit, and what it waits for or how it went."""
    built = show.table(
        tr("Obstacle"),
        tr("Cause"),
        tr("Owner"),
        tr("Since, due"),
        tr("Removed"),
        whole=[0, 2, 3] if of_many else [2, 3],
    )
    for line in lines:
        obstacle = line.obstacle
        place = line.stream.removeprefix("clearance/") if of_many else _blocked(obstacle)
        built.add_row(
            show.under(show.clean(line.name), show.clean(place)),
            show.word(words.CAUSES, obstacle.cause),
            show.post(obstacle.owner),
            show.under(show.day(obstacle.since), _age(line)),
            _fate(line),
        )
    return built


def every(picture: "Picture") -> Iterator[Line]:
    """Obstacles of every section, removed ones too."""
    for standing in picture.standings("clearance"):
        if isinstance(standing.state, Clearing):
            yield from of_section(picture, standing)


def _order(line: Line) -> tuple[str, datetime, StreamId, ObstacleId]:
    return (line.obstacle.cause, line.obstacle.since, line.stream, line.name)


def _question(obstacle: Obstacle) -> str | None:
    return obstacle.referral.question if obstacle.referral else None


def _blocked(obstacle: Obstacle) -> str:
    blocks = obstacle.blocks
    works = (tr("the works"),) if blocks.works else ()
    return ", ".join((*blocks.cases, *blocks.utilities, *works)) or tr("the whole section")


def _age(line: Line) -> str:
    days = plural("{n} day", "{n} days", line.age_working_days)
    return show.under(days, _due(line))


def _due(line: Line) -> str:
    if line.obstacle.due is None:
        return ""
    day = tr("due {day}", day=show.last_day(line.obstacle.due.at))
    return show.under(day, f"[bold red]{tr('OVERDUE')}[/]") if line.late else day


def _fate(line: Line) -> str:
    obstacle = line.obstacle
    if obstacle.removed_at is not None:
        # What a decision funds is removed by the name of its payer, which may be a code of ours.
        how = words.said(words.PAYERS, obstacle.how)
        how = ", ".join(filter(None, (obstacle.document, how)))
        return show.under(show.day(obstacle.removed_at), show.clean(how))
    if obstacle.referral is not None:
        return show.under(tr("waits for"), show.clean(obstacle.referral.question))
    if obstacle.answer is not None:
        answer = words.said(words.OUTCOMES, obstacle.answer.directive.outcome)
        return show.under(show.clean(obstacle.answer.document), answer)
    if line.next_rung is not None:
        name = pick((line.next_rung.name_vi, line.next_rung.name))
        rung = show.clean(f"{line.next_rung.level}. {name}")
        return show.under(tr("not yet"), f"{show.last_day(line.next_rung.at)} {rung}")
    return tr("not yet")
