"""How the path validator is held: what it may not do."""

import asyncio

import pytest

from signing import validator
from signing.certificates import certificate_read
from signing.crls import RevocationList
from signing.paths import TrustStore
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT


def store(pki: forge.Pki) -> TrustStore:
    lists = [RevocationList(one.crl()) for one in (pki.root, pki.gca)]
    return TrustStore([certificate_read(pki.root.der)], [certificate_read(pki.gca.der)], lists)


def code_of(pki: forge.Pki, der: bytes) -> str:
    with pytest.raises(Refused) as refused:
        store(pki).path_check(certificate_read(der), at=AT)
    return refused.value.code


@pytest.mark.threat("sha-1")
def test_a_certificate_signed_with_a_hash_of_yore_is_refused() -> None:
    pki = forge.pki()
    good = pki.gca.issue("signer")
    sha256, sha1 = forge.algorithm(forge.RSA_SHA256), forge.algorithm("1.2.840.113549.1.1.5")

    assert code_of(pki, good.der.replace(sha256, sha1)) == "algorithm_refused"


@pytest.mark.threat("key-short")
def test_a_small_authority_s_key_is_refused() -> None:
    pki = forge.pki()
    small = pki.root.issue(
        "測試政府憑證", on=forge.key("small", "rsa1024"), ca=True, bits=("key_cert_sign", "crl_sign")
    )
    assert isinstance(small, forge.Authority)
    pki.gca = small

    assert code_of(pki, small.issue("signer").der) == "path_invalid"


def test_a_list_s_signer_is_remembered_only_when_its_key_verifies_the_list() -> None:
    pki = forge.pki()
    listing = RevocationList(pki.gca.crl()).for_path
    manager = validator.Revocations(certificate_registry=None, poe_manager=None, crls=(), ocsps=())  # type: ignore[arg-type]

    manager.record_crl_issuer(listing, certificate_read(pki.xca.der).for_path)
    assert manager.check_crl_issuer(listing) is None

    manager.record_crl_issuer(listing, certificate_read(pki.gca.der).for_path)
    assert manager.check_crl_issuer(listing) is not None


def test_an_algorithm_that_is_not_ours_verifies_nothing() -> None:
    pki = forge.pki()
    sha256, sha1 = forge.algorithm(forge.RSA_SHA256), forge.algorithm("1.2.840.113549.1.1.5")
    listing = RevocationList(pki.gca.crl().replace(sha256, sha1)).for_path

    with pytest.raises(validator.errors.AlgorithmNotSupported):
        validator.SIGNATURES.validate_signature(
            listing["signature"].native,
            listing["tbs_cert_list"].dump(),
            certificate_read(pki.gca.der).for_path.public_key,
            listing["signature_algorithm"],
        )


def test_it_never_waits_for_anything() -> None:
    loop = asyncio.new_event_loop()

    async def waiting() -> None:
        await loop.create_future()

    with pytest.raises(RuntimeError, match="waited"):
        validator.run(waiting())
    loop.close()
