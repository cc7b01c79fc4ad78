"""Delegated signers: appointed by head and by chief accountant, of the establishment, never for both (B-6.3)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from agencies.delegations import capacity_ground, delegations_of, signers_of
from agencies.models import Agency, Delegation, User
from agencies.selectors import HeldRole, actor_for, actor_of, roles_of
from agencies.services import role_grant
from agencies.services.delegations import delegate_appoint, delegation_end
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.models import History

CABINET, MUSEUM = "0003010000", "0061400000"
pytestmark = pytest.mark.usefixtures("agencies")


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(Problem) as problem:
        call()
    return problem.value.code


def actor(role: str, agency_code: str = CABINET) -> Actor:
    return actor_for(agency_code, role, clock.today())


def deputy(name: str = "deputy", **given: Any) -> User:
    return User.objects.create_user(name, agency_code=CABINET, display_name="吳代簽", **given)


def ground(user: User, capacity: str, days: int = 0, agency_code: str = CABINET) -> str:
    on = clock.today() + timedelta(days=days)
    return capacity_ground(user_id=user.pk, agency_code=agency_code, capacity=capacity, on=on)


def test_a_delegate_acts_in_the_capacity_on_the_days_given_and_no_other() -> None:
    user, today = deputy(), clock.today()

    row = delegate_appoint(
        user_id=user.pk,
        actor=actor("head"),
        from_on=today + timedelta(days=1),
        to_on=today + timedelta(days=3),
        because="出國",
    )

    assert [ground(user, "head", days) for days in range(5)] == ["", "delegation", "delegation", "delegation", ""]
    assert ground(user, "head", 1, MUSEUM) == ground(user, "accountant", 1) == ground(user, "releaser", 1) == ""
    assert roles_of(user.pk, today + timedelta(days=1)) == {HeldRole("head", CABINET)}
    assert roles_of(user.pk, today) == frozenset()
    assert ground(User.objects.get(pk=actor("head").user_id), "head") == "role"
    assert (user.pk, "吳代簽", "head", True) in signers_of(CABINET, ["head"], today)
    assert str(row) == f"{user} head" and delegations_of(CABINET).get() == row
    assert History.objects.get(machine="delegation").verb == "appoint"


def test_what_may_not_be_says_why() -> None:
    user, head = deputy(), actor("head")
    outside = deputy("outside", is_establishment=False)
    elsewhere = User.objects.get(pk=actor("clerk", MUSEUM).user_id)
    yesterday = clock.today() - timedelta(days=1)

    def appointed(who: User, by: Actor = head, **given: Any) -> str:
        return code_of(lambda: delegate_appoint(user_id=who.pk, actor=by, **given))

    assert appointed(outside) == "not_establishment"
    assert appointed(elsewhere) == "unknown_person"
    assert appointed(User.objects.get(pk=head.user_id)) == "own_delegation"
    assert appointed(user, from_on=yesterday) == appointed(user, to_on=yesterday) == "bad_dates"
    assert appointed(user, actor("clerk")) == appointed(user, actor("admin")) == "role_missing"
    delegate_appoint(user_id=user.pk, actor=head)
    assert appointed(user) == "delegation_held"
    third = deputy("third")
    assert appointed(third, actor_of(user, "head")) == "delegate_appoints"


@pytest.mark.threat("delegate-of-both")
def test_nobody_signs_for_both_certifiers_by_whatever_way() -> None:
    user, today = deputy(), clock.today()
    accountant = User.objects.get(pk=actor("accountant").user_id)
    administrator = User.objects.get(pk=actor("admin").user_id)
    delegate_appoint(user_id=user.pk, actor=actor("head"), to_on=today + timedelta(days=3))

    def crossed(who: User, by: str, **given: Any) -> bool:
        return code_of(lambda: delegate_appoint(user_id=who.pk, actor=actor(by), **given)) == "delegation_crossed"

    assert crossed(user, "accountant") and crossed(accountant, "head") and crossed(administrator, "head")
    assert crossed(accountant, "head", to_on=today)
    later = today + timedelta(days=4)
    assert (
        delegate_appoint(user_id=user.pk, actor=actor("accountant"), from_on=later).principal_capacity == "accountant"
    )
    # A role given afterwards, by the administrator, or past the services
    assert code_of(lambda: role_grant(user_id=user.pk, role="accountant", actor=actor("admin"))) == "role_conflict"
    assert code_of(lambda: role_grant(user_id=user.pk, role="admin", actor=treasurer())) == "role_conflict"
    with pytest.raises(DatabaseError, match="would sign for both certifiers"), transaction.atomic():
        by_hand(user, "accountant")
    with pytest.raises(DatabaseError, match="would sign for both certifiers"), transaction.atomic():
        by_hand(accountant, "head")
    with pytest.raises(DatabaseError, match="is not on the establishment"), transaction.atomic():
        by_hand(deputy("outside", is_establishment=False), "head")
    user.role_assignments.create(
        role="accountant", agency=Agency.objects.get(code=CABINET), valid_from_on=today, granted_by="by hand"
    )
    assert ground(user, "head") == ground(user, "accountant") == "crossed"


def treasurer() -> Actor:
    return actor_for("", "treasury_admin", clock.today())


def by_hand(user: User, capacity: str) -> Delegation:
    return Delegation.objects.create(
        agency=Agency.objects.get(code=CABINET),
        principal_capacity=capacity,
        user=user,
        appointed_by_id=actor("releaser").user_id or 0,
        valid_from_on=clock.today(),
    )


def test_it_is_ended_by_its_own_side_or_the_administrator_and_never_made_longer() -> None:
    user = deputy()
    row = delegate_appoint(user_id=user.pk, actor=actor("head"))
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert code_of(lambda: delegation_end(delegation_id=row.pk, actor=actor("accountant"))) == "other_principal"
        assert code_of(lambda: delegation_end(delegation_id=row.pk, actor=actor("admin", MUSEUM))) == "other_agency"
        assert code_of(lambda: delegation_end(delegation_id=0, actor=actor("admin"))) == "not_found"

        ended = delegation_end(delegation_id=row.pk, actor=actor("admin"), because="返國")

        assert ended.valid_to_on == clock.today() - timedelta(days=1)
        assert ground(user, "head") == "" and ground(user, "head", -1) == "delegation"
        assert delegation_end(delegation_id=row.pk, actor=actor("head")).valid_to_on == ended.valid_to_on
    for change in ({"valid_to_on": None}, {"principal_capacity": "accountant"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delegation.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_whoever_leaves_the_establishment_or_the_house_signs_no_more() -> None:
    user = deputy()
    delegate_appoint(user_id=user.pk, actor=actor("accountant"))

    User.objects.filter(pk=user.pk).update(is_establishment=False)
    assert ground(user, "accountant") == "" and roles_of(user.pk, clock.today()) == frozenset()

    User.objects.filter(pk=user.pk).update(is_establishment=True, is_active=False)
    assert ground(user, "accountant") == ""
