"""What a voucher said in each of its revisions, told backwards from the history (B-8, B-9.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from treasury.core.models import History
from vouchers.acts import BEGINNING
from vouchers.models import Voucher
from vouchers.states import VOUCHER

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision as it stood last; `ended_verb` (empty for the one in hand) says by which step the next began."""

    number: int
    content: Content
    ended_verb: str = ""
    ended_at: datetime | None = None
    because: str = ""


def revisions_of(voucher: Voucher) -> tuple[Revision, ...]:
    """Every revision, oldest first: the content in hand with each later change undone, in one query."""
    rows = History.objects.filter(machine=VOUCHER.name, subject_id=voucher.pk)
    rows = rows.filter(Q(verb="change") | Q(target=BEGINNING) & ~Q(source__in=("", BEGINNING)))
    content: Content = voucher.content
    number = voucher.revision
    found = [Revision(number, content)]
    for row in rows.order_by("-id"):
        if row.verb == "change":
            content = _undone(content, row.details.get("before", {}))
        else:
            number -= 1
            found.append(Revision(number, content, row.verb, row.at, row.because))
    return tuple(reversed(found))


def _undone(content: Content, before: Mapping[str, Any]) -> Content:
    """A content with its changed fields as they were; None stood for a field that was not there."""
    merged = {**content, **before}
    return {name: value for name, value in merged.items() if not (name in before and value is None)}
