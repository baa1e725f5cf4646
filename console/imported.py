"""What `ntm clearance import` answers: what a file added to the record, or why it added nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import typer

from console import show
from console.flaws import Finding
from console.spreadsheet.comparing import Compared
from console.spreadsheet.reading import Column, Read
from console.spreadsheet.vocabulary import Table
from domain.cases import CaseEntry
from domain.utilities import UtilityEntry
from domain.values import StreamId, Vnd, value

if TYPE_CHECKING:
    from office.session import Decided

_SHOWN = 200
"""Problems shown at most; all are counted."""

Outcome: TypeAlias = Literal["recorded", "on-record-already", "dry-run", "refused"]
_OUTCOMES: dict[Outcome, str] = {
    "recorded": "đã ghi · recorded",
    "on-record-already": "đã có đủ, không ghi gì · all of it is on record already",
    "dry-run": "thử, không ghi gì · a trial: nothing was recorded",
    "refused": "từ chối, không ghi gì · refused: nothing was recorded",
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
    told = _OUTCOMES[done.outcome]
    if done.position is not None:
        told += f": event {done.position}, version {done.version} of {done.stream}"
    pairs = [
        ("tệp · file", show.clean(" / ".join(filter(None, (done.file, done.sheet))))),
        ("đọc · columns read", _columns(done, "read")),
        ("kiểm tra, không ghi · checked only", _columns(done, "checked")),
        ("bỏ ra, cá nhân · left out, personal", _columns(done, "personal")),
        ("không đọc · ignored", _columns(done, "ignored")),
        ("dòng không phải dữ liệu · rows set aside", _numbers(done.rows_aside)),
        ("dòng tổng · totals", _numbers(done.total_rows)),
        ("tổng là công thức · totals not checked", _numbers(done.totals_not_checked)),
        ("trang không đọc · other sheets", show.clean(", ".join(done.other_sheets))),
        ("trang ẩn · hidden sheets", show.clean(", ".join(done.hidden_sheets))),
        ("đã có · on record already", str(done.same) if done.same else ""),
        ("mới · new", _new(done)),
        ("vật kiến trúc · structures", show.money(done.structures) if done.structures else ""),
        ("kết quả · outcome", told),
    ]
    return show.facts(*pairs)


def _new(done: Import) -> str:
    fresh = done.fresh
    if fresh is None or done.outcome == "refused":
        return ""
    if not fresh.rows:
        return "0"
    if done.table is Table.POLES:
        return f"{fresh.rows}: {fresh.poles} cột · poles, {show.money(fresh.estimate)}"
    areas = f"{fresh.area_before_m2:,} = {fresh.area_given_m2:,} + {fresh.area_left_m2:,} m²"
    told = "trước = hiến + còn lại · before = given + left"
    clear = f"nguồn gốc rõ · origin clear: {fresh.origins_clear}"
    return f"{fresh.rows}: {areas} ({told}), {clear}"


def _columns(done: Import, fate: str) -> str:
    return show.clean("; ".join(f"{c.column} {c.heading}" for c in done.columns if c.use == fate))


def _numbers(rows: tuple[int, ...]) -> str:
    some = ", ".join(map(str, rows[:20]))
    return f"{some}, …" if len(rows) > 20 else some


def _tell_findings(done: Import) -> None:
    from rich.console import Console

    table = show.table(
        "Dòng · row", "Cột · column", "Giá trị · value", "Lỗi · problem", "Sửa · write"
    )
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
        typer.echo(f"… và · and {rest} more", err=True)
