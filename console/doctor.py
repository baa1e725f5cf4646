"""`ntm doctor`: in plain words, why things do not move."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

import typer

from console import show, words
from console.failures import REFUSED, UNREACHABLE, absent
from console.options import Output
from console.reconcile import said as difference_said
from console.sending import open_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from domain.waits import Wait
    from office.chart import Chart, Waiting
    from office.doctor import Examination, Finding
    from office.session import Session

# Well, not well, and what to do then.
SAID: Final[dict[str, tuple[str, str, str]]] = {
    "postgresql": (
        "PostgreSQL trả lời · answers",
        "PostgreSQL không trả lời · no answer",
        "ntm up",
    ),
    "schema": ("lược đồ · schema", "lược đồ cũ · schema is not the newest", "ntm up"),
    "policies": ("chính sách · the law loads", "chính sách · the law", "policies/"),
    "record": (
        "bản ghi nguyên vẹn · the record is trusted",
        "bản ghi bị phục hồi về trước · the record was restored to an earlier point",
        "ntm reconcile",
    ),
    "clock": ("đồng hồ khớp · clocks agree", "đồng hồ lệch · clocks disagree", "NTP"),
    "outbox": (
        "thư đi đều · messages go out",
        "thư chờ quá lâu · messages wait too long",
        "worker chạy chưa? · does a worker run? see its log",
    ),
    "contacts": (
        "danh bạ · contacts",
        "danh bạ sai, thư theo danh bạ cũ hoặc chờ · contacts cannot be used",
        "sửa contacts.toml · correct it; the worker reads it again by itself",
    ),
    "letters": (
        "không thư nào bị bỏ · no message is given up",
        "thư không gửi được · messages given up",
        "ntm notices list --given-up; ntm notices retry KEY",
    ),
    "proofs": ("quyết định có chữ ký · decisions proved", "", ""),
    "officials": (
        "việc nào cũng có người giải quyết · somebody is there for all that waits",
        "VIỆC KHÔNG CÓ NGƯỜI · nobody can end what waits",
        "ntm official list --post POST; ntm official appoint …, delegate …",
    ),
    "registrars": (
        "đủ người giữ sổ · registrars who can sign",
        "thiếu người giữ sổ · too few registrars can sign: nobody can be enrolled",
        "ntm official appoint CODE registrar@… --from DATE",
    ),
    "temporal": ("Temporal trả lời · answers", "Temporal không trả lời · no answer", "ntm up"),
    "search-attributes": (
        "thuộc tính tìm kiếm đủ · search attributes",
        "thiếu thuộc tính tìm kiếm · search attributes missing or of another type",
        "ntm up",
    ),
    "workers": (
        "worker đang hỏi việc · workers ask for work",
        "không có worker · no worker asks",
        "ntm up",
    ),
    "strangers": (
        "không worker lạ · no stranger asks for work",
        "worker lạ hỏi việc · a worker that is not ours asks for work",
        "ai chạy? · find who runs it; it can record nothing, and can hold up everything",
    ),
    "workflow-tasks": (
        "không tác vụ nào lỗi lặp · no workflow task fails",
        "tác vụ quy trình lỗi lặp · workflow tasks fail again and again",
        "worker phiên bản khác? · of another version? see its log; never reset",
    ),
    "activities": (
        "ghi hồ sơ không lỗi · no activity fails",
        "ghi hồ sơ lỗi · activities fail, and are tried again",
        "xem lý do ở trên · the reason above; nothing is lost",
    ),
    "workflows": (
        "hồ sơ mở đều có quy trình · every open case has a workflow",
        "hồ sơ mở không có quy trình · open cases without a workflow",
        "ntm resume",
    ),
    "resets": (
        "không mất gì vì reset · nothing lost by a reset",
        "đã bị reset · reset by hand",
        "ntm reconcile --repair; đừng reset · never reset",
    ),
}
_SHOWN = 3
_NO_RECORD = ("postgresql", "schema")


def doctor(
    case: Annotated[
        str | None,
        typer.Argument(metavar="[CASE]", help="Hồ sơ · case: AD01-GT, AD01-GT/T1, payment/…"),
    ] = None,
    output: Output = "table",
) -> None:
    """Vì sao không chạy · why things do not move: servers, workers, failures; or one case."""
    if case is not None:
        _one(case, output)
        return
    found = _examine()
    if output == "json":
        show.json(found)
    else:
        for finding in found.findings:
            _tell(finding)
        _tell_longest(found.longest)
    if found.level != "ok":
        raise typer.Exit(UNREACHABLE if found.level == "unreachable" else REFUSED)


def _examine() -> Examination:
    from office import doctor as examining
    from office.session import talk
    from stack import home

    at = home.locate()
    findings = examining.examine_record(at)
    has_record = not any(one.check in _NO_RECORD and one.level != "ok" for one in findings)
    findings = (*findings, *_asked(lambda: talk(at, examining.examine_engine)))
    longest: tuple[Wait, ...] = ()
    if has_record and findings[-1].level != "unreachable":
        with open_session() as session:
            longest = examining.longest(session.engine)
            cases = partial(examining.examine_cases, record=session.engine)
            findings = (*findings, *_asked(lambda: session.talk(cases)))
    return examining.Examination(findings=findings, longest=longest)


def _asked(ask: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """What Temporal answers, or that it does not."""
    from temporalio.service import RPCError

    from office import doctor as examining
    from office import door
    from stack import endpoints

    try:
        return ask()
    except (door.Unreachable, endpoints.NotRunning, RPCError):
        return (examining.Finding(check="temporal", level="unreachable"),)


def _tell(finding: Finding) -> None:
    well, ill, advice = SAID[finding.check]
    about = f": {show.plain(finding.about)}" if finding.about else ""
    if finding.level == "ok":
        typer.echo(f"✓ {well}{about}")
        return
    typer.echo(f"✗ {ill}{about}")
    for line in finding.cases[:_SHOWN]:
        typer.echo(f"    {show.plain(line)}")
    if len(finding.cases) > _SHOWN:
        typer.echo(f"    và · and {len(finding.cases) - _SHOWN} more: ntm doctor --output json")
    typer.echo(f"    → {advice}")


def _tell_longest(longest: tuple[Wait, ...]) -> None:
    if longest:
        typer.echo("chờ lâu nhất · waited for longest")
    for wait in longest:
        task = words.said(words.TASKS, wait.task)
        since = show.day(wait.since)
        typer.echo(f"    {show.plain(wait.stream)}: {wait.post}, {task}, từ · since {since}")


def _one(case: str, output: str) -> None:
    from office import chart as charts

    with open_session() as session:
        stream = charts.find(session.engine, case)
        if stream is None:
            raise absent("CASE", case, "xem · see ntm project list, ntm clearance list")
        chart = charts.read(session.engine, stream, session.now)
        reached = True
        if stream.partition("/")[0] in ("project", "clearance", "payment", "question"):
            chart, reached = _with_workflow(session, chart)
    if output == "json":
        show.json(chart)
    else:
        _tell_chart(chart, reached=reached)
    if not reached:
        raise typer.Exit(UNREACHABLE)
    if chart.ails:
        raise typer.Exit(REFUSED)


def _with_workflow(session: Session, chart: Chart) -> tuple[Chart, bool]:
    from temporalio.service import RPCError

    from office import chart as charts
    from office import door
    from stack import endpoints

    try:
        living, difference = session.talk(
            lambda client: charts.workflow(client, session.engine, chart.stream)
        )
    except (door.Unreachable, endpoints.NotRunning, RPCError):
        return chart, False
    return replace(chart, workflow=living, difference=difference), True


def _tell_chart(chart: Chart, *, reached: bool) -> None:
    state = "đang mở · open" if chart.is_open else "đã xong · closed"
    typer.echo(f"{show.plain(chart.stream)}, v{chart.version}: {state}")
    for waiting in chart.waits:
        typer.echo(f"  chờ · waits for {_waits_for(waiting)}")
    if chart.is_open and not chart.waits:
        typer.echo("  không chờ ai · waits for nobody")
    if not reached:
        typer.echo("✗ Temporal không trả lời · does not answer\n    → ntm up")
        return
    _tell_workflow(chart)


def _tell_workflow(chart: Chart) -> None:
    living = chart.workflow
    if living is not None:
        typer.echo(f"  quy trình · workflow: {living.status}, run {living.run_id}")
        if living.was_reset:
            typer.echo(f"! {SAID['resets'][1]}\n    → {SAID['resets'][2]}")
        if living.task_fails:
            about = f"{SAID['workflow-tasks'][1]} (×{living.task_attempt})"
            typer.echo(f"✗ {about}\n    → {SAID['workflow-tasks'][2]}")
        for task in living.pending:
            if task.failure is not None:
                typer.echo(
                    f"✗ {SAID['activities'][1]}: {task.activity} ×{task.attempt},"
                    f" {show.plain(task.failure)}"
                )
    if chart.difference is not None:
        typer.echo(f"✗ {difference_said(chart.difference)}")
    elif not chart.ails:
        typer.echo("✓ quy trình và hồ sơ khớp · record and workflow agree")


def _waits_for(waiting: Waiting) -> str:
    wait = waiting.wait
    days = (
        ""
        if waiting.working_days is None
        else (f" ({waiting.working_days} ngày làm việc · working days)")
    )
    due = _due(wait.due, overdue=waiting.overdue)
    count = f" ×{wait.count}" if wait.count > 1 else ""
    about = f", {wait.about}" if wait.about else ""
    because = f"{words.said(words.TASKS, wait.task)}{count}{about}"
    ignored = words.said(words.IF_IGNORED, wait.if_ignored)
    return show.plain(
        f"{wait.post}, từ · since {show.day(wait.since)}{days}{due},"
        f" vì · because: {because}; nếu không · if ignored: {ignored}"
    )


def _due(due: datetime | None, *, overdue: bool) -> str:
    if due is None:
        return ", không hạn · no date"
    late = " QUÁ HẠN · overdue" if overdue else ""
    return f", hạn · due {show.last_day(due)}{late}"
