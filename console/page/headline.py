"""The top of the leaders' report: the figures of the press, and what changed in a week."""

from collections.abc import Collection, Iterator
from fractions import Fraction

from console import record_words, show, words
from console.page.notes import Notes, amount, named, signed
from console.page.parts import Card, Cell, Section, Table
from console.page.reading import Changed, Report
from domain.difference import Figure
from domain.portfolio import cut
from domain.tally import Stage
from language.catalogue import mark, plural, tr
from language.numerals import grouped, of_english

_NAMED = 5
"""How many of those below the average the summary names."""
_GROUND = frozenset({Figure.HOUSEHOLDS, Figure.OBSTACLES, Figure.CLEARED})
_PUSHED = frozenset({Figure.STALLED, Figure.ESCALATIONS, Figure.UNANSWERED})
_CASES = frozenset({Figure.PHASE, Figure.PAYMENTS})
_GROUPS = (
    (mark("Money and communes"), frozenset(Figure) - _GROUND - _PUSHED - _CASES),
    (mark("Projects and claims"), _CASES),
    (mark("The ground"), _GROUND),
    (mark("Escalations"), _PUSHED),
)


def summary(report: Report) -> tuple[str, ...]:
    """The whole of it in four sentences; no line ends between a number and its per cent."""
    told = report.foreseen
    sentences = (
        _so_far(report),
        *_behind(report),
        *_stuck(report),
        tr(
            "By {last} it may come to about {likely} %: from {least} to {most} %.",
            last=f"{told.forecast.last:%d/%m/%Y}",
            likely=of_english(told.likely_percent_cut),
            least=of_english(told.cautious_percent_cut),
            most=of_english(told.hopeful_percent_cut),
        ),
    )
    return tuple(sentence.replace(" %", "\N{NO-BREAK SPACE}%") for sentence in sentences)


def _so_far(report: Report) -> str:
    """What was paid, and how the last whole month stands to its plan."""
    found = report.portfolio
    paid = tr(
        "By {day}, {disbursed} of {allocated} was disbursed: {rate} %.",
        day=f"{found.as_of:%d/%m/%Y}",
        disbursed=show.money(found.rate.disbursed),
        allocated=show.money(found.rate.of),
        rate=of_english(report.rate_percent_cut),
    )
    whole = [
        (point.by, point.actual - point.planned)
        for point in report.curve
        if point.whole and point.actual is not None and point.planned is not None
    ]
    if not whole:
        return paid
    by, gap = whole[-1]
    much, month = show.money(abs(gap)), f"{by:%m/%Y}"
    if gap < 0:
        against = tr("That is {much} behind the plan of {month}.", much=much, month=month)
    else:
        against = tr("That is {much} ahead of the plan of {month}.", much=much, month=month)
    return f"{paid} {against}"


def _behind(report: Report) -> Iterator[str]:
    behind = [place.unit for place in report.ranking.places if place.below_average]
    if behind:
        lowest = behind[-_NAMED:]
        facts = {
            "average": of_english(report.ranking.average.cut(1)),
            "names": ", ".join(
                f"{show.plain(unit.name)} {of_english(unit.rate.cut(1))} %" for unit in lowest
            ),
        }
        if len(behind) > len(lowest):
            yield tr(
                "{n} are below the average of {average} %; the lowest: {names}.",
                n=len(behind),
                **facts,
            )
        else:
            yield tr("Below the average of {average} %: {names}.", **facts)


def _stuck(report: Report) -> Iterator[str]:
    standing = report.find(Figure.OBSTACLES).sum
    awaited = sum(one.waiting for one in report.escalations)
    if standing or awaited:
        yield tr(
            "Obstacles not removed: {obstacles}; letters that await an answer: {letters},"
            " of which overdue: {overdue}.",
            obstacles=grouped(standing),
            letters=grouped(awaited),
            overdue=grouped(sum(one.overdue for one in report.escalations)),
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
        name=tr("Disbursed"),
        figure=Cell(text=f"{of_english(report.rate_percent_cut)} %", note=disbursed),
        lines=(
            Cell(text=tr("{money} disbursed", money=show.money(rate.disbursed)), note=disbursed),
            Cell(
                text=tr("of {money} allocated for {year}", money=show.money(rate.of),
                        year=found.year),
                note=notes.figure(Figure.ALLOCATED),
            ),
            Cell(
                text=f"= {exact.numerator}/{exact.denominator}",
                below=tr("{exact} %; rounded {rounded} %", exact=of_english(rate.rounded(4)),
                         rounded=of_english(rate.rounded(2))),
            ),
        ),
    )  # fmt: skip


def _forecast(report: Report, notes: Notes) -> Card:
    told = report.foreseen
    return Card(
        name=tr("Forecast to {last}", last=f"{told.forecast.last:%d/%m/%Y}"),
        figure=Cell(
            text=f"≈ {of_english(told.likely_percent_cut)} %", note=notes.figure(Figure.DISBURSED)
        ),
        lines=(
            Cell(
                text=f"{of_english(told.cautious_percent_cut)} %"
                f" – {of_english(told.hopeful_percent_cut)} %",
                below=tr("from the cautious to the hopeful"),
                note=notes.claims(),
            ),
        ),
    )


def _funded(report: Report, notes: Notes) -> Iterator[Card]:
    for one in report.portfolio.funded:
        yield Card(
            name=tr("Year's capital, cohort {cohort}", cohort=show.plain(one.cohort)),
            figure=Cell(text=f"{of_english(cut(one.exact, 1))} %"),
            lines=(
                Cell(
                    text=tr("{money} allocated", money=show.money(one.allocated)),
                    note=notes.figure(Figure.ALLOCATED, one.cohort),
                ),
                Cell(
                    text=tr("of {money} total investment", money=show.money(one.total_investment)),
                    note=notes.figure(Figure.INVESTMENT, one.cohort),
                ),
            ),
        )


def _chosen(report: Report, notes: Notes) -> list[Card]:
    found = report.portfolio
    return [
        Card(
            name=tr("Communes chosen"),
            figure=Cell(text=f"{grouped(found.chosen)} / {grouped(found.chosen + found.deferred)}"),
            lines=(
                *(
                    Cell(
                        text=f"{show.plain(name)} {grouped(count)}",
                        note=notes.figure(Figure.CHOSEN, name),
                    )
                    for name, count in found.chosen_by_district.items()
                ),
                Cell(
                    text=tr("{n} deferred for lack of capital", n=grouped(found.deferred)),
                    note=notes.figure(Figure.DEFERRED),
                ),
            ),
        ),
        Card(
            name=tr("Investment per commune"),
            figure=Cell(text=_average(found.investment_per_commune)),
            lines=(
                Cell(
                    text=tr("{money} total investment", money=show.money(found.total_investment)),
                    note=notes.figure(Figure.INVESTMENT),
                ),
                Cell(
                    text=plural("for {n} commune", "for {n} communes", found.chosen),
                    note=notes.figure(Figure.CHOSEN),
                ),
            ),
        ),
    ]


def _communes(report: Report, notes: Notes) -> Card:
    found = report.portfolio
    sizes = " + ".join(str(size) for size in found.cohort_sizes.values())
    return Card(
        name=tr("Communes of the programme"),
        figure=Cell(
            text=grouped(found.communes_in_cohorts), note=notes.figure(Figure.COMMUNES)
        ),
        lines=(
            Cell(text=tr("= {sizes} by cohort", sizes=sizes)),
            Cell(
                text=tr("{base} at the start", base=grouped(found.base_communes)),
                below=tr("difference of {n}: stated, not forced to agree",
                         n=grouped(found.unexplained_communes)),
                note=notes.figure(Figure.BASE),
            ),
        ),
    )  # fmt: skip


def changed(report: Report, notes: Notes) -> Section:
    """What is different from a week ago, and because of which events."""
    tables = tuple(
        Table(
            heads=(
                tr(name),
                tr("Before"),
                tr("After"),
                tr("Difference"),
                tr("Because of"),
            ),
            rows=rows,
            numbers=frozenset({1, 2, 3}),
            stacked=True,
        )
        for name, figures in _GROUPS
        if (rows := tuple(_change(one, notes) for one in _of(report, figures)))
    )
    return Section(
        name="changed",
        title=tr("What changed since {day}, and why", day=show.day(report.since)),
        lead=(
            Cell(
                text=tr(
                    "From {since} to {until}: figures changed {changed}, unchanged {still}",
                    since=show.minute(report.since),
                    until=show.minute(report.as_of),
                    changed=grouped(len(report.changed)),
                    still=grouped(len(report.unchanged)),
                ),
            ),
        ),
        tables=tables,
        nothing="" if tables else tr("Nothing changed."),
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
    kinds = ", ".join(
        f"{show.plain(words.said(record_words.EVENTS, kind))} ×{grouped(count)}"
        for kind, count in one.kinds.items()
    )
    largest = "; ".join(
        f"{show.day(line.at)[:5]} {show.plain(line.case)} {signed(figure, line.amount)}"
        for line in one.largest
    )
    return (
        Cell(text=named(one.measure)),
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
