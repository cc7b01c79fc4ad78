"""The bank's answers: stored first, applied once, and every voucher paid as soon as nothing of it is undecided."""

from collections.abc import Callable

import pytest
from django.conf import settings

from disbursement.bank_client import BankClient
from disbursement.iso20022 import camt053
from disbursement.models import BankMessage, PaymentInstruction, RemittanceBatch
from disbursement.services import bank_results
from disbursement.services.bank_results import result_apply
from disbursement.services.batches import batch_send, batches_build
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.statements import statement_apply, statement_fetch
from tests.core.threads import at_once
from tests.disbursement.bank.bank_process import BankProcess, wait_for_results
from tests.factories import (
    ON,
    OPENING_TWD,
    Desk,
    answered,
    answers_taken,
    fresh,
    lines_of,
    many_payees,
    verbs,
)
from tests.vouchers.examples import changed, entrusted
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import History, OutboxEvent
from treasury.ledger import chart
from treasury.ledger import selectors as ledger

StartBank = Callable[..., BankProcess]


def _sent(desk: Desk, count: int = 2) -> RemittanceBatch:
    """A batch of one voucher with so many payees, at the bank."""
    desk.brought("paying", many_payees(count))
    batch = desk.batch()
    batch_send(batch_id=batch.pk)
    return batch


def _message(bank: BankProcess) -> BankMessage:
    """The bank's first answer, stored."""
    wait_for_results(bank.client(), 1)
    bank_results.poll()
    return BankMessage.objects.filter(kind="pain.002").earliest("pk")


def test_when_every_line_is_credited_the_voucher_is_paid(desk: Desk, agent_bank: BankProcess) -> None:
    batch = _sent(desk)

    answered(agent_bank)

    lines = PaymentInstruction.objects.filter(batch=batch)
    assert {line.state for line in lines} == {"credited"}
    assert fresh(batch).state == "answered"
    assert lines[0].voucher.state == "paid"
    assert agent_bank.balance_twd() == OPENING_TWD - 400


def test_an_answer_is_kept_byte_by_byte_before_it_is_read_and_told_of(desk: Desk, agent_bank: BankProcess) -> None:
    batch = _sent(desk)

    message = _message(agent_bank)

    ((_, body),) = agent_bank.client().results(0)
    assert bytes(message.body) == body
    assert (message.reference, str(message)) == ("000000000001", "pain.002 000000000001")
    event = OutboxEvent.objects.get(topic="BankResultStored")
    assert event.payload == {"bank_message_id": message.pk}
    assert fresh(batch).state == "sent"


def test_a_returned_line_stays_open_on_a_paid_voucher(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    batch = _sent(desk, 3)

    answered(bank)

    lines = PaymentInstruction.objects.filter(batch=batch).order_by("seq")
    assert [(line.state, line.return_code) for line in lines] == [
        ("credited", ""),
        ("returned_by_bank", "04"),
        ("credited", ""),
    ]
    assert lines[1].returned_on is None  # announced; the money comes with the statement
    assert lines[0].voucher.state == "paid"
    assert fresh(batch).state == "answered"
    step = History.objects.get(machine="instruction", verb="return_by_bank")
    assert (step.subject_ids, step.details["code"]) == ([lines[1].pk], "04")


def test_each_return_code_is_noted_with_its_lines(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000001": "04", "000000000003": "22", "000000000004": "04"})
    batch = _sent(desk, 4)

    answered(bank)

    lines = PaymentInstruction.objects.filter(batch=batch).order_by("seq")
    assert [line.return_code for line in lines] == ["04", "", "22", "04"]


def test_a_batch_rejected_as_a_whole_puts_its_money_with_the_returned_lines(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    bank = start_agent_bank(opening_twd=300)
    batch = _sent(desk)
    assert ledger.trial_balance()[chart.IN_TRANSIT] == 400

    answered(bank)

    assert fresh(batch).state == "rejected"
    lines = PaymentInstruction.objects.filter(batch=batch)
    assert {(line.state, line.return_code, line.returned_on) for line in lines} == {("returned_by_bank", "AM04", ON)}
    balance = ledger.trial_balance()
    assert (balance[chart.IN_TRANSIT], balance[chart.RETURNED]) == (0, 400)
    assert lines[0].voucher.state == "paid"
    assert bank.balance_twd() == 300


def test_a_rejected_batch_is_no_difference_in_the_reconciliation(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank()
    first = _sent(desk)
    answered(bank)
    account = bank.balance_twd()
    bank.ask("POST", "/cheques", {"cheque_no": "NT9999999", "amount_twd": account - 100})  # somebody empties it
    rejected = _sent(desk)
    wait_for_results(bank.client(), 2)
    answers_taken()

    reconciliation = day_reconcile(on=ON, message=statement_fetch(on=ON))

    assert (fresh(first).state, fresh(rejected).state) == ("settled", "rejected")
    figures = reconciliation.figures
    assert (figures["in_transit_twd"], figures["batches_unsettled_twd"]) == (0, 0)
    assert (figures["returned_twd"], figures["lines_returned_twd"]) == (400, 400)
    assert {row["item"] for row in reconciliation.differences if row["is_open"]} == {"books_master", _stranger(bank)}


def _stranger(bank: BankProcess) -> str:
    """The bank's own reference of the cheque nobody wrote."""
    statement = camt053.parse(bank.client().statement(ON))
    return next(entry.reference for entry in statement.entries if entry.kind == "cheque")


def test_an_answer_applied_twice_changes_nothing_the_second_time(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000001": "04"})
    _sent(desk)
    message = _message(bank)
    result_apply(bank_message_id=message.pk)
    history = History.objects.count()

    result_apply(bank_message_id=message.pk)

    assert History.objects.count() == history


def test_a_rejection_applied_twice_is_booked_once(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(opening_twd=1)
    _sent(desk)
    message = _message(bank)

    result_apply(bank_message_id=message.pk)
    result_apply(bank_message_id=message.pk)

    assert ledger.trial_balance()[chart.RETURNED] == 400


def test_a_bank_that_repeats_its_answers_is_heard_once(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(repeat_answers=True, returns={"000000000001": "04"})
    batch = _sent(desk)
    wait_for_results(bank.client(), 2)

    first, again = answers_taken(), answers_taken()

    assert (first, again) == (2, 0)
    assert BankMessage.objects.count() == OutboxEvent.objects.filter(topic="BankResultStored").count() == 2
    assert verbs(batch, "batch") == ["create", "deliver", "answer"]


def test_two_workers_that_poll_at_once_store_an_answer_once(shared_desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank()
    _sent(shared_desk)
    wait_for_results(bank.client(), 1)

    at_once(bank_results.poll, bank_results.poll)

    assert BankMessage.objects.count() == OutboxEvent.objects.filter(topic="BankResultStored").count() == 1


def test_an_unknown_batch_is_cleared_up_by_asking(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(drop_after_accept=1)
    voucher = desk.brought("paying")
    batch = desk.batch()
    with pytest.raises(Problem):
        batch_send(batch_id=batch.pk)

    answered(bank)

    assert (fresh(batch).state, fresh(voucher).state) == ("answered", "paid")
    assert verbs(batch, "batch") == ["create", "lose_batch", "deliver", "answer"]


def test_an_answer_that_overtakes_the_receipt_proves_the_delivery(desk: Desk, agent_bank: BankProcess) -> None:
    voucher = desk.brought("paying")
    batch = desk.batch()
    client = BankClient(settings.BANK_URL, 10)
    client.submit(batch.message_id, bytes(batch.message))  # and then the worker dies

    answered(agent_bank)

    assert (fresh(batch).state, fresh(voucher).state) == ("answered", "paid")
    assert verbs(batch, "batch") == ["create", "deliver", "answer"]


def test_an_answer_to_what_was_never_sent_is_a_problem(desk: Desk, agent_bank: BankProcess) -> None:
    batch = _sent(desk)
    body = bytes(_message(agent_bank).body).replace(batch.message_id.encode(), b"NTA-20250310-99999")
    stranger = BankMessage.objects.create(kind="pain.002", reference="X", body=body, received_at=clock.now())

    with pytest.raises(Problem) as refused:
        result_apply(bank_message_id=stranger.pk)

    assert refused.value.code == "batch_unknown"
    assert fresh(batch).state == "sent"


def test_a_statement_that_overtakes_the_answer_does_not_swallow_it(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    batch = _sent(desk)
    message = _message(bank)

    statement_apply(message=statement_fetch(on=ON), on=ON)
    assert fresh(batch).state == "settled"
    result_apply(bank_message_id=message.pk)
    result_apply(bank_message_id=message.pk)

    assert fresh(batch).state == "settled"
    lines = PaymentInstruction.objects.filter(batch=batch).order_by("seq")
    assert [(line.state, line.return_code) for line in lines] == [("credited", ""), ("returned_by_bank", "04")]
    assert lines[0].voucher.state == "paid"


def test_a_voucher_waits_for_all_its_batches(desk: Desk, agent_bank: BankProcess) -> None:
    voucher = desk.brought("paying", many_payees(2))
    first, second = batches_build(on=ON, actor=desk.treasurer("payer"), max_lines=1)

    batch_send(batch_id=first.pk)
    answered(agent_bank, 1)
    assert fresh(voucher).state == "paying"

    batch_send(batch_id=second.pk)
    answered(agent_bank, 2)
    assert fresh(voucher).state == "paid"


def test_a_voucher_whose_batches_are_answered_at_the_same_moment_is_paid(
    shared_desk: Desk, start_agent_bank: StartBank
) -> None:
    bank = start_agent_bank()
    voucher = shared_desk.brought("paying", many_payees(2))
    for batch in batches_build(on=ON, actor=shared_desk.treasurer("payer"), max_lines=1):
        batch_send(batch_id=batch.pk)
    wait_for_results(bank.client(), 2)
    bank_results.poll()
    ids = list(BankMessage.objects.values_list("pk", flat=True))

    outcomes = at_once(*(lambda pk=pk: result_apply(bank_message_id=pk) for pk in ids))

    assert outcomes == [None, None]
    assert fresh(voucher).state == "paid"
    assert verbs(voucher).count("complete_payment") == 1


def test_an_entrusted_transfer_is_paid_when_its_one_line_is_credited(desk: Desk, agent_bank: BankProcess) -> None:
    delivered = {"/entrusted/roster/delivered_at": "2025-03-10T10:00:00+08:00"}
    voucher = desk.brought("paying", changed(entrusted(), delivered))
    batch_send(batch_id=desk.batch().pk)

    answered(agent_bank)

    assert fresh(voucher).state == "paid"
    assert [line.state for line in lines_of(voucher)] == ["credited"]
