"""`--explain FIGURE`: the events whose sum a printed figure is, to the đồng."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

import typer

from console import budget, money_words, record_words, show, words
from console.budget import Budget
from domain.difference import MONEY, USES, Change, Figure, changes, compare
from domain.streams import Fact, programme_stream, project_stream
from domain.values import ProgrammeId, ProjectId, StreamId, value
from language.catalogue import plural, tr
from language.numerals import grouped

if TYPE_CHECKING:
    from rich.table import Table

    from storage.log import Entry
    from storage.travel import Picture

_OF_PLAN = (Figure.ALLOCATED, Figure.DISBURSED, Figure.RESERVED, Figure.EXPIRED)
_OF_PROGRAMME = (
    Figure.INVESTMENT,
    Figure.CHOSEN,
    Figure.DEFERRED,
    Figure.COMMUNES,
    Figure.BASE,
)
_OF_SITES = (
    Figure.HOUSEHOLDS,
    Figure.OBSTACLES,
    Figure.CLEARED,
    Figure.STALLED,
    Figure.ESCALATIONS,
    Figure.UNANSWERED,
)
_MADE_OF: Mapping[str, tuple[Figure, ...]] = {
    "rate": (Figure.DISBURSED, Figure.ALLOCATED),
    "per-commune": (Figure.INVESTMENT, Figure.CHOSEN),
    "funded": (Figure.ALLOCATED, Figure.INVESTMENT),
    "unexplained": (Figure.BASE, Figure.COMMUNES),
    **{figure: (figure,) for figure in (*_OF_PLAN, *USES, *_OF_PROGRAMME, *_OF_SITES)},
}
"""Every figure that is printed, and what it is made of: a sum of its own, or two that are divided
or compared."""

NAMES = tuple(_MADE_OF)

Positions: TypeAlias = Mapping[tuple[StreamId, int], int]
"""Where in the log a stream's version stands."""


@value
class Line:
    """An event, what it is about, and what it adds to the figure."""

    position: int
    stream: StreamId
    version: int
    kind: str
    at: datetime
    case: str
    amount: int


@value
class Explained:
    """A figure of everything, or of one unit; the amounts of its events add up to `sum`."""

    figure: Figure
    of: str | None
    sum: int
    events: tuple[Line, ...]


@value
class Cell:
    """An event of a figure, for a spreadsheet."""

    figure: Figure
    of: str | None
    position: int
    at: datetime
    stream: StreamId
    version: int
    kind: str
    amount: int


def asked(text: str) -> tuple[tuple[Figure, ...], str | None]:
    """`disbursed`, or `disbursed@2024` for one unit of a report."""
    name, _, unit = text.partition("@")
    if name in _MADE_OF:
        return _MADE_OF[name], unit or None
    near = get_close_matches(name, NAMES, n=1)
    known = ", ".join(NAMES)
    raise typer.BadParameter(
        tr(
            "{name!r} is no figure; did you mean {near}? {known}",
            name=name,
            near=near[0],
            known=known,
        )
        if near
        else tr("{name!r} is no figure; there are {known}", name=name, known=known),
        param_hint="--explain",
    )


def explain(
    picture: "Picture", of: Budget, figures: tuple[Figure, ...], unit: str | None
) -> tuple[Explained, ...]:
    """The events of each figure, the earliest first."""
    return tuple(_explained(picture, of, figure, unit) for figure in figures)


def since_nothing(
    entries: "Sequence[Entry]", only: Collection[ProjectId] | None = None
) -> tuple[Change, ...]:
    """What a figure is, is what changed in it since there was nothing."""
    from storage.travel import by_stream

    compared = [
        compare(stream, (), [entry.fact for entry in mine], only)
        for stream, mine in sorted(by_stream(entries).items())
    ]
    return changes(compared, only)


def positions(entries: "Sequence[Entry]") -> Positions:
    return {(one.fact.stream, one.fact.version): one.position for one in entries}


def summed(
    figure: Figure, unit: str | None, found: Sequence[Change], places: Positions
) -> Explained:
    """A figure of some changes, and the events whose amounts add up to it, the earliest first."""
    sums: dict[tuple[StreamId, int], Line] = {}
    for cause in (cause for change in found for cause in change.causes):
        key = cause.fact.stream, cause.fact.version
        before = sums[key].amount if key in sums else 0
        sums[key] = line(cause.fact, places, before + cause.by)
    return Explained(
        figure=figure,
        of=unit,
        sum=sum(change.after for change in found),
        events=tuple(sorted(sums.values(), key=lambda one: one.position)),
    )


def line(fact: Fact, places: Positions, amount: int) -> Line:
    return Line(
        position=places[fact.stream, fact.version],
        stream=fact.stream,
        version=fact.version,
        kind=fact.event.kind,
        at=fact.act.at,
        case=getattr(fact.event, "project", None) or fact.stream.partition("/")[2],
        amount=amount,
    )


def _explained(picture: "Picture", of: Budget, figure: Figure, unit: str | None) -> Explained:
    own = figure in (*_OF_PROGRAMME, *_OF_SITES)
    only = budget.of_unit(of, unit, "--explain") if unit and figure not in _OF_SITES else None
    entries = _entries(picture, of, figure, only)
    found = [
        change
        for change in since_nothing(entries, only)
        if change.measure.figure is figure
        if change.measure.plan in (of.name, of.programme.programme, "")
        if not own or unit in (None, change.measure.of)
    ]
    return summed(figure, unit, found, positions(entries))


def cells(found: tuple[Explained, ...]) -> Iterator[Cell]:
    """Every event of every figure, for a spreadsheet."""
    for one in found:
        for line in one.events:
            yield Cell(
                figure=one.figure,
                of=one.of,
                position=line.position,
                at=line.at,
                stream=line.stream,
                version=line.version,
                kind=line.kind,
                amount=line.amount,
            )


def tables(found: tuple[Explained, ...]) -> "tuple[Table, ...]":
    return tuple(map(_table, found))


def _table(one: Explained) -> "Table":
    def said(amount: int) -> str:
        return grouped(amount) if one.figure in MONEY else str(amount)

    unit = tr("đồng") if one.figure in MONEY else tr("count")
    table = show.table(
        tr("Position"), tr("Stream"), tr("Event"), unit, numbers=[0, 3],
        title=show.clean(
            words.said(money_words.FIGURES, one.figure) + (f", {one.of}" if one.of else "")
        ),
    )  # fmt: skip
    for line in one.events:
        kind = words.said(record_words.EVENTS, line.kind)
        where = show.clean(f"{line.stream}#{line.version}")
        table.add_row(str(line.position), where, show.clean(kind), said(line.amount))
    table.add_section()
    count = plural("{n} event", "{n} events", len(one.events))
    table.add_row("", count, tr("sum"), said(one.sum))
    return table


def _entries(
    picture: "Picture", of: Budget, figure: Figure, only: Collection[ProjectId] | None
) -> "tuple[Entry, ...]":
    """Where the events of a figure are."""
    if figure in _OF_PLAN:
        return picture.entries(of.plan.stream)
    if figure in _OF_PROGRAMME:
        return picture.entries(programme_stream(ProgrammeId(of.programme.programme)))
    names = only or {one.charter.project for one in budget.projects(picture, of)}
    if figure in _OF_SITES:
        under = picture.entries_under("clearance/")
        return tuple(entry for entry in under if entry.fact.stream.split("/")[1] in names)
    return picture.entries(*map(project_stream, names))
