"""Charts of columns on a terminal: block characters, and an axis that says where it begins."""

from collections.abc import Sequence

from console import show
from domain.values import value
from language.catalogue import tr

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_HEIGHT = 12
_PER_LABEL = 3


@value
class Column:
    """A column over its label, đồng: solid up to `solid`, hatched from there to `band`, and marks.

    None draws nothing.
    """

    label: str
    solid: int | None = None
    band: int | None = None
    line: int | None = None
    dashes: int | None = None


def chart(
    columns: Sequence[Column], *, floor: int = 0, top: int = 0, width: int = 4, gap: int = 1
) -> list[str]:
    """Rows from the top down, as Rich markup: an axis in billions, the columns, and their labels.

    `line` is drawn over a column as ━, `dashes` as ╌ where no line is. The axis goes from `floor`
    to `top`, or as far as the highest of what is drawn; a label may reach over its neighbours.
    """
    drawn = [amount for column in columns for amount in _amounts(column)]
    top = max([top, floor + 1, *drawn])
    rows = []
    for row in range(_HEIGHT, 0, -1):
        at = floor + (top - floor) * row // _HEIGHT
        axis = _axis(at) if row % _PER_LABEL == 0 else ""
        cells = (" " * gap).join(_cell(one, row, floor, top, width - gap) for one in columns)
        rows.append(f"[dim]{axis:>9} ┤[/]{cells}")
    rows.append(f"[dim]{_axis(floor):>9} ┼{'─' * (width * len(columns))}[/]")
    labels = ""
    for nth, column in enumerate(columns):
        if column.label and len(labels) <= nth * width:
            labels += " " * (nth * width - len(labels)) + column.label
    unit = tr("billion")
    rows.append(f"[dim]{unit:>9}  {labels}[/]")
    return rows


def _amounts(column: Column) -> tuple[int, ...]:
    every = (column.solid, column.band, column.line, column.dashes)
    return tuple(amount for amount in every if amount is not None)


def _cell(column: Column, row: int, floor: int, top: int, fill: int) -> str:
    def filled(amount: int | None) -> int:
        """Eighths of this row that an amount fills."""
        eighths = ((amount or 0) - floor) * _HEIGHT * 8 // (top - floor)
        return max(0, min(8, eighths - 8 * (row - 1)))

    def stands(amount: int | None) -> bool:
        """Whether a mark is in this row: that of its upper edge, the lowest for next to nothing."""
        if amount is None:
            return False
        return max(1, -((floor - amount) * _HEIGHT // (top - floor))) == row

    solid = filled(column.solid)
    if stands(column.line):
        return f"[bold yellow]{'━' * fill}[/]"
    if stands(column.dashes):
        return f"[bold cyan]{'╌' * fill}[/]"
    if solid == 0 and filled(column.band) >= 4:
        return f"[cyan]{'░' * fill}[/]"
    return f"[green]{_EIGHTHS[solid] * fill}[/]"


def _axis(amount: int) -> str:
    """An amount at an axis, to the whole billion."""
    return show.billions(round(amount, -9))
