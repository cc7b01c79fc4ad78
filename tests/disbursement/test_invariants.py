"""check_books: whatever is broken by force is found and named; sound books of a whole day are found sound."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from disbursement.services import bank_results, returned_lines
from disbursement.services.batches import batch_send
from disbursement.services.examination import voucher_decide
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.returns import voucher_return
from disbursement.services.statements import statement_fetch
from tests.disbursement.bank.bank_process import BankProcess, wait_for_results
from tests.factories import ON, TRAVEL, Desk, answered, by_force, lines_of, many_payees
from tests.vouchers.examples import changed, cheque, transfer
from treasury.core.models import OutboxEvent
from treasury.management.commands.check_books import Command

StartBank = Callable[..., BankProcess]
PAID = "(SELECT min(id) FROM vouchers_voucher WHERE state = 'paid')"
BODY = "UPDATE signing_signedbody SET body = convert_to(replace(convert_from(body, 'UTF8'), '30000', '90000'), 'UTF8')"
OTHER_PURPOSE = "jsonb_set(content, '{purpose}', '\"other\"')"
SET_VOUCHER = f"UPDATE vouchers_voucher SET {{}} WHERE id = {PAID}"

# What is done by force, and the invariants it breaks (architecture, section 7).
BROKEN: dict[str, tuple[set[int], str]] = {
    "a payee line of another amount": (
        {1, 4},
        SET_VOUCHER.format("content = jsonb_set(content, '{payee_lines,0,amount_twd}', '7')"),
    ),
    "another total": ({1, 5}, SET_VOUCHER.format("total_twd = total_twd + 1")),
    "a transfer whose sides differ": (
        {1, 4},
        "UPDATE vouchers_voucher SET content = jsonb_set(content, '{account_lines,1,amount_twd}', '7')"
        " WHERE state = 'posted'",
    ),
    "an entry of another amount": (
        {2, 7},
        "UPDATE ledger_entry SET amount_twd = amount_twd + 1 WHERE account_code = '2101'",
    ),
    "a posting that was never hashed": ({2}, "UPDATE ledger_posting SET hash = sha256('x') WHERE seq = 1"),
    "a month that was not released": ({3}, "UPDATE ledger_allotment SET released = false WHERE month = 3"),
    "an authority that says more than its entries": (
        {2},
        "UPDATE ledger_authority SET available_twd = available_twd + 1 WHERE code = '3203010100'",
    ),
    "a reception that failed": ({4}, "UPDATE disbursement_reception SET verdict = '{\"ok\": false}'"),
    "one person behind two signatures": (
        {4, 10},
        "UPDATE signing_signature SET user_id = (SELECT min(user_id) FROM signing_signature)",
    ),
    "content that was not signed": ({4}, SET_VOUCHER.format(f"content = {OTHER_PURPOSE}")),
    "an instruction to another account": (
        {4},
        "UPDATE disbursement_paymentinstruction SET account_no = '99999999' WHERE attempt = 1",
    ),
    "an instruction of another amount": (
        {4, 5},
        "UPDATE disbursement_paymentinstruction SET amount_twd = amount_twd * 2 WHERE state = 'credited'",
    ),
    "a second channel": ({4, 5}, f"UPDATE disbursement_cheque SET voucher_id = {PAID} WHERE state = 'issued'"),
    "a line of no voucher": (
        {5},
        "UPDATE disbursement_paymentinstruction SET voucher_id = -id WHERE state = 'credited'",
    ),
    "a line of no batch": ({5}, "UPDATE disbursement_paymentinstruction SET batch_id = 0 WHERE state = 'credited'"),
    "a number that nobody has": ({6}, "UPDATE core_numberseries SET last = last + 1 WHERE name = 'register/114'"),
    "a notice that has gone": ({6}, "DELETE FROM disbursement_returnnotice"),
    "a return slip that has gone": ({6}, "DELETE FROM disbursement_returnslip"),
    "a blank cheque that has gone": ({6}, "DELETE FROM disbursement_cheque WHERE state = 'blank'"),
    "a reconciliation that was open": ({7}, "UPDATE disbursement_reconciliation SET is_balanced = false"),
    "another closing balance of the bank": (
        {7},
        "UPDATE disbursement_reconciliation SET figures = jsonb_set(figures, '{bank_closing_twd}', '1')",
    ),
    "a state without a step": ({8}, "UPDATE vouchers_voucher SET state = 'accepted' WHERE state = 'returned'"),
    "a line without its step": (
        {8},
        "UPDATE disbursement_paymentinstruction SET state = 'ready' WHERE state = 'credited'",
    ),
    "a step that has gone": ({8}, "DELETE FROM core_history WHERE verb = 'post'"),
    "news put off for ever": (
        {9},
        "UPDATE core_outboxevent SET done_at = NULL, due_at = '2099-01-01T00:00:00Z'",
    ),
    "bytes that were not signed": ({4, 10}, BODY),
    "a signature that has gone": ({4, 10}, "DELETE FROM signing_signature WHERE capacity = 'head'"),
}


def _day(desk: Desk, start: StartBank) -> None:
    """A whole day: remittances, one line given back, a cheque, a transfer, a return, the bank's statement."""
    bank = start(returns={"000000000002": "04"})
    desk.stock(2)
    examiner, payer = desk.treasurer("examiner"), desk.treasurer("payer")
    remittance = desk.brought("paying", many_payees(2))
    desk.moved(desk.brought("scheduled", cheque()))
    voucher_return(voucher=desk.brought("received"), actor=examiner, reasons=["R07"])
    paid = desk.brought("paying")
    content = changed(transfer(), {"/originals/0/number": paid.number, "/account_lines/0/account_code": TRAVEL})
    voucher_decide(voucher=desk.brought("received", content), actor=examiner)
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    day_reconcile(on=ON, message=statement_fetch(on=ON))
    returned_lines.instruction_return_to_treasury(instruction=lines_of(remittance)[1], actor=payer, because="歇業")
    wait_for_results(bank.client(), 1)
    assert bank_results.poll() == 0


def _checked() -> tuple[int, list[dict[str, Any]]]:
    """Exit code and lines of check_books over the books in use."""
    out = StringIO()
    code = Command(stdout=out).run(json=True)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_whatever_is_broken_by_force_is_found_and_named(desk: Desk, start_agent_bank: StartBank) -> None:
    _day(desk, start_agent_bank)
    assert _checked() == (0, [])
    found = {}

    for what, (_, statement) in BROKEN.items():
        with transaction.atomic():
            by_force(statement)
            code, lines = _checked()
            found[what] = (code, {line["invariant"] for line in lines})
            transaction.set_rollback(True)

    assert found == {what: (1, invariants) for what, (invariants, _) in BROKEN.items()}
    assert {number for invariants, _ in BROKEN.values() for number in invariants} == set(range(1, 11))


def test_the_command_ends_with_1_and_names_what_does_not_hold(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    voucher = desk.brought("received")
    OutboxEvent.objects.update(due_at="2099-01-01T00:00:00Z")
    by_force("UPDATE vouchers_voucher SET total_twd = 7")

    with pytest.raises(SystemExit) as ended:
        call_command("check_books", json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert ended.value.code == 1
    assert lines[0] == {"invariant": 1, "name": "sums_agree", "detail": f"voucher {voucher.reference}"}
    assert [line["invariant"] for line in lines] == [1, 9]


def test_books_without_a_reconciliation_yet_are_sound(desk: Desk) -> None:
    desk.brought("paying")

    assert _checked() == (0, [])
