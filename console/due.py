"""`ntm due`: when a limit ends, and the count that leads there, day by day."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import counting, show, words
from console.failures import absent, wrong
from console.options import Output, calendar_day, code
from domain.calendar import LimitUnit, end_of
from domain.streams import project_stream
from domain.values import Group, ProjectId, value

if TYPE_CHECKING:
    from domain.policy import Policy

_MOST = 3650


@value
class Answer:
    """A limit, its last day, and the moment it ends; `days` is the count if it was asked for."""

    rule: str | None
    count: int
    unit: LimitUnit
    since: date
    last: date
    ends: datetime
    source: str
    verified: bool
    calendar: str
    policy: str
    days: tuple[counting.Counted, ...]


def _count(unit: str) -> typer.models.OptionInfo:
    said = words.said(words.LIMIT_UNITS, unit)
    info: typer.models.OptionInfo = typer.Option(
        f"--{unit}", min=1, max=_MOST, metavar="N", help=f"{said}, thay cho RULE · instead of RULE."
    )
    return info


def due(  # noqa: PLR0913  # one option per way to name a limit
    rule: Annotated[
        str | None,
        typer.Argument(metavar="[RULE]", help="Thời hạn trong luật · limit: settlement.verify."),
    ] = None,
    *,
    since: Annotated[
        date,
        typer.Option(
            "--from",
            parser=calendar_day,
            metavar="DATE",
            help="Ngày xảy ra sự kiện, không tính · day of the event, which does not count.",
        ),
    ],
    days: Annotated[int | None, _count("days")] = None,
    working_days: Annotated[int | None, _count("working-days")] = None,
    months: Annotated[int | None, _count("months")] = None,
    size: Annotated[
        Group, typer.Option("--group", help="Nhóm dự án · of a project of this size.")
    ] = Group.C,
    project: Annotated[
        str | None,
        typer.Option(
            parser=code, metavar="PROJECT", help="Theo luật dự án đã ghim · by its pinned law."
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Từng ngày một · the count day by day.")
    ] = False,
    output: Output = "table",
) -> None:
    """Hạn cuối của một thời hạn · when a limit ends.

    Ví dụ · examples: ntm due settlement.verify --from 2026-07-01 --explain;
    ntm due --working-days 5 --from 2024-02-07 --explain; ntm due --days 30 --from 2024-01-10
    """
    units: dict[LimitUnit, int | None] = {
        "days": days,
        "working-days": working_days,
        "months": months,
    }
    given = [(unit, count) for unit, count in units.items() if count is not None]
    if (rule is not None) + len(given) != 1:
        raise typer.BadParameter(
            "cần đúng một · give exactly one of RULE, --days, --working-days, --months",
            param_hint="RULE",
        )
    answer = _answer(_law(project), rule, given, since, size, explain=explain)
    if output == "json":
        show.json(answer)
    else:
        _print(answer)


def _law(project: str | None) -> "Policy":
    from storage import policies

    if project is None:
        return policies.load()
    from console.sending import open_session
    from storage import pinned, queries

    with open_session() as session:
        standing = queries.standing(session.engine, project_stream(ProjectId(project)))
        if standing is None:
            raise absent("--project", project, "xem · see `ntm project list`")
        return pinned.Law(session.engine, policies.load()).of(standing.state)


def _answer(
    policy: "Policy",
    rule: str | None,
    given: list[tuple[LimitUnit, int]],
    since: date,
    group: Group,
    *,
    explain: bool,
) -> Answer:
    from domain.counting import days_of

    source, verified = "", True
    if rule is None:
        ((unit, count),) = given
    else:
        known = sorted({row.rule for row in policy.limits})
        if rule not in known:
            raise wrong("RULE", rule, f"thời hạn · limits: {', '.join(known)}")
        limit = policy.limit(rule, since, group)
        unit, count, source, verified = limit.unit, limit.count, limit.source, limit.verified
    try:
        last = policy.calendar.last_day(since, count, unit)
        days = days_of(policy.calendar, since, count, unit) if explain else ()
    except ValueError as beyond:
        first, end = policy.calendar.first, policy.calendar.last
        raise wrong("--from", f"{since}", f"lịch · the calendar covers {first} – {end}") from beyond
    return Answer(
        rule=rule,
        count=count,
        unit=unit,
        since=since,
        last=last,
        ends=end_of(last),
        source=source,
        verified=verified,
        calendar=policy.calendar.version,
        policy=policy.version,
        days=counting.named(days),
    )


def _print(answer: Answer) -> None:
    screen = show.screen()
    if answer.days:
        screen.print(counting.table(answer.days))
    unit = words.said(words.LIMIT_UNITS, answer.unit)
    weekday = "/".join(words.WEEKDAYS[answer.last.weekday()])
    unread = "" if answer.verified else ", chưa kiểm chứng · not verified"
    screen.print(
        show.facts(
            ("Thời hạn · limit", show.clean(f"{answer.rule or ''} {answer.count} {unit}".strip())),
            ("Từ ngày · from", f"{answer.since:%d/%m/%Y}, không tính · not counted"),
            ("Hạn cuối · due", f"[bold]{answer.last:%d/%m/%Y}[/] {weekday}, hết ngày · 24:00"),
            ("Căn cứ · source", show.clean(f"{answer.source}{unread}") if answer.source else ""),
            ("Lịch · calendar", answer.calendar),
        )
    )
