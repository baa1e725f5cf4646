"""What a page is made of: cards, and sections of a chart and tables."""

from console.page.drawing import Drawn
from domain.values import value


@value
class Cell:
    """A text of a table, perhaps with a fainter one below it; `note` leads to its events."""

    text: str
    below: str = ""
    note: int | None = None
    tone: str = ""


@value
class Table:
    """Rows under headings; columns in `numbers` are aligned to the right.

    What its money is counted in is its `unit`, if the cells do not say so themselves. On a narrow
    page a `stacked` one has its cells below each other, each with its heading.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: frozenset[int] = frozenset()
    foot: tuple[Cell, ...] = ()
    stacked: bool = False
    unit: str = ""


@value
class Card:
    """A figure that is read from across the room, and what it is of."""

    name: str
    figure: Cell
    lines: tuple[Cell, ...] = ()


@value
class Section:
    """A heading, what is seen at a glance, and the numbers; `legend` names the chart's colours."""

    name: str
    title: str
    lead: tuple[Cell, ...] = ()
    chart: Drawn | None = None
    legend: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    nothing: str = ""
