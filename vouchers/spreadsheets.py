"""Rows of a spreadsheet that somebody uploads: never more is unpacked or counted out than a payee list can be."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

import openpyxl
import tablib

from treasury.core.errors import Problem

KINDS: Final = ("csv", "ods", "xlsx")
# A few kilobytes may be packed so that they fill any memory: what is inside is measured before it is unpacked.
UNPACKED_MAX_BYTES: Final = 64 * 1024 * 1024
_COLUMNS_MAX: Final = 64
# Rows left empty count, for whoever counts them: a few bytes may claim a million of them.
SHEET_ROWS_MAX: Final = 65_536


def sheet_rows(data: bytes, kind: str) -> Iterator[Sequence[Any]]:
    """The rows of a file of one of KINDS that hold anything.

    Problem `file_too_large` when more is packed into it than UNPACKED_MAX_BYTES, or its last row (.xlsx) stands beyond
    SHEET_ROWS_MAX; whatever else a broken file makes the libraries say.
    """
    if kind == "csv":
        yield from tablib.Dataset().load(data.decode("utf-8-sig"), format=kind, headers=False)
        return
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED_MAX_BYTES:
            raise Problem("file_too_large", "the spreadsheet holds more than 64 MB")
    if kind == "ods":
        yield from tablib.Dataset().load(io.BytesIO(data), format=kind, headers=False)
        return
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    # A sheet may say that its next row is the millionth, and that each is 16,384 cells wide.
    for number, row in enumerate(book.active.iter_rows(max_col=_COLUMNS_MAX, values_only=True), start=1):
        if number > SHEET_ROWS_MAX:
            raise Problem("file_too_large", f"the sheet goes on beyond row {SHEET_ROWS_MAX:,}")
        if any(cell is not None for cell in row):
            yield row
