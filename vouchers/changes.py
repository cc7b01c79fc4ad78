"""The feed of changes: read in the order of transactions, so that a reader who asks again misses nothing.

A row is given out once every transaction before its own has ended: whatever still runs, or begins later, will stand
behind it. Transactions of other databases of the same server do not count, they write nothing here.
"""

import re
from typing import Any, Final, NamedTuple

from treasury.core.api.cursors import bad_cursor
from treasury.core.sql import fetch_all

START: Final = "0-0"
_POSITION = re.compile(r"([0-9]{1,19})-([0-9]{1,19})")
_MAX: Final = 2**63 - 1
_HORIZON: Final = """
WITH here AS (SELECT oid FROM pg_database WHERE datname = current_database()),
running AS (
    SELECT xid FROM pg_snapshot_xip(pg_current_snapshot()) AS snapshot (xid)
    WHERE NOT EXISTS (
        SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
            AND l.transactionid = snapshot.xid::xid AND a.datid <> (SELECT oid FROM here)
    )
),
horizon AS (
    SELECT coalesce(
        (SELECT xid FROM running ORDER BY xid LIMIT 1), pg_snapshot_xmax(pg_current_snapshot())
    ) AS xid
)
"""
_READ: Final = (
    _HORIZON
    + """
SELECT c.transaction::text, c.id, c.event, c.verb, c.state, c.subject_id, c.at,
    c.voucher_id, v.fiscal_year, v.number, v.revision
FROM vouchers_voucherchange c JOIN vouchers_voucher v ON v.id = c.voucher_id
WHERE c.agency_code = %s AND (c.transaction, c.id) > (%s::text::xid8, %s) AND c.transaction < (SELECT xid FROM horizon)
ORDER BY c.transaction, c.id LIMIT %s
"""
)
_NOW: Final = _HORIZON + "SELECT xid::text FROM horizon"


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


def position_now() -> str:
    """The position behind everything that is complete by now: what comes later will be told from here."""
    (row,) = fetch_all(_NOW)
    return f"{int(row[0]) - 1}-{_MAX}"


def _parts(position: str) -> tuple[int, int]:
    found = _POSITION.fullmatch(position)
    if found is None or max(numbers := (int(found[1]), int(found[2]))) > _MAX:
        raise bad_cursor()
    return numbers[0], numbers[1]
