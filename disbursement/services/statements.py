"""The bank's statement: stored, read, and every entry booked once (B-28)."""

from datetime import date
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from disbursement import bank_client
from disbursement.iso20022 import camt053
from disbursement.iso20022.return_codes import UNTOLD
from disbursement.models import BankMessage, Cheque, InstructionAttempt, PaymentInstruction, RemittanceBatch
from disbursement.services.batches import batch_delivered
from disbursement.services.draws import treasury_chain
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.steps import perform
from treasury.ledger import events
from treasury.ledger import services as ledger
from treasury.ledger.authorities import Draw

KIND = "camt.053"


def statement_fetch(*, on: date) -> BankMessage:
    """Fetches the statement of a day and keeps it; the same bytes again are the same message."""
    client = bank_client.BankClient(settings.BANK_URL, settings.BANK_TIMEOUT_SECONDS)
    body = client.statement(on)
    reference = f"{on:%Y%m%d}-{sha256(body).hexdigest()[:32]}"
    message, _ = BankMessage.objects.get_or_create(
        kind=KIND, reference=reference, defaults={"body": body, "received_at": clock.now()}
    )
    return message


def statement_of(message: BankMessage) -> camt053.Statement:
    """A stored statement, read."""
    return camt053.parse(bytes(message.body))


def statement_apply(*, message: BankMessage, on: date) -> list[camt053.StatementEntry]:
    """Books every entry of a statement once; returns the entries that belong to nothing we know."""
    return [entry for entry in statement_of(message).entries if not _book(entry, on)]


def _book(entry: camt053.StatementEntry, on: date) -> bool:
    """Books one entry by what it is; False when nothing of ours fits it."""
    booking = {
        "batch": _batch_debited,
        "return": _line_returned,
        "cheque": _cheque_cleared,
        "deposit": _deposit,
    }.get(entry.kind)
    with transaction.atomic():
        return booking is not None and booking(entry, on)


def _batch_debited(entry: camt053.StatementEntry, on: date) -> bool:
    batches = RemittanceBatch.objects.defer("message", "roster").select_for_update()
    batch = batches.filter(message_id=entry.message_id).first()
    if batch is None or batch.total_twd != entry.amount_twd:
        return False
    batch_delivered(batch)  # what the bank has debited has reached it, whether it told us or not
    ledger.book(events.DEBIT_BY_BANK, event_ref=batch.message_id, amount_twd=entry.amount_twd, **treasury_chain(on))
    if batch.state != "settled":
        perform(batch, "settle", actor=SYSTEM, details={"entry": entry.reference})
    return True


def _line_returned(entry: camt053.StatementEntry, on: date) -> bool:
    """The money of a line is back; a return of an attempt since sent again was booked before that."""
    ended = InstructionAttempt.objects.filter(end_to_end_id=entry.end_to_end_id).exclude(
        instruction__end_to_end_id=entry.end_to_end_id
    )
    if ended.filter(instruction__amount_twd=entry.amount_twd).exists():
        return True
    line = PaymentInstruction.objects.filter(end_to_end_id=entry.end_to_end_id).first()
    if line is None or line.amount_twd != entry.amount_twd:
        return False
    ledger.book(events.RETURN_BY_BANK, event_ref=line.end_to_end_id, amount_twd=entry.amount_twd, **treasury_chain(on))
    if line.state in {"sent", "unknown", "credited"}:
        change = {"return_code": entry.return_code or UNTOLD, "returned_on": on}
        perform(line, "return_by_bank", actor=SYSTEM, change=change)
    else:
        PaymentInstruction.objects.filter(pk=line.pk, returned_on__isnull=True).update(returned_on=on)
    return True


def _cheque_cleared(entry: camt053.StatementEntry, on: date) -> bool:
    number = entry.cheque_no
    cheque = Cheque.objects.filter(series=number[:2], serial=number[2:]).first()
    if cheque is None or cheque.amount_twd != entry.amount_twd or cheque.state in {"blank", "spoiled", "cancelled"}:
        return False
    ledger.book(events.CLEAR_CHEQUE, event_ref=cheque.cheque_no, amount_twd=entry.amount_twd, **treasury_chain(on))
    if cheque.state != "cleared":
        perform(cheque, "clear", actor=SYSTEM, details={"entry": entry.reference})
    return True


def _deposit(entry: camt053.StatementEntry, on: date) -> bool:
    draws = [Draw.general(entry.amount_twd)]
    ledger.book(events.DEPOSIT, event_ref=entry.reference, draws=draws, **treasury_chain(on))
    return True
