from datetime import date

import pytest

from treasury.core.calendar import next_business_day
from treasury.core.corrections import corrections
from treasury.core.models import CalendarDay

pytestmark = pytest.mark.django_db


def test_a_day_off_that_the_treasury_records_counts() -> None:
    typhoon = CalendarDay.objects.create(on=date(2025, 3, 10), is_business_day=False, note="颱風")

    assert corrections() == {date(2025, 3, 10): False}
    assert next_business_day(date(2025, 3, 7), corrections=corrections()) == date(2025, 3, 11)
    assert str(typhoon) == "2025-03-10"


def test_without_records_the_packaged_calendar_stands() -> None:
    assert corrections() == {}
