"""One address for every step of the treasury on a voucher: what was looked at is what is decided on, once."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, needs
from disbursement.pages.examination import desk_page
from disbursement.pages.queue import next_address
from disbursement.selectors import desk
from disbursement.services.paper import SEALS, PaperCheck
from disbursement.services.steps import Given, voucher_step
from treasury.core.errors import Problem
from treasury.core.pages.submissions import submit_once
from treasury.core.pages.wanted import own_address
from treasury.core.whole import whole_of
from vouchers import selectors as vouchers
from vouchers.services.agency_steps import voucher_seen

# Steps taken at the examination desk: after one the next voucher opens.
AT_THE_DESK: Final = ("accept", "return_to_agency", "hold_for_paper", "resume", "receive_paper")
_MENDED: Final = frozenset({422})


@require_POST
@needs(
    "disbursement.examine_voucher",
    "disbursement.receive_paper",
    "disbursement.postpone_voucher",
    "disbursement.schedule_voucher",
    "disbursement.pay_voucher",
)
def step(request: HttpRequest, voucher_id: int, verb: str) -> HttpResponse:
    """Takes a step on a voucher and goes on to the next one, or to the address the form names (`next`).

    Fields: `seen_revision`, `seen_state`, what the step asks for (`because`, `reason`, `check`, `seal`, `same`), the
    filters of the queue as `queue`. 409 with a page that says who was quicker; what can be mended is shown at the form.
    """
    given = given_in(request.POST)
    goes_on = own_address(request, request.POST.get("next", ""))
    queue = QueryDict(request.POST.get("queue", ""))

    def take() -> str:
        voucher = voucher_seen(
            voucher_id=voucher_id,
            revision=whole_of(request.POST.get("seen_revision", "")),
            state=request.POST.get("seen_state", ""),
        )
        voucher_step(voucher=voucher, verb=verb, actor=actor_in(request), given=given)
        if goes_on:
            return goes_on
        return next_address(queue, voucher_id) if verb in AT_THE_DESK else _page_of(voucher_id)

    try:
        return submit_once(request, take)
    except Problem as problem:
        if problem.status == 409:
            return stale_page(request, voucher_id, problem, queue=queue, goes_on=goes_on)
        if verb in AT_THE_DESK and problem.status in _MENDED:
            return desk_page(request, voucher_id, query=queue, problem=problem, verb=verb)
        raise


def given_in(form: QueryDict) -> Given:
    """What a form says with a step."""
    note = form.get("because", "").strip()
    return Given(
        because=note,
        reasons=tuple(form.getlist("reason")),
        checks=tuple(form.getlist("check")),
        paper=PaperCheck(
            seals={capacity: capacity in form.getlist("seal") for capacity in SEALS},
            is_content_same="same" in form,
            note=note,
        ),
    )


def stale_page(
    request: HttpRequest, voucher_id: int, problem: Problem, *, queue: QueryDict, goes_on: str = ""
) -> HttpResponse:
    """The page for whoever came too late: who did what meanwhile, and where to go on (409)."""
    voucher = vouchers.voucher(voucher_id)
    context = {
        "problem": problem,
        "voucher": voucher,
        "act": desk.last_act(voucher),
        "fresh_url": reverse("disbursement:examine", args=[voucher_id]),
        "goes_on": goes_on or next_address(queue, voucher_id),
    }
    return render(request, "disbursement/stale.html", context, status=problem.status)


def _page_of(voucher_id: int) -> str:
    return reverse("vouchers:voucher", args=[voucher_id])
