"""Which rows of a table are data: not blank ones, totals, headings of groups, nor signatures."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import pairwise

from console.flaws import Flaw
from console.numbers import fold
from console.spreadsheet.headings import Headings
from console.spreadsheet.sheet import Raw, Sheet, Unread
from console.spreadsheet.vocabulary import Field, Sort, Table
from domain.values import value
from language.catalogue import tr

# With its accents, for `công` is no `cộng`; without any, only what can be nothing else.
_TOTAL = re.compile(
    r"(tổng|cộng|lũy kế|luỹ kế|total|tong cong|tong so)\b.*|tong|cong|sum", re.DOTALL
)
_NUMBER_OF = re.compile(r"\d+\s*(hộ|hồ sơ|tuyến|đường dây|cột)\b.*", re.DOTALL)
_AMOUNT = re.compile(r"[-(−]?\s*[0-9].*", re.DOTALL)
_ORDINAL = re.compile(r"[IVXA-H]+\.?")
_NUMBERING = re.compile(r"\(?\s*(\d{1,2})\s*\)?\s*(=.*)?")
NAMED_BY: Mapping[Table, Field] = {Table.CASES: Field.CODE, Table.POLES: Field.UTILITY}


@value
class Line:
    """One row of data, by what its columns say; empty cells are not there."""

    row: int
    cells: Mapping[Field, Raw]


@value
class Total:
    """A row that adds up the rows above it, from `since` on."""

    row: int
    since: int
    cells: Mapping[Field, Raw]
    is_named: bool


@value
class Rows:
    """What the rows below the headings are. `aside` are rows with text and no data."""

    lines: tuple[Line, ...]
    totals: tuple[Total, ...]
    aside: tuple[int, ...]
    flaws: tuple[tuple[Flaw, int, str], ...]


def sort(sheet: Sheet, headings: Headings) -> Rows:
    """Tell the rows of a table apart. Values of personal columns were dropped before."""
    found = {row: cells for row, cells in _below(sheet, headings).items() if cells}
    name = NAMED_BY[headings.table]
    numeric = headings.measured
    lines: list[Line] = []
    totals: list[Total] = []
    aside: list[int] = []
    since = headings.bottom + 1
    last = max((row for row in found if _is_data(found[row], headings, name)), default=0)
    for row, cells in sorted(found.items()):
        read = _read(cells, headings)
        if _is_blank(cells, headings):
            continue
        if row == min(found) and _is_numbering(read, name):
            continue
        is_named = _says_total(cells, read, name)
        if is_named or (row == last and _is_bare(read, numeric)):
            totals.append(
                Total(
                    row=row,
                    since=since,
                    cells={f: read[f] for f in numeric & read.keys()},
                    is_named=is_named,
                )
            )
            since = row + 1
        elif row > last or _is_group(cells, read) or _is_heading_again(read, headings):
            aside.append(row)
        else:
            lines.append(Line(row=row, cells=read))
    data = {line.row for line in lines}
    flaws = (
        *_ragged(sheet, headings, data),
        *_hidden(sheet, data),
        *_merged(sheet, headings, data),
    )
    return Rows(lines=tuple(lines), totals=tuple(totals), aside=tuple(aside), flaws=flaws)


def _below(sheet: Sheet, headings: Headings) -> dict[int, dict[int, Raw]]:
    below: dict[int, dict[int, Raw]] = {}
    for (row, column), raw in sheet.cells.items():
        if row > headings.bottom:
            below.setdefault(row, {})[column] = raw
    return below


def _read(cells: Mapping[int, Raw], headings: Headings) -> dict[Field, Raw]:
    return {
        field: cells[heading.column]
        for field, heading in headings.read.items()
        if heading.column in cells
    }


def _is_blank(cells: Mapping[int, Raw], headings: Headings) -> bool:
    """A form is often numbered to its end before it is filled in."""
    counted = {heading.column for heading in headings.of(Sort.COUNTED)}
    return all(column in counted and not _text(raw) for column, raw in cells.items())


def _is_data(cells: Mapping[int, Raw], headings: Headings, name: Field) -> bool:
    """Whether a row has a code or an amount; a date and a signature below a table have neither."""
    read = _read(cells, headings)
    if _says_total(cells, read, name):
        return False
    code = str(read.get(name, "")).strip()
    if code and " " not in code and any(map(str.isdigit, code)):
        return True
    amounts = (read[field] for field in headings.measured & read.keys())
    return any(not isinstance(raw, str) or _AMOUNT.fullmatch(raw.strip()) for raw in amounts)


def _is_numbering(read: Mapping[Field, Raw], name: Field) -> bool:
    """A row of column numbers below the headings: (1) (2) (3), or 6=4-5."""
    numbers: list[int] = []
    for raw in (raw for field, raw in read.items() if field is not name):
        found = _NUMBERING.fullmatch(str(raw)) if isinstance(raw, str | int) else None
        if found is None:
            return False
        numbers.append(int(found[1]))
    rising = len(numbers) >= 2 and all(before < after for before, after in pairwise(numbers))
    return rising and re.fullmatch(r"\(?([A-Z]|\d{1,2})?\)?", str(read.get(name, ""))) is not None


def _says_total(cells: Mapping[int, Raw], read: Mapping[Field, Raw], name: Field) -> bool:
    """Whether its first text is `Tổng cộng`, and no other code stands in it."""
    texts = [text for _, raw in sorted(cells.items()) if (text := _text(raw))]
    if not texts or not _TOTAL.fullmatch(unicodedata.normalize("NFC", texts[0]).strip().lower()):
        return False
    code = _text(read.get(name, ""))
    return code in ("", texts[0]) or _NUMBER_OF.fullmatch(code.strip().lower()) is not None


def _is_bare(read: Mapping[Field, Raw], numeric: frozenset[Field]) -> bool:
    """Amounts and nothing else: at the end of a table, a total named in a column not read."""
    return len(read) >= 2 and read.keys() <= numeric


def _text(raw: Raw) -> str:
    """Letters that a person would read; nothing of a number."""
    return raw if isinstance(raw, str) and any(map(str.isalpha, raw)) else ""


def _is_group(cells: Mapping[int, Raw], read: Mapping[Field, Raw]) -> bool:
    """`II. Thôn Đoài` alone in its row, or with its number before it."""
    texts = [text for raw in cells.values() if (text := _text(raw).strip())]
    words = [text for text in texts if not _ORDINAL.fullmatch(text)]
    if len(words) < len(texts) and not read:
        # Its name stands in a column that is not read.
        return True
    alone = len(words) == 1 and len(read) <= 1 and len(cells) - len(texts) <= 1
    return alone and " " in words[0] and Unread.PERSONAL not in cells.values()


def _is_heading_again(read: Mapping[Field, Raw], headings: Headings) -> bool:
    """Headings repeated at the top of a page."""
    return len(read) >= 2 and all(
        fold(str(raw)) == fold(headings.read[field].text.rpartition(" / ")[2])
        for field, raw in read.items()
    )


def _ragged(sheet: Sheet, headings: Headings, data: set[int]) -> Iterator[tuple[Flaw, int, str]]:
    """A comma inside a value moves all that follows by one column; nobody sees it in the end."""
    widths = sheet.widths or {}
    most = max(heading.column for heading in headings.columns)
    for row in sorted(data):
        if widths.get(row, 0) > most:
            yield (
                Flaw.RAGGED,
                row,
                tr('at most {most} cells; put what has a comma in quotes "', most=most),
            )


def _hidden(sheet: Sheet, data: set[int]) -> Iterator[tuple[Flaw, int, str]]:
    for row in sorted(data & sheet.hidden_rows):
        yield Flaw.HIDDEN_ROW, row, tr("take the filter off; show the row or delete it")


def _merged(sheet: Sheet, headings: Headings, data: set[int]) -> Iterator[tuple[Flaw, int, str]]:
    """One code over several parcels: whether to add them up is not for a program to say."""
    columns = {heading.column for heading in headings.read.values()}
    for area in sorted(sheet.merged, key=lambda area: (area.top, area.left)):
        tall = area.bottom > area.top and area.top > headings.bottom
        over = set(range(area.top, area.bottom + 1)) & data
        if tall and over and columns & set(range(area.left, area.right + 1)):
            yield (
                Flaw.MERGED,
                area.top,
                tr(
                    "rows {first}–{last}: unmerge; one row a household, its parcels added up",
                    first=area.top,
                    last=area.bottom,
                ),
            )
