"""支付排程: what was accepted and when it is due, the cash there is, and the payer's acts on one voucher or many."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, may, needs
from disbursement.pages.columns import by_state, iso_day, method_said, state_said
from disbursement.pages.equations import Equation, in_order
from disbursement.pages.outcomes import submit_each
from disbursement.selectors import cheques
from disbursement.selectors import payments as selectors
from disbursement.services.steps import Given, voucher_step
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing, by_agency
from treasury.core.whole import whole_of
from vouchers import words
from vouchers.english import ENGLISH
from vouchers.services.agency_steps import voucher_seen
from vouchers.states import VOUCHER

VERBS: Final = ("schedule", "begin_payment", "postpone")


def _by_due(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    today = clock.today()
    return rows.filter(payable_on__lte=today) if value == "today" else rows.filter(payable_on__gt=today)


FILTERS: Final = (
    by_state(VOUCHER, *selectors.UNPAID),
    Filter(
        "due", "到期", "Due", _by_due, choices=[("today", "今日可付", "payable today"), ("later", "尚未到期", "later")]
    ),
    Filter(
        "method",
        "支付方式",
        "Method",
        lambda rows, value: rows.filter(method=value),
        choices=[(code, zh, ENGLISH[zh]) for code, zh in words.METHODS.items()],
    ),
    by_agency("agency_id"),
)
COLUMNS: Final = (
    ListColumn("支用機關", "Agency", lambda row: row.agency_id),
    ListColumn("機關名稱", "Agency name", lambda row: row.agency.name),
    ListColumn("會計年度", "Fiscal year", lambda row: row.fiscal_year),
    ListColumn("憑單編號", "Voucher no.", lambda row: row.number),
    ListColumn("受款人", "Payee", lambda row: row.first_payee or ""),
    ListColumn("受款人數", "Payees", lambda row: row.payee_count),
    ListColumn("支付方式", "Method", lambda row: method_said(row.method)),
    ListColumn("應付日", "Due on", lambda row: iso_day(row.payable_on)),
    ListColumn("狀態", "State", lambda row: state_said(VOUCHER, row.state)),
    ListColumn("金額", "Amount", lambda row: row.total_twd),
)


@needs("disbursement.view_desk")
def payments(request: HttpRequest) -> HttpResponse:
    """The list of what waits to be paid, above it the day's equations and what is due."""
    listing = Listing(request, selectors.unpaid(), "payments", filters=FILTERS, columns=COLUMNS)
    if file := listing.export():
        return file
    actor = actor_in(request)
    cash = selectors.cash()
    context = {
        "listing": listing,
        "equations": in_order([desk_equation(), cash_equation(cash)]),
        "cash": cash,
        "due": selectors.due_sums(clock.today()),
        "stocks": cheques.stocks(),
        "is_scheduler": may(actor, "disbursement.schedule_voucher"),
        "is_payer": may(actor, "disbursement.pay_voucher"),
        "is_postponer": may(actor, "disbursement.postpone_voucher"),
    }
    return render(request, "disbursement/payments.html", context)


def desk_equation() -> Equation:
    """收件: what was carried over and came in today = accepted + returned + waiting."""
    day = selectors.desk_day(clock.today())
    return Equation(
        _("今日收件"),
        (
            (_("審核通過"), day.accepted.amount_twd),
            (_("退件"), day.returned.amount_twd),
            (_("待審"), day.waiting.amount_twd),
        ),
        (_("前日待審與本日收件"), day.carried.amount_twd + day.received.amount_twd),
        is_whole=day.adds_up,
    )


def cash_equation(cash: selectors.Cash) -> Equation:
    """公庫存款: the master account = available + what is spoken for."""
    return Equation(
        _("公庫存款（帳列）"),
        (
            (_("可用存款"), cash.owned_twd),
            (_("匯款在途"), cash.in_transit_twd),
            (_("未兌付支票"), cash.cheques_twd),
            (_("退匯待處理"), cash.returned_twd),
        ),
        (_("總存款戶"), cash.master_twd),
        is_whole=cash.adds_up,
    )


@require_POST
@needs("disbursement.schedule_voucher", "disbursement.postpone_voucher", "disbursement.pay_voucher")
def payments_act(request: HttpRequest, verb: str) -> HttpResponse:
    """Takes one step on every voucher ticked (`voucher`), each as it was seen (`seen_<id>`: revision and state)."""
    if verb not in VERBS:
        raise Problem("step_unknown", f"there is no step {verb} here", status=404)
    actor = actor_in(request)
    given = Given(because=request.POST.get("because", "").strip())
    if verb == "postpone" and not given.because:
        raise Problem("reason_missing", "whoever postpones a payment says why", path="/because")

    def act(voucher_id: int) -> object:
        revision, _between, state = request.POST.get(f"seen_{voucher_id}", "").partition(".")
        voucher = voucher_seen(voucher_id=voucher_id, revision=whole_of(revision), state=state)
        return voucher_step(voucher=voucher, verb=verb, actor=actor, given=given)

    ids = [whole_of(text) for text in request.POST.getlist("voucher")]
    return submit_each(request, ids=ids, act=act, back=reverse("disbursement:payments"))
