"""What views of every app above share: the client that asks, what it may, how often."""

from typing import Any

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from agencies.api.authentication import Access
from treasury.core.actors import Actor
from treasury.core.api.views import ApiView


class HasScope(BasePermission):
    """The token allows the operation; one that is open to everybody asks for none."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the access holds the operation's scope."""
        row = getattr(view, "operation", None)
        if row is None:
            return request.auth is not None
        return not row.scope or (isinstance(request.auth, Access) and row.scope in request.auth.scopes)


class ClientRate(SimpleRateThrottle):
    """So many requests a client a minute."""

    scope = "client"

    def get_rate(self) -> str:
        """The rate of the settings."""
        return f"{settings.API_REQUESTS_PER_MINUTE}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """One count for each client, or for each address where nobody is known."""
        who = request.auth.client.pk if isinstance(request.auth, Access) else self.get_ident(request)
        return f"api-rate-{who}"


class AgencyView(ApiView):
    """An address that answers a client about its own agency."""

    permission_classes = (HasScope,)
    throttle_classes = (ClientRate,)

    @property
    def access(self) -> Access:
        """What the token stands for."""
        access: Any = self.request.auth
        assert isinstance(access, Access)
        return access

    @property
    def actor(self) -> Actor:
        """Who acts: the client's technical account."""
        return self.access.actor

    @property
    def agency_code(self) -> str:
        """The client's agency."""
        return str(self.access.client.agency_id)

    @property
    def key_scope(self) -> str:
        """Where the client's Idempotency-Keys are known."""
        return f"api {self.access.client.pk}"


class OpenView(AgencyView):
    """An address that is open to everybody."""

    authentication_classes = ()
