"""Appointing and ending delegated signers (授權代簽人): by each certifier for their own capacity (B-6.3)."""

from datetime import date, timedelta

from django.db import transaction

from agencies.authority import authorize
from agencies.delegation_models import PRINCIPALS, Delegation
from agencies.delegations import OTHER_PRINCIPAL, delegations_between, role_is_own, roles_between
from agencies.models import User
from agencies.roles import Role
from agencies.selectors import agency_by_code
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.errors import Problem


def delegate_appoint(
    *, user_id: int, actor: Actor, from_on: date | None = None, to_on: date | None = None, because: str = ""
) -> Delegation:
    """The head or the chief accountant appoints somebody to sign in their place, from a day on (default: today).

    The capacity is the one the actor acts in. Problems: `delegate_appoints` (403) when the actor has it by delegation
    only, `unknown_person` (404), `own_delegation`, `not_establishment`, `delegation_crossed` for somebody who signs
    for the other certifier (or administers access) on any of the days, `delegation_held` (409), `bad_dates`, 403.
    """
    start = from_on or clock.today()
    capacity = Role(actor.role)
    _authorize(actor, "agencies.appoint_delegate", actor.agency_code)
    appointed_by_id = actor.user_id or 0
    if not role_is_own(appointed_by_id, capacity, actor.agency_code, clock.today()):
        raise Problem("delegate_appoints", f"{actor.name} is {capacity} by delegation only", status=403)
    if start < clock.today() or (to_on is not None and to_on < start):
        raise Problem("bad_dates", f"from {start} to {to_on}: the days are past or in the wrong order", path="/to_on")
    with transaction.atomic():
        user = _delegate(user_id, actor)
        _require_one_side(user, capacity, start, to_on)
        row = Delegation.objects.create(
            agency=agency_by_code(actor.agency_code),
            principal_capacity=capacity,
            user=user,
            appointed_by_id=appointed_by_id,
            valid_from_on=start,
            valid_to_on=to_on,
            because=because[:200],
        )
        details = {"role": str(capacity), "name": user.display_name, "from_on": start.isoformat()}
        details["to_on"] = to_on.isoformat() if to_on else ""
        act_remember("delegation", row.pk, "appoint", actor=actor, because=because[:200], details=details)
    return row


def delegation_end(*, delegation_id: int, actor: Actor, because: str = "") -> Delegation:
    """Ends a delegation: yesterday was its last day (today, when it began today); one that is over stays as it is.

    The certifier of that capacity ends it, or the access administrator. Problems: `not_found` (404),
    `other_principal` (403), 403 when the actor may not.
    """
    with transaction.atomic():
        rows = Delegation.objects.select_for_update(of=("self",)).select_related("agency", "user")
        row = rows.filter(pk=delegation_id).first()
        if row is None:
            raise Problem("not_found", f"there is no delegation {delegation_id}", status=404)
        _authorize(actor, "agencies.end_delegation", row.agency.code)
        if actor.role in PRINCIPALS and actor.role != row.principal_capacity:
            raise Problem(
                "other_principal", f"{actor.role} does not end what {row.principal_capacity} gave", status=403
            )
        yesterday = clock.today() - timedelta(days=1)
        if row.valid_to_on is None or row.valid_to_on > max(row.valid_from_on, yesterday):
            row.valid_to_on = max(row.valid_from_on, yesterday)
            row.save(update_fields=["valid_to_on"])
            details = {"role": row.principal_capacity, "name": row.user.display_name}
            details["to_on"] = row.valid_to_on.isoformat()
            act_remember("delegation", row.pk, "end", actor=actor, because=because[:200], details=details)
    return row


def _delegate(user_id: int, actor: Actor) -> User:
    """The person who is to sign, locked; Problem when they may not."""
    user = User.objects.select_for_update().filter(pk=user_id, agency_code=actor.agency_code, is_active=True).first()
    if user is None:
        raise Problem("unknown_person", f"there is no person {user_id} here", path="/user_id", status=404)
    if user.pk == actor.user_id:
        raise Problem("own_delegation", "nobody signs in their own place", path="/user_id")
    if not user.is_establishment:
        raise Problem("not_establishment", f"{user} is not on the establishment", path="/user_id")
    return user


def _require_one_side(user: User, capacity: Role, start: date, end: date | None) -> None:
    """Nobody signs for both certifiers, nor for one while administering access; nor twice for the same (B-6.3)."""
    lent = delegations_between(user.pk, start, end)
    own = roles_between(user.pk, start, end)
    if OTHER_PRINCIPAL[capacity] in (*lent, *own) or Role.ADMIN in own:
        raise Problem("delegation_crossed", f"{user} signs for the other certifier on those days", path="/user_id")
    if capacity in (*lent, *own):
        raise Problem("delegation_held", f"{user} signs as {capacity} already", path="/user_id", status=409)


def _authorize(actor: Actor, permission: str, agency_code: str) -> None:
    authorize(actor=actor, permission=permission, agency_code=agency_code, earlier=(), on=clock.today())
