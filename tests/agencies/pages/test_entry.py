"""The way in: login, lockout, roles, home, language, looks, staying logged in."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from agencies.models import Agency, RoleAssignment, User
from tests.agencies.conftest import CABINET
from tests.pages import client_of, words

CLERK = f"{CABINET}-clerk"
PASSWORD = "東風夜放花千樹-1191"


@pytest.fixture
def clerk(agencies: tuple[Agency, Agency]) -> User:
    """The clerk of 行政院, who can log in."""
    user = User.objects.get(username=CLERK)
    user.set_password(PASSWORD)
    user.save()
    return user


def _login(client: Client, password: str = PASSWORD, **more: str) -> object:
    return client.post("/login/", {"username": CLERK, "password": password, **more})


def test_it_lets_a_person_in_with_a_password_kept_by_argon2(clerk: User) -> None:
    client = Client()

    response = _login(client, next="/search/")

    assert identify_hasher(clerk.password).algorithm == "argon2"
    assert response.headers["Location"] == "/search/"  # type: ignore[attr-defined]
    assert clerk.display_name in words(client.get("/"))


def test_it_says_what_is_wrong_without_saying_whether_the_account_exists(clerk: User) -> None:
    wrong = words(_login(Client(), "錯"))
    unknown = words(Client().post("/login/", {"username": "nobody", "password": "錯"}))

    assert "帳號或密碼不正確" in wrong
    assert wrong == unknown.replace("nobody", CLERK)


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(clerk: User) -> None:
    page = Client().post("/login/", {"username": "", "password": "x"}).content.decode()

    assert 'role="alert" tabindex="-1" id="errors" data-takes-focus' in page
    assert '<a href="#id_username">請填寫帳號。</a>' in page
    assert 'aria-invalid="true"' in page and 'aria-describedby="id_username_error"' in page


def test_five_wrong_passwords_lock_the_account_at_the_address(clerk: User, day: datetime) -> None:
    client = Client()
    for _ in range(4):
        assert _login(client, "錯").status_code == 200  # type: ignore[attr-defined]

    fifth = _login(client, "錯")
    right = _login(client)

    assert fifth.status_code == right.status_code == 429  # type: ignore[attr-defined]
    said = words(right)
    again_at = day + timedelta(minutes=15)
    assert f"{again_at:114/%m/%d %H:%M}" in said and "權限管理者" in said
    assert client.get("/").status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert _login(elsewhere).status_code == 302  # type: ignore[attr-defined]


def test_without_a_login_every_page_leads_to_it_and_back(clerk: User) -> None:
    response = Client().get("/search/?q=114")

    assert response.headers["Location"] == "/login/?next=%2Fsearch%2F%3Fq%3D114"


def test_a_login_never_leads_to_another_site(clerk: User) -> None:
    response = _login(Client(), next="https://example.org/")

    assert response.headers["Location"] == "/"  # type: ignore[attr-defined]


def test_logging_out_ends_the_session(clerk: User) -> None:
    client = client_of(CLERK)

    client.post("/logout/")

    assert client.get("/").status_code == 302


def test_a_person_changes_to_another_role_that_is_held(clerk: User, agencies: tuple[Agency, Agency]) -> None:
    RoleAssignment.objects.create(
        user=clerk, role="releaser", agency=agencies[0], valid_from_on="2025-01-01", granted_by="test"
    )
    client = client_of(CLERK)

    before, response = words(client.get("/")), client.post("/role/", {"role": "releaser"})

    assert "· 承辦人員 ·" in before
    assert response.headers["Location"] == "/"
    assert "· 放行人 ·" in words(client.get("/"))


def test_a_role_that_is_not_held_is_refused_in_words(clerk: User) -> None:
    response = client_of(CLERK).post("/role/", {"role": "head"})

    assert response.status_code == 403
    assert "由右上角切換" in words(response)


def test_an_account_without_a_role_is_told_whom_to_ask(agencies: tuple[Agency, Agency]) -> None:
    User.objects.create(username="new", display_name="新人", agency_code=CABINET)

    response = client_of("new").get("/")

    assert response.status_code == 403
    assert "權限管理者" in words(response) and "登出" in words(response)


def test_the_language_is_switched_by_a_form(clerk: User) -> None:
    client = client_of(CLERK)
    client.get("/")

    client.post("/i18n/setlang/", {"language": "en", "next": "/search/"})

    page = client.get("/search/")
    assert '<html lang="en">' in page.content.decode()
    assert "Search by voucher number" in words(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_light_or_dark_is_kept_in_a_cookie_and_forgotten_again(theme: str, clerk: User) -> None:
    client = Client()

    chosen = client.post("/appearance/", {"theme": theme, "next": "/login/"})
    dressed = client.get("/login/").content.decode()
    client.post("/appearance/", {"theme": "auto", "next": "//example.org/"})
    plain = client.get("/login/").content.decode()

    assert chosen.headers["Location"] == "/login/"
    assert f'data-theme="{theme}"' in dressed
    assert "data-theme" not in plain


def test_a_look_nobody_offers_is_not_written_into_the_page(clerk: User) -> None:
    client = Client()
    client.cookies["theme"] = '"><script>'

    assert "data-theme" not in client.get("/login/").content.decode()


def test_a_sign_of_life_prolongs_the_session(clerk: User) -> None:
    client = client_of(CLERK)

    response = client.get("/alive/")

    assert response.status_code == 204
    assert response.cookies["sessionid"]["max-age"] == 30 * 60
    assert Client().get("/alive/").status_code == 302


def test_pages_carry_the_time_of_the_session_for_the_warning(clerk: User) -> None:
    page = client_of(CLERK).get("/").content.decode()

    assert 'data-session-seconds="1800"' in page and "js/idle.js" in page
    assert "js/idle.js" not in Client().get("/login/").content.decode()


def test_every_page_forbids_scripts_and_styles_from_elsewhere(clerk: User) -> None:
    response = client_of(CLERK).get("/")

    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe-inline" not in policy
    page = response.content.decode()
    assert " style=" not in page and " onclick" not in page and "<script>" not in page
