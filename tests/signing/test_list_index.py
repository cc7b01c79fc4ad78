"""The index of a revocation list: what stands in it, and what is none."""

import pytest

from signing.list_index import ListIndex
from tests.signing.forge import AT, tlv, utc_time


def entry(serial: int, *, padding: int = 0) -> bytes:
    size = max(1, (serial if serial >= 0 else ~serial).bit_length() // 8 + 1)
    number = tlv(0x02, serial.to_bytes(size, "big", signed=True))
    return tlv(0x30, number, utc_time(AT), tlv(0x30, bytes(padding)) if padding else b"")


@pytest.mark.parametrize("serial", [0, 1, 127, 128, 255, 256, 2**63, 2**159, -1, -129])
def test_it_finds_what_is_there_and_nothing_else(serial: int) -> None:
    others = [entry(number, padding=padding) for number, padding in ((77, 0), (78, 200), (79, 70_000))]
    wanted = entry(serial, padding=300)

    index = ListIndex.of(b"".join((others[0], wanted, *others[1:])))

    assert index.count == 4
    assert serial in index and 80 not in index
    assert index.entries(serial) == wanted
    assert index.entries(79) == others[2]
    assert index.entries(80) == b""


def test_a_serial_number_that_stands_there_twice_keeps_both_entries() -> None:
    first, again, third = entry(5), entry(5, padding=9), entry(5, padding=10)

    index = ListIndex.of(first + entry(6) + again + third)

    assert index.entries(5) == first + again + third
    assert index.count == 4


def test_nothing_is_listed_in_an_empty_list() -> None:
    assert ListIndex.of(b"").count == 0


@pytest.mark.parametrize(
    "content",
    [
        b"\x30",
        b"\x31\x03\x02\x01\x05",
        b"\x30\x03\x04\x01\x05",
        entry(5)[:-1],
        entry(5) + b"\x30\x84\xff\xff",
        b"\x30\x00",
        entry(2**1100),
    ],
)
def test_what_is_no_sequence_of_entries_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="revocation list"):
        ListIndex.of(content)
