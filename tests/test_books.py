"""Random histories of money keep the books: a few hundred commands here, `chaos.books` has more."""

from collections.abc import Iterator

import pytest

from chaos.books import Books, Unbalanced, wander
from domain import bookkeeping
from domain.bookkeeping import Transfer
from domain.policy import Policy
from domain.streams import Fact, State
from domain.values import Vnd


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_asked_the_books_balance_and_agree_with_the_deciders(
    policy: Policy, seed: int
) -> None:
    told = wander(policy, seed, commands=500, length=500)

    assert told.commands == 500
    assert told.accepted > 80
    assert told.kinds["PaymentPaid"]


def _cut(found: tuple[Transfer, ...]) -> Iterator[Transfer]:
    """Each transfer one đồng short."""
    for one in found:
        yield Transfer(source=one.source, destination=one.destination, amount=Vnd(one.amount - 1))


@pytest.mark.parametrize(
    "kind", ["PaymentBooked", "CapitalDisbursed", "CapitalReserved", "CapitalReturned"]
)
def test_a_dong_that_is_entered_nowhere_is_found(
    policy: Policy, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = bookkeeping.transfers

    def falsified(fact: Fact, state: State) -> tuple[Transfer, ...]:
        found = true(fact, state)
        return tuple(_cut(found)) if fact.event.kind == kind else found

    monkeypatch.setattr(bookkeeping, "transfers", falsified)

    with pytest.raises(Unbalanced):
        wander(policy, 1, commands=1_000)


def test_a_history_is_the_same_for_the_same_seed(policy: Policy) -> None:
    assert wander(policy, 5, commands=200) == wander(policy, 5, commands=200)


def test_an_empty_book_balances() -> None:
    Books().check(())
