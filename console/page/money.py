"""The money of the leaders' report: the S-curve, the forecast, what it paid for, the ranking."""

from datetime import timedelta
from itertools import pairwise

from console import money_words, show
from console.page import charts
from console.page.charts import Bar
from console.page.notes import Notes, both, signed
from console.page.parts import Cell, Section, Table
from console.page.reading import Report
from domain.curve import Point
from domain.difference import USES, Figure
from domain.league import Place
from domain.portfolio import Rate, cut
from domain.values import Vnd

_DAY = timedelta(days=1)
_MILLION = 1_000_000


def curve(report: Report, notes: Notes) -> Section:
    """Plan and reality, month by month, and what the year may come to."""
    before = report.curve[0].by.replace(day=1) - _DAY
    spans = pairwise((before, *(point.by for point in report.curve)))
    months = {
        by.isoformat(): notes.month(after, by)
        for (after, by), point in zip(spans, report.curve, strict=True)
        if point.actual is not None
    }
    return Section(
        name="curve",
        title=("Đường cong giải ngân và dự báo", "S-curve and forecast"),
        chart=charts.curve(report, months),
        legend=(
            ("actual", ("đã giải ngân", "disbursed")),
            ("plan", ("kế hoạch", "planned")),
            ("forecast", ("dự báo: thận trọng – lạc quan", "forecast: cautious – hopeful")),
            ("likely", ("nhiều khả năng", "likely")),
        ),
        tables=(_points(report, months), _forecast(report, notes), _uses(report, notes)),
    )


def _points(report: Report, months: dict[str, int]) -> Table:
    of = report.portfolio.rate.of
    return Table(
        heads=(
            ("Đến hết", "by"),
            ("Kế hoạch", "planned"),
            ("Thực tế", "actual"),
            ("Chênh", "difference"),
            ("% bố trí", "of allocated"),
        ),
        rows=tuple(
            _point(point, of, months.get(point.by.isoformat()))
            for point in report.curve
            if point.planned is not None or point.actual is not None
        ),
        numbers=frozenset({1, 2, 3, 4}),
    )


def _point(point: Point, of: Vnd, note: int | None) -> tuple[Cell, ...]:
    gap = (point.actual or 0) - (point.planned or 0)
    both_stand = point.whole and point.planned is not None
    return (
        Cell(
            text=f"{point.by:%d/%m/%Y}",
            below="" if point.whole or point.actual is None else "chưa hết tháng · not over",
        ),
        Cell(text=show.money(point.planned)),
        Cell(text=show.money(point.actual), note=note),
        Cell(
            text=signed(Figure.DISBURSED, gap) if both_stand else "",
            tone="bad" if both_stand and gap < 0 else "",
        ),
        Cell(
            text=f"{Rate(disbursed=point.actual, of=of).cut(1)} %"
            if point.actual is not None
            else ""
        ),
    )


def _forecast(report: Report, notes: Notes) -> Table:
    told = report.foreseen.forecast
    claims = notes.claims()
    disbursed = notes.figure(Figure.DISBURSED)
    pace = f"{len(told.months)} tháng qua"
    rows = (
        (("thận trọng", "cautious"), told.cautious, report.foreseen.cautious_percent_cut, claims,
         ("đã chi và đề nghị đang chờ", "paid, and claims under way")),
        (("nhiều khả năng", "likely"), told.likely, report.foreseen.likely_percent_cut, disbursed,
         (f"đã chi và nhịp {pace}", "paid, and the pace of past months")),
        (("lạc quan", "hopeful"), told.hopeful, report.foreseen.hopeful_percent_cut, disbursed,
         ("đã chi và nhịp tháng cao nhất", "paid, and the best month's pace")),
    )  # fmt: skip
    return Table(
        heads=(
            (f"Dự báo đến {told.last:%d/%m/%Y}", "forecast"),
            ("Giải ngân", "disbursed"),
            ("Tỷ lệ", "rate"),
            ("Cách tính", "how"),
        ),
        rows=tuple(
            (
                Cell(text=name[0], below=name[1]),
                Cell(text=f"≈ {show.money(sum_ - sum_ % _MILLION)}", note=note),
                Cell(text=f"{rate} %"),
                Cell(text=how[0], below=how[1]),
            )
            for name, sum_, rate, note, how in rows
        ),
        numbers=frozenset({1, 2}),
        stacked=True,
    )


def _uses(report: Report, notes: Notes) -> Table:
    return Table(
        heads=(("Đã chi cho", "paid for"), ("Số tiền", "amount")),
        rows=tuple(
            (
                Cell(text=name[0], below=name[1]),
                Cell(text=show.money(getattr(report.uses, use)), note=notes.figure(use)),
            )
            for use in USES
            for name in (both(money_words.FIGURES, use),)
        ),
        numbers=frozenset({1}),
        foot=(
            Cell(text="giải ngân", below="disbursed"),
            Cell(text=show.money(report.uses.disbursed), note=notes.figure(Figure.DISBURSED)),
        ),
    )


def ranking(report: Report, notes: Notes) -> Section:
    """Who is ahead of the average and who is behind it, by name."""
    ranked = report.ranking
    average = ranked.average
    below = sum(place.below_average for place in ranked.places)
    unit = both(money_words.GROUPINGS, ranked.by)
    lines = tuple(_place(report, place, notes) for place in ranked.places)
    bars = [
        Bar(
            name=show.plain(place.unit.name),
            parts=(("var(--behind)" if place.below_average else "var(--actual)",
                    float(place.unit.rate.exact)),),
            said=f"{place.unit.rate.cut(1)} %",
            note=notes.figure(Figure.DISBURSED, place.unit.name),
        )
        for place in ranked.places
        if place.place is not None
    ]  # fmt: skip
    return Section(
        name="ranking",
        title=(f"Xếp hạng theo {unit[0]} so với bình quân", f"{unit[1]} against the average"),
        lead=(
            Cell(
                text=f"bình quân {average.cut(1)} % = {show.money(average.disbursed)} /"
                f" {show.money(average.of)}; dưới bình quân {below} / {len(ranked.places)}",
                below="average; below it",
            ),
        ),
        chart=charts.rows(
            "ranking",
            f"Tỷ lệ giải ngân theo {unit[0]} · rate by {unit[1]}",
            "; ".join(f"{bar.name} {bar.said}" for bar in bars)
            + f". Bình quân · average {average.cut(1)} %",
            bars,
            float(average.exact),
        ),
        legend=(
            ("actual", ("từ bình quân trở lên", "at or above the average")),
            ("behind", ("dưới bình quân", "below")),
            ("average", ("bình quân", "average")),
        ),
        tables=(
            Table(
                heads=(
                    ("Hạng", "place"),
                    unit,
                    ("Bố trí", "allocated"),
                    ("Giải ngân", "disbursed"),
                    ("Tỷ lệ", "rate"),
                    ("So bình quân", "points"),
                ),
                rows=lines,
                numbers=frozenset({0, 2, 3, 4, 5}),
            ),
        ),
    )


def _place(report: Report, place: Place, notes: Notes) -> tuple[Cell, ...]:
    unit = place.unit
    gap = unit.rate.exact - report.ranking.average.exact
    rated = place.place is not None
    return (
        Cell(text=f"{place.place}{'=' if place.tied > 1 else ''}" if rated else "–"),
        Cell(text=show.plain(unit.name), below=show.plain(report.communes.get(unit.name, ""))),
        Cell(text=show.money(unit.allocated), note=notes.figure(Figure.ALLOCATED, unit.name)),
        Cell(text=show.money(unit.disbursed), note=notes.figure(Figure.DISBURSED, unit.name)),
        Cell(text=f"{unit.rate.cut(1)} %" if rated else ""),
        Cell(
            text=f"{'−' if gap < 0 else '+'}{cut(abs(gap), 1)}" if rated else "",
            tone="bad" if place.below_average else "",
        ),
    )
