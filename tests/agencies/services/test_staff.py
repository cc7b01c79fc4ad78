from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, User
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from agencies.selectors import HeldRole, person_for, roles_of
from agencies.services import person_create, role_grant, staff_provide, treasury_staff_provide
from treasury.core.actors import SYSTEM

FRIDAY = date(2025, 3, 7)

pytestmark = pytest.mark.django_db


def test_an_agency_without_people_gets_one_for_every_role() -> None:
    Agency.objects.create(code="01", name="行政院")

    people = staff_provide(agency_codes=["01", "unknown"])

    assert [person.username for person in people] == [f"01-{role}" for role in AGENCY_ROLES]
    assert person_for("01", Role.HEAD, FRIDAY).display_name == "行政院機關長官"
    assert not person_for("01", Role.HEAD, FRIDAY).has_usable_password()
    for person in people:
        assert roles_of(person.pk, FRIDAY) == {HeldRole(person.username.split("-")[1], "01")}


def test_an_agency_with_people_gets_none() -> None:
    Agency.objects.create(code="01", name="行政院")
    lin = person_create(username="lin", display_name="林美玲", agency_code="01", actor=SYSTEM)
    role_grant(user_id=lin.pk, role=Role.CLERK, actor=SYSTEM)

    assert staff_provide(agency_codes=["01"]) == []


def test_people_are_provided_once() -> None:
    Agency.objects.create(code="01", name="行政院")

    first = staff_provide(agency_codes=["01"]) + treasury_staff_provide()
    second = staff_provide(agency_codes=["01"]) + treasury_staff_provide()

    assert len(first) == User.objects.count() == len(AGENCY_ROLES) + len(TREASURY_ROLES)
    assert second == []


def test_the_treasury_gets_one_for_every_role() -> None:
    people = treasury_staff_provide(from_on=date(2025, 1, 1))

    assert [person.username for person in people] == [f"treasury-{role}" for role in TREASURY_ROLES]
    assert person_for("", Role.AUDITOR, date(2025, 1, 1)).display_name == "國庫查核人員"


def test_a_long_name_is_cut_to_what_the_table_holds() -> None:
    Agency.objects.create(code="01", name="長" * 100)

    staff_provide(agency_codes=["01"])

    assert len(person_for("01", Role.CLERK, FRIDAY).display_name) == 80


def test_a_hundred_agencies_take_no_more_statements_than_one() -> None:
    Agency.objects.bulk_create(Agency(code=f"{number:03}", name="機關") for number in range(101))
    with CaptureQueriesContext(connection) as one:
        staff_provide(agency_codes=["000"])

    with CaptureQueriesContext(connection) as hundred:
        staff_provide(agency_codes=[f"{number:03}" for number in range(1, 101)])

    assert len(hundred) == len(one)
    assert User.objects.count() == 101 * len(AGENCY_ROLES)
