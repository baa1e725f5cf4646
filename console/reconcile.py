"""`ntm reconcile`: what the record waits for against what Temporal runs, one line a difference."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from console import restoring, show
from console.failures import REFUSED, USAGE, Failure
from console.options import Basis, Key, MaybeAs, Output, Yes
from console.sending import check_post, open_session
from console.signing import With, signed
from domain.restore import STREAM, Restored
from domain.streams import Envelope
from domain.values import Act, Document, Post

if TYPE_CHECKING:
    from temporalio.client import Client

    from domain.recording import Batch
    from office.reconcile import Comparison, Difference
    from office.session import Session

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
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Chấp nhận bản ghi đã phục hồi · accept what was lost."),
    ] = False,
    by: MaybeAs = None,
    basis: Basis = None,
    key: Key = None,
    yes: Yes = False,
    output: Output = "table",
) -> None:
    """Đối chiếu hồ sơ với Temporal · compare the record with what Temporal runs, both ways."""
    if accept:
        _accept(by, basis, With(key=key, yes=yes))
        return
    with open_session() as session:
        found = _compared(session, repair=repair)
    if output == "json":
        show.json(found)
    else:
        _tell(found)
    if found.differences or found.restored:
        raise typer.Exit(REFUSED)


def _compared(session: Session, *, repair: bool) -> Comparison:
    """Both sides, and whether the record is trusted: what is found is put on record."""
    from office import reconcile as comparing
    from office import restored

    async def compare(client: Client) -> tuple[Comparison, tuple[Batch, ...]]:
        found = await comparing.reconcile(client, session.engine, repair=repair)
        return found, await restored.seen(client, found.differences, session.now)

    session.examine()
    found, seen = session.talk(compare)
    standing = session.examine(seen)
    return replace(found, restored=standing.found if isinstance(standing, Restored) else None)


def _accept(by: Post | None, basis: Document | None, how: With) -> None:
    """One official accepts what was lost; with the second one commands are taken again."""
    if by is None or basis is None:
        raise Failure("--accept: thiếu · lacks --as, --document", restoring.WHAT_TO_DO, USAGE)
    with open_session() as session:
        check_post(session, by)
        standing = session.examine()
        if not isinstance(standing, Restored):
            raise Failure(
                "không có gì để chấp nhận · nothing waits to be accepted",
                "xem · see `ntm doctor`",
                REFUSED,
            )
        envelope = Envelope(
            decision_id=str(uuid.uuid4()),
            stream=STREAM,
            act=Act(by=by, at=session.now, document=basis),
            command=restoring.acceptance(standing),
        )
        decided = session.decide(signed(session, envelope, how), timedelta(0))
    typer.echo(f"đã chấp nhận · accepted: {show.plain(restoring.described(standing.found))}")
    if decided.waits:
        typer.echo(f"còn chờ một người nữa · one more has to: {restoring.WHAT_TO_DO}")
    else:
        typer.echo(
            "nhận quyết định trở lại · decisions are taken again; tiếp theo · next:"
            " ntm reconcile --repair"
        )


def _tell(found: Comparison) -> None:
    if found.restored:
        typer.echo(f"✗ {show.plain(restoring.described(found.restored))}")
        typer.echo(f"    → {restoring.WHAT_TO_DO}")
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
