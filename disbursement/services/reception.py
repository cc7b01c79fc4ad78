"""收件: the signatures are verified and the voucher is logged, before anybody examines it (B-23.0, A-1.2)."""

from dataclasses import asdict
from typing import Any

from django.db import transaction

from disbursement.models import Reception
from disbursement.services.returns import notice_write
from signing import services as signing
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.numbers import next_number
from treasury.core.parameters import parameters_on
from treasury.core.steps import perform
from vouchers import selectors as vouchers


def voucher_receive(*, voucher_id: int) -> None:
    """Takes a released voucher in; one with a bad signature goes straight back (B-23.1). Idempotent."""
    with transaction.atomic():
        voucher = vouchers.voucher(voucher_id, locked=True)
        if voucher.state != "released":
            return
        verdict = signing.document_verify(
            document_ref=voucher.reference,
            revision=voucher.revision,
            required_capacities=parameters_on(clock.today()).required_capacities,
        )
        document = {**verdict.document, "voucher": verdict.content}
        is_whole = verdict.ok and document == vouchers.voucher_document(voucher)
        row = perform(voucher, "receive" if is_whole else "reject", actor=SYSTEM, details={"code": verdict.code})
        Reception.objects.create(
            voucher_id=row.pk,
            revision=row.revision,
            fiscal_year=row.fiscal_year,
            receipt_no=next_number(f"receipt/{row.fiscal_year}"),
            received_on=clock.today(),
            received_at=clock.now(),
            verdict=_logged(verdict),
        )
        if not is_whole:
            note = verdict.detail or "電子支付文件與憑單內容不符"
            notice_write(voucher=row, reasons=["R11"], findings=[], note=note, examiner_name=SYSTEM.name)


def _logged(verdict: signing.DocumentVerdict) -> dict[str, Any]:
    """What the log keeps of a verdict: the outcome, and of each signature who, with which certificate, when."""
    moments = ("signing_time", "signed_at", "token_at")
    signatures = [
        {**asdict(one), **{name: getattr(one, name).isoformat() for name in moments}} for one in verdict.signatures
    ]
    return {
        "ok": verdict.ok,
        "code": verdict.code,
        "detail": verdict.detail,
        "digest": verdict.digest.hex(),
        "signatures": signatures,
    }
