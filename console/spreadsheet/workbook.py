"""Sheets of an .xlsx file."""

import re
import warnings
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from console.flaws import Flaw, Unfit
from console.numbers import MONEY, fold
from console.spreadsheet import container
from console.spreadsheet.sheet import MAX_COLUMNS, Area, Raw, Sheet, Unread
from language.catalogue import tr

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""What a number format shows as it stands, and its colours and conditions."""
_QUOTED = re.compile(r'"([^"]*)"')
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
"""A comma at the end of a format leaves three digits out."""
_PADDED = re.compile(r'\s*("[^"]*\w[^"]*"\s*[0#]|0[0-])')
"""12 shown as 0012 or H12."""


def sheets(data: bytes) -> tuple[Sheet, ...]:
    """Every sheet, hidden ones too. Raises `Unfit`."""
    container.check(data)
    from openpyxl import load_workbook

    # A crafted file fails in as many ways as the library has lines; each of these is the file's.
    broken = (ArithmeticError, AttributeError, BadZipFile, LookupError, OSError, ParseError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(data), keep_links=False)
            return tuple(_sheet(sheet) for sheet in book.worksheets)
    except (*broken, RecursionError, TypeError, ValueError):
        raise Unfit(Flaw.BROKEN_FILE, tr(container.SAVE_AGAIN)) from None


def _sheet(sheet: "Worksheet") -> Sheet:
    # Asking for rows would make every empty cell up to the last one.
    held: dict[tuple[int, int], Cell] = sheet._cells  # type: ignore[assignment]  # noqa: SLF001
    cells = {place: raw for place, cell in held.items() if (raw := _raw(cell)) is not None}
    if max((column for _, column in cells), default=0) > MAX_COLUMNS:
        raise Unfit(Flaw.TOO_BIG, tr("at most {most} columns", most=MAX_COLUMNS))
    return Sheet(
        name=sheet.title,
        cells=cells,
        merged=tuple(
            Area(top=area.min_row, bottom=area.max_row, left=area.min_col, right=area.max_col)
            for area in sheet.merged_cells.ranges
        ),
        hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(
            number for number, row in sheet.row_dimensions.items() if row.hidden or row.height == 0
        ),
        hidden_columns=frozenset(_hidden_columns(sheet)),
    )


def _hidden_columns(sheet: "Worksheet") -> list[int]:
    return [
        number
        for column in sheet.column_dimensions.values()
        if column.hidden or column.width == 0
        for number in range(column.min or 0, min(column.max or 0, MAX_COLUMNS) + 1)
    ]


def _raw(cell: "Cell") -> Raw | None:
    """What a cell holds, if that is what it shows."""
    held = cell.value
    if cell.data_type == "f":
        return Unread.FORMULA
    if cell.data_type == "e":
        return Unread.ERROR
    match held:
        case None:
            return None
        case bool():
            return held
        case int() | float():
            return _as_shown(held, cell.number_format)
        case datetime() | date() | time() | timedelta():
            return Unread.DATE
        case _:
            text = str(held)
            return text if text.strip() else None


def _as_shown(number: float, form: str) -> Raw:
    """A number, unless its format shows it as a percentage, in thousands, or with more to it."""
    first = form.partition(";")[0]
    bare = _LITERAL.sub("", first)
    told = fold(" ".join(_QUOTED.findall(first)))
    if "%" in bare:
        return Unread.PERCENT
    if _SCALED.search(bare) or any(char.isdigit() for char in told.replace("m2", "")):
        return Unread.SHOWN_OTHERWISE
    if MONEY.units.get(told, 1) != 1:
        return Unread.SHOWN_OTHERWISE
    if _PADDED.match(first):
        return Unread.PADDED
    return number
