"""The hashing of the log, as RFC 9162 section 2.1 has it: pure functions over hashes, no database.

A tree of any size is made of complete subtrees, each known by its node: `(level, index)` is the one over the leaves
from `index * 2**level` up to `(index + 1) * 2**level`. Whoever keeps the hashes of these can make every root and
every proof from a number of them that grows with the logarithm of the size.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

Node = tuple[int, int]
Range = tuple[int, int]

EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return sha256(b"\x01" + left + right).digest()


def covering(start: int, end: int) -> list[Node]:
    """The complete subtrees that make up the leaves from `start` (a multiple of the largest of them) up to `end`."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def leaves_under(node: Node) -> Range:
    """The leaves under a complete subtree."""
    level, index = node
    return index << level, (index + 1) << level


def range_hash(found: Range, hashes: Mapping[Node, bytes]) -> bytes:
    """The hash of a range of leaves from those of its complete subtrees; KeyError for one that is not given."""
    return _folded([hashes[node] for node in covering(*found)])


def _folded(parts: list[bytes]) -> bytes:
    """The hash over complete subtrees that stand side by side, each smaller than the one before it."""
    whole = parts.pop() if parts else EMPTY_ROOT
    while parts:
        whole = node_hash(parts.pop(), whole)
    return whole


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove the entry at `index` in the tree of `size`, from the leaf up; ValueError for an
    entry that is not in it."""
    if not 0 <= index < size:
        raise ValueError(f"there is no entry {index} in a tree of {size}")
    start, end, beside = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return beside[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `old` leaves begins the tree of `size`; ValueError unless
    0 < old <= size."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {old} does not begin a tree of {size}")
    start, end, beside = 0, size, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    # What has been left untouched from the first leaf on, the verifier knows as the old root.
    return [*([(start, end)] if start else []), *beside[::-1]]


def nodes_of(ranges: Iterable[Range]) -> list[Node]:
    """Every node that the hashes of some ranges are made of."""
    return [node for found in ranges for node in covering(*found)]


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


class Edge:
    """The right edge of a tree while it grows: the hashes of `covering(0, size)`."""

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self._hashes = list(hashes)

    def append(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Adds a leaf (its hash); returns the subtrees above the leaves that it completes, from below."""
        self._hashes.append(leaf)
        self.size += 1
        completed = []
        level = 1
        while not self.size % (1 << level):
            right, left = self._hashes.pop(), self._hashes.pop()
            self._hashes.append(node_hash(left, right))
            completed.append(((level, (self.size >> level) - 1), self._hashes[-1]))
            level += 1
        return completed

    @property
    def root(self) -> bytes:
        """The root of the tree so far."""
        return _folded(list(self._hashes))


def inclusion_root(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to; ValueError for a proof of another length or place."""
    ranges = inclusion_ranges(index, size)
    if len(proof) != len(ranges):
        raise ValueError(f"a proof of {len(ranges)} hashes is expected, here are {len(proof)}")
    found = leaf
    for (start, _), beside in zip(ranges, proof, strict=True):
        found = node_hash(beside, found) if start < index else node_hash(found, beside)
    return found
