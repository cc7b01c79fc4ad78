"""People and the roles they are given (A-2.3)."""

from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.authority import authorize, conflicting_role
from agencies.delegations import OTHER_PRINCIPAL, delegations_between, roles_between
from agencies.models import NAME_LENGTH, RoleAssignment, User
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from agencies.selectors import agency_by_code
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.errors import Problem


def person_create(
    *,
    username: str,
    display_name: str,
    agency_code: str,
    actor: Actor,
    is_establishment: bool = True,
    password: str | None = None,
    must_change_password: bool = False,
) -> User:
    """Opens an account for a person of an agency (empty code: of the treasury), without any role yet.

    Without a password nobody can log in with it; one that somebody else knows must be changed at the first login.
    Problems: `unknown_agency` (404), `username_taken` (409), `name_missing`, `bad_name`, `weak_password`, 403 when
    the actor may not.
    """
    authorize(
        actor=actor,
        permission="agencies.create_person",
        agency_code=agency_code,
        earlier=(),
        on=clock.today(),
    )
    if agency_code:
        agency_by_code(agency_code)
    _require_names(username, display_name)
    if password is not None:
        require_strong(password, username=username, display_name=display_name)
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise Problem("username_taken", f"the user name {username!r} is taken", path="/username", status=409)
        user = User.objects.create_user(
            username=username,
            password=password,
            display_name=display_name,
            agency_code=agency_code,
            is_establishment=is_establishment,
            must_change_password=must_change_password,
        )
        details = {"username": username, "name": display_name, "agency_code": agency_code}
        act_remember("person", user.pk, "create", actor=actor, details=details)
    return user


def role_grant(
    *,
    user_id: int,
    role: str,
    actor: Actor,
    from_on: date | None = None,
    to_on: date | None = None,
    because: str = "",
) -> RoleAssignment:
    """Gives a person a role at the place the account belongs to, from a day on (default: today).

    A role already held that day is returned as it stands. Problems: `role_elsewhere` (an agency's role
    for the treasury's person or the reverse), `role_conflict` (roles that no one may hold together),
    `own_role` (403: nobody gives a role to themselves), `bad_dates`, 403 when the actor may not.
    """
    start = from_on or clock.today()
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise Problem("unknown_person", f"there is no person {user_id}", status=404)
        _may_grant(actor, user)
        if actor.user_id == user.pk:
            raise Problem("own_role", f"{actor.name} may not give a role to themselves", path="/role", status=403)
        require_side(role, user)
        if to_on is not None and to_on < start:
            raise Problem("bad_dates", f"the role would end on {to_on}, before it begins on {start}", path="/to_on")
        known = _open_assignment(user_id, role, start)
        if known is not None:
            return known
        lent = delegations_between(user_id, start, to_on)
        conflict = conflicting_role(role, [*roles_between(user_id, start, to_on), *lent])
        if conflict or OTHER_PRINCIPAL.get(Role(role), "") in lent:
            raise Problem("role_conflict", f"nobody is {role} and {conflict or lent} at the same time", path="/role")
        assignment = RoleAssignment.objects.create(
            user=user,
            role=role,
            agency=agency_by_code(user.agency_code) if user.agency_code else None,
            valid_from_on=start,
            valid_to_on=to_on,
            granted_by=actor.name,
        )
        details = {"role": str(role), "from_on": start.isoformat(), "to_on": to_on.isoformat() if to_on else ""}
        act_remember("person", user.pk, "grant_role", actor=actor, because=because, details=details)
    return assignment


def role_revoke(*, user_id: int, role: str, actor: Actor, on: date | None = None, because: str = "") -> None:
    """Ends a role: `on` (default: today) is the first day without it. Nothing happens when it is not held.

    A role revoked on the day it began was held for that one day. 403 when the actor may not.
    """
    first_day_without = on or clock.today()
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise Problem("unknown_person", f"there is no person {user_id}", status=404)
        _may_grant(actor, user)
        known = _open_assignment(user_id, role, first_day_without)
        if known is not None:
            known.valid_to_on = max(known.valid_from_on, first_day_without - timedelta(days=1))
            known.save(update_fields=["valid_to_on"])
            details = {"role": str(role), "to_on": known.valid_to_on.isoformat()}
            act_remember("person", user.pk, "revoke_role", actor=actor, because=because, details=details)


def _require_names(username: str, display_name: str) -> None:
    """Problem `name_missing` or `bad_name` for what the account's table does not hold."""
    for path, name in (("/username", username), ("/display_name", display_name)):
        if not name:
            raise Problem("name_missing", "a person needs a user name and a name", path=path)
        if name != name.strip() or len(name) > NAME_LENGTH or not name.isprintable():
            detail = f"{name!r}: a name has 1 to {NAME_LENGTH} visible characters without blanks around"
            raise Problem("bad_name", detail, path=path)
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise Problem("bad_name", " ".join(error.messages), path="/username") from error


def require_strong(password: str, *, username: str, display_name: str, path: str = "/password") -> None:
    """The password rules of the settings; Problem `weak_password` gathers what they find."""
    try:
        validate_password(password, User(username=username, display_name=display_name))
    except ValidationError as error:
        raise Problem("weak_password", " ".join(error.messages), path=path) from error


def _may_grant(actor: Actor, user: User) -> None:
    authorize(
        actor=actor,
        permission="agencies.grant_role",
        agency_code=user.agency_code,
        earlier=(),
        on=clock.today(),
    )


def require_side(role: str, user: User) -> None:
    """An agency's person holds an agency's role, the treasury's person a treasury role."""
    if role not in (AGENCY_ROLES if user.agency_code else TREASURY_ROLES):
        place = user.agency_code or "the treasury"
        raise Problem("role_elsewhere", f"{role!r} is no role of a person of {place}", path="/role")


def _open_assignment(user_id: int, role: str, on: date) -> RoleAssignment | None:
    """The assignment of a role that is in force on a day or begins later."""
    rows = RoleAssignment.objects.filter(user_id=user_id, role=Role(role)).order_by("valid_from_on")
    return next((row for row in rows if row.valid_to_on is None or row.valid_to_on >= on), None)
