"""通匯批次: remittance runs, what became of their lines, and what to do with one that the bank does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, may, needs
from agencies.pages.memory import memory_of
from disbursement.models import RemittanceBatch
from disbursement.pages.again import status_of, submit_or_again, told
from disbursement.pages.columns import (
    BY_NETWORK,
    NETWORKS,
    by_date,
    by_state,
    code_said,
    iso_day,
    network_said,
    require_state_seen,
    state_said,
)
from disbursement.pages.equations import Equation, in_order
from disbursement.selectors import batches as selectors
from disbursement.services.batches import batch_send_again, batches_build
from disbursement.services.refused_batches import refused_batch_void
from disbursement.services.rejected_batches import rejected_batch_repeat
from disbursement.states import BATCH, INSTRUCTION
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.submissions import submit_once

FILTERS: Final = (by_state(BATCH), BY_NETWORK, by_date("on", "execution_on", "執行日", "Execution date"))
COLUMNS: Final = (
    ListColumn("批次", "Batch", lambda row: row.message_id),
    ListColumn("通匯系統", "Network", lambda row: network_said(row.network)),
    ListColumn("執行日", "Execution date", lambda row: iso_day(row.execution_on)),
    ListColumn("筆數", "Lines", lambda row: row.line_count),
    ListColumn("金額", "Amount", lambda row: row.total_twd),
    ListColumn("狀態", "State", lambda row: state_said(BATCH, row.state)),
)
LINE_FILTERS: Final = (
    by_state(INSTRUCTION),
    Filter("voucher", "憑單編號", "Voucher no.", lambda rows, value: rows.filter(voucher__number=value)),
    Filter("account", "帳號", "Account no.", lambda rows, value: rows.filter(account_no=value)),
)
LINE_COLUMNS: Final = (
    ListColumn("支付指示", "Instruction", lambda row: row.end_to_end_id),
    ListColumn("支用機關", "Agency", lambda row: row.voucher.agency_id),
    ListColumn("憑單編號", "Voucher no.", lambda row: row.voucher.number),
    ListColumn("銀行代號", "Bank code", lambda row: row.bank_code),
    ListColumn("帳號", "Account no.", lambda row: row.account_no),
    ListColumn("戶名", "Account name", lambda row: row.account_name),
    ListColumn("金額", "Amount", lambda row: row.amount_twd),
    ListColumn("狀態", "State", lambda row: state_said(INSTRUCTION, row.state)),
    ListColumn("退匯原因", "Return reason", lambda row: code_said(row.return_code)),
)


@needs("disbursement.view_desk")
def batches(request: HttpRequest) -> HttpResponse:
    """Every batch, what became of it, and what is ready to be put into one."""
    listing = Listing(request, selectors.batches(), "batches", filters=FILTERS, columns=COLUMNS)
    if file := listing.export():
        return file
    fates = selectors.fates_of(listing.shown)
    deliveries = selectors.deliveries_of(listing.shown)
    ready = selectors.ready()
    context = {
        "listing": listing,
        "rows": [(row, fates[row.pk], deliveries.get(row.pk)) for row in listing.shown],
        "ready": [(network, ready[network]) for network in NETWORKS if network in ready],
        "is_payer": may(actor_in(request), "disbursement.pay_voucher"),
    }
    return render(request, "disbursement/batches.html", context)


@require_POST
@needs("disbursement.pay_voucher")
def batches_make(request: HttpRequest) -> HttpResponse:
    """Puts everything that is ready into today's batches; a worker brings them to the bank."""

    def effect() -> str:
        built = batches_build(on=clock.today(), actor=actor_in(request))
        if len(built) == 1:
            return _page_of(built[0].pk)
        return f"{reverse('disbursement:batches')}?state=built" if built else reverse("disbursement:batches")

    return submit_once(request, effect)


@needs("disbursement.view_desk")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: the equation of its lines, the lines, its files, and the way on."""
    return _page(request, _batch(pk), None)


def _page(request: HttpRequest, row: RemittanceBatch, problem: Problem | None) -> HttpResponse:
    lines = selectors.lines_of(row)
    listing = Listing(request, lines, f"batch-{row.message_id}", filters=LINE_FILTERS, columns=LINE_COLUMNS)
    if file := listing.export():
        return file
    fate = selectors.fates_of([row])[row.pk]
    actor = actor_in(request)
    context: dict[str, Any] = {
        "batch": row,
        "listing": listing,
        "attempts": selectors.attempts_in(row)[:50],
        "equations": in_order([equation_of(fate)]),
        "fate": fate,
        "delivery": selectors.delivery_of(row),
        "refusal": selectors.refusal_of(row),
        "waiting_count": lines.filter(state="returned_by_bank").count() if row.state == "rejected" else 0,
        "is_payer": may(actor, "disbursement.pay_voucher"),
        "is_settler": may(actor, "disbursement.settle_voucher"),
        "entries": memory_of("batch", row.pk),
        **told(request, problem),
    }
    return render(request, "disbursement/batch.html", context, status=status_of(problem))


def equation_of(fate: selectors.Fate) -> Equation:
    """送出 = 已入帳 + 退匯 + 結果未回."""
    return Equation(
        _("送出的金額"),
        (
            (_("已入帳"), fate.credited.amount_twd),
            (_("退匯"), fate.returned.amount_twd),
            (_("結果未回"), fate.unknown.amount_twd),
        ),
        (_("送出"), fate.sent.amount_twd),
        is_whole=fate.adds_up,
    )


@require_POST
@needs("disbursement.pay_voucher", "disbursement.settle_voucher")
def batch_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """`send` (or ask the bank), `repeat` what it rejected, `void` what it refused; the last two with a reason."""
    row = _batch(pk)
    because = request.POST.get("because", "").strip()
    actor = actor_in(request)
    acts: dict[str, Callable[[], object]] = {
        "send": lambda: batch_send_again(batch_id=pk, actor=actor),
        "repeat": lambda: rejected_batch_repeat(batch=row, actor=actor, because=because),
        "void": lambda: refused_batch_void(batch=row, actor=actor, because=because),
    }
    if verb not in acts:
        raise Problem("step_unknown", f"there is no step {verb} here", status=404)

    def effect() -> str:
        require_state_seen(request, _batch(pk).state)
        acts[verb]()
        return reverse("disbursement:batches") if verb == "repeat" else _page_of(pk)

    return submit_or_again(request, effect, lambda problem: _page(request, row, problem))


@needs("disbursement.view_desk")
def batch_message(request: HttpRequest, pk: int) -> HttpResponse:
    """The pain.001 byte by byte, as it goes to the bank."""
    row = RemittanceBatch.objects.filter(pk=_batch(pk).pk).only("message", "message_id").get()
    return _file(bytes(row.message), f"{row.message_id}.pain.001.xml", "application/xml")


@needs("disbursement.view_desk")
def batch_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster of an entrusted transfer (JSON Lines)."""
    row = RemittanceBatch.objects.filter(pk=_batch(pk).pk).only("roster", "message_id").get()
    if row.roster is None:
        raise Problem("not_found", f"{row.message_id} has no roster", status=404)
    return _file(bytes(row.roster), f"{row.message_id}.roster.jsonl", "application/x-ndjson")


def _file(body: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


def _batch(pk: int) -> RemittanceBatch:
    row = selectors.batches().filter(pk=pk).first()
    if row is None:
        raise Problem("not_found", f"there is no batch {pk}", status=404)
    return row


def _page_of(pk: int) -> str:
    return reverse("disbursement:batch", args=[pk])
