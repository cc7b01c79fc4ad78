"""One DER element: tag, minimal length, content."""

import re
from collections.abc import Callable
from typing import Final

_NUMBER_LONG: Final = 0x1F
_CONSTRUCTED: Final = 0x20
_SEQUENCE, _SET = 0x30, 0x31
_ARCS: Final = re.compile(rb"((?:[\x81-\xff][\x80-\xff]*)?[\x00-\x7f])+")


def element(tag: bytes, content: bytes | memoryview) -> bytes:
    """The bytes of an element; of one that was read strictly, the original ones, for DER spells a length one way."""
    return b"".join((tag, _length(len(content)), content))


def _length(size: int) -> bytes:
    """The one spelling of a length."""
    if size < 128:
        return bytes((size,))
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(digits),)) + digits


def bounds(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at a place begins and ends, if its length is to be believed (IndexError when the
    data end before it is known)."""
    size, begin = data[at + 1], at + 2
    if size > 0x7F:
        begin += size & 0x7F
        size = int.from_bytes(data[at + 2 : begin], "big")
    return begin, begin + size


def check_strict(data: bytes) -> None:
    """ValueError unless the bytes are elements in DER all the way down, which every reader takes the same way."""
    inside = [(0, len(data))]
    while inside:
        at, limit = inside.pop()
        while at < limit:
            end = _strict_end(data, at, limit)
            begin, _ = bounds(data, at)
            if data[at] & _CONSTRUCTED:
                inside.append((begin, end))
            else:
                _check_primitive(data[at], data[begin:end])
            at = end


def _strict_end(data: bytes, at: int, limit: int) -> int:
    """Where an element ends that has a short tag of DER and the one spelling of its length, within a limit."""
    tag = data[at]
    is_universal_constructed = 0x20 <= tag < 0x40
    if tag == 0 or tag & _NUMBER_LONG == _NUMBER_LONG or (is_universal_constructed and tag not in (_SEQUENCE, _SET)):
        raise ValueError(f"{tag:02x} is no tag of ours")
    try:
        begin, end = bounds(data, at)
    except IndexError:
        raise ValueError("an element is cut short") from None
    if end > limit or not data.startswith(_length(end - begin), at + 1, begin):
        raise ValueError("a length leads too far or is not DER's")
    return end


def _check_primitive(tag: int, content: bytes) -> None:
    """The values that readers are known to take differently, or not at all, when their spelling is not DER's."""
    rule = _RULES.get(tag)
    if rule is not None and not rule(content):
        raise ValueError(f"a value of type {tag:02x} is not DER")


def _is_boolean(content: bytes) -> bool:
    return content in (b"\x00", b"\xff")


def _is_integer(content: bytes) -> bool:
    """Whether no shorter spelling says the same: the first nine bits are not all alike."""
    first = content[:2]
    return len(first) == 1 or b"\x00\x80" <= first < b"\xff\x80"


def _are_bits(content: bytes) -> bool:
    """Whether the unused bits are fewer than eight, there, and zero."""
    if len(content) < 2:
        return content == b"\x00"
    return content[0] < 8 and content[-1] & ((1 << content[0]) - 1) == 0


def _is_utf8(content: bytes) -> bool:
    return content.decode(errors="replace").encode() == content


_RULES: Final[dict[int, Callable[[bytes], bool]]] = {
    0x01: _is_boolean,
    0x02: _is_integer,
    0x03: _are_bits,
    0x05: lambda content: content == b"",
    0x06: lambda content: _ARCS.fullmatch(content) is not None,
    0x0A: _is_integer,
    0x0C: _is_utf8,
}
