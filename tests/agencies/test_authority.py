from collections.abc import Iterable
from datetime import date

import pytest

from agencies.authority import authorize
from agencies.duty import ROLE_PERMISSIONS, SEPARATIONS, SYSTEM_PERMISSIONS, Separation
from agencies.models import Agency, RoleAssignment, User
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from agencies.selectors import actor_for, person_for
from tests.agencies.conftest import CABINET, MUSEUM
from treasury.core.actors import SYSTEM, Actor
from treasury.core.errors import Problem

FRIDAY = date(2025, 3, 7)

pytestmark = pytest.mark.usefixtures("agencies")


def refused(
    actor: Actor,
    permission: str,
    *,
    agency_code: str = CABINET,
    earlier: Iterable[tuple[str, int | None]] = (),
    on: date = FRIDAY,
) -> str:
    """The code of the refusal; empty when the actor may."""
    try:
        authorize(actor=actor, permission=permission, agency_code=agency_code, earlier=earlier, on=on)
    except Problem as problem:
        assert problem.status == 403
        return problem.code
    return ""


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_exactly_what_the_table_says(role: Role) -> None:
    actor = actor_for(CABINET if role in AGENCY_ROLES else "", role, FRIDAY)

    for permission, roles in ROLE_PERMISSIONS.items():
        assert refused(actor, permission) == ("" if role in roles else "role_missing")


def test_an_unknown_permission_is_nobodys() -> None:
    assert refused(actor_for(CABINET, Role.HEAD, FRIDAY), "vouchers.burn_voucher") == "role_missing"


def test_an_agencys_role_ends_at_its_own_vouchers() -> None:
    clerk = actor_for(CABINET, Role.CLERK, FRIDAY)

    assert refused(clerk, "vouchers.create_voucher", agency_code=MUSEUM) == "other_agency"
    assert refused(clerk, "vouchers.create_voucher", agency_code="") == "other_agency"


def test_a_treasury_role_reaches_every_agency() -> None:
    examiner = actor_for("", Role.EXAMINER, FRIDAY)

    assert refused(examiner, "disbursement.examine_voucher", agency_code=CABINET) == ""
    assert refused(examiner, "disbursement.examine_voucher", agency_code=MUSEUM) == ""


def test_a_role_counts_from_its_first_day_to_its_last() -> None:
    head = person_for(CABINET, Role.HEAD, FRIDAY)
    actor = actor_for(CABINET, Role.HEAD, FRIDAY)
    RoleAssignment.objects.filter(user=head).update(valid_from_on=date(2025, 3, 3), valid_to_on=date(2025, 3, 31))

    assert refused(actor, "vouchers.certify_head", on=date(2025, 3, 2)) == "role_missing"
    assert refused(actor, "vouchers.certify_head", on=date(2025, 3, 3)) == ""
    assert refused(actor, "vouchers.certify_head", on=date(2025, 3, 31)) == ""
    assert refused(actor, "vouchers.certify_head", on=date(2025, 4, 1)) == "role_missing"


def test_a_role_somebody_only_claims_does_not_count() -> None:
    clerk = actor_for(CABINET, Role.CLERK, FRIDAY)
    pretender = Actor(user_id=clerk.user_id, name=clerk.name, role="head", agency_code=CABINET)
    stranger = Actor(user_id=clerk.user_id, name=clerk.name, role="clerk", agency_code=MUSEUM)

    assert refused(pretender, "vouchers.certify_head") == "role_missing"
    assert refused(stranger, "vouchers.create_voucher", agency_code=MUSEUM) == "role_missing"


def test_an_account_switched_off_holds_no_role() -> None:
    actor = actor_for(CABINET, Role.CLERK, FRIDAY)
    User.objects.filter(username="0003010000-clerk").update(is_active=False)

    assert refused(actor, "vouchers.create_voucher") == "role_missing"


@pytest.mark.parametrize("permission", sorted(ROLE_PERMISSIONS))
def test_the_system_may_do_only_what_workers_do(permission: str) -> None:
    assert refused(SYSTEM, permission) == ("" if permission in SYSTEM_PERMISSIONS else "role_missing")


def test_nobody_passes_as_the_system() -> None:
    nobody = Actor(user_id=None, name="nobody", role="payer")

    assert refused(nobody, "disbursement.pay_voucher") == "role_missing"


@pytest.mark.parametrize("rule", SEPARATIONS, ids=str)
def test_one_person_may_not_do_both_in_either_order(rule: Separation) -> None:
    for done, wanted in (
        (rule.permission_a, rule.permission_b),
        (rule.permission_b, rule.permission_a),
    ):
        role = sorted(ROLE_PERMISSIONS[wanted])[0]
        actor = actor_for("" if role in TREASURY_ROLES else CABINET, role, FRIDAY)
        other = (actor.user_id or 0) + 1

        assert refused(actor, wanted, earlier=[(done, actor.user_id)]) == "separation_of_duty"
        assert refused(actor, wanted, earlier=[(done, other), (done, None)]) == ""


def test_somebody_may_do_the_same_thing_again() -> None:
    clerk = actor_for(CABINET, Role.CLERK, FRIDAY)
    earlier = [("vouchers.create_voucher", clerk.user_id), ("vouchers.submit_voucher", clerk.user_id)]

    assert refused(clerk, "vouchers.submit_voucher", earlier=earlier) == ""


def test_a_clerk_made_reviewer_may_not_pass_the_voucher_made_as_clerk() -> None:
    clerk = person_for(CABINET, Role.CLERK, FRIDAY)
    cabinet = Agency.objects.get(code=CABINET)
    RoleAssignment.objects.create(
        user=clerk, role=Role.REVIEWER, agency=cabinet, valid_from_on=FRIDAY, granted_by="system"
    )
    actor = Actor(user_id=clerk.pk, name=clerk.display_name, role="reviewer", agency_code=CABINET)

    assert refused(actor, "vouchers.pass_review", earlier=[("vouchers.create_voucher", clerk.pk)]) == (
        "separation_of_duty"
    )
    assert refused(actor, "vouchers.pass_review", earlier=[("vouchers.create_voucher", clerk.pk + 1)]) == ""
