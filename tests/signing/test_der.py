"""Strict DER all the way down, and the one spelling of a length."""

import pytest

from signing.der import bounds, check_strict, element
from tests.signing.forge import algorithm, oid, tlv

ARCS = "1.2.840.113549.1.9.16.2.47"


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65_535, 65_536])
def test_an_element_is_written_as_der_has_it(size: int) -> None:
    der = element(b"\x04", bytes(size))

    assert der == tlv(0x04, bytes(size))
    assert bounds(der, 0) == (len(der) - size, len(der))


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x01\x01\xff",
        b"\x01\x01\x00",
        b"\x02\x01\x00",
        b"\x02\x01\xff",
        b"\x02\x02\x00\x80",
        b"\x02\x02\xff\x7f",
        b"\x0a\x01\x05",
        b"\x03\x01\x00",
        b"\x03\x02\x07\x80",
        b"\x05\x00",
        oid(ARCS),
        oid("2.999"),
        tlv(0x0C, "中".encode()),
        tlv(0x13, b"text"),
        tlv(0x80, b"\x80"),
        tlv(0xA3, tlv(0x30, algorithm(ARCS), tlv(0x31))),
        tlv(0x30, tlv(0x04, bytes(200)), tlv(0x30, b"\x05\x00" * 300)),
    ],
)
def test_der_passes(der: bytes) -> None:
    check_strict(der)


@pytest.mark.threat("readers-differ")
@pytest.mark.parametrize(
    "der",
    [
        b"\x30",
        b"\x30\x01",
        b"\x30\x80\x00\x00",
        b"\x30\x81\x01\x05",
        b"\x04\x81\x7f" + bytes(127),
        b"\x04\x82\x00\x80" + bytes(128),
        b"\x04\x84\xff\xff\xff\xff",
        b"\x04\x82\x01",
        b"\x30\x02\x04\x01",
        b"\x00\x00",
        b"\x1f\x81\x00\x00",
        b"\x24\x02\x04\x00",
        b"\x2c\x00",
        b"\x01\x01\x01",
        b"\x01\x00",
        b"\x02\x00",
        b"\x02\x02\x00\x7f",
        b"\x02\x02\xff\x80",
        b"\x0a\x00",
        b"\x03\x00",
        b"\x03\x01\x01",
        b"\x03\x02\x08\x00",
        b"\x03\x02\x01\x01",
        b"\x05\x01\x00",
        b"\x06\x00",
        b"\x06\x01\x80",
        b"\x06\x02\x80\x01",
        b"\x06\x03\x2a\x80\x01",
        b"\x0c\x01\xff",
        b"\x0c\x03\xed\xa0\x80",
        tlv(0x30, tlv(0xA0, b"\x05\x01\x00")),
    ],
)
def test_what_is_not_der_does_not(der: bytes) -> None:
    with pytest.raises(ValueError):
        check_strict(der)
