"""Revocation lists written byte by byte: as long as wanted in no time, or wrong inside and rightly signed."""

from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.signing.forge import AT, RSA_SHA256, Authority, algorithm, oid, tlv, utc_time

FIRST_SERIAL = 0x10000000000000000000000000000000
_REASON = tlv(0x30, tlv(0x30, oid("2.5.29.21"), tlv(0x04, tlv(0x0A, b"\x01"))))


def list_made(
    authority: Authority,
    *,
    entries: bytes = b"",
    number: int = 1,
    at: datetime = AT - timedelta(hours=1),
    days: float = 10,
    extensions: bytes | None = None,
) -> bytes:
    """A list with these entries and extensions (otherwise its number), signed by the authority."""
    numbered = tlv(0x30, oid("2.5.29.20"), tlv(0x04, tlv(0x02, number.to_bytes(4, "big").lstrip(b"\0"))))
    signed = tlv(
        0x30,
        tlv(0x02, b"\x01"),
        algorithm(RSA_SHA256),
        authority.certificate.subject.public_bytes(),
        utc_time(at),
        utc_time(at + timedelta(days=days)),
        tlv(0x30, entries) if entries else b"",
        tlv(0xA0, tlv(0x30, numbered if extensions is None else extensions)),
    )
    signature = authority.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return tlv(0x30, signed, algorithm(RSA_SHA256), tlv(0x03, b"\0" + signature))


def large_list(authority: Authority, count: int, *, number: int = 1, at: datetime = AT - timedelta(hours=1)) -> bytes:
    """A list of so many entries, from FIRST_SERIAL on."""
    head, tail = b"\x02\x10", utc_time(at) + _REASON
    size = bytes((2 + 16 + len(tail),))
    serials = (serial.to_bytes(16, "big") for serial in range(FIRST_SERIAL, FIRST_SERIAL + count))
    entries = b"".join(b"\x30" + size + head + serial + tail for serial in serials)
    return list_made(authority, entries=entries, number=number, at=at)
