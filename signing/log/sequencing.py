"""Appending to the log what is not in it yet: each thing once, in a stable order, however many workers try.

Sealing a document does not touch the log, so nobody waits for it. A sequencer holds an advisory lock for a
transaction of at most some hundred entries: what was not committed never was, so a worker may be killed at any moment.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from signing.log import merkle
from signing.log.entries import day_body, document_body, document_ref, head_token_body
from signing.log.tree import log_size, range_hashes
from signing.models import ElectronicPaymentDocument, EntryKind, LogEntry, LogHead, Signature
from treasury.core.sql import copy_rows, execute
from treasury.ledger import reading as ledger

BATCH: Final = 500
# Ids are given before transactions end: what was given this many ids ago and is not committed yet is found by the
# thorough search before a head.
LOOK_BACK: Final = 10_000
_LOCK: Final = 7_010


class Pending(NamedTuple):
    """Something that is to be logged."""

    kind: EntryKind
    source_id: int
    ref: str
    body: bytes


class Found(NamedTuple):
    """What a search found, and the last id it has looked at (None: it has seen everything)."""

    pending: list[Pending]
    last_id: int | None


def log_lock() -> None:
    """Keeps every other writer of the log out until the transaction ends."""
    execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def log_sequence(*, thorough: bool = False) -> int:
    """Appends what is not in the log yet: tokens of heads, documents, digests of days, each by id; returns how many.

    `thorough` looks at everything ever sealed, as before a head; without it at the newest. A document whose
    signatures are not those that were sealed is left out: `log_alarms` names it.
    """
    return sum(_sequence(kind, search, thorough) for kind, search in _SEARCHES.items())


def _sequence(kind: EntryKind, search: Callable[[int], Found], thorough: bool) -> int:
    after: int | None = 0 if thorough else _newest(kind) - LOOK_BACK
    count = 0
    while after is not None:
        with transaction.atomic():
            log_lock()
            found = search(after)
            log_append(found.pending)
        after = found.last_id
        count += len(found.pending)
    return count


def _newest(kind: EntryKind) -> int:
    newest: int | None = LogEntry.objects.filter(kind=kind).aggregate(newest=Max("source_id"))["newest"]
    return newest or 0


def log_append(pending: Sequence[Pending]) -> None:
    """Writes entries and the subtrees they complete, behind the last one there is."""
    if not pending:
        return
    size = log_size()
    edge = merkle.Edge(size, range_hashes([merkle.leaves_under(node) for node in merkle.covering(0, size)]))
    leaves = [merkle.leaf_hash(one.body) for one in pending]
    columns = ("index", "kind", "source_id", "ref", "body", "leaf_hash")
    entries = enumerate(zip(pending, leaves, strict=True), size)
    copy_rows("signing_logentry", columns, ((index, *one, leaf) for index, (one, leaf) in entries))
    nodes = ((*node, found) for leaf in leaves for node, found in edge.append(leaf))
    copy_rows("signing_lognode", ("level", "index", "hash"), nodes)


def _without_entry(rows: QuerySet, kind: EntryKind, after: int) -> list:
    """The next rows behind an id that the log does not hold."""
    logged = LogEntry.objects.filter(kind=kind, source_id=OuterRef("pk"))
    return list(rows.filter(~Exists(logged), pk__gt=after).order_by("pk")[:BATCH])


def _found(rows: Sequence, pending: Iterator[Pending]) -> Found:
    return Found(list(pending), rows[-1].pk if len(rows) == BATCH else None)


def _head_tokens(after: int) -> Found:
    rows = _without_entry(LogHead.objects.all(), EntryKind.HEAD_TOKEN, after)
    return _found(rows, (Pending(EntryKind.HEAD_TOKEN, row.pk, str(row.size), head_token_body(row)) for row in rows))


def _documents(after: int) -> Found:
    rows = _without_entry(ElectronicPaymentDocument.objects.all(), EntryKind.DOCUMENT, after)
    return _found(rows, documents_pending(rows))


def documents_pending(rows: Sequence[ElectronicPaymentDocument]) -> Iterator[Pending]:
    """The entries of documents, in two statements; one whose signatures are not whole has none."""
    wanted = {pk for row in rows for pk in row.signature_ids}
    columns = ("capacity", "content_sha256", "message_sha256", "token", "token_at", "verdict")
    signatures = Signature.objects.only(*columns).in_bulk(wanted)
    for row in rows:
        named = [signatures[pk] for pk in row.signature_ids if pk in signatures]
        if len(named) == len(row.signature_ids):
            ref = document_ref(row.document_ref, row.revision)
            yield Pending(EntryKind.DOCUMENT, row.pk, ref, document_body(row, named))


def _days(after: int) -> Found:
    rows = _without_entry(ledger.digests(), EntryKind.DAY, after)
    return _found(rows, days_pending(rows))


def days_pending(rows: Sequence) -> Iterator[Pending]:
    """The entries of daily digests of the books."""
    for row in rows:
        digest = bytes(row.digest)
        body = day_body(
            on=row.on.isoformat(),
            digest=digest,
            previous_digest=bytes(row.previous_digest),
            chains=len(row.heads),
        )
        yield Pending(EntryKind.DAY, row.pk, digest.hex(), body)


_SEARCHES: Final[dict[EntryKind, Callable[[int], Found]]] = {
    EntryKind.HEAD_TOKEN: _head_tokens,
    EntryKind.DOCUMENT: _documents,
    EntryKind.DAY: _days,
}
