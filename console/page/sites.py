"""The ground in the leaders' report: how far clearance is, what holds it up, who is waited for."""

from collections.abc import Sequence

from console import show, words
from console.page import charts
from console.page.charts import Bar
from console.page.notes import Notes
from console.page.parts import Cell, Section, Table
from console.page.pressing import AGES, Held, Letters, Longest
from console.page.reading import Report
from console.progress import area
from domain.difference import Figure
from domain.tally import Count, Stage
from language.catalogue import pick, tr, tr_in
from language.numerals import grouped

_TOP = 8


def clearance(report: Report, notes: Notes) -> Section:
    """The funnel from the households that are needed to those that handed their land over."""
    title = tr("Site clearance")
    stages = report.clearance.stages
    if not stages[Stage.NEEDED].households:
        return _nothing("clearance", title)
    lead = _sections(report, notes)
    bars = [
        Bar(
            name=words.said(words.STEPS, stage),
            parts=(("var(--actual)", count.households),),
            said=f"{grouped(count.households)} / {grouped(count.owed)}",
            note=notes.figure(Figure.HOUSEHOLDS, stage),
        )
        for stage, count in stages.items()
    ]
    table = Table(
        heads=(
            tr("Stage"),
            tr("Households"),
            tr("Area"),
            tr("With structures"),
            tr("Support, billion đồng"),
        ),
        rows=tuple(_stage(stage, count, notes) for stage, count in stages.items()),
        numbers=frozenset({1, 2, 3, 4}),
    )
    chart = charts.rows(
        "clearance",
        tr("Households that came to each stage"),
        _read_out(bars),
        bars,
    )
    return Section(name="clearance", title=title, lead=lead, chart=chart, tables=(table,))


def _sections(report: Report, notes: Notes) -> tuple[Cell, ...]:
    cleared = report.find(Figure.CLEARED).sum
    stalled = report.find(Figure.STALLED).sum
    poles = report.clearance
    return (
        Cell(
            text=tr("Sections cleared: {cleared} of {all}", cleared=grouped(cleared),
                    all=grouped(report.sections)),
            note=notes.figure(Figure.CLEARED),
        ),
        Cell(
            text=tr("Stalled: {n}", n=grouped(stalled)),
            note=notes.figure(Figure.STALLED),
            tone="bad" if stalled else "",
        ),
        Cell(
            text=tr("Poles moved: {moved} of {all}", moved=grouped(poles.poles_moved),
                    all=grouped(poles.poles)),
        ),
    )  # fmt: skip


def _stage(stage: Stage, count: Count, notes: Notes) -> tuple[Cell, ...]:
    return (
        Cell(text=words.said(words.STEPS, stage)),
        Cell(
            text=f"{grouped(count.households)} / {grouped(count.owed)}",
            note=notes.figure(Figure.HOUSEHOLDS, stage),
        ),
        Cell(text=area(count.area_m2)),
        Cell(text=grouped(count.structures)),
        Cell(text=show.billions(count.support)),
    )


def _read_out(bars: Sequence[Bar]) -> str:
    """A chart for those who do not see it."""
    return "; ".join(f"{bar.name} {bar.said}" for bar in bars)


def obstacles(report: Report, notes: Notes) -> Section:
    """What stands in the way, by cause and by age."""
    title = tr("Obstacles by cause and age")
    if not report.obstacles:
        return _nothing("obstacles", title)
    standing = sum(held.standing for held in report.obstacles)
    late = sum(held.late for held in report.obstacles)
    lead = (
        Cell(
            text=tr("Obstacles not removed: {n}", n=grouped(standing)),
            note=notes.figure(Figure.OBSTACLES),
        ),
        Cell(text=tr("Past their limit: {n}", n=grouped(late)), tone="bad" if late else ""),
    )
    bars = [
        Bar(
            name=words.said(words.CAUSES, held.cause),
            parts=tuple((f"var(--age{nth})", count) for nth, count in enumerate(held.ages)),
            said=grouped(held.standing),
            note=notes.figure(Figure.OBSTACLES, held.cause),
        )
        for held in report.obstacles
    ]
    ages = _ages()
    return Section(
        name="obstacles",
        title=title,
        lead=lead,
        chart=charts.rows(
            "obstacles",
            tr("Obstacles by cause"),
            _read_out(bars),
            bars,
        ),
        legend=tuple((f"age{nth}", tr("{n} working days", n=name))
                     for nth, name in enumerate(ages)),
        tables=(
            Table(
                heads=(
                    tr("Cause"),
                    tr_in("obstacles", "Open"),
                    *(tr("{n} days", n=name) for name in ages),
                    tr("Late"),
                    tr("Oldest"),
                ),
                rows=tuple(_held(held, notes) for held in report.obstacles),
                numbers=frozenset(range(1, len(ages) + 4)),
            ),
        ),
    )  # fmt: skip


def _held(held: Held, notes: Notes) -> tuple[Cell, ...]:
    return (
        Cell(text=words.said(words.CAUSES, held.cause)),
        Cell(text=grouped(held.standing), note=notes.figure(Figure.OBSTACLES, held.cause)),
        *(_count(count) for count in held.ages),
        _count(held.late, tone="bad"),
        Cell(text=grouped(held.oldest)),
    )


def _count(count: int, tone: str = "") -> Cell:
    """A number of a column in which most are nothing."""
    return Cell(text=grouped(count), tone=tone) if count else Cell(text="–")


def _ages() -> tuple[str, ...]:
    bounds = (-1, *AGES)
    between = (f"{low + 1}–{high}" for low, high in zip(bounds, AGES, strict=False))
    return (*between, f"> {AGES[-1]}")


def escalations(report: Report, notes: Notes) -> Section:
    """Who was pushed, rung by rung, and who has not answered."""
    title = tr("Escalations by rung")
    if not report.escalations:
        return _nothing("escalations", title)
    lines = tuple(_letters(one, notes) for one in report.escalations)
    bars = [
        Bar(
            name=_rung(one),
            parts=(
                ("var(--actual)", one.raised - one.unanswered),
                ("var(--closed)", one.unanswered - one.waiting),
                ("var(--plan)", one.waiting - one.overdue),
                ("var(--behind)", one.overdue),
            ),
            said=grouped(one.raised),
            note=notes.figure(Figure.ESCALATIONS, str(one.level)),
        )
        for one in report.escalations
    ]
    return Section(
        name="escalations",
        title=title,
        chart=charts.rows(
            "escalations",
            tr("Letters by rung"),
            _read_out(bars),
            bars,
        ),
        legend=(
            ("actual", tr("answered")),
            ("closed", tr("never answered, and the site was handed over")),
            ("plan", tr("answer awaited")),
            ("behind", tr("answer overdue")),
        ),
        tables=(
            Table(
                heads=(
                    tr("Rung"),
                    tr("Sent"),
                    tr("Not answered"),
                    tr("Awaited"),
                    tr("Overdue"),
                ),
                rows=lines,
                numbers=frozenset({1, 2, 3, 4}),
            ),
        ),
    )


def _letters(one: Letters, notes: Notes) -> tuple[Cell, ...]:
    rung = str(one.level)
    return (
        Cell(text=_rung(one)),
        Cell(text=grouped(one.raised), note=notes.figure(Figure.ESCALATIONS, rung)),
        Cell(text=grouped(one.unanswered), note=notes.figure(Figure.UNANSWERED, rung)),
        _count(one.waiting),
        _count(one.overdue, tone="bad"),
    )


def _rung(one: Letters) -> str:
    return f"{one.level}. {show.plain(pick((one.name_vi, one.name)))}"


def waits(report: Report, notes: Notes) -> Section:
    """What waits longest, for whom, and where all waiting time has gone."""
    title = tr("What waits longest, and for whom")
    if not report.longest:
        return _nothing("waits", title)
    shares = report.waits[:_TOP]
    return Section(
        name="waits",
        title=title,
        tables=(
            Table(
                heads=(
                    tr("Who"),
                    tr("What"),
                    tr("Case"),
                    tr("Since"),
                    tr("Working days"),
                ),
                rows=tuple(_longest(one, notes) for one in report.longest),
                numbers=frozenset({4}),
                stacked=True,
            ),
            Table(
                heads=(
                    tr("All waiting, by post"),
                    tr("Working days"),
                    tr("Waits"),
                    tr("Still open"),
                    tr("Longest"),
                ),
                rows=tuple(
                    (
                        _who(share.of),
                        Cell(text=grouped(share.working_days)),
                        Cell(text=grouped(share.waits)),
                        Cell(text=grouped(share.still_open)),
                        Cell(text=grouped(share.longest)),
                    )
                    for share in shares
                ),
                numbers=frozenset({1, 2, 3, 4}),
            ),
        ),
    )


def _longest(one: Longest, notes: Notes) -> tuple[Cell, ...]:
    waited = one.waited
    stopped = sum(stop.working_days for stop in waited.stopped)
    return (
        _who(str(waited.post)),
        Cell(text=words.said(words.TASKS, waited.task)),
        Cell(text=show.plain(waited.stream.partition("/")[2])),
        Cell(text=show.day(waited.since)),
        Cell(
            text=grouped(waited.working_days),
            below=tr("stopped {n}", n=grouped(stopped)) if stopped else "",
            note=notes.wait(waited.stream, waited.key, waited.working_days, one.begun),
        ),
    )


def _who(post: str) -> Cell:
    role, _, unit = post.partition("@")
    return Cell(
        text=f"{show.plain(words.said(words.ROLES, role))}, {show.plain(unit)}",
        below=show.plain(post),
    )


def _nothing(name: str, title: str) -> Section:
    return Section(name=name, title=title, nothing=tr("Nothing yet."))
