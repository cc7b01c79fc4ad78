"""Where each serial number stands in the bytes of a revocation list.

Written down in one pass over the DER, without making an object of each entry: a list of 300,000 takes a fraction of a
second and some fifty megabytes, once per generation and process.
"""

from dataclasses import dataclass, field
from typing import Final

from signing.der import bounds

_SEQUENCE: Final = 0x30
_INTEGER: Final = 0x02


@dataclass(frozen=True, slots=True)
class ListIndex:
    """The content of a list's `revokedCertificates` with the place of the first entry of each serial number."""

    content: bytes
    count: int
    _places: dict[int, int] = field(repr=False)
    # Serial numbers that stand there more than once.
    _further: dict[int, list[int]] = field(repr=False)

    @classmethod
    def of(cls, content: bytes) -> "ListIndex":
        """Reads the content through; ValueError where it is not a sequence of entries."""
        places: dict[int, int] = {}
        further: dict[int, list[int]] = {}
        count = at = 0
        try:
            while at < len(content):
                begin, end = bounds(content, at)
                is_entry = content[at] == _SEQUENCE and content[begin] == _INTEGER and content[begin + 1] < 0x80
                if not is_entry or end > len(content):
                    raise ValueError("a revocation list's entry is cut short or is none")
                serial = int.from_bytes(content[begin + 2 : begin + 2 + content[begin + 1]], "big", signed=True)
                if serial in places:
                    further.setdefault(serial, []).append(at)
                else:
                    places[serial] = at
                count, at = count + 1, end
        except IndexError:
            raise ValueError("a revocation list's entry is cut short") from None
        return cls(content, count, places, further)

    def __contains__(self, serial: int) -> bool:
        return serial in self._places

    def entries(self, serial: int) -> bytes:
        """The bytes of every entry of a serial number, in their order; nothing when it is not listed."""
        first = self._places.get(serial)
        places = [] if first is None else [first, *self._further.get(serial, ())]
        return b"".join(self.content[at : bounds(self.content, at)[1]] for at in places)
