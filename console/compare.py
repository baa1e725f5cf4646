"""`ntm diff`: what changed in the leaders' figures between two dates, and because of what."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import money_words, record_words, show, words
from console.chronicle import compact
from console.failures import absent
from console.looking import LeftOut, leaving, left_out, mention_all, times
from console.options import KnownAt, Listing, code, instant
from console.sending import open_session
from console.words import Word
from domain.difference import MONEY, Change, Compared, Figure, Measure, changes, compare
from domain.streams import initial, project_stream
from domain.travel import View
from domain.values import ProjectId, StreamId, value
from language.catalogue import pick, tr
from language.numerals import grouped

if TYPE_CHECKING:
    from rich.table import Table

    from office.session import Session
    from storage.log import Entry
    from storage.travel import Picture

_OF: dict[Figure, dict[str, Word]] = {
    Figure.PHASE: words.PHASES,
    Figure.PAYMENTS: money_words.PAYMENT_STATUSES,
    Figure.HOUSEHOLDS: words.STEPS,
    Figure.OBSTACLES: words.CAUSES,
}
_RUNGS = (Figure.ESCALATIONS, Figure.UNANSWERED)
_SHOWN = 10
"""How many causes of one figure a table lists; JSON has them all."""


@value
class Times:
    """One side of the comparison: what had happened by `as_of`, as it was known at `known_at`."""

    as_of: datetime
    known_at: datetime


@value
class Line:
    """One figure at both sides, for a spreadsheet."""

    figure: Figure
    plan: str
    of: str
    before: int
    after: int
    difference: int


@value
class Difference:
    """Two sides, and what lies between them."""

    earlier: Times
    later: Times
    changes: tuple[Change, ...]
    left_out: tuple[LeftOut, ...]


@leaving
def diff(
    *,
    since: Annotated[
        datetime,
        typer.Option(
            "--from",
            parser=instant,
            metavar="DATE|TIME",
            help="The earlier moment; of a day its end.",
        ),
    ],
    until: Annotated[
        datetime,
        typer.Option(
            "--to", parser=instant, metavar="DATE|TIME", help="The later moment; of a day its end."
        ),
    ],
    project: Annotated[
        str | None, typer.Option(parser=code, metavar="PROJECT", help="Only this project.")
    ] = None,
    stream: Annotated[
        str | None,
        typer.Option(metavar="STREAM", help="Only this stream, such as project/AD01-GT."),
    ] = None,
    known: Annotated[
        bool,
        typer.Option("--known", help="Compare what was known, not what had happened."),
    ] = False,
    known_at: KnownAt = None,
    output: Listing = "table",
) -> None:
    """Show what changed between two dates, and the events that explain it."""
    from console import sheets

    _check(since, until, project, stream)
    if known and known_at:
        raise typer.BadParameter(_one_of("--known", "--known-at"), param_hint="--known")
    with open_session() as session:
        found = read(session, _views(since, until, known_at, known=known), project, stream)
    mention_all(found.left_out)
    if output == "json":
        show.json(found)
    elif output != "table":
        sheets.write(map(_line, found.changes), Line, output)
    else:
        _print(found)


def read(
    session: "Session", views: tuple[View, View], project: str | None, stream: str | None
) -> Difference:
    """The difference between two views, of everything, of one project or of one stream."""
    from storage import queries
    from storage.travel import by_stream

    name = StreamId(stream) if stream else project_stream(ProjectId(project)) if project else None
    if name is not None and queries.standing(session.engine, name) is None:
        raise absent("--stream" if stream else "--project", name, tr("see `ntm project list`"))
    first, second = (_entries(session.picture(view), project, stream) for view in views)
    before, after = by_stream(first), by_stream(second)
    only = (ProjectId(project),) if project else None
    compared = [
        compare(
            each,
            [entry.fact for entry in before.get(each, ())],
            [entry.fact for entry in entries],
            only,
        )
        for each, entries in sorted(after.items())
    ]
    earlier, later = (
        Times(as_of=view.as_of or session.now, known_at=view.known_at or session.now)
        for view in views
    )
    return Difference(
        earlier=earlier,
        later=later,
        changes=changes(compared, only),
        left_out=_left_out(compared),
    )


def _line(change: Change) -> Line:
    measure = change.measure
    return Line(
        figure=measure.figure,
        plan=measure.plan,
        of=measure.of,
        before=change.before,
        after=change.after,
        difference=change.by,
    )


def _check(since: datetime, until: datetime, project: str | None, stream: str | None) -> None:
    if since > until:
        raise typer.BadParameter(tr("must not be after --to"), param_hint="--from")
    if project and stream:
        raise typer.BadParameter(_one_of("--project", "--stream"), param_hint="--stream")
    if stream:
        initial(StreamId(stream))


def _one_of(first: str, second: str) -> str:
    return tr("give only one of {first} and {second}", first=first, second=second)


def _views(
    since: datetime, until: datetime, known_at: datetime | None, *, known: bool
) -> tuple[View, View]:
    if known:
        return View(known_at=since), View(known_at=until)
    return View(as_of=since, known_at=known_at), View(as_of=until, known_at=known_at)


def _entries(picture: "Picture", project: str | None, stream: str | None) -> "tuple[Entry, ...]":
    if stream:
        return picture.entries(StreamId(stream))
    if project:
        own = picture.entries(project_stream(ProjectId(project)))
        return own + picture.entries_under(
            "capital/", f"clearance/{project}/", f"payment/{project}/"
        )
    return picture.entries_under("programme/", "capital/", "project/", "clearance/", "payment/")


def _left_out(compared: list[Compared]) -> tuple[LeftOut, ...]:
    return left_out(past for one in compared for past in (one.before, one.after))


def _print(found: Difference) -> None:
    screen = show.screen()
    for name, side in ((tr("earlier"), found.earlier), (tr("later"), found.later)):
        seen = times(View(as_of=side.as_of, known_at=side.known_at), side.known_at)
        screen.print(f"[dim]{name}: {seen}[/]")
    if not found.changes:
        screen.print(tr("nothing yet"))
        return
    screen.print(_overview(found.changes))
    for change in found.changes:
        if change.causes:
            screen.print(_causes(change))


def _overview(found: tuple[Change, ...]) -> "Table":
    table = show.table(tr("Figure"), tr("Before"), tr("After"), tr("Difference"), numbers=[1, 2, 3])
    for change in found:
        figure = change.measure.figure
        table.add_row(
            _name(change.measure),
            _amount(figure, change.before),
            _amount(figure, change.after),
            _signed(figure, change.by) if change.by else "–",
        )
    return table


def _causes(change: Change) -> "Table":
    kinds = ", ".join(
        f"{words.said(record_words.EVENTS, kind)} ×{count}" for kind, count in change.kinds.items()
    )
    table = show.table(
        tr("Difference"), tr("Day"), tr("Stream"), tr("Event"), numbers=[0], whole=[1],
        title=f"{_name(change.measure).replace(chr(10), ', ')}: {show.clean(kinds)}",
    )  # fmt: skip
    for cause in change.causes[:_SHOWN]:
        event = cause.fact.event
        table.add_row(
            _signed(change.measure.figure, cause.by),
            show.day(cause.fact.act.at),
            show.clean(f"{cause.fact.stream} {cause.fact.version}"),
            show.under(words.said(record_words.EVENTS, event.kind), show.clean(compact(event))),
        )
    rest = len(change.causes) - _SHOWN
    if rest > 0:
        table.add_row("", "", f"… +{rest}", "[dim]--output json[/]")
    return table


def _name(measure: Measure) -> str:
    of = pick(about(measure))
    where = ", ".join(part for part in (measure.plan, of) if part)
    return show.under(
        show.clean(words.said(money_words.FIGURES, measure.figure)), show.clean(where)
    )


def about(measure: Measure) -> Word:
    """What a figure is of, in words: a cohort and a unit keep their names, a rung its number."""
    if measure.figure in _RUNGS:
        return f"bậc {measure.of}", f"rung {measure.of}"
    return _OF.get(measure.figure, {}).get(measure.of, (measure.of, measure.of))


def _amount(figure: Figure, count: int) -> str:
    return show.money(count) if figure in MONEY else grouped(count)


def _signed(figure: Figure, count: int) -> str:
    return f"{'+' if count > 0 else ''}{_amount(figure, count)}"
