"""How far clearance has come, as weekly reports say it: one sentence, then stage by stage."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from console import show, words
from domain.deadlines import StepDeadline
from domain.tally import Stage, Tally
from language.catalogue import plural, tr, tr_in
from language.numerals import grouped, of_english

if TYPE_CHECKING:
    from rich.table import Table

_HECTARE = 10_000
_IN_SHORT = (Stage.INVENTORIED, Stage.POSTED, Stage.PAID)


def area(square_metres: int) -> str:
    """Exact: hectares from one upwards, as `14.58 ha`; square metres below."""
    if square_metres < _HECTARE:
        return f"{grouped(square_metres)} m²"
    whole, rest = divmod(square_metres, _HECTARE)
    return of_english(f"{whole:,}.{rest:04d}".rstrip("0").rstrip(".")) + " ha"


def sentence(tally: Tally) -> str:
    """Such as `156 households, 14.58 ha; 132 handed over, 13.78 ha; inventoried 20/20`."""
    needed, gone = tally.stages[Stage.NEEDED], tally.stages[Stage.HANDED_OVER]
    if not needed.households:
        return ""
    parts = [
        plural(
            "{n} household, {area}",
            "{n} households, {area}",
            needed.households,
            area=area(needed.area_m2),
        ),
        tr("{n} handed over, {area}", n=gone.households, area=area(gone.area_m2)),
    ]
    for stage in _IN_SHORT:
        count = tally.stages[stage]
        parts.append(f"{words.said(words.STEPS, stage)} {count.households}/{count.owed}")
    if tally.poles:
        parts.append(tr("poles moved {moved}/{all}", moved=tally.poles_moved, all=tally.poles))
    return "; ".join(parts)


def stages(tally: Tally) -> "Table":
    table = show.table(
        tr_in("clearance", "Stage"),
        tr("Households"),
        tr("Area"),
        tr("With structures"),
        tr("Support"),
        numbers=[1, 2, 3, 4],
    )
    if tally.stages[Stage.NEEDED].households:
        for stage, count in tally.stages.items():
            table.add_row(
                show.word(words.STEPS, stage),
                f"{count.households} / {count.owed}",
                area(count.area_m2),
                str(count.structures),
                show.money(count.support),
            )
    return table


def limits(running: Iterable[StepDeadline]) -> "Table":
    table = show.table(tr("Limit"), tr("Since"), tr("Due"), tr("Rule"), whole=[1, 2])
    for limit in running:
        name = limit.key.partition("/")[0]
        table.add_row(
            show.word(words.LIMITS, name),
            show.day(limit.since),
            show.last_day(limit.due.at),
            show.clean(limit.rule),
        )
    return table
