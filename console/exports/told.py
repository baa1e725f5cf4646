"""What a standard's form is filled from: a project, and how its values are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console import words
from domain import payment
from domain.calendar import HANOI
from domain.clearance import Clearing
from domain.contract import ContractSigned
from domain.disbursement import Claim
from domain.positions import Capital
from domain.project import Registered
from domain.streams import Fact
from domain.values import Level, PaymentId, Post, Role

Form = dict[str, Any]
"""A part of a form, as JSON will have it."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A project with all that belongs to it: what the record shows of it at a view."""

    state: Registered
    facts: tuple[Fact, ...]
    sections: Mapping[str, Clearing]
    plans: Mapping[int, Capital]

    def paid(self) -> tuple[tuple[Fact, Claim], ...]:
        """Every payment that left the treasury, and what it was asked for, in order."""
        claims = self.state.ledger.paid
        return tuple(
            (fact, claims[name])
            for fact in self.facts
            if isinstance(fact.event, payment.PaymentPaid)
            and (name := PaymentId(fact.stream.removeprefix("payment/"))) in claims
        )

    def contractor(self) -> Form | None:
        """Who builds, as an organisation; None before a contract."""
        signed = [f.event for f in self.facts if isinstance(f.event, ContractSigned)]
        return {"id": "contractor-1", "name": signed[-1].contractor} if signed else None

    def post(self, role: Role, level: Level) -> Post:
        return Post(role=role, unit=self.state.charter.units.at(level))


def moment(at: datetime) -> str:
    """RFC 3339 in Vietnam's own time; the standard takes no bare date."""
    return at.astimezone(HANOI).isoformat(timespec="seconds")


def money(amount: int) -> Form:
    return {"amount": amount, "currency": "VND"}


def period(begin: datetime, end: datetime | None) -> Form:
    """From a moment on; a period whose end is not known yet names none."""
    return {"startDate": moment(begin)} | ({"endDate": moment(end)} if end else {})


def year(of: int) -> Form:
    return period(datetime(of, 1, 1, tzinfo=HANOI), datetime(of, 12, 31, 23, 59, 59, tzinfo=HANOI))


def reference(post: Post) -> Form:
    """A post stands for its office: `investor@an-duong`."""
    return {"id": str(post), "name": f"{words.ROLES[post.role][0]} {post.unit}"}
