"""Business days of the government: weekends and holidays off, make-up Saturdays on.

Days off come from the `holidays` package, make-up days from the table below; both stand for the calendar that
the personnel administration publishes each year. Where the official calendar is newer or differs (a typhoon,
a late decision), the treasury records the day; callers hand those days in as `corrections`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import holidays

NO_CORRECTIONS: Final[Mapping[date, bool]] = MappingProxyType({})

# 補行上班日: Saturdays worked in exchange for a day off between a holiday and a weekend. None since 2026.
MAKE_UP_DAYS: Final = frozenset(
    {
        date(2014, 12, 27),
        *(date(2016, 1, 30), date(2016, 6, 4), date(2016, 9, 10)),
        *(date(2017, 2, 18), date(2017, 6, 3), date(2017, 9, 30)),
        *(date(2018, 3, 31), date(2018, 12, 22)),
        *(date(2019, 1, 19), date(2019, 2, 23), date(2019, 10, 5)),
        *(date(2020, 2, 15), date(2020, 6, 20), date(2020, 9, 26)),
        *(date(2021, 2, 20), date(2021, 9, 11)),
        date(2022, 1, 22),
        *(date(2023, 1, 7), date(2023, 2, 4), date(2023, 2, 18)),
        *(date(2023, 3, 25), date(2023, 6, 17), date(2023, 9, 23)),
        date(2024, 2, 17),
        date(2025, 2, 8),
    }
)

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


def is_business_day(on: date, *, corrections: Mapping[date, bool] = NO_CORRECTIONS) -> bool:
    """Whether the treasury works on a day; a correction (True: worked) goes before the packaged calendar."""
    if on in corrections:
        return corrections[on]
    if on in MAKE_UP_DAYS:
        return True
    return on.weekday() < _SATURDAY and on not in _days_off(on.year)


def next_business_day(on: date, *, corrections: Mapping[date, bool] = NO_CORRECTIONS) -> date:
    """The first business day after a day."""
    return _step(on, _ONE_DAY, corrections)


def previous_business_day(on: date, *, corrections: Mapping[date, bool] = NO_CORRECTIONS) -> date:
    """The last business day before a day."""
    return _step(on, -_ONE_DAY, corrections)


def add_business_days(on: date, days: int, *, corrections: Mapping[date, bool] = NO_CORRECTIONS) -> date:
    """The day so many business days later (earlier when negative); 0 is the day itself."""
    step = _ONE_DAY if days > 0 else -_ONE_DAY
    for _ in range(abs(days)):
        on = _step(on, step, corrections)
    return on


def business_day_on_or_before(on: date, *, corrections: Mapping[date, bool] = NO_CORRECTIONS) -> date:
    """The day itself, or the last business day before it (B-37.1)."""
    if is_business_day(on, corrections=corrections):
        return on
    return previous_business_day(on, corrections=corrections)


def _step(on: date, step: timedelta, corrections: Mapping[date, bool]) -> date:
    on += step
    while not is_business_day(on, corrections=corrections):
        on += step
    return on


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    """Holidays, their substitutes and the days off given for make-up days in one Gregorian year."""
    return frozenset(holidays.country_holidays("TW", years=year))
