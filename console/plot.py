"""Charts of columns on a terminal: block characters, no wider than what they stand on."""

from collections.abc import Sequence

from console import show
from domain.values import value

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_HEIGHT = 12


@value
class Column:
    """A column over its label: solid up to `solid`, hatched from there to `band`, and marks.

    Amounts are in one unit of the caller's, zero or more; None draws nothing.
    """

    label: str
    solid: int | None = None
    band: int | None = None
    line: int | None = None
    dashes: int | None = None


def chart(columns: Sequence[Column], top: int = 0, width: int = 4) -> list[str]:
    """Rows from the top down, as Rich markup: an axis in tỷ, the columns, and their labels.

    `line` is drawn over a column as ━, `dashes` as ╌ where no line is. The axis reaches to `top`,
    or as far as the highest of what is drawn.
    """
    top = max([top, 1, *(amount for column in columns for amount in _amounts(column))])
    rows = []
    for row in range(_HEIGHT, 0, -1):
        axis = show.billions(_nice(top * row // _HEIGHT)) if row % 3 == 0 else ""
        cells = "".join(_cell(column, row, top, width) for column in columns)
        rows.append(f"[dim]{axis:>9} ┤[/]{cells}")
    rows.append(f"[dim]{'0':>9} ┼{'─' * (width * len(columns))}[/]")
    labels = "".join(f"{column.label:^{width}}" for column in columns)
    rows.append(f"[dim]{'tỷ':>9}  {labels}[/]")
    return rows


def _amounts(column: Column) -> tuple[int, ...]:
    every = (column.solid, column.band, column.line, column.dashes)
    return tuple(amount for amount in every if amount is not None)


def _cell(column: Column, row: int, top: int, width: int) -> str:
    fill = width - 1
    if _row_of(column.line, top) == row:
        return f"[bold yellow]{'━' * fill}[/] "
    if _row_of(column.dashes, top) == row:
        return f"[bold cyan]{'╌' * fill}[/] "
    eighths = _eighths(column.solid, row, top)
    if eighths == 0 and (_eighths(column.band, row, top) >= 4):
        return f"[cyan]{'░' * fill}[/] "
    return f"[green]{_EIGHTHS[eighths] * fill}[/] "


def _row_of(amount: int | None, top: int) -> int | None:
    """The row in which a mark stands: that of its upper edge, the lowest for next to nothing."""
    return None if amount is None else max(1, -(-amount * _HEIGHT // top))


def _eighths(amount: int | None, row: int, top: int) -> int:
    """How many eighths of a row an amount fills."""
    filled = (amount or 0) * _HEIGHT * 8 // top
    return max(0, min(8, filled - 8 * (row - 1)))


def _nice(amount: int) -> int:
    """An amount at an axis, to the whole billion."""
    return round(amount, -9) or amount
