"""The ground in the leaders' report: how far clearance is, what holds it up, who is waited for."""

from collections.abc import Sequence

from console import show, words
from console.page import charts
from console.page.charts import Bar
from console.page.notes import Notes, both
from console.page.parts import Cell, Section, Table
from console.page.pressing import AGES, Held, Letters, Longest
from console.page.reading import Report
from console.progress import area
from domain.difference import Figure
from domain.tally import Count, Stage

_TOP = 8


def clearance(report: Report, notes: Notes) -> Section:
    """The funnel from the households that are needed to those that handed their land over."""
    title = ("Giải phóng mặt bằng", "site clearance")
    stages = report.clearance.stages
    if not stages[Stage.NEEDED].households:
        return _nothing("clearance", title)
    lead = _sections(report, notes)
    bars = [
        Bar(
            name=both(words.STEPS, stage)[0],
            parts=(("var(--actual)", count.households),),
            said=f"{count.households:,} / {count.owed:,}",
            note=notes.figure(Figure.HOUSEHOLDS, stage),
        )
        for stage, count in stages.items()
    ]
    table = Table(
        heads=(
            ("Bước", "stage"),
            ("Hộ", "households"),
            ("Diện tích", "area"),
            ("Có vật kiến trúc", "with structures"),
            ("Hỗ trợ", "support"),
        ),
        rows=tuple(_stage(stage, count, notes) for stage, count in stages.items()),
        numbers=frozenset({1, 2, 3, 4}),
    )
    chart = charts.rows(
        "clearance",
        "Số hộ đã qua từng bước · households that came to each stage",
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
            text=f"{cleared} / {report.sections} đoạn đủ mặt bằng",
            below="sections cleared",
            note=notes.figure(Figure.CLEARED),
        ),
        Cell(
            text=f"{stalled} đoạn chậm",
            below="stalled",
            note=notes.figure(Figure.STALLED),
            tone="bad" if stalled else "",
        ),
        Cell(
            text=f"{poles.poles_moved} / {poles.poles} cột điện đã di chuyển",
            below="poles moved",
        ),
    )


def _stage(stage: Stage, count: Count, notes: Notes) -> tuple[Cell, ...]:
    name = both(words.STEPS, stage)
    return (
        Cell(text=name[0], below=name[1]),
        Cell(
            text=f"{count.households:,} / {count.owed:,}",
            note=notes.figure(Figure.HOUSEHOLDS, stage),
        ),
        Cell(text=area(count.area_m2)),
        Cell(text=f"{count.structures:,}"),
        Cell(text=show.money(count.support)),
    )


def _read_out(bars: Sequence[Bar]) -> str:
    """A chart for those who do not see it."""
    return "; ".join(f"{bar.name} {bar.said}" for bar in bars)


def obstacles(report: Report, notes: Notes) -> Section:
    """What stands in the way, by cause and by age."""
    title = ("Vướng mắc theo nguyên nhân và tuổi", "obstacles by cause and age")
    if not report.obstacles:
        return _nothing("obstacles", title)
    standing = sum(held.standing for held in report.obstacles)
    late = sum(held.late for held in report.obstacles)
    lead = (
        Cell(
            text=f"{standing} vướng mắc đang đứng",
            below="standing",
            note=notes.figure(Figure.OBSTACLES),
        ),
        Cell(text=f"{late} quá hạn gỡ", below="past their limit", tone="bad" if late else ""),
    )
    bars = [
        Bar(
            name=both(words.CAUSES, held.cause)[0],
            parts=tuple((f"var(--age{nth})", count) for nth, count in enumerate(held.ages)),
            said=str(held.standing),
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
            "Vướng mắc theo nguyên nhân · obstacles by cause",
            _read_out(bars),
            bars,
        ),
        legend=tuple((f"age{nth}", (f"{name} ngày", "working days"))
                     for nth, name in enumerate(ages)),
        tables=(
            Table(
                heads=(
                    ("Nguyên nhân", "cause"),
                    ("Đang đứng", "standing"),
                    *((f"{name}", "days") for name in ages),
                    ("Quá hạn", "late"),
                    ("Lâu nhất", "oldest, days"),
                ),
                rows=tuple(_held(held, notes) for held in report.obstacles),
                numbers=frozenset(range(1, len(ages) + 4)),
            ),
        ),
    )  # fmt: skip


def _held(held: Held, notes: Notes) -> tuple[Cell, ...]:
    cause = both(words.CAUSES, held.cause)
    return (
        Cell(text=cause[0], below=cause[1]),
        Cell(text=str(held.standing), note=notes.figure(Figure.OBSTACLES, held.cause)),
        *(Cell(text=str(count) if count else "–") for count in held.ages),
        Cell(text=str(held.late) if held.late else "–", tone="bad" if held.late else ""),
        Cell(text=str(held.oldest)),
    )


def _ages() -> tuple[str, ...]:
    bounds = (-1, *AGES)
    between = (f"{low + 1}–{high}" for low, high in zip(bounds, AGES, strict=False))
    return (*between, f"> {AGES[-1]}")


def escalations(report: Report, notes: Notes) -> Section:
    """Who was pushed, rung by rung, and who has not answered."""
    title = ("Đôn đốc, báo cáo cấp trên theo bậc", "escalations by rung")
    if not report.escalations:
        return _nothing("escalations", title)
    lines = tuple(_letters(one, notes) for one in report.escalations)
    bars = [
        Bar(
            name=f"{one.level}. {show.plain(one.name_vi)}",
            parts=(
                ("var(--actual)", one.raised - one.unanswered),
                ("var(--closed)", one.unanswered - one.waiting),
                ("var(--plan)", one.waiting - one.overdue),
                ("var(--behind)", one.overdue),
            ),
            said=str(one.raised),
            note=notes.figure(Figure.ESCALATIONS, str(one.level)),
        )
        for one in report.escalations
    ]
    return Section(
        name="escalations",
        title=title,
        chart=charts.rows(
            "escalations",
            "Văn bản theo bậc · letters by rung",
            _read_out(bars),
            bars,
        ),
        legend=(
            ("actual", ("đã trả lời", "answered")),
            ("closed", ("không trả lời, đoạn đã bàn giao", "never answered, site handed over")),
            ("plan", ("đang chờ trả lời", "answer awaited")),
            ("behind", ("quá hạn trả lời", "answer overdue")),
        ),
        tables=(
            Table(
                heads=(
                    ("Bậc", "rung"),
                    ("Đã gửi", "raised"),
                    ("Chưa trả lời", "not answered"),
                    ("Đang chờ", "awaited"),
                    ("Quá hạn", "overdue"),
                ),
                rows=lines,
                numbers=frozenset({1, 2, 3, 4}),
            ),
        ),
    )


def _letters(one: Letters, notes: Notes) -> tuple[Cell, ...]:
    rung = str(one.level)
    return (
        Cell(text=f"{rung}. {show.plain(one.name_vi)}", below=show.plain(one.name)),
        Cell(text=str(one.raised), note=notes.figure(Figure.ESCALATIONS, rung)),
        Cell(text=str(one.unanswered), note=notes.figure(Figure.UNANSWERED, rung)),
        Cell(text=str(one.waiting) if one.waiting else "–"),
        Cell(text=str(one.overdue) if one.overdue else "–", tone="bad" if one.overdue else ""),
    )


def waits(report: Report, notes: Notes) -> Section:
    """What waits longest, for whom, and where all waiting time has gone."""
    title = ("Ai đang được chờ lâu nhất", "what waits longest, and for whom")
    if not report.longest:
        return _nothing("waits", title)
    shares = report.waits[:_TOP]
    return Section(
        name="waits",
        title=title,
        tables=(
            Table(
                heads=(
                    ("Ai", "who"),
                    ("Việc", "what"),
                    ("Hồ sơ", "case"),
                    ("Từ", "since"),
                    ("Ngày làm việc", "working days"),
                ),
                rows=tuple(_longest(one, notes) for one in report.longest),
                numbers=frozenset({4}),
                stacked=True,
            ),
            Table(
                heads=(
                    ("Tổng thời gian chờ theo chức danh", "all waiting, by post"),
                    ("Ngày làm việc", "working days"),
                    ("Việc", "waits"),
                    ("Đang chờ", "still open"),
                    ("Lâu nhất", "longest"),
                ),
                rows=tuple(
                    (
                        _who(share.of),
                        Cell(text=f"{share.working_days:,}"),
                        Cell(text=f"{share.waits:,}"),
                        Cell(text=f"{share.still_open:,}"),
                        Cell(text=f"{share.longest:,}"),
                    )
                    for share in shares
                ),
                numbers=frozenset({1, 2, 3, 4}),
            ),
        ),
    )


def _longest(one: Longest, notes: Notes) -> tuple[Cell, ...]:
    waited = one.waited
    task = both(words.TASKS, waited.task)
    stopped = sum(stop.working_days for stop in waited.stopped)
    return (
        _who(str(waited.post)),
        Cell(text=task[0], below=task[1]),
        Cell(text=show.plain(waited.stream.partition("/")[2])),
        Cell(text=show.day(waited.since)),
        Cell(
            text=f"{waited.working_days:,}",
            below=f"dừng · stopped {stopped}" if stopped else "",
            note=notes.wait(waited.stream, waited.key, waited.working_days, one.begun),
        ),
    )


def _who(post: str) -> Cell:
    role, _, unit = post.partition("@")
    return Cell(text=f"{both(words.ROLES, role)[0]}, {show.plain(unit)}", below=show.plain(post))


def _nothing(name: str, title: tuple[str, str]) -> Section:
    return Section(name=name, title=title, nothing=("chưa có gì", "nothing yet"))
