"""Trust material coming in: pinned, checked, never going back."""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signing import archive as archives
from signing import services
from signing.archive import archive
from signing.models import Authority, CrlGeneration, ListRefusal
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT
from tests.signing.large_lists import list_made
from treasury.core.errors import Problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day")]


def refusal(folder: Path, pinned: list[str] | None = None) -> str:
    with pytest.raises(Refused) as refused:
        services.trust_import(folder=folder, pinned=pinned)
    return refused.value.code


def list_codes(folder: Path) -> set[str]:
    """What the lists of a folder are refused with."""
    return {one.code for one in services.trust_import(folder=folder).refused}


def fingerprint(der: bytes) -> str:
    from signing.certificates import certificate_read

    return certificate_read(der).fingerprint.hex()


def test_it_takes_in_authorities_and_lists_once(trust: Path) -> None:
    first = services.trust_import(folder=trust)
    again = services.trust_import(folder=trust)

    assert (first.authorities, first.lists) == (4, 4)
    assert (again.authorities, again.lists) == (0, 0)
    assert set(Authority.objects.values_list("issuer_kind", flat=True)) == {"", "GCA", "XCA", "MOICA"}
    assert str(Authority.objects.get(is_anchor=True)).startswith("CN=")
    assert str(CrlGeneration.objects.first()).endswith(" 1")


def test_pem_is_read_as_well(trust: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    anchor, listing = trust / "anchors" / "grca.crt", trust / "crls" / "gca.crl"
    anchor.write_bytes(x509.load_der_x509_certificate(anchor.read_bytes()).public_bytes(Encoding.PEM))
    listing.write_bytes(x509.load_der_x509_crl(listing.read_bytes()).public_bytes(Encoding.PEM))

    assert services.trust_import(folder=trust).lists == 4


@pytest.mark.threat("anchor-foreign")
def test_an_anchor_must_be_pinned(trust: Path, settings: Any) -> None:
    right = fingerprint(forge.pki().root.der)

    assert refusal(trust, ["00" * 32]) == "anchor_not_pinned"
    assert refusal(trust, []) == "anchor_not_pinned"
    settings.TRUST_ANCHORS = ["00" * 32]
    assert refusal(trust) == "anchor_not_pinned"
    settings.TRUST_ANCHORS = ["11" * 32, f" {right.upper()}"]
    assert services.trust_import(folder=trust).authorities == 4


def test_in_production_nothing_is_pinned_by_finding_it(trust: Path, settings: Any) -> None:
    settings.PRODUCTION = True

    assert refusal(trust) == "anchor_not_pinned"


@pytest.mark.threat("anchor-foreign")
def test_a_second_anchor_does_not_slip_in_later(trust: Path) -> None:
    services.trust_import(folder=trust)
    (trust / "anchors" / "evil.crt").write_bytes(forge.root("evil").der)

    assert refusal(trust) == "anchor_not_pinned"


def test_an_anchor_must_be_self_signed(trust: Path) -> None:
    (trust / "anchors" / "gca.crt").write_bytes(forge.pki().gca.der)

    assert refusal(trust) == "anchor_not_pinned"


@pytest.mark.threat("certificate-self-made")
@pytest.mark.parametrize(
    "identity",
    [
        forge.root("another root").issue("stray", ca=True),
        forge.pki().root.issue("no authority"),
        forge.Authority(forge.pki().root.certificate, forge.key("impostor")).issue("impostor's", ca=True),
    ],
)
def test_an_authority_must_be_one_of_our_anchor(trust: Path, identity: forge.Identity) -> None:
    (trust / "intermediates" / "other.crt").write_bytes(identity.der)

    assert refusal(trust) == "untrusted"


@pytest.mark.threat("list-forged")
def test_a_list_must_be_signed_by_its_authority_and_numbered(trust: Path) -> None:
    authorities = forge.pki()
    listing = trust / "crls" / "gca.crl"

    listing.write_bytes(authorities.gca.crl(signed_by=forge.key("impostor")))
    assert list_codes(trust) == {"crl_refused"}
    listing.write_bytes(authorities.gca.crl(None))
    assert list_codes(trust) == {"crl_refused"}
    listing.write_bytes(list_made(authorities.gca, days=-1))
    assert list_codes(trust) == {"crl_refused"}
    listing.write_bytes(forge.root("nobody's").crl())
    assert list_codes(trust) == {"crl_refused"}
    assert {row.authority.issuer_kind for row in CrlGeneration.objects.all()} == {"", "XCA", "MOICA"}
    assert ListRefusal.objects.count() == 4


@pytest.mark.threat("list-number-back")
def test_a_list_s_number_never_goes_back(trust: Path) -> None:
    authorities = forge.pki()
    authorities.write(trust, number=5)
    services.trust_import(folder=trust)

    authorities.write(trust, number=4, at=AT)
    assert list_codes(trust) == {"crl_number_back"}
    authorities.write(trust, number=5, at=AT)
    assert list_codes(trust) == {"crl_number_back"}
    authorities.write(trust, number=6, at=AT - timedelta(hours=2))
    assert list_codes(trust) == {"crl_number_back"}
    assert {one.number for one in archive().store(AT).lists} == {5}


@pytest.mark.parametrize(
    "listed", [b"x", b"\x30\x03\x02\x01\x00", b"-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n"]
)
def test_a_file_that_is_no_list_is_refused_alone(trust: Path, listed: bytes) -> None:
    (trust / "crls" / "a.crl").write_bytes(listed)

    found = services.trust_import(folder=trust)

    assert [(one.file, one.code) for one in found.refused] == [("a.crl", "crl_malformed")]
    assert found.lists == 4


def test_a_list_whose_inside_cannot_be_read_is_refused_alone(trust: Path) -> None:
    # Given a list rightly signed whose one entry has no serial number, and one whose number is given twice
    pki = forge.pki()
    entry = forge.tlv(0x30, forge.tlv(0x04, b"1"), forge.utc_time(AT))
    number = forge.tlv(0x30, forge.oid("2.5.29.20"), forge.tlv(0x04, forge.tlv(0x02, b"\x02")))
    (trust / "crls" / "a.crl").write_bytes(list_made(pki.gca, entries=entry, number=2))
    (trust / "crls" / "b.crl").write_bytes(list_made(pki.gca, extensions=number * 2))

    found = services.trust_import(folder=trust)

    assert {(one.file, one.code) for one in found.refused} == {("b.crl", "crl_malformed"), ("a.crl", "crl_malformed")}
    assert found.lists == 4


def test_a_list_whose_issuer_one_parser_alone_can_read_is_refused_alone(trust: Path) -> None:
    name = forge.pki().gca.certificate.subject.public_bytes()
    odd = forge.pki().gca.crl(2, at=AT).replace(name, name.replace(b"\x0c\x12", b"\x16\x12"))
    (trust / "crls" / "odd.crl").write_bytes(odd)

    assert list_codes(trust) == {"crl_malformed"}


def test_a_certificate_that_is_none_keeps_everything_out(trust: Path) -> None:
    (trust / "anchors" / "x.crt").write_bytes(b"x")
    with pytest.raises(Problem) as problem:
        services.trust_import(folder=trust)
    assert problem.value.code == "not_a_certificate"
    assert not Authority.objects.exists()


def test_a_folder_may_lack_parts_but_not_all_of_them(trust: Path, tmp_path: Path) -> None:
    for part in ("anchors", "intermediates"):
        services.trust_import(folder=trust)
        shutil.rmtree(trust / part)
    assert services.trust_import(folder=trust).authorities == 0

    shutil.rmtree(trust / "crls")
    with pytest.raises(Problem) as problem:
        services.trust_import(folder=trust)
    assert problem.value.code == "no_such_folder"

    # An authority that comes later is judged by the anchors that are here
    (tmp_path / "later" / "intermediates").mkdir(parents=True)
    later = forge.pki().root.issue("later", ca=True, bits=("key_cert_sign", "crl_sign"))
    (tmp_path / "later" / "intermediates" / "later.crt").write_bytes(later.der)
    assert services.trust_import(folder=tmp_path / "later").authorities == 1


def test_a_pin_is_a_fingerprint_and_narrows_what_the_environment_names(trust: Path, settings: Any) -> None:
    right = fingerprint(forge.pki().root.der)
    settings.TRUST_ANCHORS = [right]

    with pytest.raises(Problem) as problem:
        services.trust_import(folder=trust, pinned=["abc"])
    assert problem.value.code == "bad_pin"
    assert refusal(trust, ["00" * 32]) == "anchor_not_pinned"
    colons = ":".join(right[at : at + 2] for at in range(0, 64, 2)).upper()
    assert services.trust_import(folder=trust, pinned=[colons]).authorities == 4


@pytest.mark.threat("anchor-foreign")
def test_an_anchor_written_into_the_table_is_none_unless_the_environment_names_it(trust: Path, settings: Any) -> None:
    services.trust_import(folder=trust)
    evil = forge.root("evil")
    settings.TRUST_ANCHORS = [fingerprint(forge.pki().root.der)]
    given = {"fingerprint": hashlib.sha256(evil.der).digest(), "der": evil.der, "subject": "CN=evil"}
    times = dict.fromkeys(("valid_from", "valid_to", "imported_at"), AT)
    Authority.objects.create(is_anchor=True, **given, **times)

    assert [one.subject for one in archive().anchors] == ["CN=測試根憑證,C=TW"]
    settings.TRUST_ANCHORS = [""]
    assert len(archive().anchors) == 2


def test_the_archive_answers_for_every_moment(trust: Path) -> None:
    authorities = forge.pki()
    for number in (2, 3):
        services.trust_import(folder=trust)
        authorities.write(trust, number=number, at=AT + timedelta(days=number))
    services.trust_import(folder=trust)
    found = archive()

    def numbers(days: float) -> set[int | None]:
        return {one.number for one in found.store(AT + timedelta(days=days)).lists}

    assert numbers(-1) == set()
    assert numbers(0) == numbers(1.9) == {1}
    assert numbers(2) == {2}
    assert numbers(400) == {3}
    assert archive() is found
    assert found.store(AT) is found.store(AT + timedelta(seconds=1))


def test_without_trust_material_nobody_is_trusted() -> None:
    assert archive().store(AT).anchors == []


def test_many_generations_are_kept_without_filling_memory(trust: Path) -> None:
    authorities = forge.pki()
    moments = [AT + timedelta(hours=hours) for hours in range(70)]
    for number, at in enumerate(moments, start=1):
        (trust / "crls" / "gca.crl").write_bytes(authorities.gca.crl(number, at=at))
        services.trust_import(folder=trust)
    found = archive()

    stores = [found.store(at) for at in moments]

    assert len({id(one) for one in stores}) == 70
    assert len(found._stores) == 64


class Evicting(list[bytes]):
    """Digests; whenever they are gone through again, another thread has put all lists out of memory meanwhile."""

    def __iter__(self) -> Iterator[bytes]:
        found = super().__iter__()
        archives._known_lists.clear()
        return found


def test_lists_put_out_of_memory_by_another_thread_are_there_all_the_same(trust: Path) -> None:
    services.trust_import(folder=trust)
    digests = [bytes(one) for one in CrlGeneration.objects.values_list("sha256", flat=True)]

    found = archives.lists_of(Evicting(digests))

    assert [one.sha256 for one in found] == digests
