"""`ntm inbox`: what waits for a post, since when, until when, and what happens if ignored."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from console import about, completing, show, watching, words
from console.failures import absent
from console.looking import head, looking, mention, spread
from console.options import Listing, code
from console.options import post as read_post
from console.sending import check_post, open_session
from domain import officials
from domain.calendar import Calendar, local_day
from domain.cover import Cover, lets
from domain.registry import Registry
from domain.streams import DecisionRefused
from domain.travel import View
from domain.values import DelegationId, Document, OfficialId, Post, Role, StreamId, value
from domain.waits import Wait
from language.catalogue import mark, plural, tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from domain.policy import Policy
    from storage.travel import Picture

_INSTANT = timedelta(microseconds=1)
_ANOTHER = mark("another person has to")
_NO_LIMIT = mark("no limit")


@value
class Row:
    """One wait; working days are left until its last day, negative once it is overdue.

    `heir` is who holds the post's duties since its unit is no more; `papers` are the newest that
    decisions on the case cite. In an official's inbox `on_behalf_of` is for whom the official
    stands in, and `barred` says that another has to do it.
    """

    wait: Wait
    overdue: bool
    working_days_left: int | None
    heir: Post | None = None
    on_behalf_of: OfficialId | None = None
    delegation: DelegationId | None = None
    barred: bool = False
    papers: tuple[Document, ...] = ()


@value
class RefusedRow:
    """A decision that was sent without waiting, and refused."""

    stream: StreamId
    at: datetime
    refused: DecisionRefused


@value
class Inbox:
    now: datetime
    post: Post | None
    waits: tuple[Row, ...]
    refused: tuple[RefusedRow, ...]
    official: OfficialId | None = None
    vacant: tuple[Cover, ...] = ()


@value
class Whose:
    """A post, or a person with all posts."""

    post: Post | None = None
    official: OfficialId | None = None


def _whose(text: str) -> Whose:
    if "@" in text:
        return Whose(post=read_post(text))
    return Whose(official=OfficialId(code(text)))


@looking
def inbox(
    *,
    view: View,
    by: Annotated[
        Whose | None,
        typer.Option(
            "--as",
            parser=_whose,
            autocompletion=completing.posts,
            metavar="ROLE@UNIT|OFFICIAL",
            envvar="NTM_POST",
            help="Whose: chair@an-duong, CB-0017.",
        ),
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Of every post.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and show what changes; Ctrl-C ends it.")
    ] = False,
    output: Listing = "table",
) -> None:
    """What waits for a post, the most urgent first."""
    if by is None and not everybody:
        raise typer.BadParameter(tr("say whose: --as chair@an-duong, or --all"), param_hint="--as")
    if watch and not view.is_now:
        raise typer.BadParameter(tr("only what waits now can be watched"), param_hint="--watch")
    with open_session() as session:
        if by is not None and by.post is not None:
            check_post(session, by.post)
        whose = None if everybody else by
        if watch:
            watching.watch(
                session.engine, lambda: _read(session.picture_now(), whose), output, _drawn
            )
            return
        picture = session.picture(view)
        found = _read(picture, whose)
    mention(picture)
    if output == "json":
        show.json(found)
    elif output != "table":
        spread(picture, found.waits, Row, output)
    else:
        head(picture)
        _print(found)


def _read(picture: "Picture", whose: Whose | None) -> Inbox:
    if whose is not None and whose.official is not None:
        return of_official(picture, whose.official)
    return read(picture, whose.post if whose else None)


def read(picture: "Picture", post: Post | None) -> Inbox:
    """The inbox of a post, or of everybody."""
    from storage import policies

    policy, today = policies.load(), local_day(picture.now)
    posts = policy.inherited(post, today) if post else ()
    waits = picture.inbox(post)
    if len(posts) > 1:
        waits = tuple(wait for wait in picture.inbox() if wait.post in posts)
    refused = picture.refusals(post) if post else ()
    return Inbox(
        now=picture.now,
        post=post,
        waits=_with_papers(picture, (_row(wait, picture.now, policy) for wait in waits)),
        refused=tuple(
            RefusedRow(stream=row.stream, at=row.at, refused=row.refused) for row in refused
        ),
        vacant=_vacant(picture) if post in (None, *_told_of_vacancies(policy)) else (),
    )


def of_official(picture: "Picture", official: OfficialId) -> Inbox:
    """What waits for a person: for the posts held, and for those the person stands in for."""
    from storage import policies

    standing = picture.standing(officials.STREAM)
    registry = standing.state if standing else None
    if not isinstance(registry, Registry) or official not in registry.officials:
        raise absent("--as", official, tr("see `ntm official list`"))
    policy, today, every = policies.load(), local_day(picture.now), picture.inbox()
    rows = []
    for wait in every:
        for stand, grant in registry.powers(wait.post, picture.now, policy):
            if stand.official != official or (grant and not lets(grant.scope, wait)):
                continue
            row = _row(wait, picture.now, policy)
            barred = not {official, stand.on_behalf_of}.isdisjoint(wait.barred)
            name = grant.delegation if grant else None
            rows.append(
                replace(row, on_behalf_of=stand.on_behalf_of, delegation=name, barred=barred)
            )
            break
    own = [held.post for held in registry.officials[official].appointments if held.runs(today)]
    refused = [row for post in dict.fromkeys(own) for row in picture.refusals(post)]
    return Inbox(
        now=picture.now,
        post=None,
        official=official,
        waits=_with_papers(picture, rows),
        refused=tuple(
            RefusedRow(stream=row.stream, at=row.at, refused=row.refused) for row in refused
        ),
    )


def _with_papers(picture: "Picture", rows: Iterable[Row]) -> tuple[Row, ...]:
    from storage import papers

    found = tuple(rows)
    cited = papers.newest(picture, {row.wait.stream for row in found})
    return tuple(replace(row, papers=cited.get(row.wait.stream, ())) for row in found)


def _told_of_vacancies(policy: "Policy") -> tuple[Post, ...]:
    """Who can do something about it: the registrars, and the office that runs the programme."""
    return tuple(Post(role=role, unit=policy.seat) for role in (Role.REGISTRAR, Role.AGRICULTURE))


def _vacant(picture: "Picture") -> "tuple[Cover, ...]":
    from office import cover

    return cover.vacant(picture.engine, picture.now) if picture.view.is_now else ()


def days_left(due: datetime | None, now: datetime, calendar: Calendar | None) -> int | None:
    """Working days from today to the last day of a limit; negative once it has passed."""
    if due is None or calendar is None:
        return None
    today, last = local_day(now), local_day(due - _INSTANT)
    try:
        if last < today:
            return -max(calendar.working_days_between(last, today), 1)
        return calendar.working_days_between(today, last)
    except ValueError:
        # Beyond the years that the calendar covers nothing is counted.
        return None


def left(row: Row) -> str:
    """How urgent a wait is, in words."""
    days = row.working_days_left
    if row.overdue:
        return plural("{n} DAY LATE", "{n} DAYS LATE", -days) if days else tr("OVERDUE")
    if days is None:
        return ""
    return tr("today") if days == 0 else plural("{n} day left", "{n} days left", days)


def _row(wait: Wait, now: datetime, policy: "Policy") -> Row:
    heir = policy.successor(wait.post, local_day(now))
    return Row(
        wait=wait,
        overdue=wait.due is not None and wait.due <= now,
        working_days_left=days_left(wait.due, now, policy.calendar),
        heir=heir if heir != wait.post else None,
    )


def _print(found: Inbox) -> None:
    screen = show.screen()
    for part in _drawn(found):
        screen.print(part)


def _drawn(found: Inbox) -> "Iterator[RenderableType]":
    if found.official:
        yield f"[bold]{show.clean(found.official)}[/]"
    heads = dict.fromkeys((row.wait.post, row.on_behalf_of) for row in found.waits)
    for post, behalf in sorted(heads, key=str):
        rows = [row for row in found.waits if (row.wait.post, row.on_behalf_of) == (post, behalf)]
        yield _table(post, rows, found.official)
    if not found.waits:
        whose = found.official or found.post
        yield (
            tr("nothing waits for {whose}", whose=show.clean(whose))
            if whose
            else tr("nothing waits for anybody")
        )
    if found.vacant:
        none = plural(
            "{n} thing waits, and nobody can end it",
            "{n} things wait, and nobody can end them",
            len(found.vacant),
        )
        yield f"[bold red]{none}[/]: ntm doctor"
    if found.refused:
        yield _refusals(found.refused)
    late = sum(row.overdue for row in found.waits)
    counted = plural(
        "as of {moment}: {n} thing waits, {late} overdue",
        "as of {moment}: {n} things wait, {late} overdue",
        len(found.waits),
        moment=show.minute(found.now),
        late=late,
    )
    yield f"[dim]{counted}[/]"


def _table(post: Post, rows: list[Row], official: OfficialId | None) -> "Table":
    office = words.said(words.ROLES, post.role)
    heir = f" → {show.clean(rows[0].heir)}" if rows[0].heir else ""
    behalf = rows[0].on_behalf_of
    if behalf:
        heir += show.clean(
            tr(
                ", {official} on behalf of {giver} ({delegation})",
                official=official,
                giver=behalf,
                delegation=rows[0].delegation,
            )
        )
    table = show.table(
        tr("What"), tr("Case"), tr("Since"), tr("Due"), tr("If ignored"),
        title=f"{show.clean(post)}{heir} [dim]{office}[/]", whole=[2, 3],
    )  # fmt: skip
    table.columns[1].min_width = max(len(show.case(row.wait.stream)) for row in rows)
    for row in rows:
        wait = row.wait
        due = show.last_day(wait.due)
        state = f"[bold red]{left(row)}[/]" if row.overdue else left(row)
        table.add_row(
            show.word(words.TASKS, wait.task)
            + (f"\n[bold red]{tr(_ANOTHER)}[/]" if row.barred else ""),
            show.under(show.case(wait.stream), show.clean(about.whole(wait)))
            + (f"\n[dim]{show.clean(row.papers[0].symbol)}[/]" if row.papers else ""),
            show.day(wait.since),
            f"{due}\n{state}" if due else f"[dim]{tr(_NO_LIMIT)}[/]",
            show.word(words.IF_IGNORED, wait.if_ignored),
        )
    return table


def _refusals(rows: tuple[RefusedRow, ...]) -> "Table":
    table = show.table(
        tr("Refused"),
        tr("Stream"),
        tr("At"),
        tr("Because"),
        title=tr("Decisions that were sent without waiting, and refused"),
    )
    for row in rows:
        table.add_row(
            show.clean(row.refused.command),
            show.clean(row.stream),
            show.minute(row.at),
            show.under(show.clean(in_their_language(row.refused.because)), row.refused.rule),
        )
    return table
