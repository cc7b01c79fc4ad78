"""收件 = 審核通過 + 退件 + 待審: of today, with the amounts each revision had when it came in."""

from disbursement.selectors.payments import cash, desk_day, due_sums
from disbursement.services.examination import voucher_accept
from disbursement.services.returns import voucher_return
from tests.factories import ON, OPENING_TWD, Desk, by_force, fresh, statements
from tests.vouchers.examples import remittance
from vouchers.models import Voucher
from vouchers.services.preparation import voucher_change, voucher_correct


def _returned(desk: Desk, voucher: Voucher) -> Voucher:
    voucher_return(voucher=fresh(voucher), actor=desk.treasurer("examiner"), reasons=["R07"])
    return fresh(voucher)


def test_a_voucher_that_came_in_twice_counts_with_what_it_said_each_time(desk: Desk) -> None:
    voucher = _returned(desk, desk.brought("received"))
    clerk = desk.actor("clerk")
    voucher_correct(voucher=voucher, actor=clerk)
    content = remittance() | {"number": voucher.number, "total_twd": 20_000}
    content["account_lines"] = [content["account_lines"][0] | {"amount_twd": 20_000}]
    content["payee_lines"] = [content["payee_lines"][0] | {"amount_twd": 20_000}]
    voucher_change(voucher=fresh(voucher), content=content, actor=clerk)
    again = fresh(voucher)
    while again.state != "received":
        again = desk.moved(again)

    day = desk_day(ON)

    assert (day.received.count, day.received.amount_twd) == (2, 50_000)
    assert (day.returned.amount_twd, day.waiting.amount_twd) == (30_000, 20_000)
    assert day.adds_up


def test_what_was_returned_after_acceptance_stays_accepted(desk: Desk) -> None:
    _returned(desk, desk.brought("accepted"))

    day = desk_day(ON)

    assert (day.accepted.amount_twd, day.returned.amount_twd) == (30_000, 0)
    assert day.adds_up


def test_what_came_in_before_today_is_carried_over(desk: Desk) -> None:
    early = desk.brought("received")
    by_force("UPDATE disbursement_reception SET received_on = '2025-03-07'")
    desk.brought("received")
    voucher_accept(voucher=fresh(early), actor=desk.treasurer("examiner"))

    day = desk_day(ON)

    assert (day.carried.amount_twd, day.received.amount_twd) == (30_000, 30_000)
    assert (day.accepted.amount_twd, day.waiting.amount_twd) == (30_000, 30_000)
    assert day.adds_up


def test_a_voucher_that_got_lost_does_not_add_up(desk: Desk) -> None:
    desk.brought("received")
    by_force("UPDATE vouchers_voucher SET state = 'draft'")

    assert not desk_day(ON).adds_up


def test_the_cash_is_read_from_the_books_and_adds_up(desk: Desk) -> None:
    desk.brought("paying")

    money = cash()

    assert (money.master_twd, money.in_transit_twd, money.available_twd) == (OPENING_TWD, 30_000, OPENING_TWD - 30_000)
    assert money.adds_up
    assert due_sums(ON)["to_begin"].count == 0
    assert statements(cash) == 2
