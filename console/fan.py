"""What a simulation came to, as people read it: a fan of outcomes, bands, and who is late."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from console import plot, show
from console.looking import LeftOut
from console.plot import Column
from domain.play import ASSUMED_DAYS
from domain.portfolio import Rate
from domain.simulation import Band
from domain.values import CommuneId, Vnd, value
from language.catalogue import plural, tr, tr_in
from language.numerals import grouped, of_english
from storage.head import Head

if TYPE_CHECKING:
    from rich.table import Table

_SHOWN = 15
WIDE = 60
"""How many columns the fan has at most."""
_BILLION = 1_000_000_000


@value
class Reached:
    """Disbursed by the end of a day, đồng: as things are, and with the slips."""

    by: date
    base: Band
    slipped: Band


@value
class Line:
    """A day of the fan, for a spreadsheet, đồng."""

    until: date
    base: Band
    slipped: Band


@value
class Missing:
    """A commune, and in how many runs it was not in use by the end of the target year."""

    commune: CommuneId
    name: str
    base: int
    slipped: int


@value
class Proof:
    """The record before and after: events, root of their tree, rows of each table.

    `unchanged` says that all it held before is there as it was; others may have recorded since.
    """

    before: Head
    after: Head
    unchanged: bool


@value
class Simulated:
    """What all runs came to: `reached` week by week, the last of them the day asked for."""

    as_of: datetime
    known_at: datetime
    left_out: tuple[LeftOut, ...]
    year: int
    allocated: Vnd
    disbursed: Vnd
    runs: int
    seed: int
    slips: int
    by_working_days: int
    clearances_under_way: int
    target_year: int
    reached: tuple[Reached, ...]
    missing: tuple[Missing, ...]
    refused: Mapping[str, int]
    assumed: tuple[str, ...]
    proof: Proof


def lines(report: Simulated) -> tuple[Line, ...]:
    """Week by week, the last of them the day asked for."""
    return tuple(Line(until=one.by, base=one.base, slipped=one.slipped) for one in report.reached)


def draw(report: Simulated) -> None:
    screen = show.screen()
    for row in _fan(report):
        screen.print(row)
    screen.print(_bands(report))
    if report.missing:
        screen.print(_communes(report))
    screen.print(show.facts(*_statements(report)))


def _fan(report: Simulated) -> list[str]:
    """What was paid by now at the foot, and week by week what may be."""
    floor = report.disbursed - report.disbursed % _BILLION
    columns = [
        Column(
            label=label,
            solid=one.slipped.p10,
            band=one.slipped.p90,
            line=one.slipped.p50,
            dashes=one.base.p50 if report.slips else None,
        )
        for label, one in zip(_labels(report), report.reached, strict=True)
    ]
    width = max(1, WIDE // len(columns))
    title = tr("Capital of {year}, billion đồng: disbursement, cumulative", year=report.year)
    legend = tr("█ at least, in nine plays of ten (p10)   ━ half (p50)   ░ at most, in nine (p90)")
    without = tr("╌ half (p50), without the slips")
    return [
        f"[bold]{title}[/]",
        *plot.chart(columns, floor=floor, width=width, gap=0),
        f"[dim]{legend}[/]",
        *([f"[dim]{without}[/]"] if report.slips else []),
    ]


def _labels(report: Simulated) -> Iterator[str]:
    """The month, over the first of its columns."""
    before: date | None = None
    for one in report.reached:
        new = before is None or one.by.month != before.month
        yield f"{one.by:%m/%y}" if new else ""
        before = one.by


def _bands(report: Simulated) -> "Table":
    table = show.table(
        tr("By"), tr_in("play", "Case"), "p10", "p50", "p90", tr("p50 of allocated"),
        numbers=[2, 3, 4, 5], whole=[0], title=tr("Billion đồng"),
    )  # fmt: skip
    last = report.reached[-1]
    cases = [(tr("as things are"), last.base)]
    if report.slips:
        cases.append((_slipped(report), last.slipped))
    for name, found in cases:
        amounts = (_about(found.p10), _about(found.p50), _about(found.p90))
        rate = Rate(disbursed=found.p50, of=report.allocated)
        table.add_row(f"{last.by:%d/%m/%Y}", name, *amounts, f"{of_english(rate.cut(1))} %")
    if report.slips:
        moved = (last.slipped.p10 - last.base.p10, last.slipped.p50 - last.base.p50,
                 last.slipped.p90 - last.base.p90)  # fmt: skip
        table.add_row("", tr("difference"), *map(_about, moved), "")
    return table


def _slipped(report: Simulated) -> str:
    return plural(
        "{n} section slips by {days} working days",
        "{n} sections slip by {days} working days",
        report.slips,
        days=report.by_working_days,
    )


def _communes(report: Simulated) -> "Table":
    titles = [tr("Commune"), tr("Misses it")]
    titles += [tr("With the slips")] if report.slips else []
    last = f"31/12/{report.target_year}"
    table = show.table(
        *titles,
        numbers=range(1, len(titles)),
        title=tr("Communes whose works are not in use by {day}", day=last),
    )
    for row in report.missing[:_SHOWN]:
        counts = [_share(row.base, report.runs)]
        counts += [_share(row.slipped, report.runs)] if report.slips else []
        table.add_row(show.clean(f"{row.commune}  {row.name}"), *counts)
    rest = len(report.missing) - _SHOWN
    if rest > 0:
        table.add_row(f"… +{rest}", "[dim]--output json[/]")
    return table


def _share(count: int, runs: int) -> str:
    return f"{count}/{runs} = {100 * count // runs} %"


def _statements(report: Simulated) -> tuple[tuple[str, str], ...]:
    proof = report.proof
    refused = ", ".join(f"{rule} {count}" for rule, count in report.refused.items())
    rows = sum(proof.after.rows.values()) - sum(proof.before.rows.values())
    same = tr("nothing of it changed") if proof.unchanged else tr("IT DIFFERS")
    others = "; " + tr("{rows} rows recorded by others", rows=f"{rows:+}") if rows else ""
    return (
        (tr("Plays, seed"), f"{report.runs}, {report.seed}"),
        (tr("Being cleared"), _sections(report.clearances_under_way)),
        (tr("Refused in play"), refused),
        (
            tr("Assumed"),
            tr(
                "{days} days for {steps}: nothing on record shows how long they take",
                days=ASSUMED_DAYS, steps=", ".join(report.assumed),
            )
            if report.assumed
            else "",
        ),
        (tr("Record before"), _head(proof.before)),
        (tr("Record after"), f"{_head(proof.after)}: {same}{others}"),
    )  # fmt: skip


def _sections(count: int) -> str:
    return plural("{n} section", "{n} sections", count)


def _head(head: Head) -> str:
    return plural(
        "{n} event, {root}…", "{n} events, {root}…", head.events,
        n=grouped(head.events), root=head.root[:16],
    )  # fmt: skip


def _about(amount: int) -> str:
    """In billions, cut to a tenth: a play is no account."""
    tenth = _BILLION // 10
    sign = "-" if amount < 0 else ""
    return f"{sign}{show.billions(abs(amount) // tenth * tenth)}"
