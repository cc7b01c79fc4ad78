"""What of the log somebody may read: everybody its hashes, an agency what was logged of its own documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from signing.log.tree import head_over, log_size
from signing.models import ElectronicPaymentDocument, EntryKind, LogEntry, LogHead, Signature
from treasury.core.errors import Problem


def entries_from(start: int, limit: int) -> tuple[list[LogEntry], int]:
    """Some entries from a place on, and the log's size."""
    return list(LogEntry.objects.filter(index__gte=start).order_by("index")[:limit]), log_size()


def document_entry(*, document_ref: str, revision: int | None = None, agency_code: str = "") -> LogEntry:
    """The entry of a sealed document, of its newest revision where none is named; Problem `log_entry_unknown` (404)
    for what is not logged and, where an agency asks, for what is not its own."""
    sealed = ElectronicPaymentDocument.objects.filter(document_ref=document_ref).order_by("-revision")
    document = (sealed if revision is None else sealed.filter(revision=revision)).first()
    entry = LogEntry.objects.filter(kind=EntryKind.DOCUMENT, source_id=document.pk).first() if document else None
    if entry is None or (agency_code and bodies_shown([entry], agency_code)[entry.index] is None):
        raise Problem("log_entry_unknown", f"{document_ref} is not in the log", status=404)
    return entry


def bodies_shown(rows: Sequence[LogEntry], agency_code: str) -> dict[int, str | None]:
    """By place, what was logged of an agency's own documents, None for everything else; in two statements."""
    wanted = [row.source_id for row in rows if row.kind == EntryKind.DOCUMENT]
    documents = ElectronicPaymentDocument.objects.filter(pk__in=wanted).values_list("pk", "signature_ids")
    first = {pk: signature_ids[0] for pk, signature_ids in documents}
    own = set(Signature.objects.filter(pk__in=first.values(), agency_code=agency_code).values_list("pk", flat=True))
    return {
        row.index: bytes(row.body).decode()
        if row.kind == EntryKind.DOCUMENT and first.get(row.source_id) in own
        else None
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed document stands: its entry's place (None: not logged yet) and the first head over it."""

    index: int | None
    head: LogHead | None


def document_place(*, document_ref: str, revision: int) -> Place | None:
    """The place of a document in the log, None for one that is not sealed; in at most three statements."""
    sealed = ElectronicPaymentDocument.objects.filter(document_ref=document_ref, revision=revision)
    pk = sealed.values_list("pk", flat=True).first()
    if pk is None:
        return None
    logged = LogEntry.objects.filter(kind=EntryKind.DOCUMENT, source_id=pk)
    index = logged.values_list("index", flat=True).first()
    return Place(index, head_over(index) if index is not None else None)
