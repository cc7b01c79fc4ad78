"""Days: opened in order on business days, ended by news to the workers."""

from datetime import date, datetime

import pytest

from disbursement.models import TreasuryDay
from disbursement.services import days
from treasury.celery import begin_day, end_day
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import CalendarDay, OutboxEvent

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, MONDAY = date(2025, 3, 7), date(2025, 3, 8), date(2025, 3, 10)


def at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 10, tzinfo=clock.ZONE)


def test_a_day_is_opened_once() -> None:
    with clock.frozen(at(FRIDAY)):
        days.day_open(on=FRIDAY)
        days.day_open(on=FRIDAY)

    assert TreasuryDay.objects.count() == 1


def test_no_day_behind_the_last_one() -> None:
    days.day_open(on=MONDAY)

    with pytest.raises(Problem) as refused:
        days.day_open(on=FRIDAY)

    assert refused.value.code == "day_gone_by"


def test_a_weekend_is_no_business_day_unless_it_is_made_up_for() -> None:
    with pytest.raises(Problem) as refused:
        days.day_open(on=SATURDAY)
    assert refused.value.code == "no_business_day"

    CalendarDay.objects.create(on=SATURDAY, is_business_day=True, note="補班")

    assert days.day_open(on=SATURDAY).on == SATURDAY


def test_the_scheduler_begins_and_ends_business_days_only() -> None:
    with clock.frozen(at(SATURDAY)):
        begin_day()
        end_day()
    assert not TreasuryDay.objects.exists()
    assert not OutboxEvent.objects.exists()

    with clock.frozen(at(MONDAY)):
        begin_day()
        end_day()

    assert TreasuryDay.objects.get().on == MONDAY
    assert OutboxEvent.objects.get().payload == {"on": "2025-03-10"}
