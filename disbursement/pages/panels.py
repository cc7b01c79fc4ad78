"""What the treasury did with a voucher, on the voucher's own page: reception, register number, payment, returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.pages.access import may
from disbursement.documents.wording import numbered, person
from disbursement.models import Cheque, PaymentInstruction
from disbursement.pages.reception import verdict_words
from disbursement.selectors import desk
from disbursement.states import CHEQUE_STATES, INSTRUCTION_STATES
from treasury.core.actors import Actor
from treasury.core.pages.panels import Panel, register
from treasury.core.texts import either
from vouchers.reasons import Reason

if TYPE_CHECKING:
    from vouchers.models import Voucher

# Before these nothing has happened at the treasury.
_AT_THE_AGENCY: Final = frozenset(
    {"draft", "in_review", "awaiting_accountant", "awaiting_head", "certified", "released"}
    | {"printed", "paper_signed", "mailed"}
)
_DESK_TEMPLATE: Final = "disbursement/panels/desk.html"
_WITH_MONEY: Final = frozenset({"paying", "paid"})


def panels_register() -> None:
    """Has the voucher page ask for the desk's panels; called by the app's `ready`."""
    register("voucher", desk_panel)
    register("voucher", payment_panel)
    register("voucher", returns_panel)


def desk_panel(voucher: Voucher, actor: Actor) -> Panel | None:
    """Reception with the verdict, and acceptance with the register number, of the revision in hand."""
    # Who looks at the desk goes on from here to where the voucher is judged.
    examine_url = reverse("disbursement:examine", args=[voucher.pk]) if may(actor, "disbursement.view_desk") else ""
    if voucher.state in _AT_THE_AGENCY - ({"mailed"} if examine_url else set()):
        return None
    reception = desk.reception_of(voucher)
    if reception is None:
        return Panel("desk", _("收件與登記"), _DESK_TEMPLATE, {"examine_url": examine_url}) if examine_url else None
    acceptance = desk.acceptance_of(voucher)
    reception.is_rejected = not reception.verdict.get("ok")  # type: ignore[attr-defined]
    facts: list[tuple[str, Any]] = [
        (_("收件編號"), numbered(reception.fiscal_year, reception.receipt_no)),
        (_("驗證結果"), verdict_words(reception)),
    ]
    if acceptance is not None:
        facts += [
            (_("登記編號"), numbered(acceptance.fiscal_year, acceptance.register_no)),
            (_("審核人員"), person(acceptance.examiner_name)),
        ]
    context = {
        "desk_facts": facts,
        "received_at": reception.received_at,
        "accepted_at": acceptance.accepted_at if acceptance else None,
        "examine_url": examine_url,
    }
    return Panel("desk", _("收件與登記"), _DESK_TEMPLATE, context)


def payment_panel(voucher: Voucher, actor: Actor) -> Panel | None:
    """Instructions and cheques of a voucher by state, with their sums; a fixed number of statements for any length."""
    if voucher.state not in _WITH_MONEY:
        return None
    lines = _by_state(PaymentInstruction.objects.filter(voucher_id=voucher.pk), INSTRUCTION_STATES)
    cheques = _by_state(Cheque.objects.filter(voucher_id=voucher.pk), CHEQUE_STATES)
    context = {
        "lines": lines,
        "cheques": cheques,
        "batches": sorted(
            PaymentInstruction.objects.filter(voucher_id=voucher.pk, batch__isnull=False)
            .values_list("batch__message_id", flat=True)
            .distinct()
        ),
    }
    return Panel("payment", _("支付情形"), "disbursement/panels/payment.html", context)


def returns_panel(voucher: Voucher, actor: Actor) -> Panel | None:
    """Every return of a voucher with its reasons, note and notice."""
    notices = list(desk.notices_of_voucher(voucher)) if voucher.revision > 1 or voucher.state == "returned" else []
    if not notices:
        return None
    shown = [
        {
            "pk": notice.pk,
            "number": numbered(notice.fiscal_year, notice.notice_no),
            "revision": notice.revision,
            "at": notice.returned_at,
            "by": person(notice.examiner_name),
            "reasons": [(code, either(Reason(code).zh, Reason(code).en)) for code in notice.reasons],
            "findings": [finding["message"] for finding in notice.findings],
            "note": notice.note,
        }
        for notice in notices
    ]
    return Panel("returns", _("退件紀錄"), "disbursement/panels/returns.html", {"returns": shown})


def _by_state(rows: Any, words: dict[str, tuple[str, str]]) -> list[tuple[str, str, int, int]]:
    """(state, word, count, sum in TWD) of the rows of a voucher, in the order of their states."""
    sums = {
        row["state"]: (row["count"], row["sum"] or 0)
        for row in rows.order_by().values("state").annotate(count=Count("pk"), sum=Sum("amount_twd"))
    }
    return [(state, either(*word), *sums[state]) for state, word in words.items() if state in sums]
