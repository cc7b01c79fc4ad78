"""Where an agency connects from (A-2.2)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from agencies.models import Agency, AgencyAddress, RefusedAddress
from agencies.selectors import actor_for, address_is_registered
from agencies.services import address_end, address_register, address_require
from tests.agencies.conftest import CABINET, MUSEUM
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem

FRIDAY = date(2025, 3, 7)


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("203.0.113.0/28", "203.0.113.15", "203.0.113.16"),
        ("2001:db8:5::/48", "2001:db8:5::1", "2001:db8:6::1"),
        ("203.0.113.7", "::ffff:203.0.113.7", "2001:db8::1"),
        ("203.0.113.0/28", " 203.0.113.1 ", "unix:"),
    ],
)
def test_an_address_is_registered_by_itself_or_in_a_network(
    network: str, inside: str, outside: str, agencies: tuple[Agency, Agency]
) -> None:
    address_register(agency_code=CABINET, network=network, actor=actor_for("", "treasury_admin", FRIDAY))

    assert address_is_registered(CABINET, inside, FRIDAY)
    assert not address_is_registered(CABINET, outside, FRIDAY)
    assert not address_is_registered(MUSEUM, inside, FRIDAY)


def test_an_address_counts_from_its_first_day_to_its_last(agencies: tuple[Agency, Agency]) -> None:
    first, last = date(2025, 3, 10), date(2025, 3, 20)
    address_register(agency_code=CABINET, network="203.0.113.7", actor=SYSTEM, from_on=first, to_on=last)

    on = [date(2025, 3, day) for day in (9, 10, 20, 21)]

    assert [address_is_registered(CABINET, "203.0.113.7", day) for day in on] == [False, True, True, False]


def test_an_ended_address_stays_on_record(agencies: tuple[Agency, Agency]) -> None:
    row = address_register(agency_code=CABINET, network="203.0.113.7", actor=SYSTEM, from_on=date(2025, 3, 1))

    address_end(address_id=row.pk, actor=SYSTEM)

    assert not address_is_registered(CABINET, "203.0.113.7", FRIDAY)
    assert address_is_registered(CABINET, "203.0.113.7", date(2025, 3, 6))
    assert AgencyAddress.objects.get(pk=row.pk).valid_to_on == date(2025, 3, 6)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        AgencyAddress.objects.all().delete()


def test_registering_again_what_is_open_makes_no_second(agencies: tuple[Agency, Agency]) -> None:
    first = address_register(agency_code=CABINET, network="203.0.113.7", actor=SYSTEM)

    again = address_register(agency_code=CABINET, network="203.0.113.7/32", actor=SYSTEM)

    assert again == first


@pytest.mark.parametrize(
    ("network", "code"),
    [
        ("203.0.113.7/24", "bad_address"),
        ("www.example.gov.tw", "bad_address"),
        ("", "bad_address"),
        ("0.0.0.0/0", "network_too_wide"),
        ("::/0", "network_too_wide"),
    ],
)
def test_what_names_no_network_of_an_agency_is_refused(
    network: str, code: str, agencies: tuple[Agency, Agency]
) -> None:
    with pytest.raises(Problem) as refused:
        address_register(agency_code=CABINET, network=network, actor=SYSTEM)

    assert refused.value.code == code
    assert not AgencyAddress.objects.exclude(note="本機").exists()


def test_only_the_treasurys_administrator_registers(agencies: tuple[Agency, Agency]) -> None:
    with pytest.raises(Problem) as refused:
        address_register(agency_code=CABINET, network="203.0.113.7", actor=actor_for(CABINET, "admin", FRIDAY))

    assert (refused.value.code, refused.value.status) == ("role_missing", 403)


def test_a_request_from_elsewhere_is_refused_and_kept(agencies: tuple[Agency, Agency]) -> None:
    address_register(agency_code=CABINET, network="203.0.113.7", actor=SYSTEM)

    address_require(CABINET, "203.0.113.7", path="/api/v1/vouchers", what="client 1")
    with pytest.raises(Problem) as refused:
        address_require(CABINET, "198.51.100.9", path="/api/v1/vouchers", what="client 1")

    assert (refused.value.code, refused.value.status) == ("address_not_registered", 403)
    row = RefusedAddress.objects.get()
    assert (row.agency_code, row.address, row.path, row.what) == (
        CABINET,
        "198.51.100.9",
        "/api/v1/vouchers",
        "client 1",
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        RefusedAddress.objects.all().delete()
