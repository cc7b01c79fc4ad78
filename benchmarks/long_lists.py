"""Revocation lists of any length, made from a short one and signed anew with its authority's key.

The builder of the cryptography package copies all entries for each further one; spelling them takes a second.
"""

from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from signing.der import bounds, element

_SERIAL_BYTES: Final = 16
_EXTENSIONS: Final = 0xA0
# Revoked on 1 January 2025, superseded.
_REST: Final = element(b"\x17", b"250101000000Z") + bytes.fromhex("300c300a0603551d1504030a0104")


def lengthened(der: bytes, key: rsa.RSAPrivateKey, entries: int) -> bytes:
    """The list (DER, so far without entries) with so many serial numbers that nobody has, RSA with SHA-256."""
    parts = _elements(der)
    to_be_signed = _elements(parts[0])
    listed = element(b"\x30", b"".join(map(_entry, range(entries))))
    # The entries stand before the list's own extensions
    made = element(b"\x30", b"".join((*to_be_signed[:-1], listed, to_be_signed[-1])))
    if to_be_signed[-1][0] != _EXTENSIONS or len(to_be_signed) != 6:
        raise ValueError("the list has entries already, or no extensions")
    signature = key.sign(made, padding.PKCS1v15(), hashes.SHA256())
    return element(b"\x30", made + parts[1] + element(b"\x03", b"\x00" + signature))


def _entry(number: int) -> bytes:
    # The first byte keeps clear of every serial number that is drawn at random and positive in 16 bytes
    return element(b"\x30", element(b"\x02", b"\x00\xff" + number.to_bytes(_SERIAL_BYTES - 1, "big")) + _REST)


def _elements(der: bytes) -> list[bytes]:
    """The elements inside an element."""
    at, end = bounds(der, 0)
    found = []
    while at < end:
        after = bounds(der, at)[1]
        found.append(der[at:after])
        at = after
    return found
