"""支票作業: the stock, the cheques issued, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, may, needs
from agencies.pages.memory import memory_of
from disbursement.documents import cheque_shapes, cheques_issued
from disbursement.models import Cheque
from disbursement.pages.again import status_of, submit_or_again, told
from disbursement.pages.columns import by_date, by_state, iso_day, require_state_seen, state_said
from disbursement.pages.registers import pdf_response
from disbursement.pages.splitting import draws_in, split_rows
from disbursement.selectors import cheques as selectors
from disbursement.services.cheque_desk import accounts_of, cheque_cancel, cheque_hand_over, cheque_spoil, goes_back
from disbursement.services.cheque_stops import cheque_lift_stop, cheque_stop
from disbursement.services.cheques import cheque_stock_receive
from disbursement.states import CHEQUE
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.documents.render import render_many
from treasury.core.errors import Problem
from treasury.core.offers import offers
from treasury.core.pages.listing import Filter, ListColumn, Listing, by_agency
from treasury.core.pages.wanted import day_wanted
from treasury.core.whole import whole_of

# One PDF of so many cheques at most: a day has fewer, and a printer's tray holds no more.
RUN_MAX: Final = 500
# What people do; issuing and clearing come of paying and of the bank's statement.
VERBS: Final = ("spoil", "hand_over", "stop", "lift_stop", "cancel_cheque")
FILTERS: Final = (
    by_state(CHEQUE),
    Filter("number", "支票號碼", "Cheque no.", lambda rows, value: rows.filter(series=value[:2], serial=value[2:])),
    by_date("on", "issued_on", "簽開日", "Issued on"),
    by_agency("voucher__agency_id"),
)
COLUMNS: Final = (
    ListColumn("支票號碼", "Cheque no.", lambda row: row.cheque_no),
    ListColumn("支用機關", "Agency", lambda row: row.voucher.agency_id if row.voucher else ""),
    ListColumn("憑單編號", "Voucher no.", lambda row: row.voucher.number if row.voucher else ""),
    ListColumn("受款人", "Payee", lambda row: row.payee_name),
    ListColumn("簽開日", "Issued on", lambda row: iso_day(row.issued_on)),
    ListColumn("金額", "Amount", lambda row: row.amount_twd or ""),
    ListColumn("狀態", "State", lambda row: state_said(CHEQUE, row.state)),
)


@needs("disbursement.view_desk")
def cheques(request: HttpRequest) -> HttpResponse:
    """The stock, what unpaid cheques come to, and every cheque that is no blank (the blanks with `state=blank`)."""
    return _desk(request, None)


def _desk(request: HttpRequest, problem: Problem | None) -> HttpResponse:
    rows = Cheque.objects.order_by("pk") if request.GET.get("state") == "blank" else selectors.cheques()
    listing = Listing(request, rows.select_related("voucher__agency"), "cheques", filters=FILTERS, columns=COLUMNS)
    if file := listing.export():
        return file
    context = {
        "listing": listing,
        "stocks": selectors.stocks(),
        "outstanding": [(state, amount_twd) for state, amount_twd in selectors.outstanding_twd().items()],
        "run_on": day_wanted(request),
        "is_payer": may(actor_in(request), "disbursement.pay_voucher"),
        **told(request, problem),
    }
    return render(request, "disbursement/cheques.html", context, status=status_of(problem))


@require_POST
@needs("disbursement.pay_voucher")
def stock_receive(request: HttpRequest) -> HttpResponse:
    """Takes a book of blanks into the stock."""

    def effect() -> str:
        cheque_stock_receive(count=whole_of(request.POST.get("count", "")), actor=actor_in(request))
        return f"{reverse('disbursement:cheques')}?state=blank"

    return submit_or_again(request, effect, lambda problem: _desk(request, problem))


@needs("disbursement.view_desk")
def cheque(request: HttpRequest, pk: int) -> HttpResponse:
    """One cheque: what it says, what became of it, and what may be done now."""
    return _page(request, _cheque(pk), None)


def _page(request: HttpRequest, row: Cheque, problem: Problem | None) -> HttpResponse:
    open_verbs = [
        offer.step.verb for offer in offers(row, actor=actor_in(request)) if offer.is_open and offer.step.verb in VERBS
    ]
    cancellation = getattr(row, "cancellation", None)
    on = clock.today() if cancellation is None else cancellation.made_on
    context: dict[str, Any] = {
        "cheque": row,
        "goes_back": row.voucher is None or goes_back(row.voucher, on=on),
        "verbs": open_verbs,
        "outcome": selectors.stop_outcome(row),
        "splits": split_rows(accounts_of(row)) if "cancel_cheque" in open_verbs else [],
        "cancellation": cancellation,
        "entries": memory_of("cheque", row.pk),
        **told(request, problem),
    }
    return render(request, "disbursement/cheque.html", context, status=status_of(problem))


@require_POST
@needs("disbursement.pay_voucher", "disbursement.stop_cheque")
def cheque_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Takes a step with a cheque: fields `because`, and what the step asks for."""
    row = _cheque(pk)
    if verb not in _ACTS:
        raise Problem("step_unknown", f"there is no step {verb} here", status=404)

    def effect() -> str:
        require_state_seen(request, _cheque(pk).state)
        _ACTS[verb](request, row, actor_in(request))
        return reverse("disbursement:cheque", args=[pk])

    return submit_or_again(request, effect, lambda problem: _page(request, row, problem))


def _because(request: HttpRequest) -> str:
    return request.POST.get("because", "").strip()


def _cancel(request: HttpRequest, row: Cheque, actor: Actor) -> object:
    return cheque_cancel(
        cheque=row,
        actor=actor,
        because=_because(request),
        is_back="is_back" in request.POST,
        draws=draws_in(request.POST, accounts_of(row)),
    )


_ACTS: Final[dict[str, Callable[[HttpRequest, Cheque, Actor], object]]] = {
    "spoil": lambda request, row, actor: cheque_spoil(cheque=row, actor=actor, because=_because(request)),
    "hand_over": lambda request, row, actor: cheque_hand_over(
        cheque=row, actor=actor, received_by=request.POST.get("received_by", ""), because=_because(request)
    ),
    "stop": lambda request, row, actor: cheque_stop(cheque=row, actor=actor, because=_because(request)),
    "lift_stop": lambda request, row, actor: cheque_lift_stop(cheque=row, actor=actor, because=_because(request)),
    "cancel_cheque": _cancel,
}


@needs("disbursement.view_desk")
def cheque_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """An issued cheque as it is printed on its form."""
    row = _cheque(pk)
    if row.voucher is None:
        raise Problem("not_found", f"{row} is blank: there is nothing to print", status=404)
    return pdf_response(render_many(cheque_shapes([row])), row.cheque_no)


@needs("disbursement.view_desk")
def run_pdf(request: HttpRequest) -> HttpResponse:
    """All cheques issued on a day (`on`) in one file, for the printer."""
    on = day_wanted(request)
    rows = list(cheques_issued(on=on).exclude(state="cancelled")[: RUN_MAX + 1])
    if not rows:
        raise Problem("no_cheques", f"no cheque was issued on {on}", status=404)
    if len(rows) > RUN_MAX:
        raise Problem("too_many", f"more than {RUN_MAX} cheques were issued on {on}: print them one by one")
    return pdf_response(render_many(cheque_shapes(rows)), f"cheques-{on:%Y%m%d}")


def _cheque(pk: int) -> Cheque:
    rows = Cheque.objects.select_related("voucher__agency", "cancellation").defer("voucher__content")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Problem("not_found", f"there is no cheque {pk}", status=404)
    return row
