"""What the bank says when it is asked for one id: a message's or a line's."""

import sqlite3
from typing import Any

from disbursement.simulation.bank.store import Store, balance_twd

_LINE = """
    SELECT lines.*, returned_lines.return_code, batches.message_id, batches.state, batches.return_code AS batch_code
    FROM lines LEFT JOIN returned_lines USING (line_no)
    JOIN batches ON line_no BETWEEN first_line_no AND last_line_no
    WHERE end_to_end_id = ?
"""


def enquiry_answer(store: Store, *, reference: str) -> dict[str, Any]:
    """`status` is unknown, accepted, credited, partly_returned (a batch), returned (a line) or rejected."""
    with store.reading() as books:
        batch = books.execute("SELECT * FROM batches WHERE message_id = ?", (reference,)).fetchone()
        if batch is not None:
            return _batch(books, batch)
        line = books.execute(_LINE, (reference,)).fetchone()
    return {"reference": reference, "status": "unknown"} if line is None else _line(line)


def account_answer(store: Store) -> dict[str, Any]:
    """The account and what it holds."""
    with store.reading() as books:
        account_no = books.execute("SELECT account_no FROM account").fetchone()[0]
        return {"account_no": account_no, "balance_twd": balance_twd(books)}


def _batch(books: sqlite3.Connection, batch: sqlite3.Row) -> dict[str, Any]:
    status = batch["state"]
    if status == "executed":
        returned = books.execute(
            "SELECT 1 FROM returned_lines WHERE line_no BETWEEN ? AND ? LIMIT 1",
            (batch["first_line_no"], batch["last_line_no"]),
        ).fetchone()
        status = "credited" if returned is None else "partly_returned"
    return {
        "reference": batch["message_id"],
        "status": status,
        "message_id": batch["message_id"],
        "amount_twd": batch["total_twd"],
        "return_code": batch["return_code"],
    }


def _line(line: sqlite3.Row) -> dict[str, Any]:
    status, code = line["state"], line["batch_code"]
    if status == "executed":
        status, code = ("returned", line["return_code"]) if line["return_code"] else ("credited", "")
    return {
        "reference": line["end_to_end_id"],
        "status": status,
        "message_id": line["message_id"],
        "amount_twd": line["amount_twd"],
        "return_code": code,
    }
