"""How long cards are good for: the usual period of each kind, and calendar months back from a day (A-3.1, A-3.2).

Days are those of Taipei: a certificate that ends at 16:00 UTC ends with the day that begins there.
"""

import calendar
from datetime import date, datetime, timedelta
from typing import Final

from treasury.core.clock import ZONE

# An agency's card is good for six years; a citizen's for five, which may be extended by three (open to eight in all).
AGENCY_YEARS: Final = (6,)
CITIZEN_YEARS: Final = (5, 8)
EXTENSION_YEARS: Final = 3
# Some authorities end a certificate the second before its anniversary, some on it, some with the day.
_TOLERANCE: Final = timedelta(days=1)


def day_of(at: datetime) -> date:
    """The day of a moment in Taipei."""
    return at.astimezone(ZONE).date()


def months_before(on: date, months: int) -> date:
    """The same day of the month so many calendar months earlier, or that month's last day where it has no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def years_usual(issuer_kind: str, *, is_extension: bool = False) -> tuple[int, ...]:
    """For how many years cards of an issuer (GCA, XCA, MOICA) are made out; an extension is a citizen's alone."""
    if issuer_kind != "MOICA":
        return AGENCY_YEARS
    return (EXTENSION_YEARS, *CITIZEN_YEARS) if is_extension else CITIZEN_YEARS


def period_is_usual(*, issuer_kind: str, valid_from: datetime, valid_to: datetime, is_extension: bool = False) -> bool:
    """Whether a card's period is one of those usual for its kind, give or take a day (A-3.1)."""
    begins_on, ends_on = day_of(valid_from), day_of(valid_to)
    return any(
        abs(ends_on - months_before(begins_on, -12 * years)) <= _TOLERANCE
        for years in years_usual(issuer_kind, is_extension=is_extension)
    )
