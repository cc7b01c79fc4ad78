"""The bank's answers: stored byte by byte, then read, then applied; each of the three once (B-25)."""

import logging
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from disbursement import bank_client
from disbursement.iso20022 import pain002
from disbursement.models import BankMessage, PaymentInstruction, RemittanceBatch
from disbursement.services.batches import batch_delivered, batch_send
from disbursement.services.draws import treasury_chain
from treasury.core import clock, outbox
from treasury.core.actors import SYSTEM, Actor
from treasury.core.errors import Problem
from treasury.core.steps import authorize, perform, perform_many
from treasury.ledger import events
from treasury.ledger import services as ledger
from vouchers import selectors as vouchers

KIND = "pain.002"
UNDECIDED = ("ready", "batched", "sent", "unknown", "corrected")
log = logging.getLogger(__name__)


def poll_request(*, actor: Actor) -> None:
    """Has a worker ask the bank for its answers now; once, however often it is asked before the worker comes."""
    authorize(actor=actor, permission="disbursement.reconcile_day", agency_code="", earlier=())
    outbox.hurry("BankPollDue")


def poll() -> int:
    """Asks after batches whose fate is unknown, then stores every new answer of the bank; returns how many.

    A batch that cannot be cleared up now keeps no other answer waiting; it is asked after again next time.
    """
    for batch_id in RemittanceBatch.objects.filter(state="unknown").order_by("pk").values_list("pk", flat=True):
        try:
            batch_send(batch_id=batch_id)
        except Problem as problem:
            log.warning("batch %s stays unknown: %s", batch_id, problem)
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

    Of a batch that the bank rejects as a whole nothing was debited: its money waits with the returned lines. A fixed
    number of statements per batch and per return code, whatever the number of lines. Idempotent.
    """
    report = pain002.parse(bytes(BankMessage.objects.get(pk=bank_message_id).body))
    batches = RemittanceBatch.objects.defer("message", "roster")
    batch = batches.filter(message_id=report.original_message_id).first()
    if batch is None:
        raise Problem("batch_unknown", f"the bank answers a batch {report.original_message_id} we never sent")
    batch_delivered(batch)
    with transaction.atomic():
        state = RemittanceBatch.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
        if state in {"answered", "rejected"}:
            return
        lines = PaymentInstruction.objects.filter(batch_id=batch.pk)
        details = {"bank_message": bank_message_id}
        is_rejected = report.group_status == "RJCT"
        _return(lines, report, details, change={"returned_on": clock.today()} if is_rejected else {})
        perform_many(lines, "credit", actor=SYSTEM, details=details)
        if is_rejected:
            _reject(batch, details)
        elif state != "settled":
            perform(batch, "answer", actor=SYSTEM, details=details)
        vouchers_complete(lines)


def _return(
    lines: QuerySet[PaymentInstruction],
    report: pain002.StatusReport,
    details: dict[str, Any],
    *,
    change: dict[str, Any],
) -> None:
    """Notes every line that the bank did not credit, with its code."""
    for code, ids in _rejected(report).items():
        perform_many(
            lines.filter(end_to_end_id__in=ids),
            "return_by_bank",
            actor=SYSTEM,
            details={**details, "code": code},
            change={"return_code": code, **change},
        )


def _reject(batch: RemittanceBatch, details: dict[str, Any]) -> None:
    """Books and notes that the bank has executed nothing of a batch."""
    perform(batch, "reject_batch", actor=SYSTEM, details=details)
    ledger.book(
        events.REJECT_BY_BANK,
        event_ref=batch.message_id,
        amount_twd=batch.total_twd,
        **treasury_chain(clock.today()),
    )


def _rejected(report: pain002.StatusReport) -> dict[str, list[str]]:
    """End-to-end ids of the returned lines by return code."""
    by_code: dict[str, list[str]] = defaultdict(list)
    for end_to_end_id, code in report.rejected.items():
        by_code[code].append(end_to_end_id)
    return dict(by_code)


def vouchers_complete(lines: QuerySet[PaymentInstruction]) -> None:
    """Notes as paid every voucher of these lines that has no undecided line left; a returned line stays open on it."""
    ids = set(lines.values_list("voucher_id", flat=True).distinct())
    # Held while we look: another batch of the same voucher may be answered at this moment.
    paying = list(vouchers.vouchers_in(["paying"], ids=ids).select_for_update())
    undecided = PaymentInstruction.objects.filter(voucher_id__in=ids, state__in=UNDECIDED)
    still_open = set(undecided.values_list("voucher_id", flat=True).distinct())
    for voucher in paying:
        if voucher.pk not in still_open:
            perform(voucher, "complete_payment", actor=SYSTEM)
