"""News reaches the desk through the outbox, and the same news again changes nothing."""

from collections.abc import Callable

from disbursement.models import BankMessage, PaymentInstruction, Reconciliation, TreasuryDay
from disbursement.services import bank_results
from disbursement.services.days import day_end
from tests.disbursement.bank.bank_process import BankProcess, wait_for_results
from tests.factories import ON, Desk, fresh
from treasury.core import outbox
from treasury.core.models import History, OutboxEvent

StartBank = Callable[..., BankProcess]


def _delivered(topic: str) -> OutboxEvent:
    """The last news of a topic, delivered; then delivered once more as after a crash."""
    event = OutboxEvent.objects.filter(topic=topic).latest("id")
    assert outbox.deliver(event.pk)
    history = History.objects.count()
    OutboxEvent.objects.filter(pk=event.pk).update(done_at=None, attempts=0)
    assert outbox.deliver(event.pk)
    if topic != "StatementDue":
        assert History.objects.count() == history
    return OutboxEvent.objects.get(pk=event.pk)


def test_a_released_voucher_is_taken_in(desk: Desk) -> None:
    voucher = desk.brought("released")

    event = _delivered("VoucherReleased")

    assert fresh(voucher).state == "received"
    assert event.done_at is not None


def test_a_batch_goes_to_the_bank_its_answer_is_applied_and_the_day_is_closed(
    desk: Desk, agent_bank: BankProcess
) -> None:
    voucher = desk.brought("paying")
    batch = desk.batch()

    _delivered("RemittanceBatchBuilt")
    assert fresh(batch).state == "sent"

    wait_for_results(agent_bank.client(), 1)
    bank_results.poll()
    _delivered("BankResultStored")
    assert (fresh(batch).state, fresh(voucher).state) == ("answered", "paid")

    day_end(on=ON)
    _delivered("StatementDue")
    assert fresh(batch).state == "settled"
    assert {row.is_balanced for row in Reconciliation.objects.all()} == {True}
    assert TreasuryDay.objects.get(on=ON).closed_at is not None


def test_a_day_with_an_open_difference_stays_open(desk: Desk, agent_bank: BankProcess) -> None:
    agent_bank.ask("POST", "/cheques", {"cheque_no": "NT9999999", "amount_twd": 700})
    day_end(on=ON)

    _delivered("StatementDue")

    assert not Reconciliation.objects.latest("pk").is_balanced
    assert TreasuryDay.objects.get(on=ON).closed_at is None


def test_news_that_cannot_be_acted_on_now_stays_due_with_its_reason(desk: Desk, start_agent_bank: StartBank) -> None:
    desk.brought("paying")
    batch = desk.batch()
    start_agent_bank().kill()
    event = OutboxEvent.objects.get(topic="RemittanceBatchBuilt")

    assert not outbox.deliver(event.pk)

    event.refresh_from_db()
    assert (event.done_at, event.attempts) == (None, 1)
    assert event.last_error.startswith("BankUnreachable")
    assert fresh(batch).state == "built"
    assert PaymentInstruction.objects.get().state == "batched"
    assert not BankMessage.objects.exists()
