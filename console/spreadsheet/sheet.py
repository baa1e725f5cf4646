"""A sheet as its file holds it, before anybody asked what it means."""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from typing import TypeAlias

from domain.values import value

MAX_ROWS = 2_000
"""Rows of data in one import. A section has some hundred households; a case holds them all."""
MAX_COLUMNS = 200
MAX_TEXT = 1_000
"""Characters of one cell that is read."""


class Unread(Enum):
    """A cell that holds something, and nothing that may be taken as a value."""

    FORMULA = auto()
    ERROR = auto()
    DATE = auto()
    SHOWN_OTHERWISE = auto()
    PERCENT = auto()
    PADDED = auto()
    """A number shown with zeros before it: 12 looks like 0012."""
    PERSONAL = auto()
    """A person's data; the value was dropped."""


Raw: TypeAlias = str | int | float | bool | Unread


@value
class Area:
    """Merged cells; numbers begin at 1, ends are inside."""

    top: int
    bottom: int
    left: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@value
class Sheet:
    """Cells that are not empty, by row and column, and what cannot be seen at a glance.

    `widths` is, for text files, how many cells each row has.
    """

    name: str
    cells: Mapping[tuple[int, int], Raw]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    widths: Mapping[int, int] | None = None

    def at(self, row: int, column: int) -> Raw | None:
        """What a person sees there: a merged cell shows the value of its first one."""
        if (row, column) in self.cells:
            return self.cells[row, column]
        for area in self.merged:
            if area.holds(row, column):
                return self.cells.get((area.top, area.left))
        return None

    def without(self, columns: frozenset[int], below: int) -> "Sheet":
        """The same once the values of some columns are dropped; that they were there stays."""
        kept = {
            place: Unread.PERSONAL if place[1] in columns and place[0] > below else raw
            for place, raw in self.cells.items()
        }
        return replace(self, cells=kept)


def letter(column: int) -> str:
    """`C` for the third column, as spreadsheets call it."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
