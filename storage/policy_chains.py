"""Whether the chains of approval hold together: every step decidable, no amount or day forgotten.

PolicyError     a file says something the rules cannot use; the message names file, row and field
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import TypeAlias

from domain.law import Member, Step
from domain.policy import covers, nearness
from domain.quorum import All, AtLeast, Majority, check_possible
from domain.refusal import Refused
from domain.values import DossierKind, Post, Role, Seat, UnitCode, Vnd
from storage.policy_checks import PolicyError, check_limit, overlap

_DAY = timedelta(days=1)
Row: TypeAlias = tuple[int, Step]
Scope: TypeAlias = tuple[object, ...]
"""Which projects a chain is of; all of None is everybody's."""


def check_chains(path: Path, steps: tuple[Step, ...], limits: list[str]) -> None:
    """Every row is usable; on every day, for every amount, each chain is whole and single."""
    rows = tuple(enumerate(steps, 1))
    for nth, step in rows:
        where = f"{path}, step {nth}"
        _check_lanes(where, step)
        _check_bounds(where, step)
        check_limit(path, f"step {nth}", "limit", step.limit, limits)
        if step.opinion is not None:
            check_limit(path, f"step {nth}", "opinion", step.opinion, limits)
        elif step.opinion_waits:
            raise PolicyError(f"{where}: opinion_waits = true; opinion names no limit to wait for")
    for one, other in combinations(rows, 2):
        _check_single(path, one, other)
    for kind in DossierKind:
        of_kind = [row for row in rows if row[1].dossier is kind]
        for scope in dict.fromkeys(_scope(step) for _, step in of_kind):
            _check_whole(path, [row for row in of_kind if _scope(row[1]) == scope])
        if not any(nearness(step) == (False, False, False) for _, step in of_kind):
            raise PolicyError(f"{path}: no row for dossier {kind} that every project may go by")


def seats(steps: tuple[Step, ...]) -> Iterator[Seat]:
    """Every seat that decides a step."""
    for step in steps:
        for lane in _lanes(step):
            yield Seat(role=lane.role, level=lane.level)


def _lanes(step: Step) -> tuple[Member, ...]:
    return (Member(role=step.role, level=step.level, veto=step.veto), *step.members)


def _scope(step: Step) -> Scope:
    return step.unit, tuple(sorted(step.works)), step.budget


def _check_lanes(where: str, step: Step) -> None:
    lanes = [Seat(role=lane.role, level=lane.level) for lane in _lanes(step)]
    names = [f"{seat.role}@{seat.level}" for seat in lanes]
    for name in names:
        if names.count(name) > 1:
            raise PolicyError(f"{where}: members: {name} has two lanes; nobody counts twice")
    if any(seat.role is Role.SYSTEM for seat in lanes):
        raise PolicyError(f"{where}: role = system; the clock decides nothing")
    match step.quorum:
        case AtLeast(count=least) if not 1 <= least <= len(lanes):
            raise PolicyError(f"{where}: quorum.count = {least}; from 1 to its {len(lanes)} lanes")
        case Majority(attendance=present) if not 1 <= present <= len(lanes):
            raise PolicyError(
                f"{where}: quorum.attendance = {present}; from 1 to its {len(lanes)} lanes"
            )
        case All() if step.abstain:
            raise PolicyError(f"{where}: abstain = true; a quorum of all leaves nobody to abstain")
        case _:
            pass
    if not step.members and (step.abstain or step.in_turn):
        field = "abstain" if step.abstain else "in_turn"
        raise PolicyError(f"{where}: {field} = true; members is empty, so one post decides alone")
    if step.minutes and step.mode != "collective":
        raise PolicyError(f'{where}: minutes = true; only of what is signed "collective"')
    if step.escalates_to in lanes:
        raise PolicyError(f"{where}: escalates_to is one of those who are late; name another")


def _check_bounds(where: str, step: Step) -> None:
    if step.amount_from < 0:
        raise PolicyError(f"{where}: amount_from = {step.amount_from}; 0 or more")
    if step.amount_below is not None and step.amount_below <= step.amount_from:
        raise PolicyError(
            f"{where}: amount_below = {step.amount_below}; more than amount_from ="
            f" {step.amount_from}"
        )


def _check_single(path: Path, one: Row, other: Row) -> None:
    """No two rows are the same step, and no two chains are as near to one project."""
    (earlier_nth, earlier), (nth, row) = one, other
    if earlier.dossier is not row.dossier or not overlap(earlier, row):
        return
    if not _amounts_meet(earlier, row):
        return
    if _scope(earlier) != _scope(row):
        both = set(earlier.works) & set(row.works)
        if both and (earlier.unit, earlier.budget) == (row.unit, row.budget):
            raise PolicyError(
                f"{path}, step {nth}: works: {', '.join(sorted(both))} stands in step"
                f" {earlier_nth}, too; two chains would be as near to such a project"
            )
        return
    for what, same in (("order", row.order == earlier.order), ("key", row.key == earlier.key)):
        if same:
            raise PolicyError(
                f"{path}, step {nth}: {row.dossier}/{getattr(row, what)} from {row.valid_from} is"
                f" in force together with step {earlier_nth}, from {earlier.valid_from} to"
                f" {earlier.valid_to or 'no end'}; only one row may hold on a day for an amount"
            )


def _amounts_meet(one: Step, other: Step) -> bool:
    return (one.amount_below is None or other.amount_from < one.amount_below) and (
        other.amount_below is None or one.amount_from < other.amount_below
    )


def _check_whole(path: Path, rows: list[Row]) -> None:
    """Between the first and the last day and amount of a chain nothing is left out.

    Everybody's chain covers every amount, and every day from its first.
    """
    everybody = nearness(rows[0][1]) == (False, False, False)
    begun = {s.valid_from for _, s in rows}
    days = sorted(begun | {s.valid_to + _DAY for _, s in rows if s.valid_to})
    last_day = max(s.valid_to or date.max for _, s in rows)
    amounts = sorted(
        {s.amount_from for _, s in rows}
        | {s.amount_below for _, s in rows if s.amount_below is not None}
        | ({Vnd(0)} if everybody else set())
    )
    most = max((s.amount_below or Vnd(10**18)) for _, s in rows)
    for day in days:
        for amount in amounts:
            outside = day > last_day or amount >= most
            if outside and not everybody:
                continue
            _check_slice(path, rows, day, amount)


def _check_slice(path: Path, rows: list[Row], day: date, amount: Vnd) -> None:
    found = sorted(
        (
            row
            for row in rows
            if row[1].valid_from <= day
            and (row[1].valid_to is None or day <= row[1].valid_to)
            and covers(row[1], amount)
        ),
        key=lambda row: row[1].order,
    )
    if [step.order for _, step in found] != list(range(1, len(found) + 1)) or not found:
        nth, field = _edge(rows, day, amount)
        orders = [step.order for _, step in found]
        raise PolicyError(
            f"{path}, step {nth}: {field}: {rows[0][1].dossier} of {amount:,} đồng has steps"
            f" {orders} on {day}; every order from 1 up, on every day and for every amount"
        )
    _check_decidable(path, found)


def _edge(rows: list[Row], day: date, amount: Vnd) -> tuple[int, str]:
    """The row that ends, or begins, where something is missing."""
    for nth, step in rows:
        if step.valid_to is not None and step.valid_to + _DAY == day:
            return nth, f"valid_to = {step.valid_to}"
    for nth, step in rows:
        if step.amount_below == amount:
            return nth, f"amount_below = {step.amount_below}"
    for nth, step in rows:
        if step.valid_from == day:
            return nth, f"order = {step.order}, amount_from = {step.amount_from}"
    return rows[0][0], f"order = {rows[0][1].order}"


def _check_decidable(path: Path, chain: list[Row]) -> None:
    """Nobody decides twice on one dossier: whoever approved an earlier step is missing in a later.

    A step sends back only to steps before it.
    """
    keys: list[str] = []
    acted: set[Seat] = set()
    for nth, step in chain:
        strange = [key for key in step.returns_to if key not in keys]
        if strange:
            raise PolicyError(
                f"{path}, step {nth}: returns_to names {', '.join(strange)}; steps before it are"
                f" {', '.join(keys) or 'none'}"
            )
        lanes = [Seat(role=lane.role, level=lane.level) for lane in _lanes(step)]
        posts = {seat: Post(role=seat.role, unit=UnitCode(seat.level)) for seat in lanes}
        free = [post for seat, post in posts.items() if seat not in acted]
        gone = len(lanes) - len(free)
        try:
            # The lanes of those who have acted stand in the count, and nobody can fill them.
            check_possible(step.quorum, (*free, *free[:1] * gone))
        except Refused as refused:
            raise PolicyError(
                f"{path}, step {nth}: quorum: {refused.because}; who decided an earlier step of the"
                " dossier may not decide this one"
            ) from refused
        acted.update(lanes)
        keys.append(step.key)
