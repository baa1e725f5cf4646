"""Spreadsheets as offices hand them in: which of them a careful clerk reads, and what he asks."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from console.flaws import Flaw, Unfit
from console.spreadsheet import reading, template
from console.spreadsheet.vocabulary import Table
from domain.cases import CaseEntry
from domain.utilities import Method, UtilityEntry
from domain.values import CaseCode, Land, UtilityId, Vnd
from tests.console.sheets import CASES, DT1, H1, H2, POLES, cp1258, text, xlsx


def case(code: str, before: int, given: int, left: int, *, clear: bool) -> CaseEntry:
    return CaseEntry(
        code=CaseCode(code),
        area_before_m2=before,
        area_given_m2=given,
        area_left_m2=left,
        origin_confirmed=clear,
    )


ENTRIES = [case("H001", 397, 17, 380, clear=True), case("H002", 95, 18, 77, clear=False)]


def entries(file: Path) -> list[reading.Entry]:
    read = reading.read(file)
    assert read.findings == ()
    return list(read.entries.values())


def flaws(file: Path) -> list[tuple[Flaw, int | None, str]]:
    return [(f.flaw, f.row, f.column) for f in reading.read(file).findings]


def refusal(file: Path, sheet: str | None = None) -> Flaw:
    with pytest.raises(Unfit) as refused:
        reading.read(file, sheet)
    assert refused.value.write
    return refused.value.flaw


def two_levels(sheet: Worksheet) -> None:
    """A form with a title, its unit, headings over headings, and the columns numbered."""
    sheet.insert_rows(1, 6)
    sheet.insert_cols(1, 2)
    sheet.delete_rows(7)
    head = {
        "A1": "ỦY BAN NHÂN DÂN XÃ",
        "A2": "DANH SÁCH HỘ HIẾN ĐẤT LÀM ĐƯỜNG",
        "G3": "Đơn vị tính: m²",
        "A4": "STT",
        "B4": "Họ và tên chủ hộ",
        "C4": "Mã hồ sơ",
        "D4": "Diện tích đất (m²)",
        "G4": "Nguồn gốc đất",
        "D5": "Trước khi hiến",
        "E5": "Hiến tặng",
        "F5": "Còn lại",
        **{f"{letter}6": f"({number})" for number, letter in enumerate("ABCDEFG", 1)},
        "F6": "(6)=(4)-(5)",
        "B7": "Nguyễn Văn Canary",
    }
    for place, said in head.items():
        sheet[place] = said
    for area in ("A1:G1", "A2:G2", "D4:F4", "A4:A5", "B4:B5", "C4:C5", "G4:G5"):
        sheet.merge_cells(area)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_text_files_are_read_however_they_are_cut(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    file = text(tmp_path / "a.csv", CASES, H1, H2, separator=separator, encoding=encoding)

    assert entries(file) == ENTRIES


def test_a_workbook_is_read(tmp_path: Path) -> None:
    assert entries(xlsx(tmp_path / "a.xlsx", CASES, H1, H2)) == ENTRIES


@pytest.mark.parametrize(
    "headings",
    [
        ("code", "area_before_m2", "area_given_m2", "area_left_m2", "origin_confirmed"),
        ("MÃ HỘ", "DT TRƯỚC", "DT HIẾN ĐẤT", "DT CÒN LẠI", "NGUỒN GỐC"),
        ("ma ho so", "Dien tich truoc", "dien tich thu hoi", "dien tich con lai", "nguon goc dat"),
        ("Số hồ sơ", "Tổng diện tích", "Diện tích hiến tặng", "Còn\nlại", "Xác nhận nguồn gốc"),
        ("Mã số hộ", "DT (trước)", "DT hiến, m2", "DT sau khi hiến", "Nguồn gốc sử dụng đất"),
        tuple(unicodedata.normalize("NFD", heading) for heading in CASES),
    ],
    ids=["machine", "capitals", "bare", "wrapped", "bracketed", "decomposed"],
)
def test_headings_are_known_in_many_words(tmp_path: Path, headings: tuple[str, ...]) -> None:
    assert entries(xlsx(tmp_path / "a.xlsx", headings, H1, H2)) == ENTRIES
    assert entries(text(tmp_path / "a.csv", headings, H1, H2)) == ENTRIES


def test_a_form_with_title_levels_units_and_numbered_columns_is_read(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", CASES, H1, H2, touch=two_levels)
    read = reading.read(file)

    assert list(read.entries.values()) == ENTRIES
    assert {c.column: c.use for c in read.columns} == {
        **dict.fromkeys("CDEFG", "read"),
        "A": "ignored",
        "B": "personal",
    }


@pytest.mark.parametrize("heading", ["Loại đất", "Mục đích sử dụng đất", "land_kind"])
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((word, Land.RESIDENTIAL) for word in ("Đất ở", "thổ cư", "ONT", "ODT")),
        *((word, Land.AGRICULTURAL) for word in ("Nông nghiệp", "đất lúa", "LUC", "CLN")),
        *((word, Land.OTHER) for word in ("khác", "Đất khác", "")),
    ],
)
def test_the_kind_of_land_is_read_where_it_is_said(
    tmp_path: Path, heading: str, said: str, meant: Land
) -> None:
    file = xlsx(tmp_path / "a.xlsx", (*CASES, heading), (*H1, said), (*H2, "khác"))

    assert entries(file) == [replace(ENTRIES[0], land=meant), ENTRIES[1]]


@pytest.mark.parametrize("heading", ["Phương án", "Hình thức di chuyển", "method"])
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((word, Method.RELOCATION) for word in ("Di chuyển", "di dời", "")),
        *((word, Method.UNDERGROUNDING) for word in ("Hạ ngầm", "ngầm hóa", "underground")),
    ],
)
def test_how_poles_get_out_of_the_way_is_read_where_it_is_said(
    tmp_path: Path, heading: str, said: str, meant: Method
) -> None:
    (line,) = entries(xlsx(tmp_path / "a.xlsx", (*POLES, heading), (*DT1, said)))

    assert isinstance(line, UtilityEntry)
    assert line.method is meant


def test_a_kind_of_land_or_a_method_that_nobody_knows_is_not_guessed(tmp_path: Path) -> None:
    land = xlsx(tmp_path / "a.xlsx", (*CASES, "Loại đất"), (*H1, "ONT+CLN"))
    method = xlsx(tmp_path / "b.xlsx", (*POLES, "Phương án"), (*DT1, "bỏ"))

    assert flaws(land) == [(Flaw.UNKNOWN_WORD, 2, "F")]
    assert flaws(method) == [(Flaw.UNKNOWN_WORD, 2, "E")]
    assert "ONT" in reading.read(land).findings[0].write


def test_the_origin_may_be_a_cross_in_one_of_two_columns(tmp_path: Path) -> None:
    first = ("Mã hộ", "Diện tích (m²)", "", "", "Nguồn gốc đất", "")
    second = ("", "Trước", "Hiến", "Còn lại", "Rõ", "Chưa rõ")
    rows = ((*H1[:4], "x", ""), (*H2[:4], "", "X"))
    neither = ("H003", 10, 5, 5, "", "")

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("E1:F1")

    assert entries(xlsx(tmp_path / "a.xlsx", first, second, *rows, touch=merge)) == ENTRIES
    assert flaws(xlsx(tmp_path / "b.xlsx", first, second, neither, touch=merge)) == [
        (Flaw.MISSING, 3, "E")
    ]


@pytest.mark.parametrize(
    ("heading", "held", "meant"),
    [
        ("Dự toán (đồng)", 1_260_000_000, 1_260_000_000),
        ("Dự toán (triệu đồng)", 1260.5, 1_260_500_000),
        ("Kinh phí, triệu đồng", "1260,5", 1_260_500_000),
        ("Dự toán (ĐVT: tỷ đồng)", "1,26", 1_260_000_000),
        ("Dự toán (1.000 đồng)", 1_260_000, 1_260_000_000),
        ("Dự toán", "1,26 tỷ", 1_260_000_000),
        ("Dự toán", 1_260_000_000, 1_260_000_000),
    ],
)
def test_the_unit_of_an_amount_is_in_its_heading_or_beside_it(
    tmp_path: Path, heading: str, held: str | float, meant: int
) -> None:
    file = xlsx(tmp_path / "a.xlsx", (*POLES[:3], heading), (*DT1[:3], held))
    line = UtilityEntry(utility=UtilityId("DT1"), voltage="MV", poles=6, estimate=Vnd(meant))

    assert entries(file) == [line]


def test_a_unit_above_the_table_holds_for_all_of_it(tmp_path: Path) -> None:
    above = ("", "", "", "Đơn vị tính: triệu đồng")
    file = xlsx(tmp_path / "a.xlsx", above, (*POLES[:3], "Dự toán"), (*DT1[:3], 1260))

    (line,) = entries(file)
    assert isinstance(line, UtilityEntry)
    assert line.estimate == 1_260_000_000


def test_blank_rows_numbers_groups_totals_and_signatures_are_no_data(tmp_path: Path) -> None:
    rows = (
        ("STT", "Họ tên", *CASES),
        ("I", "Thôn Canary"),
        (1, "Canary A", *H1),
        ("", "Cộng thôn", "", 397, 17, 380),
        ("", "", "Thôn Đoài"),
        (2, "Canary B", *H2),
        (3,),
        (),
        ("", "Tổng cộng", "", 492, 35, 457),
        (),
        ("", "", "", "", "Hải Phòng, ngày 30 tháng 4 năm 2024"),
        ("", "", "", "", "Người lập biểu"),
    )
    for file in (xlsx(tmp_path / "a.xlsx", *rows), text(tmp_path / "a.csv", *rows)):
        read = reading.read(file)

        assert read.findings == ()
        assert list(read.entries.values()) == ENTRIES
        assert read.totals == (4, 9)


@pytest.mark.parametrize("label", ["Tổng cộng", "CỘNG", "TONG CONG", "Tổng số: 2 hộ", "Total"])
def test_a_total_is_checked_against_its_rows(tmp_path: Path, label: str) -> None:
    right, wrong = (label, 492, 35, 457), (label, 492, 36, 457)

    assert entries(xlsx(tmp_path / "a.xlsx", CASES, H1, H2, right)) == ENTRIES
    assert flaws(xlsx(tmp_path / "b.xlsx", CASES, H1, H2, wrong)) == [(Flaw.TOTAL_DIFFERS, 4, "C")]


def test_a_total_may_count_its_rows_where_codes_stand(tmp_path: Path) -> None:
    headings, rows = ("STT", *CASES), ((1, *H1), (2, *H2))
    for count in (2, "2 hộ"):
        total = ("Tổng cộng", count, 492, 35, 457)

        assert entries(xlsx(tmp_path / "a.xlsx", headings, *rows, total)) == ENTRIES


def test_a_title_over_a_column_is_not_part_of_its_heading(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", ("Người lập: Canary",), ("Thôn", *CASES), ("Đoài", *H1))
    read = reading.read(file)

    assert "Canary" not in str(read)
    assert len(read.entries) == 1


def test_a_total_may_be_a_formula_and_is_then_not_checked(tmp_path: Path) -> None:
    total = ("Cộng", "=SUM(B2:B3)", "=SUM(C2:C3)", "=SUM(D2:D3)")
    read = reading.read(xlsx(tmp_path / "a.xlsx", CASES, H1, H2, total))

    assert (len(read.entries), read.findings, read.unchecked_totals) == (2, (), (4,))


BAD_CELLS: tuple[tuple[int, Any, Flaw], ...] = (
    (1, "", Flaw.MISSING),
    (1, "Nguyễn Văn A", Flaw.BAD_CODE),
    (1, "Nguyen", Flaw.BAD_CODE),
    (1, "\u041d001", Flaw.BAD_CODE),
    (1, "H 001", Flaw.BAD_CODE),
    (1, "H/001", Flaw.BAD_CODE),
    (1, "H\u200b001", Flaw.HIDDEN_CHARACTER),
    (1, "H\u202e001", Flaw.HIDDEN_CHARACTER),
    (1, "H\n001", Flaw.HIDDEN_CHARACTER),
    (1, "031085001234", Flaw.IDENTITY_NUMBER),
    (1, "0912345678", Flaw.IDENTITY_NUMBER),
    (1, date(2024, 5, 1), Flaw.DATE),
    (1, 12.5, Flaw.BAD_CODE),
    (1, "H" * 41, Flaw.BAD_CODE),
    (2, "1.000", Flaw.AMBIGUOUS),
    (2, "1,000", Flaw.AMBIGUOUS),
    (2, 397.5, Flaw.NOT_WHOLE),
    (2, "397,5", Flaw.NOT_WHOLE),
    (2, -397, Flaw.NEGATIVE),
    (2, "=B3+C3", Flaw.FORMULA),
    (2, "#REF!", Flaw.ERROR_VALUE),
    (2, True, Flaw.TRUTH_VALUE),
    (2, date(2024, 5, 1), Flaw.DATE),
    (2, "３９７", Flaw.FOREIGN_DIGITS),
    (2, "1e3", Flaw.SCIENTIFIC),
    (2, "50%", Flaw.PERCENT),
    (2, "NaN", Flaw.NOT_A_NUMBER),
    (2, "0,5 ha", Flaw.UNIT_UNKNOWN),
    (2, 1e12, Flaw.TOO_LARGE),
    (2, "", Flaw.MISSING),
    (5, "ông cha để lại", Flaw.UNKNOWN_WORD),
    (5, "x", Flaw.UNKNOWN_WORD),
    (5, "", Flaw.MISSING),
)


@pytest.mark.parametrize(("column", "held", "flaw"), BAD_CELLS)
def test_a_bad_cell_is_named_by_row_and_column(
    tmp_path: Path, column: int, held: Any, flaw: Flaw
) -> None:
    row = [held if at == column else cell for at, cell in enumerate(H1, 1)]
    file = xlsx(tmp_path / "a.xlsx", CASES, row, H2)

    assert flaws(file) == [(flaw, 2, "ABCDE"[column - 1])]


@pytest.mark.parametrize(
    ("form", "flaw"),
    [("0%", Flaw.PERCENT), ("#,##0,", Flaw.SHOWN_OTHERWISE), ("0000", Flaw.SHOWN_OTHERWISE)],
)
def test_a_number_that_is_shown_otherwise_is_refused(tmp_path: Path, form: str, flaw: Flaw) -> None:
    def touch(sheet: Worksheet) -> None:
        sheet["B2"].number_format = form

    assert flaws(xlsx(tmp_path / "a.xlsx", CASES, H1, H2, touch=touch)) == [(flaw, 2, "B")]


def test_a_code_shown_with_zeros_or_letters_ahead_is_refused(tmp_path: Path) -> None:
    def touch(sheet: Worksheet) -> None:
        sheet["A2"].number_format = "000"
        sheet["A3"].number_format = '"H"000'

    file = xlsx(tmp_path / "a.xlsx", CASES, (1, *H1[1:]), (2, *H2[1:]), touch=touch)

    assert flaws(file) == [(Flaw.SHOWN_OTHERWISE, 2, "A"), (Flaw.SHOWN_OTHERWISE, 3, "A")]


TOUCHED: tuple[tuple[Callable[[Worksheet], Any], list[tuple[Flaw, int | None, str]]], ...] = (
    (
        lambda s: s.row_dimensions.__getitem__(3).__setattr__("hidden", True),
        [(Flaw.HIDDEN_ROW, 3, "")],
    ),
    (
        lambda s: s.column_dimensions["C"].__setattr__("hidden", True),
        [(Flaw.HIDDEN_COLUMN, None, "C")],
    ),
    (lambda s: s.merge_cells("A2:A3"), [(Flaw.MERGED, 2, ""), (Flaw.MISSING, 3, "A")]),
    (lambda s: s.__setitem__("A3", "H001"), [(Flaw.DUPLICATE, 3, "A")]),
    (lambda s: s.__setitem__("A3", "h001"), [(Flaw.NEAR_DUPLICATE, 3, "A")]),
    (lambda s: s.__setitem__("B1", "Ghi chú"), [(Flaw.MISSING_HEADING, None, "")]),
    (lambda s: s.__setitem__("F1", "DT còn lại"), [(Flaw.DOUBLE_HEADING, None, "F")]),
    (lambda s: s.__setitem__("B1", "Diện tích trước (ha)"), [(Flaw.HEADING_UNIT, None, "B")]),
    (lambda s: s.__setitem__("B1", "Diện tích tr\u200bước"), [(Flaw.HIDDEN_CHARACTER, None, "B")]),
)


@pytest.mark.parametrize(("touch", "expected"), TOUCHED)
def test_what_a_clerk_would_ask_about_the_sheet(
    tmp_path: Path,
    touch: Callable[[Worksheet], Any],
    expected: list[tuple[Flaw, int | None, str]],
) -> None:
    assert flaws(xlsx(tmp_path / "a.xlsx", CASES, H1, H2, touch=touch)) == expected


def test_units_may_have_a_row_of_their_own_and_headings_be_repeated(tmp_path: Path) -> None:
    headings = (*POLES[:3], "Kinh phí")
    units = ("", "", "(cột)", "(triệu đồng)")
    file = xlsx(tmp_path / "a.xlsx", headings, units, (*DT1[:3], 1260), headings)

    (line,) = entries(file)
    assert isinstance(line, UtilityEntry)
    assert line.estimate == 1_260_000_000


def test_a_total_in_text_is_read_as_its_rows_say(tmp_path: Path) -> None:
    rows = (("H1", 1000, 200, 800, "rõ"), ("H2", 1000, 200, 800, "rõ"))
    right, wrong = ("Cộng", "2.000", "400", "1.600"), ("Cộng", "3.000", "400", "1.600")

    assert len(entries(xlsx(tmp_path / "a.xlsx", CASES, *rows, right))) == 2
    assert flaws(xlsx(tmp_path / "b.xlsx", CASES, *rows, wrong)) == [(Flaw.AMBIGUOUS, 4, "B")]


def test_small_money_without_a_unit_is_asked_about(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", (*POLES[:3], "Dự toán"), (*DT1[:3], 1260))

    assert flaws(file) == [(Flaw.UNIT_MISSING, 2, "D")]


def test_a_comma_that_moves_a_row_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Mã hộ,Trước,Hiến,Còn lại,Nguồn gốc đất\nH1,Canary, A,100,20,80,rõ\n", "utf-8")

    assert (Flaw.RAGGED, 2, "") in flaws(file)
    assert "Canary" not in str(reading.read(file))


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    rows = [(f"H{row}", "1.000", -1, "x", "?") for row in range(300)]

    assert len(reading.read(xlsx(tmp_path / "a.xlsx", CASES, *rows)).findings) == 1200


def test_one_sheet_of_several_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    def touch(sheet: Worksheet) -> None:
        book = sheet.parent
        assert isinstance(book, Workbook)
        book.create_sheet("Hướng dẫn").append(["Điền mỗi hộ một dòng"])
        book.create_sheet("Ẩn").append(["Mã hộ"])
        book["Ẩn"].sheet_state = "hidden"

    file = xlsx(tmp_path / "a.xlsx", CASES, H1, H2, touch=touch)
    read = reading.read(file)

    assert (read.sheet, read.other_sheets, read.hidden_sheets) == ("Hộ", ("Hướng dẫn",), ("Ẩn",))
    assert refusal(file, "Ẩn") is Flaw.HIDDEN_SHEET
    assert refusal(file, "Không có") is Flaw.NO_SUCH_SHEET


def test_two_tables_need_a_choice(tmp_path: Path) -> None:
    def touch(sheet: Worksheet) -> None:
        book = sheet.parent
        assert isinstance(book, Workbook)
        book.create_sheet("Cột").append(POLES)
        book["Cột"].append(DT1)

    file = xlsx(tmp_path / "a.xlsx", CASES, H1, touch=touch)

    assert refusal(file) is Flaw.SEVERAL_SHEETS
    assert reading.read(file, "Cột").table is Table.POLES
    assert reading.read(file, "Hộ").table is Table.CASES


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("M· hé;DiÖn tÝch tr­íc;DiÖn tÝch hiÕn;Cßn l¹i\n".encode("latin-1"), "TCVN3"),
        ("Maõ hoä;Dieän tích tröôùc;Dieän tích hieán\n".encode("latin-1"), "VNI"),
        (cp1258("Mã hộ;Diện tích trước;Diện tích hiến;Còn lại\n"), "Windows-1258"),
        ("Mã hộ;Diện tích trước;Diện tích hiến\n".encode("utf-16"), "UTF-16"),
        ("Mã hộ;Diện tích trước\n".encode("utf-16-le"), "UTF-16"),
        ("Code;área;año\n".encode("latin-1"), "Latin-1"),
        ("Mã hộ;Diện tích trước;Nguồn gốc".encode().decode("latin-1").encode(), "UTF-8"),
    ],
    ids=["TCVN3", "VNI", "cp1258", "UTF-16", "UTF-16 without mark", "Latin-1", "read twice"],
)
def test_an_old_encoding_is_named_and_not_guessed(tmp_path: Path, data: bytes, named: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(data)

    with pytest.raises(Unfit) as refused:
        reading.read(file)

    assert refused.value.flaw is Flaw.LEGACY_ENCODING
    assert named in refused.value.write


@pytest.mark.parametrize(
    ("headings", "named"),
    [
        (("M· hé", "DiÖn tÝch tr­íc", "DiÖn tÝch hiÕn"), "TCVN3"),
        (("Maõ hoä", "Dieän tích tröôùc", "Dieän tích hieán"), "VNI"),
    ],
)
def test_old_fonts_are_named_in_workbooks_too(
    tmp_path: Path, headings: tuple[str, ...], named: str
) -> None:
    with pytest.raises(Unfit) as refused:
        reading.read(xlsx(tmp_path / "a.xlsx", headings, H1[:3]))

    assert named in refused.value.write


def test_the_form_imports_back_once_it_is_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "mau.xlsx"
    template.write(file)

    assert refusal(file) is Flaw.NO_ROWS

    book = load_workbook(file)
    for column, said in zip("ABCDEF", (1, *H1), strict=True):
        book["Hộ"][f"{column}2"] = said
    book.save(file)
    assert entries(file) == ENTRIES[:1]
    book["Hộ"]["G2"] = "đất ở"
    book.save(file)
    assert entries(file) == [replace(ENTRIES[0], land=Land.RESIDENTIAL)]

    for column, held in zip("ABCDEF", (1, *DT1, "hạ ngầm"), strict=True):
        book["Cột điện"][f"{column}2"] = held
    book.save(file)
    assert refusal(file) is Flaw.SEVERAL_SHEETS
    (line,) = reading.read(file, "Cột điện").entries.values()
    assert isinstance(line, UtilityEntry)
    assert line.method is Method.UNDERGROUNDING


areas = st.integers(min_value=0, max_value=99_999)
codes = st.from_regex(r"[A-Z]{0,2}[0-9]{1,4}", fullmatch=True)
rows = st.lists(
    st.tuples(codes, areas, areas, st.booleans()), min_size=1, max_size=8, unique_by=lambda r: r[0]
)


@settings(max_examples=40, deadline=None)
@given(written=rows, as_text=st.booleans(), separator=st.sampled_from(",;\t"))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    written: list[tuple[str, int, int, bool]],
    as_text: bool,  # noqa: FBT001
    separator: str,
) -> None:
    place = tmp_path_factory.mktemp("trip")
    lines = [
        (code, gave + left, gave, left, "rõ" if clear else "chưa rõ")
        for code, gave, left, clear in written
    ]
    if as_text:
        file = text(place / "a.csv", CASES, *lines, separator=separator)
    else:
        file = xlsx(place / "a.xlsx", CASES, *lines)

    assert entries(file) == [
        case(code, gave + left, gave, left, clear=clear) for code, gave, left, clear in written
    ]
