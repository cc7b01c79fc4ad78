"""公庫處理: each place of the row is filled by what happened, and by nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from disbursement.documents import voucher_marks
from disbursement.models import Reception
from disbursement.services import payment
from disbursement.services.batches import batch_send
from disbursement.services.reception import voucher_receive
from disbursement.services.returns import voucher_return
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import ON, Desk, answered, by_force, fresh, many_payees, statements
from tests.vouchers.examples import changed, cheque, remittance, transfer
from treasury.core import clock
from treasury.core.documents.shapes import Mark
from treasury.core.steps import perform
from vouchers.models import Voucher

EMPTY = tuple(Mark(label=label) for label in ("收件", "審核", "登記", "支付"))


def _marks(voucher: Voucher) -> tuple[Mark, ...]:
    return voucher_marks([voucher])[voucher.pk]


def _said(mark: Mark) -> tuple[str, str, str]:
    return mark.number, mark.by, mark.stamp


def test_before_reception_every_place_is_empty(desk: Desk) -> None:
    assert _marks(desk.brought("released")) == EMPTY


def test_an_accepted_voucher_has_its_numbers_and_its_examiner(desk: Desk) -> None:
    voucher = desk.brought("accepted")

    received, examined, registered, paid = _marks(voucher)

    assert _said(received) == ("114-0000001", "電子簽章相符", "")
    assert _said(examined) == ("", desk.treasurer("examiner").name, "")
    assert _said(registered) == ("114-0000001", "", "")
    assert _said(paid) == ("", "排定 114/03/10", "")
    assert received.at is not None and examined.at is not None and received.at <= examined.at


def test_a_returned_voucher_bears_the_stamp_and_number_of_its_notice(desk: Desk) -> None:
    voucher = desk.brought("received")
    voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R07"])

    received, examined, registered, paid = _marks(fresh(voucher))

    assert _said(received)[0] == "114-0000001"
    assert _said(examined) == ("114-0000001", desk.treasurer("examiner").name, "退件")
    assert (registered, paid) == EMPTY[2:]


def test_a_voucher_rejected_at_the_door_was_returned_by_the_system(desk: Desk) -> None:
    voucher = desk.brought("released")
    by_force("UPDATE signing_electronicpaymentdocument SET digest = sha256('other')")
    voucher_receive(voucher_id=voucher.pk)

    received, examined, *_ = _marks(fresh(voucher))

    assert _said(received) == ("114-0000001", "電子簽章不符", "")
    assert _said(examined) == ("114-0000001", "系統", "退件")


def test_a_paper_voucher_was_taken_in_by_a_person(desk: Desk) -> None:
    voucher = desk.brought("printed", many_payees(2, amount_twd=4_000_000))
    examiner = desk.treasurer("examiner")
    for verb, actor in (
        ("sign_paper", desk.actor("clerk")),
        ("mail", desk.actor("clerk")),
        ("receive_paper", examiner),
    ):
        perform(voucher, verb, actor=actor)
    at = clock.now()
    Reception.objects.create(
        voucher=voucher, revision=1, fiscal_year=114, receipt_no=1, received_on=ON, received_at=at, verdict={}
    )

    received = _marks(fresh(voucher))[0]

    assert (received.number, received.by, received.at) == ("114-0000001", examiner.name, at)


def test_a_paid_voucher_names_its_batch_and_what_came_back(
    desk: Desk, start_agent_bank: Callable[..., BankProcess]
) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    voucher = desk.brought("paying", many_payees(3))
    assert _said(_marks(voucher)[3]) == ("", "", "")

    batch = desk.batch()
    assert _said(_marks(fresh(voucher))[3]) == (batch.message_id, "", "")
    batch_send(batch_id=batch.pk)
    answered(bank)

    assert _said(_marks(fresh(voucher))[3]) == (batch.message_id, "退匯 1 筆", "付訖")


def test_a_voucher_paid_by_cheques_names_the_first_and_counts_them(desk: Desk) -> None:
    desk.stock(3)
    payee = cheque()["payee_lines"][0]
    slips = [{"no": f"CS{seq}", "payee_seq": seq} for seq in (1, 2)]
    two = {"/payee_lines": [payee | {"amount_twd": 15_000}] * 2, "/collection_slips": slips}
    one, several = (desk.moved(desk.brought("scheduled", content)) for content in (cheque(), changed(cheque(), two)))

    assert _said(_marks(one)[3]) == ("NT0000001", "", "付訖")
    assert _said(_marks(several)[3]) == ("NT0000002 等 2 張", "", "付訖")


def test_a_transfer_is_stamped_as_such(desk: Desk) -> None:
    original = desk.brought("paying")
    content = changed(transfer(), {"/originals/0/number": original.number})
    voucher = desk.moved(desk.brought("received", content))

    assert _said(_marks(voucher)[3]) == ("", "", "轉帳")


def test_a_postponed_voucher_says_so(desk: Desk) -> None:
    voucher = desk.brought("accepted")
    payment.voucher_postpone(voucher=voucher, actor=desk.treasurer("supervisor"), because="庫款不足")

    assert _said(_marks(fresh(voucher))[3]) == ("", "延後支付", "")


def test_a_payment_of_another_day_says_when(desk: Desk) -> None:
    later = (ON + timedelta(days=2)).isoformat()
    voucher = desk.brought("accepted", changed(remittance(), {"/legal_pay_date": later}))

    assert _said(_marks(voucher)[3]) == ("", "排定 114/03/12", "")
    payment.voucher_schedule(voucher=voucher, actor=desk.treasurer("payer"))
    assert _said(_marks(fresh(voucher))[3]) == ("", "排定 114/03/12", "")


@pytest.mark.parametrize("count", [1, 4])
def test_many_vouchers_take_no_more_statements_than_one(desk: Desk, count: int) -> None:
    rows = [desk.brought("paying") for _ in range(count)]

    assert statements(lambda: voucher_marks(rows)) == 6
