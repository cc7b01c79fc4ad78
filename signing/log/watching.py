"""What an operator must see of the log: what is late, what is missing, what is about to lose its proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, Max, OuterRef

from signing.log.heads import head_due_since
from signing.log.tree import head_last
from signing.models import ElectronicPaymentDocument, EntryKind, LogEntry, LogHead
from treasury.core import clock
from treasury.core.models import History

# A document is logged within minutes; after a day something is wrong with it or with the sequencer.
LOGGED_WITHIN: Final = timedelta(days=1)
# How far back a page looks for documents; check_books looks at all of them.
LOOKED_BACK: Final = timedelta(days=8)
# The hour of the head plus what may go wrong in a morning.
HEAD_WITHIN: Final = timedelta(hours=12)
# Changing the authority that timestamps takes weeks of paper.
RENEWED_BEFORE: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class LogAlarm:
    """Something is wrong: a stable code (its words stand in `log/words.py`) and where."""

    code: str
    detail: str


def log_alarms(*, at: datetime, thorough: bool = False) -> Iterator[LogAlarm]:
    """What is wrong as of a moment: `document_unlogged`, `head_overdue`, `token_ending`, `token_gap`.

    A few statements; of documents those of the last days are looked at, or all (`thorough`).
    """
    yield from _unlogged(at, at - LOOKED_BACK if not thorough else None)
    yield from _overdue(at)
    last = head_last()
    if last is not None and last.token_until < at + RENEWED_BEFORE:
        until = f"{last.token_until.astimezone(clock.ZONE):%Y-%m-%d}"
        yield LogAlarm("token_ending", f"the certificate under the newest head's token ends on {until}")
    yield from _gaps()


def log_alarms_of_books() -> Iterator[LogAlarm]:
    """The same as of the last thing that was done in the books: books that nobody works in any more (those of a played
    day) do not grow late."""
    last: datetime | None = History.objects.aggregate(last=Max("at"))["last"]
    if last is not None:
        yield from log_alarms(at=min(last, clock.now()), thorough=True)


def _unlogged(at: datetime, since: datetime | None) -> Iterator[LogAlarm]:
    logged = LogEntry.objects.filter(kind=EntryKind.DOCUMENT, source_id=OuterRef("pk"))
    late = ElectronicPaymentDocument.objects.filter(~Exists(logged), sealed_at__lt=at - LOGGED_WITHIN)
    if since is not None:
        late = late.filter(sealed_at__gte=since)
    for document in late.order_by("sealed_at")[:1]:
        yield LogAlarm("document_unlogged", f"{document} was sealed at {document.sealed_at} and is not in the log")


def _overdue(at: datetime) -> Iterator[LogAlarm]:
    """An entry that no head covers, though the hour of one has passed since it was there."""
    due = head_due_since(at - HEAD_WITHIN)
    last = head_last()
    if last is None or last.made_at < due:
        uncovered = ElectronicPaymentDocument.objects.filter(sealed_at__lt=due)
        if last is not None:
            uncovered = uncovered.filter(sealed_at__gt=last.made_at)
        if uncovered.exists():
            yield LogAlarm("head_overdue", f"no head was made since {due:%Y-%m-%d %H:%M}")


def _gaps() -> Iterator[LogAlarm]:
    """A head whose token's certificate had ended before the next head renewed it."""
    later = LogHead.objects.filter(size__gt=OuterRef("size")).order_by("size").values("token_at")[:1]
    rows = LogHead.objects.alias(renewed_at=later).filter(token_until__lt=later)
    for head in rows.order_by("size")[:1]:
        yield LogAlarm("token_gap", f"the token of the {head} was not renewed before its certificate ended")
