"""The top of the leaders' report: the figures of the press, and what changed in a week."""

from collections.abc import Collection, Iterator
from fractions import Fraction

from console import record_words, show
from console.page.notes import Notes, amount, both, named, signed
from console.page.parts import Card, Cell, Section, Table
from console.page.reading import Changed, Report
from console.words import Word
from domain.difference import Figure
from domain.portfolio import cut
from domain.tally import Stage

_NAMED = 5
"""How many of those below the average the summary names."""
_GROUND = frozenset({Figure.HOUSEHOLDS, Figure.OBSTACLES, Figure.CLEARED})
_PUSHED = frozenset({Figure.STALLED, Figure.ESCALATIONS, Figure.UNANSWERED})
_CASES = frozenset({Figure.PHASE, Figure.PAYMENTS})
_GROUPS = (
    (("Tiền và xã", "money and communes"), frozenset(Figure) - _GROUND - _PUSHED - _CASES),
    (("Dự án và đề nghị thanh toán", "projects and claims"), _CASES),
    (("Mặt bằng", "the ground"), _GROUND),
    (("Đôn đốc", "escalations"), _PUSHED),
)


def summary(report: Report) -> tuple[Word, ...]:
    """The whole of it in four sentences."""
    found, told = report.portfolio, report.foreseen
    day, last = f"{found.as_of:%d/%m/%Y}", f"{told.forecast.last:%d/%m/%Y}"
    least, most = told.cautious_percent_cut, told.hopeful_percent_cut
    of = f"{show.money(found.rate.disbursed)} / {show.money(found.rate.of)}"
    return (
        (
            f"Đến {day} đã giải ngân {of} = {report.rate_percent_cut} %{_against(report)[0]}.",
            f"By {day} {of} = {report.rate_percent_cut} % was disbursed{_against(report)[1]}.",
        ),
        *_behind(report),
        *_stuck(report),
        (
            f"Dự báo đến {last}: khoảng {told.likely_percent_cut} % (từ {least} đến {most} %).",
            f"Forecast to {last}: about {told.likely_percent_cut} %, from {least} to {most} %.",
        ),
    )


def _against(report: Report) -> Word:
    """How the last whole month stands to its plan."""
    whole = [
        (point.by, point.actual - point.planned)
        for point in report.curve
        if point.whole and point.actual is not None and point.planned is not None
    ]
    if not whole:
        return "", ""
    by, gap = whole[-1]
    much, month = show.money(abs(gap)), f"{by:%m/%Y}"
    if gap < 0:
        return f", kém kế hoạch tháng {month} {much}", f", {much} behind the plan of {month}"
    return f", vượt kế hoạch tháng {month} {much}", f", {much} ahead of the plan of {month}"


def _behind(report: Report) -> Iterator[Word]:
    behind = [place.unit for place in report.ranking.places if place.below_average]
    if behind:
        lowest = behind[-_NAMED:]
        names = ", ".join(f"{show.plain(unit.name)} {unit.rate.cut(1)} %" for unit in lowest)
        average = report.ranking.average.cut(1)
        only = f" {len(behind)} đơn vị, thấp nhất" if len(behind) > len(lowest) else ""
        yield (
            f"Dưới bình quân {average} %:{only} {names}.",
            f"{len(behind)} of {len(report.ranking.places)} are below the average.",
        )


def _stuck(report: Report) -> Iterator[Word]:
    standing = report.find(Figure.OBSTACLES).sum
    awaited = sum(one.waiting for one in report.escalations)
    overdue = sum(one.overdue for one in report.escalations)
    if standing or awaited:
        letters = f"{awaited} văn bản đôn đốc chờ trả lời, {overdue} đã quá hạn"
        yield (
            f"{standing} vướng mắc đang đứng; {letters}.",
            f"Obstacles that stand: {standing}; letters that await an answer: {awaited}.",
        )


def cards(report: Report, notes: Notes) -> tuple[Card, ...]:
    """The figures that the press asks for, each with its denominator."""
    return (
        _rate(report, notes),
        _forecast(report, notes),
        *(_chosen(report, notes) if report.portfolio.chosen else ()),
        *_funded(report, notes),
        _communes(report, notes),
    )


def _rate(report: Report, notes: Notes) -> Card:
    found, rate = report.portfolio, report.portfolio.rate
    exact = rate.exact / 100
    disbursed = notes.figure(Figure.DISBURSED)
    return Card(
        name=("Giải ngân", "disbursed"),
        figure=Cell(text=f"{report.rate_percent_cut} %", note=disbursed),
        lines=(
            Cell(text=f"{show.money(rate.disbursed)} đã giải ngân", note=disbursed),
            Cell(
                text=f"/ {show.money(rate.of)} bố trí {found.year}",
                note=notes.figure(Figure.ALLOCATED),
            ),
            Cell(
                text=f"= {exact.numerator}/{exact.denominator}",
                below=f"{rate.rounded(4)} %; làm tròn · rounded {rate.rounded(2)} %",
            ),
        ),
    )


def _forecast(report: Report, notes: Notes) -> Card:
    told = report.foreseen
    last = f"{told.forecast.last:%d/%m/%Y}"
    return Card(
        name=("Dự báo", f"forecast to {last}"),
        figure=Cell(
            text=f"≈ {told.likely_percent_cut} %", note=notes.figure(Figure.DISBURSED)
        ),
        lines=(
            Cell(text=f"đến hết {last}, nhiều khả năng", below="likely"),
            Cell(
                text=f"{told.cautious_percent_cut} % – {told.hopeful_percent_cut} %",
                below="thận trọng – lạc quan · cautious – hopeful",
                note=notes.claims(),
            ),
        ),
    )  # fmt: skip


def _funded(report: Report, notes: Notes) -> Iterator[Card]:
    for one in report.portfolio.funded:
        yield Card(
            name=(f"Vốn năm cho đợt {show.plain(one.cohort)}", "funded of the cohort"),
            figure=Cell(text=f"{cut(one.exact, 1)} %"),
            lines=(
                Cell(
                    text=f"{show.money(one.allocated)} bố trí",
                    note=notes.figure(Figure.ALLOCATED, one.cohort),
                ),
                Cell(
                    text=f"/ {show.money(one.total_investment)} tổng mức",
                    below="total investment",
                    note=notes.figure(Figure.INVESTMENT, one.cohort),
                ),
            ),
        )


def _chosen(report: Report, notes: Notes) -> list[Card]:
    found = report.portfolio
    each = found.investment_per_commune
    return [
        Card(
            name=("Xã được chọn", "communes chosen"),
            figure=Cell(text=f"{found.chosen} / {found.chosen + found.deferred}"),
            lines=(
                *(
                    Cell(text=f"{show.plain(name)} {count}", note=notes.figure(Figure.CHOSEN, name))
                    for name, count in found.chosen_by_district.items()
                ),
                Cell(
                    text=f"hoãn {found.deferred}",
                    below="deferred for lack of capital",
                    note=notes.figure(Figure.DEFERRED),
                ),
            ),
        ),
        Card(
            name=("Bình quân một xã", "investment per commune"),
            figure=Cell(text=_average(each)),
            lines=(
                Cell(
                    text=f"{show.money(found.total_investment)} tổng mức",
                    note=notes.figure(Figure.INVESTMENT),
                ),
                Cell(text=f"/ {found.chosen} xã", note=notes.figure(Figure.CHOSEN)),
            ),
        ),
    ]


def _communes(report: Report, notes: Notes) -> Card:
    found = report.portfolio
    sizes = " + ".join(str(size) for size in found.cohort_sizes.values())
    missing = found.unexplained_communes
    return Card(
        name=("Xã trong chương trình", "communes of the programme"),
        figure=Cell(
            text=str(found.communes_in_cohorts), note=notes.figure(Figure.COMMUNES)
        ),
        lines=(
            Cell(text=f"= {sizes}", below="theo đợt · by cohort"),
            Cell(
                text=f"{found.base_communes} ban đầu, chênh {missing}",
                below="at the start; the difference is stated, not forced to agree",
                note=notes.figure(Figure.BASE),
            ),
        ),
    )  # fmt: skip


def changed(report: Report, notes: Notes) -> Section:
    """What is different from a week ago, and because of which events."""
    tables = tuple(
        Table(
            heads=(
                name,
                ("Trước", "before"),
                ("Sau", "after"),
                ("Chênh", "difference"),
                ("Vì", "because of"),
            ),
            rows=rows,
            numbers=frozenset({1, 2, 3}),
            stacked=True,
        )
        for name, figures in _GROUPS
        if (rows := tuple(_change(one, notes) for one in _of(report, figures)))
    )
    still = len(report.unchanged)
    return Section(
        name="changed",
        title=(f"Thay đổi từ {show.day(report.since)}", "what changed since then, and why"),
        lead=(
            Cell(
                text=f"từ {show.minute(report.since)} đến {show.minute(report.as_of)}:"
                f" {len(report.changed)} số liệu đổi, {still} không đổi",
                below="figures that changed, and that did not",
            ),
        ),
        tables=tables,
        nothing=None if tables else ("không có gì thay đổi", "nothing changed"),
    )


def _of(report: Report, figures: Collection[Figure]) -> list[Changed]:
    """The changes of some figures, households as they go from stage to stage."""
    stages = [str(stage) for stage in Stage]
    found = [one for one in report.changed if one.measure.figure in figures]
    if figures is _GROUND:
        found.sort(key=lambda one: stages.index(one.measure.of) if one.measure.of in stages else -1)
    return found


def _change(one: Changed, notes: Notes) -> tuple[Cell, ...]:
    figure = one.measure.figure
    name, english = named(one.measure)
    kinds = ", ".join(
        f"{both(record_words.EVENTS, kind)[0]} ×{count}" for kind, count in one.kinds.items()
    )
    largest = "; ".join(
        f"{show.day(line.at)[:5]} {show.plain(line.case)} {signed(figure, line.amount)}"
        for line in one.largest
    )
    return (
        Cell(text=name, below=english),
        Cell(text=amount(figure, one.before)),
        Cell(text=amount(figure, one.after)),
        Cell(
            text=signed(figure, one.by), note=notes.change(one.measure, one.by, one.events)
        ),
        Cell(text=kinds, below=largest),
    )  # fmt: skip


def _average(each: Fraction) -> str:
    exact = each.denominator == 1
    return show.money(int(each)) if exact else f"≈ {show.money(int(each))}"
