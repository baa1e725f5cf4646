"""`ntm inbox`: what waits for a post, since when, until when, and what happens if ignored."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from console import show, watching, words
from console.looking import head, looking, mention
from console.options import MaybeAs, Output
from console.sending import check_post, open_session
from domain.calendar import Calendar, local_day
from domain.streams import DecisionRefused
from domain.travel import View
from domain.values import Document, Post, StreamId, value
from domain.waits import Task, Wait

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from domain.policy import Policy
    from storage.travel import Picture

_INSTANT = timedelta(microseconds=1)
_OF_OBSTACLES = (Task.REPORT_QUESTION, Task.DECIDE_QUESTION)


@value
class Row:
    """One wait; working days are left until its last day, negative once it is overdue.

    `heir` is who holds the post's duties since its unit is no more; `papers` are the newest that
    decisions on the case cite.
    """

    wait: Wait
    overdue: bool
    working_days_left: int | None
    heir: Post | None = None
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


@looking
def inbox(
    *,
    view: View,
    by: MaybeAs = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Của mọi người · of every post.")
    ] = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Theo dõi, Ctrl-C để dừng · stay, and show what changes."),
    ] = False,
    output: Output = "table",
) -> None:
    """Việc đang chờ · what waits for a post, the most urgent first."""
    if by is None and not everybody:
        raise typer.BadParameter(
            "cho biết của ai · say whose: --as chair@an-duong, or --all", param_hint="--as"
        )
    if watch and not view.is_now:
        raise typer.BadParameter(
            "chỉ theo dõi hiện tại · only what waits now can be watched", param_hint="--watch"
        )
    with open_session() as session:
        if by is not None:
            check_post(session, by)
        if watch:
            watching.watch(
                session.engine,
                lambda: read(session.picture_now(), None if everybody else by),
                output,
                _drawn,
            )
            return
        picture = session.picture(view)
        found = read(picture, None if everybody else by)
    mention(picture)
    if output == "json":
        show.json(found)
    else:
        head(picture)
        _print(found)


def read(picture: "Picture", post: Post | None) -> Inbox:
    """The inbox of a post, or of everybody."""
    from storage import papers, policies

    policy, today = policies.load(), local_day(picture.now)
    posts = policy.inherited(post, today) if post else ()
    waits = picture.inbox(post)
    if len(posts) > 1:
        waits = tuple(wait for wait in picture.inbox() if wait.post in posts)
    cited = papers.newest(picture, {wait.stream for wait in waits})
    refused = picture.refusals(post) if post else ()
    return Inbox(
        now=picture.now,
        post=post,
        waits=tuple(
            replace(_row(wait, picture.now, policy), papers=cited.get(wait.stream, ()))
            for wait in waits
        ),
        refused=tuple(
            RefusedRow(stream=row.stream, at=row.at, refused=row.refused) for row in refused
        ),
    )


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
        return f"QUÁ {-days} ngày" if days else "QUÁ HẠN"
    if days is None:
        return ""
    return "hôm nay" if days == 0 else f"còn {days} ngày"


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
    posts = dict.fromkeys(row.wait.post for row in found.waits)
    for post in sorted(posts, key=str):
        yield _table(post, [row for row in found.waits if row.wait.post == post])
    if not found.waits:
        whose = found.post or "ai · anybody"
        yield f"không có gì chờ · nothing waits for {show.clean(whose)}"
    if found.refused:
        yield _refusals(found.refused)
    late = sum(row.overdue for row in found.waits)
    yield (
        f"[dim]đến · as of {show.minute(found.now)}: {len(found.waits)} việc · waits,"
        f" {late} quá hạn · overdue[/]"
    )


def _table(post: Post, rows: list[Row]) -> "Table":
    office = words.said(words.ROLES, post.role)
    heir = f" → {show.clean(rows[0].heir)}" if rows[0].heir else ""
    table = show.table(
        "Việc · what",
        "Hồ sơ · case",
        "Từ · since",
        "Hạn · due",
        "Bỏ qua thì · if ignored",
        title=f"{show.clean(post)}{heir} [dim]{office}[/]",
        whole=[2, 3],
    )
    table.columns[1].min_width = max(len(show.case(row.wait.stream)) for row in rows)
    for row in rows:
        wait = row.wait
        due = show.last_day(wait.due)
        state = f"[bold red]{left(row)}[/]" if row.overdue else left(row)
        table.add_row(
            show.both(words.TASKS, wait.task),
            show.under(show.case(wait.stream), show.clean(_about(wait)))
            + (f"\n[dim]{show.clean(row.papers[0].symbol)}[/]" if row.papers else ""),
            show.day(wait.since),
            f"{due}\n{state}" if due else "[dim]không · none[/]",
            show.both(words.IF_IGNORED, wait.if_ignored),
        )
    return table


def _about(wait: Wait) -> str:
    names = {**words.DOSSIERS, **words.CAUSES, **words.PAYMENT_KINDS, **words.PAUSE_CAUSES}
    counted = "vướng mắc · obstacles" if wait.task in _OF_OBSTACLES else "hộ · households"
    key, comma, rest = wait.about.partition(",")
    parts = (
        f"{names[key][0]}{comma}{rest}" if key in names else wait.about,
        f"{wait.count} {counted}" if wait.count > 1 else "",
        show.money(wait.amount),
    )
    return ", ".join(part for part in parts if part)


def _refusals(rows: tuple[RefusedRow, ...]) -> "Table":
    table = show.table(
        "Bị từ chối · refused",
        "Chuỗi · stream",
        "Lúc · at",
        "Vì · because",
        title="Quyết định gửi không chờ, đã bị từ chối · sent without waiting, refused",
    )
    for row in rows:
        table.add_row(
            show.clean(row.refused.command),
            show.clean(row.stream),
            show.minute(row.at),
            show.under(show.clean(row.refused.because), row.refused.rule),
        )
    return table
