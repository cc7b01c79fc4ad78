"""支票作業: every step of a cheque from the stock to its end, with the money that follows it."""

from collections.abc import Callable

from disbursement.models import BankMessage, Cheque, ChequeCancellation
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.statements import statement_fetch
from tests.disbursement.bank.bank_process import BankProcess
from tests.disbursement.pages.at_the_desk import at_desk
from tests.disbursement.pages.money import clerk, delivered, form, payer, supervisor
from tests.factories import OFFICE, OFFICE_TWD, ON, TRAVEL, Desk, by_force, fresh, statements, verbs
from tests.pages import words
from tests.vouchers.examples import cheque
from treasury.core import clock, outbox
from treasury.core.models import OutboxEvent
from treasury.invariants import violations
from treasury.ledger import chart
from treasury.ledger import selectors as ledger

StartBank = Callable[..., BankProcess]
PAGE = "/desk/cheques/"


def _issued(desk: Desk, content: dict[str, object] | None = None) -> Cheque:
    """A cheque of 30,000, issued."""
    desk.stock(3)
    voucher = desk.moved(desk.brought("scheduled", content or cheque()))
    return Cheque.objects.get(voucher=voucher)


def _page(row: Cheque) -> str:
    return f"{PAGE}{row.pk}/"


def _act(row: Cheque, verb: str) -> str:
    return f"{PAGE}{row.pk}/{verb}/"


def _available() -> int:
    return ledger.available(114, [OFFICE])[OFFICE]


def test_a_book_joins_the_stock_once(desk: Desk) -> None:
    browser, sent = payer(desk), form(count="25")

    for _ in range(2):
        browser.post(f"{PAGE}stock/", sent)

    (stock,) = browser.get(PAGE).context["stocks"]
    assert (stock.blank_count, stock.first, stock.last) == (25, "0000001", "0000025")
    assert browser.post(f"{PAGE}stock/", form(count="0")).status_code == 422
    assert "NT0000007" in words(browser.get(f"{PAGE}?state=blank"))


def test_a_blank_is_spoiled_with_a_reason(desk: Desk) -> None:
    desk.stock(2)
    blank = Cheque.objects.order_by("pk")[0]
    browser = payer(desk)

    assert browser.post(_act(blank, "spoil"), form(blank, because=" ")).status_code == 422
    browser.post(_act(blank, "spoil"), form(blank, because="印刷污損"))

    assert fresh(blank).state == "spoiled"
    assert "作廢" in words(browser.get(PAGE))
    assert browser.get(f"{_page(blank)}cheque.pdf").status_code == 404


def test_an_issued_cheque_is_printed_and_handed_over_to_somebody(desk: Desk) -> None:
    row = _issued(desk)
    browser = payer(desk)
    assert browser.get(f"{_page(row)}cheque.pdf").content.startswith(b"%PDF")
    assert browser.get(f"{PAGE}run.pdf?on=2025-03-10").content.startswith(b"%PDF")
    assert browser.get(f"{PAGE}run.pdf?on=2025-03-07").status_code == 404

    assert browser.post(_act(row, "hand_over"), form(row)).status_code == 422
    browser.post(_act(row, "hand_over"), form(row, received_by="林小美"))

    assert fresh(row).state == "handed_over"
    text = words(browser.get(_page(row)))
    assert "參萬元整" in text and "林小美" in text


def test_a_stop_reaches_the_bank_and_the_cheque_is_cancelled_with_its_money_restored(
    desk: Desk, agent_bank: BankProcess
) -> None:
    row = _issued(desk)
    payer(desk).post(_act(row, "hand_over"), form(row, received_by="林小美"))
    browser = supervisor(desk)
    browser.post(_act(row, "stop"), form(row, because="遺失"))
    assert "銀行尚未回覆" in words(browser.get(_page(row)))
    answer = browser.post(_act(row, "cancel_cheque"), form(row, because="補發"))
    assert (answer.status_code, fresh(row).state) == (409, "stopped")
    assert "支票還在外面" in words(answer)

    assert delivered("ChequeStopped")
    assert outbox.deliver(OutboxEvent.objects.get(topic="ChequeStopped").pk)
    assert "銀行已確認止付" in words(browser.get(_page(row)))
    sent = form(row, because="補發")
    for _ in range(2):
        browser.post(_act(row, "cancel_cheque"), sent)

    assert verbs(row, "cheque") == ["issue", "hand_over", "stop", "cancel_cheque"]
    assert str(ChequeCancellation.objects.get()) == "114-1"
    assert _available() == OFFICE_TWD
    assert ledger.trial_balance()[chart.CHEQUES_OUTSTANDING] == 0
    assert day_reconcile(on=ON, message=statement_fetch(on=ON)).is_balanced
    assert list(violations()) == []


def test_a_stop_that_comes_too_late_says_so_and_the_cheque_clears(desk: Desk, agent_bank: BankProcess) -> None:
    row = _issued(desk)
    agent_bank.ask("POST", "/cheques", {"cheque_no": row.cheque_no, "amount_twd": 30_000})
    browser = supervisor(desk)
    browser.post(_act(row, "stop"), form(row, because="遺失"))
    delivered("ChequeStopped")

    assert "止付太遲" in words(browser.get(_page(row)))
    answer = browser.post(_act(row, "cancel_cheque"), form(row, because="註銷", is_back="1"))
    assert (answer.status_code, fresh(row).state) == (409, "stopped")
    assert day_reconcile(on=ON, message=statement_fetch(on=ON)).is_balanced
    assert fresh(row).state == "cleared"
    assert "已經付款，止付太遲" in words(browser.get(f"/desk/bank/{BankMessage.objects.get(kind='stop').pk}/"))


def test_a_stop_is_lifted_only_while_the_bank_does_not_know(desk: Desk, agent_bank: BankProcess) -> None:
    row = _issued(desk)
    browser = supervisor(desk)
    browser.post(_act(row, "stop"), form(row, because="誤植"))
    browser.post(_act(row, "lift_stop"), form(row, because="查明無誤"))
    assert fresh(row).state == "issued"
    assert not OutboxEvent.objects.filter(topic="ChequeStopped", done_at__isnull=True).exists()

    browser.post(_act(row, "stop"), form(row, because="遺失"))
    delivered("ChequeStopped")
    answer = browser.post(_act(row, "lift_stop"), form(row, because="尋獲"))

    assert (answer.status_code, fresh(row).state) == (409, "stopped")
    assert "止付不能撤銷" in words(answer)


def test_a_cheque_that_never_left_is_cancelled_at_once(desk: Desk) -> None:
    row = _issued(desk)

    supervisor(desk).post(_act(row, "cancel_cheque"), form(row, because="憑單撤回"))

    assert fresh(row).state == "cancelled"
    assert _available() == OFFICE_TWD
    assert [one.name for one in violations()] == []


def test_money_of_several_accounts_goes_back_as_the_form_says(desk: Desk) -> None:
    lines = [{"account_code": OFFICE, "amount_twd": 10_000}, {"account_code": TRAVEL, "amount_twd": 20_000}]
    row = _issued(desk, cheque() | {"account_lines": lines})
    browser = supervisor(desk)
    assert "金額還給哪些科目" in words(browser.get(_page(row)))

    wrong = browser.post(_act(row, "cancel_cheque"), form(row, because="註銷", draw_0="30,000"))
    assert (wrong.status_code, fresh(row).state) == (422, "issued")
    assert browser.post(_act(row, "cancel_cheque"), form(row, because="註銷", draw_0="三萬")).status_code == 422
    browser.post(_act(row, "cancel_cheque"), form(row, because="註銷", draw_0="10,000", draw_1="20000"))

    assert [draw["amount_twd"] for draw in ChequeCancellation.objects.get().draws] == [10_000, 20_000]
    assert list(violations()) == []


def test_a_cheque_of_a_year_gone_by_is_paid_in_and_its_old_year_stays_as_it_was(desk: Desk) -> None:
    row = _issued(desk)
    before = ledger.trial_balance()
    assert row.amount_twd

    with clock.frozen(clock.now().replace(year=2026, month=1, day=5)):
        browser = supervisor(desk)
        asked = words(browser.get(_page(row)))
        answer = browser.post(_act(row, "cancel_cheque"), form(row, because="逾期未兌領", is_back="1"))
        page = words(browser.get(_page(row)))
        # Nobody has kept the log for the months between.
        unsound = [one for one in violations() if one.name != "log_is_kept"]

    after = ledger.trial_balance()
    moved = {code: after[code] - before[code] for code in after if after[code] != before[code]}
    assert (answer.status_code, fresh(row).state) == (302, "cancelled")
    assert moved == {chart.CHEQUES_OUTSTANDING: -row.amount_twd, chart.GENERAL: row.amount_twd}
    assert ChequeCancellation.objects.get().fiscal_year == 115
    assert "不還給原科目" in asked and "已繳庫（收回以前年度歲出）" in page
    assert unsound == []


def test_who_may_not_is_refused(desk: Desk) -> None:
    row = _issued(desk)

    for role in ("examiner", "treasury_admin", "auditor"):
        assert at_desk(desk, role).post(_act(row, "hand_over"), form(row, received_by="甲")).status_code == 403
        assert at_desk(desk, role).get(_page(row)).status_code == 200
    assert payer(desk).post(_act(row, "cancel_cheque"), form(row, because="註銷")).status_code == 403
    assert supervisor(desk).post(f"{PAGE}stock/", form(count="5")).status_code == 403
    assert clerk(desk).get(PAGE).status_code == 403
    assert payer(desk).get(f"{PAGE}999999/").status_code == 404
    assert payer(desk).post(_act(row, "issue"), form(row)).status_code == 404


def test_a_long_list_needs_no_more_statements(desk: Desk) -> None:
    row = _issued(desk)
    browser = payer(desk)
    few = statements(lambda: browser.get(PAGE))
    by_force(
        "INSERT INTO disbursement_cheque (series, serial, voucher_id, payee_seq, payee_name, amount_twd, is_crossed,"
        " issued_on, state) SELECT 'XX', lpad(n::text, 7, '0'), voucher_id, n + 1, payee_name, amount_twd, true,"
        " issued_on, 'issued' FROM disbursement_cheque, generate_series(1, 2000) AS n WHERE id = %s",
        row.pk,
    )

    assert statements(lambda: browser.get(PAGE)) == few
    assert "1,000+" in words(browser.get(PAGE))
