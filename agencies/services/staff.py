"""Invented people for agencies that have none: a day can be run and shown without anybody typing names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.crypto import get_random_string

from agencies.models import NAME_LENGTH, Agency, AgencyAddress, RoleAssignment, User
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from treasury.core import clock

_THIS_MACHINE: Final = ("127.0.0.0/8", "::1/128")


def staff_provide(*, agency_codes: Iterable[str], from_on: date | None = None) -> list[User]:
    """Gives each agency in which nobody ever held a role one person for every role; returns the new people.

    User names are `<agency code>-<role>` (`0003010000-clerk`); nobody can log in before a password is
    set. Outside production they connect from this machine (A-2.2). The number of statements does not grow with the
    agencies. Unknown codes are passed over.
    """
    with transaction.atomic():
        agencies = list(Agency.objects.filter(code__in=set(agency_codes)).order_by("code").select_for_update())
        rows = RoleAssignment.objects.filter(agency__in=agencies)
        staffed = set(rows.values_list("agency_id", flat=True).distinct())
        posts = [(agency, role) for agency in agencies if agency.pk not in staffed for role in AGENCY_ROLES]
        start = from_on or clock.today()
        if not settings.PRODUCTION:
            _register_this_machine([agency for agency in agencies if agency.pk not in staffed], start)
        return _provide(posts, start)


def treasury_staff_provide(*, from_on: date | None = None) -> list[User]:
    """Gives the treasury one person for every role (`treasury-examiner`) unless anybody holds one already."""
    with transaction.atomic():
        if RoleAssignment.objects.filter(agency__isnull=True).exists():
            return []
        return _provide([(None, role) for role in TREASURY_ROLES], from_on or clock.today())


def _provide(posts: Sequence[tuple[Agency | None, Role]], from_on: date) -> list[User]:
    names = {_username(agency, role): (agency, role) for agency, role in posts}
    User.objects.bulk_create((_person(name, *post) for name, post in names.items()), ignore_conflicts=True)
    people: Mapping[str, User] = User.objects.in_bulk(list(names), field_name="username")
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=people[name], role=role, agency=agency, valid_from_on=from_on, granted_by="system")
        for name, (agency, role) in names.items()
    )
    return [people[name] for name in names]


def _register_this_machine(agencies: Sequence[Agency], from_on: date) -> None:
    """Loopback is a registered address of agencies that are played: day, demo and serve run on one machine."""
    AgencyAddress.objects.bulk_create(
        AgencyAddress(agency=agency, network=network, valid_from_on=from_on, note="本機", registered_by="system")
        for agency in agencies
        for network in _THIS_MACHINE
    )


def _username(agency: Agency | None, role: Role) -> str:
    return f"{agency.code if agency else 'treasury'}-{role.value}"


def _person(username: str, agency: Agency | None, role: Role) -> User:
    place = agency.name if agency else "國庫"
    return User(
        username=username,
        display_name=(place[: NAME_LENGTH - len(role.label)] + role.label),
        agency_code=agency.code if agency else "",
        # An unusable password, made without hashing.
        password="!" + get_random_string(40),
    )
