"""收件: what was handed over and is not taken in yet, what came in with which verdict, what went straight back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.pages.access import needs
from disbursement.documents.wording import numbered
from disbursement.pages.queue import method_words
from disbursement.selectors import desk
from treasury.core import clock
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.wanted import day_wanted
from treasury.core.parameters import parameters_on
from treasury.core.texts import either
from vouchers.english import payee_words
from vouchers.summaries import VoucherSummary, voucher_summaries

# What the page shows, by the name in its address.
PARTS: Final = {
    "waiting": ("未收件", "Not received yet"),
    "mailed": ("紙本寄送中", "Paper in the mail"),
    "received": ("當日收件", "Received"),
    "rejected": ("驗章不符", "Rejected at reception"),
}
OVERDUE_MAX: Final = 1000
_AGENCY: Final = Filter("agency", "機關代號", "Agency code", lambda rows, value: rows.filter(agency_id=value))
_OF_AGENCY: Final = Filter(
    "agency", "機關代號", "Agency code", lambda rows, value: rows.filter(voucher__agency_id=value)
)
# The rows are those of the day already; the list only keeps the day and shows it.
_OF_DAY: Final = Filter("on", "收件日期", "Received on", lambda rows, value: rows)
_MOVED: Final = (
    ListColumn("憑單編號", "Voucher no.", lambda row: row.number),
    ListColumn("機關代號", "Agency code", lambda row: row.agency_id),
    ListColumn("機關", "Agency", lambda row: row.agency.name),
    ListColumn("受款人", "Payee", lambda row: payee_words(row.first_payee, row.payee_count)),
    ListColumn("金額", "Amount", lambda row: row.total_twd),
    ListColumn("支付方式", "Method", lambda row: method_words(row)),
    ListColumn("放行（寄出）時間", "Released (mailed) at", lambda row: row.moved_at),
)
_RECEIVED: Final = (
    ListColumn("收件編號", "Receipt no.", lambda row: numbered(row.fiscal_year, row.receipt_no)),
    ListColumn("收件時間", "Received at", lambda row: row.received_at),
    ListColumn("機關代號", "Agency code", lambda row: row.voucher.agency_id),
    ListColumn("憑單編號", "Voucher no.", lambda row: row.voucher.number),
    ListColumn("版次", "Revision", lambda row: row.revision),
    ListColumn("驗證結果", "Verdict", lambda row: verdict_words(row)),
)


@needs("disbursement.view_desk")
def reception(request: HttpRequest) -> HttpResponse:
    """One part of the reception desk (`show`), with the alert for what has waited too long in any case (B-13.1)."""
    part = request.GET.get("show", "waiting")
    part = part if part in PARTS else "waiting"
    minutes = parameters_on(clock.today()).reception_alert_minutes
    since = clock.now() - timedelta(minutes=minutes)
    listing = _listing(request, part)
    if file := listing.export():
        return file
    moved = part in ("waiting", "mailed")
    context = {
        "part": part,
        "parts": [(name, either(zh, en)) for name, (zh, en) in PARTS.items()],
        "listing": listing,
        "on": day_wanted(request),
        "minutes": minutes,
        "overdue_count": desk.not_received_since(since, up_to=OVERDUE_MAX),
        "is_moved": moved,
        "lines": _moved(listing, since) if moved else _received(listing),
    }
    return render(request, "disbursement/reception.html", context)


def verdict_words(row: Any) -> str:
    """What the check of signatures, or of seals on paper, came to."""
    is_paper = "paper" in row.verdict
    if not row.is_rejected:
        return either("紙本印鑑相符", "Paper seals agree") if is_paper else either("簽章相符", "Signatures agree")
    code = "" if row.verdict.get("ok") else f"（{row.verdict.get('code', '')}）"
    if is_paper:
        return either(f"紙本不符{code}", f"Paper differs {code}")
    return either(f"簽章不符{code}", f"Signatures refused {code}") if code else either("內容不符", "Content differs")


def _listing(request: HttpRequest, part: str) -> Listing:
    if part == "waiting":
        return Listing(request, desk.vouchers_not_received(), name="not-received", filters=[_AGENCY], columns=_MOVED)
    if part == "mailed":
        return Listing(request, desk.vouchers_in_the_mail(), name="in-the-mail", filters=[_AGENCY], columns=_MOVED)
    rows = desk.receptions_of_day(day_wanted(request), only_rejected=part == "rejected")
    return Listing(request, rows, name=part, filters=[_OF_DAY, _OF_AGENCY], columns=_RECEIVED)


def _moved(listing: Listing, since: Any) -> list[tuple[Any, str, str, bool]]:
    """Vouchers on their way here: row, payee, method, whether it has waited too long."""
    return [
        (
            row,
            payee_words(row.first_payee, row.payee_count),
            method_words(row),
            row.state == "released" and row.moved_at < since,
        )
        for row in listing.shown
    ]


def _received(listing: Listing) -> list[tuple[Any, str, VoucherSummary, str]]:
    """Receptions: row, receipt number, what the revision said, the verdict in words."""
    said = voucher_summaries((row.voucher_id, row.revision) for row in listing.shown)
    return [
        (row, numbered(row.fiscal_year, row.receipt_no), said[row.voucher_id, row.revision], verdict_words(row))
        for row in listing.shown
    ]
