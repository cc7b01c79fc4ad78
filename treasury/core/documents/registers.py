"""Registers, lists and day summaries as the template reads them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from treasury.core.documents.lists import column, listing
from treasury.core.documents.shapes import Band, Cell, Column, Register
from treasury.core.documents.wording import breakable, counted, long_date, moment, short_date
from treasury.core.errors import Problem

Content = dict[str, Any]
ROWS_MAX: Final = 5_000
_ALIGNMENT: Final = {"text": "left", "code": "center", "date": "center", "moment": "center"}


def volumes(register: Register, *, rows_max: int = ROWS_MAX) -> tuple[Register, ...]:
    """A long register cut into volumes (第 1 冊, 第 2 冊), each with totals of its own; a short one as it is."""
    if len(register.rows) <= rows_max:
        return (register,)
    parts = [register.rows[start : start + rows_max] for start in range(0, len(register.rows), rows_max)]
    return tuple(
        replace(register, rows=rows, subject=f"{register.subject} 第 {number} 冊，共 {len(parts)} 冊".strip())
        for number, rows in enumerate(parts, 1)
    )


def register_content(register: Register) -> Content:
    """A register: cells written by the kind of their column, totals of the totalled ones.

    Problem `register_too_long` above 5,000 rows, which would take half a gigabyte to set: print its `volumes`.
    """
    if len(register.rows) > ROWS_MAX:
        raise Problem("register_too_long", f"{len(register.rows)} rows; print it in volumes of {ROWS_MAX}")
    totalled = [place for place, one in enumerate(register.columns) if one.is_totalled]
    rows: list[Any] = []
    totals = []
    count = 0
    for row in register.rows:
        if isinstance(row, Band):
            rows.append({"band": breakable(row.text)})
            totals.append([0] * len(totalled))
            continue
        count += 1
        rows.append([[_written(cell)] for cell in row])
        totals.append([_amount(row[place]) for place in totalled])
    table = listing(register.title, register.title_en, list(map(_column, register.columns)), rows, totals)
    return {
        "treasury": register.treasury,
        "subject": breakable(register.subject),
        "on": long_date(register.dated_on),
        "made_at": moment(register.made_at),
        "notes": list(map(breakable, register.notes)),
        "signers": list(register.signers),
        "is_landscape": register.is_landscape,
        "list": {**table, "count_words": counted(count)},
    }


def _column(one: Column) -> Content:
    return column(
        one.title,
        one.title_en,
        width=one.width,
        align=_ALIGNMENT.get(one.kind, "right"),
        figures=one.kind != "text",
        one_line=one.kind not in ("text", "code"),
        total=one.is_totalled,
    )


def _written(cell: Cell) -> str:
    """A cell as text: separators for numbers, ROC years for dates and moments."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, datetime):
        return moment(cell)
    if isinstance(cell, date):
        return short_date(cell)
    return breakable(cell)


def _amount(cell: Cell) -> int:
    """What a cell adds to the total of its column; an empty cell adds nothing."""
    return cell if isinstance(cell, int) else 0
