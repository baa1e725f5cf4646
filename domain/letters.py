"""The letters of the ladder: a text of the policy with the facts of one escalation filled in."""

from collections.abc import Mapping
from string import Formatter

PLACEHOLDERS = frozenset(
    {"place", "addressee", "document", "days", "since", "reached", "answer_due", "about", "names"}
)
"""What a text may name in braces. None of it is about a household."""


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for a brace that does not close."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def written(text: str, facts: Mapping[str, str]) -> str:
    """A text with its facts: names alone are replaced, so that no text can reach further."""
    parts = Formatter().parse(text)
    return "".join(
        before + (facts[name] if name is not None else "") for before, name, _, _ in parts
    )
