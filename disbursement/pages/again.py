"""A form whose effect was refused for what was typed comes back with it, the refusal on top and at the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from treasury.core.errors import Problem
from treasury.core.pages.submissions import submit_once
from treasury.core.pages.wording import detail_of, remedy_of, title_of

MENDED = (409, 422)


def submit_or_again(
    request: HttpRequest, effect: Callable[[], str], page: Callable[[Problem], HttpResponse]
) -> HttpResponse:
    """As `submit_once`; what the person can mend is shown at the form instead of on a page of its own."""
    try:
        return submit_once(request, effect)
    except Problem as problem:
        if problem.status not in MENDED or problem.code in ("seen_is_stale", "idempotency_key_reused", "wrong_state"):
            raise
        return page(problem)


def told(request: HttpRequest, problem: Problem | None) -> Mapping[str, Any]:
    """Context of a page that may come back: `errors` for the summary, `wrong` the field, `typed` what was sent."""
    if problem is None:
        return {"errors": (), "wrong": "", "typed": {}}
    field = problem.path.strip("/").partition("/")[0]
    sentence = f"{title_of(problem)}：{remedy_of(problem)}"
    return {
        "errors": [(sentence, f"#{field}" if field else "")],
        "wrong": field,
        "said": detail_of(problem),
        "typed": request.POST.dict(),
    }


def status_of(problem: Problem | None) -> int:
    """The status of a page that may come back."""
    return 200 if problem is None else problem.status
