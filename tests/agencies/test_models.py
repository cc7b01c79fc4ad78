from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from agencies.models import Agency, BankBranch, RoleAssignment, User
from agencies.roles import Role
from agencies.selectors import person_for
from tests.agencies.conftest import CABINET

FRIDAY = date(2025, 3, 7)


def test_the_database_keeps_ended_roles(agencies: tuple[Agency, Agency]) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        RoleAssignment.objects.all().delete()

    assert RoleAssignment.objects.filter(agency__code=CABINET).count() == 6


def test_the_database_refuses_a_role_at_another_agency(agencies: tuple[Agency, Agency]) -> None:
    _, museum = agencies
    clerk = person_for(CABINET, Role.CLERK, FRIDAY)

    with pytest.raises(DatabaseError, match="a role at agency"), transaction.atomic():
        RoleAssignment.objects.create(user=clerk, role=Role.CLERK, agency=museum, valid_from_on=FRIDAY, granted_by="x")


@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMIN])
def test_the_database_refuses_an_agencys_role_at_the_treasury(role: Role, agencies: tuple[Agency, Agency]) -> None:
    payer = person_for("", Role.PAYER, FRIDAY)

    with pytest.raises(IntegrityError, match="role_on_its_side"), transaction.atomic():
        RoleAssignment.objects.create(user=payer, role=role, valid_from_on=FRIDAY, granted_by="x")


def test_the_database_refuses_the_same_role_twice(agencies: tuple[Agency, Agency]) -> None:
    payer = person_for("", Role.PAYER, FRIDAY)

    with pytest.raises(IntegrityError, match="role_held_once"), transaction.atomic():
        RoleAssignment.objects.create(user=payer, role=Role.PAYER, valid_from_on=FRIDAY, granted_by="x")


def test_the_database_refuses_a_branch_open_twice_or_misnamed(db: None) -> None:
    BankBranch.objects.create(
        bank_code="0040059", institution_code="004", institution_name="臺灣銀行", branch_name="公庫部"
    )

    for code in ("0040059", "004005", "004005X"):
        with pytest.raises(IntegrityError), transaction.atomic():
            BankBranch.objects.create(bank_code=code, valid_from_on=FRIDAY)


def test_rows_say_what_they_are(agencies: tuple[Agency, Agency]) -> None:
    cabinet, _ = agencies
    clerk = person_for(CABINET, Role.CLERK, FRIDAY)
    branch = BankBranch(bank_code="0040059", institution_name="臺灣銀行", branch_name="公庫部")

    assert str(cabinet) == "0003010000 行政院"
    assert str(clerk) == "0003010000-clerk 行政院承辦人員"
    assert str(clerk.role_assignments.get()) == "0003010000-clerk 行政院承辦人員 clerk"
    assert str(branch) == "0040059 臺灣銀行公庫部"
    assert User.objects.filter(agency_code="").count() == 5
