"""How far a feed in the order of transactions is complete.

Whoever writes to a feed stores the number of the transaction with each row. A reader takes the rows whose
transaction is X
"""

from typing import Final

from treasury.core.sql import fetch_value

HORIZON: Final = """
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
_ROW_MAX: Final = 2**63 - 1


def position_now() -> str:
    """The position `<transaction>-<row>` behind everything that is complete by now; what comes later is told."""
    horizon = fetch_value(HORIZON + "SELECT xid::text FROM horizon")
    return f"{int(horizon) - 1}-{_ROW_MAX}"
