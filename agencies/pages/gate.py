"""Between the login and every page: the address an agency connects from, and passwords somebody else knows."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agencies.models import User
from agencies.pages.acting import address_of
from agencies.services.addresses import address_require
from treasury.core.errors import Problem
from treasury.core.pages.problems import problem_page

# What is open to everybody logged in: the way out, and how pages look.
_FREE: Final = frozenset({"agencies:login", "agencies:logout", "agencies:appearance", "set_language"})


class GateMiddleware:
    """Stops people of an agency at an address it has not registered (403, A-2.2); sends people with an initial
    password to the page where they change it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """The page of a refusal, the way to the password page, or None to go on."""
        match = request.resolver_match
        user = request.user
        if not isinstance(user, User) or match is None or match.view_name in _FREE:
            return None
        if settings.ENFORCE_ADDRESSES and user.agency_code:
            try:
                address_require(user.agency_code, address_of(request), path=request.path, what=user.username)
            except Problem as problem:
                # Nothing of the agency is shown to an address that is not its own.
                request.actor, request.roles = None, ()  # type: ignore[attr-defined]
                return problem_page(request, problem)
        if user.must_change_password and match.view_name != "agencies:password":
            return HttpResponseRedirect(reverse("agencies:password"))
        return None
