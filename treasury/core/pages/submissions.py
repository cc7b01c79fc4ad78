"""One effect for one form, however often it is sent: double click, back button, reload (architecture section 5)."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from treasury.core.errors import Problem
from treasury.core.idempotency import once

FIELD = "submission"
_NOT_COMPARED = ("csrfmiddlewaretoken", FIELD)


def submission_key() -> str:
    """A fresh key for the hidden field of a form (`{% submission %}` writes it)."""
    return str(uuid.uuid4())


def key_given(request: HttpRequest) -> str:
    """The key that `{% submission %}` wrote into the form that came; Problem `submission_missing` for any other text,
    so that it may stand in an address."""
    try:
        return str(uuid.UUID(request.POST.get(FIELD, "")))
    except ValueError:
        raise Problem(
            "submission_missing", "the form came without its key: load the page again", path=f"/{FIELD}"
        ) from None


def submit_once(request: HttpRequest, effect: Callable[[], str]) -> HttpResponse:
    """Runs `effect`, which returns the address to go on to, once for the form's key; a repeat goes to the same address.

    Problem `submission_missing` without a key, `idempotency_key_reused` (409) when the same form comes back with
    other values; a Problem of the effect stores nothing, so the form may be mended and sent again.
    """
    key = request.POST.get(FIELD, "")
    if not key:
        raise Problem("submission_missing", "the form came without its key: load the page again", path=f"/{FIELD}")
    body = repr(sorted((name, request.POST.getlist(name)) for name in request.POST if name not in _NOT_COMPARED))
    address = hashlib.sha256(request.path.encode()).hexdigest()[:32]
    scope = f"page {request.user.pk} {address}"
    answer: dict[str, Any] = once(scope=scope, key=key, body=body.encode(), effect=lambda: {"goes_to": effect()})
    return HttpResponseRedirect(answer["goes_to"])
