"""整批退件: a batch that the bank rejected as a whole, for want of cover say, goes out again as it is (B-25)."""

from django.db import transaction
from django.db.models import Sum

from disbursement.models import PaymentInstruction, RemittanceBatch
from disbursement.services.draws import treasury_chain
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.sql import execute
from treasury.core.steps import perform_many
from treasury.ledger import events
from treasury.ledger import services as ledger

_KEEP_ATTEMPTS = """
INSERT INTO disbursement_instructionattempt (instruction_id, attempt, end_to_end_id, network, bank_code, account_no,
    account_name, batch_id, return_code, ended_at)
SELECT id, attempt, end_to_end_id, network, bank_code, account_no, account_name, batch_id, return_code, %s
FROM disbursement_paymentinstruction WHERE id = ANY (%s)
"""
_NAME_ANEW = """
UPDATE disbursement_paymentinstruction SET attempt = attempt + 1,
    end_to_end_id = regexp_replace(end_to_end_id, '[0-9]+$', (attempt + 1)::text)
WHERE id = ANY (%s)
"""


def rejected_batch_repeat(*, batch: RemittanceBatch, actor: Actor, because: str) -> int:
    """Makes every line of a rejected batch ready as its next attempt, payees unchanged; returns how many.

    Lines corrected or given back one by one meanwhile are left alone. A fixed number of statements, whatever the
    number of lines. Problem `not_rejected` (409), `reason_missing`.
    """
    if not because.strip():
        raise Problem("reason_missing", "whoever sends a rejected batch again says why", path="/because")
    with transaction.atomic():
        row = RemittanceBatch.objects.select_for_update().defer("message", "roster").get(pk=batch.pk)
        if row.state != "rejected":
            raise Problem("not_rejected", f"{row.message_id} was not rejected by the bank", status=409)
        waiting = PaymentInstruction.objects.filter(batch_id=row.pk, state="returned_by_bank").order_by("pk")
        ids = list(waiting.select_for_update().values_list("pk", flat=True))
        if not ids:
            return 0
        lines = PaymentInstruction.objects.filter(pk__in=ids)
        total_twd = lines.aggregate(total=Sum("amount_twd"))["total"]
        execute(_KEEP_ATTEMPTS, (clock.now(), ids))
        perform_many(lines, "correct_payee", actor=actor, because=because, details={"batch": row.message_id})
        execute(_NAME_ANEW, (ids,))
        emptied = {"batch_id": None, "return_code": "", "returned_on": None}
        perform_many(lines, "ready_again", actor=actor, details={"batch": row.message_id}, change=emptied)
        chain = treasury_chain(clock.today())
        ledger.book(events.RESEND, event_ref=row.message_id, amount_twd=total_twd, **chain)
        return len(ids)
