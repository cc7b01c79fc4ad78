"""The feed of changes: read in the order of transactions, so that a reader who asks again misses nothing.

A row is given out once every transaction before its own has ended: whatever still runs, or begins later, will stand
behind it. Transactions of other databases of the same server do not count, they write nothing here.
"""

import re
from typing import Any, Final, NamedTuple

from treasury.core.api.cursors import bad_cursor
from treasury.core.api.feed import HORIZON
from treasury.core.sql import fetch_all

START: Final = "0-0"
_POSITION = re.compile(r"([0-9]{1,19})-([0-9]{1,19})")
_MAX: Final = 2**63 - 1
_READ: Final = (
    HORIZON
    + """
SELECT c.transaction::text, c.id, c.event, c.verb, c.state, c.subject_id, c.at,
    c.voucher_id, v.fiscal_year, v.number, v.revision
FROM vouchers_voucherchange c JOIN vouchers_voucher v ON v.id = c.voucher_id
WHERE c.agency_code = %s AND (c.transaction, c.id) > (%s::text::xid8, %s) AND c.transaction < (SELECT xid FROM horizon)
ORDER BY c.transaction, c.id LIMIT %s
"""
)


class Change(NamedTuple):
    """One change, with the position behind it."""

    position: str
    event: str
    verb: str
    state: str
    subject_id: int
    at: Any
    voucher_id: int
    fiscal_year: int
    number: str
    revision: int


def changes_after(agency_code: str, position: str, limit: int) -> list[Change]:
    """An agency's changes behind a position, in order; one statement. Problem `bad_cursor` for no position of ours."""
    transaction, row_id = _parts(position)
    rows = fetch_all(_READ, (agency_code, str(transaction), row_id, limit))
    return [Change(f"{row[0]}-{row[1]}", *row[2:]) for row in rows]


def change_object(change: Change) -> dict[str, Any]:
    """A change as feed and webhooks tell it; `line_no` where it is one of a line or cheque of the voucher."""
    made: dict[str, Any] = {
        "event": change.event,
        "at": change.at.isoformat(),
        "verb": change.verb,
        "state": change.state,
        "voucher_id": change.voucher_id,
        "fiscal_year": change.fiscal_year,
        "number": change.number,
        "revision": change.revision,
    }
    return made | ({"line_no": change.subject_id} if change.subject_id else {})


def _parts(position: str) -> tuple[int, int]:
    found = _POSITION.fullmatch(position)
    if found is None or max(numbers := (int(found[1]), int(found[2]))) > _MAX:
        raise bad_cursor()
    return numbers[0], numbers[1]
