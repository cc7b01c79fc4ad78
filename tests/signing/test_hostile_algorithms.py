"""Step 5 of the gate: signatures of other keys, by other algorithms, with other parameters, each made here."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes

from tests.signing import forge
from tests.signing.forge import oid, tlv
from tests.signing.messages import (
    P256,
    P384,
    PKI,
    SIGNER,
    by,
    code_of,
    pss,
    pss_padding,
)

P521 = PKI.gca.issue("p521", on=forge.key("elliptic521", "p521"))
SMALL = PKI.gca.issue("small", on=forge.key("small", "rsa1024"))


@pytest.mark.threat("signature-other-key")
@by(
    zeros={"signature": bytes(256)},
    empty={"signature": b""},
    another_key={"signer": forge.Identity(SIGNER.certificate, forge.key("a stranger"))},
    another_elliptic_key={"signer": forge.Identity(P256.certificate, forge.key("a stranger", "p256"))},
    zero_and_zero={"signer": P256, "signature": tlv(0x30, tlv(0x02, b"\x00"), tlv(0x02, b"\x00"))},
    one_and_one={"signer": P384, "signature": tlv(0x30, tlv(0x02, b"\x01"), tlv(0x02, b"\x01"))},
)
def test_a_signature_by_another_key_is_refused(given: dict[str, Any]) -> None:
    assert code_of(**given) == "signature_wrong"


@pytest.mark.threat("sha-1")
@by(
    digest={"hash": hashes.SHA1(), "digest_algorithm": forge.algorithm(forge.SHA1)},
    rsa={"signature_algorithm": forge.algorithm("1.2.840.113549.1.1.5")},
    ecdsa={"signer": P256, "signature_algorithm": forge.algorithm("1.2.840.10045.4.1", b"")},
    mask={"signature_algorithm": pss(mask=forge.SHA1), "padding": pss_padding(32, hashes.SHA1())},
)
def test_sha_1_is_refused_wherever_it_stands(given: dict[str, Any]) -> None:
    assert code_of(**given) == "algorithm_refused"


@pytest.mark.threat("digests-mixed")
@by(
    outside={"digest_algorithms": tlv(0x31, forge.algorithm(forge.SHA384))},
    none_outside={"digest_algorithms": tlv(0x31)},
    two_outside={"digest_algorithms": tlv(0x31, forge.algorithm(forge.SHA256), forge.algorithm(forge.SHA384))},
    signature={"signature_algorithm": forge.algorithm("1.2.840.113549.1.1.12")},
    elliptic={"signer": P256, "signature_algorithm": forge.algorithm("1.2.840.10045.4.3.3", b"")},
)
def test_one_hash_serves_throughout(given: dict[str, Any]) -> None:
    assert code_of(**given) == "algorithms_differ"


@pytest.mark.threat("pss-parameters")
@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("algorithm_refused", {"signature_algorithm": pss(salt=20), "padding": pss_padding(20)}),
        ("algorithm_refused", {"signature_algorithm": pss(salt=33), "padding": pss_padding(33)}),
        (
            "algorithm_refused",
            {"signature_algorithm": pss(mask=forge.SHA384), "padding": pss_padding(32, hashes.SHA384())},
        ),
        ("algorithm_refused", {"signature_algorithm": tlv(0x30, oid(forge.RSA_PSS))}),
        ("signature_wrong", {"signature_algorithm": pss()}),
        ("signature_wrong", {"signature_algorithm": pss(), "padding": pss_padding(20)}),
    ],
)
def test_pss_with_other_parameters_is_refused(code: str, given: dict[str, Any]) -> None:
    assert code_of(**given) == code


@pytest.mark.threat("algorithm-other")
@by(
    without_null={"signature_algorithm": forge.algorithm(forge.RSA_SHA256, b"")},
    ecdsa_with_an_rsa_key={"signature_algorithm": forge.algorithm(forge.ECDSA_SHA256, b"")},
    rsa_with_an_elliptic_key={"signer": P256, "signature_algorithm": forge.algorithm(forge.RSA_SHA256)},
    md5={"signature_algorithm": forge.algorithm("1.2.840.113549.1.1.4")},
    dsa={"signature_algorithm": forge.algorithm("2.16.840.1.101.3.4.3.2", b"")},
)
def test_an_algorithm_that_is_not_ours_is_refused(given: dict[str, Any]) -> None:
    assert code_of(**given) == "algorithm_refused"


@pytest.mark.threat("key-short")
@by(rsa_1024={"signer": SMALL}, p521={"signer": P521, "hash": hashes.SHA256()})
def test_a_key_that_is_not_ours_is_refused(given: dict[str, Any]) -> None:
    assert code_of(**given) == "key_refused"
