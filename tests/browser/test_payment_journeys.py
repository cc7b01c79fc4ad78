"""From an empty form to money paid, each way of paying, by the pages alone."""

from tests.browser import contents
from tests.browser.way import Way


def test_a_remittance_is_typed_in_certified_paid_and_corrected(way: Way) -> None:
    voucher_id = way.typed(contents.remittance("P0311-9001"))
    way.received(voucher_id)
    way.examined(voucher_id)
    way.begun(voucher_id)
    way.sent()
    way.reaches(voucher_id, "paid", nudge=way.bank_asked)

    clerk = way.at_agency("clerk")
    clerk.open(f"/vouchers/{voucher_id}/")
    clerk.sees("已支付")
    clerk.is_clean()
    clerk.open("/desk/results/")
    clerk.sees("P0311-9001")
    clerk.is_clean()
    (transfer_id,) = way.handed_in(contents.correction("T0311-9002", of="P0311-9001"))
    way.received(transfer_id)
    way.examined(transfer_id)
    way.reaches(transfer_id, "posted")


def test_salaries_go_to_the_bank_as_one_entrusted_transfer(way: Way) -> None:
    (voucher_id,) = way.handed_in(contents.salaries("P0311-9011"))
    way.received(voucher_id)
    way.examined(voucher_id)
    way.begun(voucher_id)
    way.sent()
    way.reaches(voucher_id, "paid", nudge=way.bank_asked)

    rows = way.served.books.fetch(
        f"SELECT network, amount_twd FROM disbursement_paymentinstruction WHERE voucher_id = {voucher_id}"
    )
    assert [amount_twd for _, amount_twd in rows] == [80_000]


def test_a_cheque_is_issued_and_handed_over(way: Way) -> None:
    (voucher_id,) = way.handed_in(contents.cheque("P0311-9021"))
    way.received(voucher_id)
    way.examined(voucher_id)
    payer = way.sits("treasury-payer")
    page = payer.open("/desk/cheques/")
    page.fill("input[name=count]", "50")
    payer.press("領入")
    way.begun(voucher_id)
    way.reaches(voucher_id, "paid")

    (cheque_id,) = way.served.books.fetch(f"SELECT id FROM disbursement_cheque WHERE voucher_id = {voucher_id}")[0]
    page = payer.open(f"/desk/cheques/{cheque_id}/")
    payer.is_clean()
    page.fill("input[name=received_by]", "林小美")
    page.locator("form[action$='/hand_over/'] button").click()
    payer.sees("林小美")
    answer = payer.context.request.get(f"/desk/cheques/{cheque_id}/cheque.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF-")
