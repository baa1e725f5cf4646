"""An empty workbook with the headings that are read best, for people to fill in."""

from pathlib import Path

from console.spreadsheet.vocabulary import KNOWN, Field, Table

SHEETS = {Table.CASES: "Hộ", Table.POLES: "Cột điện"}
_LEFT_OUT = (Field.ORIGIN_CLEAR, Field.ORIGIN_UNCLEAR, Field.STRUCTURES)
_ROWS = 500


def write(file: Path) -> None:
    """A sheet for each kind of table; the one that stays empty is no table. Never overwrites."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    with file.open("xb") as opened:
        book = Workbook()
        book.remove(book.worksheets[0])
        for table, title in SHEETS.items():
            sheet = book.create_sheet(title)
            sheet.append(["STT", *(k.best for k in KNOWN[table] if k.field not in _LEFT_OUT)])
            for cell in sheet[1]:
                cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="center")
                sheet.column_dimensions[cell.column_letter].width = 16
            # Codes are text, so that 001 stays 001.
            for row in range(2, _ROWS + 2):
                sheet.cell(row=row, column=2).number_format = "@"
            sheet.freeze_panes = "C2"
        book.save(opened)
