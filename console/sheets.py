"""Lists as spreadsheets: CSV that opens in any office, and XLSX with real numbers and dates."""

import csv
import io
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import typer

from console import money_words, record_words, show, words
from console.column_words import COLUMNS, WRAPPERS
from console.failures import wrong
from console.terms import TERMS
from console.words import Word
from domain.calendar import HANOI, due_day
from domain.deadlines import Due
from domain.values import Document, Post, value
from language.catalogue import pick, tr

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell: TypeAlias = str | int | bool | Decimal | date | datetime | None

_WORDS_OF: dict[str, dict[str, Word]] = {
    "forecast": money_words.FORECASTS,
    "kind": record_words.EVENTS,
    "state": record_words.DELIVERIES,
    "status": money_words.PAYMENT_STATUSES,
    "template": record_words.TEMPLATES,
}
"""Of a text that is one of few, by its field's name."""
_DECIMALS = frozenset({"gap", "rate_percent_cut"})
"""Fields whose text is a number with decimals."""

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NARROWEST, _WIDEST = 10, 48


@value
class Column:
    """A field of a line, by the names that lead to it, and what the reader calls it."""

    path: tuple[str, ...]
    heading: str


def columns(form: type) -> tuple[Column, ...]:
    """The fields of a line that may leave, in their order."""
    return tuple(
        Column(path=path, heading=pick(COLUMNS[name]))
        for path in _paths(form)
        if (name := _known(path))
    )


def rows(lines: Iterable[object], wanted: Sequence[Column]) -> Iterator[tuple[Cell, ...]]:
    """What stands in those columns, line by line."""
    for line in lines:
        yield tuple(_cell(line, column.path) for column in wanted)


def as_csv(lines: Iterable[object], form: type) -> str:
    """RFC 4180 with a byte-order mark, by which office programs know that it is UTF-8.

    A text that a spreadsheet would take for a formula is kept from being one by an apostrophe.
    """
    wanted = columns(form)
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.heading for column in wanted)
    writer.writerows([_written(cell) for cell in row] for row in rows(lines, wanted))
    return "\ufeff" + file.getvalue()


def as_xlsx(lines: Iterable[object], form: type, about: Mapping[str, Cell]) -> bytes:
    """A workbook: the list under a heading that stays in sight, and beside it what it is from."""
    from openpyxl import Workbook

    wanted = columns(form)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "NTM"
    _fill(sheet, [tuple(column.heading for column in wanted), *rows(lines, wanted)])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    if about:
        _fill(book.create_sheet(tr("Source")), list(about.items()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def form_of(file: Path, asked: str) -> str:
    """What is asked for, or, if nothing was, what the file's name says."""
    ending = file.suffix.removeprefix(".")
    return ending if asked == "table" and ending in ("csv", "xlsx", "json") else asked


def write(
    lines: Iterable[object], form: type, output: str, about: Mapping[str, Cell] | None = None
) -> None:
    """A list on stdout, or in the file that `--out` names."""
    if output == "csv":
        sys.stdout.write(as_csv(lines, form))
        return
    if sys.stdout.isatty():
        raise wrong("--output", "xlsx", tr("write it to a file: --out FILE.xlsx"))
    sys.stdout.flush()
    sys.stdout.buffer.write(as_xlsx(lines, form, about or {}))


@contextmanager
def into(file: Path, option: str = "--out") -> Iterator[None]:
    """Whatever is printed meanwhile goes into a file: all of it, or the file stays as it was."""
    try:
        number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError as error:
        raise wrong(option, show.plain(file), show.plain(error.strerror)) from None
    part, ended = Path(name), None
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as new, redirect_stdout(new):
            try:
                yield
            except typer.Exit as how:
                ended = how
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    if ended is not None:
        raise ended


def _fill(sheet: "Worksheet", cells: Sequence[Sequence[Cell]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for number, row in enumerate(cells, 1):
        for column, content in enumerate(row, 1):
            cell = sheet.cell(number, column, _safe(content))
            if isinstance(content, str):
                # openpyxl takes a text that begins with = for a formula.
                cell.data_type = "s"
            cell.number_format = _format(content)
            if number == 1:
                cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column in range(1, max(map(len, cells), default=0) + 1):
        longest = max(len(_written(row[column - 1])) for row in cells[1:] or cells)
        sheet.column_dimensions[get_column_letter(column)].width = (
            min(max(longest, 10), _WIDEST) + 2
        )


def _format(content: Cell) -> str:
    match content:
        case bool() | str() | None:
            return "General"
        case int():
            # A year and a number are no sums of money.
            return "#,##0" if abs(content) >= 10_000 else "0"
        case Decimal():
            return "0.0#"
        case datetime():
            return "dd/mm/yyyy hh:mm"
        case date():
            return "dd/mm/yyyy"


def _safe(content: Cell) -> Cell:
    """Excel knows no time zones; what moves the cursor it refuses."""
    return show.plain(content) or None if isinstance(content, str) else content


def _written(content: Cell) -> str:
    match content:
        case None:
            return ""
        case bool():
            return "x" if content else ""
        case datetime():
            return f"{content:%Y-%m-%d %H:%M}"
        case date() | int() | Decimal():
            return str(content)
        case str():
            text = show.plain(content)
            return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text


def _paths(form: type, under: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every field, and of a value its own fields; a union of values is one field."""
    hints = get_type_hints(form)
    for field in fields(form):
        path, hint = (*under, field.name), hints[field.name]
        if get_origin(hint) is Mapping or (get_origin(hint) is Literal and field.name == "kind"):
            # What is itself a list, and the name of the line's own kind.
            continue
        kinds = [one for one in _kinds(hint) if one is not type(None)]
        inner = kinds[0] if len(kinds) == 1 else None
        if inner in (Post, Due, Document) or not is_dataclass(inner):
            yield path
        else:
            assert isinstance(inner, type)
            yield from _paths(inner, path)


def _kinds(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _known(path: tuple[str, ...]) -> str | None:
    """The name by which a field may leave."""
    whole = ".".join(path[-2:])
    if len(path) > 1 and (whole in COLUMNS or path[-2] not in WRAPPERS):
        return whole if whole in COLUMNS else None
    return path[-1] if path[-1] in COLUMNS else None


def _cell(line: object, path: tuple[str, ...]) -> Cell:
    found: Any = line
    for name in path:
        found = getattr(found, name) if found is not None else None
    if type(found) is str and (called := _WORDS_OF.get(path[-1])):
        return words.said(called, found)
    if type(found) is str and path[-1] in _DECIMALS:
        return Decimal(found) if found else None
    return cell(found, is_limit=path[-1].endswith("due"))


def cell(found: Any, *, is_limit: bool = False) -> Cell:
    """What a spreadsheet has a cell for; a limit is the last day of it, as people call it."""
    match found:
        case None | bool() | int() | Decimal():
            return found
        case Due():
            return due_day(found.at)
        case datetime():
            return (
                due_day(found)
                if is_limit
                else found.astimezone(HANOI).replace(microsecond=0, tzinfo=None)
            )
        case date():
            return found
        case Document():
            return found.symbol
        case StrEnum():
            return words.said(TERMS.get(type(found), {}), found)
        case str() | Post():
            return str(found)
        case tuple():
            return "; ".join(dict.fromkeys(str(cell(one)) for one in found))
        case _:
            # One of many kinds, such as an event: by its name alone.
            return words.said(record_words.EVENTS, found.kind)
