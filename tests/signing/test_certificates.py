"""Reading certificates and folders of them."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from signing.certificates import certificate_read, certificates_load, crls_load, pem_or_der
from signing.refusals import Refused
from tests.signing import forge

PKI = forge.pki()


def test_it_tells_what_a_certificate_says() -> None:
    facts = certificate_read(PKI.gca.issue("楊主計", serial=0xABC).der)

    assert facts.subject == "CN=楊主計,C=TW"
    assert facts.issuer == "CN=測試政府憑證,C=TW"
    assert (facts.serial, facts.valid_from.year, facts.valid_to.year) == ("abc", 2024, 2030)
    assert facts.signs and not facts.is_authority and not facts.is_self_signed
    assert facts.issuer_key == certificate_read(PKI.gca.der).subject_key


def test_the_same_key_is_recognised_in_a_renewed_certificate() -> None:
    first, renewed = (PKI.gca.issue(name, on=forge.key("one key")) for name in ("old", "new"))

    assert certificate_read(first.der).spki_sha256 == certificate_read(renewed.der).spki_sha256
    assert certificate_read(first.der).fingerprint != certificate_read(renewed.der).fingerprint


def test_only_what_its_own_key_signed_is_self_signed() -> None:
    same_name = forge.Authority(PKI.root.certificate, forge.key("other")).issue("測試根憑證", ca=True)

    assert certificate_read(PKI.root.der).is_self_signed
    assert not certificate_read(same_name.der).is_self_signed


@pytest.mark.parametrize("data", [b"", b"x", b"\x30\x03\x02\x01\x01", PKI.gca.der[:-1], PKI.gca.der + b"\x00"])
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        certificate_read(data)

    assert refused.value.code == "certificate_malformed"


def test_pem_and_der_are_the_same() -> None:
    pem = PKI.gca.certificate.public_bytes(serialization.Encoding.PEM)

    assert pem_or_der(pem) == pem_or_der(PKI.gca.der) == PKI.gca.der
    with pytest.raises(Refused):
        pem_or_der(b"-----BEGIN CERTIFICATE-----\n")


def test_a_key_of_an_unknown_kind_is_refused_when_asked_for() -> None:
    curve, other = b"\x2a\x86\x48\xce\x3d\x03\x01\x07", b"\x2a\x86\x48\xce\x3d\x03\x01\x7f"
    der = PKI.gca.issue("elliptic", on=forge.key("elliptic", "p256")).der.replace(curve, other)

    with pytest.raises(Refused) as refused:
        _ = certificate_read(der).public_key

    assert refused.value.code == "key_refused"


def test_folders_may_hold_other_files_when_that_does_no_harm(tmp_path: Path) -> None:
    bundle = b"".join(one.certificate.public_bytes(serialization.Encoding.PEM) for one in (PKI.root, PKI.gca))
    (tmp_path / "bundle.pem").write_bytes(bundle)
    (tmp_path / "readme.txt").write_bytes(b"not a certificate")
    (tmp_path / ".hidden").write_bytes(b"x")

    assert [name for name, _ in certificates_load(tmp_path, strict=False)] == ["bundle", "bundle"]
    assert crls_load(tmp_path) == []
