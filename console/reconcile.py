"""`ntm reconcile`: what the record waits for against what Temporal runs, one line a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from console import show
from console.failures import REFUSED
from console.options import Output
from console.sending import open_session

if TYPE_CHECKING:
    from office.reconcile import Comparison, Difference

# What it is, and what to do about it.
SAID: Final[dict[str, tuple[str, str]]] = {
    "missing": ("đang mở, không có quy trình · open, but no workflow runs", "--repair, ntm resume"),
    "ended": ("đã xong, quy trình còn chạy · closed, but its workflow runs", "--repair"),
    "unknown": (
        "quy trình lạ, hồ sơ không có · runs, but the record does not know it",
        "bản ghi có bị phục hồi về trước? · was the record restored to an earlier point? find out",
    ),
    "behind": ("quy trình chậm hơn hồ sơ · behind the record", "--repair"),
    "ahead": (
        "quy trình đi trước hồ sơ · ahead of the record",
        "bản ghi có mất sự kiện? · has the record lost events? find out, then --repair",
    ),
    "differs": ("cùng số, khác nội dung · same version, another state", "--repair, ntm doctor"),
    "silent": ("không trả lời · did not answer", "hỏi lại · ask again; ntm doctor CASE"),
    "wrong-kind": (
        "loại quy trình khác giữ mã này · a workflow of another kind has its id",
        "ai khởi động? · find who started it; they end it, then ntm resume",
    ),
    "no-worker": ("không có worker · no worker asks for work", "ntm up"),
}


def reconcile(
    *,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Sửa · start what is missing, nudge what is behind."),
    ] = False,
    output: Output = "table",
) -> None:
    """Đối chiếu hồ sơ với Temporal · compare the record with what Temporal runs, both ways."""
    from office.reconcile import reconcile as compare

    with open_session() as session:
        found = session.talk(lambda client: compare(client, session.engine, repair=repair))
    if output == "json":
        show.json(found)
    else:
        _tell(found)
    if found.differences:
        raise typer.Exit(REFUSED)


def _tell(found: Comparison) -> None:
    for difference in found.repaired:
        typer.echo(f"✓ {_line(difference)} → đã sửa · repaired")
    for difference in found.differences:
        typer.echo(f"✗ {said(difference)}")
    if found.differences:
        typer.echo(f"{len(found.differences)} khác biệt · differences, {found.cases} hồ sơ · cases")
    else:
        typer.echo(f"{found.cases} hồ sơ khớp · cases, record and Temporal agree")


def said(difference: Difference) -> str:
    """What differs, and what to do about it."""
    return f"{_line(difference)} → {SAID[difference.kind][1]}"


def _line(difference: Difference) -> str:
    versions = ""
    if difference.engine is not None:
        versions = f", v{difference.engine} ↔ v{difference.record}"
    elif difference.record:
        versions = f", v{difference.record}"
    about = f" ({show.plain(difference.about)})" if difference.about else ""
    name = f"{show.plain(difference.stream)}: " if difference.stream else ""
    return f"{name}{SAID[difference.kind][0]}{versions}{about}"
