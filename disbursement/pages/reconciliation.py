"""日結核對: the day's books against the bank, every difference in words, and the day opened and closed (B-28)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, may, needs
from agencies.pages.memory import memory_of
from disbursement.documents import wording
from disbursement.models import Reconciliation, TreasuryDay
from disbursement.pages.equations import Equation, in_order
from disbursement.selectors import days as selectors
from disbursement.services.days import DAY, day_close_by, day_end, day_open, is_business_day
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.exports import exported
from treasury.core.pages.listing import ListColumn, Listing
from treasury.core.pages.submissions import submit_once
from treasury.core.pages.wanted import date_of
from treasury.core.texts import either

DIFFERENCES_SHOWN: Final = 200
COLUMNS: Final = (
    ListColumn("日期", "Day", lambda row: row.on),
    ListColumn("開日", "Opened at", lambda row: row.opened_at),
    ListColumn("日結", "Closed at", lambda row: row.closed_at or ""),
)


@needs("disbursement.view_desk")
def reconciliation_days(request: HttpRequest) -> HttpResponse:
    """Every day worked on, the last first, with what its last comparison found."""
    listing = Listing(request, selectors.days(), "days", columns=COLUMNS)
    if file := listing.export():
        return file
    last = selectors.last_reconciliations(row.on for row in listing.shown)
    today = clock.today()
    context = {
        "listing": listing,
        "rows": [(row, last.get(row.on)) for row in listing.shown],
        "today_is_open": TreasuryDay.objects.filter(on=today).exists(),
        "is_business_day": is_business_day(today),
        "may_reconcile": may(actor_in(request), "disbursement.reconcile_day"),
    }
    return render(request, "disbursement/days.html", context)


@needs("disbursement.view_desk")
def reconciliation_day(request: HttpRequest, on: str) -> HttpResponse:
    """One day: the equations, what does not agree, every open item; with `format` the differences as a file."""
    day = _day(on)
    made = list(selectors.reconciliations(day.on).defer("differences")[:20])
    last = selectors.reconciliations(day.on).first()
    differences = last.differences if last is not None else []
    if kind := request.GET.get("format", ""):
        return _file(kind, day.on, differences)
    context: dict[str, Any] = {
        "day": day,
        "last": last,
        "made": made,
        "equations": in_order(_equations(last)) if last is not None else [],
        "unexplained": [row for row in differences if row["is_open"]],
        "explained": [row for row in differences if not row["is_open"]][:DIFFERENCES_SHOWN],
        "explained_count": sum(not row["is_open"] for row in differences),
        "shown_max": DIFFERENCES_SHOWN,
        "entries": memory_of(DAY, day.on.toordinal()),
        "may_reconcile": may(actor_in(request), "disbursement.reconcile_day"),
        "asked": bool(request.GET.get("asked")),
    }
    return render(request, "disbursement/day.html", context)


def _equations(row: Reconciliation) -> list[Equation]:
    """銀行 = 帳列; 銀行 = 可用 + 在途 + 未兌付 + 退匯; and the open items against their accounts."""
    told = row.figures
    return [
        Equation(
            _("帳列與銀行"),
            ((_("銀行結存"), told["bank_closing_twd"]),),
            (_("帳列總存款戶"), told["books_master_twd"]),
        ),
        Equation(
            _("銀行結存的組成"),
            (
                (_("總預算與基金"), told["general_twd"] + told["funds_twd"]),
                (_("匯款在途"), told["in_transit_twd"]),
                (_("未兌付支票"), told["cheques_outstanding_twd"]),
                (_("退匯待處理"), told["returned_twd"]),
            ),
            (_("銀行結存"), told["bank_closing_twd"]),
        ),
        Equation(
            _("匯款在途"),
            ((_("未扣帳批次"), told["batches_unsettled_twd"]), (_("未編批指示"), told["instructions_unbatched_twd"])),
            (_("帳列匯款在途"), told["in_transit_twd"]),
        ),
        Equation(
            _("未兌付支票"),
            ((_("支票明細"), told["cheques_unpaid_twd"]),),
            (_("帳列未兌付支票"), told["cheques_outstanding_twd"]),
        ),
        Equation(
            _("退匯待處理"),
            ((_("退匯明細"), told["lines_returned_twd"]),),
            (_("帳列退匯待處理"), told["returned_twd"]),
        ),
    ]


def _file(kind: str, on: date, differences: list[dict[str, Any]]) -> HttpResponse:
    language = either("zh", "en")
    rows = [
        (
            wording.difference_item(row["item"], language=language),
            wording.difference_reason(row, language=language),
            row["amount_twd"],
            _("待查") if row["is_open"] else _("已說明"),
        )
        for row in differences
    ]
    titles = [_("項目"), either("說明", "Explanation"), _("金額"), _("結果")]
    return exported(kind=kind, name=f"differences-{on:%Y%m%d}", titles=titles, rows=rows)


@require_POST
@needs("disbursement.reconcile_day")
def day_act(request: HttpRequest, on: str, verb: str) -> HttpResponse:
    """`open` today, `reconcile` (a worker fetches the statement, books it and compares), `close` what agrees."""
    day = date_of(on, "on")
    actor = actor_in(request)
    acts: dict[str, Callable[[], object]] = {
        "open": lambda: day_open(on=_only_today(day), actor=actor),
        "reconcile": lambda: day_end(on=_day(on).on, actor=actor),
        "close": lambda: day_close_by(on=_day(on).on, actor=actor),
    }
    if verb not in acts:
        raise Problem("step_unknown", f"there is no step {verb} here", status=404)

    def effect() -> str:
        acts[verb]()
        address = reverse("disbursement:day", args=[day.isoformat()])
        return f"{address}?asked=1" if verb == "reconcile" else address

    return submit_once(request, effect)


def _only_today(day: date) -> date:
    if day != clock.today():
        raise Problem("not_today", f"only today is opened, not {day}", status=409)
    return day


def _day(on: str) -> TreasuryDay:
    row = TreasuryDay.objects.filter(on=date_of(on, "on")).first()
    if row is None:
        raise Problem("not_found", f"the treasury did not work on {on}", status=404)
    return row
