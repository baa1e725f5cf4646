"""Files made to break a reader, or of a kind it does not read: refused before they are parsed."""

import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.flaws import Flaw, Unfit
from console.spreadsheet import reading
from tests.console.sheets import CASES, H1, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(file: Path) -> Flaw:
    with pytest.raises(Unfit) as refused:
        reading.read(file)
    return refused.value.flaw


def packed(place: Path, **parts: bytes) -> Path:
    """A sound workbook with some of its parts replaced or added; `__` stands for a slash."""
    named = {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in parts.items()}
    sound = xlsx(place / "sound.xlsx", CASES, H1)
    file = place / "a.xlsx"
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, named.pop(name, b"") or old.read(name))
        for name, data in named.items():
            new.writestr(name, data)
    return file


def sheet(inside: str, after: str = "") -> bytes:
    text = f'<worksheet xmlns="{MAIN}"><sheetData>{inside}</sheetData>{after}</worksheet>'
    return text.encode()


def test_sixty_thousand_rows_are_too_many(tmp_path: Path) -> None:
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
    many = sheet("".join(row.format(number) for number in range(1, 60_001)))

    assert refusal(packed(tmp_path, xl__worksheets__sheet1_xml=many)) is Flaw.TOO_BIG

    file = tmp_path / "a.csv"
    file.write_text("Mã hộ;Trước;Hiến;Còn lại;Nguồn gốc đất\n" + "H1;2;1;1;rõ\n" * 60_000, "utf-8")

    assert refusal(file) is Flaw.TOO_BIG


def test_more_rows_of_data_than_one_import_takes_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = "".join(f"H{row};2;1;1;rõ\n" for row in range(2_001))
    file.write_text(f"Mã hộ;Trước;Hiến;Còn lại;Nguồn gốc đất\n{rows}", "utf-8")

    assert refusal(file) is Flaw.TOO_BIG


@pytest.mark.parametrize("megabytes", [30, 70])
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, megabytes: int) -> None:
    file = packed(tmp_path, xl__worksheets__sheet1_xml=b" " * (megabytes * 1_000_000))
    tracemalloc.start()
    try:
        assert refusal(file) is Flaw.TOO_BIG
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_many_parts_are_refused(tmp_path: Path) -> None:
    parts = {f"xl__media__{number}_xml": b"" for number in range(600)}

    assert refusal(packed(tmp_path, **parts)) is Flaw.TOO_BIG


@pytest.mark.parametrize(
    "after",
    [
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576" display="x"/></hyperlinks>',
    ],
)
def test_a_range_over_the_whole_sheet_is_not_filled(tmp_path: Path, after: str) -> None:
    file = packed(tmp_path, xl__worksheets__sheet1_xml=sheet("", after))

    assert refusal(file) is Flaw.TOO_BIG


def test_a_cell_at_the_far_corner_costs_nothing(tmp_path: Path) -> None:
    far = sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')

    assert refusal(packed(tmp_path, xl__worksheets__sheet1_xml=far)) is Flaw.TOO_BIG


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    )

    assert refusal(packed(tmp_path, xl__worksheets__sheet1_xml=bomb)) is Flaw.BROKEN_FILE


@pytest.mark.parametrize(
    ("name", "data", "flaw"),
    [
        ("a.xls", OLE, Flaw.OLD_FORMAT),
        ("a.xlsx", OLE, Flaw.OLD_FORMAT),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), Flaw.ENCRYPTED),
        ("a.xlsm", b"PK\x03\x04", Flaw.MACROS),
        ("a.xlsb", b"PK\x03\x04", Flaw.OLD_FORMAT),
        ("a.csv", b"PK\x03\x04", Flaw.UNKNOWN_FORMAT),
        ("a.xls", b"<html><table></table></html>", Flaw.OLD_FORMAT),
        ("a.xlsx", b"Ma ho;Truoc", Flaw.UNKNOWN_FORMAT),
        ("a.pdf", b"%PDF-1.7", Flaw.UNKNOWN_FORMAT),
        ("a.xlsx", b"PK\x03\x04broken", Flaw.BROKEN_FILE),
        ("a.csv", b"", Flaw.NO_ROWS),
        ("a.csv", b"Ten;Tuoi\nA;3\n", Flaw.NO_HEADINGS),
        ("a.csv", b"Ma ho;Truoc\nH1;\x00\n", Flaw.HIDDEN_CHARACTER),
        ("a.csv", b'Ma ho;Truoc\n"H1;3\n', Flaw.BROKEN_FILE),
        ("a.csv", b"x" * 10_000_001, Flaw.TOO_BIG),
    ],
    ids=str,
)
def test_what_is_no_spreadsheet_of_ours_is_named(
    tmp_path: Path, name: str, data: bytes, flaw: Flaw
) -> None:
    file = tmp_path / name
    file.write_bytes(data)

    assert refusal(file) is flaw


@pytest.mark.parametrize(
    ("part", "flaw"),
    [
        ("xl__vbaProject.bin", Flaw.MACROS),
        ("xl__externalLinks__externalLink1_xml", Flaw.EXTERNAL_LINKS),
        ("xl__connections_xml", Flaw.EXTERNAL_LINKS),
    ],
)
def test_macros_and_links_are_refused(tmp_path: Path, part: str, flaw: Flaw) -> None:
    assert refusal(packed(tmp_path, **{part: b"<x/>"})) is flaw


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return xlsx(tmp_path_factory.mktemp("sound") / "a.xlsx", CASES, H1).read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


flips = st.lists(st.tuples(st.integers(0, 6_000), st.integers(1, 255)), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(cut=st.sampled_from([0, 0, 1, 30, 3_000]), changed=flips)
def test_a_damaged_workbook_is_read_or_refused(
    sound: bytes, place: Path, cut: int, changed: list[tuple[int, int]]
) -> None:
    data = bytearray(sound[: len(sound) - cut])
    for at, mask in changed:
        data[at % len(data)] ^= mask
    file = place / "a.xlsx"
    file.write_bytes(data)
    _is_answered(file)


words = st.text(max_size=8) | st.sampled_from([*CASES, "H1", "12", "rõ", "Cộng"])


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.lists(words, max_size=6), max_size=6))
def test_any_text_is_read_or_refused(place: Path, cells: list[list[str]]) -> None:
    file = place / "a.csv"
    lines = ";".join(CASES) + "\n" + "\n".join(";".join(row) for row in cells)
    file.write_text(lines, "utf-8", errors="replace")
    _is_answered(file)


def _is_answered(file: Path) -> None:
    with suppress(Unfit):
        reading.read(file)
