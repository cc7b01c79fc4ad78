"""The bank's answers: stored byte by byte, then read, then applied; each of the three once (B-25)."""

from collections import defaultdict

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from disbursement import bank_client
from disbursement.iso20022 import pain002
from disbursement.models import BankMessage, PaymentInstruction, RemittanceBatch
from disbursement.services.batches import batch_delivered, batch_send
from treasury.core import clock, outbox
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem
from treasury.core.steps import perform, perform_many
from vouchers import selectors as vouchers

KIND = "pain.002"
UNDECIDED = ("ready", "batched", "sent", "unknown", "corrected")


def poll() -> int:
    """Asks after batches whose fate is unknown, then stores every new answer of the bank; returns how many."""
    for batch in RemittanceBatch.objects.filter(state="unknown"):
        batch_send(batch_id=batch.pk)
    client = bank_client.BankClient(settings.BANK_URL, settings.BANK_TIMEOUT_SECONDS)
    last = BankMessage.objects.filter(kind=KIND).order_by("-reference").values_list("reference", flat=True).first()
    answers = client.results(int(last or 0))
    for sequence, body in answers:
        _store(f"{sequence:012d}", body)
    return len(answers)


def _store(reference: str, body: bytes) -> None:
    """Keeps a raw message and tells that it waits to be read; a message that is here already is left alone."""
    with transaction.atomic():
        message, is_new = BankMessage.objects.get_or_create(
            kind=KIND, reference=reference, defaults={"body": body, "received_at": clock.now()}
        )
        if is_new:
            outbox.record("BankResultStored", bank_message_id=message.pk)


def result_apply(*, bank_message_id: int) -> None:
    """Applies one answer: lines are credited or returned by the bank, vouchers without an open question are paid.

    A fixed number of statements per batch and per return code, whatever the number of lines. Idempotent.
    """
    report = pain002.parse(bytes(BankMessage.objects.get(pk=bank_message_id).body))
    batch = RemittanceBatch.objects.filter(message_id=report.original_message_id).first()
    if batch is None:
        raise Problem("batch_unknown", f"the bank answers a batch {report.original_message_id} we never sent")
    batch_delivered(batch)
    with transaction.atomic():
        if RemittanceBatch.objects.select_for_update().get(pk=batch.pk).state in {"answered", "settled"}:
            return
        lines = PaymentInstruction.objects.filter(batch_id=batch.pk)
        details = {"bank_message": bank_message_id}
        for code, ids in _rejected(report).items():
            perform_many(
                lines.filter(end_to_end_id__in=ids),
                "return_by_bank",
                actor=SYSTEM,
                details={**details, "code": code},
                change={"return_code": code},
            )
        perform_many(lines, "credit", actor=SYSTEM, details=details)
        perform(batch, "answer", actor=SYSTEM, details=details)
        _complete(lines)


def _rejected(report: pain002.StatusReport) -> dict[str, list[str]]:
    """End-to-end ids of the returned lines by return code."""
    by_code: dict[str, list[str]] = defaultdict(list)
    for end_to_end_id, code in report.rejected.items():
        by_code[code].append(end_to_end_id)
    return dict(by_code)


def _complete(lines: QuerySet[PaymentInstruction]) -> None:
    """Notes as paid every voucher of these lines that has no undecided line left; a returned line stays open on it."""
    ids = set(lines.values_list("voucher_id", flat=True).distinct())
    undecided = PaymentInstruction.objects.filter(voucher_id__in=ids, state__in=UNDECIDED)
    ids -= set(undecided.values_list("voucher_id", flat=True).distinct())
    for voucher in vouchers.vouchers_in(["paying"], ids=ids):
        perform(voucher, "complete_payment", actor=SYSTEM)
