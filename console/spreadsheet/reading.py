"""A file as the entries it lists, and everything that is wrong with it, said at once."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from console.flaws import Finding, Flaw, Unfit, why
from console.spreadsheet import cells, container, headings, rows, separated, workbook
from console.spreadsheet.headings import Headings
from console.spreadsheet.rows import NAMED_BY, Line, Total
from console.spreadsheet.sheet import MAX_ROWS, Raw, Sheet, letter
from console.spreadsheet.vocabulary import Field, Sort, Table
from domain.cases import CaseEntry
from domain.utilities import Method, UtilityEntry
from domain.values import CaseCode, Land, UtilityId, Vnd, value
from language.catalogue import tr
from language.numerals import grouped

Entry: TypeAlias = CaseEntry | UtilityEntry
Values: TypeAlias = Mapping[Field, str | int | bool]
Watch: TypeAlias = Callable[[list[Line]], Iterable[Line]]
"""Looks on while lines are read: a progress bar."""


_MAY_SAY = frozenset({Field.LAND, Field.METHOD})


@value
class Column:
    """A column of the file: where, its heading, and what became of it."""

    column: str
    heading: str
    use: Literal["read", "checked", "personal", "ignored"]


@value
class Read:
    """What a file says. `entries` are by row, and complete only if nothing was found wrong.

    `unsaid` are what each row may say, and left open.
    """

    sheet: str
    table: Table
    columns: tuple[Column, ...]
    entries: Mapping[int, Entry]
    unsaid: Mapping[int, frozenset[Field]]
    structures: Vnd
    findings: tuple[Finding, ...]
    aside: tuple[int, ...]
    totals: tuple[int, ...]
    unchecked_totals: tuple[int, ...]
    other_sheets: tuple[str, ...]
    hidden_sheets: tuple[str, ...]


def name_of(entry: Entry) -> str:
    return entry.code if isinstance(entry, CaseEntry) else entry.utility


def case_entry(values: Values) -> CaseEntry:
    """The one place where columns become a household's case."""
    return CaseEntry(
        code=CaseCode(str(values[Field.CODE])),
        area_before_m2=int(values[Field.AREA_BEFORE]),
        area_given_m2=int(values[Field.AREA_GIVEN]),
        area_left_m2=int(values[Field.AREA_LEFT]),
        origin_confirmed=bool(values[Field.ORIGIN]),
        land=Land(str(values.get(Field.LAND, Land.OTHER))),
    )


def utility_entry(values: Values) -> UtilityEntry:
    """The one place where columns become a power line."""
    return UtilityEntry(
        utility=UtilityId(str(values[Field.UTILITY])),
        voltage="LV" if values[Field.VOLTAGE] == "LV" else "MV",
        poles=int(values[Field.POLES]),
        estimate=Vnd(int(values[Field.ESTIMATE])),
        method=Method(str(values.get(Field.METHOD, Method.RELOCATION))),
    )


def read(file: Path, wanted: str | None = None, watch: Watch = iter) -> Read:
    """Read a file. Raises `Unfit` where there is no table to read; `wanted` names its sheet."""
    data = container.content(file)
    if container.is_workbook(file, data):
        sheets = workbook.sheets(data)
        sheet, found = _chosen(sheets, wanted)
    else:
        if wanted is not None:
            raise Unfit(Flaw.NO_SUCH_SHEET, tr("a text file has no sheets"))
        sheets = ()
        sheet, found = _best(tuple(separated.readings(data, file.name)))
    hidden = tuple(other.name for other in sheets if other.hidden)
    others = tuple(o.name for o in sheets if o.cells and not o.hidden and o.name != sheet.name)
    unread = frozenset(column for _, column in sheet.cells) - {
        heading.column for heading in found.columns if heading.sort is not Sort.PERSONAL
    }
    return _read(sheet.without(unread, found.bottom), found, others, hidden, watch)


def _chosen(sheets: tuple[Sheet, ...], wanted: str | None) -> tuple[Sheet, Headings]:
    """The sheet that was named; or the only visible one that holds a table."""
    names = " | ".join(sheet.name for sheet in sheets if not sheet.hidden)
    if wanted is not None:
        named = [sheet for sheet in sheets if sheet.name == wanted]
        if not named:
            raise Unfit(Flaw.NO_SUCH_SHEET, names)
        if named[0].hidden:
            raise Unfit(Flaw.HIDDEN_SHEET, tr("show it and save the file"))
        return _best((named[0],))
    visible = [sheet for sheet in sheets if not sheet.hidden and sheet.cells]
    tables = [(sheet, found) for sheet in visible if (found := headings.find(sheet))]
    filled = [(sheet, found) for sheet, found in tables if _has_rows(sheet, found)]
    tables = filled or tables[:1]
    if len(tables) > 1:
        raise Unfit(
            Flaw.SEVERAL_SHEETS, f"--sheet: {' | '.join(sheet.name for sheet, _ in tables)}"
        )
    if tables:
        return tables[0]
    if not visible:
        raise Unfit(Flaw.NO_ROWS, "ntm clearance import --template FILE.xlsx")
    raise headings.explain(visible[0])


def _has_rows(sheet: Sheet, found: Headings) -> bool:
    return any(row > found.bottom for row, _ in sheet.cells)


def _best(readings: tuple[Sheet, ...]) -> tuple[Sheet, Headings]:
    """The reading whose headings make most sense: a text file does not say how it is cut."""
    tables = [(sheet, found) for sheet in readings if (found := headings.find(sheet))]
    if not tables:
        empty = Sheet(name="", cells={})
        raise headings.explain(readings[0] if readings else empty)
    return max(tables, key=lambda table: len(table[1].read))


def _read(
    sheet: Sheet, found: Headings, others: tuple[str, ...], hidden: tuple[str, ...], watch: Watch
) -> Read:
    sorted_rows = rows.sort(sheet, found)
    if len(sorted_rows.lines) > MAX_ROWS:
        raise Unfit(
            Flaw.TOO_BIG, tr("at most {most} rows of data at a time", most=grouped(MAX_ROWS))
        )
    clerk = _Clerk(sheet, found)
    for flaw, write, heading in headings.problems(found, sheet):
        clerk.note(flaw, write, None, heading)
    understood = not clerk.findings
    for flaw, row, write in sorted_rows.flaws:
        clerk.note(flaw, write, row)
    if understood:
        for line in watch(list(sorted_rows.lines)):
            clerk.take(line, sorted_rows.totals)
        for total in sorted_rows.totals:
            clerk.compare(total)
        if not clerk.entries and not clerk.findings:
            raise Unfit(Flaw.NO_ROWS, "ntm clearance import --template FILE.xlsx")
    return Read(
        sheet=sheet.name,
        table=found.table,
        columns=tuple(_column(heading) for heading in found.columns),
        entries=clerk.entries,
        unsaid=clerk.unsaid,
        structures=Vnd(sum(row.get(Field.STRUCTURES, 0) for row in clerk.numbers.values())),
        findings=tuple(sorted(clerk.findings, key=lambda f: (f.row or 0, len(f.column), f.column))),
        aside=sorted_rows.aside,
        totals=tuple(sorted({*(total.row for total in sorted_rows.totals), *clerk.unlabelled})),
        unchecked_totals=tuple(sorted(set(clerk.unchecked))),
        other_sheets=others,
        hidden_sheets=hidden,
    )


def _column(heading: headings.Heading) -> Column:
    known = heading.known
    if known is None:
        fate: Literal["read", "checked", "personal", "ignored"] = (
            "personal" if heading.sort is Sort.PERSONAL else "ignored"
        )
    else:
        fate = "checked" if known.field is Field.STRUCTURES else "read"
    return Column(column=letter(heading.column), heading=heading.text, use=fate)


class _Clerk:
    """Goes down the rows, and notes what is wrong as it goes."""

    def __init__(self, sheet: Sheet, found: Headings) -> None:
        self._sheet = sheet
        self._headings = found
        self._seen: dict[str, tuple[str, int]] = {}
        self._broken: set[Field] = set()
        self._since = found.bottom + 1
        self.entries: dict[int, Entry] = {}
        self.unsaid: dict[int, frozenset[Field]] = {}
        self.numbers: dict[int, dict[Field, int]] = {}
        self.findings: list[Finding] = []
        self.unchecked: list[int] = []
        self.unlabelled: list[int] = []

    def note(
        self,
        flaw: Flaw,
        write: str,
        row: int | None,
        heading: headings.Heading | None = None,
        given: str = "",
    ) -> None:
        self.findings.append(
            Finding(
                flaw=flaw,
                why=why(flaw),
                write=write,
                given=given,
                sheet=self._sheet.name,
                row=row,
                column=letter(heading.column) if heading else "",
                heading=heading.text if heading else "",
            )
        )

    def take(self, line: Line, totals: tuple[Total, ...]) -> None:
        """One row: its values, its code, and its entry if nothing is wrong with it."""
        self._since = max(
            [total.row + 1 for total in totals if total.row < line.row] or [self._since]
        )
        if self._is_unlabelled_total(line):
            self.unlabelled.append(line.row)
            self._since = line.row + 1
            return
        before = len(self.findings)
        values = self._values(line)
        self.numbers[line.row] = {
            field: number
            for field, number in values.items()
            if field in self._headings.measured and isinstance(number, int)
        }
        self._broken |= self._headings.measured & line.cells.keys() - self.numbers[line.row].keys()
        name = values.get(NAMED_BY[self._headings.table])
        if isinstance(name, str):
            self._check_code(name, line.row)
        if len(self.findings) == before:
            is_case = self._headings.table is Table.CASES
            self.unsaid[line.row] = _MAY_SAY - values.keys()
            self.entries[line.row] = case_entry(values) if is_case else utility_entry(values)

    def compare(self, total: Total) -> None:
        """A total has to be what the rows above it add to: all of them, or those of its group."""
        for field, raw in total.cells.items():
            heading = self._headings.read[field]
            sums = self._sums(field, total.since, total.row)
            try:
                said = cells.read(raw, heading)
            except Unfit as unfit:
                if unfit.flaw is Flaw.FORMULA:
                    self.unchecked.append(total.row)
                elif unfit.flaw is not Flaw.AMBIGUOUS or not self._means(raw, heading, sums):
                    shown = cells.shown(raw, field)
                    self.note(unfit.flaw, unfit.write, total.row, heading, shown)
                continue
            if field in self._broken or said in sums:
                continue
            adds = (
                tr("the rows add to {sum}", sum=sums[0])
                if total.is_named
                else tr("the rows add to {sum}; or the row's code is missing", sum=sums[0])
            )
            self.note(Flaw.TOTAL_DIFFERS, adds, total.row, heading, cells.shown(raw, field))

    def _means(self, raw: Raw, heading: headings.Heading, sums: tuple[int, int]) -> bool:
        """What could be read in two ways is not ambiguous where the rows say which."""
        digits = int("".join(char for char in str(raw) if char.isdigit()))
        return digits * (heading.times or 1) in sums

    def _values(self, line: Line) -> dict[Field, str | int | bool]:
        values: dict[Field, str | int | bool] = {}
        for field, heading in self._headings.read.items():
            raw = line.cells.get(field)
            if raw is None:
                if heading.known and heading.known.required:
                    self.note(Flaw.MISSING, heading.known.best, line.row, heading)
                continue
            try:
                values[field] = cells.read(raw, heading)
            except Unfit as unfit:
                self.note(unfit.flaw, unfit.write, line.row, heading, cells.shown(raw, field))
        return self._with_origin(values, line.row)

    def _with_origin(
        self, values: dict[Field, str | int | bool], row: int
    ) -> dict[Field, str | int | bool]:
        """`Rõ` and `Chưa rõ` as two columns, one of which has a cross."""
        by = self._headings.read
        if Field.ORIGIN in by or self._headings.table is not Table.CASES:
            return values
        heading = by.get(Field.ORIGIN_CLEAR) or by[Field.ORIGIN_UNCLEAR]
        clear, unclear = values.get(Field.ORIGIN_CLEAR), values.get(Field.ORIGIN_UNCLEAR)
        if clear == unclear:
            self.note(Flaw.MISSING, tr("x in one of the two columns"), row, heading)
        return {**values, Field.ORIGIN: bool(clear) if clear is not None else not unclear}

    def _check_code(self, code: str, row: int) -> None:
        heading = self._headings.read[NAMED_BY[self._headings.table]]
        earlier = self._seen.setdefault(code.casefold(), (code, row))
        if earlier[1] != row:
            flaw = Flaw.DUPLICATE if earlier[0] == code else Flaw.NEAR_DUPLICATE
            self.note(
                flaw,
                tr("one row for each code; this one stands in row {row}", row=earlier[1]),
                row,
                heading,
                cells.shown(code, Field.CODE),
            )

    def _is_unlabelled_total(self, line: Line) -> bool:
        """A row without a code, whose every amount is what the rows above add to.

        Its label stands in a column that is not read.
        """
        measured = self._headings.measured & line.cells.keys()
        if NAMED_BY[self._headings.table] in line.cells or len(measured) < 2:
            return False
        if line.cells.keys() - measured:
            return False
        for field in measured:
            try:
                said = cells.read(line.cells[field], self._headings.read[field])
            except Unfit:
                return False
            if said not in self._sums(field, self._since, line.row):
                return False
        return bool(self.numbers)

    def _sums(self, field: Field, since: int, before: int) -> tuple[int, int]:
        """What the column adds to: over all rows above, and over those since the last total."""
        above = {
            row: numbers.get(field, 0) for row, numbers in self.numbers.items() if row < before
        }
        return sum(above.values()), sum(n for row, n in above.items() if row >= since)
