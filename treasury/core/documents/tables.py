"""A register as a table for spreadsheets and other programs: CSV beside the paper."""

import csv
import io
from datetime import date, datetime
from typing import Final

from treasury.core.clock import ZONE
from treasury.core.documents.shapes import Band, Cell, Register

_BAND: Final = "區段"
# A text that begins like this would be run as a formula by a spreadsheet, in full width too.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def register_csv(register: Register) -> bytes:
    """The rows of a register as CSV, UTF-8 with a byte order mark, the column titles first.

    Amounts are plain integers, dates and moments ISO 8601; the band a row stands under is a first column of its own.
    """
    has_bands = any(isinstance(row, Band) for row in register.rows)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*([_BAND] if has_bands else []), *(column.title for column in register.columns)])
    band = ""
    for row in register.rows:
        if isinstance(row, Band):
            band = row.text
        else:
            writer.writerow([*([band] if has_bands else []), *map(written, row)])
    return text.getvalue().encode("utf-8-sig")


def written(cell: Cell) -> str:
    """A cell as CSV writes it; a text that a spreadsheet would run as a formula is quoted."""
    if isinstance(cell, datetime):
        return cell.astimezone(ZONE).isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return "" if cell is None else str(cell)
