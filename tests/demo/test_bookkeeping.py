"""The books of the demo's year: they balance after every decision, and agree with the deciders."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from itertools import groupby

import pytest

from demo.dataset import load
from domain.bookkeeping import Account, Entry, Purpose, balances, journal, overdrawn
from domain.positions import Capital
from domain.project import Registered
from domain.streams import Fact
from domain.values import PaymentKind, Vnd
from tests.demo.office import MemoryOffice
from tests.demo.test_story import founded, played

YEAR = "NTM-HP/2024"


@pytest.fixture(scope="module")
def office() -> MemoryOffice:
    data = load()
    office = founded(data)
    asyncio.run(played(data, office))
    return office


@pytest.fixture(scope="module")
def entries(office: MemoryOffice) -> tuple[Entry, ...]:
    return tuple(journal(office.facts))


@pytest.fixture(scope="module")
def standing(entries: tuple[Entry, ...]) -> Mapping[Account, Vnd]:
    return balances(entries)


def on(standing: Mapping[Account, Vnd], purpose: Purpose, of: str) -> int:
    return standing.get(Account(purpose=purpose, of=of), 0)


def decision(entry: Entry) -> str:
    return entry.fact.decision_id


def test_after_every_decision_the_trial_balance_is_zero_and_nobody_is_overdrawn(
    entries: tuple[Entry, ...],
) -> None:
    running: Counter[Account] = Counter()
    for _, together in groupby(entries, key=decision):
        touched = set()
        for entry in together:
            for transfer in entry.transfers:
                assert transfer.amount > 0
                running[transfer.source] -= transfer.amount
                running[transfer.destination] += transfer.amount
                touched |= {transfer.source, transfer.destination}
        assert sum(running.values()) == 0
        assert all(running[one] >= 0 for one in touched if one.purpose is not Purpose.BUDGET)
        assert all(running[one] == 0 for one in touched if one.purpose is Purpose.TREASURY)
    assert len(entries) > 600


def test_the_plan_agrees_with_the_books(
    office: MemoryOffice, standing: Mapping[Account, Vnd]
) -> None:
    (plan,) = (state for state in office.streams().values() if isinstance(state, Capital))

    assert -on(standing, Purpose.BUDGET, YEAR) == plan.allocated
    for name, position in plan.positions.items():
        assert on(standing, Purpose.PLAN, f"{name}/{YEAR}") == position.left
    held = {one.of: rest for one, rest in standing.items() if one.purpose is Purpose.RESERVED}
    assert held == {name: one.amount for name, one in plan.reservations.items() if one.amount}


def test_every_project_agrees_with_the_books(
    office: MemoryOffice, standing: Mapping[Account, Vnd]
) -> None:
    projects = [state for state in office.streams().values() if isinstance(state, Registered)]
    for state in projects:
        name, ledger = state.charter.project, state.ledger
        spent = {purpose: on(standing, purpose, name) for purpose in Purpose}

        assert spent[Purpose.ADVANCE] == ledger.advance_balance
        volume = (one for one in ledger.paid.values() if one.payment_kind is PaymentKind.VOLUME)
        assert spent[Purpose.VOLUME] == sum(claim.worth for claim in volume)
        assert sum(spent.values()) == ledger.disbursed
    assert len(projects) == 69
    assert not overdrawn(standing)


def test_a_fact_without_what_it_followed_moves_nothing(office: MemoryOffice) -> None:
    def booked_alone(facts: list[Fact]) -> list[Fact]:
        return [fact for fact in facts if fact.event.kind == "PaymentBooked"][:3]

    assert list(journal(booked_alone(office.facts))) == []
