"""The page of delegated signers: who appoints, who ends, what each sees (B-6.3)."""

import csv
import io
from datetime import date

import pytest

from agencies.models import Delegation, User
from tests.agencies.conftest import CABINET, MUSEUM
from tests.agencies.pages.world import at_work, key_of, logged_in, send
from tests.factories import statements
from tests.pages import words

pytestmark = pytest.mark.usefixtures("agencies")
PAGE, APPOINT = "/delegations/", "/delegations/appoint/"


@pytest.fixture
def deputy(agencies: object) -> User:
    """Somebody of the establishment without any role."""
    return User.objects.create_user("deputy", agency_code=CABINET, display_name="吳代簽")


def appoint(role: str, user: User, **given: str) -> int:
    answer = send(logged_in(role, CABINET), PAGE, APPOINT, user_id=str(user.pk), **given)
    return int(answer.status_code)


def test_the_head_appoints_from_a_day_to_a_day_and_the_deputy_acts_as_head(deputy: User) -> None:
    assert appoint("head", deputy, from_on="114/3/7", to_on="114/3/14", because="出國考察") == 302

    page = words(logged_in("admin", CABINET).get(PAGE))
    assert "吳代簽" in page and "機關長官" in page and "出國考察" in page and "114/03/14" in page and "有效" in page
    row = Delegation.objects.get()
    assert (row.valid_from_on, row.valid_to_on) == (date(2025, 3, 7), date(2025, 3, 14))
    assert at_work(deputy).get("/cards/").status_code == 200
    assert "代簽人不能再授權他人" in words(at_work(deputy).get(PAGE))


@pytest.mark.threat("delegate-of-both")
def test_what_is_refused_is_said_at_the_field(deputy: User) -> None:
    assert appoint("head", deputy) == 302
    accountant = logged_in("accountant", CABINET)

    answer = send(accountant, PAGE, APPOINT, user_id=str(deputy.pk))

    assert answer.status_code == 422 and "不得兼為另一方簽證人員代簽" in words(answer)
    assert "請由清單中選擇" in words(send(accountant, PAGE, APPOINT, user_id="0"))
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("role", ["clerk", "reviewer", "releaser"])
def test_other_roles_have_no_such_page(role: str) -> None:
    assert logged_in(role, CABINET).get(PAGE).status_code == 403
    assert logged_in("admin", CABINET).post(APPOINT, {"submission": "k"}).status_code == 403


def test_it_is_ended_by_those_who_may_and_another_agency_s_does_not_exist(deputy: User) -> None:
    appoint("head", deputy)
    row = Delegation.objects.get()
    end = f"/delegations/{row.pk}/end/"
    assert logged_in("head", MUSEUM).post(end, {"submission": "k"}).status_code == 404
    assert logged_in("head", CABINET).post("/delegations/0/end/", {"submission": "k"}).status_code == 404
    assert "終止授權" not in words(logged_in("accountant", CABINET).get(PAGE)).replace("終止授權的", "")
    assert logged_in("accountant", CABINET).post(end, {"submission": "k"}).status_code == 403

    admin = logged_in("admin", CABINET)
    assert admin.post(end, {"submission": key_of(admin.get(PAGE)), "because": "返國"}).status_code == 302

    row.refresh_from_db()
    assert row.valid_to_on == date(2025, 3, 7)


def test_the_list_is_filtered_and_taken_away_and_the_treasury_sees_every_agency_s(deputy: User) -> None:
    appoint("head", deputy, from_on="114/4/1")
    Delegation.objects.create(
        agency=Delegation.objects.get().agency,
        principal_capacity="head",
        user=User.objects.create_user("former", agency_code=CABINET, display_name="舊代簽"),
        appointed_by=User.objects.get(username=f"{CABINET}-head"),
        valid_from_on=date(2025, 1, 1),
        valid_to_on=date(2025, 2, 1),
    )
    treasury = logged_in("auditor")

    def shown(query: str) -> list[bool]:
        page = words(treasury.get(PAGE + query))
        return [name in page for name in ("吳代簽", "舊代簽")]

    assert shown("") == [True, True]
    assert shown("?when=ahead") == [True, False] and shown("?when=over") == [False, True]
    assert shown("?when=now") == shown(f"?agency={MUSEUM}") == shown("?capacity=accountant") == [False, False]
    assert shown("?q=舊") == [False, True]
    rows = list(csv.DictReader(io.StringIO(treasury.get(f"{PAGE}?format=csv").content.decode("utf-8-sig"))))
    assert [row["代簽人"] for row in rows] == ["舊代簽", "吳代簽"]


def test_many_delegations_take_as_many_queries_as_one(deputy: User) -> None:
    appoint("head", deputy)
    client = logged_in("admin", CABINET)
    client.get(PAGE)

    few = statements(lambda: client.get(PAGE))
    for number in range(10):
        appoint("head", User.objects.create_user(f"deputy-{number}", agency_code=CABINET, display_name=f"代簽{number}"))
    many = statements(lambda: client.get(PAGE))

    assert many == few
