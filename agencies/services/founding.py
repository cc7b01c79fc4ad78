"""The first administrator of a treasury, and who reads Django's own pages: said at the machine, not in the browser."""

from django.db import transaction

from agencies.models import RoleAssignment, User
from agencies.roles import Role
from agencies.selectors import roles_of
from agencies.services.accounts import initial_password
from agencies.services.people import person_create, role_grant
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.acts import act_remember
from treasury.core.errors import Problem
from treasury.core.sql import fetch_value

# Whose role lets them look at every table (`/admin/`).
READERS = frozenset({Role.AUDITOR, Role.TREASURY_ADMIN})
_BECAUSE = "manage.py"


def treasury_found(*, username: str, display_name: str) -> tuple[User, str]:
    """Opens the account of the treasury's first administrator; returns it with the password for the first login,
    which is stored as a hash only and must be changed then.

    Problem `administrator_exists` (409) as soon as anybody has held the role: from then on that person opens accounts.
    Those of `person_create`.
    """
    with transaction.atomic():
        # Two at once would both be the first.
        fetch_value("SELECT pg_advisory_xact_lock(7006, 0)")
        if RoleAssignment.objects.filter(role=Role.TREASURY_ADMIN).exists():
            raise Problem(
                "administrator_exists", "the treasury has had an administrator, who opens accounts", status=409
            )
        password = initial_password()
        user = person_create(
            username=username,
            display_name=display_name,
            agency_code="",
            actor=SYSTEM,
            password=password,
            must_change_password=True,
        )
        role_grant(user_id=user.pk, role=Role.TREASURY_ADMIN, actor=SYSTEM, because=_BECAUSE)
    return user, password


def tables_open(*, username: str, is_open: bool) -> User:
    """Lets an auditor or an administrator of the treasury read every table at `/admin/`, or no longer.

    Problem `unknown_person` (404), `role_missing` (403) for anybody else; what is so already stays as it is.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=username).first()
        if user is None:
            raise Problem("unknown_person", f"there is no account {username!r}", path="/username", status=404)
        if is_open and READERS.isdisjoint(held.role for held in roles_of(user.pk, clock.today())):
            raise Problem(
                "role_missing", f"{username} is neither auditor nor administrator of the treasury", status=403
            )
        if user.is_staff != is_open:
            user.is_staff = is_open
            user.save(update_fields=["is_staff"])
            act_remember(
                "person", user.pk, "open_tables" if is_open else "close_tables", actor=SYSTEM, because=_BECAUSE
            )
    return user
