"""The page of a voucher: the document as the paper has it, and beside it what matters now."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.pages.access import actor_in, may, needs
from signing import services as signing
from treasury.core.actors import Actor
from treasury.core.documents import render as printed
from treasury.core.pages.panels import panels_of
from treasury.core.pages.wanted import page_wanted
from treasury.core.texts import either
from vouchers import selectors
from vouchers.balances import balances_of
from vouchers.differences import differences
from vouchers.documents import voucher_shape
from vouchers.models import Voucher
from vouchers.pages.diff import Shown, shown_differences
from vouchers.pages.nexts import actions_of, holder_of
from vouchers.pages.places import place_words
from vouchers.pages.seen import voucher_shown
from vouchers.pages.timeline import timeline_of
from vouchers.revisions import Revision, revisions_of
from vouchers.rules import Finding
from vouchers.services.preparation import voucher_findings

PAYEES_SHOWN: Final = 50
CHANGES_SHOWN: Final = 20
# As long as the agency can still mend it.
_JUDGED: Final = ("draft", "in_review", "awaiting_accountant", "awaiting_head", "certified", "returned")


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding in the reader's language, with the place in the document it speaks of."""

    rule: str
    reason: str
    place: str
    anchor: str
    message: str
    remedy: str


@needs("vouchers.view_voucher")
def voucher_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A voucher as its reader may see it."""
    actor = actor_in(request)
    return voucher_render(request, voucher_shown(pk, actor), actor)


@needs("vouchers.print_voucher", "disbursement.view_desk")
def voucher_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The voucher as its form prints it."""
    row = voucher_shown(pk, actor_in(request))
    name = f"{row.agency_code}-{row.fiscal_year}-{row.number}.pdf"
    return HttpResponse(
        printed(voucher_shape(row)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@needs("signing.view_evidence")
def voucher_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence of the newest revision that was released: one file to check without us (A-4)."""
    row = voucher_shown(pk, actor_in(request))
    made = signing.evidence_export(document_ref=row.reference)
    return HttpResponse(
        made.data,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


def voucher_render(
    request: HttpRequest,
    row: Voucher,
    actor: Actor,
    *,
    errors: list[tuple[str, str]] | None = None,
    given: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page itself; `errors` (message, anchor) and what was `given` come from a step that was refused."""
    asked = selectors.return_request_of(row)
    actions, blocked = actions_of(row, actor, asked)
    signatures = signing.signatures_shown(document_ref=row.reference)
    revisions = revisions_of(row) if row.revision > 1 else ()
    context: dict[str, Any] = {
        "voucher": row,
        **document_context(request, row),
        "actions": actions,
        "blocked": blocked,
        "holder": holder_of(row, actor),
        "waiting_since": selectors.waiting_since([row.pk]).get(row.pk),
        "return_request": asked,
        "findings": findings_shown(voucher_findings(row)) if row.state in _JUDGED else None,
        "balances": balances_of(row),
        "signatures": [one for one in signatures if one.revision == row.revision],
        "earlier_signatures": [one for one in signatures if one.revision != row.revision],
        "revisions": revisions,
        **_changes(revisions),
        "panels": panels_of("voucher", row, actor),
        "evidence_revision": _evidence_revision(row, actor) if signatures else None,
        "timeline": timeline_of(row, signatures),
        "errors": errors or [],
        "given": given or {},
    }
    return render(request, "vouchers/voucher.html", context, status=status)


def _evidence_revision(row: Voucher, actor: Actor) -> int | None:
    """The revision whose evidence the reader may take away, None without one."""
    return signing.revision_sealed(document_ref=row.reference) if may(actor, "signing.view_evidence") else None


def findings_shown(findings: tuple[Finding, ...]) -> list[FindingShown]:
    """Findings as a page lists them; a click goes to the field."""
    return [
        FindingShown(
            rule=one.rule,
            reason=one.reason.value,
            place=place_words(one.path),
            anchor=document_anchor(one.path),
            message=either(one.message_zh, one.message_en),
            remedy=either(one.remedy_zh, one.remedy_en),
        )
        for one in findings
    ]


def document_anchor(path: str) -> str:
    """Where the document shows a field: `payee-4` for a line of the payee list, else `part-<first name>`."""
    steps = [step for step in path.split("/") if step]
    if steps[:1] == ["payee_lines"] and len(steps) > 1 and int(steps[1]) < PAYEES_SHOWN:
        return f"#payee-{int(steps[1]) + 1}"
    parts = {"payee_lines": "payees", "account_lines": "accounts", "notes": "remarks", "originals": "originals"}
    known = ("purpose", "method", "network", "gate", "nature", "issue_date", "total_twd")
    first = steps[0] if steps else ""
    return f"#part-{parts.get(first, first if first in known else 'remarks')}" if first else "#document"


def document_context(request: HttpRequest, row: Voucher) -> dict[str, Any]:
    """The document in words, with one page of its payees."""
    shape = voucher_shape(row)
    payees = getattr(shape, "payee_lines", ())
    page_count = max(1, -(-len(payees) // PAYEES_SHOWN))
    page_no = page_wanted(request.GET.get("payees", "1"), page_count)
    start = (page_no - 1) * PAYEES_SHOWN
    return {
        "shape": shape,
        "payees": list(enumerate(payees[start : start + PAYEES_SHOWN], start + 1)),
        "payee_pages": [(number, f"?payees={number}#part-payees") for number in range(1, page_count + 1)],
        "payee_page_no": page_no,
    }


def _changes(revisions: tuple[Revision, ...]) -> dict[str, Any]:
    """What changed since the revision before, for those who have seen that one."""
    if len(revisions) < 2:
        return {"changes": None}
    found: list[Shown] = shown_differences(differences(revisions[-2].content, revisions[-1].content))
    return {
        "changes": found[:CHANGES_SHOWN],
        "changes_more": max(0, len(found) - CHANGES_SHOWN),
        "last_revision": revisions[-2],
    }
