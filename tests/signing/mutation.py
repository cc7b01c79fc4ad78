"""Changing DER: bytes as they come, and elements with their lengths made right again.

A mutation is a list of steps (what, where, with what); numbers are taken modulo what is there, so any list will do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.signing.forge import tlv

Step = tuple[str, int, int]


@dataclass
class Node:
    """An element: constructed ones have children, the others content; `length` spells another length."""

    tag: int
    content: bytes = b""
    children: "list[Node]" = field(default_factory=list)
    length: bytes = b""

    def der(self) -> bytes:
        """The bytes, with right lengths unless told otherwise."""
        inside = b"".join(child.der() for child in self.children) if self.children else self.content
        if self.length:
            return bytes([self.tag]) + self.length + inside
        return tlv(self.tag, inside)


def parse(der: bytes) -> Node:
    """The tree of strict DER."""
    return next(_elements(der))


def _elements(data: bytes) -> Iterator[Node]:
    at = 0
    while at < len(data):
        size, begin = data[at + 1], at + 2
        if size > 127:
            begin += size - 128
            size = int.from_bytes(data[at + 2 : begin], "big")
        content = data[begin : begin + size]
        yield Node(data[at], content, list(_elements(content)) if data[at] & 0x20 else [])
        at = begin + size


def _places(root: Node) -> list[tuple[Node, int]]:
    """Every element but the outermost, as its parent and its place there."""
    found = []
    for index, child in enumerate(root.children):
        found.append((root, index))
        found += _places(child)
    return found


def _copy(node: Node) -> Node:
    return Node(node.tag, node.content, [_copy(child) for child in node.children], node.length)


def _remove(parent: Node, index: int, other: Node, number: int) -> None:
    if len(parent.children) > 1:
        del parent.children[index]
    else:
        parent.children, parent.content = [], b""


def _repeat(parent: Node, index: int, other: Node, number: int) -> None:
    parent.children.insert(index, _copy(parent.children[index]))


def _put(parent: Node, index: int, other: Node, number: int) -> None:
    parent.children.insert(index, _copy(other))


def _replace(parent: Node, index: int, other: Node, number: int) -> None:
    parent.children[index] = _copy(other)


def _exchange(parent: Node, index: int, other: Node, number: int) -> None:
    place = number % len(parent.children)
    parent.children[index], parent.children[place] = parent.children[place], parent.children[index]


def _retag(parent: Node, index: int, other: Node, number: int) -> None:
    parent.children[index].tag = number % 256


def _wrap(parent: Node, index: int, other: Node, number: int) -> None:
    parent.children[index] = Node((0x30, 0x31, 0xA0, 0x24)[number % 4], children=[parent.children[index]])


def _refill(parent: Node, index: int, other: Node, number: int) -> None:
    """Another content: longer, shorter, empty, or with a byte changed."""
    node = parent.children[index]
    content = b"".join(child.der() for child in node.children) or node.content
    place = number % (len(content) + 1)
    changed = [content[:place], content[place:], content + b"\0", b"\0" + content, b"", content * 2]
    changed += [content[:place] + bytes([number % 256]) + content[place + 1 :]] * 6
    node.children, node.content = [], changed[number // 7 % len(changed)]


def _relength(parent: Node, index: int, other: Node, number: int) -> None:
    """A length that is not DER's, or not right."""
    node = parent.children[index]
    size = len(node.der()) - 2
    node.length = [b"\x80", b"\x81" + bytes([size % 256]), b"\x82\0\1", b"\x84\xff\xff\xff\xff", b"\0"][number % 5]


Change = Callable[[Node, int, Node, int], None]
_STRUCTURE: dict[str, Change] = {
    "remove": _remove,
    "repeat": _repeat,
    "put": _put,
    "replace": _replace,
    "exchange": _exchange,
    "retag": _retag,
    "wrap": _wrap,
    "refill": _refill,
    "relength": _relength,
}
_BYTES = ("flip", "set", "cut", "double", "behind")

_WHATS = (*_STRUCTURE, *_BYTES)
_STEP_BYTES = 5


def _steps(drawn: bytes) -> list[Step]:
    """One to three steps, five bytes each: as one draw they cost Hypothesis a tenth of what a list of tuples does."""
    pieces = [drawn[at : at + _STEP_BYTES] for at in range(0, len(drawn) - _STEP_BYTES + 1, _STEP_BYTES)]
    return [(_WHATS[one[0] % len(_WHATS)], one[1] << 8 | one[2], one[3] << 8 | one[4]) for one in pieces]


STEPS = st.binary(min_size=_STEP_BYTES, max_size=4 * _STEP_BYTES - 1).map(_steps)


def mutate(der: bytes, steps: list[Step]) -> bytes:
    """Another message; perhaps the same again."""
    root = parse(der)
    for what, where, number in steps:
        if what in _STRUCTURE and (places := _places(root)):
            parent, index = places[where % len(places)]
            other_parent, other_index = places[number % len(places)]
            _STRUCTURE[what](parent, index, _copy(other_parent.children[other_index]), number)
    found = root.der()
    for what, where, number in steps:
        if what in _BYTES:
            found = _changed(found, what, where % len(found), number)
    return found


def _changed(data: bytes, what: str, at: int, number: int) -> bytes:
    if what == "flip":
        return data[:at] + bytes([data[at] ^ 1 << number % 8]) + data[at + 1 :]
    if what == "set":
        return data[:at] + bytes([number % 256]) + data[at + 1 :]
    if what == "cut":
        return data[:at] + data[at + number % 40 + 1 :]
    if what == "double":
        return data[:at] + data[at : at + number % 40 + 1] + data[at:]
    return data + number.to_bytes(2, "big")
