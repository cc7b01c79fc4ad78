"""The one function that verifies a signature."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding

from signing import algorithms
from signing.algorithms import SIGNATURE_ALGORITHMS, signature_verify
from signing.refusals import Refused
from tests.signing import forge

DATA = b"what is signed"
SHA = hashes.SHA256()


def code_of(key: Any, scheme: str, signature: bytes, hash_name: str = "sha256") -> str:
    try:
        signature_verify(key=key.public_key(), scheme=scheme, hash_name=hash_name, signature=signature, signed=DATA)
    except Refused as refused:
        return refused.code
    return "ok"


def test_it_verifies_the_three_schemes() -> None:
    algorithms._family.cache_clear()
    rsa, elliptic = forge.key("rsa"), forge.key("elliptic", "p384")

    assert code_of(rsa, "pkcs1", rsa.sign(DATA, padding.PKCS1v15(), SHA)) == "ok"
    assert code_of(rsa, "pss", rsa.sign(DATA, padding.PSS(padding.MGF1(SHA), 32), SHA)) == "ok"
    assert code_of(elliptic, "ecdsa", elliptic.sign(DATA, ec.ECDSA(hashes.SHA384())), "sha384") == "ok"


@pytest.mark.threat("pss-parameters")
def test_a_salt_of_another_length_is_no_signature() -> None:
    rsa = forge.key("rsa")

    assert code_of(rsa, "pss", rsa.sign(DATA, padding.PSS(padding.MGF1(SHA), 20), SHA)) == "signature_wrong"


@pytest.mark.threat("key-short")
@pytest.mark.parametrize(
    ("name", "kind", "scheme", "code"),
    [
        ("small", "rsa1024", "pkcs1", "key_refused"),
        ("elliptic521", "p521", "ecdsa", "key_refused"),
        ("rsa", "rsa2048", "ecdsa", "algorithm_refused"),
        ("elliptic", "p256", "pkcs1", "algorithm_refused"),
    ],
)
def test_keys_and_schemes_that_do_not_go_together_are_refused(name: str, kind: str, scheme: str, code: str) -> None:
    assert code_of(forge.key(name, kind), scheme, b"") == code


def test_other_kinds_of_keys_are_refused() -> None:
    assert code_of(ed25519.Ed25519PrivateKey.generate(), "ecdsa", b"") == "key_refused"


def test_no_accepted_algorithm_uses_sha_1() -> None:
    assert {one.hash_name for one in SIGNATURE_ALGORITHMS.values()} == {"", "sha256", "sha384", "sha512"}
    assert len(SIGNATURE_ALGORITHMS) == 4 + 12 + 3
