"""Requests for a role: a person asks, the administrator of the place decides (A-2.3)."""

from datetime import date

from django.db import transaction

from agencies.authority import conflicting_role
from agencies.models import AccessRequest, User
from agencies.roles import Role
from agencies.selectors import roles_of
from agencies.services.people import require_side, role_grant
from treasury.core import clock, steps
from treasury.core.actors import Actor
from treasury.core.errors import Problem


def access_request(
    *,
    user: User,
    role: str,
    reason: str,
    from_on: date | None = None,
    to_on: date | None = None,
    address: str = "",
) -> AccessRequest:
    """A person asks for a role at the place the account belongs to, from a day on (default: today).

    What is being asked for already is returned as it stands. Problems: `role_elsewhere`, `role_held`,
    `role_conflict` (with a role held today), `reason_missing`, `bad_dates`.
    """
    start = from_on or clock.today()
    require_side(role, user)
    if not reason.strip():
        raise Problem("reason_missing", "say what the role is needed for", path="/reason")
    if start < clock.today() or (to_on is not None and to_on < start):
        raise Problem("bad_dates", f"from {start} to {to_on}: the days are past or in the wrong order", path="/from_on")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        _require_free(user, role)
        waiting = AccessRequest.objects.filter(user=user, role=role, state="requested").first()
        if waiting is not None:
            return waiting
        row = AccessRequest.objects.create(
            user=user,
            agency_code=user.agency_code,
            role=role,
            wanted_from_on=start,
            wanted_to_on=to_on,
            reason=reason.strip()[:200],
            requested_at=clock.now(),
        )
        asking = Actor(user.pk, user.display_name or user.username, "", user.agency_code, address)
        steps.born(row, actor=asking, details={"role": str(role)})
    return row


def access_grant(*, request_id: int, actor: Actor, because: str = "") -> AccessRequest:
    """Grants a request: the role begins on the day asked for, or today when that is past.

    Problems: `unknown_request` (404), `wrong_state` (409), those of `role_grant`, 403 when the actor may not.
    """
    with transaction.atomic():
        row = steps.perform(
            _request(request_id),
            "grant",
            actor=actor,
            because=because,
            change={"decided_by": actor.name, "decision": because[:200]},
        )
        start = max(row.wanted_from_on, clock.today())
        if row.wanted_to_on is not None and row.wanted_to_on < start:
            raise Problem("bad_dates", f"the role was asked for until {row.wanted_to_on}, which is past", path="/to_on")
        role_grant(
            user_id=row.user_id, role=row.role, actor=actor, from_on=start, to_on=row.wanted_to_on, because=row.reason
        )
    return row


def access_refuse(*, request_id: int, actor: Actor, because: str) -> AccessRequest:
    """Refuses a request, saying why. Problems: `unknown_request` (404), `reason_missing`, `wrong_state` (409), 403."""
    if not because.strip():
        raise Problem("reason_missing", "say why the role is refused", path="/because")
    return steps.perform(
        _request(request_id),
        "refuse",
        actor=actor,
        because=because.strip(),
        change={"decided_by": actor.name, "decision": because.strip()[:200]},
    )


def _request(request_id: int) -> AccessRequest:
    row = AccessRequest.objects.filter(pk=request_id).first()
    if row is None:
        raise Problem("unknown_request", f"there is no access request {request_id}", status=404)
    return row


def _require_free(user: User, role: str) -> None:
    """Problem for a role that is held today, or that nobody may hold together with one held today."""
    held = [one.role for one in roles_of(user.pk, clock.today())]
    if Role(role) in held:
        raise Problem("role_held", f"{user} is {role} already", path="/role")
    conflict = conflicting_role(role, sorted(held))
    if conflict:
        raise Problem("role_conflict", f"nobody is {role} and {conflict} at the same time", path="/role")
