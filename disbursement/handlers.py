"""What the desk does when news arrives: each handler may be called again for the same news."""

from datetime import date

from disbursement.services.bank_results import poll, result_apply
from disbursement.services.batches import batch_send
from disbursement.services.cheque_stops import cheque_stop_send
from disbursement.services.days import day_close
from disbursement.services.reception import voucher_receive
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.statements import statement_fetch
from treasury.core.outbox import handles


@handles("VoucherReleased")
def voucher_released(subject_id: int) -> None:
    """A voucher was handed over: take it in."""
    voucher_receive(voucher_id=subject_id)


@handles("RemittanceBatchBuilt")
def remittance_batch_built(batch_id: int) -> None:
    """A batch waits: bring it to the bank."""
    batch_send(batch_id=batch_id)


@handles("BankResultStored")
def bank_result_stored(bank_message_id: int) -> None:
    """The bank has answered: apply it."""
    result_apply(bank_message_id=bank_message_id)


@handles("BankPollDue")
def bank_poll_due() -> None:
    """Somebody wants to know now: ask the bank for its answers."""
    poll()


@handles("ChequeStopped")
def cheque_stopped(cheque_id: int) -> None:
    """Payment of a cheque was stopped in our books: tell the bank."""
    cheque_stop_send(cheque_id=cheque_id)


@handles("StatementDue")
def statement_due(on: str) -> None:
    """A day's work is done: fetch the bank's statement, book it, compare; a balanced day is closed."""
    day = date.fromisoformat(on)
    if day_reconcile(on=day, message=statement_fetch(on=day)).is_balanced:
        day_close(on=day)
