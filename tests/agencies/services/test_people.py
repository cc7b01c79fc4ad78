from datetime import date

import pytest

from agencies.models import Agency, RoleAssignment
from agencies.roles import Role
from agencies.selectors import HeldRole, actor_for, person_for, roles_of
from agencies.services import person_create, role_grant, role_revoke
from tests.agencies.conftest import CABINET, MUSEUM
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem

FRIDAY, MONDAY = date(2025, 3, 7), date(2025, 3, 10)

pytestmark = pytest.mark.usefixtures("agencies")


def make_lin(agency_code: str = CABINET) -> int:
    """林美玲, a newcomer without a role."""
    return person_create(username="lin", display_name="林美玲", agency_code=agency_code, actor=SYSTEM).pk


def test_an_administrator_opens_an_account_and_gives_a_role() -> None:
    admin = actor_for(CABINET, Role.ADMIN, FRIDAY)
    lin = person_create(username="lin", display_name="林美玲", agency_code=CABINET, actor=admin)

    granted = role_grant(user_id=lin.pk, role=Role.CLERK, actor=admin)

    assert (granted.valid_from_on, granted.valid_to_on, granted.granted_by) == (FRIDAY, None, admin.name)
    assert roles_of(lin.pk, FRIDAY) == {HeldRole("clerk", CABINET)}
    assert not lin.has_usable_password()


def test_an_account_with_a_password_can_log_in() -> None:
    lin = person_create(
        username="lin", display_name="林美玲", agency_code="", actor=SYSTEM, password="four quiet herons"
    )

    assert lin.check_password("four quiet herons")


def test_a_weak_password_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        person_create(username="lin", display_name="林美玲", agency_code="", actor=SYSTEM, password="password1234")

    assert (refused.value.code, refused.value.path) == ("weak_password", "/password")


def test_an_administrator_ends_at_the_own_agency() -> None:
    admin = actor_for(CABINET, Role.ADMIN, FRIDAY)
    stranger = person_for(MUSEUM, Role.CLERK, FRIDAY)

    for act in (
        lambda: person_create(username="x", display_name="x", agency_code=MUSEUM, actor=admin),
        lambda: role_grant(user_id=stranger.pk, role=Role.REVIEWER, actor=admin),
        lambda: role_revoke(user_id=stranger.pk, role=Role.CLERK, actor=admin),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.code == "other_agency"


def test_a_clerk_gives_nobody_a_role() -> None:
    lin = make_lin()

    with pytest.raises(Problem) as refused:
        role_grant(user_id=lin, role=Role.HEAD, actor=actor_for(CABINET, Role.CLERK, FRIDAY))

    assert refused.value.code == "role_missing"
    assert roles_of(lin, FRIDAY) == frozenset()


def test_the_treasury_administrator_serves_every_agency_and_the_treasury() -> None:
    admin = actor_for("", Role.TREASURY_ADMIN, FRIDAY)
    lin = make_lin(agency_code="")

    role_grant(user_id=lin, role=Role.EXAMINER, actor=admin)
    role_grant(user_id=person_for(MUSEUM, Role.CLERK, FRIDAY).pk, role=Role.REVIEWER, actor=admin)

    assert roles_of(lin, FRIDAY) == {HeldRole("examiner", "")}


@pytest.mark.parametrize(("agency_code", "role"), [("", Role.CLERK), (CABINET, Role.PAYER), (CABINET, "king")])
def test_a_role_belongs_to_its_side(agency_code: str, role: str) -> None:
    lin = make_lin(agency_code)

    with pytest.raises(Problem) as refused:
        role_grant(user_id=lin, role=role, actor=SYSTEM)

    assert refused.value.code == "role_elsewhere"


def test_a_role_is_held_from_its_first_day_to_its_last() -> None:
    lin = make_lin()

    role_grant(user_id=lin, role=Role.CLERK, actor=SYSTEM, from_on=FRIDAY, to_on=MONDAY)

    held = [day for day in range(5, 13) if roles_of(lin, date(2025, 3, day))]
    assert held == [7, 8, 9, 10]


def test_a_role_does_not_end_before_it_begins() -> None:
    with pytest.raises(Problem) as refused:
        role_grant(user_id=make_lin(), role=Role.CLERK, actor=SYSTEM, from_on=MONDAY, to_on=FRIDAY)

    assert refused.value.code == "bad_dates"


def test_the_same_role_given_again_is_the_same() -> None:
    lin = make_lin()

    first = role_grant(user_id=lin, role=Role.CLERK, actor=SYSTEM)

    assert role_grant(user_id=lin, role=Role.CLERK, actor=SYSTEM) == first


def test_who_grants_access_neither_certifies_nor_releases() -> None:
    admin = person_for(CABINET, Role.ADMIN, FRIDAY)
    head = person_for(CABINET, Role.HEAD, FRIDAY)

    for user, role in ((admin, Role.HEAD), (admin, Role.RELEASER), (head, Role.ADMIN)):
        with pytest.raises(Problem) as refused:
            role_grant(user_id=user.pk, role=role, actor=SYSTEM)
        assert refused.value.code == "role_conflict"


def test_roles_that_bar_each_other_may_follow_each_other() -> None:
    lin = make_lin()
    role_grant(user_id=lin, role=Role.ADMIN, actor=SYSTEM, from_on=MONDAY)

    with pytest.raises(Problem):
        role_grant(user_id=lin, role=Role.HEAD, actor=SYSTEM, from_on=FRIDAY)
    role_grant(user_id=lin, role=Role.HEAD, actor=SYSTEM, from_on=FRIDAY, to_on=date(2025, 3, 9))

    assert roles_of(lin, FRIDAY) == {HeldRole("head", CABINET)}
    assert roles_of(lin, MONDAY) == {HeldRole("admin", CABINET)}


def test_a_role_revoked_is_held_until_the_day_before_and_stays_on_record() -> None:
    lin = make_lin()
    role_grant(user_id=lin, role=Role.CLERK, actor=SYSTEM, from_on=date(2025, 3, 3))

    role_revoke(user_id=lin, role=Role.CLERK, actor=SYSTEM)
    role_revoke(user_id=lin, role=Role.CLERK, actor=SYSTEM)

    assert roles_of(lin, date(2025, 3, 6)) == {HeldRole("clerk", CABINET)}
    assert roles_of(lin, FRIDAY) == frozenset()
    assert RoleAssignment.objects.filter(user_id=lin).count() == 1


def test_a_role_revoked_on_its_first_day_was_held_for_that_day() -> None:
    lin = make_lin()
    role_grant(user_id=lin, role=Role.CLERK, actor=SYSTEM)

    role_revoke(user_id=lin, role=Role.CLERK, actor=SYSTEM)

    assert roles_of(lin, FRIDAY) and not roles_of(lin, date(2025, 3, 8))


def test_an_account_needs_a_new_name_and_a_known_agency() -> None:
    make_lin()

    for username, agency_code, code in (
        ("lin", CABINET, "username_taken"),
        ("", CABINET, "name_missing"),
        ("chen", "nowhere", "unknown_agency"),
    ):
        with pytest.raises(Problem) as refused:
            person_create(username=username, display_name="陳志明", agency_code=agency_code, actor=SYSTEM)
        assert refused.value.code == code


def test_nobody_is_not_a_person(agencies: tuple[Agency, Agency]) -> None:
    for act in (role_grant, role_revoke):
        with pytest.raises(Problem) as refused:
            act(user_id=-1, role=Role.CLERK, actor=SYSTEM)
        assert (refused.value.code, refused.value.status) == ("unknown_person", 404)
