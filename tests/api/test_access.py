"""Who may ask: tokens, scopes, registered addresses, roles (A-2.2, A-2.3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from pytest_django import Settings

from agencies.models import ApiClient, RefusedAddress
from agencies.services import client_create, client_renew_secret, client_revoke
from tests.api.system import Answer, System
from tests.factories import CABINET, MUSEUM, Desk
from treasury.core.errors import Problem


def test_a_token_is_given_for_the_secret_and_stored_as_a_hash(system: System) -> None:
    answer = system.ask_token()

    assert answer.status == 200
    assert answer.json["token_type"] == "Bearer" and answer.json["expires_in"] == 3600
    row = get_access_token_model().objects.get()
    assert row.token == "" and answer.json["access_token"] not in row.token_checksum
    assert system.secret not in ApiClient.objects.get().client_secret


def test_a_wrong_secret_gets_no_token(system: System) -> None:
    answer = system.ask_token(secret="wrong")

    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


def test_a_token_holds_no_scope_the_client_was_not_given(system_with: Callable[..., System]) -> None:
    system = system_with("tables:read")

    assert system.ask_token(scope="vouchers:read").json["error"] == "invalid_scope"
    assert system.ask_token().json["scope"] == "tables:read"


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", "implicit"])
def test_no_other_grant_is_offered(system: System, grant: str) -> None:
    form = {"grant_type": grant, "client_id": system.client.client_id, "client_secret": system.secret}

    assert Client().post("/api/oauth2/token", form).json()["error"] == "unsupported_grant_type"


def test_without_a_token_there_is_no_answer(system: System) -> None:
    answer = Answer(Client().get("/api/v1/vouchers"))

    assert (answer.status, answer.code) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_is_over_counts_no_more(system: System) -> None:
    assert system.get("/vouchers").status == 200
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(seconds=1))

    assert (system.get("/vouchers").status, system.get("/vouchers").code) == (401, "token_refused")


def test_a_session_of_the_pages_opens_nothing_here(system: System, desk: Desk) -> None:
    browser = Client()
    assert system.client.user is not None
    browser.force_login(system.client.user, backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get("/api/v1/vouchers").status_code == 401


def test_a_revoked_client_is_out_at_once(system: System, desk: Desk) -> None:
    assert system.get("/vouchers").status == 200

    client_revoke(client_id=system.client.pk, actor=desk.actor("admin"))

    assert system.get("/vouchers").code == "token_refused"
    assert system.ask_token().status == 401


def test_a_new_secret_ends_the_old_one(system: System, desk: Desk) -> None:
    assert system.get("/vouchers").status == 200

    made = client_renew_secret(client_id=system.client.pk, actor=desk.actor("admin"))

    assert system.get("/vouchers").code == "token_refused"
    assert system.ask_token().status == 401
    assert system.ask_token(secret=made.secret).status == 200


@pytest.mark.parametrize(
    ("role", "agency_code", "code"),
    [("clerk", CABINET, "role_missing"), ("admin", MUSEUM, "other_agency"), ("examiner", "", "role_missing")],
)
def test_only_an_administrator_of_the_place_registers_clients(
    desk: Desk, role: str, agency_code: str, code: str
) -> None:
    with pytest.raises(Problem) as refused:
        client_create(agency_code=CABINET, name="x", scopes=["tables:read"], actor=desk.actor(role, agency_code))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "scopes", "code"), [("", ["webhooks"], "name_missing"), ("x", ["all"], "unknown_scope")]
)
def test_a_client_has_a_name_and_known_scopes(desk: Desk, name: str, scopes: list[str], code: str) -> None:
    with pytest.raises(Problem) as refused:
        client_create(agency_code=CABINET, name=name, scopes=scopes, actor=desk.actor("admin"))

    assert refused.value.code == code


def test_an_unregistered_address_is_refused_and_kept(system: System) -> None:
    assert system.get("/vouchers").status == 200

    answer = system.get("/vouchers", address="203.0.113.9")

    assert (answer.status, answer.code) == (403, "address_not_registered")
    row = RefusedAddress.objects.get()
    assert (row.agency_code, row.address, row.path) == (CABINET, "203.0.113.9", "/api/v1/vouchers")
    assert system.client.client_id in row.what


def test_no_token_is_given_to_an_unregistered_address(system: System) -> None:
    answer = system.ask_token(address="203.0.113.9")

    assert (answer.status, answer.code) == (403, "address_not_registered")
    assert not get_access_token_model().objects.exists()


def test_a_client_asks_so_often_and_no_more(system: System, settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    assert [system.get("/tables/reasons").status for _ in range(2)] == [200, 200]

    answer = system.get("/tables/reasons")

    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) <= 61
