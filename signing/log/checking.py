"""Reading the whole log again: every leaf from its body, every subtree, every head, and what each entry speaks of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from django.db.models import QuerySet

from signing.log import merkle
from signing.log.notes import check_key_read, note_read, note_signers
from signing.log.sequencing import Pending, days_pending, documents_pending
from signing.log.tree import node_hashes
from signing.models import ElectronicPaymentDocument, EntryKind, LogEntry, LogHead
from treasury.ledger import reading as ledger

CHUNK: Final = 500


def log_faults() -> Iterator[str]:
    """Where the log is not what it should be, in the order of its entries; each fault one sentence."""
    yield from _tree_faults()
    yield from _source_faults()


def _tree_faults() -> Iterator[str]:
    """Entries without a gap, subtrees that are those of the entries, heads that are those of the tree."""
    heads = {head.size: head for head in LogHead.objects.order_by("size")}
    edge = merkle.Edge()
    rows = LogEntry.objects.order_by("index").values_list("index", "body", "leaf_hash")
    for chunk in chunks(rows):
        nodes: dict[merkle.Node, bytes] = {}
        for index, body, stored in chunk:
            leaf = merkle.leaf_hash(bytes(body))
            if index != edge.size or bytes(stored) != leaf:
                yield f"entry {index} is not what was logged"
            nodes.update(edge.append(leaf))
            if edge.size in heads:
                yield from _head_faults(heads.pop(edge.size), edge.root)
        known = node_hashes(nodes)
        yield from (f"node {node} is not the one over its entries" for node in nodes if known.get(node) != nodes[node])
    yield from (f"the {head} is of more entries than there are" for head in heads.values())


def _head_faults(head: LogHead, root: bytes) -> Iterator[str]:
    note = bytes(head.note)
    said = note_read(note)
    keys = [check_key_read(line) for line in head.keys.split("\n")]
    if (said.size, said.root, bytes(head.root)) != (head.size, root, root):
        yield f"the {head} is not the one over its entries"
    if note_signers(note, keys) != keys:
        yield f"the {head} is not signed by its keys"


def _source_faults() -> Iterator[str]:
    """Documents and digests as they stand now make the entries that were logged for them."""
    yield from _kind_faults(EntryKind.DOCUMENT, ElectronicPaymentDocument.objects.order_by("pk"), documents_pending)
    yield from _kind_faults(EntryKind.DAY, ledger.digests().order_by("pk"), days_pending)


def _kind_faults(kind: EntryKind, rows: QuerySet, pending: Callable[[Sequence], Iterator[Pending]]) -> Iterator[str]:
    count = 0
    for chunk in chunks(rows):
        logged = LogEntry.objects.filter(kind=kind, source_id__in=[row.pk for row in chunk])
        bodies = dict(logged.values_list("source_id", "body"))
        count += len(bodies)
        yield from _differences(bodies, list(pending(chunk)))
    if count != LogEntry.objects.filter(kind=kind).count():
        yield f"something that was logged as {kind.value} is not there any more"


def chunks(rows: QuerySet) -> Iterator[list[Any]]:
    """The rows of a query, some hundred at a time, without holding more."""
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def _differences(bodies: Mapping[int, bytes | memoryview], pending: Sequence[Pending]) -> Iterator[str]:
    now = {one.source_id: one for one in pending}
    for source_id, body in bodies.items():
        if source_id not in now or now[source_id].body != bytes(body):
            ref = now[source_id].ref if source_id in now else f"number {source_id}"
            yield f"{ref} is not any more what was logged"
