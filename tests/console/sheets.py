"""Files for tests of the import, written as offices write them."""

import csv
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Row: TypeAlias = Iterable[Any]
Touch: TypeAlias = Callable[[Worksheet], object]

CASES = ("Mã hộ", "Diện tích trước (m²)", "Diện tích hiến (m²)", "Còn lại (m²)", "Nguồn gốc đất")
POLES = ("Mã tuyến", "Loại", "Số cột", "Dự toán (đồng)")
H1: tuple[str | int, ...] = ("H001", 397, 17, 380, "rõ")
H2: tuple[str | int, ...] = ("H002", 95, 18, 77, "chưa rõ")
DT1: tuple[str | int, ...] = ("DT1", "Trung thế", 6, 1_260_000_000)


def xlsx(file: Path, *rows: Row, touch: Touch = lambda _: None) -> Path:
    """A workbook of one sheet; `touch` may merge, hide or format in it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Hộ"
    for row in rows:
        sheet.append(list(row))
    touch(sheet)
    book.save(file)
    return file


def text(file: Path, *rows: Row, separator: str = ";", encoding: str = "utf-8") -> Path:
    with file.open("w", encoding=encoding, newline="") as opened:
        csv.writer(opened, delimiter=separator).writerows(rows)
    return file


def cp1258(words: str) -> bytes:
    """Windows-1258 keeps the tone as a character of its own."""
    kept = {unicodedata.normalize("NFD", letter): letter for letter in "âăêôơưÂĂÊÔƠƯ"}
    tones = "\u0300\u0301\u0303\u0309\u0323"
    apart = unicodedata.normalize("NFD", words)
    for pair, letter in kept.items():
        base, mark = pair[0], pair[1]
        apart = apart.replace(pair, letter)
        for tone in tones:
            apart = apart.replace(base + tone + mark, letter + tone)
    return apart.encode("cp1258")
