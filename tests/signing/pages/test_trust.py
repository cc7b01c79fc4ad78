"""The page of trust material: what is in force, what is due, what was refused; who may look, who is told."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES
from agencies.services import staff_provide, treasury_staff_provide
from signing import services
from signing.models import Authority
from signing.services.renewal import lists_renew
from signing.trust_selectors import authorities_shown
from tests.pages import client_of, words
from tests.signing import forge
from tests.signing.forge import AT
from tests.signing.large_lists import large_list
from treasury.core import clock

CABINET = "0003010000"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def people(db: None, day: datetime) -> None:
    """行政院 and the treasury with their people."""
    Agency.objects.create(code=CABINET, name="行政院")
    staff_provide(agency_codes=[CABINET])
    treasury_staff_provide()


@pytest.fixture
def imported(trust: Path, settings: Any) -> Path:
    """The authorities with a list of each that ends in ten days less an hour; the folder was just read."""
    (trust / "crls" / "gca.crl").write_bytes(large_list(forge.pki().gca, 2000))
    services.trust_import(folder=trust)
    settings.TRUST_FOLDER = str(trust)
    lists_renew()
    return trust


def home(role: str = "treasury_admin") -> str:
    return words(client_of(f"treasury-{role}").get("/"))


def page(**given: Any) -> str:
    return words(client_of("treasury-auditor", **given).get("/cards/trust/"))


def test_every_role_of_the_treasury_and_no_other_may_look(imported: Path) -> None:
    for role in TREASURY_ROLES:
        assert client_of(f"treasury-{role}").get("/cards/trust/").status_code == 200
    for role in AGENCY_ROLES:
        assert client_of(f"{CABINET}-{role}").get("/cards/trust/").status_code == 403


def test_it_shows_each_authority_with_the_list_in_force(imported: Path) -> None:
    shown = page()

    assert forge.pki().gca.certificate.subject.rfc4514_string() in shown
    assert Authority.objects.get(issuer_kind="GCA").fingerprint.hex() in shown
    assert "2,000" in shown and "114/03/17" in shown and "1 小時前" in shown
    assert "沒有待處理的事項。" in shown and "沒有清冊被拒絕過。" in shown
    assert "政府憑證管理中心" in shown and "信任根" in shown and str(imported) in shown
    assert "1 hour ago" in page(language="en").replace("\xa0", " ")


def test_what_is_due_stands_on_the_page_and_on_the_administrators_home_alone(imported: Path) -> None:
    assert "信任資料待處理" not in home()

    with clock.frozen(AT + 9.7 * DAY):
        assert "廢止清冊即將逾期" in page() and "由憑證機構的公布網址下載最新清冊" in page()
        assert "信任資料待處理" in home() and "信任資料待處理" not in home("examiner")
    with clock.frozen(AT + 10 * DAY):
        assert "廢止清冊已逾期，此機構的卡片不能簽章" in page()
        assert "The revocation list is out of date" in page(language="en")


def test_a_list_that_was_refused_stands_there_with_the_reason_and_the_remedy(imported: Path) -> None:
    (imported / "crls" / "gca.crl").write_bytes(forge.pki().gca.crl(7, signed_by=forge.key("impostor")))
    lists_renew()

    shown = page()

    assert "gca.crl" in shown and "憑證廢止清冊驗證失敗" in shown and "wrong signature" in shown
    assert "原有清冊不受影響" in shown and "提供的清冊被拒絕，原有清冊仍有效" in shown
    assert "2,000" in shown, "the list before is in force"


def test_an_authority_without_a_list_or_near_its_end_is_named(trust: Path, settings: Any) -> None:
    settings.TRUST_FOLDER = ""
    (trust / "crls" / "gca.crl").unlink()
    ends = AT + 30 * DAY
    short = forge.pki().root.issue("短期機構", ca=True, valid=(AT - DAY, ends), bits=("key_cert_sign", "crl_sign"))
    (trust / "intermediates" / "short.crt").write_bytes(short.der)
    services.trust_import(folder=trust)

    shown = page()
    assert "沒有廢止清冊，此機構的卡片不能簽章" in shown and "缺清冊" in shown and "沒有清冊" in shown
    assert "憑證機構的憑證即將到期" in shown and "未設定 TRUST_FOLDER" in shown
    with clock.frozen(ends + DAY):
        assert "機構憑證已到期" in page()


def test_without_anything_it_says_how_to_begin(settings: Any) -> None:
    settings.TRUST_FOLDER = "/nowhere"

    assert "尚未取入任何憑證機構" in page() and "尚未讀取" in page()
    assert "清冊資料夾逾一小時未讀取" in home()
    lists_renew()
    assert "清冊資料夾無法讀取" in home()


def test_an_anchor_that_the_environment_does_not_name_is_shown_as_none(imported: Path, settings: Any) -> None:
    settings.TRUST_ANCHORS = ["00" * 32]

    assert "不在 TRUST_ANCHORS，不予信任" in page()
    assert [one.is_pinned for one in authorities_shown(at=AT)] == [False, True, True, True]


def test_every_generation_is_listed_and_can_be_taken_away(imported: Path) -> None:
    with clock.frozen(AT + DAY):
        (imported / "crls" / "gca.crl").write_bytes(forge.pki().gca.crl(2, at=AT + DAY))
        lists_renew()
    client = client_of("treasury-auditor")
    address = f"/cards/trust/{Authority.objects.get(issuer_kind='GCA').pk}/"

    shown = words(client.get(address))
    assert "114/03/08 10:00" in shown and "114/03/07 09:00" in shown
    rows = list(csv.reader(io.StringIO(client.get(address + "?format=csv").content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["2", "1"]
    assert client.get("/cards/trust/999999/").status_code == 404


def test_an_authority_without_lists_has_a_page_that_says_so(trust: Path) -> None:
    for file in (trust / "crls").iterdir():
        file.unlink()
    services.trust_import(folder=trust)

    shown = client_of("treasury-auditor").get(f"/cards/trust/{Authority.objects.get(issuer_kind='GCA').pk}/")

    assert "這個機構還沒有清冊。" in words(shown)


def test_the_pages_take_as_many_statements_with_many_generations(
    imported: Path, statements: Callable[..., int]
) -> None:
    client = client_of("treasury-auditor")
    few = statements(lambda: client.get("/cards/trust/"))
    for number in range(2, 8):
        with clock.frozen(AT + number * HOUR):
            forge.pki().write(imported, number=number, at=AT + number * HOUR)
            lists_renew()

    with clock.frozen(AT + 8 * HOUR):
        client.get("/cards/trust/")
        assert statements(lambda: client.get("/cards/trust/")) <= few


def health() -> str:
    answer: dict[str, Any] = json.loads(Client().get("/api/v1/health").content)
    return str(answer["checks"]["revocation_lists"])


def test_health_tells_a_monitor_in_a_word(imported: Path) -> None:
    assert health() == "ok"
    with clock.frozen(AT + 9.7 * DAY):
        assert health() == "due"
    with clock.frozen(AT + 11 * DAY):
        assert health() == "failing"
