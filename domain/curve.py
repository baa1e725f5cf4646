"""The S-curve of a year: what was planned and what was paid out by the end of each month."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from domain.calendar import local_day
from domain.positions import UNALLOCATED, Capital
from domain.streams import Fact, evolve
from domain.values import CohortId, ProjectId, Vnd, value


@value
class Outflow:
    """What one fact added to the disbursed of a project, đồng; a correction may take away."""

    day: date
    project: ProjectId
    cohort: CohortId
    amount: Vnd


@value
class Point:
    """The end of a month. `planned` is None where no milestone is set; `actual`, where the month
    had not begun when the curve was looked at. All cumulative since the year began, đồng. A month
    that was not over then is not `whole`.
    """

    by: date
    planned: Vnd | None
    actual: Vnd | None
    whole: bool


def outflows(facts: Iterable[Fact]) -> Iterator[Outflow]:
    """What left a year's plan, in the order of the facts: those that its view could fold."""
    plan: Capital = UNALLOCATED
    for fact in facts:
        after = evolve(plan, fact.event, fact.act)
        assert isinstance(after, Capital)
        for project, row in after.positions.items():
            before = plan.positions.get(project)
            if before is row:
                continue
            amount = row.disbursed - (before.disbursed if before else 0)
            if amount:
                yield Outflow(
                    day=local_day(fact.act.at),
                    project=project,
                    cohort=row.cohort,
                    amount=Vnd(amount),
                )
        plan = after


def curve(
    plan: Capital, paid: Sequence[Outflow], year: int, until: date, *, whole: bool = True
) -> tuple[Point, ...]:
    """Month by month from January to the year's last payments, as seen at the end of `until`.

    The plan of disbursement is of all projects together: of some of them (not `whole`) there is
    none to compare with.
    """
    planned = {one.by: one.amount for one in plan.planned} if whole else {}
    last = max([month_end(year + 1, 1), *planned, *(month_of(each.day) for each in paid)])
    return tuple(
        Point(
            by=by,
            planned=planned.get(by),
            actual=None
            if by.replace(day=1) > until
            else Vnd(sum(each.amount for each in paid if each.day <= by)),
            whole=by <= until,
        )
        for by in months(year, last)
    )


def months(year: int, last: date) -> Iterator[date]:
    """The last day of every month from January of a year up to a day."""
    by = month_end(year, 1)
    while by <= last:
        yield by
        by = month_of(by + timedelta(days=1))


def month_of(day: date) -> date:
    """The last day of a day's month."""
    return month_end(day.year, day.month)


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
