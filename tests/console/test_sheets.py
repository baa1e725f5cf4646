"""Lists as spreadsheets: nothing in them runs, and what looks like a formula is a text."""

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from console import sheets, words
from domain.calendar import HANOI, end_of
from domain.deadlines import Due
from domain.values import Cause, Document, Post, Role, UnitCode, Vnd, value
from tests.domain.story import at


@value
class Household:
    """A value that a list's line may hold, and no spreadsheet."""

    code: str
    area_given_m2: int


@value
class Line:
    name: str
    cash: Vnd
    since: datetime
    due: Due | None
    cause: Cause
    owner: Post | None
    overdue: bool
    reason: str
    document: Document | None
    case: Household


def line(name: str = "Đường", cash: int = 1_500_000_000) -> Line:
    return Line(
        name=name,
        cash=Vnd(cash),
        since=at("2024-03-04"),
        due=Due(at=end_of(at("2024-03-08").date()), rule="x", calendar="x"),
        cause=Cause.PERMIT,
        owner=Post(role=Role.CHAIR, unit=UnitCode("an-duong")),
        overdue=False,
        reason="the Nguyễn household",
        document=None,
        case=Household(code="H1", area_given_m2=17),
    )


def test_only_named_columns_leave() -> None:
    headings = [column.heading for column in sheets.columns(Line)]

    assert headings == [
        "Name", "Amount", "Since", "Due", "Cause", "Owner", "Overdue",
    ]  # fmt: skip


def test_a_list_without_lines_has_its_headings() -> None:
    assert sheets.as_csv((), Line).count("\n") == 1


@pytest.mark.parametrize(
    "begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(x)"]
)
def test_no_text_becomes_a_formula(begins: str) -> None:
    text = sheets.as_csv([line(begins)], Line).removeprefix("\ufeff")
    (_, row) = csv.reader(io.StringIO(text))
    assert row[0][0] == "'" or row[0][0] == "�"

    book = load_workbook(io.BytesIO(sheets.as_xlsx([line(begins)], Line, {})))
    cell = book.worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value == begins.replace("\t", "�").replace("\r", "�")


def test_amounts_below_zero_stay_amounts() -> None:
    assert ",-2047000000000," in sheets.as_csv([line(cash=-2_047_000_000_000)], Line)


def test_a_workbook_has_numbers_dates_and_where_it_is_from() -> None:
    seen = {"As of": sheets.cell(datetime(2024, 4, 30, 9, tzinfo=HANOI))}
    book = load_workbook(io.BytesIO(sheets.as_xlsx([line()], Line, seen)))

    listed, source = book.worksheets
    (_, row) = listed.values
    assert row == (
        "Đường",
        1_500_000_000,
        datetime(2024, 3, 4, 9),
        datetime(2024, 3, 8),
        words.said(words.CAUSES, "permit"),
        "chair@an-duong",
        False,
    )
    assert (listed.freeze_panes, listed["B2"].number_format) == ("A2", "#,##0")
    assert listed["D2"].number_format == "dd/mm/yyyy"
    assert listed.column_dimensions["B"].width >= len("1500000000")
    assert next(iter(source.values)) == ("As of", datetime(2024, 4, 30, 9))


@value
class Share:
    """A rate is a text in JSON, so that nothing rounds it, and a number in a spreadsheet."""

    name: str
    rate_percent_cut: str
    gap: str


def test_a_rate_is_a_number_in_a_spreadsheet() -> None:
    lines = [Share(name="A", rate_percent_cut="25.8", gap="-2.6"),
             Share(name="B", rate_percent_cut="60.0", gap="")]  # fmt: skip

    assert sheets.as_csv(lines, Share).splitlines()[1:] == ["A,25.8,-2.6", "B,60.0,"]
    sheet = load_workbook(io.BytesIO(sheets.as_xlsx(lines, Share, {}))).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["A", 25.8, -2.6]
    assert (sheet["B2"].data_type, sheet["C3"].value) == ("n", None)


def test_csv_says_that_it_is_utf_8() -> None:
    assert sheets.as_csv([line()], Line).encode()[:3] == b"\xef\xbb\xbf"
