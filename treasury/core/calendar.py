"""Business days of the government: weekends and holidays off, make-up Saturdays on.

Days off come from the `holidays` package, make-up days from the table below; both stand for the calendar that the
personnel administration publishes each year. Where the official calendar is newer or differs (a typhoon, a late
decision), the treasury records the day; callers hand those days in as `corrections`.
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
    date.fromisoformat(text)
    for text in """
    2014-12-27
    2016-01-30 2016-06-04 2016-09-10
    2017-02-18 2017-06-03 2017-09-30
    2018-03-31 2018-12-22
    2019-01-19 2019-02-23 2019-10-05
    2020-02-15 2020-06-20 2020-09-26
    2021-02-20 2021-09-11
    2022-01-22
    2023-01-07 2023-02-04 2023-02-18 2023-03-25 2023-06-17 2023-09-23
    2024-02-17
    2025-02-08
    """.split()
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
