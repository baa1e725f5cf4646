"""What a file is, judged by its bytes, and whether it is safe to open at all."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from console.flaws import Flaw, Unfit
from language.catalogue import mark, tr
from language.numerals import grouped

MAX_BYTES = 10_000_000
MAX_INFLATED = 60_000_000
MAX_ENTRIES = 500
MAX_RATIO = 200
"""How much smaller than its content an entry of some size may be; real sheets reach about 30."""
MAX_ROWS_IN_FILE = 20_000
"""Rows that a file mentions, empty ones with a border included."""
MAX_CELLS = 200_000

_SMALL = 1_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_RANGE = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)"
)
_SAVE_AS = mark("save it as .xlsx or as .csv in UTF-8")
SAVE_AGAIN = mark("open it and save it again")


def content(file: Path) -> bytes:
    """The whole file, if it is not too large."""
    if not file.is_file():
        raise Unfit(Flaw.UNKNOWN_FORMAT, tr(_SAVE_AS))
    with file.open("rb") as opened:
        read = opened.read(MAX_BYTES + 1)
    if len(read) > MAX_BYTES:
        raise Unfit(Flaw.TOO_BIG, tr("at most {most} MB in a file", most=MAX_BYTES // 1_000_000))
    if not read:
        raise Unfit(Flaw.NO_ROWS, "ntm clearance import --template")
    return read


def is_workbook(file: Path, data: bytes) -> bool:
    """Whether it is to be read as .xlsx; otherwise it is text. What is neither is refused."""
    suffix = file.suffix.lower()
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unfit(Flaw.ENCRYPTED, tr("save it without a password"))
        raise Unfit(Flaw.OLD_FORMAT, tr(_SAVE_AS))
    if suffix in {".xlsm", ".xltm", ".xlam"}:
        raise Unfit(Flaw.MACROS, tr(_SAVE_AS))
    if suffix in {".xls", ".xlsb"}:
        raise Unfit(Flaw.OLD_FORMAT, tr(_SAVE_AS))
    if data.startswith(b"PK"):
        if suffix != ".xlsx":
            raise Unfit(Flaw.UNKNOWN_FORMAT, tr("it is a packed file; name a workbook .xlsx"))
        return True
    if suffix not in {".csv", ".txt", ".tsv"}:
        raise Unfit(Flaw.UNKNOWN_FORMAT, tr(_SAVE_AS))
    return False


def check(data: bytes) -> None:
    """Raise `Unfit` before anything of a workbook is parsed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_entries(archive.infolist())
            for entry in archive.infolist():
                if entry.filename.lower().endswith(".xml"):
                    _check_counts(archive, entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
        raise Unfit(Flaw.BROKEN_FILE, tr(SAVE_AGAIN)) from None


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_ENTRIES:
        raise Unfit(Flaw.TOO_BIG, tr("at most {most} parts in the file", most=MAX_ENTRIES))
    if sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise Unfit(Flaw.TOO_BIG, tr("at most {most} MB unpacked", most=MAX_INFLATED // 1_000_000))
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > MAX_RATIO * entry.compress_size:
            raise Unfit(Flaw.TOO_BIG, tr("packed at most {most} times smaller", most=MAX_RATIO))
        if entry.flag_bits & 1:
            raise Unfit(Flaw.ENCRYPTED, tr("save it without a password"))
    if len(set(names)) != len(names) or "[Content_Types].xml" not in names:
        raise Unfit(Flaw.UNKNOWN_FORMAT, tr(_SAVE_AS))
    lower = [name.lower() for name in names]
    if any("vbaproject" in name or "macrosheets/" in name for name in lower):
        raise Unfit(Flaw.MACROS, tr(_SAVE_AS))
    if any("externallinks/" in name or name.endswith("connections.xml") for name in lower):
        raise Unfit(
            Flaw.EXTERNAL_LINKS,
            tr("copy the values into a new file"),
        )


def _check_counts(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Counted in the raw bytes, for parsing is what has to be kept from exploding."""
    rows = cells = merged = 0
    for chunk in _tags(archive, entry):
        rows += len(_ROW.findall(chunk))
        cells += len(_CELL.findall(chunk))
        for left, top, right, bottom in _RANGE.findall(chunk):
            width = abs(_number(right) - _number(left)) + 1
            merged += width * (abs(int(bottom) - int(top)) + 1)
        if rows > MAX_ROWS_IN_FILE:
            raise Unfit(
                Flaw.TOO_BIG, tr("at most {most} rows in a sheet", most=grouped(MAX_ROWS_IN_FILE))
            )
        if cells > MAX_CELLS or merged > MAX_CELLS:
            raise Unfit(
                Flaw.TOO_BIG, tr("at most {most} cells in a sheet", most=grouped(MAX_CELLS))
            )


def _tags(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry in pieces that do not cut a tag."""
    rest = b""
    with archive.open(entry) as opened:
        while piece := opened.read(1 << 20):
            head, bracket, tail = (rest + piece).rpartition(b"<")
            yield head
            rest = bracket + tail
            if len(rest) > 1 << 21:
                raise Unfit(Flaw.BROKEN_FILE, tr(SAVE_AGAIN))
    yield rest


def _number(letters: bytes) -> int:
    total = 0
    for letter in letters[:4]:
        total = total * 26 + letter - 64
    return total
