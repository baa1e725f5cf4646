"""The rows of a policy by their names: what is in force on a day, and what two versions change."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

from domain.law import (
    Authority,
    Citation,
    Cutoff,
    Dated,
    Figure,
    Limit,
    MinimumArea,
    Ownership,
    QuestionStep,
    Quiet,
    Rung,
    Step,
    Succession,
    Tet,
)
from domain.policy import Policy
from domain.values import value

# What tells a row from its siblings: the same name is the same rule, in another version of it.
_NAMED_BY: dict[type, tuple[str, ...]] = {
    Limit: ("rule",),
    Figure: ("rule",),
    Cutoff: ("rule",),
    Step: ("dossier", "key"),
    Authority: ("command", "role", "level"),
    Citation: ("command", "step"),
    Ownership: ("cause",),
    Rung: ("trigger", "unit", "level"),
    Succession: ("unit", "role"),
    QuestionStep: ("key",),
    MinimumArea: ("land", "unit"),
    Quiet: (),
    Tet: ("valid_from",),
}
_NOT_ITS_CONTENT = ("source", "verified", "valid_from", "valid_to")


@value
class Rule:
    """A row of law: which family it is of (`limits`), its name in it, and what it says."""

    family: str
    name: str
    says: str
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None


@value
class Change:
    """A rule in force on a day as two versions have it; None where one of them has it not."""

    family: str
    name: str
    before: Rule | None
    after: Rule | None


@value
class Comparison:
    """Two versions of the law on a day, and every rule that they have otherwise."""

    before: str
    after: str
    on: date
    changes: tuple[Change, ...]


def rules(policy: Policy) -> Iterator[Rule]:
    """Every row of a policy, family by family as the policy lists them."""
    for field in fields(policy):
        rows = getattr(policy, field.name)
        if isinstance(rows, tuple):
            yield from (_rule(field.name, row) for row in rows)


def in_force(policy: Policy, on: date) -> Iterator[Rule]:
    """Those of them that hold on a day."""
    return (
        rule
        for rule in rules(policy)
        if rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to)
    )


def named(found: Iterable[Rule], name: str) -> tuple[Rule, ...]:
    """The rules of a name, a family, or the beginning of a name: `project` for its every step."""
    return tuple(
        rule for rule in found if name in (rule.family, rule.name) or _begins(rule.name, name)
    )


def compared(before: Policy, after: Policy, on: date) -> Comparison:
    """What is otherwise on a day under another version; what only its source says is no change."""
    old = {(rule.family, rule.name): rule for rule in in_force(before, on)}
    new = {(rule.family, rule.name): rule for rule in in_force(after, on)}
    both = dict.fromkeys((*old, *new))
    changes = tuple(
        Change(family=family, name=name, before=was, after=will)
        for family, name in both
        if _content(was := old.get((family, name))) != _content(will := new.get((family, name)))
    )
    return Comparison(before=before.version, after=after.version, on=on, changes=changes)


def _begins(name: str, part: str) -> bool:
    return name.startswith((f"{part}/", f"{part}."))


def _content(rule: Rule | None) -> object:
    first = date.min
    return rule and replace(rule, source="", verified=True, valid_from=first, valid_to=None)


def _rule(family: str, row: Dated) -> Rule:
    named_by = _NAMED_BY[type(row)]
    content: Any = row
    rest = [
        (field.name, getattr(content, field.name))
        for field in fields(content)
        if field.name not in (*named_by, *_NOT_ITS_CONTENT)
    ]
    return Rule(
        family=family,
        name="/".join(str(part) for part in _parts(content, named_by)) or family,
        says=", ".join(
            f"{name} {_said(what)}" for name, what in rest if what not in (None, (), "")
        ),
        source=content.source,
        verified=content.verified,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _parts(row: object, named_by: tuple[str, ...]) -> Iterator[object]:
    return (part for name in named_by if (part := getattr(row, name)) not in (None, ""))


def _said(what: object) -> str:
    if isinstance(what, tuple):
        return "; ".join(_said(part) for part in what)
    if hasattr(what, "__dataclass_fields__"):
        return " ".join(_said(getattr(what, name)) for name in what.__dataclass_fields__)
    return str(what)
