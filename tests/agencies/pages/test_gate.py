"""Agencies come in from their registered addresses only (A-2.2)."""

import pytest
from django.test import Client
from pytest_django import Settings

from agencies.models import RefusedAddress
from agencies.services import address_register
from tests.agencies.conftest import CABINET, MUSEUM
from tests.agencies.pages.world import logged_in
from treasury.core.actors import SYSTEM
from treasury.core.models import History

pytestmark = pytest.mark.usefixtures("agencies")


@pytest.fixture(autouse=True)
def enforced(settings: Settings, agencies: object) -> None:
    """As in production."""
    settings.ENFORCE_ADDRESSES = True
    address_register(agency_code=CABINET, network="203.0.113.0/28", actor=SYSTEM)


def seen_from(client: Client, address: str, **headers: str) -> int:
    return int(client.get("/budget/", REMOTE_ADDR=address, **headers).status_code)


def test_an_agencys_person_comes_in_from_its_addresses_only() -> None:
    clerk = logged_in("clerk", CABINET)

    assert seen_from(clerk, "203.0.113.7") == 200
    assert seen_from(clerk, "198.51.100.9") == 403
    row = RefusedAddress.objects.get()
    assert (row.agency_code, row.address, row.path, row.what) == (
        CABINET,
        "198.51.100.9",
        "/budget/",
        "0003010000-clerk",
    )


def test_the_refusal_shows_nothing_of_the_agency() -> None:
    page = logged_in("clerk", CABINET).get("/", REMOTE_ADDR="198.51.100.9").content.decode()

    assert "這個網路位址尚未登記" in page
    assert "行政院" not in page and "工作清單" not in page


def test_an_agency_without_any_address_does_not_come_in() -> None:
    assert seen_from(logged_in("clerk", MUSEUM), "203.0.113.7") == 403


def test_the_treasurys_people_are_not_bound_and_the_way_out_is_open() -> None:
    assert seen_from(logged_in("payer"), "198.51.100.9") == 200
    assert logged_in("clerk", CABINET).post("/logout/", REMOTE_ADDR="198.51.100.9").status_code == 302


def test_what_a_sender_writes_into_the_header_is_never_believed(settings: Settings) -> None:
    clerk = logged_in("clerk", CABINET)

    assert seen_from(clerk, "198.51.100.9", HTTP_X_FORWARDED_FOR="203.0.113.7") == 403

    settings.BEHIND_TLS_PROXY = True
    assert seen_from(clerk, "10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7, 198.51.100.9") == 403
    assert seen_from(clerk, "10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.9, 203.0.113.7") == 200


def test_where_it_is_not_enforced_nothing_is_refused(settings: Settings) -> None:
    settings.ENFORCE_ADDRESSES = False

    assert seen_from(logged_in("clerk", MUSEUM), "198.51.100.9") == 200
    assert not RefusedAddress.objects.exists()


def test_the_treasurys_administrator_registers_ends_and_reads_the_log() -> None:
    admin = logged_in("treasury_admin")
    from tests.agencies.pages.world import send

    seen_from(logged_in("clerk", MUSEUM), "198.51.100.9")
    send(admin, f"/agencies/{MUSEUM}/", f"/agencies/{MUSEUM}/addresses/", network="198.51.100.9", note="申請單 1")
    assert seen_from(logged_in("clerk", MUSEUM), "198.51.100.9") == 200
    assert "198.51.100.9/32" in admin.get("/addresses/").content.decode()
    log = admin.get("/addresses/refused/?agency=0061400000&on=114/3/7").content.decode()
    assert "0061400000-clerk" in log and "114/03/07 09:00" in log

    row = History.objects.filter(machine="agency_address").latest("id")
    assert row.details["network"] == "198.51.100.9/32"
    refused = send(admin, f"/agencies/{MUSEUM}/", f"/agencies/{MUSEUM}/addresses/", network="0.0.0.0/0")
    assert refused.status_code == 422 and "網段範圍太大" in refused.content.decode()
