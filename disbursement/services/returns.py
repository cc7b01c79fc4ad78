"""退件: a voucher goes back to its agency with every reason marked (B-24)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from disbursement.models import Acceptance, ReturnNotice
from disbursement.services.draws import draws_of, event_ref
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.numbers import next_number
from treasury.core.steps import perform
from treasury.ledger import events
from treasury.ledger import services as ledger
from vouchers.reasons import Reason

if TYPE_CHECKING:
    from vouchers.models import Voucher


def voucher_return(
    *,
    voucher: Voucher,
    actor: Actor,
    reasons: Sequence[str],
    findings: Sequence[dict[str, Any]] = (),
    note: str = "",
) -> ReturnNotice:
    """Returns a voucher that has not been paid, with coded reasons; a reservation is released (B-24).

    Problem `reason_missing`, `reason_unknown`, or `note_missing` when R11 stands without words; `wrong_state` once
    an instruction has left, `revision_changed` (409) when another revision came in since `voucher` was read.
    """
    if not reasons:
        raise Problem("reason_missing", "a return marks at least one reason", path="/reasons")
    for reason in reasons:
        if reason not in set(Reason):
            raise Problem("reason_unknown", f"{reason} is none of the eleven reasons", path="/reasons")
    if "R11" in reasons and not note.strip():
        raise Problem("note_missing", "reason R11 needs words", path="/note")
    with transaction.atomic():
        row = perform(voucher, "return_to_agency", actor=actor, because=note, details={"reasons": sorted(reasons)})
        require_seen(row, voucher)
        if voucher_was_reserved(row):
            ledger.book(
                events.VOID,
                event_ref=event_ref(row),
                agency_code=row.agency_code,
                fiscal_year=row.fiscal_year,
                on=clock.today(),
                draws=draws_of(row),
            )
        return notice_write(
            voucher=row, reasons=sorted(reasons), findings=findings, note=note, examiner_name=actor.name
        )


def require_seen(row: Voucher, seen: Voucher) -> None:
    """Nobody decides on content that is not the content looked at; Problem `revision_changed` (409)."""
    if row.revision != seen.revision:
        raise Problem("revision_changed", f"{row.reference} is at revision {row.revision} by now", status=409)


def voucher_was_reserved(row: Voucher) -> bool:
    """Whether this revision of a voucher has passed the examination, so that its balance is reserved."""
    return Acceptance.objects.filter(voucher_id=row.pk, revision=row.revision).exists()


def notice_write(
    *,
    voucher: Voucher,
    reasons: Sequence[str],
    findings: Sequence[dict[str, Any]],
    note: str,
    examiner_name: str,
) -> ReturnNotice:
    """Writes the numbered notice of a return in the caller's transaction."""
    return ReturnNotice.objects.create(
        voucher_id=voucher.pk,
        revision=voucher.revision,
        fiscal_year=voucher.fiscal_year,
        notice_no=next_number(f"return/{voucher.fiscal_year}"),
        reasons=list(reasons),
        findings=list(findings),
        note=note,
        returned_on=clock.today(),
        returned_at=clock.now(),
        examiner_name=examiner_name,
    )
