"""What a message may cost us at most: all that fits into 64 KiB is judged in a moment, whatever it is made of."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from signing.cms import SIZE_MAX_BYTES
from signing.gate import gate_pass
from signing.refusals import Refused
from tests.signing import forge, handmade
from tests.signing.forge import AT, attribute, oid, tlv
from tests.signing.messages import CONTENT, PKI, SIGNER, store

KNOWN = store()
SECONDS_MAX = 0.5


def number(index: int) -> bytes:
    """An object identifier of its own."""
    return oid(f"1.3.{index + 1}")


def message(**given: object) -> bytes:
    return forge.message(SIGNER, CONTENT, **given)


def strange(**given: bytes | tuple[bytes, ...]) -> bytes:
    """A message rightly signed by the key of a handmade certificate."""
    der = handmade.certificate(PKI.gca, "costly", **given)  # type: ignore[arg-type]
    return handmade.message(PKI.gca, "costly", der, CONTENT)


def huge_exponent() -> bytes:
    """The largest key whose exponent OpenSSL still lets be as long as the key."""
    numbers = [one.to_bytes(one.bit_length() // 8 + 1, "big") for one in ((1 << 3071) + 9, (1 << 3071) - 3)]
    return tlv(0x30, forge.algorithm(forge.RSA), tlv(0x03, b"\0", tlv(0x30, *(tlv(0x02, one) for one in numbers))))


def entries(count: int) -> bytes:
    """A list as long as fits, brought along."""
    pki = forge.pki()
    pki.gca.revoked = {
        serial: (AT - timedelta(days=1), forge.x509.ReasonFlags.superseded) for serial in range(1, count)
    }
    return pki.gca.crl()


PART_OF_NAME = tlv(0x31, tlv(0x30, oid("2.5.4.3"), tlv(0x0C, b"x")))
SHAPES: dict[str, Callable[[], bytes]] = {
    "nested": lambda: b"\x30\x80" * 32_000,
    "digest algorithms": lambda: message(digest_algorithms=tlv(0x31, forge.algorithm(forge.SHA256) * 4_000)),
    "attributes": lambda: message(
        extra_attributes=[attribute(f"1.3.{index + 1}", b"\x05\x00") for index in range(4_500)]
    ),
    "values": lambda: message(extra_attributes=[attribute("1.2.3", *[b"\x05\x00"] * 31_000)]),
    "elements in a value": lambda: message(extra_attributes=[attribute("1.2.3", tlv(0x30, b"\x05\x00" * 31_000))]),
    "nested value": lambda: message(extra_attributes=[attribute("1.2.3", b"\x30\x82\xf0\x00" * 15_000)]),
    "object identifier": lambda: message(extra_attributes=[attribute("1.2.3", tlv(0x06, b"\x81" * 62_000))]),
    "object identifiers": lambda: message(extra_attributes=[attribute("1.2.3", tlv(0x06, b"\x01" * 62_000 + b"\x81"))]),
    "certificates": lambda: message(certificates=[b"\x30\x00"] * 31_000),
    "names": lambda: strange(subject=tlv(0x30, *[PART_OF_NAME] * 4_500)),
    "names within the size": lambda: strange(subject=tlv(0x30, *[PART_OF_NAME] * 600)),
    "extensions within the size": lambda: strange(
        extensions=tuple(tlv(0x30, number(index), tlv(0x04, b"\x05\x00")) for index in range(650))
    ),
    "extensions": lambda: strange(
        extensions=tuple(tlv(0x30, number(index), tlv(0x04, b"\x05\x00")) for index in range(4_500))
    ),
    "serial number": lambda: strange(serial=b"\x01" * 60_000),
    "exponent": lambda: strange(key=huge_exponent()),
    "lists": lambda: message(crls=[entries(1_500)]),
    "signature": lambda: message(signature=bytes(60_000)),
}


@pytest.mark.threat("time-wasted")
@pytest.mark.parametrize("made", SHAPES.values(), ids=list(SHAPES))
def test_no_message_takes_long(made: Callable[[], bytes]) -> None:
    given = made()
    assert len(given) <= SIZE_MAX_BYTES

    begun = time.process_time()
    with suppress(Refused):
        gate_pass(store=KNOWN, content=CONTENT, message=given, at=AT)
    seconds = time.process_time() - begun

    assert seconds < SECONDS_MAX
