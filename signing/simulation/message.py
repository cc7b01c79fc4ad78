"""A CMS SignedData message as a card makes it: detached, one signer, signed attributes in DER order.

The PKCS#7 builder of the cryptography package can set neither attributes nor time, so the few lines of DER are here.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization

_DATA: Final = "1.2.840.113549.1.7.1"
_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
_NONCE: Final = "1.2.840.113549.1.9.25.3"
_CARD_NUMBER: Final = "2.16.886.1.100.2.204"


def der(tag: int, *parts: bytes) -> bytes:
    """One DER element."""
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    encoded = b""
    for arc in (first * 40 + second, *rest):
        piece = bytes((arc & 0x7F,))
        while arc := arc >> 7:
            piece = bytes((0x80 | (arc & 0x7F),)) + piece
        encoded += piece
    return der(0x06, encoded)


_SHA256: Final = der(0x30, oid("2.16.840.1.101.3.4.2.1"), der(0x05))
_RSA_SHA256: Final = der(0x30, oid("1.2.840.113549.1.1.11"), der(0x05))
_VERSION_1: Final = der(0x02, b"\x01")


def message_sign(
    *,
    content: bytes,
    sign: Callable[[bytes], bytes],
    certificate: x509.Certificate,
    at: datetime,
    nonce: str,
    card_no: str,
) -> bytes:
    """A detached message over content; nonce and card number become signed attributes unless empty.

    `sign` makes the card's signature (RSA PKCS#1 v1.5 with SHA-256) over bytes; what it raises is raised.
    """
    attributes = _attributes(content, at, nonce, card_no)
    signature = sign(der(0x31, attributes))
    serial = certificate.serial_number
    signer = der(
        0x30,
        _VERSION_1,
        der(0x30, certificate.issuer.public_bytes(), der(0x02, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))),
        _SHA256,
        der(0xA0, attributes),
        _RSA_SHA256,
        der(0x04, signature),
    )
    data = der(
        0x30,
        _VERSION_1,
        der(0x31, _SHA256),
        der(0x30, oid(_DATA)),
        der(0xA0, certificate.public_bytes(serialization.Encoding.DER)),
        der(0x31, signer),
    )
    return der(0x30, oid(_SIGNED_DATA), der(0xA0, data))


def _attributes(content: bytes, at: datetime, nonce: str, card_no: str) -> bytes:
    attributes = [
        _attribute(_CONTENT_TYPE, oid(_DATA)),
        _attribute(_MESSAGE_DIGEST, der(0x04, hashlib.sha256(content).digest())),
        _attribute(_SIGNING_TIME, _time(at.astimezone(UTC))),
    ]
    if nonce:
        attributes.append(_attribute(_NONCE, der(0x04, nonce.encode())))
    if card_no:
        attributes.append(_attribute(_CARD_NUMBER, der(0x13, card_no.encode())))
    return b"".join(sorted(attributes))


def _attribute(kind: str, value: bytes) -> bytes:
    return der(0x30, oid(kind), der(0x31, value))


def _time(at: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime from then on."""
    if at.year < 2050:
        return der(0x17, at.strftime("%y%m%d%H%M%SZ").encode())
    return der(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())
