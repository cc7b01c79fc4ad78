"""Who acts in a request: the person logged in, in the role chosen, from the address asked from."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from agencies.roles import AGENCY_ROLES, TREASURY_ROLES
from agencies.selectors import HeldRole, actor_of, roles_of
from treasury.core import clock
from treasury.core.actors import Actor

ROLE = "role"
_ORDER = {str(role): place for place, role in enumerate((*AGENCY_ROLES, *TREASURY_ROLES))}


class ActingMiddleware:
    """Gives every request `actor` (None without a login or without any role today) and `roles` (those held today)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.roles = _roles(request)  # type: ignore[attr-defined]
        request.actor = _actor(request, request.roles)  # type: ignore[attr-defined]
        return self.get_response(request)


def role_choose(request: HttpRequest, role: str) -> bool:
    """Acts in another role that is held, from now on in this session; False when it is not held."""
    if role not in {held.role for held in request.roles}:  # type: ignore[attr-defined]
        return False
    request.session[ROLE] = role
    return True


def address_of(request: HttpRequest) -> str:
    """The address a request came from (A-2.2).

    Only behind our own proxy (BEHIND_TLS_PROXY) does `X-Forwarded-For` count, and of it the last entry, which that
    proxy wrote: whatever stands before it anybody may have sent.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_TLS_PROXY:
        address = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or address
    return address[:45]


def _roles(request: HttpRequest) -> tuple[HeldRole, ...]:
    if not request.user.is_authenticated:
        return ()
    held = roles_of(request.user.pk, clock.today())
    return tuple(sorted(held, key=lambda one: _ORDER[one.role]))


def _actor(request: HttpRequest, roles: tuple[HeldRole, ...]) -> Actor | None:
    if not roles or not request.user.is_authenticated:
        return None
    wanted = request.session.get(ROLE, "")
    role = next((held.role for held in roles if held.role == wanted), roles[0].role)
    return actor_of(request.user, role, address=address_of(request))
