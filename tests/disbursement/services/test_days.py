"""The treasury's days: business days only, in order, each with its month's money."""

from datetime import date, datetime

import pytest

from disbursement.models import TreasuryDay
from disbursement.services.days import day_close, day_open
from tests.factories import OFFICE, OFFICE_TWD, ON, Desk
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import CalendarDay
from treasury.ledger import selectors as ledger


@pytest.mark.parametrize("on", [date(2025, 3, 15), date(2025, 4, 4)], ids=["Saturday", "holiday"])
def test_the_treasury_works_on_business_days_only(desk: Desk, on: date) -> None:
    with pytest.raises(Problem) as refused:
        day_open(on=on)

    assert refused.value.code == "no_business_day"
    assert not TreasuryDay.objects.filter(on=on).exists()


def test_a_correction_of_the_calendar_counts(desk: Desk) -> None:
    CalendarDay.objects.create(on=date(2025, 3, 11), is_business_day=False, note="颱風")
    CalendarDay.objects.create(on=date(2025, 3, 15), is_business_day=True, note="補行上班")

    with pytest.raises(Problem):
        day_open(on=date(2025, 3, 11))

    assert str(day_open(on=date(2025, 3, 15))) == "2025-03-15"


def test_the_books_do_not_go_back(desk: Desk) -> None:
    day_open(on=date(2025, 3, 12))

    with pytest.raises(Problem) as refused:
        day_open(on=date(2025, 3, 11))

    assert refused.value.code == "day_gone_by"


def test_a_day_opened_again_is_the_same_day(desk: Desk) -> None:
    again = day_open(on=ON)

    assert TreasuryDay.objects.get() == again
    assert ledger.available(114, [OFFICE]) == {OFFICE: OFFICE_TWD}


def test_a_months_money_comes_with_its_first_day(desk: Desk) -> None:
    day_open(on=date(2025, 3, 31))
    assert ledger.available(114, [OFFICE]) == {OFFICE: OFFICE_TWD}

    day_open(on=date(2025, 4, 1))

    assert ledger.available(114, [OFFICE]) == {OFFICE: OFFICE_TWD + 1_000_000}


def test_a_day_is_closed_once(desk: Desk) -> None:
    with clock.frozen(datetime(2025, 3, 10, 17, tzinfo=clock.ZONE)) as evening:
        day_close(on=ON)
    with clock.frozen(datetime(2025, 3, 10, 18, tzinfo=clock.ZONE)):
        day_close(on=ON)

    assert TreasuryDay.objects.get().closed_at == evening
