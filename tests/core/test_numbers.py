"""Gap-free numbers: the number is given in the effect's transaction and goes back with it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from tests.core.threads import WAIT_SECONDS, alone, at_once, wait_for_a_waiter
from treasury.core.models import NumberSeries
from treasury.core.numbers import next_number, next_numbers

pytestmark = pytest.mark.django_db


def test_a_series_begins_at_one_and_goes_on() -> None:
    assert [next_number("receipt/114") for _ in range(3)] == [1, 2, 3]
    assert str(NumberSeries.objects.get()) == "receipt/114: 3"


def test_every_series_counts_by_itself() -> None:
    next_number("receipt/114")

    assert next_number("receipt/115") == 1
    assert next_number("register/114") == 1


def test_many_numbers_follow_on_in_one_statement(django_assert_num_queries: object) -> None:
    next_number("cheque/NT")

    with django_assert_num_queries(1):  # type: ignore[operator]
        serials = next_numbers("cheque/NT", 1000)

    assert (serials[0], serials[-1], len(serials)) == (2, 1001, 1000)
    assert next_number("cheque/NT") == 1002


def test_what_is_rolled_back_leaves_no_hole() -> None:
    next_number("receipt/114")

    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_number("receipt/114") == 2
        raise RuntimeError("the examination failed")

    assert next_number("receipt/114") == 2


@pytest.mark.django_db(transaction=True)
def test_transactions_side_by_side_with_rollbacks_between_leave_no_hole() -> None:
    def clerk(first_fails: bool) -> list[int]:
        kept = []
        for turn in range(8):
            with transaction.atomic():
                number = next_number("receipt/114")
                if (turn % 2 == 0) == first_fails:
                    transaction.set_rollback(True)
                else:
                    kept.append(number)
        return kept

    results = at_once(*[lambda fails=fails: clerk(fails) for fails in (True, False, True, False)])

    given = [number for kept in results for number in kept]
    assert sorted(given) == list(range(1, 17))
    assert NumberSeries.objects.get().last == 16


@pytest.mark.django_db(transaction=True)
def test_a_number_waits_until_the_one_before_it_is_decided() -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = next_number("receipt/114")
            second = pool.submit(alone, lambda: next_number("receipt/114"))
            wait_for_a_waiter()
            transaction.set_rollback(True)
        result = second.result(WAIT_SECONDS)

    assert (first, result) == (1, 1)
