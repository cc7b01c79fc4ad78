"""The stock of blanks: a book at a time, numbered without a gap; each blank is issued once, the lowest first."""

import pytest

from disbursement.models import Cheque
from disbursement.services import cheques, payment
from tests.core.threads import at_once
from tests.factories import Desk, fresh, verbs
from tests.vouchers.examples import changed, cheque
from treasury.core.errors import Problem
from treasury.core.models import History


def test_a_book_goes_on_where_the_last_one_ended(desk: Desk) -> None:
    first, second = desk.stock(2), desk.stock(3)

    assert (list(first), list(second)) == ([1, 2], [3, 4, 5])
    assert [row.cheque_no for row in Cheque.objects.order_by("serial")] == [f"NT000000{n}" for n in range(1, 6)]
    assert cheques.blank_count() == 5
    assert cheques.blank_count("TC") == 0
    births = History.objects.filter(machine="cheque", verb="create").order_by("id")
    assert [len(row.subject_ids or []) for row in births] == [2, 3]


@pytest.mark.parametrize("count", [0, -1, 100_001])
def test_a_book_has_a_cheque_and_is_no_lorry_load(desk: Desk, count: int) -> None:
    with pytest.raises(Problem) as refused:
        desk.stock(count)

    assert (refused.value.code, refused.value.path) == ("bad_count", "/count")


def test_crossing_follows_the_voucher(desk: Desk) -> None:
    desk.stock(2)

    for changes in ({}, {"/cheque/crossing": "uncrossed"}):
        desk.moved(desk.brought("scheduled", changed(cheque(), changes)))

    assert list(Cheque.objects.order_by("serial").values_list("is_crossed", flat=True)) == [True, False]


def test_a_cheque_remembers_for_which_voucher_it_was_issued(desk: Desk) -> None:
    desk.stock(1)
    voucher = desk.moved(desk.brought("scheduled", cheque()))

    row = Cheque.objects.get()

    assert (str(row), verbs(row, "cheque")) == ("NT0000001", ["issue"])
    assert History.objects.get(machine="cheque", verb="issue").details == {"voucher": voucher.reference}


def test_two_payers_at_once_issue_two_different_blanks(shared_desk: Desk) -> None:
    shared_desk.stock(2)
    vouchers = [shared_desk.brought("scheduled", cheque()) for _ in range(2)]
    payer = shared_desk.treasurer("payer")

    at_once(*(lambda row=row: payment.voucher_begin_payment(voucher=row, actor=payer) for row in vouchers))

    assert {fresh(row).state for row in vouchers} == {"paid"}
    assert sorted(Cheque.objects.values_list("voucher_id", flat=True)) == sorted(row.pk for row in vouchers)
