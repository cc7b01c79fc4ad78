"""Signed tree heads: one a day goes to the auditors, with a time token over its note.

A head's token becomes an entry under the next head. So every day's token covers all documents, signatures, lists and
tokens before it: it is their archive timestamp, and the next one renews it (docs/transparency-log.md).
"""

from datetime import datetime, time, timedelta
from typing import Final

from django.db import transaction

from signing.log.keys import sign_keys
from signing.log.notes import Checkpoint, note_make
from signing.log.sequencing import log_lock, log_sequence
from signing.log.tree import head_last, log_size, root_at
from signing.models import EntryKind, LogEntry, LogHead
from signing.services.timestamps import timestamp_obtain
from treasury.core import clock

# When the day's head is made: after the books are closed.
HEAD_AT: Final = time(20, 0)


def log_keep() -> LogHead | None:
    """What a worker does every few minutes: appends what is new, and makes the day's head once its hour has come, or
    as soon after it as a worker is there; the head it made."""
    last = head_last()
    if last is not None and last.made_at >= head_due_since(clock.now()):
        log_sequence()
        return None
    return head_behind(last)


def log_close() -> LogHead | None:
    """The head at the end of a day that is played: the newest one where nothing has been logged since but its own
    token."""
    log_sequence(thorough=True)
    last = head_last()
    if last is not None and last.made_at.astimezone(clock.ZONE).date() == clock.today():
        later = LogEntry.objects.filter(index__gte=last.size).exclude(kind=EntryKind.HEAD_TOKEN)
        if not later.exists():
            return last
    return head_behind(last)


def head_make() -> LogHead | None:
    """Makes a head now, whatever was made before; None for an empty log.

    Problem `timestamp_unavailable` (503) without an authority: there is no head without its token.
    """
    return head_behind(head_last())


def head_due_since(at: datetime) -> datetime:
    """The latest moment up to `at` at which a day's head was due."""
    due = datetime.combine(at.astimezone(clock.ZONE).date(), HEAD_AT, clock.ZONE)
    return due if due <= at else due - timedelta(days=1)


def head_behind(before: LogHead | None) -> LogHead | None:
    """Logs what is not logged yet, signs a head over everything, has it timestamped, and stores it behind `before`,
    unless another worker has made one meanwhile: then it is that one; as `head_make`."""
    log_sequence(thorough=True)
    size = log_size()
    if not size:
        return None
    keys = sign_keys()
    root = root_at(size)
    note = note_make(Checkpoint(keys[0].name, size, root), keys)
    token = timestamp_obtain(data=note)
    with transaction.atomic():
        log_lock()
        last = head_last()
        if last != before:
            return last
        return LogHead.objects.create(
            size=size,
            root=root,
            note=note,
            keys="\n".join(key.check.line for key in keys),
            made_at=clock.now(),
            token=token.der,
            token_at=token.generated_at,
            token_until=token.facts.stands_until,
            token_facts={
                "certificates": [one.fingerprint.hex() for one in token.facts.way],
                "lists": [one.sha256.hex() for one in token.facts.path.lists],
            },
        )
