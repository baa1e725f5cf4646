"""All that the leaders' report says, read from one view of the record: figures, never households.

Every figure comes from the domain; beside it stand the events that are that figure. An event is
named by its place in the record and never quoted, for its body may name a household by its code.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from console import bottlenecks, budget, escalation, explaining, obstacles, outlook
from console.budget import Budget
from console.explaining import Explained, Line, Positions
from console.looking import LeftOut, left_out
from console.outlook import Foreseen
from console.page import pressing
from console.page.pressing import Held, Letters, Longest
from domain import curve as curves
from domain import league, waiting
from domain.clearance import Clearing
from domain.curve import Point
from domain.difference import Change, Compared, Figure, Measure, changes, compare
from domain.league import Grouping, Ranking
from domain.portfolio import Portfolio, Uses, portfolio, uses
from domain.streams import payment_stream, programme_stream
from domain.tally import Tally, tally
from domain.values import ProgrammeId, ProjectId, StreamId, value
from domain.waiting import By, Share

if TYPE_CHECKING:
    from storage.log import Entry
    from storage.travel import Picture

WEEK = timedelta(days=7)

_OF_PROJECTS = ("project/", "clearance/", "payment/")
_ROOMS = ("programme/", "capital/", *_OF_PROJECTS)
_RANKED = (Figure.DISBURSED, Figure.ALLOCATED)
_CAUSES = 3

Entries: TypeAlias = "Sequence[Entry]"


@value
class Changed:
    """A figure that changed, by how much, and its causes counted by kind, with every event."""

    measure: Measure
    before: int
    after: int
    by: int
    kinds: Mapping[str, int]
    largest: tuple[Line, ...]
    events: tuple[Line, ...]


@value
class Report:
    """A programme's year in figures. `since` is the earlier side of what changed.

    `explained` has every figure of money, communes, households, obstacles and rungs, whole and by
    unit; `claims` the events of those that are under way.
    """

    as_of: datetime
    known_at: datetime
    since: datetime
    left_out: tuple[LeftOut, ...]
    programme: ProgrammeId
    portfolio: Portfolio
    rate_percent_cut: str
    rate_percent_rounded: str
    uses: Uses
    changed: tuple[Changed, ...]
    unchanged: tuple[Measure, ...]
    curve: tuple[Point, ...]
    ranking: Ranking
    communes: Mapping[str, str]
    sections: int
    clearance: Tally
    obstacles: tuple[Held, ...]
    escalations: tuple[Letters, ...]
    foreseen: Foreseen
    waits: tuple[Share, ...]
    longest: tuple[Longest, ...]
    claims: tuple[Line, ...]
    explained: tuple[Explained, ...]

    def find(self, figure: Figure, of: str | None = None) -> Explained:
        """A figure with its events; one that nothing ever moved has none."""
        return next(
            (one for one in self.explained if (one.figure, one.of) == (figure, of)),
            Explained(figure=figure, of=of, sum=0, events=()),
        )


def read(picture: "Picture", of: Budget, by: Grouping, since: datetime | None) -> Report:
    """The report of a year that has a plan."""
    name = ProgrammeId(of.programme.programme)
    registered = budget.projects(picture, of)
    own = {one.charter.project for one in registered}
    entries = tuple(one for one in picture.entries_under(*_ROOMS) if _belongs(one, of, own))
    earlier = since or picture.now - WEEK
    compared = tuple(_compared(entries, earlier))
    moved = [one for one in changes(compared) if _is_of(one, of)]
    places = explaining.positions(entries)
    sections = [
        standing.state
        for standing in picture.standings("clearance")
        if isinstance(standing.state, Clearing) and standing.state.charter.project in own
    ]
    figures = portfolio(of.programme, of.capital, of.year, of.day)
    ranked = league.ranking(of.capital, by, of.districts())
    waits = [
        one
        for one in bottlenecks.read(picture, None)
        if one.task is not waiting.UNDER_WAY
        and (one.stream.split("/")[1] in own or one.stream.startswith("question/"))
    ]
    foreseen = outlook.foreseen(picture, of)
    pasts = {one.after.stream: one.after for one in compared} | picture.left_out
    return Report(
        as_of=picture.view.as_of or picture.asked_at,
        known_at=picture.view.known_at or picture.asked_at,
        since=earlier,
        left_out=left_out(pasts.values()),
        programme=name,
        portfolio=figures,
        rate_percent_cut=figures.rate.cut(1),
        rate_percent_rounded=figures.rate.rounded(2),
        uses=uses(registered, name, of.year),
        changed=tuple(_changed(one, places) for one in moved if one.by),
        unchanged=tuple(one.measure for one in moved if not one.by),
        curve=curves.curve(of.capital, budget.paid(picture, of), of.year, of.day),
        ranking=ranked,
        communes=of.communes(),
        sections=len(sections),
        clearance=tally(sections),
        obstacles=pressing.held(one for one in obstacles.every(picture) if _of(one.stream) in own),
        escalations=pressing.letters(
            one for one in escalation.raised(picture) if _of(one.stream) in own
        ),
        foreseen=foreseen,
        waits=waiting.split(waits, By.POST),
        longest=pressing.longest(picture, waits),
        claims=_claims(entries, foreseen, places),
        explained=(*_whole(entries, of, places), *_by_unit(entries, of, ranked, places)),
    )


def _belongs(entry: "Entry", of: Budget, own: Collection[ProjectId]) -> bool:
    """Whether an event is of the programme's year; of its projects it is whatever the year."""
    stream = entry.fact.stream
    return stream in (of.plan.stream, programme_stream(ProgrammeId(of.programme.programme))) or (
        stream.startswith(_OF_PROJECTS) and _of(stream) in own
    )


def _is_of(change: Change, of: Budget) -> bool:
    """A project is paid from the plans of several years; the report is of one."""
    return change.measure.plan in (of.name, of.programme.programme, "")


def _of(stream: StreamId) -> ProjectId:
    return ProjectId(stream.split("/")[1])


def _compared(entries: Entries, earlier: datetime) -> Iterator[Compared]:
    from storage.travel import by_stream

    for stream, mine in sorted(by_stream(entries).items()):
        facts = [entry.fact for entry in mine]
        yield compare(stream, [fact for fact in facts if fact.act.at <= earlier], facts)


def _changed(change: Change, places: Positions) -> Changed:
    measure = change.measure
    largest = change.causes[:_CAUSES]
    return Changed(
        measure=measure,
        before=change.before,
        after=change.after,
        by=change.by,
        kinds=change.kinds,
        largest=tuple(explaining.line(one.fact, places, one.by) for one in largest),
        events=explaining.summed(measure.figure, measure.of, (change,), places).events,
    )


def _claims(entries: Entries, foreseen: Foreseen, places: Positions) -> tuple[Line, ...]:
    """What was asked for and is not settled, each claim by the event that submitted it."""
    cash = {payment_stream(one.payment): one.cash for one in foreseen.forecast.commitments}
    return tuple(
        explaining.line(entry.fact, places, cash[entry.fact.stream])
        for entry in entries
        if entry.fact.stream in cash and entry.fact.version == 1
    )


def _whole(entries: Entries, of: Budget, places: Positions) -> Iterator[Explained]:
    """Each figure that may be asked for: all of it, and each of its parts."""
    groups: dict[tuple[Figure, str | None], list[Change]] = {}
    for change in explaining.since_nothing(entries):
        figure, part = change.measure.figure, change.measure.of
        if figure in explaining.NAMES and _is_of(change, of):
            for unit in dict.fromkeys((None, part or None)):
                groups.setdefault((figure, unit), []).append(change)
    for (figure, unit), found in groups.items():
        yield explaining.summed(figure, unit, found, places)


def _by_unit(
    entries: Entries, of: Budget, ranked: Ranking, places: Positions
) -> Iterator[Explained]:
    """The money of each unit that is ranked."""
    plan = tuple(entry for entry in entries if entry.fact.stream == of.plan.stream)
    for place in ranked.places:
        name = place.unit.name
        found = explaining.since_nothing(plan, league.projects_of(of.capital, name, of.districts()))
        for figure in _RANKED:
            own = [change for change in found if change.measure.figure is figure]
            yield explaining.summed(figure, name, own, places)
