"""Delegation: a post's power lent to another person, for days and matters that it names."""

from datetime import date

from domain.values import (
    DelegationId,
    Document,
    DossierKind,
    OfficialId,
    PaymentKind,
    Post,
    Vnd,
    value,
)


@value
class Matter:
    """What a command is about, as far as a delegation may be limited by it. `amount` in đồng."""

    command: str
    dossier: DossierKind | None = None
    step: str | None = None
    payment: PaymentKind | None = None
    amount: Vnd | None = None


@value
class Scope:
    """To which matters a delegation is limited; an empty list limits nothing.

    `ceiling`, đồng: nothing above it, and nothing that names no amount.
    """

    commands: tuple[str, ...] = ()
    dossiers: tuple[DossierKind, ...] = ()
    steps: tuple[str, ...] = ()
    payments: tuple[PaymentKind, ...] = ()
    ceiling: Vnd | None = None

    def excludes(self, matter: Matter) -> str | None:
        """Why a matter is outside; None if it is inside."""
        limits: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
            ("commands", self.commands, matter.command),
            ("dossiers", self.dossiers, matter.dossier),
            ("steps", self.steps, matter.step),
            ("payments", self.payments, matter.payment),
        )
        for field, listed, asked in limits:
            if listed and asked not in listed:
                return f"{field}: {', '.join(listed)}; asked {asked or 'none of them'}"
        if self.ceiling is None:
            return None
        if matter.amount is None:
            return f"amounts up to {self.ceiling:,}đ; {matter.command} names none"
        if matter.amount > self.ceiling:
            return f"amounts up to {self.ceiling:,}đ; asked {matter.amount:,}đ"
        return None


@value
class Delegation:
    """`giver` lets `holder` act for a post that `giver` holds. It ends by itself after `last`.

    Days are those of Hanoi, both included.
    """

    delegation: DelegationId
    post: Post
    giver: OfficialId
    holder: OfficialId
    first: date
    last: date
    scope: Scope
    document: Document
    ended_on: date | None = None

    def is_open(self, on: date) -> bool:
        """Whether there is anything left of it to end."""
        return self.ended_on is None and on <= self.last

    def runs(self, on: date) -> bool:
        """Whether it is in force on a day. The day on which it is ended is no more part of it."""
        return self.first <= on <= self.last and (self.ended_on is None or on < self.ended_on)
