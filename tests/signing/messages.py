"""One content, its signers by every accepted kind of key, and what the gate says of a message made of them."""

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pytest import MarkDecorator

from signing.certificates import certificate_read
from signing.crls import RevocationList
from signing.gate import signature_check
from signing.paths import TrustStore
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT, attribute, oid, tlv

CONTENT = b'{"typ":"epay-voucher/1"}'
PKI = forge.pki()
SIGNER = PKI.gca.issue("楊主計")
P256 = PKI.gca.issue("p256", on=forge.key("elliptic", "p256"))
P384 = PKI.gca.issue("p384", on=forge.key("elliptic384", "p384"))
GOOD = forge.message(SIGNER, CONTENT)
SHA = hashlib.sha256(CONTENT).digest()
RIGHT = {
    "type": attribute(forge.CONTENT_TYPE, oid(forge.DATA)),
    "digest": attribute(forge.MESSAGE_DIGEST, tlv(0x04, SHA)),
    "time": attribute(forge.SIGNING_TIME, forge.utc_time(AT)),
}


def attributes(**changes: bytes) -> list[bytes]:
    """The three attributes with some of them replaced, or left out when empty."""
    return [one for one in {**RIGHT, **changes}.values() if one]


def pss(name: str = forge.SHA256, mask: str = forge.SHA256, salt: int = 32) -> bytes:
    """The identifier of PSS with its parameters."""
    parts = (
        tlv(0xA0, forge.algorithm(name)),
        tlv(0xA1, tlv(0x30, oid(forge.MGF1), forge.algorithm(mask))),
        tlv(0xA2, tlv(0x02, bytes([salt]))),
    )
    return tlv(0x30, oid(forge.RSA_PSS), tlv(0x30, *parts))


def pss_padding(salt: int = 32, mask: Any = None) -> padding.PSS:
    """The padding that goes with it."""
    return padding.PSS(padding.MGF1(mask or hashes.SHA256()), salt)


def store() -> TrustStore:
    """All authorities with their lists."""
    lists = [RevocationList(one.crl()) for one in (PKI.root, PKI.gca, PKI.xca, PKI.moica)]
    below = [certificate_read(one.der) for one in PKI.authorities.values()]
    return TrustStore([certificate_read(PKI.root.der)], below, lists)


def code_of(**given: Any) -> str:
    """The code with which a message is refused, `ok` when it passes steps 1 to 5."""
    content = given.pop("signed_content", CONTENT)
    raw = given.pop("raw", None)
    signer = given.pop("signer", SIGNER)
    try:
        signature_check(content=CONTENT, message=forge.message(signer, content, **given) if raw is None else raw)
    except Refused as refused:
        return refused.code
    return "ok"


SHA384 = {
    "hash": hashes.SHA384(),
    "digest_algorithm": forge.algorithm(forge.SHA384),
}
LONG = forge.Authority(
    PKI.root.issue(
        "機關名稱很長的憑證機構/" * 5 + "長", on=forge.key("long"), ca=True, bits=("key_cert_sign", "crl_sign")
    ).certificate,
    forge.key("long"),
)
# Every spelling that is accepted, by name.
ACCEPTED: dict[str, dict[str, Any]] = {
    "plain": {},
    "nonce and card number": {"nonce": "n" * 43, "card_no": "GC00000000000001"},
    "rsaEncryption as signature algorithm": {"signature_algorithm": forge.algorithm(forge.RSA)},
    "digest without NULL": {"digest_algorithm": forge.algorithm(forge.SHA256, b"")},
    "one digest without NULL": {"digest_algorithms": tlv(0x31, forge.algorithm(forge.SHA256, b""))},
    "pss": {"signature_algorithm": pss(), "padding": pss_padding()},
    "p256": {"signer": P256},
    "p384": {"signer": P384, "signature_algorithm": forge.algorithm("1.2.840.10045.4.3.3", b""), **SHA384},
    "p384 with SHA-256": {"signer": P384},
    "a list along": {"crls": [PKI.gca.crl()]},
    "its authority along": {"certificates": [PKI.gca.der, SIGNER.der]},
    "a long name": {"signer": LONG.issue("long")},
    "capabilities": {"extra_attributes": [attribute("1.2.840.113549.1.9.15", tlv(0x30))]},
    "an unknown attribute": {
        "extra_attributes": [attribute("1.2.3", tlv(0x30, tlv(0x01, b"\xff"), tlv(0x30, tlv(0x02, b"\x00\x80"))))]
    },
    "sha384": {"signature_algorithm": forge.algorithm("1.2.840.113549.1.1.12"), **SHA384},
    "sha512": {
        "hash": hashes.SHA512(),
        "digest_algorithm": forge.algorithm("2.16.840.1.101.3.4.2.3"),
        "signature_algorithm": forge.algorithm("1.2.840.113549.1.1.13"),
    },
}


def by(**cases: dict[str, Any]) -> MarkDecorator:
    """A test of each case, named by what it is."""
    return pytest.mark.parametrize("given", cases.values(), ids=[name.replace("_", " ") for name in cases])
