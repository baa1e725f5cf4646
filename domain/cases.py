"""A household's case: its land, the route it takes, and how far it has come.

A case is known by its code alone. Nothing here may say whose it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from domain.calendar import due_day, local_day
from domain.deadlines import Due
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, CaseCode, Land, Vnd, value


class Route(StrEnum):
    """How the State comes by the land: as a gift, or by its own decision."""

    DONATION = "donation"
    RECOVERY = "recovery"


class Origin(StrEnum):
    """Whether the commune has confirmed where the land comes from."""

    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class CaseStatus(StrEnum):
    """How far a case has come; donated is of the donation route alone, notified of recovery's."""

    OPEN = "open"
    DONATED = "donated"
    NOTIFIED = "notified"
    INVENTORIED = "inventoried"
    POSTED = "posted"
    SUPPORT_PLANNED = "support-planned"
    PAID = "paid"
    DEPOSITED = "deposited"
    HANDED_OVER = "handed-over"


class Step(StrEnum):
    """What has been done in a case; the moments run its time limits."""

    DONATED = "donated"
    MEETING = "meeting"
    NOTICE = "notice"
    EARLY_CONSENT = "early-consent"
    URGED_INVENTORY = "urged-inventory"
    COMPELLED_INVENTORY = "compelled-inventory"
    INVENTORY = "inventory"
    POSTING = "posting"
    DIALOGUE = "dialogue"
    APPROVAL = "approval"
    PAYMENT = "payment"
    DEPOSIT = "deposit"
    RECOVERY_DECISION = "recovery-decision"
    URGED_HAND_OVER = "urged-hand-over"
    COERCION_DECISION = "coercion-decision"
    COMPLIANCE = "compliance"
    COERCION = "coercion"
    HAND_OVER = "hand-over"


class DonationBasis(StrEnum):
    """The paper of a donation: the household's deed, or minutes of its meeting with the hamlet."""

    DEED = "deed"
    MINUTES = "minutes"


class SwitchCause(StrEnum):
    """Why a case leaves its route; agreed is of the way back to donation."""

    REMAINDER_TOO_SMALL = "remainder-too-small"
    DONATED_AREA_LARGE = "donated-area-large"
    LAND_VALUE_HIGH = "land-value-high"
    DECLINED = "declined"
    AGREED = "agreed"


class DepositGround(StrEnum):
    """Why money goes to a State bank and not to the household."""

    REFUSED = "refused"
    DISPUTED = "disputed"


@value
class CaseEntry:
    """A household's land as first listed, in square metres: given + left = before."""

    code: CaseCode
    area_before_m2: int
    area_given_m2: int
    area_left_m2: int
    origin_confirmed: bool
    land: Land = Land.OTHER


@value
class Inventoried:
    """What stands on the land (walls, gates, outbuildings), đồng of support.

    `compensation` is for the land itself: only recovery pays it, a gift does not.
    """

    code: CaseCode
    structures: Vnd
    compensation: Vnd = Vnd(0)


@value
class Case:
    """`remainder_small`: what stays with the household is less than its province's least parcel."""

    entry: CaseEntry
    status: CaseStatus
    origin_confirmed: bool
    structures: Vnd = Vnd(0)
    compensation: Vnd = Vnd(0)
    origin_disputed: bool = False
    remainder_small: bool = False
    route: Route = Route.DONATION
    done: Mapping[Step, datetime] = field(default_factory=dict)

    @property
    def origin(self) -> Origin:
        if self.origin_disputed:
            return Origin.DISPUTED
        return Origin.CONFIRMED if self.origin_confirmed else Origin.UNKNOWN

    @property
    def support(self) -> Vnd:
        """All that the household is to get, đồng."""
        return Vnd(self.structures + self.compensation)

    @property
    def gift(self) -> bool:
        """Land given by a household that is owed nothing: no plan or payment comes before it."""
        given = self.status in (CaseStatus.INVENTORIED, CaseStatus.POSTED)
        return self.route is Route.DONATION and given and not self.support


Cases: TypeAlias = Mapping[CaseCode, Case]
APPROVED = frozenset(
    {CaseStatus.SUPPORT_PLANNED, CaseStatus.PAID, CaseStatus.DEPOSITED, CaseStatus.HANDED_OVER}
)
"""Statuses whose support has been approved."""
SETTLED = frozenset({CaseStatus.PAID, CaseStatus.DEPOSITED})
"""Statuses in which the household's money has left the State's hands."""

MOST_CASES = 5_000
"""Cases of one section: what its workflow reads back well within a second. No limit of the law."""

_CODE = re.compile(r"[A-Za-z]{0,6}[0-9]{1,6}([._-][A-Za-z]{0,6}[0-9]{1,6}){0,3}")
_PERSONAL_NUMBER = re.compile(
    r"(?<![0-9])(?:[0-9]{12}|[0-9]{9,10}|0[0-9]{2,3}(?:[ .-][0-9]{3,4}){2,3})(?![0-9])"
)
_MOST_DIGITS = 8


def with_status(cases: Cases, status: CaseStatus) -> tuple[CaseCode, ...]:
    """Codes of the cases that stand exactly at a status."""
    return tuple(code for code, case_ in cases.items() if case_.status is status)


def planned_support(cases: Cases) -> Vnd:
    """The support approved for all cases of the section, đồng."""
    return Vnd(sum(case.support for case in cases.values() if case.status in APPROVED))


# Checks that several commands share


def chosen(cases: Cases, codes: tuple[CaseCode, ...]) -> tuple[Case, ...]:
    """The cases of a command: one or more, each once, all of this section."""
    if not codes or len(set(codes)) != len(codes):
        raise Refused("input", "cases: need one or more, each code once")
    for code in codes:
        if code not in cases:
            raise Refused("not_found", f"case: {code} is not registered in this section")
    return tuple(cases[code] for code in codes)


def must_be(
    cases: Cases, codes: tuple[CaseCode, ...], *statuses: CaseStatus, route: Route | None = None
) -> tuple[Case, ...]:
    """The cases of a command, which all have to stand at one of these statuses."""
    found = chosen(cases, codes)
    for case in found:
        if route is not None and case.route is not route:
            raise Refused(
                "out_of_turn", f"case {case.entry.code} is on the {case.route} route, not {route}'s"
            )
        if case.status not in statuses:
            raise Refused(
                "out_of_turn",
                f"case {case.entry.code} is {case.status}; this needs {' or '.join(statuses)}",
            )
    return found


def must_all(found: Iterable[Case], holds: Callable[[Case], bool], otherwise: str) -> None:
    """Refuse, naming the cases for which something does not hold."""
    if wrong := [case.entry.code for case in found if not holds(case)]:
        raise Refused("out_of_turn", f"{otherwise}: {', '.join(wrong)}")


def must_follow(found: Iterable[Case], step: Step, act: Act, what: str) -> None:
    """Refuse a date before that of the step this one rests on: a limit would run too early."""
    for case in found:
        earlier = case.done.get(step)
        if earlier is not None and act.at < earlier:
            raise Refused(
                "out_of_turn",
                f"case {case.entry.code}: {what} on {local_day(act.at):%d/%m/%Y}, before its"
                f" {step} of {local_day(earlier):%d/%m/%Y}",
            )


def must_have_ended(
    found: Iterable[Case], step: Step, rule: str, act: Act, policy: Policy, what: str
) -> None:
    """Refuse while the limit that a step began still runs."""
    for case in found:
        end = ends(case, step, rule, policy)
        if end is not None and act.at < end.at:
            raise Refused(
                "too_early",
                f"case {case.entry.code}: {what} runs until the end of {due_day(end.at):%d/%m/%Y}"
                f" ({rule})",
            )


def ends(case: Case, step: Step, rule: str, policy: Policy) -> Due | None:
    """When the limit ends that a step began; None for a step not done, or without such a limit."""
    since = case.done.get(step)
    return policy.term(rule, since) if since is not None else None


def in_turn(rules: tuple[str, ...], since: datetime, policy: Policy) -> tuple[datetime, Due] | None:
    """Limits that run one after the other: when the last begins, and when it ends.

    None when the law of that day does not set the last of them.
    """
    due = None
    for rule in rules:
        if due is not None:
            # A day ends at 24:00, which the clock already counts to the next.
            since = due.at - timedelta(microseconds=1)
        due = policy.term(rule, since)
    return (since, due) if due is not None else None


def needs_paper(act: Act, what: str) -> None:
    if act.document is None:
        raise Refused("input", f"document: {what}")


def check_reason(reason: str) -> None:
    """A reason must be given, and must not hold an identity, tax or telephone number."""
    if not reason.strip():
        raise Refused("input", "reason: is empty; say why, without anybody's name")
    if _PERSONAL_NUMBER.search(reason):
        raise Refused(
            "personal_data",
            "reason: holds a number of 9, 10 or 12 digits, as identity papers and telephones"
            " have; leave it out",
        )


def check_code(nth: int, code: str) -> None:
    """A code is a pseudonym: short, and no name or identity number. The text is not repeated."""
    digits = sum(sign.isdigit() for sign in code)
    if _CODE.fullmatch(code) is None or digits > _MOST_DIGITS:
        raise Refused(
            "personal_data",
            f"cases: the code of case {nth} is no pseudonym; write letters and a number: H001",
        )


# Changes that several events share


def moved(
    cases: Cases,
    codes: Iterable[CaseCode],
    act: Act,
    step: Step,
    status: CaseStatus | None = None,
) -> Cases:
    """Cases in which a step was done now, and the status it leads to."""
    return {
        **cases,
        **{
            code: replace(
                cases[code],
                status=status or cases[code].status,
                done={**cases[code].done, step: act.at},
            )
            for code in codes
        },
    }
