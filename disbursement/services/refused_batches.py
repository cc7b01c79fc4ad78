"""銀行拒收: a batch that the bank would not take stays ours: it is sent again, or given up whole (B-25)."""

from django.db import transaction

from disbursement.models import PaymentInstruction, RemittanceBatch
from disbursement.selectors.batches import refusal_of
from disbursement.services.bank_results import vouchers_complete
from disbursement.services.batches import BUILT
from disbursement.services.draws import treasury_chain
from treasury.core import clock, outbox
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.steps import perform, perform_many
from treasury.ledger import events
from treasury.ledger import services as ledger

REFUSED = "NARR"


def refused_batch_void(*, batch: RemittanceBatch, actor: Actor, because: str) -> int:
    """Gives up a batch that the bank refused to take: its lines wait with the returned ones; returns how many.

    Nothing of it happened at the bank: that the batch is still `built` says so, for a try of unknown outcome makes it
    `unknown`. From here its lines are corrected, given back, or repeated all together. Problem `reason_missing`,
    `not_refused` (409), `being_delivered` (409) while a worker is trying again.
    """
    if not because.strip():
        raise Problem("reason_missing", "whoever gives up a batch says why", path="/because")
    with transaction.atomic():
        row = RemittanceBatch.objects.select_for_update().defer("message", "roster").get(pk=batch.pk)
        refusal = refusal_of(row)
        if refusal is None:
            raise Problem("not_refused", f"{row.message_id} was not refused by the bank", status=409)
        outbox.withdraw(BUILT, batch_id=row.pk)
        details = {"batch": row.message_id, "bank": refusal.words}
        row = perform(row, "reject_batch", actor=actor, because=because, details=details)
        lines = PaymentInstruction.objects.filter(batch_id=row.pk)
        count = perform_many(
            lines,
            "return_by_bank",
            actor=actor,
            because=because,
            details={**details, "code": REFUSED},
            change={"return_code": REFUSED, "returned_on": clock.today()},
        )
        chain = treasury_chain(clock.today())
        ledger.book(events.REJECT_BY_BANK, event_ref=row.message_id, amount_twd=row.total_twd, **chain)
        vouchers_complete(lines)
        return count
