"""Search as people type: without marks all spelt alike is found, with marks what is meant."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

_T = TypeVar("_T")

# No decomposition leads from these to their base letter.
_STROKES = str.maketrans("đĐ", "dD")


def fold(text: str) -> str:
    """Letters and digits without marks and case: `An Dương` and `an-duong` are the same."""
    letters = _unmarked(text).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in letters).split())


def search(query: str, lines: Iterable[_T], texts: Callable[[_T], Iterable[str]]) -> tuple[_T, ...]:
    """The lines of which one text holds the query, in their order.

    A query without marks finds with and without them. One with marks is taken at its word, and
    compared without them only if nothing is written so: `đường` passes over `Dương`.
    """
    every = tuple(lines)
    exact = _composed(query)
    if _unmarked(exact) != exact:
        meant = tuple(line for line in every if any(exact in _composed(t) for t in texts(line)))
        if meant:
            return meant
    folded = fold(query)
    return tuple(line for line in every if any(folded in fold(text) for text in texts(line)))


def _unmarked(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(_STROKES))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _composed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
