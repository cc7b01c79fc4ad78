"""New revocation lists from the folder: taken one by one, the bad ones noted, the good ones in force."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from signing import services
from signing.archive import archive
from signing.models import CrlGeneration, FolderReading, ListRefusal
from signing.services.renewal import lists_renew
from signing.trust_selectors import trust_warnings
from tests.signing import forge
from tests.signing.forge import AT
from treasury.celery import renew_lists
from treasury.core import clock

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def folder(trust: Path, day: datetime, settings: Any) -> Path:
    """The folder into which the operator's job puts lists; what it holds was imported once."""
    services.trust_import(folder=trust)
    settings.TRUST_FOLDER = str(trust)
    return trust


def offer(folder: Path, name: str, listed: bytes) -> None:
    (folder / "crls" / name).write_bytes(listed)


def renewed() -> FolderReading:
    reading = lists_renew()
    assert reading is not None
    return reading


def test_without_a_folder_nothing_is_read(settings: Any) -> None:
    settings.TRUST_FOLDER = ""

    assert lists_renew() is None
    assert not FolderReading.objects.exists()


def test_it_takes_a_new_list_in_and_the_same_again_does_nothing(folder: Path) -> None:
    offer(folder, "gca.crl", forge.pki().gca.crl(2, at=AT))

    renew_lists()
    renew_lists()

    assert CrlGeneration.objects.filter(number=2).count() == 1
    reading = FolderReading.objects.get()
    assert (reading.files, reading.refused, reading.code, reading.taken_at) == (4, 0, "", reading.read_at)
    assert str(reading).startswith(str(folder))


def test_an_empty_reading_keeps_the_moment_of_the_last_intake(folder: Path) -> None:
    offer(folder, "gca.crl", forge.pki().gca.crl(2, at=AT))
    first = renewed()

    with clock.frozen(AT + HOUR):
        second = renewed()

    assert (second.read_at, second.taken_at) == (AT + HOUR, first.read_at)


@pytest.mark.threat("list-displaced")
def test_a_bad_list_displaces_nothing_and_hinders_no_other(folder: Path) -> None:
    pki = forge.pki()
    offer(folder, "gca.crl", pki.gca.crl(9, at=AT, signed_by=forge.key("impostor")))
    offer(folder, "moica.crl", b"<html>not found</html>")
    offer(folder, "xca.crl", pki.xca.crl(2, at=AT))

    reading = renewed()

    assert (reading.files, reading.refused) == (4, 2)
    assert [(row.file_name, row.code) for row in ListRefusal.objects.order_by("file_name")] == [
        ("gca.crl", "crl_refused"),
        ("moica.crl", "crl_malformed"),
    ]
    assert {one.number for one in archive().store(clock.now()).lists} == {1, 2}
    assert len(archive().store(clock.now()).lists) == 4


def test_a_list_refused_again_and_again_is_noted_once(folder: Path) -> None:
    offer(folder, "gca.crl", forge.pki().gca.crl(9, signed_by=forge.key("impostor")))
    renewed()

    with clock.frozen(AT + HOUR):
        renewed()
        (row,) = ListRefusal.objects.all()
        assert str(row) == "gca.crl crl_refused"
        assert (row.first_at, row.last_at) == (AT, AT + HOUR)
        assert [one.code for one in trust_warnings(at=AT + HOUR)] == ["list_refused"]

    # When the job has put a good one in its place, nothing is to be done any more
    with clock.frozen(AT + 2 * HOUR):
        offer(folder, "gca.crl", forge.pki().gca.crl(2, at=AT))
        renewed()
        assert trust_warnings(at=AT + 2 * HOUR) == []


def test_a_folder_that_is_gone_is_told_and_changes_nothing(folder: Path, settings: Any) -> None:
    settings.TRUST_FOLDER = str(folder / "nowhere")

    assert renewed().code == "no_such_folder"
    assert [one.code for one in trust_warnings(at=AT)] == ["folder_broken"]
    assert CrlGeneration.objects.count() == 4


def test_a_folder_that_may_not_be_read_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(path: Path) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refused)

    assert renewed().code == "cannot_read"
    assert "Permission denied" in caplog.text


def test_an_alert_is_an_error_in_the_log_when_cards_cannot_sign(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with clock.frozen(AT + timedelta(days=9.7)):
        renewed()
    assert {record.levelname for record in caplog.records} == {"WARNING"}
    caplog.clear()

    with clock.frozen(AT + timedelta(days=11)):
        renewed()
    assert {record.levelname for record in caplog.records} == {"ERROR"}
    assert "list_stale CN=" in caplog.text


def test_a_file_larger_than_any_list_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.services.lists.FILE_MAX_BYTES", 5000)
    offer(folder, "zeros.crl", bytes(5001))

    reading = renewed()

    assert (reading.files, reading.refused) == (5, 1)
    assert "larger than 5000" in ListRefusal.objects.get().detail


def test_several_lists_in_one_file_of_pem_are_all_read(folder: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    pki = forge.pki()
    lists = [pki.gca.crl(3, at=AT), pki.gca.crl(2, at=AT - HOUR), pki.xca.crl(2, at=AT)]
    bundle = b"".join(x509.load_der_x509_crl(one).public_bytes(Encoding.PEM) for one in lists)
    offer(folder, "all.pem", bundle)

    assert renewed().refused == 0
    assert CrlGeneration.objects.count() == 7


def test_a_file_of_pem_without_a_list_is_noted(folder: Path) -> None:
    offer(folder, "none.pem", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")

    assert renewed().refused == 1
    assert ListRefusal.objects.get().code == "crl_malformed"
