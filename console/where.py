"""`--where`: which of many, as `kind=payment commune=c01|c02 amount<=5000000000`.

Conditions are all to hold. There is no `or`, no bracket and nothing that runs: a condition is a
key, a sign and a value, and whatever else is written is refused with what would be accepted.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import TypeAlias

import typer

from console import words
from console.options import amount, calendar_day, code, refuse
from domain.calendar import local_day
from domain.values import DossierKind, PaymentKind, StreamId, value
from language.catalogue import tr

Told: TypeAlias = Mapping[str, str | int | date | None]
"""What is told of one of the many, by key; a condition on what is not told never holds."""

_PAIR = re.compile(r"([a-z-]+)\s*(<=|>=|!=|=|<|>)\s*([^\s,<>=!]+)(?:[\s,]+|$)")
_SIGNS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
_MEASURES: Mapping[str, Callable[[str], int | date]] = {
    "amount": amount,
    "due": calendar_day,
    "since": calendar_day,
}
_NAMES: Mapping[str, tuple[str, ...]] = {
    "kind": ("dossier", "payment", "project", "clearance", "question"),
    "task": tuple(words.TASKS),
    "dossier": tuple(DossierKind),
    "payment": tuple(PaymentKind),
    "overdue": ("yes", "no"),
}


@value
class Condition:
    """A key, a sign, and the values of which one is enough."""

    key: str
    sign: str
    values: tuple[str | int | date, ...]


@value
class Where:
    """Conditions that are all to hold."""

    conditions: tuple[Condition, ...]

    def holds(self, told: Told) -> bool:
        """Whether every condition holds of one."""
        return all(_holds(condition, told.get(condition.key)) for condition in self.conditions)


def parser(*keys: str) -> Callable[[str], Where]:
    """Reads conditions on these keys."""

    def read(text: str) -> Where:
        found, at = [], 0
        for match in _PAIR.finditer(text.strip()):
            if match.start() != at:
                break
            found.append(_condition(keys, *match.groups()))
            at = match.end()
        if not found or at != len(text.strip()):
            rest = text.strip()[at:]
            raise refuse(
                rest or text, tr("write KEY=VALUE …; {accepted}", accepted=_accepted(keys))
            )
        return Where(conditions=tuple(found))

    return read


def of_case(stream: StreamId, state: object) -> dict[str, str | int | date | None]:
    """What is told of any case: what it is, whose, and by which law it is judged."""
    told: dict[str, str | int | date | None] = {
        "kind": stream.partition("/")[0],
        "policy": getattr(state, "policy", None),
    }
    charter = getattr(state, "charter", None)
    if charter is not None:
        told |= {
            "project": charter.project,
            "programme": charter.programme,
            "cohort": charter.cohort,
            "commune": charter.commune,
            "district": charter.units.district,
        }
    return told


def day_of(moment: datetime | None) -> date | None:
    """The Vietnamese day of a moment."""
    return local_day(moment) if moment else None


def _condition(keys: tuple[str, ...], key: str, sign: str, given: str) -> Condition:
    if key not in keys:
        accepted = _accepted(keys)
        if near := get_close_matches(key, keys, n=1):
            accepted = tr("did you mean {near}? {accepted}", near=near[0], accepted=accepted)
        raise refuse(key, accepted)
    if key in _MEASURES:
        return Condition(key=key, sign=sign, values=(_MEASURES[key](given),))
    if sign not in ("=", "!="):
        raise refuse(f"{key}{sign}", tr("{key} takes = or !=", key=key))
    values = tuple(given.split("|"))
    for one in values:
        if key in _NAMES and one not in _NAMES[key]:
            raise refuse(one, f"{key}: {', '.join(_NAMES[key])}")
        if key not in _NAMES and key != "step":
            code(one)
    return Condition(key=key, sign=sign, values=values)


def _holds(condition: Condition, found: str | int | date | None) -> bool:
    if found is None:
        return False
    if condition.sign == "!=":
        return found not in condition.values
    return any(_SIGNS[condition.sign](_order(found, one)) for one in condition.values)


def _order(found: str | int | date, other: str | int | date) -> int:
    """Below, at or above; only like is compared with like, for each key has one type."""
    return (found > other) - (found < other)  # type: ignore[operator]


def _accepted(keys: tuple[str, ...]) -> str:
    signs = dict.fromkeys(_MEASURES, "= < <= > >=")
    told = (f"{key} ({signs[key]})" if key in signs else key for key in keys)
    return tr("the keys: {keys}", keys=", ".join(told))


def option(*keys: str) -> typer.models.OptionInfo:
    """The option `--where` over these keys."""
    info: typer.models.OptionInfo = typer.Option(
        "--where",
        parser=parser(*keys),
        metavar="'KEY=VALUE …'",
        help=f"Which of many, by {', '.join(keys)}; a|b is either.",
    )
    return info
