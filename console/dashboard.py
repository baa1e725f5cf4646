"""One frame of `ntm watch`: the programme as it stands, in so many columns and lines."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from console import bars, inbox, record_words, show, words
from console.bars import DONE, OPEN, Part
from console.chronicle import Line as News
from domain.curve import Point
from domain.phase import Phase
from domain.portfolio import Rate
from domain.values import Post, StreamId, Vnd, value
from domain.waits import Task
from language.catalogue import plural, tr
from language.numerals import grouped, of_english

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

_TWO_COLUMNS = 110
_PHASES = {**words.PHASES, Phase.CLEARANCE.value: ("GPMB", "clearance")}
"""In short, where the usual name is long."""
_GAP = 3
_FEWEST = 3
"""Lines of a list that stay, however low the terminal is."""


@value
class Money:
    """A budget year: disbursed of what was allocated, and what the plan has by this month's end."""

    year: int
    disbursed: Vnd
    allocated: Vnd
    planned: Vnd | None
    points: tuple[Point, ...]


@value
class Rungs:
    """The ladder: how many sections stand on each rung, and how many letters wait for an answer."""

    stalled: Mapping[int, int]
    unanswered: Mapping[int, int]
    overdue: int
    sections: int


@value
class Dashboard:
    """What there is to see, as of a moment and a position of the log."""

    now: datetime
    position: int
    post: Post | None
    phases: Mapping[Phase, int]
    money: Money | None
    waits: tuple[inbox.Row, ...]
    rungs: Rungs
    news: tuple[News, ...]


def frame(seen: Dashboard, width: int, height: int, said: str = "") -> "RenderableType":
    """All of it in that room: beside each other where it is wide, shorter lists where it is low.

    `said` stands in the first line, beside the time.
    """
    from rich.console import Group

    head = [_line(text) for text in (*_head(seen, width, said), "")]
    room = height - len(head) - 1
    if width >= _TWO_COLUMNS:
        return Group(*head, _two_columns(seen, width, room))
    ladder = _ladder_in_short(seen.rungs)
    between = [_line(text) for text in ("", ladder, *_curve(seen.money, width))]
    lists = room - len(between) - 2
    waits = max(_FEWEST, lists * 3 // 5)
    news = max(_FEWEST, lists - waits)
    return Group(*head, _waits(seen, waits, width), *between, _news(seen.news, news, width))


def _line(markup: str) -> "Text":
    """A line that is cut where the terminal ends, and never becomes two."""
    from rich.text import Text

    text = Text.from_markup(markup, overflow="ellipsis")
    text.no_wrap = True
    return text


def _two_columns(seen: Dashboard, width: int, room: int) -> "Table":
    from rich.console import Group
    from rich.table import Table

    right = (width - _GAP) * 2 // 5
    left = width - _GAP - right
    above = [
        _line(text) for text in (*_ladder(seen.rungs, right), "", *_curve(seen.money, right), "")
    ]
    news = max(_FEWEST, room - len(above) - 1)
    both = Table.grid(padding=(0, _GAP, 0, 0))
    both.add_column(width=left)
    both.add_column(width=right)
    both.add_row(
        _waits(seen, max(_FEWEST, room - 1), left),
        Group(*above, _news(seen.news, news, right)),
    )
    return both


def _head(seen: Dashboard, width: int, said: str) -> Iterator[str]:
    position = tr("event {position}", position=seen.position)
    yield (
        f"[bold]NTM[/]  {show.minute(seen.now)}  [dim]{position}[/]{f'  {said}' if said else ''}"
    )
    phases = ", ".join(
        f"{words.said(_PHASES, phase)} [bold]{grouped(count)}[/]"
        for phase, count in seen.phases.items()
        if count
    )
    total = sum(seen.phases.values())
    yield (
        plural(
            "{n} project: {phases}",
            "{n} projects: {phases}",
            total,
            n=grouped(total),
            phases=phases,
        )
        if total
        else tr("no project yet")
    )
    if seen.money is None:
        yield f"[dim]{tr('no capital plan yet')}[/]"
        return
    money = seen.money
    left = Part(amount=money.allocated - money.disbursed, block=OPEN)
    bar = (Part(amount=money.disbursed, block=DONE), left)
    yield bars.bar(bar, money.allocated, min(width, 100))
    yield f"{_paid(money)}{_against(money)}"


def _paid(money: Money) -> str:
    rate = Rate(disbursed=money.disbursed, of=money.allocated).cut(1)
    return tr(
        "disbursed in {year}: {disbursed} / {allocated} billion = {rate} %",
        year=money.year,
        disbursed=f"[bold]{show.billions(money.disbursed)}[/]",
        allocated=show.billions(money.allocated),
        rate=f"[bold]{of_english(rate)}[/]",
    )


def _against(money: Money) -> str:
    if money.planned is None:
        return ""
    gap = money.disbursed - money.planned
    colour = "red" if gap < 0 else "green"
    ahead = f"[{colour}]{'+' if gap > 0 else ''}{show.billions(gap)}[/]"
    return tr("; plan {planned}, {gap}", planned=show.billions(money.planned), gap=ahead)


def _waits(seen: Dashboard, lines: int, width: int) -> "Table":
    """The most urgent; the same of one post on one case is one line."""
    table = _list(_title_of_waits(seen), width, ratios=(4, 6, 7, 4))
    alike: dict[tuple[Post, Task, StreamId], list[inbox.Row]] = {}
    for row in seen.waits:
        wait = row.wait
        if seen.post is None and wait.task is Task.ANSWER_ESCALATION:
            # Of everybody's letters the ladder tells; here they would crowd out their causes.
            continue
        alike.setdefault((wait.post, wait.task, wait.stream), []).append(row)
    shown = list(alike.items())[:lines]
    for (post, task, stream), rows in shown:
        times = f" ×{len(rows)}" if len(rows) > 1 else ""
        state = inbox.left(rows[0])
        table.add_row(
            show.case(stream),
            f"{show.word(words.TASKS, task)}{times}",
            show.clean(post),
            f"[bold red]{state}[/]" if rows[0].overdue else state or show.day(rows[0].wait.since),
        )
    return table


def _title_of_waits(seen: Dashboard) -> str:
    whose = show.clean(seen.post) if seen.post else ""
    if not seen.waits:
        return tr("Nothing waits for {post}", post=whose) if whose else tr("Nothing waits")
    count, late = grouped(len(seen.waits)), grouped(sum(row.overdue for row in seen.waits))
    if whose:
        return tr("Waiting for {post}: {n}, overdue {late}", post=whose, n=count, late=late)
    return tr("Waiting: {n}, overdue {late}", n=count, late=late)


def _ladder(rungs: Rungs, width: int) -> Iterator[str]:
    """A bar for each rung: sections that stand on it, and letters that wait there."""
    yield _title_of(rungs)
    most = max(rungs.stalled.values(), default=0)
    for level in sorted({*rungs.stalled, *rungs.unanswered}):
        count = rungs.stalled.get(level, 0)
        rung = tr("rung {level}", level=level)
        counts = tr(
            "sections {sections}, letters {letters}",
            sections=f"{grouped(count):>3}",
            letters=f"{grouped(rungs.unanswered.get(level, 0)):>4}",
        )
        bar = bars.share(count, most, max(5, width - len(rung) - len(counts) - 4))
        yield f"{rung}  {bar}  {counts}"


def _ladder_in_short(rungs: Rungs) -> str:
    counts = ", ".join(
        f"{tr('rung {level}', level=level)} ×{grouped(count)}"
        for level, count in sorted(rungs.stalled.items())
    )
    return f"{_title_of(rungs)}{f'; {counts}' if counts else ''}"


def _title_of(rungs: Rungs) -> str:
    stalled = tr(
        "Stalled sections: {stalled} of {all}",
        stalled=grouped(sum(rungs.stalled.values())),
        all=grouped(rungs.sections),
    )
    letters = tr("letters {letters}", letters=grouped(sum(rungs.unanswered.values())))
    late = tr("overdue {late}", late=grouped(rungs.overdue))
    return f"[bold]{stalled}[/]; {letters}{f', [red]{late}[/]' if rungs.overdue else ''}"


def _curve(money: Money | None, width: int) -> list[str]:
    """The year's S-curve in two lines: what was paid, and what was planned."""
    if money is None:
        return []
    wide = max(1, min(3, (width - 24) // max(len(money.points), 1)))
    top = max([money.allocated, *(point.planned or 0 for point in money.points)])
    paid, planned = tr("disbursed"), tr("planned")
    room = max(len(paid), len(planned)) + 2

    def line(name: str, colour: str, amounts: Sequence[int | None]) -> str:
        spark = bars.spark([amount for amount in amounts for _ in range(wide)], top)
        return f"{name:<{room}}[{colour}]{spark}[/]"

    lines = [line(paid, "green", [point.actual for point in money.points])]
    if any(point.planned is not None for point in money.points):
        lines.append(line(planned, "yellow", [point.planned for point in money.points]))
    return lines


def _news(news: tuple[News, ...], lines: int, width: int) -> "Table":
    table = _list(tr("Newest"), width, ratios=(3, 7, 5))
    for one in news[:lines]:
        event = one.fact.event
        table.add_row(
            f"[dim]{show.day(one.fact.act.at)[:5]}[/]",
            show.word(record_words.EVENTS, event.kind),
            show.case(one.fact.stream),
        )
    return table


def _list(title: str, width: int, ratios: tuple[int, ...]) -> "Table":
    """Lines that are cut, never broken: a frame has just so many."""
    from rich.table import Table

    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.width = width
    table.title = title
    table.title_justify = "left"
    table.title_style = "bold"
    for ratio in ratios:
        table.add_column(ratio=ratio, no_wrap=True, overflow="ellipsis")
    return table


def rungs_of(levels: Counter[int], letters: Counter[int], overdue: int, sections: int) -> Rungs:
    """Counted sections and letters, by rung; what stands on none is moving."""
    stalled = {level: count for level, count in levels.items() if level}
    return Rungs(stalled=stalled, unanswered=letters, overdue=overdue, sections=sections)
