"""One address for every step of the agency that is taken by a button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, needs
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.submissions import submit_once
from treasury.core.texts import either
from treasury.core.whole import whole_of
from vouchers.models import Voucher
from vouchers.pages.seen import voucher_shown
from vouchers.pages.timeline import timeline_of
from vouchers.pages.voucher import document_anchor, voucher_render
from vouchers.services.agency_steps import agency_step, agency_step_take, voucher_seen
from vouchers.services.preparation import VoucherRefused

# What is mended on the page itself; everything else has a page of its own.
_MENDED_HERE = ("because_missing", "voucher_refused")


@require_POST
@needs("vouchers.view_voucher")
def voucher_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Takes a step on the voucher as it was seen, once for the form, and goes on to the page that says so."""
    actor = actor_in(request)
    row = voucher_shown(pk, actor)
    step = agency_step(verb)
    because = request.POST.get("because", "")

    def effect() -> str:
        held = voucher_seen(
            voucher_id=pk,
            revision=whole_of(request.POST.get("seen_revision", "")),
            state=request.POST.get("seen_state", ""),
        )
        taken = agency_step_take(verb=verb, voucher=held, actor=actor, because=because)
        done = "print_for_paper" if verb == "pass_review" and taken.state == "printed" else verb
        return reverse("vouchers:done", args=[pk, done])

    try:
        return submit_once(request, effect)
    except Problem as problem:
        if problem.code == "seen_is_stale":
            return stale_page(request, row, actor, problem, either(step.title_zh, step.title_en))
        if problem.code not in _MENDED_HERE:
            raise
        given = {"verb": verb, "because": because}
        return voucher_render(request, row, actor, errors=_errors(problem, verb), given=given, status=problem.status)


def stale_page(request: HttpRequest, row: Voucher, actor: Actor, problem: Problem, title: str) -> HttpResponse:
    """What somebody else did meanwhile, and the way to the fresh page (409)."""
    context = {
        "voucher": row,
        "problem": problem,
        "step_title": title,
        "entries": timeline_of(row, ())[-3:],
        "seen_revision": request.POST.get("seen_revision", ""),
        "seen_state": request.POST.get("seen_state", ""),
    }
    return render(request, "vouchers/stale.html", context, status=409)


def _errors(problem: Problem, verb: str) -> list[tuple[str, str]]:
    """Every finding with its place in the document, or the field that was left empty."""
    if isinstance(problem, VoucherRefused):
        return [(either(one.message_zh, one.message_en), document_anchor(one.path)) for one in problem.findings]
    return [(either("請填寫原因", "Say why"), f"#because-{verb}")]
