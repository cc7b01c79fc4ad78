"""How values are written on paper: ROC dates and moments, counts, long unbroken text."""

import re
from datetime import date, datetime
from typing import Final

from treasury.core.clock import ZONE
from treasury.core.errors import Problem
from treasury.core.roc import format_date, year_text

# The longest run of Latin letters or digits that every column holds; account numbers (16) are never cut.
_RUN_MAX: Final = 18
_UNBROKEN: Final = re.compile(rf"[!-~]{{{_RUN_MAX + 1},}}")
BREAK: Final = "\u200b"


def long_date(on: date) -> str:
    """中華民國 114 年 3 月 10 日, as forms and cheques write it."""
    return f"中華民國 {year_text(on)} 年 {on.month} 月 {on.day} 日"


def short_date(on: date | None) -> str:
    """114/03/10, or an empty text."""
    return format_date(on) if on else ""


def moment(at: datetime | None) -> str:
    """114/03/10 14:05:09 in Taipei, or an empty text."""
    if at is None:
        return ""
    local = at.astimezone(ZONE)
    return f"{format_date(local.date())} {local:%H:%M:%S}"


def counted(count: int) -> str:
    """共 2,000 筆."""
    return f"共 {count:,} 筆"


def serial_lines(serial: str, width: int = 20) -> list[str]:
    """A hexadecimal serial in upper case, cut into lines a seal's place can hold."""
    digits = serial.upper()
    return [digits[start : start + width] for start in range(0, len(digits), width)]


def breakable(text: str) -> str:
    """The text with invisible break points in runs of Latin letters or digits too long for a column.

    Problem `missing_glyph` when the text has such a break point already: nothing unseen is printed.
    """
    if BREAK in text:
        raise Problem("missing_glyph", f"{text!r} holds the invisible character U+200B")
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNBROKEN.sub(lambda run: _split(run[0]), plain)


def _split(run: str, every: int = 6) -> str:
    return BREAK.join(run[start : start + every] for start in range(0, len(run), every))
