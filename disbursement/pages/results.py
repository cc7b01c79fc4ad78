"""支付結果: what became of an agency's payments, voucher by voucher and line by line."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agencies.pages.access import actor_in, needs, require_sees
from agencies.roles import TREASURY_ROLES
from disbursement.models import Cheque, PaymentInstruction
from disbursement.pages.columns import by_state, code_said, iso_day, method_said, state_said
from disbursement.pages.equations import Equation, in_order
from disbursement.selectors import payments as selectors
from disbursement.states import CHEQUE, INSTRUCTION
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing, by_agency
from vouchers import selectors as vouchers
from vouchers.states import VOUCHER

FILTERS: Final = (
    by_state(VOUCHER, "paying", "paid"),
    Filter("number", "憑單編號", "Voucher no.", lambda rows, value: rows.filter(number=value)),
    by_agency("agency_id"),
)
COLUMNS: Final = (
    ListColumn("支用機關", "Agency", lambda row: row.agency_id),
    ListColumn("憑單編號", "Voucher no.", lambda row: row.number),
    ListColumn("受款人", "Payee", lambda row: row.first_payee or ""),
    ListColumn("受款人數", "Payees", lambda row: row.payee_count),
    ListColumn("支付方式", "Method", lambda row: method_said(row.method)),
    ListColumn("金額", "Amount", lambda row: row.total_twd),
    ListColumn("狀態", "State", lambda row: state_said(VOUCHER, row.state)),
)
LINE_FILTERS: Final = (by_state(INSTRUCTION),)
LINE_COLUMNS: Final = (
    ListColumn("序號", "No.", lambda row: row.seq),
    ListColumn("識別碼", "End-to-end id", lambda row: row.end_to_end_id),
    ListColumn("戶名", "Account name", lambda row: row.account_name),
    ListColumn("銀行代號", "Bank code", lambda row: row.bank_code),
    ListColumn("帳號", "Account no.", lambda row: row.account_no),
    ListColumn("金額", "Amount", lambda row: row.amount_twd),
    ListColumn("結果", "Result", lambda row: state_said(INSTRUCTION, row.state)),
    ListColumn("退匯原因", "Return reason", lambda row: code_said(row.return_code)),
)
CHEQUE_FILTERS: Final = (by_state(CHEQUE),)
CHEQUE_COLUMNS: Final = (
    ListColumn("序號", "No.", lambda row: row.payee_seq),
    ListColumn("支票號碼", "Cheque no.", lambda row: row.cheque_no),
    ListColumn("受款人", "Payee", lambda row: row.payee_name),
    ListColumn("簽開日", "Issued on", lambda row: iso_day(row.issued_on)),
    ListColumn("金額", "Amount", lambda row: row.amount_twd),
    ListColumn("結果", "Result", lambda row: state_said(CHEQUE, row.state)),
)


@needs("vouchers.view_voucher")
def results(request: HttpRequest) -> HttpResponse:
    """Vouchers whose payment has begun, the newest first; an agency sees its own."""
    actor = actor_in(request)
    is_treasury = actor.role in TREASURY_ROLES
    rows = selectors.results_of("" if is_treasury else actor.agency_code)
    listing = Listing(request, rows, "results", filters=FILTERS if is_treasury else FILTERS[:2], columns=COLUMNS)
    if file := listing.export():
        return file
    fates = selectors.fates_of_vouchers([row.pk for row in listing.shown])
    context = {
        "rows": [(row, fates[row.pk]) for row in listing.shown],
        "listing": listing,
        "is_treasury": is_treasury,
    }
    return render(request, "disbursement/results.html", context)


@needs("vouchers.view_voucher")
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """One voucher: paid = credited + returned + open, and every line or cheque of it."""
    row = vouchers.vouchers_of([pk]).defer("content").first()
    if row is None:
        raise Problem("not_found", f"there is no voucher {pk}", status=404)
    require_sees(actor_in(request), row.agency_code, f"voucher {pk}")
    is_cheque = row.method in selectors.CHEQUE_METHODS
    lines: QuerySet[Any] = (
        Cheque.objects.filter(voucher_id=pk).order_by("payee_seq", "pk")
        if is_cheque
        else PaymentInstruction.objects.filter(voucher_id=pk).order_by("seq")
    )
    listing = Listing(
        request,
        lines,
        f"results-{row.number}",
        filters=CHEQUE_FILTERS if is_cheque else LINE_FILTERS,
        columns=CHEQUE_COLUMNS if is_cheque else LINE_COLUMNS,
    )
    if file := listing.export():
        return file
    has_begun = row.state in ("paying", "paid")
    context = {
        "voucher": row,
        "listing": listing,
        "is_cheque": is_cheque,
        "is_treasury": actor_in(request).role in TREASURY_ROLES,
        "equations": in_order([_cheque_equation(row) if is_cheque else _equation(row)]) if has_begun else [],
    }
    return render(request, "disbursement/result.html", context)


def _equation(row: Any) -> Equation:
    """支付 = 已入帳 + 退匯 + 結果未回."""
    fate = selectors.fates_of_vouchers([row.pk])[row.pk]
    words = {"credited": _("已入帳"), "returned": _("退匯"), "open": _("結果未回")}
    terms = tuple((word, fate[name].amount_twd) for name, word in words.items())
    return Equation(_("支付結果"), terms, (_("憑單金額"), row.total_twd))


def _cheque_equation(row: Any) -> Equation:
    """支付 = 未兌付 + 已兌付 + 已註銷的支票."""
    sums = selectors.cheque_sums(row.pk)
    words = {"unpaid": _("未兌付"), "cleared": _("已兌付"), "cancelled": _("已註銷")}
    terms = tuple((word, sums[name]) for name, word in words.items())
    return Equation(_("支付結果"), terms, (_("憑單金額"), row.total_twd))
