"""The money of the leaders' report: the S-curve, the forecast, what it paid for, the ranking."""

from datetime import timedelta
from itertools import pairwise

from console import money_words, show, words
from console.page import charts
from console.page.charts import Bar
from console.page.notes import Notes, sign
from console.page.parts import Cell, Section, Table
from console.page.reading import Report
from domain.curve import Point
from domain.difference import USES, Figure
from domain.league import Place
from domain.portfolio import Rate, cut
from domain.values import Vnd
from language.catalogue import plural, tr
from language.numerals import grouped, of_english

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
        title=tr("S-curve and forecast"),
        chart=charts.curve(report, months),
        legend=(
            ("actual", tr("disbursed")),
            ("plan", tr("planned")),
            ("forecast", tr("forecast, from the cautious to the hopeful")),
            ("likely", tr("likely")),
        ),
        tables=(_points(report, months), _forecast(report, notes), _uses(report, notes)),
    )


def _points(report: Report, months: dict[str, int]) -> Table:
    of = report.portfolio.rate.of
    return Table(
        heads=(
            tr("By the end of"),
            tr("Planned"),
            tr("Actual"),
            tr("Difference"),
            tr("Of the allocated"),
        ),
        rows=tuple(
            _point(point, of, months.get(point.by.isoformat()))
            for point in report.curve
            if point.planned is not None or point.actual is not None
        ),
        numbers=frozenset({1, 2, 3, 4}),
        unit=tr("billion đồng"),
    )


def _point(point: Point, of: Vnd, note: int | None) -> tuple[Cell, ...]:
    gap = (point.actual or 0) - (point.planned or 0)
    both_stand = point.whole and point.planned is not None
    return (
        Cell(
            text=f"{point.by:%d/%m/%Y}",
            below="" if point.whole or point.actual is None else tr("the month is not over"),
        ),
        Cell(text=_billions(point.planned)),
        Cell(text=_billions(point.actual), note=note),
        Cell(
            text=f"{sign(gap)}{_billions(abs(gap))}" if both_stand else "",
            tone="bad" if both_stand and gap < 0 else "",
        ),
        Cell(
            text=f"{of_english(Rate(disbursed=point.actual, of=of).cut(1))} %"
            if point.actual is not None
            else ""
        ),
    )


def _billions(amount: int | None) -> str:
    return "" if amount is None else show.billions(amount)


def _forecast(report: Report, notes: Notes) -> Table:
    told = report.foreseen.forecast
    claims = notes.claims()
    disbursed = notes.figure(Figure.DISBURSED)
    rows = (
        (tr("cautious"), told.cautious, report.foreseen.cautious_percent_cut, claims,
         tr("paid, and claims under way")),
        (tr("likely"), told.likely, report.foreseen.likely_percent_cut, disbursed,
         plural("paid, and the pace of {n} month",
                "paid, and the pace of {n} months", len(told.months))),
        (tr("hopeful"), told.hopeful, report.foreseen.hopeful_percent_cut, disbursed,
         tr("paid, and the best month's pace")),
    )  # fmt: skip
    return Table(
        heads=(
            tr("Forecast to {last}", last=f"{told.last:%d/%m/%Y}"),
            tr("Disbursed"),
            tr("Rate"),
            tr("How"),
        ),
        rows=tuple(
            (
                Cell(text=name),
                Cell(text=f"≈ {show.money(sum_ - sum_ % _MILLION)}", note=note),
                Cell(text=f"{of_english(rate)} %"),
                Cell(text=how),
            )
            for name, sum_, rate, note, how in rows
        ),
        numbers=frozenset({1, 2}),
        stacked=True,
    )


def _uses(report: Report, notes: Notes) -> Table:
    return Table(
        heads=(tr("Paid for"), tr("Amount")),
        rows=tuple(
            (
                Cell(text=words.said(money_words.FIGURES, use)),
                Cell(text=show.money(getattr(report.uses, use)), note=notes.figure(use)),
            )
            for use in USES
        ),
        numbers=frozenset({1}),
        foot=(
            Cell(text=words.said(money_words.FIGURES, Figure.DISBURSED)),
            Cell(text=show.money(report.uses.disbursed), note=notes.figure(Figure.DISBURSED)),
        ),
    )


def ranking(report: Report, notes: Notes) -> Section:
    """Who is ahead of the average and who is behind it, by name."""
    ranked = report.ranking
    average = ranked.average
    below = sum(place.below_average for place in ranked.places)
    unit = words.said(money_words.GROUPINGS, ranked.by)
    lines = tuple(_place(report, place, notes) for place in ranked.places)
    bars = [
        Bar(
            name=show.plain(place.unit.name),
            parts=(("var(--behind)" if place.below_average else "var(--actual)",
                    float(place.unit.rate.exact)),),
            said=f"{of_english(place.unit.rate.cut(1))} %",
            note=notes.figure(Figure.DISBURSED, place.unit.name),
        )
        for place in ranked.places
        if place.place is not None
    ]  # fmt: skip
    return Section(
        name="ranking",
        title=tr("Ranking by {unit}, against the average", unit=unit),
        lead=(
            Cell(
                text=tr(
                    "The average is {rate} % = {disbursed} / {allocated}; below it: {below}/{all}",
                    rate=of_english(average.cut(1)),
                    disbursed=show.money(average.disbursed),
                    allocated=show.money(average.of),
                    below=grouped(below),
                    all=grouped(len(ranked.places)),
                ),
            ),
        ),
        chart=charts.rows(
            "ranking",
            tr("Rate of disbursement by {unit}", unit=unit),
            tr(
                "{rates}. The average is {average} %.",
                rates="; ".join(f"{bar.name} {bar.said}" for bar in bars),
                average=of_english(average.cut(1)),
            ),
            bars,
            float(average.exact),
        ),
        legend=(
            ("actual", tr("at or above the average")),
            ("behind", tr("below the average")),
            ("average", tr("average")),
        ),
        tables=(
            Table(
                heads=(
                    tr("Place"),
                    f"{unit[:1].upper()}{unit[1:]}",
                    tr("Allocated"),
                    tr("Disbursed"),
                    tr("Rate"),
                    tr("Off average"),
                ),
                rows=lines,
                numbers=frozenset({0, 2, 3, 4, 5}),
                unit=tr("billion đồng"),
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
        Cell(text=show.billions(unit.allocated), note=notes.figure(Figure.ALLOCATED, unit.name)),
        Cell(text=show.billions(unit.disbursed), note=notes.figure(Figure.DISBURSED, unit.name)),
        Cell(text=f"{of_english(unit.rate.cut(1))} %" if rated else ""),
        Cell(
            text=f"{'−' if gap < 0 else '+'}{of_english(cut(abs(gap), 1))}" if rated else "",
            tone="bad" if place.below_average else "",
        ),
    )
