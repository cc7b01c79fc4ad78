"""What left the treasury on a day: each batch line by line with the bank's answer, each cheque by its number."""

from collections.abc import Callable
from datetime import timedelta

from disbursement.documents.lists import cheque_list, remittance_lists
from disbursement.models import Cheque
from disbursement.services import returned_lines
from disbursement.services.batches import batch_send, batches_build
from disbursement.services.returned_lines import PayeeAccount
from disbursement.services.statements import statement_apply, statement_fetch
from tests.core.documents.reading import pages
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import CABINET, ON, Desk, answered, fresh, lines_of, many_payees, statements
from tests.vouchers.examples import changed, cheque, entrusted
from treasury.core.documents import render
from treasury.core.documents.shapes import Band, Cell, Register
from treasury.core.steps import perform

StartBank = Callable[..., BankProcess]
DELIVERED = {"/entrusted/roster/delivered_at": "2025-03-10T10:00:00+08:00"}


def _column(register: Register, title: str) -> list[Cell]:
    place = [column.title for column in register.columns].index(title)
    return [row[place] for row in register.rows if not isinstance(row, Band)]


def _total(register: Register) -> int:
    return sum(amount for amount in _column(register, "金額") if isinstance(amount, int))


def test_a_batch_is_listed_line_by_line_and_adds_up_to_its_message(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    voucher = desk.brought("paying", many_payees(3))
    batch = desk.batch()
    batch_send(batch_id=batch.pk)
    answered(bank)

    ((message_id, register),) = remittance_lists(on=ON)

    assert message_id == batch.message_id
    assert register.subject == f"{message_id}　跨行通匯"
    assert _column(register, "序號") == [1, 2, 3]
    assert _column(register, "支用機關") == [CABINET] * 3
    assert _column(register, "憑單編號") == [voucher.number] * 3
    assert _column(register, "受款行") == ["0130017 國泰世華銀行分行"] * 3
    assert _column(register, "帳號") == ["000000000001", "000000000002", "000000000003"]
    assert _column(register, "指示識別碼") == [line.end_to_end_id for line in lines_of(voucher)]
    assert _column(register, "結果") == ["已入帳", "退匯 04 無此帳號", "已入帳"]
    assert _total(register) == fresh(batch).total_twd == 600
    assert register.notes[0] == "批次狀態：已回覆"
    text = "".join(pages(render(register)))
    assert "通匯清單" in text and "退匯04無此帳號" in text


def test_a_line_that_came_back_stands_as_it_was_sent(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    voucher = desk.brought("paying", many_payees(3))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    statement_apply(message=statement_fetch(on=ON), on=ON)
    line = lines_of(voucher)[1]
    right = PayeeAccount("0130017", "555555555555", "林小美")
    clerk, payer = desk.actor("clerk"), desk.treasurer("payer")
    returned_lines.instruction_correct(instruction=line, payee=right, actor=clerk, because="更正函")

    ((_, corrected),) = remittance_lists(on=ON)
    returned_lines.instruction_resend(instruction=line, actor=payer)
    desk.batch()
    (_, first), (_, second) = remittance_lists(on=ON)

    for register in (corrected, first):
        assert _column(register, "帳號") == ["000000000001", "000000000002", "000000000003"]
        assert _column(register, "結果")[1] == "退匯 04 無此帳號"
        assert _total(register) == 600
    assert _column(second, "帳號") == ["555555555555"]
    assert (_column(second, "結果"), _total(second)) == (["已編批"], 200)


def test_an_entrusted_transfer_is_one_line_to_the_bank(desk: Desk) -> None:
    desk.brought("paying", changed(entrusted(), DELIVERED))
    batches_build(on=ON, actor=desk.treasurer("payer"))

    ((_, register),) = remittance_lists(on=ON)

    assert register.subject.endswith("委託劃帳")
    assert (_column(register, "帳號"), _total(register)) == (["061400974691"], 60_000)


def test_batches_of_another_day_are_not_listed(desk: Desk) -> None:
    desk.brought("paying")
    desk.batch()

    assert list(remittance_lists(on=ON + timedelta(days=1))) == []


def test_more_batches_take_no_more_statements(desk: Desk) -> None:
    desk.brought("paying", many_payees(2))
    batches_build(on=ON, actor=desk.treasurer("payer"))
    one = statements(lambda: list(remittance_lists(on=ON)))
    desk.brought("paying", changed(entrusted(), DELIVERED))
    desk.brought("paying", many_payees(20))
    batches_build(on=ON, actor=desk.treasurer("payer"))

    assert len(list(remittance_lists(on=ON))) == 3
    assert statements(lambda: list(remittance_lists(on=ON))) == one


def test_every_cheque_issued_is_listed_with_slip_and_crossing(desk: Desk) -> None:
    desk.stock(5)
    payee = cheque()["payee_lines"][0]
    slips = [{"no": "CS2", "payee_seq": 2}, {"no": "CS1", "payee_seq": 1}]
    two = {"/payee_lines": [payee | {"amount_twd": 10_000}, payee | {"amount_twd": 20_000}], "/collection_slips": slips}
    unnamed = {"/collection_slips": [{"no": "CS9"}], "/cheque/crossing": "uncrossed"}
    for changes in (two, unnamed):
        desk.moved(desk.brought("scheduled", changed(cheque(), changes)))
    perform(Cheque.objects.get(serial="0000004"), "spoil", actor=desk.treasurer("payer"))

    register = cheque_list(on=ON)

    assert _column(register, "支票號碼") == ["NT0000001", "NT0000002", "NT0000003"]
    assert _column(register, "領取支票憑證") == ["CS1", "CS2", "CS9"]
    assert _column(register, "平行線") == ["劃平行線", "劃平行線", "免劃平行線"]
    assert _column(register, "領取方式") == ["自領支票"] * 3
    assert _column(register, "狀態") == ["已簽開"] * 3
    issued = Cheque.objects.filter(issued_on=ON).values_list("amount_twd", flat=True)
    assert _total(register) == sum(amount_twd or 0 for amount_twd in issued) == 60_000
    assert register.notes == ("支票號碼 NT0000001 至 NT0000003。", "本日作廢空白支票：NT0000004。")
    assert "簽開支票清單" in "".join(pages(render(register)))


def test_a_day_without_cheques_says_so(desk: Desk) -> None:
    register = cheque_list(on=ON)

    assert (register.rows, register.notes) == ((), ("本日未簽開支票。",))
