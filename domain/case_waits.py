"""What household cases wait for: cases that wait for the same are one row with a count."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from domain.cases import APPROVED, SETTLED, Case, Cases, CaseStatus, Origin, Route, Step
from domain.households import deadlines
from domain.policy import Policy
from domain.values import Cause, Level, Role, value
from domain.waits import Task


@value
class Pending:
    """Cases that wait for one thing. `due` is the step's own limit, if the law sets one."""

    key: str
    task: Task
    role: Role
    level: Level
    since: datetime
    due: datetime | None
    count: int
    about: str = ""


_Row: TypeAlias = tuple[Task, Role, Level, str, str]

# What a group of cases waits for, who has to do it, which limit runs for it, and why it waits.
_NEXT: Mapping[str, _Row] = {
    "origin": (Task.CONFIRM_ORIGIN, Role.OFFICER, Level.COMMUNE, "", ""),
    "origin-disputed": (
        Task.CONFIRM_ORIGIN,
        Role.OFFICER,
        Level.COMMUNE,
        "",
        Cause.LAND_ORIGIN_UNCLEAR,
    ),
    CaseStatus.OPEN: (Task.AGREE_DONATION, Role.OFFICER, Level.COMMUNE, "", ""),
    "remainder": (
        Task.SETTLE_REMAINDER,
        Role.OFFICER,
        Level.COMMUNE,
        "",
        Cause.REMAINDER_TOO_SMALL,
    ),
    "meeting": (Task.HOLD_MEETING, Role.OFFICER, Level.COMMUNE, "", ""),
    "notice": (Task.ISSUE_RECOVERY_NOTICE, Role.CHAIR, Level.DISTRICT, "", ""),
    CaseStatus.DONATED: (Task.TAKE_INVENTORY, Role.CLEARANCE_BOARD, Level.DISTRICT, "", ""),
    CaseStatus.NOTIFIED: (Task.TAKE_INVENTORY, Role.CLEARANCE_BOARD, Level.DISTRICT, "", ""),
    "gift": (Task.TAKE_OVER_LAND, Role.CLEARANCE_BOARD, Level.DISTRICT, "", ""),
    "unposted": (Task.POST_PLAN, Role.CLEARANCE_BOARD, Level.DISTRICT, "", ""),
    CaseStatus.INVENTORIED: (Task.APPROVE_SUPPORT_PLAN, Role.CHAIR, Level.DISTRICT, "", ""),
    "dialogue": (Task.HOLD_DIALOGUE, Role.CLEARANCE_BOARD, Level.DISTRICT, "dialogue", ""),
    CaseStatus.POSTED: (
        Task.APPROVE_SUPPORT_PLAN,
        Role.CHAIR,
        Level.DISTRICT,
        "plan-approval",
        "",
    ),
    CaseStatus.SUPPORT_PLANNED: (
        Task.PAY_SUPPORT,
        Role.CLEARANCE_BOARD,
        Level.DISTRICT,
        "payment",
        "",
    ),
    "recovery-decision": (
        Task.DECIDE_RECOVERY,
        Role.CHAIR,
        Level.DISTRICT,
        "recovery-decision",
        "",
    ),
    CaseStatus.PAID: (Task.TAKE_OVER_LAND, Role.CLEARANCE_BOARD, Level.DISTRICT, "hand-over", ""),
    "coercion": (Task.CARRY_OUT_COERCION, Role.CLEARANCE_BOARD, Level.DISTRICT, "", ""),
}


def pending(cases: Cases, since: datetime, policy: Policy) -> Iterator[Pending]:
    """Every open wait of the cases; `since` stands for those to which nothing happened yet."""
    posting = {route: policy.term(f"{route}.posting", since) is not None for route in Route}
    counts: dict[str, int] = {}
    first: dict[str, datetime] = {}
    for case in cases.values():
        last = max(case.done.values(), default=since)
        for key in _keys(case, posted_first=posting[case.route]):
            counts[key] = counts.get(key, 0) + 1
            first[key] = min(last, first.get(key, last))
    ends: dict[str, datetime] = {}
    for limit in deadlines(cases, policy):
        name = limit.key.partition("/")[0]
        ends[name] = min(limit.due.at, ends.get(name, limit.due.at))
    for key, (task, role, level, limit_name, about) in _NEXT.items():
        if key in counts:
            yield Pending(
                key=key,
                task=task,
                role=role,
                level=level,
                since=first[key],
                due=ends.get(limit_name),
                count=counts[key],
                about=about,
            )


def _keys(case: Case, *, posted_first: bool) -> Iterator[str]:
    """What a case waits for; its origin may have to be settled beside the step it stands at."""
    if case.status is CaseStatus.HANDED_OVER:
        return
    if case.origin_disputed:
        yield "origin-disputed"
    elif case.origin is Origin.UNKNOWN:
        yield "origin"
    recovered = case.route is Route.RECOVERY
    if recovered and case.status in APPROVED and Step.RECOVERY_DECISION not in case.done:
        yield "recovery-decision"
        if case.status in SETTLED:
            return
    if case.status is CaseStatus.OPEN:
        yield from _keys_of_open(case)
    elif case.status in (CaseStatus.INVENTORIED, CaseStatus.POSTED):
        # Without its origin nothing may follow: that wait is above.
        if case.origin is Origin.CONFIRMED:
            yield _key_of_plan(case, posted_first=posted_first)
    elif Step.COERCION_DECISION in case.done:
        yield "coercion"
        if Step.COMPLIANCE in case.done:
            yield CaseStatus.PAID
    elif case.status in SETTLED:
        yield CaseStatus.PAID
    else:
        yield case.status


def _keys_of_open(case: Case) -> Iterator[str]:
    if case.route is Route.RECOVERY:
        yield "notice" if Step.MEETING in case.done else "meeting"
    else:
        yield "remainder" if case.remainder_small else CaseStatus.OPEN


def _key_of_plan(case: Case, *, posted_first: bool) -> str:
    if case.gift:
        return "gift"
    if case.status is CaseStatus.POSTED:
        heard = case.route is Route.DONATION or Step.DIALOGUE in case.done
        return CaseStatus.POSTED if heard else "dialogue"
    return "unposted" if posted_first else CaseStatus.INVENTORIED
