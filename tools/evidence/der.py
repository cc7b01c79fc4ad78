"""Reading DER strictly: one spelling for everything, or it is refused."""

from dataclasses import dataclass
from datetime import UTC, datetime

from .wrong import Wrong

SEQUENCE, SET, INTEGER, OCTETS, OID, NULL = 0x30, 0x31, 0x02, 0x04, 0x06, 0x05
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18


@dataclass(frozen=True)
class Element:
    """One element: tag (one byte), content, and its own bytes as they stood."""

    tag: int
    content: bytes
    raw: bytes

    def inside(self) -> list["Element"]:
        """The elements one after the other in the content."""
        found, at = [], 0
        while at < len(self.content):
            found.append(_element(self.content, at))
            at += len(found[-1].raw)
        return found

    def expect(self, tag: int) -> "Element":
        """Itself; Wrong unless it has this tag."""
        if self.tag != tag:
            raise Wrong(f"DER tag {self.tag:#04x} where {tag:#04x} belongs")
        return self

    def number(self) -> int:
        """A whole number in its shortest spelling."""
        data = self.expect(INTEGER).content
        value = int.from_bytes(data, "big", signed=True)
        if len(data) != (value if value >= 0 else ~value).bit_length() // 8 + 1:
            raise Wrong("DER number is not in its shortest spelling")
        return value

    def oid(self) -> str:
        """An object identifier in dots."""
        arcs, value = [], 0
        for position, octet in enumerate(self.expect(OID).content):
            if octet == 0x80 and value == 0 and (position == 0 or not self.content[position - 1] & 0x80):
                raise Wrong("DER object identifier is longer than it need be")
            value = value << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(value)
                value = 0
        if not arcs or self.content[-1] & 0x80:
            raise Wrong("DER object identifier has no end")
        first = min(arcs[0] // 40, 2)
        return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))

    def moment(self) -> datetime:
        """A UTCTime or GeneralizedTime in UTC; a fraction has no zero at its end."""
        text = self.content.decode("ascii")
        if self.tag == UTC_TIME:
            text = ("20" if text < "5" else "19") + text
        whole, _, fraction = text[:-1].partition(".")
        if self.tag not in (UTC_TIME, GENERALIZED_TIME) or text[-1:] != "Z" or len(whole) != 14:
            raise Wrong("DER moment is not in UTC")
        if not whole.isdecimal() or ("." in text and (not fraction.isdecimal() or fraction[-1] == "0")):
            raise Wrong("DER moment is no number")
        at = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return at.replace(microsecond=int((fraction + "000000")[:6]))


def read(data: bytes) -> Element:
    """The one element that all of the bytes are."""
    element = _element(data, 0)
    if len(element.raw) != len(data):
        raise Wrong("bytes follow the DER")
    return element


def spelled(tag: int, content: bytes) -> bytes:
    """The bytes of an element."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _element(data: bytes, at: int) -> Element:
    if len(data) - at < 2 or data[at] & 0x1F == 0x1F:
        raise Wrong("DER ends too early, or has a long tag")
    tag, size, begin = data[at], data[at + 1], at + 2
    if size & 0x80:
        octets = size & 0x7F
        begin += octets
        size = int.from_bytes(data[at + 2 : begin], "big")
        if not 1 <= octets <= 4 or size < 0x80 or size.bit_length() <= 8 * (octets - 1):
            raise Wrong("DER length is not the shortest, or indefinite")
    if begin + size > len(data):
        raise Wrong("DER ends too early")
    return Element(tag, data[begin : begin + size], data[at : begin + size])
