"""What proves for ever that a document was there when it was: its entry, the head over it, and the heads that renew it.

A head's token counts as long as its authority's certificate. Before that ends, a later head has been made whose token
rests on a newer certificate, and the earlier token is an entry under it: a link.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from signing.log.reading import document_entry
from signing.log.tree import Inclusion, head_over, inclusion
from signing.models import EntryKind, LogEntry, LogHead
from treasury.core.errors import Problem


@dataclass(frozen=True, slots=True)
class Link:
    """An entry under a head: its bytes, the head, and the proof."""

    body: bytes
    head: LogHead
    proof: Inclusion


def document_link(*, document_ref: str, revision: int) -> Link:
    """A document's entry under the first head over it, in five statements; Problem `log_entry_unknown` (404) before
    there is one."""
    entry = document_entry(document_ref=document_ref, revision=revision)
    head = head_over(entry.index)
    if head is None:
        raise Problem("log_entry_unknown", f"no head covers {document_ref} revision {revision} yet", status=404)
    return _link(entry, head)


def renewals(head: LogHead) -> Iterator[Link]:
    """The chain from a head to the newest: each link holds the token of the head before it, and its own head's token
    is of a time at which that one still counted.

    As few links as there are changes of the authority's certificate: of the heads made in time, the one whose token
    counts longest, and of those the newest.
    """
    while True:
        in_time = LogHead.objects.filter(size__gt=head.size, token_at__lte=head.token_until)
        following = in_time.order_by("-token_until", "-size").first()
        if following is None:
            return
        entry = LogEntry.objects.get(kind=EntryKind.HEAD_TOKEN, source_id=head.pk)
        yield _link(entry, following)
        head = following


def _link(entry: LogEntry, head: LogHead) -> Link:
    return Link(bytes(entry.body), head, inclusion(index=entry.index, size=head.size))
