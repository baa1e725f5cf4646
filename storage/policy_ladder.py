"""Whether the escalation ladder and the succession of units hold together, as a whole.

PolicyError     a file says something the rules cannot use; the message names the place
"""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from domain.law import Limit, Rung, Succession, Trigger
from domain.letters import PLACEHOLDERS, placeholders
from domain.values import Seat, UnitCode
from storage.policy_checks import PolicyError

_DAY = timedelta(days=1)


def check_ladder(path: Path, ladder: tuple[Rung, ...], seats: Collection[Seat]) -> None:
    """Every rung is usable, and on every day every unit's ladder rises without a gap."""
    for nth, rung in enumerate(ladder, 1):
        _check_rung(f"{path}, rung {nth}", rung, seats)
    days = {row.valid_from for row in ladder}
    days |= {row.valid_to + _DAY for row in ladder if row.valid_to is not None}
    for trigger in Trigger:
        for unit in (None, *sorted({row.unit for row in ladder if row.unit})):
            for day in sorted(days):
                _check_rising(path, trigger, _of(ladder, trigger, unit, day), day)
    if not any(row.trigger is Trigger.NO_PROGRESS and row.unit is None for row in ladder):
        raise PolicyError(f"{path}: no rung for a section of any unit that makes no progress")


def check_snooze(path: Path, limits: tuple[Limit, ...]) -> None:
    for nth, limit in enumerate(limits, 1):
        if limit.rule == "escalation.snooze" and limit.unit != "working-days":
            raise PolicyError(
                f'{path}, limit {nth}: unit = "{limit.unit}"; escalations are put off by'
                " working-days"
            )


def check_successions(path: Path, successions: tuple[Succession, ...]) -> None:
    """Whoever inherits exists, or has an heir in turn: no circle on any day."""
    for nth, row in enumerate(successions, 1):
        seen, unit = {row.unit}, row.to_unit
        while True:
            if unit in seen:
                raise PolicyError(
                    f'{path}, succession {nth}: to_unit = "{row.to_unit}" leads back to'
                    f" {unit} on {row.valid_from}"
                )
            seen.add(unit)
            heir = _heir(successions, unit, row.valid_from)
            if heir is None:
                break
            unit = heir


def _heir(successions: tuple[Succession, ...], unit: UnitCode, on: date) -> UnitCode | None:
    found = (
        row.to_unit
        for row in successions
        if row.unit == unit
        and row.valid_from <= on
        and (row.valid_to is None or on <= row.valid_to)
    )
    return next(found, None)


def _check_rung(where: str, rung: Rung, seats: Collection[Seat]) -> None:
    expires = rung.trigger is Trigger.NOTICE_EXPIRING
    lowest = 1 if rung.trigger is Trigger.NO_PROGRESS else 0
    if (rung.after_working_days < lowest) is not expires:
        accepted = "below 0, ahead of the expiry" if expires else f"{lowest} or more"
        raise PolicyError(
            f"{where}: after_working_days = {rung.after_working_days}; {accepted},"
            f" for {rung.trigger}"
        )
    addressee = Seat(role=rung.addressee_role, level=rung.addressee_level)
    for field, seat in (("addressee", addressee), *(("copies", seat) for seat in rung.copies)):
        if seat not in seats:
            raise PolicyError(
                f"{where}: {field} = {seat.role} at {seat.level}; no row of authority, chains or"
                " obstacles knows such a post"
            )
    for field, text in (("text_vi", rung.text_vi), ("text_en", rung.text_en)):
        try:
            unknown = placeholders(text) - PLACEHOLDERS
        except ValueError as wrong:
            raise PolicyError(f"{where}: {field}: {wrong}") from wrong
        if unknown:
            raise PolicyError(
                f"{where}: {field} names {', '.join(sorted(unknown))};"
                f" a letter knows {', '.join(sorted(PLACEHOLDERS))}"
            )


def _of(
    ladder: tuple[Rung, ...], trigger: Trigger, unit: UnitCode | None, on: date
) -> dict[int, Rung]:
    rows = (
        row
        for row in ladder
        if row.trigger is trigger
        and row.unit in (None, unit)
        and row.valid_from <= on
        and (row.valid_to is None or on <= row.valid_to)
    )
    return {row.level: row for row in sorted(rows, key=lambda row: row.unit is not None)}


def _check_rising(path: Path, trigger: Trigger, rungs: dict[int, Rung], on: date) -> None:
    levels = sorted(rungs)
    if levels != list(range(1, len(levels) + 1)):
        raise PolicyError(
            f"{path}: the ladder of {trigger} has levels {levels} on {on}; every level from 1 up"
        )
    for lower, higher in pairwise(levels):
        below, above = rungs[lower], rungs[higher]
        if below.after_working_days >= above.after_working_days:
            raise PolicyError(
                f"{path}, rung of level {higher}: after_working_days ="
                f" {above.after_working_days}; more than the {below.after_working_days}"
                f" of level {lower}"
            )
