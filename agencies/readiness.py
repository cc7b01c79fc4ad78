"""What an agency must have before it goes live (A-2.1, A-2.6); apps above add what they know."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from agencies.delegations import assignments_on
from agencies.models import AgencyAddress
from agencies.roles import AGENCY_ROLES, Role
from agencies.terms import in_force


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist: what must be there, whether it is, and the requirement that asks for it."""

    title_zh: str
    title_en: str
    is_there: bool
    requirement: str


_checks: list[Callable[[str, date], Iterator[Item]]] = []


def register(check: Callable[[str, date], Iterator[Item]]) -> None:
    """Has `check(agency_code, on)` asked as well; called by the `ready` of an app."""
    if check not in _checks:
        _checks.append(check)


def checklist(agency_code: str, on: date) -> list[Item]:
    """Every line for an agency on a day: its roles, its addresses, and what apps above ask for."""
    found = [*_roles(agency_code, on), _address(agency_code, on)]
    for check in _checks:
        found.extend(check(agency_code, on))
    return found


def missing(agency_code: str, on: date) -> list[Item]:
    """The lines that are still open."""
    return [item for item in checklist(agency_code, on) if not item.is_there]


def _roles(agency_code: str, on: date) -> Iterator[Item]:
    rows = assignments_on(on).filter(agency__code=agency_code)
    held = set(rows.values_list("role", flat=True).distinct())
    for role in (Role.ADMIN, *(one for one in AGENCY_ROLES if one != Role.ADMIN)):
        requirement = "A-2.2" if role == Role.ADMIN else "A-2.3"
        yield Item(f"已設定{role.label}", f"somebody is {role.title_en}", role in held, requirement)


def _address(agency_code: str, on: date) -> Item:
    rows = AgencyAddress.objects.filter(in_force(on), agency__code=agency_code)
    return Item("已登記公眾位址", "a public address is registered", rows.exists(), "A-2.2")
