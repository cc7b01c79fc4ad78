"""Trust material coming in: pinned, checked, never going back."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signing import services
from signing.archive import archive
from signing.models import Authority, CrlGeneration
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT
from treasury.core.errors import Problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day")]


def refusal(folder: Path, pinned: list[str] | None = None) -> str:
    with pytest.raises(Refused) as refused:
        services.trust_import(folder=folder, pinned=pinned)
    return refused.value.code


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
    assert refusal(trust) == "crl_refused"
    listing.write_bytes(authorities.gca.crl(None))
    assert refusal(trust) == "crl_refused"
    assert not CrlGeneration.objects.exists()


@pytest.mark.threat("list-number-back")
def test_a_list_s_number_never_goes_back(trust: Path) -> None:
    authorities = forge.pki()
    authorities.write(trust, number=5)
    services.trust_import(folder=trust)

    authorities.write(trust, number=4, at=AT)
    assert refusal(trust) == "crl_number_back"
    authorities.write(trust, number=5, at=AT)
    assert refusal(trust) == "crl_number_back"


def test_files_that_are_something_else_are_problems(trust: Path) -> None:
    (trust / "crls" / "x.crl").write_bytes(b"x")
    with pytest.raises(Problem) as problem:
        services.trust_import(folder=trust)
    assert problem.value.code == "not_a_crl"

    (trust / "anchors" / "x.crt").write_bytes(b"x")
    with pytest.raises(Problem) as problem:
        services.trust_import(folder=trust)
    assert problem.value.code == "not_a_certificate"

    shutil.rmtree(trust / "anchors")
    with pytest.raises(Problem) as problem:
        services.trust_import(folder=trust)
    assert problem.value.code == "no_such_folder"


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
