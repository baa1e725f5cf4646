"""Random histories of money: after every decision the books balance, and agree with the deciders.

`python -m chaos.books --commands 100000 --seed 7`. A history begins with three approved projects
and lasts a thousand commands, across three years and three decrees; then another begins. Nothing
is stored and no server is asked.
"""

import argparse
import random
import secrets
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from chaos.moves import history
from chaos.wandering import Wanderer
from domain import bookkeeping
from domain.bookkeeping import Account, Purpose
from domain.policy import Policy
from domain.positions import Capital
from domain.project import Registered
from domain.streams import Fact, State
from domain.values import PaymentKind, StreamId
from storage import policies

LENGTH = 1_000

_OF_A_PROJECT = (
    Purpose.ADVANCE,
    Purpose.VOLUME,
    Purpose.COMPENSATION,
    Purpose.FINAL,
    Purpose.COMPENSATION_ADVANCE,
    Purpose.OTHER_ADVANCE,
    Purpose.OTHER,
    Purpose.RETENTION,
)


class Unbalanced(AssertionError):
    """The books say something else than the deciders, or something that cannot be."""


@dataclass(slots=True)
class Books:
    """Every account as it stands, kept from the entries alone."""

    standing: Counter[Account] = field(default_factory=Counter)
    entries: int = 0

    def enter(self, fact: Fact, state: State) -> None:
        """Write a fact's transfers; `state` already includes it."""
        for transfer in bookkeeping.transfers(fact, state):
            if transfer.amount <= 0:
                raise Unbalanced(f"{fact.event.kind}: {transfer.amount:,} đồng")
            self.standing[transfer.source] -= transfer.amount
            self.standing[transfer.destination] += transfer.amount
            self.entries += 1
        if sum(self.standing.values()):
            raise Unbalanced(f"{fact.event.kind}: the trial balance is not zero")

    def on(self, purpose: Purpose, of: str) -> int:
        return self.standing[Account(purpose=purpose, of=of)]

    def check(self, states: Iterable[tuple[StreamId, State]]) -> None:
        """After a decision: nothing below zero, nothing in transit, and the same as was decided."""
        below = bookkeeping.overdrawn(self.standing)  # type: ignore[arg-type]  # counts are đồng
        if below:
            raise Unbalanced(f"below zero: {below}")
        transit = [
            one for one, amount in self.standing.items()
            if amount and one.purpose is Purpose.TREASURY
        ]  # fmt: skip
        if transit:
            raise Unbalanced(f"paid and not booked, or returned and not in the plan: {transit}")
        for stream, state in states:
            if isinstance(state, Registered):
                self._agrees(state)
                _within_its_bounds(state)
            if isinstance(state, Capital):
                self._agrees_with_plan(stream.partition("/")[2], state)

    def _agrees(self, state: Registered) -> None:
        name, ledger = state.charter.project, state.ledger
        found = {purpose: self.on(purpose, name) for purpose in _OF_A_PROJECT}
        _same(f"{name} disbursed", sum(found.values()), ledger.disbursed)
        _same(f"{name} retention", found[Purpose.RETENTION], ledger.held)
        for kind, purpose in (
            (PaymentKind.ADVANCE, Purpose.ADVANCE),
            (PaymentKind.COMPENSATION_ADVANCE, Purpose.COMPENSATION_ADVANCE),
            (PaymentKind.OTHER_ADVANCE, Purpose.OTHER_ADVANCE),
        ):
            stands = sum(r for _, claim, r in ledger.standing() if claim.payment_kind is kind)
            _same(f"{name} {kind}", found[purpose], stands)

    def _agrees_with_plan(self, plan: str, state: Capital) -> None:
        _same(f"{plan} budget", -self.on(Purpose.BUDGET, plan), state.allocated)
        for name, position in state.positions.items():
            _same(f"{name}/{plan} left", self.on(Purpose.PLAN, f"{name}/{plan}"), position.left)
            lapsed = self.on(Purpose.EXPIRED, f"{name}/{plan}")
            _same(f"{name}/{plan} expired", lapsed, position.expired)
        for payment, held in state.reservations.items():
            _same(f"{payment} reserved", self.on(Purpose.RESERVED, payment), held.amount)


def _within_its_bounds(state: Registered) -> None:
    """Invariants 1, 3, 5 and 10: the total, the items, recovery, the settled value."""
    ledger, name = state.ledger, state.charter.project
    contract = state.building.contract
    if not 0 <= ledger.disbursed <= state.ceiling:
        raise Unbalanced(f"{name}: {ledger.disbursed:,} disbursed of {state.ceiling:,}")
    if ledger.held < 0 or ledger.advance_balance < 0:
        raise Unbalanced(f"{name}: retention {ledger.held:,}, advances {ledger.advance_balance:,}")
    if contract is not None:
        if ledger.reached > contract.worth:
            raise Unbalanced(f"{name}: {ledger.reached:,} reached of {contract.worth:,}")
        balance = ledger.balance(PaymentKind.ADVANCE)
        if balance and ledger.reached * 10 >= contract.worth * 8 and not ledger.pending:
            raise Unbalanced(f"{name}: {balance:,} advanced at eighty per cent")
    for item, estimate in ledger.estimates.items():
        paid = ledger.total(PaymentKind.OTHER, item)
        if paid > estimate:
            raise Unbalanced(f"{name}: {paid:,} paid of the {estimate:,} for {item}")


def _same(what: str, in_books: int, decided: int) -> None:
    if in_books != decided:
        raise Unbalanced(f"{what}: {in_books:,} đồng in the books, {decided:,} by the deciders")


@dataclass(slots=True)
class Told:
    """What a run has tried."""

    commands: int = 0
    accepted: int = 0
    entries: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


def wander(policy: Policy, seed: int, commands: int, length: int = LENGTH) -> Told:
    """Tell random histories until so many commands were asked; raises `Unbalanced`."""
    told = Told()
    while told.commands < commands:
        one = Wanderer(policy, random.Random(f"{seed}/{told.commands}"))
        books = Books()
        try:
            for asked in history(one, min(length, commands - told.commands)):
                facts = one.ask(asked)
                for fact in facts or ():
                    books.enter(fact, one.states[fact.stream])
                    told.kinds[fact.event.kind] += 1
                if facts:
                    told.accepted += 1
                    moved = {fact.stream for fact in facts}
                    books.check((stream, one.states[stream]) for stream in moved)
        except Unbalanced as wrong:
            raise Unbalanced(
                f"seed {seed}, from command {told.commands}, command {one.decisions}: {wrong}"
            ) from None
        told.commands += one.decisions
        told.entries += books.entries
    return told


def main() -> int:
    """One run; 1 when the books did not hold."""
    parser = argparse.ArgumentParser(prog="python -m chaos.books", description=__doc__)
    parser.add_argument("--commands", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    asked = parser.parse_args()
    try:
        told = wander(policies.load(), asked.seed, asked.commands)
    except Unbalanced as wrong:
        print(f"unbalanced: {wrong}", file=sys.stderr)
        return 1
    print(
        f"seed {asked.seed}: {told.commands:,} commands, {told.accepted:,} accepted,"
        f" {told.entries:,} transfers; balanced after every one"
    )
    for kind, count in told.kinds.most_common():
        print(f"{count:>8,}  {kind}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
