"""Reading the log: roots and proofs from few rows, whatever its size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max

from signing.log import merkle
from signing.log.merkle import Node, Range
from signing.models import EntryKind, LogEntry, LogHead
from treasury.core.errors import Problem
from treasury.core.sql import fetch_all

_NODES: Final = """
SELECT 0, entry.index, entry.leaf_hash FROM signing_logentry AS entry WHERE entry.index = ANY(%(leaves)s)
UNION ALL
SELECT node.level, node.index, node.hash FROM signing_lognode AS node
JOIN unnest(%(levels)s::int[], %(places)s::bigint[]) AS asked (level, index) USING (level, index)
"""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that an entry stands in the log of a size; `root` is what it leads to."""

    index: int
    size: int
    leaf_hash: bytes
    hashes: tuple[bytes, ...]
    root: bytes

    def as_dict(self) -> dict[str, Any]:
        """The proof as a file: hashes in hexadecimal."""
        return {
            "index": self.index,
            "size": self.size,
            "leaf_hash": self.leaf_hash.hex(),
            "hashes": [one.hex() for one in self.hashes],
            "root": self.root.hex(),
        }


@dataclass(frozen=True, slots=True)
class Consistency:
    """The proof that the log of one size begins the log of another."""

    old: int
    size: int
    hashes: tuple[bytes, ...]

    def as_dict(self) -> dict[str, Any]:
        """The proof as a file: hashes in hexadecimal."""
        return {"old": self.old, "size": self.size, "hashes": [one.hex() for one in self.hashes]}


def log_size() -> int:
    """How many entries the log has."""
    last: int | None = LogEntry.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def range_hashes(ranges: Sequence[Range]) -> list[bytes]:
    """The hash of each range of leaves, in one statement over a number of rows that grows with the logarithm of the
    size; Problem `log_damaged` (500) when rows are missing."""
    hashes = node_hashes(merkle.nodes_of(ranges))
    try:
        return [merkle.range_hash(one, hashes) for one in ranges]
    except KeyError as missing:
        raise Problem("log_damaged", f"node {missing} of the log is missing", status=500) from None


def node_hashes(nodes: Iterable[Node]) -> dict[Node, bytes]:
    """The hashes of complete subtrees (level 0: leaves) as far as they are stored, in one statement."""
    asked = list(nodes)
    above = [node for node in asked if node[0]]
    params: dict[str, Any] = {
        "leaves": [index for level, index in asked if not level],
        "levels": [level for level, _ in above],
        "places": [index for _, index in above],
    }
    return {(level, index): bytes(found) for level, index, found in fetch_all(_NODES, params)} if asked else {}


def root_at(size: int) -> bytes:
    """The root over the first entries of the log."""
    return range_hashes([(0, size)])[0]


def inclusion(*, index: int, size: int) -> Inclusion:
    """The proof that an entry stands in the log of a size, in two statements; Problem `log_entry_unknown` (404) or
    `log_size_unknown` (404) for what the log does not hold."""
    _require_size(size)
    if not 0 <= index < size:
        raise Problem("log_entry_unknown", f"there is no entry {index} among {size}", status=404)
    ranges = merkle.inclusion_ranges(index, size)
    leaf, *hashes = range_hashes([(index, index + 1), *ranges])
    root = merkle.inclusion_root(index=index, size=size, leaf=leaf, proof=hashes)
    return Inclusion(index, size, leaf, tuple(hashes), root)


def consistency(*, old: int, size: int) -> Consistency:
    """The proof that the log of `old` entries begins the log of `size`, in two statements; Problem
    `log_size_unknown` (404) unless 0 < old <= size <= the log's size."""
    _require_size(size)
    if not 0 < old <= size:
        raise Problem("log_size_unknown", f"a log of {old} entries does not begin one of {size}", status=404)
    return Consistency(old, size, tuple(range_hashes(merkle.consistency_ranges(old, size))))


def _require_size(size: int) -> None:
    known = log_size()
    if not 0 < size <= known:
        raise Problem("log_size_unknown", f"the log has {known} entries, not {size}", status=404)


def entry_of(*, kind: EntryKind, ref: str) -> LogEntry | None:
    """The entry of a document (`reference#revision`), a day's digest or a head's token."""
    return LogEntry.objects.filter(kind=kind, ref=ref).first()


def entry_at(index: int) -> LogEntry:
    """The entry at a place; Problem `log_entry_unknown` (404) where the log has none."""
    entry = LogEntry.objects.filter(index=index).first()
    if entry is None:
        raise Problem("log_entry_unknown", f"there is no entry {index}", status=404)
    return entry


def head_newest() -> LogHead:
    """The newest head; Problem `log_size_unknown` (404) before the first."""
    head = head_last()
    if head is None:
        raise Problem("log_size_unknown", "no head was made yet", status=404)
    return head


def head_last() -> LogHead | None:
    """The newest head."""
    return LogHead.objects.order_by("-size").first()


def head_over(index: int) -> LogHead | None:
    """The first head under which an entry stands."""
    return LogHead.objects.filter(size__gt=index).order_by("size").first()


def head_of(size: int) -> LogHead:
    """The head of a size; Problem `log_size_unknown` (404) where no head was made."""
    head = LogHead.objects.filter(size=size).first()
    if head is None:
        raise Problem("log_size_unknown", f"no head of {size} entries was made", status=404)
    return head
