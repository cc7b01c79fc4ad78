"""The bank's statement: every entry is booked once by what it is; what belongs to nothing we know is told."""

from collections.abc import Callable

import pytest

from disbursement.iso20022.camt053 import StatementEntry
from disbursement.models import BankMessage, Cheque, PaymentInstruction, RemittanceBatch
from disbursement.services.batches import batch_send
from disbursement.services.statements import statement_apply, statement_fetch, statement_of
from tests.disbursement.bank.bank_process import BankProcess, order, wait_for_results
from tests.factories import ON, OPENING_TWD, Desk, answered, by_force, fresh, lines_of, many_payees, verbs
from tests.vouchers.examples import cheque
from treasury.core import clock
from treasury.ledger import chart
from treasury.ledger import selectors as ledger
from treasury.ledger.models import Posting

StartBank = Callable[..., BankProcess]


def _applied() -> list[StatementEntry]:
    """Today's statement, booked; what is left over."""
    return statement_apply(message=statement_fetch(on=ON), on=ON)


def _at_bank(desk: Desk, bank: BankProcess, count: int = 2, *, results: int = 1) -> RemittanceBatch:
    """A batch that the bank has executed and that our side has sent."""
    desk.brought("paying", many_payees(count))
    batch = desk.batch()
    batch_send(batch_id=batch.pk)
    wait_for_results(bank.client(), results)
    return batch


def _cheque(desk: Desk) -> Cheque:
    """A cheque of 30,000, issued."""
    desk.stock(1)
    desk.moved(desk.brought("scheduled", cheque()))
    return Cheque.objects.get()


def test_a_debited_batch_is_settled_and_leaves_the_master_account(desk: Desk, agent_bank: BankProcess) -> None:
    batch = _at_bank(desk, agent_bank)
    answered(agent_bank)

    left_over = _applied()

    assert left_over == []
    assert fresh(batch).state == "settled"
    balance = ledger.trial_balance()
    assert (balance[chart.IN_TRANSIT], balance[chart.MASTER_DEPOSIT]) == (0, OPENING_TWD - 400)
    assert agent_bank.balance_twd() == OPENING_TWD - 400


def test_a_returned_line_brings_its_money_back(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    batch = _at_bank(desk, bank)
    answered(bank)

    assert _applied() == []

    line = PaymentInstruction.objects.get(batch=batch, seq=2)
    assert (line.state, line.return_code, line.returned_on) == ("returned_by_bank", "04", ON)
    assert ledger.trial_balance()[chart.RETURNED] == 200


def test_a_line_returned_after_it_was_credited_is_open_again(desk: Desk, start_agent_bank: StartBank) -> None:
    # The statement says of a line that came back what the answer to its batch never did.
    bank = start_agent_bank(returns={"000000000002": "22"})
    batch = _at_bank(desk, bank)

    assert _applied() == []

    lines = PaymentInstruction.objects.filter(batch=batch).order_by("seq")
    assert [(line.state, line.return_code, line.returned_on) for line in lines] == [
        ("sent", "", None),
        ("returned_by_bank", "22", ON),
    ]
    assert verbs(lines[1], "instruction") == ["return_by_bank"]


def test_a_cheque_that_was_presented_is_cleared(desk: Desk, agent_bank: BankProcess) -> None:
    row = _cheque(desk)
    agent_bank.ask("POST", "/cheques", {"cheque_no": row.cheque_no, "amount_twd": 30_000})

    assert _applied() == []

    assert fresh(row).state == "cleared"
    balance = ledger.trial_balance()
    assert (balance[chart.CHEQUES_OUTSTANDING], balance[chart.MASTER_DEPOSIT]) == (0, OPENING_TWD - 30_000)


def test_money_paid_in_is_the_general_funds(desk: Desk, agent_bank: BankProcess) -> None:
    agent_bank.ask("POST", "/deposits", {"deposit_id": "D1", "amount_twd": 5_000, "text": "規費"})

    assert _applied() == []

    balance = ledger.trial_balance()
    assert balance[chart.GENERAL] == balance[chart.MASTER_DEPOSIT] == OPENING_TWD + 5_000


def test_a_statement_applied_twice_is_booked_once(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    row = _cheque(desk)
    _at_bank(desk, bank)
    bank.ask("POST", "/cheques", {"cheque_no": row.cheque_no, "amount_twd": 30_000})
    bank.ask("POST", "/deposits", {"deposit_id": "D1", "amount_twd": 5_000, "text": "規費"})
    message = statement_fetch(on=ON)
    assert statement_apply(message=message, on=ON) == []
    postings, balance = Posting.objects.count(), ledger.trial_balance()

    assert statement_apply(message=message, on=ON) == []

    assert (Posting.objects.count(), ledger.trial_balance()) == (postings, balance)
    assert verbs(row, "cheque").count("clear") == 1


def test_the_statement_grows_through_the_day_and_each_entry_still_counts_once(
    desk: Desk, agent_bank: BankProcess
) -> None:
    first = _at_bank(desk, agent_bank)
    _applied()
    second = _at_bank(desk, agent_bank, results=2)

    assert _applied() == []

    assert (fresh(first).state, fresh(second).state) == ("settled", "settled")
    assert BankMessage.objects.filter(kind="camt.053").count() == 2
    assert Posting.objects.filter(event_type="debit_by_bank").count() == 2


def test_the_same_statement_is_kept_once(desk: Desk, agent_bank: BankProcess) -> None:
    one, other = statement_fetch(on=ON), statement_fetch(on=ON)

    same = BankMessage.objects.filter(kind="camt.053")
    assert same.count() in {1, 2}  # the bank puts the moment of writing into it
    assert (one == other) == (bytes(one.body) == bytes(other.body))
    assert statement_of(one).closing_twd == OPENING_TWD


def test_a_debit_proves_that_the_batch_arrived(desk: Desk, agent_bank: BankProcess) -> None:
    voucher = desk.brought("paying")
    batch = desk.batch()
    agent_bank.client().submit(batch.message_id, bytes(batch.message))  # and then the worker dies
    wait_for_results(agent_bank.client(), 1)

    assert _applied() == []
    assert [line.state for line in lines_of(voucher)] == ["sent"]
    answered(agent_bank)

    assert (fresh(batch).state, fresh(voucher).state) == ("settled", "paid")
    assert verbs(batch, "batch") == ["create", "deliver", "settle"]


def test_what_belongs_to_nothing_we_know_is_left_over(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000001": "04"})
    desk.stock(1)
    bank.client().submit("STRANGE-1", order("STRANGE-1", on=ON))
    wait_for_results(bank.client(), 1)
    for number in ("NT9999999", "NT0000001"):  # one we never had, one that is still blank
        bank.ask("POST", "/cheques", {"cheque_no": number, "amount_twd": 700})
    before = ledger.trial_balance()

    left_over = _applied()

    assert [entry.kind for entry in left_over] == ["batch", "return", "cheque", "cheque"]
    assert ledger.trial_balance() == before
    assert Cheque.objects.get().state == "blank"


@pytest.mark.parametrize("what", ["batch", "line", "cheque"])
def test_an_entry_of_another_amount_is_not_ours(desk: Desk, start_agent_bank: StartBank, what: str) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    row = _cheque(desk)
    _at_bank(desk, bank)
    bank.ask("POST", "/cheques", {"cheque_no": row.cheque_no, "amount_twd": 30_000})
    table = {"batch": "remittancebatch SET total_twd", "line": "paymentinstruction SET amount_twd"}
    by_force(f"UPDATE disbursement_{table.get(what, 'cheque SET amount_twd')} = 7")

    left_over = _applied()

    assert [entry.kind for entry in left_over] == [{"line": "return"}.get(what, what)]


def test_a_cancelled_cheque_that_is_paid_is_left_over(desk: Desk, agent_bank: BankProcess) -> None:
    row = _cheque(desk)
    by_force("UPDATE disbursement_cheque SET state = 'cancelled'")
    agent_bank.ask("POST", "/cheques", {"cheque_no": row.cheque_no, "amount_twd": 30_000})

    assert [entry.kind for entry in _applied()] == ["cheque"]


def test_an_entry_of_a_kind_nobody_agreed_on_is_left_over(desk: Desk, agent_bank: BankProcess) -> None:
    agent_bank.ask("POST", "/deposits", {"deposit_id": "D1", "amount_twd": 5_000, "text": "規費"})
    body = agent_bank.client().statement(ON).replace(b"<Cd>RCDT</Cd>", b"<Cd>MCRD</Cd>")
    message = BankMessage.objects.create(kind="camt.053", reference="X", body=body, received_at=clock.now())

    left_over = statement_apply(message=message, on=ON)

    assert [(entry.kind, entry.amount_twd) for entry in left_over] == [("other", 5_000)]
