"""通匯: ready instructions gathered into one message per network, and brought to the agent bank (B-25, B-28).

Database, network, database again: no transaction is open while the bank is spoken to. The bank is asked for the
message's id before it is told, so that an answer lost on the way never pays twice.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from disbursement import bank_client
from disbursement.iso20022 import pain001
from disbursement.models import PaymentInstruction, RemittanceBatch
from disbursement.services.rosters import roster_of
from treasury.core import clock, outbox
from treasury.core.actors import SYSTEM, Actor
from treasury.core.errors import Problem
from treasury.core.numbers import next_number
from treasury.core.steps import authorize, born, perform, perform_many

MAX_LINES = 5_000
BUILT = "RemittanceBatchBuilt"
NETWORKS = ("intra_bank", "fisc", "entrusted")


def batches_build(*, on: date, actor: Actor, max_lines: int = MAX_LINES) -> list[RemittanceBatch]:
    """Puts every ready instruction into a batch: per network up to `max_lines`, an entrusted transfer by itself."""
    built: list[RemittanceBatch] = []
    for network in NETWORKS:
        while batch := _build(network, on, actor, 1 if network == "entrusted" else max_lines):
            built.append(batch)
    return built


def _build(network: str, on: date, actor: Actor, max_lines: int) -> RemittanceBatch | None:
    """One batch in one transaction: rows, message, history and the news that it waits to be sent.

    The lines are claimed first and then read by their batch, so that what is claimed is what is sent. None when
    nothing is ready, or another payer was quicker.
    """
    ready = PaymentInstruction.objects.filter(state="ready", network=network).order_by("pk")
    if not ready.exists():
        return None
    with transaction.atomic():
        batch = RemittanceBatch.objects.create(
            message_id=f"{settings.TREASURY_CODE}-{on:%Y%m%d}-{next_number(f'batch/{on:%Y%m%d}'):05d}",
            network=network,
            execution_on=on,
            line_count=0,
            total_twd=0,
            message=b"",
            built_at=clock.now(),
        )
        claimed = PaymentInstruction.objects.filter(pk__in=ready[:max_lines].values("pk"))
        details = {"batch": batch.message_id}
        count = perform_many(claimed, "put_in_batch", actor=actor, details=details, change={"batch_id": batch.pk})
        if not count:
            transaction.set_rollback(True)
            return None
        _write(batch)
        born(batch, actor=actor, details={"lines": count})
        outbox.record(BUILT, batch_id=batch.pk)
        return batch


def _write(batch: RemittanceBatch) -> None:
    """Writes the message of a batch over the lines it has claimed, and the roster of an entrusted transfer."""
    columns = ("end_to_end_id", "amount_twd", "bank_code", "account_no", "account_name")
    lines = [pain001.CreditLine(*row) for row in _lines(batch).order_by("pk").values_list(*columns)]
    message = pain001.Batch(
        message_id=batch.message_id,
        created_at=batch.built_at,
        execution_on=batch.execution_on,
        network=batch.network,
        debtor_name=settings.TREASURY_NAME,
        debtor_account=settings.MASTER_ACCOUNT_NO,
        lines=lines,
    )
    batch.line_count = len(lines)
    batch.total_twd = sum(line.amount_twd for line in lines)
    batch.message = pain001.build(message)
    if batch.network == "entrusted":
        batch.roster = roster_of(_lines(batch).values_list("voucher_id", flat=True).get())
    batch.save(update_fields=["line_count", "total_twd", "message", "roster"])


def batch_send(*, batch_id: int) -> None:
    """Brings a batch to the bank unless it is there already. Idempotent; raises while the bank cannot be reached."""
    batch = _without_message().get(pk=batch_id)
    if batch.state not in {"built", "unknown"}:
        return
    client = bank_client.BankClient(settings.BANK_URL, settings.BANK_TIMEOUT_SECONDS)
    try:
        if client.enquire(batch.message_id).status == "unknown":
            message, roster = RemittanceBatch.objects.values_list("message", "roster").get(pk=batch_id)
            client.submit(batch.message_id, bytes(message), roster=bytes(roster) if roster is not None else None)
    except bank_client.OutcomeUnknown:
        _lose_sight(batch)
        raise
    batch_delivered(batch)


def batch_send_again(*, batch_id: int, actor: Actor) -> None:
    """Has a worker bring a batch to the bank now, which first asks whether the bank has it (送出, 查詢).

    Problem `nothing_to_send` (409) when the bank has it already.
    """
    authorize(actor=actor, permission="disbursement.pay_voucher", agency_code="", earlier=())
    with transaction.atomic():
        batch = _without_message().select_for_update().get(pk=batch_id)
        if batch.state not in {"built", "unknown"}:
            raise Problem("nothing_to_send", f"the bank has {batch.message_id} already", status=409)
        outbox.hurry(BUILT, batch_id=batch.pk)


def batch_delivered(batch: RemittanceBatch) -> None:
    """Notes that the bank has a batch: it and its instructions are sent."""
    with transaction.atomic():
        if _without_message().select_for_update().get(pk=batch.pk).state not in {"built", "unknown"}:
            return
        perform(batch, "deliver", actor=SYSTEM)
        perform_many(_lines(batch), "send", actor=SYSTEM, details={"batch": batch.message_id})


def _lose_sight(batch: RemittanceBatch) -> None:
    """Notes that nobody knows whether the bank has a batch; the next try asks before it tells."""
    with transaction.atomic():
        if _without_message().select_for_update().get(pk=batch.pk).state != "built":
            return
        perform(batch, "lose_batch", actor=SYSTEM)
        perform_many(_lines(batch), "lose_sight", actor=SYSTEM, details={"batch": batch.message_id})


def _without_message() -> QuerySet[RemittanceBatch]:
    """Batches without what was sent: megabytes that only the sending needs."""
    return RemittanceBatch.objects.defer("message", "roster")


def _lines(batch: RemittanceBatch) -> QuerySet[PaymentInstruction]:
    return PaymentInstruction.objects.filter(batch_id=batch.pk)
