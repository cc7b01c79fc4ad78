"""紙本: sealed paper asked for in doubt (B-23.4), and vouchers that come on paper altogether (A-5.4).

A paper voucher has no electronic signature: what stands in its place is the treasury's check of the seals, recorded
with its reception. Paper that is not in order never passes: it goes back, as a document with a bad signature does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from disbursement.models import Reception
from disbursement.services.returns import require_seen, voucher_return
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.numbers import next_number
from treasury.core.sql import fetch_value
from treasury.core.steps import perform

if TYPE_CHECKING:
    from vouchers.models import Voucher

# Whose seals a paper voucher bears, in the order of the form (B-6.2).
SEALS: Final = ("accountant", "head")
# What the paper was compared with: the content as PostgreSQL writes it, so that check_books can compare it again.
_DIGEST: Final = "SELECT encode(sha256(convert_to(content::text, 'UTF8')), 'hex') FROM vouchers_voucher WHERE id = %s"


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """What an examiner found on paper: whose seals agree with the specimen, whether it says what the system has."""

    seals: Mapping[str, bool] = field(default_factory=dict)
    is_content_same: bool = False
    note: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether every seal and the content agree."""
        return self.is_content_same and all(self.seals.get(capacity, False) for capacity in SEALS)

    @property
    def code(self) -> str:
        """`ok`, or the first thing that does not agree."""
        if self.is_ok:
            return "ok"
        return "paper_content_differs" if not self.is_content_same else "paper_seal_differs"

    def as_dict(self) -> dict[str, Any]:
        """As the history and the reception keep it."""
        return {
            "seals": {capacity: self.seals.get(capacity, False) for capacity in SEALS},
            "is_content_same": self.is_content_same,
        }


def voucher_hold_for_paper(*, voucher: Voucher, actor: Actor, because: str) -> Voucher:
    """Asks the agency for a sealed paper voucher; nothing is reserved meanwhile (B-23.4).

    Problem `reason_missing` without words, `revision_changed` (409) when another revision came in.
    """
    if not because.strip():
        raise Problem("reason_missing", _("請說明疑義，機關才知道要補送什麼"), path="/because")
    with transaction.atomic():
        row = perform(voucher, "hold_for_paper", actor=actor, because=because)
        require_seen(row, voucher)
        return row


def voucher_resume(*, voucher: Voucher, actor: Actor, check: PaperCheck) -> Voucher:
    """Goes on with a voucher whose paper has come and agrees (B-23.4); the check stands in the history.

    Problem `paper_differs` when it does not agree: such a voucher is returned.
    """
    if not check.is_ok:
        raise Problem("paper_differs", _("紙本與系統內容或印鑑不符，應予退件"), path="/paper")
    with transaction.atomic():
        row = perform(voucher, "resume", actor=actor, because=check.note, details={"paper": check.as_dict()})
        require_seen(row, voucher)
        return row


def voucher_receive_paper(*, voucher: Voucher, actor: Actor, check: PaperCheck) -> Reception:
    """Takes a mailed paper voucher in and records the check of its seals; one that differs goes straight back (A-5.4).

    Problem `note_missing` when something differs and nobody says what; `revision_changed` (409).
    """
    if not check.is_ok and not check.note.strip():
        raise Problem("note_missing", _("紙本不符時請說明何處不符"), path="/note")
    with transaction.atomic():
        row = perform(voucher, "receive_paper", actor=actor, because=check.note, details={"paper": check.as_dict()})
        require_seen(row, voucher)
        reception = Reception.objects.create(
            voucher_id=row.pk,
            revision=row.revision,
            fiscal_year=row.fiscal_year,
            receipt_no=next_number(f"receipt/{row.fiscal_year}"),
            received_on=clock.today(),
            received_at=clock.now(),
            verdict=_logged(row, actor, check),
        )
        if not check.is_ok:
            voucher_return(voucher=row, actor=actor, reasons=["R11"], note=check.note)
        return reception


def _logged(row: Voucher, actor: Actor, check: PaperCheck) -> dict[str, Any]:
    """The verdict of a reception on paper: no signatures, the check of the seals in their place."""
    return {
        "ok": check.is_ok,
        "code": check.code,
        "detail": check.note,
        "digest": fetch_value(_DIGEST, (row.pk,)),
        "signatures": [],
        "paper": {**check.as_dict(), "checked_by": actor.name, "user_id": actor.user_id},
    }
