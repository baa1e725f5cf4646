"""Money that comes back into a year's plan: a reversal of what it disbursed."""

from datetime import date
from typing import Literal

from domain import lots
from domain.calendar import local_day
from domain.lots import Draw, Lots
from domain.positions import Capital, Taken, changed
from domain.refusal import Refused
from domain.values import Act, PaymentId, ProjectId, Vnd, value


@value
class ReturnCapital:
    """From a project: so much of what a payment had taken came back, đồng."""

    payment: PaymentId
    project: ProjectId
    amount: Vnd
    kind: Literal["ReturnCapital"] = "ReturnCapital"


@value
class CapitalReturned:
    """`draws` are free again; `lapsed` are not, for their time is over: they are the budget's."""

    payment: PaymentId
    project: ProjectId
    amount: Vnd
    draws: tuple[Draw, ...]
    lapsed: tuple[Draw, ...]
    kind: Literal["CapitalReturned"] = "CapitalReturned"


def decide(plan: Capital, command: ReturnCapital, act: Act) -> CapitalReturned:
    """Put money back where it came from: what was to be paid out last comes back first."""
    position = plan.positions.get(command.project)
    disbursed = position.disbursed if position else 0
    if position is None or not 0 < command.amount <= disbursed:
        raise Refused(
            "capital_ceiling",
            f"amount: {command.amount:,} đồng came back, the year's plan paid {disbursed:,} for"
            f" {command.project}",
        )
    parts = _parts(position.lots, command.amount)
    day = local_day(act.at)
    return CapitalReturned(
        payment=command.payment,
        project=command.project,
        amount=command.amount,
        draws=tuple(part for part in parts if position.lots[part.lot].is_payable(day)),
        lapsed=tuple(part for part in parts if not position.lots[part.lot].is_payable(day)),
    )


def evolve(plan: Capital, event: CapitalReturned) -> Capital:
    """Free what came back; what has lapsed meanwhile is written off."""
    every = (Taken(project=event.project, draws=(*event.draws, *event.lapsed)),)
    lapsed = (Taken(project=event.project, draws=event.lapsed),)
    return changed(changed(plan, every, lots.give_back), lapsed, lots.expire)


def _parts(held: Lots, amount: Vnd) -> tuple[Draw, ...]:
    order = sorted(
        range(len(held)), key=lambda nth: (held[nth].payable_until or date.max, nth), reverse=True
    )
    parts: list[Draw] = []
    left = int(amount)
    for nth in order:
        part = min(left, held[nth].disbursed)
        if part:
            parts.append(Draw(lot=nth, amount=Vnd(part)))
            left -= part
    return tuple(parts)
