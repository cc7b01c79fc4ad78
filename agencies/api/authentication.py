"""Who asks: a client by its access token, from a registered address of its agency (A-2.2)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from oauth2_provider.models import get_access_token_model
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agencies.models import ApiClient
from agencies.pages.acting import address_of
from agencies.roles import Role
from agencies.selectors import actor_of
from agencies.services import address_require
from treasury.core.actors import Actor

_REALM = 'Bearer realm="treasury e-payment"'


@dataclass(frozen=True, slots=True)
class Access:
    """What a token stands for: the client, who acts for it, and the scopes it was given."""

    client: ApiClient
    actor: Actor
    scopes: frozenset[str]


class ClientAuthentication(BaseAuthentication):
    """`Authorization: Bearer`; no cookie and no session ever counts here."""

    def authenticate(self, request: Request) -> tuple[Any, Access] | None:
        """The technical account and its access; None without a token, 401 for one that is not valid.

        Problem `address_not_registered` (403), which is kept in the log, from anywhere but a registered address.
        """
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            return None
        access = _access(token.strip(), address_of(request._request))
        require_address(access.client, request._request)
        return access.client.user, access

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return _REALM


def require_address(client: ApiClient, request: HttpRequest) -> None:
    """Problem `address_not_registered` (403) for a request from anywhere but a registered address of the agency."""
    what = f"{request.method} {client.client_id}"
    address_require(client.agency_id, address_of(request), path=request.path, what=what)


def _access(token: str, address: str) -> Access:
    """What a token stands for, in one query."""
    checksum = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    rows = get_access_token_model().objects.select_related("application__user", "application__agency")
    found = rows.filter(token_checksum=checksum).first()
    if found is None or found.is_expired() or found.application is None or found.application.revoked_at is not None:
        raise AuthenticationFailed()
    client: ApiClient = found.application
    user = client.user
    if user is None or not user.is_active:
        raise AuthenticationFailed()
    granted = frozenset(found.scope.split()) & frozenset(client.scopes)
    return Access(client, actor_of(user, Role.CLERK, address=address), granted)
