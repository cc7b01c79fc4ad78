"""The bytes of a timestamp authority: a token over a hash, and replies that grant or deny one (RFC 3161, RFC 5816)."""

import hashlib
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from signing.simulation.message import der, oid
from signing.simulation.time_certificates import Generation

_SIGNED_DATA: Final = oid("1.2.840.113549.1.7.2")
_TOKEN_CONTENT: Final = oid("1.2.840.113549.1.9.16.1.4")
_CONTENT_TYPE, _MESSAGE_DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE: Final = oid("1.2.840.113549.1.9.16.2.47")
_SHA256: Final = der(0x30, oid("2.16.840.1.101.3.4.2.1"), der(0x05))
_ECDSA_SHA256: Final = der(0x30, oid("1.2.840.10045.4.3.2"))
_REJECTION: Final = 2


def content_make(
    *,
    imprint: bytes,
    policy: str,
    serial: int,
    at: datetime,
    nonce: int | None,
    accuracy_seconds: int,
    is_ordered: bool,
) -> bytes:
    """What a token says; `imprint` is the query's MessageImprint as it came (DER)."""
    moment = at.astimezone(UTC).strftime("%Y%m%d%H%M%S.%f").rstrip("0").rstrip(".")
    return der(
        0x30,
        _integer(1),
        oid(policy),
        imprint,
        _integer(serial),
        der(0x18, f"{moment}Z".encode()),
        der(0x30, _integer(accuracy_seconds)),
        der(0x01, b"\xff") if is_ordered else b"",
        b"" if nonce is None else _integer(nonce),
    )


def token_make(content: bytes, generation: Generation, *, with_certificate: bool) -> bytes:
    """The token: SignedData over the content, whose signed attributes name the certificate by hash and by name."""
    certificate = generation.certificate.public_bytes(serialization.Encoding.DER)
    issuer = generation.certificate.issuer.public_bytes()
    serial = _integer(generation.certificate.serial_number)
    named = der(0x30, der(0x04, hashlib.sha256(certificate).digest()), der(0x30, der(0x30, der(0xA4, issuer)), serial))
    attributes = b"".join(
        sorted(
            (
                _attribute(_CONTENT_TYPE, _TOKEN_CONTENT),
                _attribute(_MESSAGE_DIGEST, der(0x04, hashlib.sha256(content).digest())),
                _attribute(_SIGNING_CERTIFICATE, der(0x30, der(0x30, named))),
            )
        )
    )
    signature = generation.key.sign(der(0x31, attributes), ec.ECDSA(hashes.SHA256()))
    signer = der(
        0x30,
        _integer(1),
        der(0x30, issuer, serial),
        _SHA256,
        der(0xA0, attributes),
        _ECDSA_SHA256,
        der(0x04, signature),
    )
    data = der(
        0x30,
        _integer(3),
        der(0x31, _SHA256),
        der(0x30, _TOKEN_CONTENT, der(0xA0, der(0x04, content))),
        der(0xA0, certificate) if with_certificate else b"",
        der(0x31, signer),
    )
    return der(0x30, _SIGNED_DATA, der(0xA0, data))


def granted(token: bytes) -> bytes:
    """A reply with a token."""
    return der(0x30, der(0x30, _integer(0)), token)


def denied(failure: int, why: str) -> bytes:
    """A reply without one; `failure` is the bit of PKIFailureInfo."""
    size = failure // 8 + 1
    bits = (1 << (8 * size - 1 - failure)).to_bytes(size, "big")
    failed = der(0x03, bytes((7 - failure % 8,)), bits)
    return der(0x30, der(0x30, _integer(_REJECTION), der(0x30, der(0x0C, why.encode())), failed))


def _integer(number: int) -> bytes:
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der(0x30, kind, der(0x31, value))
