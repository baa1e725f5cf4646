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
from language.catalogue import pick, tr, tr_in
from language.sentences import in_their_language

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


def _count(unit: str, told: str) -> typer.models.OptionInfo:
    info: typer.models.OptionInfo = typer.Option(
        f"--{unit}", min=1, max=_MOST, metavar="N", help=told
    )
    return info


def due(  # noqa: PLR0913  # one option per way to name a limit
    rule: Annotated[
        str | None,
        typer.Argument(metavar="[RULE]", help="A limit of the law, such as settlement.verify."),
    ] = None,
    *,
    since: Annotated[
        date,
        typer.Option(
            "--from",
            parser=calendar_day,
            metavar="DATE",
            help="The day of the event, which does not count itself.",
        ),
    ],
    days: Annotated[int | None, _count("days", "So many days, instead of RULE.")] = None,
    working_days: Annotated[
        int | None, _count("working-days", "So many working days, instead of RULE.")
    ] = None,
    months: Annotated[int | None, _count("months", "So many months, instead of RULE.")] = None,
    size: Annotated[
        Group, typer.Option("--group", help="For a project of this group, by its size.")
    ] = Group.C,
    project: Annotated[
        str | None,
        typer.Option(
            parser=code, metavar="PROJECT", help="By the law that this project has pinned."
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the count day by day.")] = False,
    output: Output = "table",
) -> None:
    """Show when a limit ends.

    Examples: ntm due settlement.verify --from 2026-07-01 --explain;
    ntm due --working-days 5 --from 2024-02-07; ntm due --days 30 --from 2024-01-10
    """
    units: dict[LimitUnit, int | None] = {
        "days": days,
        "working-days": working_days,
        "months": months,
    }
    given = [(unit, count) for unit, count in units.items() if count is not None]
    if (rule is not None) + len(given) != 1:
        raise typer.BadParameter(
            tr("give exactly one of {options}", options="RULE, --days, --working-days, --months"),
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
            raise absent("--project", project, tr("see `ntm project list`"))
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
            raise wrong("RULE", rule, tr("the limits are: {limits}", limits=", ".join(known)))
        limit = policy.limit(rule, since, group)
        unit, count, source, verified = limit.unit, limit.count, limit.source, limit.verified
    try:
        last = policy.calendar.last_day(since, count, unit)
        days = days_of(policy.calendar, since, count, unit) if explain else ()
    except ValueError as beyond:
        first, end = policy.calendar.first, policy.calendar.last
        covered = tr("the calendar covers {first} – {last}", first=first, last=end)
        raise wrong("--from", f"{since}", covered) from beyond
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
    last = f"[bold]{answer.last:%d/%m/%Y}[/] {pick(words.WEEKDAYS[answer.last.weekday()])}"
    unread = "" if answer.verified else ", " + tr("not verified")
    screen.print(
        show.facts(
            (tr("Limit"), show.clean(f"{answer.rule or ''} {answer.count} {unit}".strip())),
            (
                tr_in("limit", "From"),
                tr("{day}, which does not count", day=f"{answer.since:%d/%m/%Y}"),
            ),
            (tr("Last day"), tr("{day}, to midnight", day=last)),
            (
                tr("Legal basis"),
                show.clean(f"{in_their_language(answer.source)}{unread}") if answer.source else "",
            ),
            (tr("Calendar"), answer.calendar),
        )
    )
