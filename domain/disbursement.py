"""A project's money: what was asked, paid, recovered, returned and kept back."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from domain.contract import Guarantee
from domain.values import Act, PaymentId, PaymentKind, Post, SectionId, Vnd, value

# Commands


@value
class RequestPayment:
    """Ask for money. Amounts in đồng.

    `worth` is the value claimed; `recovers` is the part of it that only pays back an advance, so
    that `worth - recovers` is the cash asked for. Compensation names its section, work without a
    contract the `item` of its estimate. Without `budget_year` the plan of the act's year pays; an
    earlier one while it is still payable. `corrects` names a refused payment that this one mends.
    """

    payment: PaymentId
    payment_kind: PaymentKind
    worth: Vnd
    recovers: Vnd = Vnd(0)
    section: SectionId | None = None
    budget_year: int | None = None
    item: str | None = None
    corrects: PaymentId | None = None
    kind: Literal["RequestPayment"] = "RequestPayment"


@value
class ApproveEstimate:
    """An estimate (dự toán) of work that is done without a contract, đồng."""

    item: str
    amount: Vnd
    kind: Literal["ApproveEstimate"] = "ApproveEstimate"


@value
class RecordReturn:
    """Money that had been paid came back to the treasury: a reversal, never an edit."""

    payment: PaymentId
    amount: Vnd
    reason: str
    kind: Literal["RecordReturn"] = "RecordReturn"


@value
class ReleaseRetention:
    """The warranty is over, or a bank vouches for the rest of it: the contractor gets his money."""

    bond: Guarantee | None = None
    kind: Literal["ReleaseRetention"] = "ReleaseRetention"


@value
class BookPayment:
    """From the payment's own stream: the treasury has paid."""

    payment: PaymentId
    kind: Literal["BookPayment"] = "BookPayment"


@value
class DropPayment:
    """From the payment's own stream: it was refused, by the checker or by the treasury."""

    payment: PaymentId
    kind: Literal["DropPayment"] = "DropPayment"


# Events


@value
class PaymentRequested:
    payment: PaymentId
    payment_kind: PaymentKind
    worth: Vnd
    recovers: Vnd
    section: SectionId | None
    budget_year: int
    item: str | None = None
    corrects: PaymentId | None = None
    kind: Literal["PaymentRequested"] = "PaymentRequested"


@value
class EstimateApproved:
    item: str
    amount: Vnd
    kind: Literal["EstimateApproved"] = "EstimateApproved"


@value
class MoneyReturned:
    """`budget_year` is that of the plan which had paid."""

    payment: PaymentId
    amount: Vnd
    reason: str
    budget_year: int
    kind: Literal["MoneyReturned"] = "MoneyReturned"


@value
class RetentionReleased:
    """`amount` is what the investor had in deposit, đồng."""

    amount: Vnd
    bond: Guarantee | None
    kind: Literal["RetentionReleased"] = "RetentionReleased"


@value
class PaymentBooked:
    payment: PaymentId
    kind: Literal["PaymentBooked"] = "PaymentBooked"


@value
class PaymentDropped:
    payment: PaymentId
    kind: Literal["PaymentDropped"] = "PaymentDropped"


# State


@value
class Claim:
    """A payment asked for; `cash` is what would leave the treasury, `returned` what came back.

    `paid_at` is when the treasury paid.
    """

    payment_kind: PaymentKind
    worth: Vnd
    recovers: Vnd
    section: SectionId | None
    by: Post
    at: datetime
    item: str | None = None
    budget_year: int = 0
    corrects: PaymentId | None = None
    paid_at: datetime | None = None
    returned: Vnd = Vnd(0)

    @property
    def cash(self) -> Vnd:
        return Vnd(self.worth - self.recovers)

    @property
    def about(self) -> str:
        """What it is for within its kind: a section, an item; the contract is but one."""
        match self.payment_kind:
            case PaymentKind.COMPENSATION | PaymentKind.COMPENSATION_ADVANCE:
                return self.section or ""
            case PaymentKind.OTHER | PaymentKind.OTHER_ADVANCE:
                return self.item or ""
            case _:
                return ""

    @property
    def kept(self) -> Vnd:
        """Its worth less what came back, đồng."""
        return Vnd(self.worth - self.returned)


@value
class Ledger:
    """What was asked and what was paid. Disbursed = advances + volume − recovered + the rest.

    `released` is what was paid to the contractor out of the retention in deposit, đồng.
    """

    pending: Mapping[PaymentId, Claim]
    paid: Mapping[PaymentId, Claim]
    refused: tuple[PaymentId, ...] = ()
    estimates: Mapping[str, Vnd] = field(default_factory=dict)
    released: Vnd = Vnd(0)
    released_at: datetime | None = None

    def claims(self, kind: PaymentKind, about: str | None = None) -> tuple[Claim, ...]:
        """Paid and pending claims of a kind: a ceiling holds for both together."""
        every = (*self.paid.values(), *self.pending.values())
        return tuple(
            claim for claim in every if claim.payment_kind is kind and about in (None, claim.about)
        )

    def total(self, kind: PaymentKind, about: str | None = None) -> Vnd:
        """The worth of paid and pending claims, less what came back, đồng."""
        return Vnd(sum(claim.kept for claim in self.claims(kind, about)))

    @property
    def disbursed(self) -> Vnd:
        """Cash out, less what came back, đồng (Art. 3.3)."""
        return Vnd(sum(claim.cash - claim.returned for claim in self.paid.values()))

    @property
    def committed(self) -> Vnd:
        """Cash out plus cash asked for, đồng."""
        return Vnd(self.disbursed + sum(claim.cash for claim in self.pending.values()))

    @property
    def advance_balance(self) -> Vnd:
        """Advances of all kinds paid and not yet recovered or returned, đồng."""
        return Vnd(sum(balance for _, _, balance in self.standing()))

    def balance(self, kind: PaymentKind, about: str = "") -> Vnd:
        """What stands of the advances of a kind, đồng."""
        return Vnd(
            sum(
                balance
                for _, claim, balance in self.standing()
                if (claim.payment_kind, claim.about) == (kind, about)
            )
        )

    def standing(self) -> Iterator[tuple[PaymentId, Claim, Vnd]]:
        """Every advance that is not recovered, and what stands of it: the oldest goes first."""
        recovered: dict[tuple[PaymentKind, str], int] = {}
        for claim in self.paid.values():
            if claim.payment_kind.recovers is not None:
                key = claim.payment_kind.recovers, claim.about
                recovered[key] = recovered.get(key, 0) + claim.recovers
        for name, claim in self.paid.items():
            if claim.payment_kind.is_advance:
                key = claim.payment_kind, claim.about
                taken = min(recovered.get(key, 0), claim.kept)
                recovered[key] = recovered.get(key, 0) - taken
                if claim.kept > taken:
                    yield name, claim, Vnd(claim.kept - taken)

    def pending_of(self, kind: PaymentKind, about: str = "") -> Vnd:
        """Advances of a kind asked for and not answered yet, đồng."""
        asked = self.pending.values()
        return Vnd(sum(c.worth for c in asked if (c.payment_kind, c.about) == (kind, about)))

    def recovering(self, kind: PaymentKind, about: str = "") -> Vnd:
        """What pending claims are to recover of the advances of a kind, đồng."""
        return Vnd(
            sum(
                claim.recovers
                for claim in self.pending.values()
                if (claim.payment_kind.recovers, claim.about) == (kind, about)
            )
        )

    @property
    def reached(self) -> Vnd:
        """What the contract has paid or is asked to pay, đồng (Art. 9.5a)."""
        volume = self.claims(PaymentKind.VOLUME)
        return Vnd(
            sum(claim.cash - claim.returned for claim in volume)
            + self.total(PaymentKind.ADVANCE)
            + self.total(PaymentKind.RETENTION)
        )

    @property
    def held(self) -> Vnd:
        """Retention that stands in the investor's deposit account, đồng."""
        paid = (c for c in self.paid.values() if c.payment_kind is PaymentKind.RETENTION)
        return Vnd(sum(claim.kept for claim in paid) - self.released)


EMPTY = Ledger(pending={}, paid={})

Command: TypeAlias = RequestPayment | ApproveEstimate | RecordReturn | ReleaseRetention
Entailed: TypeAlias = BookPayment | DropPayment
Event: TypeAlias = (
    PaymentRequested
    | PaymentBooked
    | PaymentDropped
    | EstimateApproved
    | MoneyReturned
    | RetentionReleased
)


def evolve(ledger: Ledger, event: Event, act: Act) -> Ledger:
    """Apply one event to the ledger."""
    match event:
        case PaymentRequested():
            claim = Claim(
                payment_kind=event.payment_kind,
                worth=event.worth,
                recovers=event.recovers,
                section=event.section,
                item=event.item,
                budget_year=event.budget_year,
                corrects=event.corrects,
                by=act.by,
                at=act.at,
            )
            return replace(ledger, pending={**ledger.pending, event.payment: claim})
        case PaymentBooked(payment=payment):
            booked = replace(ledger.pending[payment], paid_at=act.at)
            paid = {**ledger.paid, payment: booked}
            return replace(ledger, pending=_without(ledger.pending, payment), paid=paid)
        case PaymentDropped(payment=payment):
            return replace(
                ledger,
                pending=_without(ledger.pending, payment),
                refused=(*ledger.refused, payment),
            )
        case EstimateApproved(item=item, amount=amount):
            return replace(ledger, estimates={**ledger.estimates, item: amount})
        case MoneyReturned(payment=payment, amount=amount):
            claim = ledger.paid[payment]
            back = replace(claim, returned=Vnd(claim.returned + amount))
            return replace(ledger, paid={**ledger.paid, payment: back})
        case RetentionReleased(amount=amount):
            return replace(ledger, released=Vnd(ledger.released + amount), released_at=act.at)
        case _:
            assert_never(event)


def _without(claims: Mapping[PaymentId, Claim], payment: PaymentId) -> Mapping[PaymentId, Claim]:
    return {name: claim for name, claim in claims.items() if name != payment}
