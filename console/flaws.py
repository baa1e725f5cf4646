"""What can be wrong with a value or a file that people hand in, and how it is said."""

from enum import StrEnum

from console.words import Word
from domain.values import value
from language.catalogue import pick


class Flaw(StrEnum):
    """Why something handed in is not read. The names are for programs; `WHY` is for people."""

    # Numbers
    AMBIGUOUS = "ambiguous"
    DOT_DECIMAL = "dot-decimal"
    ENGLISH_NUMBER = "english-number"
    FOREIGN_DIGITS = "foreign-digits"
    LEADING_ZERO = "leading-zero"
    NEGATIVE = "negative"
    NOT_A_NUMBER = "not-a-number"
    NOT_ENGLISH = "not-english"
    NOT_WHOLE = "not-whole"
    PERCENT = "percent"
    SCIENTIFIC = "scientific"
    TOO_LARGE = "too-large"
    UNIT_MISSING = "unit-missing"
    UNIT_UNKNOWN = "unit-unknown"
    # Cells
    BAD_CODE = "bad-code"
    DATE = "date"
    ERROR_VALUE = "error-value"
    FORMULA = "formula"
    HIDDEN_CHARACTER = "hidden-character"
    IDENTITY_NUMBER = "identity-number"
    MISSING = "missing"
    SHOWN_OTHERWISE = "shown-otherwise"
    TOO_LONG = "too-long"
    TRUTH_VALUE = "truth-value"
    UNKNOWN_WORD = "unknown-word"
    # Rows
    CONTRADICTS_RECORD = "contradicts-record"
    DUPLICATE = "duplicate"
    HIDDEN_ROW = "hidden-row"
    MERGED = "merged"
    NEAR_DUPLICATE = "near-duplicate"
    RAGGED = "ragged"
    RULE = "rule"
    TOTAL_DIFFERS = "total-differs"
    # Columns
    DOUBLE_HEADING = "double-heading"
    HEADING_UNIT = "heading-unit"
    HIDDEN_COLUMN = "hidden-column"
    MISSING_HEADING = "missing-heading"
    # Files and sheets
    BROKEN_FILE = "broken-file"
    ENCRYPTED = "encrypted"
    EXTERNAL_LINKS = "external-links"
    HIDDEN_SHEET = "hidden-sheet"
    LEGACY_ENCODING = "legacy-encoding"
    MACROS = "macros"
    NO_HEADINGS = "no-headings"
    NO_ROWS = "no-rows"
    NO_SUCH_SHEET = "no-such-sheet"
    OLD_FORMAT = "old-format"
    SEVERAL_SHEETS = "several-sheets"
    TOO_BIG = "too-big"
    UNKNOWN_FORMAT = "unknown-format"


@value
class Finding:
    """One thing that is wrong, and what would be right.

    `given` repeats a value only when it cannot be a person's data, and is empty otherwise.
    """

    flaw: Flaw
    why: str
    write: str
    given: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    heading: str = ""


class Unfit(Exception):
    """A value or a file that is not read: why, and what would be."""

    def __init__(self, flaw: Flaw, write: str, given: str = "") -> None:
        super().__init__(f"{flaw}: {write}")
        self.flaw = flaw
        self.write = write
        self.given = given


def why(flaw: Flaw) -> str:
    """In the reader's words."""
    return pick(WHY[flaw])


WHY: dict[Flaw, Word] = {
    Flaw.AMBIGUOUS: ("có thể hiểu hai cách", "can be read in two ways"),
    Flaw.DOT_DECIMAL: ("dấu chấm không phải dấu thập phân", "a dot does not begin decimals"),
    Flaw.ENGLISH_NUMBER: ("số viết kiểu Anh", "a number written the English way"),
    Flaw.FOREIGN_DIGITS: ("chữ số lạ", "digits other than 0–9"),
    Flaw.LEADING_ZERO: ("số bắt đầu bằng 0", "begins with a zero"),
    Flaw.NEGATIVE: ("số âm", "is negative"),
    Flaw.NOT_A_NUMBER: ("không phải là số", "is no number"),
    Flaw.NOT_ENGLISH: (
        "bên đơn vị tiếng Anh phải viết kiểu Anh",
        "beside an English unit a number is written the English way",
    ),
    Flaw.NOT_WHOLE: ("không phải số nguyên", "is not whole"),
    Flaw.PERCENT: ("là phần trăm", "is a percentage"),
    Flaw.SCIENTIFIC: ("viết dạng lũy thừa", "is in scientific notation"),
    Flaw.TOO_LARGE: ("quá lớn", "is too large"),
    Flaw.UNIT_MISSING: ("không rõ đơn vị tiền", "its unit is not said, and it is small for đồng"),
    Flaw.UNIT_UNKNOWN: ("đơn vị lạ", "has an unknown unit"),
    Flaw.BAD_CODE: ("không phải mã", "is no code"),
    Flaw.DATE: ("ô ngày tháng", "is a date"),
    Flaw.ERROR_VALUE: ("ô báo lỗi", "is an error value such as #REF!"),
    Flaw.FORMULA: ("ô công thức", "is a formula"),
    Flaw.HIDDEN_CHARACTER: ("có ký tự ẩn", "holds a hidden character"),
    Flaw.IDENTITY_NUMBER: (
        "giống số giấy tờ hay điện thoại",
        "looks like an identity or telephone number",
    ),
    Flaw.MISSING: ("còn trống", "is empty"),
    Flaw.SHOWN_OTHERWISE: ("hiển thị khác giá trị", "is shown otherwise than it is stored"),
    Flaw.TOO_LONG: ("quá dài", "is too long"),
    Flaw.TRUTH_VALUE: ("ô TRUE/FALSE", "is TRUE or FALSE"),
    Flaw.UNKNOWN_WORD: ("không có trong các giá trị cho phép", "is not one of the accepted words"),
    Flaw.CONTRADICTS_RECORD: ("khác với dữ liệu đã ghi", "differs from what is on record"),
    Flaw.DUPLICATE: ("mã lặp lại", "the code stands there twice"),
    Flaw.HIDDEN_ROW: ("dòng bị ẩn", "the row is hidden"),
    Flaw.MERGED: ("ô gộp qua nhiều dòng", "cells are merged over several rows"),
    Flaw.NEAR_DUPLICATE: (
        "chỉ khác chữ hoa, chữ thường với mã khác",
        "differs from another code only by capital letters",
    ),
    Flaw.RAGGED: ("thừa ô so với tiêu đề", "has more cells than there are headings"),
    Flaw.RULE: ("trái quy tắc", "breaks a rule"),
    Flaw.TOTAL_DIFFERS: ("tổng không khớp các dòng", "the total is not what the rows add to"),
    Flaw.DOUBLE_HEADING: ("hai cột cùng nghĩa", "two columns say the same"),
    Flaw.HEADING_UNIT: ("đơn vị của cột không dùng được", "the column's unit cannot be used"),
    Flaw.HIDDEN_COLUMN: ("cột bị ẩn", "the column is hidden"),
    Flaw.MISSING_HEADING: ("thiếu cột", "a column is missing"),
    Flaw.BROKEN_FILE: ("tệp hỏng", "the file is broken"),
    Flaw.ENCRYPTED: ("tệp có mật khẩu", "the file is protected by a password"),
    Flaw.EXTERNAL_LINKS: ("tệp liên kết ra ngoài", "the file is linked to others"),
    Flaw.HIDDEN_SHEET: ("trang tính bị ẩn", "the sheet is hidden"),
    Flaw.LEGACY_ENCODING: ("bảng mã cũ", "written in an old encoding"),
    Flaw.MACROS: ("tệp có macro", "the file holds macros"),
    Flaw.NO_HEADINGS: ("không thấy dòng tiêu đề", "no row of headings was found"),
    Flaw.NO_ROWS: ("không có dòng dữ liệu", "there are no rows of data"),
    Flaw.NO_SUCH_SHEET: ("không có trang tính này", "there is no such sheet"),
    Flaw.OLD_FORMAT: ("định dạng Excel cũ", "an old Excel format"),
    Flaw.SEVERAL_SHEETS: ("nhiều trang tính có bảng", "several sheets hold a table"),
    Flaw.TOO_BIG: ("vượt giới hạn", "is over a limit"),
    Flaw.UNKNOWN_FORMAT: ("định dạng lạ", "of an unknown format"),
}
"""Vietnamese, English; read after the name of what is meant."""
