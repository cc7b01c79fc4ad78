from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treasury.core.calendar import (
    MAKE_UP_DAYS,
    add_business_days,
    business_day_on_or_before,
    is_business_day,
    next_business_day,
    previous_business_day,
)

FRIDAY = date(2025, 3, 7)
MONDAY = date(2025, 3, 10)


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        (FRIDAY, True),
        (date(2025, 3, 8), False),
        (date(2025, 3, 9), False),
        (MONDAY, True),
        (date(2025, 2, 8), True),  # made up for 27 January
        (date(2025, 1, 27), False),
        (date(2025, 2, 28), False),
        (date(2025, 4, 3), False),  # Children's Day, moved from the day of tomb sweeping
        (date(2025, 10, 24), False),
        (date(2025, 12, 25), False),
        (date(2024, 12, 25), True),
        (date(2026, 2, 20), False),
        (date(2026, 5, 1), False),
        (date(2026, 6, 20), False),
    ],
)
def test_it_knows_the_days_on_which_the_treasury_works(on: date, worked: bool) -> None:
    assert is_business_day(on) is worked


def test_no_business_day_lies_between_friday_and_monday() -> None:
    assert next_business_day(FRIDAY) == MONDAY
    assert previous_business_day(MONDAY) == FRIDAY


def test_a_make_up_saturday_counts() -> None:
    assert next_business_day(date(2025, 2, 7)) == date(2025, 2, 8)
    assert add_business_days(date(2025, 2, 7), 2) == date(2025, 2, 10)
    assert add_business_days(date(2025, 2, 10), -2) == date(2025, 2, 7)


def test_no_days_leave_the_day_as_it_is() -> None:
    assert add_business_days(date(2025, 3, 8), 0) == date(2025, 3, 8)


def test_the_last_business_day_of_a_year_may_be_the_day_itself() -> None:
    assert business_day_on_or_before(date(2025, 12, 31)) == date(2025, 12, 31)
    assert business_day_on_or_before(date(2022, 12, 31)) == date(2022, 12, 30)


def test_a_correction_goes_before_the_packaged_calendar() -> None:
    typhoon = {MONDAY: False, date(2025, 3, 15): True}

    assert not is_business_day(MONDAY, corrections=typhoon)
    assert is_business_day(date(2025, 3, 15), corrections=typhoon)
    assert next_business_day(FRIDAY, corrections=typhoon) == date(2025, 3, 11)
    assert previous_business_day(date(2025, 3, 11), corrections=typhoon) == FRIDAY
    assert business_day_on_or_before(MONDAY, corrections=typhoon) == FRIDAY


def test_the_table_of_make_up_days_agrees_with_an_independent_source() -> None:
    source = holidays.country_holidays("TW", years=range(2014, 2028))
    days = (date(2014, 6, 1) + timedelta(days=count) for count in range(4_900))

    worked_weekends = {on for on in days if on.weekday() > 4 and source.is_working_day(on)}

    assert worked_weekends == MAKE_UP_DAYS


@given(on=st.dates(date(2015, 1, 1), date(2030, 12, 31)), days=st.integers(-30, 30))
def test_business_days_added_can_be_taken_away(on: date, days: int) -> None:
    start = business_day_on_or_before(on)

    there = add_business_days(start, days)

    assert is_business_day(there)
    assert add_business_days(there, -days) == start
