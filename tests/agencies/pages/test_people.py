"""An agency's administrator and the treasury's open accounts, give and end roles (A-2.3)."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency, RoleAssignment, User
from agencies.selectors import actor_for, person_for, roles_of
from agencies.services import client_create, person_create
from tests.agencies.conftest import CABINET, MUSEUM
from tests.agencies.pages.world import at_work, key_of, logged_in, send
from tests.factories import statements
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.models import History

FRIDAY = date(2025, 3, 7)
pytestmark = pytest.mark.usefixtures("agencies")


@pytest.fixture
def admin() -> Client:
    """The Executive Yuan's access administrator."""
    return logged_in("admin", CABINET)


@pytest.fixture
def lin() -> User:
    """林美玲, a newcomer without a role."""
    return person_create(username="lin", display_name="林美玲", agency_code=CABINET, actor=SYSTEM)


def test_an_account_is_opened_and_its_password_shown_once(admin: Client) -> None:
    answer = send(admin, "/people/new/", username="chen", display_name="陳大文", is_establishment="on")

    chen = User.objects.get(username="chen")
    shown = re.search(r"data-secret>([^<]+)<", answer.content.decode())
    assert answer.status_code == 200 and shown
    assert chen.check_password(shown.group(1))
    assert (chen.agency_code, chen.must_change_password, chen.is_establishment) == (CABINET, True, True)
    assert "no-store" in answer["Cache-Control"]
    assert shown.group(1) not in admin.get(f"/people/{chen.pk}/").content.decode()


def test_the_form_sent_twice_opens_one_account_and_shows_no_second_password(admin: Client) -> None:
    key = key_of(admin.get("/people/new/"))
    values = {"submission": key, "username": "chen", "display_name": "陳大文"}
    admin.post("/people/new/", values)

    again = admin.post("/people/new/", values)

    assert again.status_code == 302 and again["Location"] == f"/people/{User.objects.get(username='chen').pk}/"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"username": "0003010000-clerk", "display_name": "x"}, "已經有人使用"),
        ({"username": "", "display_name": "x"}, "請填寫這個欄位"),
        ({"username": "陳 大文", "display_name": "x"}, "名稱不能使用"),
        ({"username": "chen", "display_name": "x" * 81}, "太長了"),
    ],
)
def test_what_is_wrong_with_an_account_stands_at_its_field(values: dict[str, str], says: str, admin: Client) -> None:
    before = User.objects.count()

    answer = send(admin, "/people/new/", **values)

    assert answer.status_code == 422
    assert says in answer.content.decode() and 'id="errors"' in answer.content.decode()
    assert User.objects.count() == before


def test_the_list_shows_the_own_agency_only(admin: Client) -> None:
    page = admin.get("/people/?agency=0061400000").content.decode()

    assert "0003010000-clerk" in page and "0061400000-clerk" not in page


def test_the_treasurys_administrator_sees_the_treasury_and_any_agency_asked_for() -> None:
    client = logged_in("treasury_admin")

    assert "treasury-payer" in client.get("/people/").content.decode()
    assert "0061400000-admin" in client.get(f"/people/?agency={MUSEUM}").content.decode()
    send(client, f"/people/new/?agency={MUSEUM}", username="first", display_name="王一")
    assert User.objects.get(username="first").agency_code == MUSEUM


def test_a_role_is_given_from_a_day_to_a_day(admin: Client, lin: User) -> None:
    answer = send(
        admin,
        f"/people/{lin.pk}/",
        f"/people/{lin.pk}/roles/",
        role="clerk",
        from_on="114/3/10",
        to_on="1140630",
        because="接辦採購",
    )

    row = RoleAssignment.objects.get(user=lin)
    assert answer.status_code == 302
    assert (row.role, row.valid_from_on, row.valid_to_on) == ("clerk", date(2025, 3, 10), date(2025, 6, 30))
    act = History.objects.get(machine="person", verb="grant_role")
    assert (act.subject_id, act.because, act.address) == (lin.pk, "接辦採購", "127.0.0.1")
    page = admin.get(f"/people/{lin.pk}/").content.decode()
    assert "114/03/10（一）" in page and "授予角色" in page and "接辦採購" in page


def test_roles_that_nobody_holds_together_are_refused_in_words(admin: Client) -> None:
    head = person_for(CABINET, "head", FRIDAY)

    answer = send(admin, f"/people/{head.pk}/", f"/people/{head.pk}/roles/", role="admin")

    assert answer.status_code == 422
    assert "這兩個角色不能由同一人擔任" in answer.content.decode()
    assert {one.role for one in roles_of(head.pk, FRIDAY)} == {"head"}


def test_nobody_gives_a_role_to_themselves(admin: Client) -> None:
    own = person_for(CABINET, "admin", FRIDAY)
    other = person_for(CABINET, "clerk", FRIDAY)

    key = key_of(admin.get(f"/people/{other.pk}/"))
    answer = admin.post(f"/people/{own.pk}/roles/", {"submission": key, "role": "clerk"})

    assert answer.status_code == 403
    assert {one.role for one in roles_of(own.pk, FRIDAY)} == {"admin"}


def test_a_role_is_ended_from_a_day_on(admin: Client) -> None:
    clerk = person_for(CABINET, "clerk", FRIDAY)

    send(admin, f"/people/{clerk.pk}/", f"/people/{clerk.pk}/roles/end/", role="clerk", on="114/3/11", because="調職")

    row = RoleAssignment.objects.get(user=clerk)
    assert row.valid_to_on == date(2025, 3, 10)
    assert "調職" in admin.get(f"/people/{clerk.pk}/").content.decode()


@pytest.mark.parametrize("values", [{"role": "clerk", "from_on": "sometime"}, {"role": ""}, {"role": "payer"}])
def test_what_cannot_be_read_comes_back_to_the_form(values: dict[str, str], admin: Client, lin: User) -> None:
    answer = send(admin, f"/people/{lin.pk}/", f"/people/{lin.pk}/roles/", **values)

    assert answer.status_code == 422
    assert not RoleAssignment.objects.filter(user=lin).exists()


def test_an_account_is_switched_off_and_on_again(admin: Client) -> None:
    clerk = person_for(CABINET, "clerk", FRIDAY)
    at_desk = at_work(clerk)
    assert at_desk.get("/").status_code == 200

    send(admin, f"/people/{clerk.pk}/", f"/people/{clerk.pk}/switch/", is_active="0", because="留職停薪")
    assert at_desk.get("/").status_code == 302
    assert roles_of(clerk.pk, FRIDAY) == frozenset()

    send(admin, f"/people/{clerk.pk}/", f"/people/{clerk.pk}/switch/", is_active="1")
    assert roles_of(clerk.pk, FRIDAY)


def test_nobody_switches_their_own_account_off(admin: Client) -> None:
    own, clerk = person_for(CABINET, "admin", FRIDAY), person_for(CABINET, "clerk", FRIDAY)
    key = key_of(admin.get(f"/people/{clerk.pk}/"))

    answer = admin.post(f"/people/{own.pk}/switch/", {"submission": key, "is_active": "0"})

    assert answer.status_code == 403
    assert User.objects.get(pk=own.pk).is_active


def test_another_password_is_shown_once_and_must_be_changed(admin: Client) -> None:
    clerk = person_for(CABINET, "clerk", FRIDAY)
    key = key_of(admin.get(f"/people/{clerk.pk}/"))

    answer = admin.post(f"/people/{clerk.pk}/password/", {"submission": key})
    again = admin.post(f"/people/{clerk.pk}/password/", {"submission": key})

    shown = re.search(r"data-secret>([^<]+)<", answer.content.decode())
    assert shown and again.status_code == 302
    clerk.refresh_from_db()
    assert clerk.check_password(shown.group(1)) and clerk.must_change_password


@pytest.mark.parametrize("path", ["", "roles/", "roles/end/", "switch/", "password/"])
def test_another_agencys_people_do_not_exist(path: str, admin: Client) -> None:
    stranger = person_for(MUSEUM, "clerk", FRIDAY)
    url = f"/people/{stranger.pk}/{path}"

    answer = admin.post(url, {"submission": "x", "role": "clerk"}) if path else admin.get(url)

    assert answer.status_code == 404
    assert admin.get("/people/999999/").status_code == 404
    assert {one.role for one in roles_of(stranger.pk, FRIDAY)} == {"clerk"}


@pytest.mark.parametrize("role", ["clerk", "reviewer", "accountant", "head", "releaser"])
def test_people_are_no_business_of_other_roles(role: str) -> None:
    client = logged_in(role, CABINET)

    assert client.get("/people/").status_code == 403
    assert client.post("/people/new/", {"submission": "x", "username": "y", "display_name": "y"}).status_code == 403


def test_the_list_asks_as_often_for_many_as_for_few(admin: Client) -> None:
    few = statements(lambda: admin.get("/people/"))
    User.objects.bulk_create(
        User(username=f"p{number:04d}", display_name="某人", agency_code=CABINET) for number in range(300)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            user=user, role="clerk", agency=Agency.objects.get(code=CABINET), valid_from_on=FRIDAY, granted_by="x"
        )
        for user in User.objects.filter(username__startswith="p0")
    )

    assert statements(lambda: admin.get("/people/")) == few


def test_the_list_comes_as_a_file(admin: Client) -> None:
    file = admin.get("/people/?format=csv").content.decode("utf-8-sig")

    assert "0003010000-clerk" in file and "承辦人員" in file


def first_login(user: User, password: str) -> Any:
    client = Client()
    user.set_password(password)
    user.must_change_password = True
    user.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_whoever_has_an_initial_password_changes_it_before_anything_else() -> None:
    clerk = person_for(CABINET, "clerk", FRIDAY)
    client = first_login(clerk, "abcd-efgh-jkmn-pqrs")

    assert client.get("/")["Location"] == "/password/"
    assert "初始密碼" in client.get("/password/").content.decode()
    changed = client.post(
        "/password/", {"old": "abcd-efgh-jkmn-pqrs", "new": "four quiet herons", "again": "four quiet herons"}
    )

    assert changed.status_code == 302
    assert client.get("/").status_code == 200
    clerk.refresh_from_db()
    assert clerk.check_password("four quiet herons") and not clerk.must_change_password
    assert History.objects.filter(machine="person", verb="change_password", subject_id=clerk.pk).exists()


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", "four quiet herons", "four quiet herons", "目前的密碼不正確"),
        ("abcd-efgh-jkmn-pqrs", "abcd-efgh-jkmn-pqrs", "abcd-efgh-jkmn-pqrs", "新密碼和原來的一樣"),
        ("abcd-efgh-jkmn-pqrs", "password1234", "password1234", "密碼太容易被猜到"),
        ("abcd-efgh-jkmn-pqrs", "four quiet herons", "four loud herons", "兩次輸入的新密碼不一樣"),
    ],
)
def test_a_password_that_does_not_do_is_refused(old: str, new: str, again: str, says: str) -> None:
    clerk = person_for(CABINET, "clerk", FRIDAY)
    client = first_login(clerk, "abcd-efgh-jkmn-pqrs")

    answer = client.post("/password/", {"old": old, "new": new, "again": again})

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_the_account_of_an_accounting_system_gets_no_password(admin: Client) -> None:
    made = client_create(
        agency_code=CABINET, name="會計系統", scopes=["vouchers:read"], actor=actor_for(CABINET, "admin", clock.today())
    )
    page = f"/people/{made.client.user_id}/"

    answer = send(admin, page, f"{page}password/")

    assert answer.status_code == 403
    assert "介接系統的帳號" in answer.content.decode()
    assert not User.objects.get(pk=made.client.user_id).has_usable_password()
