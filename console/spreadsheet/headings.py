"""Which column is which: the words of the headings, wherever the row of headings is."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from console.flaws import Flaw, Unfit
from console.numbers import MONEY, fold
from console.spreadsheet import encodings
from console.spreadsheet.separated import AS_UTF8
from console.spreadsheet.sheet import Raw, Sheet
from console.spreadsheet.vocabulary import (
    ASIDE,
    BRACKET,
    BRACKETED,
    COUNTED,
    KNOWN,
    PERSONAL,
    UNIT_PHRASE,
    UNITS,
    Field,
    Known,
    Sort,
    Table,
)
from domain.refusal import Refused
from domain.text import check_text
from domain.values import value
from language.catalogue import tr
from language.sentences import in_their_language

_SEARCHED = 40
"""Rows in which the headings are looked for."""
_DEPTH = 3
"""Rows that headings may stand over one another."""


@value
class Heading:
    """The heading of one column; `times` is the unit it names."""

    column: int
    text: str
    known: Known | None
    sort: Sort | None = None
    times: int | None = None
    unit: str = ""


@value
class Headings:
    """A table found in a sheet; data begin below `bottom`."""

    table: Table
    bottom: int
    columns: tuple[Heading, ...]

    @property
    def read(self) -> Mapping[Field, Heading]:
        return {heading.known.field: heading for heading in self.columns if heading.known}

    @property
    def measured(self) -> frozenset[Field]:
        """Columns of numbers."""
        return frozenset(
            heading.known.field
            for heading in self.columns
            if heading.known and heading.known.measure
        )

    def of(self, sort: Sort) -> tuple[Heading, ...]:
        return tuple(heading for heading in self.columns if heading.sort is sort)


def find(sheet: Sheet) -> Headings | None:
    """The table of a sheet: the block of rows in which most headings are known, if two are."""
    rows = sorted({row for row, _ in sheet.cells})[:_SEARCHED]
    last = max(rows, default=0)
    sheet = replace(
        sheet,
        cells={place: raw for place, raw in sheet.cells.items() if place[0] <= last},
        merged=tuple(area for area in sheet.merged if area.top <= last),
    )
    best: tuple[tuple[int, int, int, int], Headings] | None = None
    for bottom in rows:
        for top in range(max(1, bottom - _DEPTH + 1), bottom + 1):
            for table in Table:
                found = _block(sheet, table, top, bottom)
                units = sum(bool(heading.unit) for heading in found.read.values())
                rank = (len(found.read), units, -bottom, top - bottom)
                if len(found.read) >= 2 and (best is None or rank > best[0]):
                    best = (rank, found)
    return best[1] if best else None


def check(text: str) -> None:
    """Raise `Unfit` for characters that nobody sees, with their place."""
    try:
        check_text(text)
    except Refused as refused:
        raise Unfit(
            Flaw.HIDDEN_CHARACTER, in_their_language(refused.because.removeprefix(": "))
        ) from None


def explain(sheet: Sheet) -> Unfit:
    """Why no table was found: an old font, or headings nobody knows."""
    texts = [
        raw for (row, _), raw in sheet.cells.items() if row <= _SEARCHED and isinstance(raw, str)
    ]
    encoding = encodings.named(" ".join(texts))
    if encoding:
        return Unfit(Flaw.LEGACY_ENCODING, f"{encoding}: {tr(AS_UTF8)}")
    wanted = ["; ".join(known.best for known in KNOWN[table] if known.required) for table in Table]
    return Unfit(Flaw.NO_HEADINGS, " | ".join(wanted))


def _block(sheet: Sheet, table: Table, top: int, bottom: int) -> Headings:
    shared = _unit_above(sheet, top)
    columns = sorted({c for (r, c) in sheet.cells if r <= bottom} | _merged_columns(sheet, bottom))
    found = [_heading(sheet, table, column, top, bottom, shared) for column in columns]
    return Headings(table=table, bottom=bottom, columns=tuple(h for h in found if h))


def _merged_columns(sheet: Sheet, bottom: int) -> set[int]:
    return {
        column
        for area in sheet.merged
        if area.top <= bottom
        for column in range(area.left, area.right + 1)
    }


def _heading(
    sheet: Sheet, table: Table, column: int, top: int, bottom: int, shared: int | None
) -> Heading | None:
    levels: list[str] = []
    for row in range(top, bottom + 1):
        text = _text(sheet.at(row, column))
        if text and text not in levels:
            levels.append(text)
    if not levels:
        return None
    # What stands over a heading may say what it is, and may be anybody's name: it is not shown.
    above = [_text(sheet.at(row, column)) for row in range(max(1, top - _DEPTH + 1), top)]
    words, unit = _without_unit(levels)
    known = next((known for known in KNOWN[table] if known.worded.fullmatch(words)), None)
    times = (known.measure.units.get(unit) if unit else None) if known and known.measure else None
    if known and known.measure is MONEY and not unit:
        times = shared
    return Heading(
        column=column,
        text=" / ".join(levels),
        known=known,
        sort=None if known else _sort(levels, above),
        times=times,
        unit=unit,
    )


def _sort(levels: list[str], above: list[str]) -> Sort:
    whole = fold(" ".join([*above, *levels]))
    if COUNTED.fullmatch(fold(levels[-1])):
        return Sort.COUNTED
    personal = PERSONAL.search(whole) or fold(levels[-1]) in {
        "ho",
        "ten",
        "ong",
        "ba",
        "vo",
        "chong",
    }
    return Sort.PERSONAL if personal else Sort.UNKNOWN


def _text(raw: Raw | None) -> str:
    """A heading on one line, composed; anything but text is none."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return ""
    return " ".join(unicodedata.normalize("NFC", str(raw)).split())


def _without_unit(levels: list[str]) -> tuple[str, str]:
    """The words of a heading, folded, and the unit it names in brackets or at its end."""
    unit = ""
    kept: list[str] = []
    for level in levels:
        rest = level
        for bracket, inside in BRACKET.findall(level):
            said = fold(inside)
            named = UNIT_PHRASE.fullmatch(said)
            said = named[1] if named else said
            if said in BRACKETED:
                unit = said
            elif not ASIDE.fullmatch(said) and "=" not in inside:
                continue
            rest = rest.replace(bracket, " ")
        words, ending = _ending(fold(rest).split())
        unit = ending or unit
        kept += words
    return " ".join(kept), unit


def _ending(words: list[str]) -> tuple[list[str], str]:
    """`dự toán, triệu đồng`: the words before a unit, and the unit."""
    for size in (3, 2, 1):
        ending = " ".join(words[-size:])
        if len(words) >= size and len(ending) > 1 and ending in UNITS - {"tr", "1000"}:
            return words[:-size], ending
    return words, ""


def _unit_above(sheet: Sheet, top: int) -> int | None:
    """`Đơn vị tính: triệu đồng` above the table, which holds for amounts without a unit."""
    for (row, _), raw in sheet.cells.items():
        if row < top and isinstance(raw, str):
            said = re.search(r"(?:don vi(?: tinh)?|dvt)\b(.*)", fold(raw))
            words = said[1].split() if said else []
            for size in (2, 1):
                for start in range(len(words) - size + 1):
                    phrase = " ".join(words[start : start + size])
                    if phrase in MONEY.units and len(phrase) > 1:
                        return MONEY.units[phrase]
    return None


def problems(headings: Headings, sheet: Sheet) -> Iterator[tuple[Flaw, str, Heading | None]]:
    """What is wrong with the headings: the flaw, what would be right, and which one."""
    by_field: dict[Field, list[Heading]] = defaultdict(list)
    for heading in headings.columns:
        if heading.known:
            by_field[heading.known.field].append(heading)
    split = Field.ORIGIN_CLEAR in by_field or Field.ORIGIN_UNCLEAR in by_field
    for known in KNOWN[headings.table]:
        found = by_field[known.field]
        wanted = known.required and not (known.field is Field.ORIGIN and split)
        if not found and wanted:
            yield Flaw.MISSING_HEADING, known.best, None
        for again in found[1:]:
            yield Flaw.DOUBLE_HEADING, tr("only one column: {heading}", heading=known.best), again
        for heading in found:
            if heading.unit and known.measure and heading.unit not in known.measure.units:
                yield Flaw.HEADING_UNIT, known.best, heading
            try:
                check(heading.text)
            except Unfit as unfit:
                yield unfit.flaw, unfit.write, heading
            if heading.column in sheet.hidden_columns:
                yield Flaw.HIDDEN_COLUMN, tr("show it or delete it"), heading
    if split and by_field[Field.ORIGIN]:
        yield Flaw.DOUBLE_HEADING, tr("only one of the two ways"), by_field[Field.ORIGIN][0]
