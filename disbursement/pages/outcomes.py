"""One form for many subjects: each is acted on by itself, and a page that stays says what became of each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from agencies.pages.access import needs
from treasury.core.errors import Problem
from treasury.core.idempotency import attempt_each, once
from treasury.core.models import IdempotencyKey
from treasury.core.pages.submissions import key_given
from vouchers import selectors as vouchers

MOST = 200


def submit_each(request: HttpRequest, *, ids: Iterable[int], act: Callable[[int], object], back: str) -> HttpResponse:
    """Runs `act` once for each id, each in a transaction of its own, and goes on to the page of the outcomes.

    The same form again leads to the same page. Problem `nothing_chosen`, `too_many`, `submission_missing`.
    """
    wanted = sorted(set(ids))
    if not wanted:
        raise Problem("nothing_chosen", "請至少勾選一筆", path="/voucher", status=400)
    if len(wanted) > MOST:
        raise Problem("too_many", f"一次最多 {MOST} 筆", path="/voucher", status=400)
    key = key_given(request)
    body = repr([request.path, wanted, request.POST.get("because", "")]).encode()

    def effect() -> dict[str, Any]:
        return {
            "verb": request.path.rstrip("/").rpartition("/")[2],
            "back": back,
            "rows": attempt_each(wanted, act),
        }

    once(scope=_scope(request), key=key, body=body, effect=effect)
    return HttpResponseRedirect(reverse("disbursement:outcome", args=[key]))


@needs("disbursement.view_desk")
def outcome(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What became of every voucher of one form; Problem `not_found` (404) for somebody else's."""
    kept = IdempotencyKey.objects.filter(scope=_scope(request), key=str(key)).first()
    if kept is None:
        raise Problem("not_found", "there is no such outcome", status=404)
    told = kept.answer
    found = {row.pk: row for row in vouchers.vouchers_of(row["id"] for row in told["rows"]).defer("content")}
    rows = [(found.get(row["id"]), _problem(row)) for row in told["rows"]]
    done = [voucher for voucher, problem in rows if voucher is not None and problem is None]
    context = {
        "rows": rows,
        "verb": told["verb"],
        "back": told["back"],
        "at": kept.created_at,
        "done_count": len(done),
        "done_twd": sum(voucher.total_twd for voucher in done),
        "refused_count": len(rows) - len(done),
    }
    return render(request, "disbursement/outcome.html", context)


def _problem(row: dict[str, Any]) -> Problem | None:
    return Problem(row["code"], row["detail"], status=row["status"]) if row["code"] else None


def _scope(request: HttpRequest) -> str:
    return f"desk acts of {request.user.pk}"
