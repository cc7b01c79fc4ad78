"""退匯: lines that came back, corrected by one person, sent again by another, or given back (B-25)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import agencies.selectors
from agencies.pages.access import actor_in, may, needs, require_sees
from agencies.pages.memory import memory_of
from agencies.roles import TREASURY_ROLES
from disbursement.models import PaymentInstruction
from disbursement.pages.again import status_of, submit_or_again, told
from disbursement.pages.columns import by_state, code_said, iso_day, require_state_seen, state_said
from disbursement.pages.equations import Equation, in_order
from disbursement.pages.splitting import draws_in, split_rows
from disbursement.selectors import payments
from disbursement.selectors import returned as selectors
from disbursement.services.draws import draws_of
from disbursement.services.returned_lines import (
    PayeeAccount,
    instruction_correct,
    instruction_resend,
    instruction_return_to_treasury,
)
from disbursement.states import INSTRUCTION
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.offers import offers
from treasury.core.pages.listing import Filter, ListColumn, Listing, by_agency
from treasury.ledger.authorities import Draw
from vouchers import selectors as vouchers

VERBS: Final = ("correct_payee", "ready_again", "return_to_treasury")


def _by_code(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(return_code=value)


FILTERS: Final = (
    by_state(INSTRUCTION, *selectors.CAME_BACK),
    Filter("code", "退匯代碼", "Return code", _by_code),
    Filter("batch", "批次", "Batch", lambda rows, value: rows.filter(batch__message_id=value)),
    by_agency("voucher__agency_id"),
)
COLUMNS: Final = (
    ListColumn("支付指示", "Instruction", lambda row: row.end_to_end_id),
    ListColumn("支用機關", "Agency", lambda row: row.voucher.agency_id),
    ListColumn("憑單編號", "Voucher no.", lambda row: row.voucher.number),
    ListColumn("銀行代號", "Bank code", lambda row: row.bank_code),
    ListColumn("帳號", "Account no.", lambda row: row.account_no),
    ListColumn("戶名", "Account name", lambda row: row.account_name),
    ListColumn("金額", "Amount", lambda row: row.amount_twd),
    ListColumn("退匯原因", "Return reason", lambda row: code_said(row.return_code)),
    ListColumn("款項退回日", "Money back on", lambda row: iso_day(row.returned_on)),
    ListColumn("狀態", "State", lambda row: state_said(INSTRUCTION, row.state)),
)


@needs("disbursement.view_desk", "vouchers.view_voucher")
def returned(request: HttpRequest) -> HttpResponse:
    """Lines that came back: the treasury sees all with the books beside, an agency its own."""
    actor = actor_in(request)
    is_treasury = actor.role in TREASURY_ROLES
    agency_code = "" if is_treasury else actor.agency_code
    rows = selectors.came_back(agency_code)
    if not request.GET.get("state"):
        rows = rows.filter(state__in=selectors.OPEN)
    listing = Listing(request, rows, "returned", filters=FILTERS if is_treasury else FILTERS[:3], columns=COLUMNS)
    if file := listing.export():
        return file
    sums = selectors.sums(agency_code)
    context = {
        "listing": listing,
        "sums": list(sums.items()),
        "equations": in_order([_equation()]) if is_treasury else [],
        "is_treasury": is_treasury,
    }
    return render(request, "disbursement/returned.html", context)


def _equation() -> Equation:
    """退匯待處理: the lines whose money is back come to what the books hold for them."""
    back = selectors.money_back()
    return Equation(
        _("退匯待處理"),
        tuple((state_said(INSTRUCTION, state), tally.amount_twd) for state, tally in back.items()),
        (_("帳列退匯待處理"), payments.cash().returned_twd),
    )


@needs("disbursement.view_desk", "vouchers.view_voucher")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: why it came back, every attempt, and what this person may do with it now."""
    return _page(request, _line(request, pk), None)


def _page(request: HttpRequest, row: PaymentInstruction, problem: Problem | None) -> HttpResponse:
    open_steps = offers(row, actor=actor_in(request))
    open_verbs = [one.step.verb for one in open_steps if one.is_open and one.step.verb in VERBS]
    attempts = list(row.attempts.select_related("batch").defer("batch__message", "batch__roster").order_by("attempt"))
    codes = {row.bank_code, *(attempt.bank_code for attempt in attempts)}
    context: dict[str, Any] = {
        "line": row,
        "verbs": open_verbs,
        "kept_apart": any(one.problem is not None and one.problem.code == "separation_of_duty" for one in open_steps),
        "attempts": attempts,
        "banks": agencies.selectors.bank_names(codes),
        "bank_name": agencies.selectors.bank_names(codes).get(row.bank_code, ""),
        "slip": getattr(row, "return_slip", None),
        "splits": split_rows(_accounts(row)) if "return_to_treasury" in open_verbs else [],
        "entries": memory_of("instruction", row.pk),
        "is_treasury": may(actor_in(request), "disbursement.view_desk"),
        **told(request, problem),
    }
    return render(request, "disbursement/returned_line.html", context, status=status_of(problem))


@require_POST
@needs("disbursement.correct_instruction", "disbursement.pay_voucher")
def line_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """`correct_payee`, `ready_again` (send again) or `return_to_treasury` (give back)."""
    row = _line(request, pk)
    if verb not in _ACTS:
        raise Problem("step_unknown", f"there is no step {verb} here", status=404)

    def effect() -> str:
        require_state_seen(request, _line(request, pk).state)
        _ACTS[verb](request, row, actor_in(request))
        return reverse("disbursement:returned_line", args=[pk])

    return submit_or_again(request, effect, lambda problem: _page(request, row, problem))


def _correct(request: HttpRequest, row: PaymentInstruction, actor: Actor) -> object:
    form = request.POST
    payee = PayeeAccount(
        form.get("bank_code", "").strip(), form.get("account_no", "").strip(), form.get("account_name", "").strip()
    )
    return instruction_correct(instruction=row, payee=payee, actor=actor, because=form.get("because", ""))


def _give_back(request: HttpRequest, row: PaymentInstruction, actor: Actor) -> object:
    return instruction_return_to_treasury(
        instruction=row,
        actor=actor,
        because=request.POST.get("because", ""),
        draws=draws_in(request.POST, _accounts(row)),
    )


_ACTS: Final[dict[str, Callable[[HttpRequest, PaymentInstruction, Actor], object]]] = {
    "correct_payee": _correct,
    "ready_again": lambda request, row, actor: instruction_resend(instruction=row, actor=actor),
    "return_to_treasury": _give_back,
}


def _accounts(row: PaymentInstruction) -> list[Draw]:
    return draws_of(vouchers.voucher(row.voucher_id))


def _line(request: HttpRequest, pk: int) -> PaymentInstruction:
    rows = PaymentInstruction.objects.select_related("voucher__agency", "batch", "return_slip")
    row = rows.defer("voucher__content", "batch__message", "batch__roster").filter(pk=pk).first()
    if row is None:
        raise Problem("not_found", f"there is no line {pk}", status=404)
    require_sees(actor_in(request), row.agency_code, f"line {pk}")
    return row
