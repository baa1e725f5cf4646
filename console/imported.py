"""What `ntm clearance import` answers: what a file added to the record, or why it added nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import typer

from console import show
from console.flaws import Finding
from console.sending import where
from console.spreadsheet.comparing import Compared
from console.spreadsheet.reading import Column, Read
from console.spreadsheet.vocabulary import Table
from console.words import Word
from domain.cases import CaseEntry
from domain.utilities import UtilityEntry
from domain.values import StreamId, Vnd, value
from language.catalogue import pick, plural, tr
from language.numerals import grouped

if TYPE_CHECKING:
    from office.session import Decided

_SHOWN = 200
"""Problems shown at most; all are counted."""

Outcome: TypeAlias = Literal["recorded", "on-record-already", "dry-run", "refused"]
_OUTCOMES: dict[Outcome, Word] = {
    "recorded": ("đã ghi", "recorded"),
    "on-record-already": ("đã có đủ, không ghi gì", "all of it is on record already"),
    "dry-run": ("kiểm tra thử, không ghi gì", "a trial: nothing was recorded"),
    "refused": ("bị từ chối, không ghi gì", "refused: nothing was recorded"),
}


@value
class Sums:
    """What rows add to: m², poles, đồng."""

    rows: int
    area_before_m2: int
    area_given_m2: int
    area_left_m2: int
    origins_clear: int
    poles: int
    estimate: Vnd


@value
class Import:
    """One file and one section. `fresh` is what is, or would be, recorded by it.

    `structures` were checked and are not recorded: an inventory does that, after the donation.
    """

    stream: StreamId
    file: str
    outcome: Outcome
    sheet: str = ""
    table: Table | None = None
    rows: int = 0
    same: int = 0
    fresh: Sums | None = None
    structures: Vnd = Vnd(0)
    columns: tuple[Column, ...] = ()
    rows_aside: tuple[int, ...] = ()
    total_rows: tuple[int, ...] = ()
    totals_not_checked: tuple[int, ...] = ()
    other_sheets: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    problems: int = 0
    findings: tuple[Finding, ...] = ()
    decision_id: str | None = None
    version: int | None = None
    position: int | None = None


def unread(stream: StreamId, file: Path, finding: Finding) -> Import:
    """A file in which there is no table to read."""
    return Import(stream=stream, file=file.name, outcome="refused", problems=1, findings=(finding,))


def told(
    stream: StreamId,
    file: Path,
    read: Read,
    compared: Compared,
    decided: "Decided | None",
    outcome: Outcome,
) -> Import:
    """What was read, found and recorded, in one value."""
    found = (*read.findings, *compared.findings)
    findings = tuple(sorted(found, key=lambda finding: finding.row or 0))
    return Import(
        stream=stream,
        file=file.name,
        outcome=outcome,
        sheet=read.sheet,
        table=read.table,
        rows=len(read.entries),
        same=compared.same,
        fresh=_sums(compared),
        structures=read.structures,
        columns=read.columns,
        rows_aside=read.aside,
        total_rows=read.totals,
        totals_not_checked=read.unchecked_totals,
        other_sheets=read.other_sheets,
        hidden_sheets=read.hidden_sheets,
        problems=len(findings),
        findings=findings[:_SHOWN],
        decision_id=decided.decision_id if decided else None,
        version=decided.version if decided else None,
        position=decided.position if decided else None,
    )


def _sums(compared: Compared) -> Sums:
    cases = [entry for entry in compared.fresh if isinstance(entry, CaseEntry)]
    lines = [entry for entry in compared.fresh if isinstance(entry, UtilityEntry)]
    return Sums(
        rows=len(compared.fresh),
        area_before_m2=sum(case.area_before_m2 for case in cases),
        area_given_m2=sum(case.area_given_m2 for case in cases),
        area_left_m2=sum(case.area_left_m2 for case in cases),
        origins_clear=sum(case.origin_confirmed for case in cases),
        poles=sum(line.poles for line in lines),
        estimate=Vnd(sum(line.estimate for line in lines)),
    )


def tell(done: Import, output: str) -> None:
    """As JSON for programs; for people what was read on stdout, and what is wrong on stderr."""
    if output == "json":
        show.json(done)
        return
    if done.table is not None:
        show.screen().print(_summary(done))
    if done.findings:
        _tell_findings(done)


def _summary(done: Import) -> object:
    told = pick(_OUTCOMES[done.outcome])
    if done.position is not None:
        told += f": {where(done.position, done.version, done.stream)}"
    pairs = [
        (tr("file"), show.clean(" / ".join(filter(None, (done.file, done.sheet))))),
        (tr("columns read"), _columns(done, "read")),
        (tr("checked, not recorded"), _columns(done, "checked")),
        (tr("left out, personal"), _columns(done, "personal")),
        (tr("not read"), _columns(done, "ignored")),
        (tr("rows set aside"), _numbers(done.rows_aside)),
        (tr("rows of totals"), _numbers(done.total_rows)),
        (tr("totals not checked, formulas"), _numbers(done.totals_not_checked)),
        (tr("sheets not read"), show.clean(", ".join(done.other_sheets))),
        (tr("hidden sheets"), show.clean(", ".join(done.hidden_sheets))),
        (tr("on record already"), str(done.same) if done.same else ""),
        (tr("new"), _new(done)),
        (tr("structures"), show.money(done.structures) if done.structures else ""),
        (tr("outcome"), told),
    ]
    return show.facts(*pairs)


def _new(done: Import) -> str:
    fresh = done.fresh
    if fresh is None or done.outcome == "refused":
        return ""
    if not fresh.rows:
        return "0"
    if done.table is Table.POLES:
        poles = plural("{n} pole", "{n} poles", fresh.poles)
        return f"{fresh.rows}: {poles}, {show.money(fresh.estimate)}"
    return tr(
        "{rows}: {before} = {given} + {left} m² (before = given + left), origin clear: {clear}",
        rows=fresh.rows,
        before=grouped(fresh.area_before_m2),
        given=grouped(fresh.area_given_m2),
        left=grouped(fresh.area_left_m2),
        clear=fresh.origins_clear,
    )


def _columns(done: Import, fate: str) -> str:
    return show.clean("; ".join(f"{c.column} {c.heading}" for c in done.columns if c.use == fate))


def _numbers(rows: tuple[int, ...]) -> str:
    some = ", ".join(map(str, rows[:20]))
    return f"{some}, …" if len(rows) > 20 else some


def _tell_findings(done: Import) -> None:
    from rich.console import Console

    table = show.table(tr("Row"), tr("Column"), tr("Value"), tr("Problem"), tr("Write instead"))
    for found in done.findings:
        table.add_row(
            str(found.row or ""),
            show.clean(f"{found.column} {found.heading}".strip()),
            show.clean(found.given),
            show.clean(found.why),
            show.clean(found.write),
        )
    Console(stderr=True, highlight=False).print(table)
    if done.problems > len(done.findings):
        rest = done.problems - len(done.findings)
        typer.echo(tr("… and {n} more problems", n=rest), err=True)
