"""The registers of the desk: every number once, in order, and sums that are those of the books."""

from datetime import timedelta

from disbursement.documents.registers import acceptance_register, reception_register, return_register
from disbursement.services.examination import voucher_decide
from disbursement.services.reception import voucher_receive
from disbursement.services.returns import voucher_return
from tests.core.documents.reading import pages
from tests.factories import OFFICE, ON, TRAVEL, Desk, by_force, many_payees, statements
from tests.vouchers.examples import changed, cheque, remittance, transfer
from treasury.core.documents import render
from treasury.core.documents.shapes import Band, Cell, Register
from treasury.ledger import chart
from treasury.ledger.models import Entry


def _column(register: Register, title: str) -> list[Cell]:
    place = [column.title for column in register.columns].index(title)
    return [row[place] for row in register.rows if not isinstance(row, Band)]


def _total(register: Register) -> int:
    return sum(amount for amount in _column(register, "金額") if isinstance(amount, int))


def test_what_was_taken_in_stands_by_its_number_with_its_verdict(desk: Desk) -> None:
    desk.brought("received")
    desk.brought("received", cheque())
    bad = desk.brought("released")
    by_force("DELETE FROM signing_electronicpaymentdocument WHERE document_ref = %s", bad.reference)
    voucher_receive(voucher_id=bad.pk)

    register = reception_register(on=ON)

    assert _column(register, "收件編號") == ["114-0000001", "114-0000002", "114-0000003"]
    assert _column(register, "憑單編號") == ["P0310-001", "P0310-002", "P0310-003"]
    assert _column(register, "支用機關") == ["0003010000 行政院"] * 3
    assert _column(register, "支付方式") == ["電匯存帳", "自領支票", "電匯存帳"]
    assert _column(register, "簽章驗證") == ["相符", "相符", "不符（document_unknown）"]
    text = "".join(pages(render(register)))
    assert "收件登記簿" in text and "114-0000003" in text and f"{_total(register):,}" in text


def test_a_voucher_that_is_not_what_was_signed_is_not_in_order(desk: Desk) -> None:
    voucher = desk.brought("released")
    by_force("UPDATE vouchers_voucher SET content = jsonb_set(content, '{payee_lines,0,account_no}', '\"99999999\"')")
    voucher_receive(voucher_id=voucher.pk)

    assert _column(reception_register(on=ON), "簽章驗證") == ["不符（與憑單內容不同）"]


def test_what_was_accepted_adds_up_to_what_the_books_reserved_and_moved(desk: Desk) -> None:
    original = desk.brought("paying", many_payees(3, amount_twd=10_000))
    desk.brought("accepted")
    lines = {"/account_lines/1/account_code": original.content["account_lines"][0]["account_code"]}
    moved = changed(transfer(), {**lines, "/originals": [{"number": original.number}]})
    desk.moved(desk.brought("received", moved))

    register = acceptance_register(on=ON)

    assert _column(register, "登記編號") == ["114-0000001", "114-0000002", "114-0000003"]
    assert _column(register, "支付方式") == ["電匯存帳", "電匯存帳", "轉帳憑單"]
    assert _column(register, "科目代號") == [
        original.content["account_lines"][0]["account_code"],
        OFFICE,
        f"{TRAVEL} 等",
    ]
    assert _column(register, "受款人") == ["林小美等 3 戶", "晨曦文具有限公司", "—"]
    reserved = Entry.objects.filter(account_code=chart.RESERVED, side=chart.CREDIT)
    transferred = Entry.objects.filter(account_code=chart.RELIEVED, side=chart.DEBIT)
    booked = [*reserved.values_list("amount_twd", flat=True), *transferred.values_list("amount_twd", flat=True)]
    assert _total(register) == sum(booked) == 90_000


def test_what_went_back_stands_with_reasons_and_findings(desk: Desk) -> None:
    places = ("/total_twd", "/account_lines/0/amount_twd", "/payee_lines/0/amount_twd")
    too_much = desk.brought("received", changed(remittance(), dict.fromkeys(places, 3_000_001)))
    voucher_decide(voucher=too_much, actor=desk.treasurer("examiner"))
    asked_back = desk.brought("received")
    voucher_return(voucher=asked_back, actor=desk.treasurer("examiner"), reasons=["R11", "R07"], note="機關來函撤回")

    register = return_register(on=ON)

    assert _column(register, "通知書編號") == ["114-0000001", "114-0000002"]
    assert _column(register, "原因") == ["R01", "R07、R11"]
    assert _column(register, "說明") == [f"科目{OFFICE}支用3,000,001元，可用餘額3,000,000元", "機關來函撤回"]
    assert register.notes == (
        "R01　分配預算、基金或專戶餘額不足",
        "R07　支用機關通知退還",
        "R11　其他應予退回之情事",
    )


def test_a_day_without_vouchers_has_empty_registers_that_say_so(desk: Desk) -> None:
    for register in (reception_register(on=ON), acceptance_register(on=ON), return_register(on=ON)):
        assert (register.rows, register.notes) == ((), ("本日無案件。",))
        assert "本日無案件" in "".join(pages(render(register)))


def test_another_day_is_another_page(desk: Desk) -> None:
    desk.brought("accepted")

    assert len(reception_register(on=ON).rows) == len(acceptance_register(on=ON).rows) == 1
    assert (
        reception_register(on=ON - timedelta(days=3)).rows == acceptance_register(on=ON + timedelta(days=1)).rows == ()
    )


def test_many_rows_take_no_more_statements_than_one(desk: Desk) -> None:
    desk.brought("accepted")
    one = statements(lambda: (reception_register(on=ON), acceptance_register(on=ON)))
    for _ in range(3):
        desk.brought("accepted")

    assert statements(lambda: (reception_register(on=ON), acceptance_register(on=ON))) == one
