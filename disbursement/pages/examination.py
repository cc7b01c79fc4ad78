"""審核: the queue of an examiner, and the desk page where one voucher is judged (B-23, B-24)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from agencies.pages.access import actor_in, needs
from disbursement.pages import queue
from disbursement.selectors import desk
from disbursement.services.examination import Examination, voucher_examine
from disbursement.services.paper import SEALS
from disbursement.services.previews import STALE_AFTER, vouchers_preview
from disbursement.services.steps import EXAMINER_CHECKS, TREASURY_STEPS
from signing import services as signing
from treasury.core.errors import Problem
from treasury.core.offers import Offer, offers
from treasury.core.pages.listing import Listing
from treasury.core.texts import either
from treasury.core.whole import whole_of
from vouchers import selectors as vouchers
from vouchers import words
from vouchers.balances import balances_of
from vouchers.differences import differences
from vouchers.english import payee_words, word
from vouchers.pages.diff import shown_differences
from vouchers.pages.voucher import CHANGES_SHOWN, document_context, findings_shown
from vouchers.reasons import Reason
from vouchers.revisions import revisions_of

if TYPE_CHECKING:
    from vouchers.models import Voucher

# What an examiner may decide here, in the order of the forms.
DECISIONS: Final = ("accept", "return_to_agency", "hold_for_paper", "resume", "receive_paper")
CHECK_WORDS: Final = {
    "B-23.2.3": ("支出用途符合分配預算（基金、專戶）之法定用途及條件", "The purpose fits what the money is for"),
    "B-23.3": ("其他項目無誤、漏或違反規定之情事", "No other error, omission or breach"),
}


@dataclass(frozen=True, slots=True)
class ReasonBox:
    """One of the eleven reasons as the return form offers it."""

    reason: Reason
    is_marked: bool

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        return either(self.reason.zh, self.reason.en)


@needs("disbursement.view_desk")
def examination(request: HttpRequest) -> HttpResponse:
    """The queue: oldest first, narrowed by agency, method, amount, due date, state and findings; as a file too."""
    listing = Listing(
        request,
        queue.waiting(request.GET),
        name="examination",
        filters=queue.FILTERS,
        columns=queue.COLUMNS,
    )
    if file := listing.export():
        return file
    shown = vouchers.vouchers_in(desk.UNDECIDED, ids=[one.pk for one in listing.shown])
    found = vouchers_preview(list(shown.defer(None)))
    context = {
        "listing": listing,
        "lines": [
            (row, payee_words(row.first_payee, row.payee_count), queue.method_words(row), found.get(row.pk))
            for row in listing.shown
        ],
        "query": queue.kept(request.GET),
        "decided": _decided(request),
        "unjudged_count": queue.unjudged_count(request.GET),
        "stale_minutes": int(STALE_AFTER.total_seconds() // 60),
    }
    return render(request, "disbursement/examination.html", context)


@needs("disbursement.view_desk")
def examine(request: HttpRequest, voucher_id: int) -> HttpResponse:
    """One voucher on the desk: document and findings side by side, balances, signatures, what was before."""
    return desk_page(request, voucher_id, query=request.GET)


def desk_page(
    request: HttpRequest, voucher_id: int, *, query: QueryDict, problem: Problem | None = None, verb: str = ""
) -> HttpResponse:
    """The desk page; with the problem of a step that was refused, what was filled in still stands."""
    voucher, actor = vouchers.voucher(voucher_id), actor_in(request)
    judged = _judged(voucher)
    open_steps = {offer.step.verb: offer for offer in offers(voucher, actor=actor) if offer.step.verb in DECISIONS}
    before, after = queue.neighbours(query, voucher_id)
    asked = vouchers.return_request_of(voucher)
    context = {
        "voucher": voucher,
        **document_context(request, voucher),
        **_changes(voucher),
        "signatures": _signatures(voucher),
        "reception": desk.reception_of(voucher),
        "acceptance": desk.acceptance_of(voucher),
        "findings": findings_shown(judged.findings if judged else ()),
        "is_judged": judged is not None,
        "balances": balances_of(voucher),
        "return_request": asked,
        "notices": list(desk.notices_of_voucher(voucher)),
        "earlier": desk.notices_of_agency(voucher),
        "paper_acts": desk.paper_acts(voucher),
        "forms": _forms(open_steps),
        "blocked": _blocked(open_steps),
        "reasons": _reasons(request, judged, asked_back=asked is not None, verb=verb),
        "checks": [
            (code, either(*CHECK_WORDS[code]), code in request.POST.getlist("check")) for code in EXAMINER_CHECKS
        ],
        "seals": [(name, word(words.CAPACITIES[name]), name in request.POST.getlist("seal")) for name in SEALS],
        "problem": problem,
        "problem_verb": verb,
        "note": request.POST.get("because", ""),
        "query": queue.kept(query),
        "before_url": _desk_address(before, query),
        "after_url": _desk_address(after, query),
        "decided": _decided(request),
    }
    return render(request, "disbursement/examine.html", context, status=problem.status if problem else 200)


def _judged(voucher: Voucher) -> Examination | None:
    """What the rules find in a voucher that still waits for a decision; None for one that does not."""
    return voucher_examine(voucher=voucher) if voucher.state in desk.UNDECIDED else None


def _signatures(voucher: Voucher) -> list[signing.SignatureFacts]:
    """The signatures over the revision in hand."""
    found = signing.signatures_shown(document_ref=voucher.reference)
    return [one for one in found if one.revision == voucher.revision]


def _changes(voucher: Voucher) -> dict[str, Any]:
    """What the agency changed since the revision before, if there was one."""
    revisions = revisions_of(voucher) if voucher.revision > 1 else ()
    if len(revisions) < 2:
        return {"changes": None}
    found = shown_differences(differences(revisions[-2].content, revisions[-1].content))
    return {
        "changes": found[:CHANGES_SHOWN],
        "changes_more": len(found[CHANGES_SHOWN:]),
        "earlier_revision": revisions[-2],
    }


def _forms(open_steps: dict[str, Offer]) -> list[str]:
    """The verbs whose forms stand on the page: those the reader may take now."""
    return [verb for verb in DECISIONS if verb in open_steps and open_steps[verb].is_open and verb in TREASURY_STEPS]


def _blocked(open_steps: dict[str, Offer]) -> Problem | None:
    """Why somebody with the role may not decide after all (separation of duty); None for whoever has no such role."""
    problems = [offer.problem for offer in open_steps.values() if offer.problem is not None]
    return next((problem for problem in problems if problem.code == "separation_of_duty"), None)


def _reasons(request: HttpRequest, judged: Examination | None, *, asked_back: bool, verb: str) -> list[ReasonBox]:
    """The checklist of the eleven: marked as sent, else by what was found and whether the agency asked (R07)."""
    if verb == "return_to_agency":
        marked = set(request.POST.getlist("reason"))
    else:
        marked = set(judged.reasons if judged else ()) | ({"R07"} if asked_back else set())
    return [ReasonBox(reason, reason.value in marked) for reason in Reason]


def _desk_address(voucher_id: int | None, query: QueryDict) -> str:
    if voucher_id is None:
        return ""
    filters = queue.kept(query)
    return reverse("disbursement:examine", args=[voucher_id]) + (f"?{filters}" if filters else "")


def _decided(request: HttpRequest) -> dict[str, Any] | None:
    """What was decided just before, told on the page that came next; read from the books, so a reload says the same."""
    row = vouchers.vouchers_listed().filter(pk=whole_of(request.GET.get("decided", ""), digits=15)).first()
    if row is None:
        return None
    return {
        "voucher": row,
        "act": desk.last_act(row),
        "acceptance": desk.acceptance_of(row) if row.state not in desk.UNDECIDED else None,
        "notice": desk.notices_of_voucher(row).first() if row.state == "returned" else None,
    }
