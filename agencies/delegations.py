"""Reading who holds a role, and who signs in whose place, on a day (B-6.3)."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import QuerySet, Value

from agencies.delegation_models import Delegation
from agencies.models import RoleAssignment
from agencies.roles import Role
from agencies.terms import in_force, in_force_between, not_over

# Whoever signs for one certifier does not sign for the other, and does not grant access.
OTHER_PRINCIPAL: Final = {Role.HEAD: Role.ACCOUNTANT, Role.ACCOUNTANT: Role.HEAD}


def delegations_on(on: date) -> QuerySet[Delegation]:
    """The delegations in force on a day: within their dates, to people on the establishment whose account is on."""
    return Delegation.objects.filter(in_force(on), user__is_active=True, user__is_establishment=True)


def assignments_on(on: date) -> QuerySet[RoleAssignment]:
    """The roles that people hold themselves on a day, by accounts that are switched on."""
    return RoleAssignment.objects.filter(in_force(on), user__is_active=True)


def delegations_of(agency_code: str = "") -> QuerySet[Delegation]:
    """Every delegation at an agency (empty: anywhere) with its people, the newest first."""
    rows = Delegation.objects.select_related("agency", "user", "appointed_by").order_by("-pk")
    return rows.filter(agency__code=agency_code) if agency_code else rows


def delegations_between(user_id: int, start: date, end: date | None) -> list[str]:
    """The capacities in which a person signs by delegation on any day from `start` to `end` (none: for ever)."""
    rows = Delegation.objects.filter(in_force_between(start, end), user_id=user_id)
    return sorted(set(rows.values_list("principal_capacity", flat=True)))


def roles_between(user_id: int, start: date, end: date | None) -> list[str]:
    """The roles that a person holds themselves on any day from `start` to `end` (none: for ever)."""
    rows = RoleAssignment.objects.filter(in_force_between(start, end), user_id=user_id)
    return list(rows.order_by("role").values_list("role", flat=True))


def role_is_own(user_id: int, role: str, agency_code: str, on: date) -> bool:
    """Whether a person holds a role at an agency on a day themselves, not by delegation."""
    return assignments_on(on).filter(user_id=user_id, role=role, agency__code=agency_code).exists()


def capacity_ground(*, user_id: int, agency_code: str, capacity: str, on: date) -> str:
    """By what right a person signs in a capacity of an agency on a day: `role`, `delegation` or nothing (B-6.3).

    `crossed` for somebody who that day could sign for both certifiers and is the delegate of at least one. One query.
    """
    role = Role(capacity)
    other = OTHER_PRINCIPAL.get(role)
    wanted = [str(role), str(other)] if other else [str(role)]
    own = assignments_on(on).filter(user_id=user_id, role__in=wanted, agency__code=agency_code)
    lent = delegations_on(on).filter(user_id=user_id, principal_capacity__in=wanted, agency__code=agency_code)
    rows = (
        own.annotate(ground=Value("role"))
        .values_list("role", "ground")
        .union(lent.order_by().annotate(ground=Value("delegation")).values_list("principal_capacity", "ground"))
    )
    # In the order of words a role comes last: it is the better ground of the two.
    grounds = dict(sorted((str(one), str(ground)) for one, ground in rows))
    mine, theirs = grounds.get(str(role), ""), grounds.get(str(other), "")
    return "crossed" if mine and theirs and "delegation" in (mine, theirs) else mine


def signers_of(agency_code: str, capacities: Iterable[str], on: date) -> list[tuple[int, str, str, bool]]:
    """(user id, name, capacity, whether by delegation) of whoever signs at an agency on a day or later, by name."""
    wanted = list(capacities)
    own = RoleAssignment.objects.filter(not_over(on), agency__code=agency_code, role__in=wanted)
    lent = Delegation.objects.filter(not_over(on), agency__code=agency_code, principal_capacity__in=wanted)
    people = ("user_id", "user__display_name")
    found = {(user_id, name, str(role), False) for user_id, name, role in own.values_list(*people, "role")}
    found |= {(*one, True) for one in lent.values_list(*people, "principal_capacity")}
    return sorted(found, key=lambda one: (wanted.index(one[2]), one[3], one[1]))
