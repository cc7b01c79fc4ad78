"""Who may open a page: every view names its permission, and a subject of another agency does not exist for it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agencies.duty import ROLE_PERMISSIONS
from agencies.roles import TREASURY_ROLES
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.sessions import is_poll, login_wanted

View = Callable[..., HttpResponse]


def needs(*permissions: str) -> Callable[[View], View]:
    """Decorator: lets a person in whose role has any of the permissions (`""`: whoever is logged in).

    Without a login the way leads to the login page and back; Problem `role_missing` (403) otherwise. The view's
    `allowed` holds the permissions, for the test that no view is without.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            actor = actor_in(request)
            if "" not in permissions and not any(may(actor, permission) for permission in permissions):
                raise Problem("role_missing", f"{actor.name} as {actor.role}: this page is for other roles", status=403)
            return view(request, *args, **kwargs)

        guarded.allowed = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def whoever_is_in(view: View) -> View:
    """Decorator: lets in whoever is logged in, also an account that holds no role (yet)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _to_login(request)

    guarded.allowed = ("",)  # type: ignore[attr-defined]
    return guarded


def _to_login(request: HttpRequest) -> HttpResponse:
    """The way to the login page, and back for a page that was only to be read.

    A page that refreshes itself is only told 401: whoever comes back to it finds what stood there, and the way in.
    """
    if is_poll(request):
        return HttpResponse(status=401)
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    address = f"{reverse(settings.LOGIN_URL)}{'?' if query else ''}{query}"
    return login_wanted(address) if "HX-Request" in request.headers else HttpResponseRedirect(address)


def actor_in(request: HttpRequest) -> Actor:
    """Who acts in a request; Problem `role_missing` (403) for an account without any role today."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None:
        raise Problem("role_missing", "this account holds no role today", status=403)
    return actor


def may(actor: Actor, permission: str) -> bool:
    """Whether the role an actor acts in has a permission; agency and separation of duty are asked by the step."""
    return actor.role in ROLE_PERMISSIONS.get(permission, frozenset())


def sees(actor: Actor, agency_code: str) -> bool:
    """Whether an actor may know of an agency's subjects: the treasury's roles of all, agency roles of their own."""
    return actor.role in TREASURY_ROLES or actor.agency_code == agency_code


def require_sees(actor: Actor, agency_code: str, what: str) -> None:
    """Problem `not_found` (404) for a subject of another agency, the same as for one that does not exist."""
    if not sees(actor, agency_code):
        raise Problem("not_found", f"there is no {what}", status=404)
