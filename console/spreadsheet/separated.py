"""The one sheet of a text file: UTF-8, cells separated by comma, semicolon or tab."""

import csv
import io
from collections.abc import Iterator

from console.flaws import Flaw, Unfit
from console.spreadsheet import encodings
from console.spreadsheet.container import MAX_ROWS_IN_FILE
from console.spreadsheet.sheet import MAX_COLUMNS, Raw, Sheet
from language.catalogue import mark, tr
from language.numerals import grouped

_SEPARATORS = (";", ",", "\t")
AS_UTF8 = mark("save it as CSV in UTF-8, written in a Unicode font")


def readings(data: bytes, name: str) -> Iterator[Sheet]:
    """The sheet, once for each separator that its rows can be cut by. Raises `Unfit`."""
    text = _text(data)
    for separator in _SEPARATORS:
        if separator in text:
            yield _cut(text, separator, name)


def _text(data: bytes) -> str:
    encoding = encodings.of_bytes(data)
    if encoding is not None:
        raise Unfit(Flaw.LEGACY_ENCODING, f"{encoding}: {tr(AS_UTF8)}")
    text = data.decode("utf-8-sig")
    at = text.find("\0")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise Unfit(Flaw.HIDDEN_CHARACTER, tr("U+0000 in line {line}", line=line))
    return text


def _cut(text: str, separator: str, name: str) -> Sheet:
    cells: dict[tuple[int, int], Raw] = {}
    widths: dict[int, int] = {}
    # It is the whole process's: never less than what others read by.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row, line in enumerate(lines, 1):
            if row > MAX_ROWS_IN_FILE:
                raise Unfit(
                    Flaw.TOO_BIG,
                    tr("at most {most} rows in a sheet", most=grouped(MAX_ROWS_IN_FILE)),
                )
            filled = [column for column, cell in enumerate(line, 1) if cell.strip()]
            if filled and filled[-1] > MAX_COLUMNS:
                raise Unfit(Flaw.TOO_BIG, tr("at most {most} columns", most=MAX_COLUMNS))
            widths[row] = filled[-1] if filled else 0
            cells |= {(row, column): line[column - 1] for column in filled}
    except csv.Error:
        raise Unfit(
            Flaw.BROKEN_FILE, tr("quotes do not match, near line {line}", line=lines.line_num)
        ) from None
    return Sheet(name=name, cells=cells, widths=widths)
