"""`ntm doctor`: in plain words, why things do not move."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

import typer

from console import about, show, words
from console.failures import REFUSED, UNREACHABLE, absent
from console.options import Output
from console.reconcile import said as difference_said
from console.sending import open_session
from language.catalogue import mark, plural, tr, tr_in
from language.numerals import grouped
from language.sentences import in_their_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from domain.waits import Wait
    from office.chart import Chart, Waiting
    from office.doctor import Examination, Finding
    from office.session import Session

# Well, not well, and what to do then.
SAID: Final[dict[str, tuple[str, str, str]]] = {
    "postgresql": (mark("PostgreSQL answers"), mark("PostgreSQL does not answer"), "ntm up"),
    "schema": (
        mark("the schema is the newest"),
        mark("the schema is not the newest"),
        "ntm up",
    ),
    "policies": (
        mark("the law loads"),
        mark("the law does not load, or its calendar soon ends"),
        mark("correct the file under policies/"),
    ),
    "record": (
        mark("the record is trusted"),
        mark("the record was restored to an earlier point"),
        "ntm reconcile",
    ),
    "clock": (
        mark("the clocks agree"),
        mark("the clocks disagree"),
        mark("set the clocks by NTP"),
    ),
    "outbox": (
        mark("messages go out"),
        mark("messages wait too long"),
        mark("does a worker run? see its log"),
    ),
    "contacts": (
        mark("the contacts can be used"),
        mark("the contacts cannot be used; messages follow the older ones, or wait"),
        mark("correct contacts.toml; the worker reads it again by itself"),
    ),
    "letters": (
        mark("no message is given up"),
        mark("messages were given up"),
        "ntm notices list --given-up; ntm notices retry KEY",
    ),
    "proofs": (mark("proofs of decisions"), "", ""),
    "officials": (
        mark("somebody is there for everything that waits"),
        mark("NOBODY can end what waits"),
        "ntm official list --post POST; ntm official appoint …, delegate …",
    ),
    "registrars": (
        mark("there are registrars enough who can sign"),
        mark("too few registrars can sign: nobody can be enrolled"),
        "ntm official appoint CODE registrar@… --from DATE",
    ),
    "temporal": (mark("Temporal answers"), mark("Temporal does not answer"), "ntm up"),
    "search-attributes": (
        mark("the search attributes are there"),
        mark("search attributes are missing, or of another type"),
        "ntm up",
    ),
    "workers": (mark("workers ask for work"), mark("no worker asks for work"), "ntm up"),
    "strangers": (
        mark("no stranger asks for work"),
        mark("a worker that is not ours asks for work"),
        mark("find who runs it; it can record nothing, and can hold up everything"),
    ),
    "workflow-tasks": (
        mark("no workflow task fails"),
        mark("workflow tasks fail again and again"),
        mark("is a worker of another version? see its log; never reset"),
    ),
    "activities": (
        mark("no activity fails"),
        mark("activities fail, and are tried again"),
        mark("the reason stands above; nothing is lost"),
    ),
    "workflows": (
        mark("every open case has a workflow"),
        mark("open cases have no workflow"),
        "ntm resume",
    ),
    "resets": (
        mark("nothing was lost by a reset"),
        mark("a workflow was reset by hand"),
        mark("ntm reconcile --repair; never reset"),
    ),
}
_SHOWN = 3
_ALL = "ntm doctor --output json"
_NO_RECORD = ("postgresql", "schema")


def doctor(
    case: Annotated[
        str | None,
        typer.Argument(metavar="[CASE]", help="A case: AD01-GT, AD01-GT/T1, payment/…"),
    ] = None,
    output: Output = "table",
) -> None:
    """Say why things do not move: servers, workers, failures; or why one case does not."""
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
    detail = f": {show.plain(in_their_language(finding.about))}" if finding.about else ""
    if finding.level == "ok":
        typer.echo(f"✓ {tr(well)}{detail}")
        return
    typer.echo(f"✗ {tr(ill)}{detail}")
    for line in finding.cases[:_SHOWN]:
        typer.echo(f"    {show.plain(_case(line))}")
    if len(finding.cases) > _SHOWN:
        more = len(finding.cases) - _SHOWN
        typer.echo("    " + tr("and {n} more: {command}", n=grouped(more), command=_ALL))
    typer.echo(f"    → {tr(advice)}")


def _case(line: str) -> str:
    """One case, and in brackets behind it what is wrong with it."""
    name, bracket, why = line.rpartition(" (")
    if not (bracket and why.endswith(")")):
        return line
    return f"{name} ({in_their_language(why[:-1])})"


def _tell_longest(longest: tuple[Wait, ...]) -> None:
    if longest:
        typer.echo(tr("waited for longest:"))
    for wait in longest:
        said = tr(
            "{stream}: {post}, {task}, since {day}",
            stream=wait.stream,
            post=wait.post,
            task=words.said(words.TASKS, wait.task),
            day=show.day(wait.since),
        )
        typer.echo(f"    {show.plain(said)}")


def _one(case: str, output: str) -> None:
    from office import chart as charts

    with open_session() as session:
        stream = charts.find(session.engine, case)
        if stream is None:
            raise absent("CASE", case, tr("see `ntm project list`, `ntm clearance list`"))
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
    state = tr_in("of a case", "open") if chart.is_open else tr_in("of a case", "closed")
    typer.echo(f"{show.plain(chart.stream)}, v{chart.version}: {state}")
    for waiting in chart.waits:
        typer.echo(f"  {_waits_for(waiting)}")
    if chart.is_open and not chart.waits:
        typer.echo("  " + tr("waits for nobody"))
    if not reached:
        _tell_ill("temporal")
        return
    _tell_workflow(chart)


def _tell_ill(check: str, detail: str = "", sign: str = "✗") -> None:
    _, ill, advice = SAID[check]
    typer.echo(f"{sign} {tr(ill)}{show.plain(detail)}\n    → {tr(advice)}")


def _tell_workflow(chart: Chart) -> None:
    living = chart.workflow
    if living is not None:
        said = tr(
            "workflow: {status}, run {run}",
            status=words.said(words.RUNS, living.status),
            run=living.run_id,
        )
        typer.echo(f"  {said}")
        if living.was_reset:
            _tell_ill("resets", sign="!")
        if living.task_fails:
            _tell_ill("workflow-tasks", f" (×{living.task_attempt})")
        for task in living.pending:
            if task.failure is not None:
                _tell_ill("activities", f": {task.activity} ×{task.attempt}, {task.failure}")
    if chart.difference is not None:
        typer.echo(f"✗ {difference_said(chart.difference)}")
    elif not chart.ails:
        typer.echo("✓ " + tr("record and workflow agree"))


def _waits_for(waiting: Waiting) -> str:
    wait = waiting.wait
    task = ", ".join(filter(None, (words.said(words.TASKS, wait.task), about.whole(wait))))
    said = tr(
        "waits for {post}, since {day}{days}, {due}, because: {task}; if ignored: {ignored}",
        post=wait.post,
        day=show.day(wait.since),
        days=_days(waiting.working_days),
        due=_due(wait.due, overdue=waiting.overdue),
        task=task,
        ignored=words.said(words.IF_IGNORED, wait.if_ignored),
    )
    return show.plain(said)


def _days(count: int | None) -> str:
    if count is None:
        return ""
    said = plural("{n} working day", "{n} working days", count)
    return f" ({said})"


def _due(due: datetime | None, *, overdue: bool) -> str:
    if due is None:
        return tr("no date")
    if overdue:
        return tr("due {day}, OVERDUE", day=show.last_day(due))
    return tr("due {day}", day=show.last_day(due))
