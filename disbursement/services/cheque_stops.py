"""止付: the treasury stops payment of a cheque in its books, and a worker tells the agent bank (B-29.1)."""

import json

from django.conf import settings
from django.db import transaction

from disbursement import bank_client
from disbursement.models import BankMessage, Cheque
from disbursement.selectors.cheques import STOP, stop_outcome
from treasury.core import clock, outbox
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.steps import perform

CHEQUE_STOPPED = "ChequeStopped"
OUTCOMES = ("stopped", "already_paid")


def cheque_stop(*, cheque: Cheque, actor: Actor, because: str) -> Cheque:
    """Stops payment of an issued cheque; the bank is told by a worker at once. Problem `reason_missing`."""
    if not because.strip():
        raise Problem("reason_missing", "whoever stops a cheque says why", path="/because")
    with transaction.atomic():
        row = perform(cheque, "stop", actor=actor, because=because)
        outbox.record(CHEQUE_STOPPED, cheque_id=row.pk)
        return row


def cheque_stop_send(*, cheque_id: int) -> None:
    """Tells the bank to stop a cheque and keeps its answer. Idempotent; raises while the bank cannot be reached.

    The same order again has the same answer, so an answer lost on the way does no harm.
    """
    cheque = Cheque.objects.get(pk=cheque_id)
    if cheque.state != "stopped" or stop_outcome(cheque):
        return
    client = bank_client.BankClient(settings.BANK_URL, settings.BANK_TIMEOUT_SECONDS)
    outcome = client.cheque_stop(cheque.cheque_no)
    if outcome not in OUTCOMES:
        raise bank_client.OutcomeUnknown(f"the bank answered a stop of {cheque} with {outcome[:40]!r}")
    BankMessage.objects.get_or_create(
        kind=STOP,
        reference=cheque.cheque_no,
        defaults={
            "body": json.dumps({"cheque_no": cheque.cheque_no, "outcome": outcome}).encode(),
            "received_at": clock.now(),
        },
    )


def cheque_lift_stop(*, cheque: Cheque, actor: Actor, because: str) -> Cheque:
    """Lifts a stop that the bank has not heard of; what the bank has stopped stays stopped, for good.

    Problem `reason_missing`, `stop_is_final` (409): cancel the cheque and pay anew; `being_delivered` (409).
    """
    if not because.strip():
        raise Problem("reason_missing", "whoever lifts a stop says why", path="/because")
    with transaction.atomic():
        row = perform(cheque, "lift_stop", actor=actor, because=because)
        event = outbox.withdraw(CHEQUE_STOPPED, cheque_id=row.pk)
        if event is None or event.last_error.startswith(bank_client.OutcomeUnknown.__name__):
            raise Problem("stop_is_final", f"the bank has stopped {row}, or may have: it is cancelled", status=409)
        return row
