from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from agencies.selectors import (
    HeldRole,
    actor_for,
    actors_on,
    agency_by_code,
    person_for,
)
from agencies.selectors import (
    agencies as all_agencies,
)
from agencies.services import role_grant
from tests.agencies.conftest import CABINET, MUSEUM
from treasury.core.actors import SYSTEM, Actor
from treasury.core.errors import Problem

FRIDAY = date(2025, 3, 7)


def test_an_agency_is_found_by_its_code(agencies: tuple[Agency, Agency]) -> None:
    assert agency_by_code(CABINET).name == "行政院"
    assert [agency.code for agency in all_agencies()] == [CABINET, MUSEUM]

    with pytest.raises(Problem) as refused:
        agency_by_code("nowhere")

    assert (refused.value.code, refused.value.status) == ("unknown_agency", 404)


def test_an_actor_is_a_snapshot_of_a_person_in_a_role(agencies: tuple[Agency, Agency]) -> None:
    head = person_for(CABINET, Role.HEAD, FRIDAY)
    payer = person_for("", Role.PAYER, FRIDAY)

    assert actor_for(CABINET, Role.HEAD, FRIDAY, address="203.0.113.7") == Actor(
        user_id=head.pk, name="行政院機關長官", role="head", agency_code=CABINET, address="203.0.113.7"
    )
    assert actor_for("", Role.PAYER, FRIDAY) == Actor(user_id=payer.pk, name="國庫支付人員", role="payer")
    assert type(actor_for("", Role.PAYER, FRIDAY).role) is str


def test_the_first_by_user_name_acts_where_two_hold_a_role(agencies: tuple[Agency, Agency]) -> None:
    reviewer = person_for(CABINET, Role.REVIEWER, FRIDAY)

    role_grant(user_id=reviewer.pk, role=Role.CLERK, actor=SYSTEM)

    assert person_for(CABINET, Role.CLERK, FRIDAY).username == "0003010000-clerk"
    assert actors_on(FRIDAY)[HeldRole("clerk", CABINET)] == actor_for(CABINET, Role.CLERK, FRIDAY)


def test_nobody_holds_a_role_before_it_was_given(agencies: tuple[Agency, Agency]) -> None:
    with pytest.raises(Problem) as refused:
        person_for(CABINET, Role.CLERK, date(2025, 3, 6))

    assert refused.value.code == "no_person"
    assert actors_on(date(2025, 3, 6)) == {}


def test_all_actors_come_in_one_query(
    agencies: tuple[Agency, Agency], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        everybody = actors_on(FRIDAY)

    assert len(everybody) == 2 * len(AGENCY_ROLES) + len(TREASURY_ROLES)
    assert {place for _, place in actors_on(FRIDAY, [CABINET])} == {CABINET}
    assert {place for _, place in actors_on(FRIDAY, [CABINET, ""])} == {CABINET, ""}
