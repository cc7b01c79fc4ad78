"""A treasury that is served again does not go back in time."""

from datetime import datetime

import pytest

from disbursement.services.days import day_open
from treasury.core import clock
from treasury.serving.resuming import resumed_at

OPENING = datetime(2025, 3, 11, 9, tzinfo=clock.ZONE)


def test_new_books_begin_at_the_opening(db: None) -> None:
    assert resumed_at(OPENING) == OPENING


@pytest.mark.parametrize(
    ("last", "begins"),
    [
        (datetime(2025, 3, 10, 18, tzinfo=clock.ZONE), OPENING),
        (datetime(2025, 3, 11, 15, 30, tzinfo=clock.ZONE), datetime(2025, 3, 11, 15, 30, 1, tzinfo=clock.ZONE)),
        (datetime(2025, 3, 14, 23, 59, 59, tzinfo=clock.ZONE), datetime(2025, 3, 17, 9, tzinfo=clock.ZONE)),
    ],
)
def test_books_go_on_after_their_last_act(db: None, last: datetime, begins: datetime) -> None:
    with clock.frozen(last):
        day_open(on=last.date())

    assert resumed_at(OPENING) == begins
