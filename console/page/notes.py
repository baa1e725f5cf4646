"""The appendix: every figure of the page by its number, its events, and how to see them all."""

import shlex
from collections.abc import Iterable
from datetime import date, datetime

from console import compare, money_words, record_words, show, words
from console.explaining import Line
from console.page.reading import Report
from domain.calendar import HANOI, last_instant, local_day
from domain.difference import MONEY, Figure, Measure
from domain.values import StreamId, value
from language.catalogue import pick, plural, tr
from language.numerals import grouped

SHOWN = 6
"""How many events of one figure the appendix lists."""


@value
class Event:
    """A line of the appendix; `adds` is written out, empty where an event adds nothing."""

    position: int
    stream: str
    case: str
    kind: str
    day: str
    adds: str


@value
class Note:
    """A figure under its number; where not every event is listed, `more` says how many are not.

    `command` shows them all.
    """

    number: int
    title: str
    total: str
    events: tuple[Event, ...]
    more: str
    command: str


class Notes:
    """Figures are numbered where they are first named; the same figure keeps its number."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._kept: dict[tuple[str, str], Note] = {}

    def figure(self, figure: Figure, of: str | None = None) -> int:
        """A figure as it stands: every event since there was nothing."""
        found = self._report.find(figure, of)
        asked = f"{figure}@{of}" if of else str(figure)
        return self._keep(
            ("figure", asked),
            title=named(Measure(figure=figure, of=of or "")),
            total=amount(figure, found.sum),
            events=_events(figure, found.events),
            command=self._ask("report", "disbursement", "--explain", asked),
        )

    def change(self, measure: Measure, by: int, events: tuple[Line, ...]) -> int:
        """What changed in a figure."""
        report = self._report
        return self._keep(
            ("change", f"{measure.figure}@{measure.of}@{measure.plan}"),
            title=tr(
                "{figure}: what changed since {since}",
                figure=named(measure),
                since=show.minute(report.since),
            ),
            total=signed(measure.figure, by),
            events=_events(measure.figure, events),
            command=self._differ(report.since, report.as_of),
        )

    def month(self, after: date, by: date) -> int:
        """What was paid in the days after one day, to the end of another."""
        found = self._report.find(Figure.DISBURSED).events
        own = tuple(line for line in found if after < local_day(line.at) <= by)
        return self._keep(
            ("month", by.isoformat()),
            title=tr("disbursed in the month of {month}", month=f"{by:%m/%Y}"),
            total=show.money(sum(line.amount for line in own)),
            events=_events(Figure.DISBURSED, own),
            command=self._differ(last_instant(after), min(last_instant(by), self._report.as_of)),
        )

    def claims(self) -> int:
        """What was asked for and is not settled."""
        found = self._report.claims
        return self._keep(
            ("claims", ""),
            title=tr("claims under way"),
            total=show.money(sum(line.amount for line in found)),
            events=_events(Figure.RESERVED, found),
            command=self._ask("report", "forecast", "--output", "json"),
        )

    def wait(self, stream: StreamId, key: str, days: int, begun: tuple[Line, ...]) -> int:
        """A wait, by the decision with which it began."""
        return self._keep(
            ("wait", f"{stream} {key}"),
            title=tr("{stream} waits since this event", stream=show.plain(stream)),
            total=plural("{n} working day", "{n} working days", days),
            events=tuple(_event(line, "") for line in begun),
            command=f"ntm events {shlex.quote(show.plain(stream))}",
        )

    def all(self) -> tuple[Note, ...]:
        return tuple(self._kept.values())

    def _keep(
        self, key: tuple[str, str], *, title: str, total: str, events: tuple[Event, ...],
        command: str,
    ) -> int:  # fmt: skip
        if key not in self._kept:
            rest = len(events) - SHOWN
            more = plural(
                "{n} more event; all of them:",
                "{n} more events; all of them:",
                rest,
                n=grouped(rest),
            )
            self._kept[key] = Note(
                number=len(self._kept) + 1,
                title=title,
                total=total,
                events=events[:SHOWN],
                more=more if rest > 0 else "",
                command=command,
            )
        return self._kept[key].number

    def _ask(self, *asked: str) -> str:
        report = self._report
        view = ("--as-of", moment(report.as_of), "--known-at", moment(report.known_at))
        of = ("--programme", report.programme, "--year", str(report.portfolio.year))
        return shlex.join(map(show.plain, ("ntm", *asked, *of, *view)))

    def _differ(self, since: datetime, until: datetime) -> str:
        span = ("--from", moment(since), "--to", moment(until))
        known = ("--known-at", moment(self._report.known_at), "--output", "json")
        return shlex.join(("ntm", "diff", *span, *known))


def named(measure: Measure) -> str:
    """A figure by its name, and of what it is."""
    name = words.said(money_words.FIGURES, measure.figure)
    return f"{name}, {show.plain(pick(compare.about(measure)))}" if measure.of else name


def amount(figure: Figure, count: int) -> str:
    return show.money(count) if figure in MONEY else grouped(count)


def signed(figure: Figure, count: int) -> str:
    """With its sign."""
    return f"{sign(count)}{amount(figure, abs(count))}"


def sign(count: int) -> str:
    """A minus as wide as the plus, so that columns stand."""
    return "+" if count > 0 else "−" if count < 0 else ""


def moment(at: datetime) -> str:
    """A moment as an option takes it: the end of a day is written as the day."""
    here = at.astimezone(HANOI)
    day = here.date()
    return day.isoformat() if here == last_instant(day) else here.isoformat()


def _events(figure: Figure, lines: Iterable[Line]) -> tuple[Event, ...]:
    return tuple(_event(line, signed(figure, line.amount)) for line in lines)


def _event(line: Line, adds: str) -> Event:
    return Event(
        position=line.position,
        stream=show.plain(f"{line.stream}#{line.version}"),
        case="" if line.stream.endswith(line.case) else show.plain(line.case),
        kind=show.plain(words.said(record_words.EVENTS, line.kind)),
        day=show.day(line.at),
        adds=adds,
    )
