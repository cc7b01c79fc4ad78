"""Certificates made by hand and signed by an authority: what no library would issue."""

from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import PublicFormat

from tests.signing import forge
from tests.signing.forge import oid, tlv

USAGE = tlv(0x30, oid("2.5.29.15"), tlv(0x01, b"\xff"), tlv(0x04, tlv(0x03, b"\x07\x80")))
POLICY = tlv(0x30, oid("2.5.29.32"), tlv(0x04, tlv(0x30, tlv(0x30, oid(forge.CLASS_3)))))


def extension(kind: str, value: bytes) -> bytes:
    """An extension that is not critical."""
    return tlv(0x30, oid(kind), tlv(0x04, value))


def spki(key: Any, algorithm: bytes = b"") -> bytes:
    """A public key's SubjectPublicKeyInfo, with another algorithm in it when given."""
    der = key.public_key().public_bytes(forge.DER, PublicFormat.SubjectPublicKeyInfo)
    own = forge.algorithm(forge.RSA)
    return der if not algorithm else tlv(0x30, algorithm, der[der.index(own) + len(own) :])


def certificate(
    authority: forge.Authority,
    name: str,
    *,
    key: bytes = b"",
    extensions: tuple[bytes, ...] = (),
    version: int = 2,
    serial: bytes = b"\x05",
    subject: bytes = b"",
) -> bytes:
    """A certificate for the key `name`, for signatures under class 3 policy unless told otherwise."""
    to_be_signed = tlv(
        0x30,
        tlv(0xA0, tlv(0x02, bytes([version]))),
        tlv(0x02, serial),
        forge.algorithm(forge.RSA_SHA256),
        authority.certificate.subject.public_bytes(),
        tlv(0x30, tlv(0x17, b"240101000000Z"), tlv(0x17, b"300101000000Z")),
        subject or forge.distinguished(name).public_bytes(),
        key or spki(forge.key(name)),
        tlv(0xA3, tlv(0x30, USAGE, POLICY, *extensions)),
    )
    signature = authority.key.sign(to_be_signed, padding.PKCS1v15(), hashes.SHA256())
    return tlv(0x30, to_be_signed, forge.algorithm(forge.RSA_SHA256), tlv(0x03, b"\x00", signature))


def message(authority: forge.Authority, name: str, der: bytes, content: bytes, **given: Any) -> bytes:
    """A message rightly signed with the key `name`, which names the handmade certificate."""
    serial = given.pop("serial", b"\x05")
    identifier = tlv(0x30, authority.certificate.subject.public_bytes(), tlv(0x02, serial))
    signer = forge.Identity(authority.certificate, forge.key(name))
    return forge.message(signer, content, identifier=identifier, **{"certificates": [der], **given})
