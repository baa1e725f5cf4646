"""The ledger: every đồng has a source and a destination (double entry), written from the events.

Nothing is entered by hand and nothing is stored: an event is its own entry. What deciders keep
to judge the next command by is counted a second time here, by other rules, and must agree.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import assert_never

from domain import (
    capital,
    ceilings,
    disbursement,
    disbursement_plan,
    positions,
    project,
    replanning,
    returns,
)
from domain.lots import Draw
from domain.streams import Fact, State, evolve, initial
from domain.travel import CANNOT_FOLLOW
from domain.values import PaymentId, PaymentKind, ProjectId, StreamId, Vnd, value


class Purpose(StrEnum):
    """What an account is for. Only the budget may stand below zero: it is where money comes from.

    `RETENTION` is what the investor holds in deposit for the contractor. `TREASURY` holds what the
    treasury has paid and the project has not booked: within one decision, so that it stands at
    zero after each.
    """

    BUDGET = "budget"
    PLAN = "plan"
    RESERVED = "reserved"
    EXPIRED = "expired"
    TREASURY = "treasury"
    ADVANCE = "advance"
    VOLUME = "volume"
    COMPENSATION = "compensation"
    FINAL = "final"
    COMPENSATION_ADVANCE = "compensation-advance"
    OTHER_ADVANCE = "other-advance"
    OTHER = "other"
    RETENTION = "retention"


@value
class Account:
    """A purpose, and whose: a plan `NTM-HP/2024`, a project's share of it
    `AD01-GT/NTM-HP/2024`, a payment `AD01-GT/3`, or a project `AD01-GT`.
    """

    purpose: Purpose
    of: str


@value
class Transfer:
    """So many đồng from one account to another; never nothing, never less."""

    source: Account
    destination: Account
    amount: Vnd


@value
class Entry:
    """The transfers that a fact is."""

    fact: Fact
    transfers: tuple[Transfer, ...]


_PAID_FOR = {
    PaymentKind.ADVANCE: Purpose.ADVANCE,
    PaymentKind.VOLUME: Purpose.VOLUME,
    PaymentKind.COMPENSATION: Purpose.COMPENSATION,
    PaymentKind.FINAL: Purpose.FINAL,
    PaymentKind.COMPENSATION_ADVANCE: Purpose.COMPENSATION_ADVANCE,
    PaymentKind.OTHER_ADVANCE: Purpose.OTHER_ADVANCE,
    PaymentKind.OTHER: Purpose.OTHER,
    PaymentKind.RETENTION: Purpose.RETENTION,
}

_OF_CAPITAL = (
    capital.CapitalAllocated,
    capital.CapitalReserved,
    capital.CapitalReleased,
    capital.CapitalDisbursed,
    returns.CapitalReturned,
    replanning.CapitalAdded,
    replanning.CapitalAdjusted,
    replanning.CapitalCarriedOver,
    replanning.CapitalExpired,
)


def journal(facts: Iterable[Fact]) -> Iterator[Entry]:
    """The entries of facts in the order of the log; a fact that moves no money has none.

    A view may hold a fact without what it followed: it moves nothing (see `domain/travel.py`).
    """
    states: dict[StreamId, State] = {}
    for fact in facts:
        before = states.get(fact.stream) or initial(fact.stream)
        try:
            states[fact.stream] = evolve(before, fact.event, fact.act)
        except CANNOT_FOLLOW:
            continue
        if found := transfers(fact, states[fact.stream]):
            yield Entry(fact=fact, transfers=found)


def balances(entries: Iterable[Entry]) -> Mapping[Account, Vnd]:
    """What stands on each account, đồng; accounts that stand at zero are left out."""
    found: Counter[Account] = Counter()
    for transfer in chain.from_iterable(entry.transfers for entry in entries):
        found[transfer.source] -= transfer.amount
        found[transfer.destination] += transfer.amount
    return {account: Vnd(amount) for account, amount in found.items() if amount}


def overdrawn(standing: Mapping[Account, Vnd]) -> tuple[Account, ...]:
    """Accounts below zero that must not be."""
    return tuple(
        account
        for account, amount in standing.items()
        if amount < 0 and account.purpose is not Purpose.BUDGET
    )


def transfers(fact: Fact, state: State) -> tuple[Transfer, ...]:
    """The transfers of one fact; `state` already includes it."""
    return tuple(transfer for transfer in _transfers(fact, state) if transfer.amount)


def _transfers(fact: Fact, state: State) -> tuple[Transfer, ...]:
    event = fact.event
    if isinstance(event, _OF_CAPITAL):
        assert isinstance(state, positions.Capital)
        return _of_plan(fact.stream.partition("/")[2], event)
    if isinstance(event, disbursement.PaymentBooked):
        assert isinstance(state, project.Registered)
        return _of_payment(state.charter.project, event.payment, state.ledger.paid[event.payment])
    if isinstance(event, disbursement.MoneyReturned):
        assert isinstance(state, project.Registered)
        claim = state.ledger.paid[event.payment]
        back = Transfer(
            source=Account(purpose=_PAID_FOR[claim.payment_kind], of=state.charter.project),
            destination=Account(purpose=Purpose.TREASURY, of=event.payment),
            amount=event.amount,
        )
        return (back,)
    if isinstance(event, disbursement.RetentionReleased):
        assert isinstance(state, project.Registered)
        held = Account(purpose=Purpose.RETENTION, of=state.charter.project)
        volume = Account(purpose=Purpose.VOLUME, of=state.charter.project)
        return (Transfer(source=held, destination=volume, amount=event.amount),)
    return ()


def _of_plan(plan: str, event: capital.Event) -> tuple[Transfer, ...]:
    budget = Account(purpose=Purpose.BUDGET, of=plan)

    def share(name: ProjectId) -> Account:
        return Account(purpose=Purpose.PLAN, of=f"{name}/{plan}")

    def given(lines: tuple[positions.Allocation, ...]) -> tuple[Transfer, ...]:
        return tuple(
            Transfer(source=budget, destination=share(line.project), amount=line.amount)
            for line in lines
        )

    def lost(taken: tuple[positions.Taken, ...], to: Account | None = None) -> tuple[Transfer, ...]:
        return tuple(
            Transfer(
                source=share(part.project),
                destination=to or Account(purpose=Purpose.EXPIRED, of=f"{part.project}/{plan}"),
                amount=_sum(part.draws),
            )
            for part in taken
        )

    match event:
        case capital.CapitalAllocated(lines=lines) | replanning.CapitalAdded(lines=lines):
            return given(lines)
        case replanning.CapitalAdjusted(taken=taken, lines=lines):
            return (*lost(taken, to=budget), *given(lines))
        case replanning.CapitalExpired(taken=taken):
            return lost(taken)
        case replanning.CapitalCarriedOver() | disbursement_plan.DisbursementPlanned():
            # It may be paid out for longer, from the same account; a plan moves nothing.
            return ()
        case ceilings.CeilingsSet():
            # A bound moves nothing.
            return ()
        case capital.CapitalReserved(payment=payment, project=name, amount=amount):
            held = Account(purpose=Purpose.RESERVED, of=payment)
            return (Transfer(source=share(name), destination=held, amount=amount),)
        case capital.CapitalReleased(payment=payment, project=name, amount=amount):
            held = Account(purpose=Purpose.RESERVED, of=payment)
            return (Transfer(source=held, destination=share(name), amount=amount),)
        case capital.CapitalDisbursed(payment=payment, amount=amount):
            held = Account(purpose=Purpose.RESERVED, of=payment)
            paid = Account(purpose=Purpose.TREASURY, of=payment)
            return (Transfer(source=held, destination=paid, amount=amount),)
        case returns.CapitalReturned(payment=payment, project=name):
            back = Account(purpose=Purpose.TREASURY, of=payment)
            gone = Account(purpose=Purpose.EXPIRED, of=f"{name}/{plan}")
            return (
                Transfer(source=back, destination=share(name), amount=_sum(event.draws)),
                Transfer(source=back, destination=gone, amount=_sum(event.lapsed)),
            )
        case _:
            assert_never(event)


def _sum(draws: tuple[Draw, ...]) -> Vnd:
    return Vnd(sum(draw.amount for draw in draws))


def _of_payment(
    name: ProjectId, payment: PaymentId, claim: disbursement.Claim
) -> tuple[Transfer, ...]:
    """Cash for what was claimed; recovering an advance moves what was advanced, and no cash."""
    paid_for = Account(purpose=_PAID_FOR[claim.payment_kind], of=name)
    cash = Transfer(
        source=Account(purpose=Purpose.TREASURY, of=payment),
        destination=paid_for,
        amount=claim.cash,
    )
    if (kind := claim.payment_kind.recovers) is None:
        return (cash,)
    recovered = Transfer(
        source=Account(purpose=_PAID_FOR[kind], of=name),
        destination=paid_for,
        amount=claim.recovers,
    )
    return (cash, recovered)
