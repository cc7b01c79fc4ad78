"""日結核對表: three equations with their figures, what does not add up first, every difference with its reason."""

from collections.abc import Callable
from datetime import date

from pytest import MonkeyPatch

from disbursement.documents import day_registers, days
from disbursement.documents.summary import day_summary
from disbursement.services import returned_lines
from disbursement.services.batches import batch_send
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.returned_lines import PayeeAccount
from disbursement.services.returns import voucher_return
from disbursement.services.statements import statement_fetch
from tests.core.documents.reading import pages
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import CABINET, ON, OPENING_TWD, Desk, answered, fresh, lines_of, many_payees
from tests.vouchers.examples import changed, cheque, transfer
from treasury.core.documents import render
from treasury.core.documents.shapes import Band, Register
from treasury.ledger import chart
from treasury.ledger import selectors as ledger

StartBank = Callable[..., BankProcess]
TUESDAY = date(2025, 3, 11)


def _figures(register: Register) -> dict[str, tuple[object, object]]:
    """Count and amount of each item; of the first where two bear the same name."""
    figures: dict[str, tuple[object, object]] = {}
    for row in register.rows:
        if not isinstance(row, Band):
            figures.setdefault(str(row[0]), (row[2], row[3]))
    return figures


def _bands(register: Register) -> list[str]:
    return [row.text for row in register.rows if isinstance(row, Band)]


def _reasons(register: Register, band: str) -> list[tuple[object, ...]]:
    """Item, reason and amount of the rows under a band."""
    rows, under = [], False
    for row in register.rows:
        if isinstance(row, Band):
            under = row.text == band
        elif under:
            rows.append((row[0], row[1], row[3]))
    return rows


def _played(desk: Desk, start_agent_bank: StartBank) -> BankProcess:
    """A day: two remittances of three lines, one line returned, a cheque, a transfer, a return, one voucher waiting."""
    bank = start_agent_bank(returns={"000000000002": "04"})
    desk.stock(1)
    original = desk.brought("paying", many_payees(3, amount_twd=10_000))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    desk.moved(desk.brought("scheduled", cheque()))
    account = original.content["account_lines"][0]["account_code"]
    moved = {"/originals": [{"number": original.number}], "/account_lines/1/account_code": account}
    desk.moved(desk.brought("received", changed(transfer(), moved)))
    returned = desk.brought("received")
    voucher_return(voucher=returned, actor=desk.treasurer("examiner"), reasons=["R07"])
    late = desk.brought("accepted")
    voucher_return(voucher=late, actor=desk.treasurer("examiner"), reasons=["R07"])
    desk.brought("received")
    return bank


def test_a_balanced_day_shows_its_three_equations(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = _played(desk, start_agent_bank)
    day_reconcile(on=ON, message=statement_fetch(on=ON))

    register = day_summary(on=ON)

    figures = _figures(register)
    assert register.subject == "核對相符"
    assert _bands(register) == ["一、收件與審核", "二、支付", "三、公庫存款", "四、待查差異", "五、未達帳明細"]
    assert figures["前日待審"] == (0, 0)
    assert figures["本日收件"] == (6, 180_000)
    assert figures["審核通過"] == (4, 120_000)
    assert figures["　其中轉帳憑單"] == (1, 30_000)
    assert (figures["退件"], figures["審核通過後退件"], figures["待審"]) == ((1, 30_000), (1, 30_000), (1, 30_000))
    assert figures["通匯及委託劃帳"] == (3, 30_000)
    assert (figures["已入帳"], figures["退匯"], figures["結果未回"]) == ((2, 20_000), (1, 10_000), (0, 0))
    assert figures["簽開支票"] == (1, 30_000)
    books = ledger.trial_balance()
    assert figures["總存款戶"] == (None, books[chart.MASTER_DEPOSIT])
    assert figures["銀行本日結存"] == (None, bank.balance_twd()) == (None, OPENING_TWD - 20_000)
    assert figures["減：未兌付支票"] == (None, 30_000)
    assert figures["公庫可用存款"] == (None, books[chart.GENERAL])
    assert [figures[item][1] for item in figures if item.startswith("核對：")] == [0] * 7


def test_every_open_item_is_explained(desk: Desk, start_agent_bank: StartBank) -> None:
    _played(desk, start_agent_bank)
    day_reconcile(on=ON, message=statement_fetch(on=ON))

    register = day_summary(on=ON)

    assert _reasons(register, "四、待查差異") == [("無", "", None)]
    assert _reasons(register, "五、未達帳明細") == [
        ("NT0000001", "受款人尚未提示兌付", 30_000),
        ("114-00000001-00002-1", "退匯待處理（04 無此帳號）", 10_000),
    ]
    text = "".join(pages(render(register)))
    assert "日結核對表" in text and "核對相符" in text and "退匯待處理（04無此帳號）" in text


def test_what_does_not_add_up_stands_first(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = _played(desk, start_agent_bank)
    bank.ask("POST", "/cheques", {"cheque_no": "NT9999999", "amount_twd": 7})
    day_reconcile(on=ON, message=statement_fetch(on=ON))

    register = day_summary(on=ON)

    assert register.subject == "核對不符"
    assert register.rows[:2] == (Band("未平衡項目"), ("核對：總存款戶", "帳列－銀行結存　不符", None, 7))
    differences = _reasons(register, "四、待查差異")
    assert differences[0] == ("總存款戶與銀行結存", "原因不明，應即查明", 7)
    assert differences[1][1:] == ("銀行列有支票兌付，帳上無此項", 7)


def test_a_day_not_yet_reconciled_says_so(desk: Desk) -> None:
    register = day_summary(on=ON)

    assert register.subject == "核對不符"
    assert _reasons(register, "三、公庫存款") == [("尚未對帳", "代庫銀行對帳單未到", None)]


def test_what_waited_overnight_is_where_the_next_day_begins(desk: Desk) -> None:
    waiting = desk.brought("received")

    figures = _figures(day_summary(on=TUESDAY))

    assert (figures["前日待審"], figures["本日收件"], figures["待審"]) == ((1, 30_000), (0, 0), (1, 30_000))
    assert fresh(waiting).state == "received"


def test_a_line_sent_again_on_the_same_day_counts_in_both_batches(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    voucher = desk.brought("paying", many_payees(3))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    day_reconcile(on=ON, message=statement_fetch(on=ON))
    line = lines_of(voucher)[1]
    right = PayeeAccount("0130017", "555555555555", "林小美")
    returned_lines.instruction_correct(instruction=line, payee=right, actor=desk.actor("clerk"), because="更正函")
    corrected = _figures(day_summary(on=ON))
    returned_lines.instruction_resend(instruction=line, actor=desk.treasurer("payer"))
    batch_send(batch_id=desk.batch().pk)
    answered(bank, 2)

    figures = _figures(day_summary(on=ON))

    assert (corrected["通匯及委託劃帳"], corrected["退匯"]) == ((3, 600), (1, 200))
    assert (figures["通匯及委託劃帳"], figures["已入帳"], figures["退匯"]) == ((4, 800), (3, 600), (1, 200))
    assert figures["核對：通匯"] == (None, 0)


def test_a_day_has_all_its_registers_under_names_of_their_own(desk: Desk) -> None:
    desk.brought("paying")
    batch = desk.batch()

    names = [register.name for register in day_registers(on=ON)]

    assert names == [
        "reception-register",
        "acceptance-register",
        "return-register",
        f"remittance-list-{batch.message_id}",
        "cheque-list",
        "day-summary",
    ]


def test_a_long_remittance_list_is_printed_by_voucher_and_kept_whole(desk: Desk, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(days, "PRINTED_LINES_MAX", 3)
    numbers = [desk.brought("paying", many_payees(count)).number for count in (3, 1)]
    desk.batch()

    (register,) = (one for one in day_registers(on=ON) if one.name.startswith("remittance-list"))

    assert [len(register.whole.rows), len(register.printed.rows)] == [4, 2]
    assert register.printed.rows == ((CABINET, numbers[0], 3, 600), (CABINET, numbers[1], 1, 200))
    text = "".join(pages(render(register.printed)))
    assert "逐筆明細以電子檔為準" in text and "800" in text
