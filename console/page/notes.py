"""The appendix: every figure of the page by its number, its events, and how to see them all."""

import shlex
from collections.abc import Iterable
from datetime import date, datetime

from console import compare, money_words, record_words, show, words
from console.explaining import Line
from console.page.reading import Report
from console.words import Word
from domain.calendar import HANOI, last_instant, local_day
from domain.difference import MONEY, Figure, Measure
from domain.values import StreamId, value

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
    """A figure under its number; `rest` events are not listed, and `command` shows them too."""

    number: int
    title: str
    total: str
    events: tuple[Event, ...]
    rest: int
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
            title=said(Measure(figure=figure, of=of or "")),
            total=amount(figure, found.sum),
            events=_events(figure, found.events),
            command=self._ask("report", "disbursement", "--explain", asked),
        )

    def change(self, measure: Measure, by: int, events: tuple[Line, ...]) -> int:
        """What changed in a figure."""
        report = self._report
        return self._keep(
            ("change", f"{measure.figure}@{measure.of}@{measure.plan}"),
            title=f"{said(measure)}: thay đổi từ · change since {show.minute(report.since)}",
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
            title=f"giải ngân trong tháng · disbursed in the month {by:%m/%Y}",
            total=show.money(sum(line.amount for line in own)),
            events=_events(Figure.DISBURSED, own),
            command=self._differ(last_instant(after), min(last_instant(by), self._report.as_of)),
        )

    def claims(self) -> int:
        """What was asked for and is not settled."""
        found = self._report.claims
        return self._keep(
            ("claims", ""),
            title="đề nghị đang chờ · claims under way",
            total=show.money(sum(line.amount for line in found)),
            events=_events(Figure.RESERVED, found),
            command=self._ask("report", "forecast", "--output", "json"),
        )

    def wait(self, stream: StreamId, key: str, days: int, begun: tuple[Line, ...]) -> int:
        """A wait, by the decision with which it began."""
        return self._keep(
            ("wait", f"{stream} {key}"),
            title=f"chờ từ sự kiện này · waits since this event: {show.plain(stream)}",
            total=f"{days} ngày làm việc · working days",
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
            self._kept[key] = Note(
                number=len(self._kept) + 1,
                title=title,
                total=total,
                events=events[:SHOWN],
                rest=max(0, len(events) - SHOWN),
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


def named(measure: Measure) -> Word:
    """A figure by its name, and of what it is."""
    name = money_words.FIGURES[measure.figure]
    of = compare.about(measure)
    if not measure.of:
        return name
    return f"{name[0]}, {show.plain(of[0])}", f"{name[1]}, {show.plain(of[1])}"


def said(measure: Measure) -> str:
    """Both names on one line."""
    return " · ".join(named(measure))


def both(names: dict[str, Word], key: str) -> Word:
    """Both names of what data call by a key; one without a name stands for itself."""
    return names.get(key, (show.plain(key), ""))


def amount(figure: Figure, count: int) -> str:
    return show.money(count) if figure in MONEY else f"{count:,}"


def signed(figure: Figure, count: int) -> str:
    """With its sign; a minus as wide as the plus, so that columns stand."""
    sign = "+" if count > 0 else "−" if count < 0 else ""
    return f"{sign}{amount(figure, abs(count))}"


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
