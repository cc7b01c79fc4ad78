"""整批退件: what the bank rejected as a whole goes out again as it is, in a fixed number of statements."""

from collections.abc import Callable

import pytest

from disbursement.models import InstructionAttempt, PaymentInstruction, RemittanceBatch
from disbursement.services.batches import batch_send
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.rejected_batches import rejected_batch_repeat
from disbursement.services.returned_lines import PayeeAccount, instruction_correct
from disbursement.services.statements import statement_fetch
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import ON, Desk, answered, fresh, many_payees, statements
from treasury.core.errors import Problem
from treasury.invariants import violations
from treasury.ledger import chart
from treasury.ledger import selectors as ledger

StartBank = Callable[..., BankProcess]


def _rejected(desk: Desk, bank: BankProcess, count: int, *, results: int = 1) -> RemittanceBatch:
    """A batch of so many lines that the account did not cover."""
    desk.brought("paying", many_payees(count))
    batch = desk.batch()
    batch_send(batch_id=batch.pk)
    answered(bank, results)
    assert fresh(batch).state == "rejected"
    return batch


def _repeat(desk: Desk, batch: RemittanceBatch, because: str = "存款已補足") -> int:
    return rejected_batch_repeat(batch=batch, actor=desk.treasurer("payer"), because=because)


def test_every_line_goes_out_again_and_is_credited_once(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(opening_twd=100)
    batch = _rejected(desk, bank, 3)
    bank.ask("POST", "/deposits", {"deposit_id": "D1", "amount_twd": 999_999_900, "text": "補足"})

    count = _repeat(desk, batch)

    assert count == 3
    balance = ledger.trial_balance()
    assert (balance[chart.RETURNED], balance[chart.IN_TRANSIT]) == (0, 600)
    lines = PaymentInstruction.objects.order_by("seq")
    assert [(line.end_to_end_id, line.attempt, line.state) for line in lines] == [
        (f"114-00000001-0000{seq}-2", 2, "ready") for seq in (1, 2, 3)
    ]
    assert InstructionAttempt.objects.filter(batch=batch, attempt=1, return_code="AM04").count() == 3
    batch_send(batch_id=desk.batch().pk)
    answered(bank, 2)
    assert {line.state for line in PaymentInstruction.objects.all()} == {"credited"}
    assert bank.balance_twd() == 1_000_000_000 - 600
    assert day_reconcile(on=ON, message=statement_fetch(on=ON)).figures["in_transit_twd"] == 0
    assert [one.name for one in violations() if one.invariant != 7] == []


def test_what_was_corrected_meanwhile_is_left_alone_and_nothing_goes_out_twice(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    batch = _rejected(desk, start_agent_bank(opening_twd=100), 2)
    first = PaymentInstruction.objects.get(seq=1)
    payee = PayeeAccount("0130017", "77777777", "林小美")
    instruction_correct(instruction=first, payee=payee, actor=desk.actor("clerk"), because="更正函")

    counts = [_repeat(desk, batch), _repeat(desk, batch)]

    assert counts == [1, 0]
    assert fresh(first).state == "corrected"
    assert ledger.trial_balance()[chart.RETURNED] == 200


def test_only_a_rejected_batch_is_repeated_and_only_with_words(desk: Desk, start_agent_bank: StartBank) -> None:
    rejected = _rejected(desk, start_agent_bank(opening_twd=100), 1)
    desk.brought("paying")
    built = desk.batch()
    codes = []

    for batch, because in ((built, "存款已補足"), (rejected, " ")):
        with pytest.raises(Problem) as refused:
            _repeat(desk, batch, because)
        codes.append(refused.value.code)

    assert codes == ["not_rejected", "reason_missing"]


def test_nobody_but_a_payer_repeats_a_batch(desk: Desk, start_agent_bank: StartBank) -> None:
    batch = _rejected(desk, start_agent_bank(opening_twd=100), 1)

    with pytest.raises(Problem) as refused:
        rejected_batch_repeat(batch=batch, actor=desk.treasurer("examiner"), because="存款已補足")

    assert (refused.value.code, refused.value.status) == ("role_missing", 403)
    assert not InstructionAttempt.objects.exists()


def test_the_statements_do_not_grow_with_the_lines(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(opening_twd=100)

    counted = [
        statements(lambda batch=batch: _repeat(desk, batch))
        for batch in (_rejected(desk, bank, 2), _rejected_after(desk, bank))
    ]

    assert counted[0] == counted[1]


def _rejected_after(desk: Desk, bank: BankProcess) -> RemittanceBatch:
    """A second, larger batch, rejected as the first one was."""
    return _rejected(desk, bank, 50, results=2)
