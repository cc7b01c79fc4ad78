"""Whether an actor may use a permission on a subject: role, agency, separation of duty. Every step asks."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from agencies.duty import ROLE_PERMISSIONS, ROLE_SEPARATIONS, SEPARATIONS, SYSTEM_PERMISSIONS
from agencies.roles import TREASURY_ROLES
from agencies.selectors import HeldRole, roles_of
from treasury.core.actors import Actor
from treasury.core.errors import Problem

_APART: Final = frozenset(
    pair
    for rule in SEPARATIONS
    for pair in ((rule.permission_a, rule.permission_b), (rule.permission_b, rule.permission_a))
)
_ROLES_APART: Final = frozenset(
    pair for rule in ROLE_SEPARATIONS for pair in ((rule.role_a, rule.role_b), (rule.role_b, rule.role_a))
)


def authorize(
    *,
    actor: Actor,
    permission: str,
    agency_code: str,
    earlier: Iterable[tuple[str, int | None]],
    on: date,
) -> None:
    """Lets an actor use a permission on a subject of an agency, or raises Problem (403) saying why not.

    `earlier` holds (permission, user id) of what has been done to the subject before. A treasury role may
    act on every agency's subjects, an agency role on its own agency's only; the system (no user id) may
    do what SYSTEM_PERMISSIONS lists. Codes, the first that applies: `role_missing` (also when the role
    the actor names is not held on the day), `other_agency`, `separation_of_duty`.
    """
    if actor.user_id is None:
        if actor.role != "system" or permission not in SYSTEM_PERMISSIONS:
            raise _refusal("role_missing", actor, permission, "the system may not do this by itself")
        return
    if actor.role not in ROLE_PERMISSIONS.get(permission, frozenset()):
        raise _refusal("role_missing", actor, permission, f"role {actor.role!r} may not")
    if HeldRole(actor.role, actor.agency_code) not in roles_of(actor.user_id, on):
        raise _refusal("role_missing", actor, permission, f"role {actor.role!r} is not held on {on}")
    if actor.role not in TREASURY_ROLES and actor.agency_code != agency_code:
        raise _refusal("other_agency", actor, permission, f"the subject belongs to agency {agency_code!r}")
    for done, user_id in earlier:
        if user_id == actor.user_id and (permission, done) in _APART:
            raise _refusal("separation_of_duty", actor, permission, f"the same person did {done}")


def conflicting_role(role: str, held: Iterable[str]) -> str:
    """The first of the roles held that nobody may hold together with another; empty when there is none."""
    return next((other for other in held if (role, other) in _ROLES_APART), "")


def _refusal(code: str, actor: Actor, permission: str, why: str) -> Problem:
    return Problem(code, f"{actor.name}, {permission}: {why}", status=403)
