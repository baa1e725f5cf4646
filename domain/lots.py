"""Lots of capital: what came by one decision, and until when it may be paid out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from domain.values import Vnd, value


class Origin(StrEnum):
    """How capital came to a project."""

    PLAN = "plan"
    ADDED = "added"
    ADJUSTED = "adjusted"
    CARRIED_OVER = "carried-over"


@value
class Lot:
    """Capital of one origin, đồng, payable to the end of a day (None: no day was recorded).

    Reserved, disbursed and expired together never exceed the amount.
    """

    origin: Origin
    amount: Vnd
    payable_until: date | None
    reserved: Vnd = Vnd(0)
    disbursed: Vnd = Vnd(0)
    expired: Vnd = Vnd(0)

    @property
    def left(self) -> Vnd:
        return Vnd(self.amount - self.reserved - self.disbursed - self.expired)

    def is_payable(self, on: date) -> bool:
        return self.payable_until is None or on <= self.payable_until


@value
class Draw:
    """A part of an amount, đồng, and the lot of the project it comes from."""

    lot: int
    amount: Vnd


Lots: TypeAlias = tuple[Lot, ...]


def draws(lots: Lots, amount: Vnd, on: date) -> tuple[Draw, ...]:
    """Where an amount comes from on a day: what lapses first is used first.

    Raises ValueError when less than that is payable.
    """
    rest, found = amount, []
    by_end = sorted(enumerate(lots), key=lambda pair: pair[1].payable_until or date.max)
    for number, lot in by_end:
        part = min(rest, lot.left) if lot.is_payable(on) else 0
        if part > 0:
            found.append(Draw(lot=number, amount=Vnd(part)))
            rest = Vnd(rest - part)
    if rest > 0:
        raise ValueError(f"{amount:,} đồng asked, {amount - rest:,} payable on {on}")
    return tuple(found)


def reserve(lots: Lots, parts: tuple[Draw, ...]) -> Lots:
    """Hold parts back for a payment."""
    return _each(lots, parts, lambda lot, part: replace(lot, reserved=Vnd(lot.reserved + part)))


def release(lots: Lots, parts: tuple[Draw, ...]) -> Lots:
    """Give reserved parts back."""
    return _each(lots, parts, lambda lot, part: replace(lot, reserved=Vnd(lot.reserved - part)))


def disburse(lots: Lots, parts: tuple[Draw, ...]) -> Lots:
    """Pay reserved parts out."""
    return _each(
        lots,
        parts,
        lambda lot, part: replace(
            lot, reserved=Vnd(lot.reserved - part), disbursed=Vnd(lot.disbursed + part)
        ),
    )


def take(lots: Lots, parts: tuple[Draw, ...]) -> Lots:
    """Take free parts away, to be given elsewhere."""
    return _each(lots, parts, lambda lot, part: replace(lot, amount=Vnd(lot.amount - part)))


def expire(lots: Lots, parts: tuple[Draw, ...]) -> Lots:
    """Write free parts off; they stay part of what was allocated."""
    return _each(lots, parts, lambda lot, part: replace(lot, expired=Vnd(lot.expired + part)))


def give_back(lots: Lots, parts: tuple[Draw, ...]) -> Lots:
    """Undo disbursement: the money came back to the treasury."""
    return _each(lots, parts, lambda lot, part: replace(lot, disbursed=Vnd(lot.disbursed - part)))


def _each(lots: Lots, parts: tuple[Draw, ...], change: Callable[[Lot, Vnd], Lot]) -> Lots:
    changed = list(lots)
    for part in parts:
        changed[part.lot] = change(changed[part.lot], part.amount)
    return tuple(changed)
