"""Accounting systems: registered with a secret shown once, revoked, told again what they missed (A-2.2)."""

import re

import pytest

from agencies.models import ApiClient, WebhookDelivery, WebhookSubscription
from agencies.selectors import actor_for
from agencies.services.clients import client_create
from tests.agencies.conftest import CABINET, MUSEUM
from tests.agencies.pages.world import key_of, logged_in, send
from tests.factories import statements
from treasury.core import clock
from treasury.core.models import History

pytestmark = pytest.mark.usefixtures("agencies")


def registered(agency_code: str = CABINET) -> ApiClient:
    admin = actor_for("", "treasury_admin", clock.today())
    return client_create(agency_code=agency_code, name="會計系統", scopes=["vouchers:read"], actor=admin).client


def test_a_secret_is_shown_once() -> None:
    admin = logged_in("admin", CABINET)
    key = key_of(admin.get("/api-clients/new/"))
    values = {"submission": key, "name": "會計系統", "scopes": ["vouchers:read", "balances:read"]}

    answer, again = admin.post("/api-clients/new/", values), admin.post("/api-clients/new/", values)

    row = ApiClient.objects.get()
    assert (row.agency_id, row.scopes) == (CABINET, ["vouchers:read", "balances:read"])
    shown = re.search(r"data-secret>([^<]+)<", answer.content.decode())
    assert shown and again.status_code == 302
    assert shown.group(1) not in admin.get(f"/api-clients/{row.pk}/").content.decode()


def test_the_treasurys_administrator_names_the_agency() -> None:
    admin = logged_in("treasury_admin")

    wrong = send(admin, "/api-clients/new/", agency_code="999", name="x", scopes=["vouchers:read"])
    send(admin, "/api-clients/new/", agency_code=MUSEUM, name="出納系統", scopes=["vouchers:read"])

    assert wrong.status_code in (404, 422)
    assert ApiClient.objects.get().agency_id == MUSEUM
    assert "出納系統" in admin.get("/api-clients/").content.decode()


def test_a_system_is_revoked_and_its_secret_changed() -> None:
    admin, row = logged_in("admin", CABINET), registered()
    page = f"/api-clients/{row.pk}/"

    assert "data-secret" in send(admin, page, f"{page}secret/").content.decode()
    send(admin, page, f"{page}end/")

    row.refresh_from_db()
    assert row.revoked_at is not None and "已撤銷" in admin.get(page).content.decode()
    remembered = History.objects.filter(machine="api_client", subject_id=row.pk).order_by("id")
    assert list(remembered.values_list("verb", flat=True)) == ["register", "renew_secret", "end"]
    assert set(remembered.values_list("actor_agency_code", flat=True)) == {"", CABINET}


def test_a_message_is_sent_again() -> None:
    admin, row = logged_in("admin", CABINET), registered()
    webhook = WebhookSubscription.objects.create(
        client=row, url="https://example.gov.tw/", events=["voucher.changed"], position="", created_at=clock.now()
    )
    message = WebhookDelivery.objects.create(
        subscription=webhook,
        message_id="msg_1",
        event="voucher.changed",
        body="{}",
        state="failed",
        recorded_at=clock.now(),
        due_at=clock.now(),
    )

    answer = send(admin, f"/api-clients/{row.pk}/", f"/api-clients/{row.pk}/deliveries/{message.pk}/")

    message.refresh_from_db()
    assert answer.status_code == 302 and message.state == "waiting"


@pytest.mark.parametrize("path", ["", "secret/", "end/", "deliveries/1/"])
def test_other_agencies_systems_do_not_exist(path: str) -> None:
    row, admin = registered(MUSEUM), logged_in("admin", CABINET)
    url = f"/api-clients/{row.pk}/{path}"

    answer = admin.post(url, {"submission": "x"}) if path else admin.get(url)

    assert answer.status_code == 404
    assert logged_in("clerk", MUSEUM).get("/api-clients/").status_code == 403


def test_the_list_asks_as_often_for_many_as_for_few() -> None:
    admin = logged_in("admin", CABINET)
    registered()
    few = statements(lambda: admin.get("/api-clients/"))
    for _ in range(5):
        registered()

    assert statements(lambda: admin.get("/api-clients/")) == few
