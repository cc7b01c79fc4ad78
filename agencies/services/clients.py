"""Clients of the API: registering an accounting system, giving it another secret, revoking it (A-2.2, A-2.3)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import transaction
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model

from agencies.authority import authorize
from agencies.models import Agency, ApiClient, RoleAssignment, User
from agencies.roles import Role
from agencies.scopes import SCOPES
from agencies.selectors import agency_by_code
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.errors import Problem

_NAME_MAX = 60


class IssuedClient(NamedTuple):
    """A client with its secret in the clear: shown once, stored as a hash only."""

    client: ApiClient
    secret: str


def client_create(*, agency_code: str, name: str, scopes: Iterable[str], actor: Actor) -> IssuedClient:
    """Registers an accounting system of an agency with the scopes it may ask for.

    It gets a technical account of its own in the role of the clerk, without a password. Problems: `unknown_agency`
    (404), `name_missing`, `unknown_scope`, 403 when the actor may not.
    """
    wanted = list(dict.fromkeys(scopes))
    _authorize(actor, agency_code)
    agency = agency_by_code(agency_code)
    if not name.strip() or len(name) > _NAME_MAX:
        raise Problem("name_missing", f"a client has a name of at most {_NAME_MAX} characters", path="/name")
    if not wanted or not set(wanted) <= SCOPES.keys():
        raise Problem("unknown_scope", f"choose from {', '.join(SCOPES)}", path="/scopes")
    secret = generate_client_secret()
    with transaction.atomic():
        client = ApiClient.objects.create(
            agency=agency,
            name=name.strip(),
            scopes=wanted,
            user=_account(agency, name.strip(), actor),
            client_type=ApiClient.CLIENT_CONFIDENTIAL,
            authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
            client_secret=secret,
            created_by=actor.name,
        )
        act_remember("api_client", client.pk, "register", actor=actor, details=_told(client))
    return IssuedClient(client, secret)


def client_renew_secret(*, client_id: int, actor: Actor) -> IssuedClient:
    """Gives a client another secret; the old one and every token end at once.

    Problem `unknown_client` (404), `client_revoked` (409), 403 when the actor may not.
    """
    secret = generate_client_secret()
    with transaction.atomic():
        client = _held(client_id, actor)
        if client.revoked_at is not None:
            raise Problem("client_revoked", f"{client} has been revoked", status=409)
        client.client_secret = secret
        client.save(update_fields=["client_secret", "updated"])
        _end_tokens(client)
        act_remember("api_client", client.pk, "renew_secret", actor=actor, details=_told(client))
    return IssuedClient(client, secret)


def client_revoke(*, client_id: int, actor: Actor) -> ApiClient:
    """Ends a client with its tokens and its account; once revoked it stays as it is.

    Problem `unknown_client` (404), 403 when the actor may not.
    """
    with transaction.atomic():
        client = _held(client_id, actor)
        if client.revoked_at is None:
            client.revoked_at, client.revoked_by = clock.now(), actor.name
            client.save(update_fields=["revoked_at", "revoked_by", "updated"])
            User.objects.filter(pk=client.user_id).update(is_active=False)
            _end_tokens(client)
            act_remember("api_client", client.pk, "end", actor=actor, details=_told(client))
    return client


def _told(client: ApiClient) -> dict[str, Any]:
    """What the history keeps of a client; never its secret."""
    return {"agency_code": client.agency_id, "name": client.name, "scopes": list(client.scopes)}


def _held(client_id: int, actor: Actor) -> ApiClient:
    client: ApiClient | None = ApiClient.objects.select_for_update().filter(pk=client_id).first()
    if client is None:
        raise Problem("unknown_client", f"there is no client {client_id}", status=404)
    _authorize(actor, client.agency_id)
    return client


def _end_tokens(client: ApiClient) -> None:
    get_access_token_model().objects.filter(application=client).delete()


def _account(agency: Agency, name: str, actor: Actor) -> User:
    """The technical account: a person nobody can log in as, who holds the clerk's role."""
    number = ApiClient.objects.filter(agency=agency).count() + 1
    username = f"{agency.code}-system-{number}"
    while User.objects.filter(username=username).exists():
        number += 1
        username = f"{agency.code}-system-{number}"
    user = User(username=username, display_name=name, agency_code=agency.code, is_establishment=False)
    user.set_unusable_password()
    user.save()
    RoleAssignment.objects.create(
        user=user, role=Role.CLERK, agency=agency, valid_from_on=clock.today(), granted_by=actor.name
    )
    return user


def _authorize(actor: Actor, agency_code: str) -> None:
    authorize(actor=actor, permission="agencies.register_client", agency_code=agency_code, earlier=(), on=clock.today())
