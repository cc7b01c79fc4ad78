"""Dates as Taiwan writes them: the year counts from 1912 (民國), the fiscal year is the calendar year."""

import re
import unicodedata
from datetime import date
from typing import Final

from treasury.core.errors import Problem

_FIRST_YEAR: Final = 1911

_SHAPES: Final = (
    re.compile(r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
)
_ROC_SHAPES: Final = (
    re.compile(r"0?(?P<year>[0-9]{2,3})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"),
    re.compile(r"0?(?P<year>[0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(r"(?:民國)?(?P<year>[0-9]{1,3})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日"),
)


def parse_date(text: str) -> date:
    """The date somebody wrote: 114/3/10, 1140310, 01140310, 民國114年3月10日, 2025-03-10, 20250310.

    A year of four digits not beginning with 0 is Gregorian, any other a ROC year; full-width digits are
    understood. Problem `bad_date` when it is none of these, or no day of the calendar.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for shapes, offset in ((_ROC_SHAPES, _FIRST_YEAR), (_SHAPES, 0)):
        for shape in shapes:
            if match := shape.fullmatch(plain):
                return _day(text, int(match["year"]) + offset, int(match["month"]), int(match["day"]))
    raise Problem("bad_date", f"{text!r} is no date; write 114/3/10 or 2025-03-10")


def format_date(on: date) -> str:
    """The date with its ROC year: 114/03/10; a day before 1912 is counted back, 前1/12/31."""
    return f"{year_text(on)}/{on:%m/%d}"


def year_text(on: date) -> str:
    """The ROC year of a day as it is written: 114, and 前1 for 1911, the first year before the Republic."""
    return str(on.year - _FIRST_YEAR) if on.year > _FIRST_YEAR else f"前{_FIRST_YEAR + 1 - on.year}"


def roc_year(on: date) -> int:
    """The ROC year of a day: 114 for 2025. Problem `before_roc` for a day before 1912."""
    if on.year <= _FIRST_YEAR:
        raise Problem("before_roc", f"{on} lies before the first year of the Republic")
    return on.year - _FIRST_YEAR


def fiscal_year(on: date) -> int:
    """The fiscal year of a day, which is its ROC year (Budget Act, article 12)."""
    return roc_year(on)


def _day(text: str, year: int, month: int, day: int) -> date:
    if year > _FIRST_YEAR:
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise Problem("bad_date", f"{text!r} is no day of the calendar")
