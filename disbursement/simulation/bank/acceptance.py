"""Taking in: a batch once by its message id, a line once by its end-to-end id, a roster once by its batch's id."""

import json
import sqlite3
from hashlib import sha256
from typing import Any

from disbursement.simulation.bank.orders import Order, read_order
from disbursement.simulation.bank.store import Store
from treasury.core import clock
from treasury.core.errors import Problem

MAX_ROSTER_ROWS = 100_000


def batch_accept(store: Store, *, message_id: str, message: bytes, institution_code: str) -> dict[str, Any]:
    """The receipt of a batch that is now in the books; the same message again has the first one's receipt.

    Problem with status 409 when the id, or a line's id, belongs to another message; other Problems for a wrong order.
    """
    digest = sha256(message).digest()
    with store.reading() as books:
        known = _known(books, message_id, digest)
    if known is not None:
        return known
    order = read_order(message)
    if order.message_id != message_id:
        raise Problem("order_id", f"the message is {order.message_id}, it was handed in as {message_id}")
    with store.transaction() as books:
        known = _known(books, message_id, digest)
        if known is not None:
            return known
        _check(books, order, institution_code)
        _insert(books, order, digest)
        receipt = _known(books, message_id, digest)
    assert receipt is not None
    return receipt


def _known(books: sqlite3.Connection, message_id: str, digest: bytes) -> dict[str, Any] | None:
    """The receipt of a batch taken in earlier; Problem when it was another message."""
    row = books.execute("SELECT * FROM batches WHERE message_id = ?", (message_id,)).fetchone()
    if row is None:
        return None
    if row["digest"] != digest:
        raise Problem("batch_id_taken", f"{message_id} was another message", status=409)
    return {
        "message_id": message_id,
        "receipt_no": f"R{row['batch_no']:09d}",
        "received_at": row["received_at"],
        "line_count": row["line_count"],
        "total_twd": row["total_twd"],
    }


def _check(books: sqlite3.Connection, order: Order, institution_code: str) -> None:
    """What only the bank can know: the account, its own branches, the roster."""
    account_no = books.execute("SELECT account_no FROM account").fetchone()[0]
    if order.debtor_account != account_no:
        raise Problem("account_unknown", f"{order.debtor_account} is no account of this bank")
    if order.network != "entrusted":
        is_own = order.network == "intra_bank"
        for position, line in enumerate(order.lines):
            if line[2].startswith(institution_code) is not is_own:
                told = f"{line[2]} cannot be reached by {order.network}"
                raise Problem("wrong_network", told, path=f"/lines/{position}/bank_code")
        return
    roster = books.execute("SELECT * FROM rosters WHERE message_id = ?", (order.message_id,)).fetchone()
    if roster is None:
        raise Problem("roster_missing", f"the roster of {order.message_id} has not been delivered")
    if roster["total_twd"] != order.total_twd:
        told = f"the roster adds up to {roster['total_twd']}, the transfer is {order.total_twd}"
        raise Problem("roster_differs", told)


def _insert(books: sqlite3.Connection, order: Order, digest: bytes) -> None:
    last_line_no = books.execute("SELECT coalesce(max(line_no), 0) FROM lines").fetchone()[0]
    try:
        books.executemany(
            "INSERT INTO lines (end_to_end_id, amount_twd, bank_code, name, account_no) VALUES (?, ?, ?, ?, ?)",
            order.lines,
        )
    except sqlite3.IntegrityError:
        raise Problem("line_id_taken", "an end-to-end id of this batch is in an earlier one", status=409) from None
    books.execute(
        "INSERT INTO batches (message_id, digest, created_at, network, execution_on, line_count, total_twd,"
        " first_line_no, last_line_no, received_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'accepted')",
        (
            order.message_id,
            digest,
            order.created_at,
            order.network,
            order.execution_on,
            len(order.lines),
            order.total_twd,
            last_line_no + 1,
            last_line_no + len(order.lines),
            clock.now().isoformat(timespec="milliseconds"),
        ),
    )


def roster_accept(store: Store, *, message_id: str, content: bytes) -> dict[str, Any]:
    """Takes in the list of payees of an entrusted transfer; the same again is the first, another one a conflict."""
    digest = sha256(content).digest()
    rows = [_roster_row(line, row_no) for row_no, line in enumerate(content.splitlines())]
    if not 1 <= len(rows) <= MAX_ROSTER_ROWS:
        raise Problem("roster_row", f"a roster has 1 to {MAX_ROSTER_ROWS} payees")
    with store.transaction() as books:
        known = books.execute("SELECT digest FROM rosters WHERE message_id = ?", (message_id,)).fetchone()
        if known is not None and known["digest"] != digest:
            raise Problem("roster_id_taken", f"{message_id} had another roster", status=409)
        if known is None:
            books.execute(
                "INSERT INTO rosters VALUES (?, ?, ?, ?, ?)",
                (message_id, digest, len(rows), sum(row[2] for row in rows), _now()),
            )
            books.executemany(
                "INSERT INTO roster_payees (message_id, row_no, account_no, amount_twd) VALUES (?, ?, ?, ?)",
                [(message_id, *row) for row in rows],
            )
    return roster_outcome(store, message_id=message_id)


def roster_outcome(store: Store, *, message_id: str) -> dict[str, Any]:
    """A roster with the payees that could not be credited from the disbursement account; Problem 404."""
    with store.reading() as books:
        roster = books.execute("SELECT * FROM rosters WHERE message_id = ?", (message_id,)).fetchone()
        failed = books.execute(
            "SELECT row_no AS row, account_no, amount_twd, return_code FROM roster_payees"
            " WHERE message_id = ? AND return_code <> '' ORDER BY row_no",
            (message_id,),
        ).fetchall()
    if roster is None:
        raise Problem("roster_unknown", f"there is no roster of {message_id}", status=404)
    return {
        "message_id": message_id,
        "payee_count": roster["payee_count"],
        "total_twd": roster["total_twd"],
        "received_at": roster["received_at"],
        "failed": [dict(row) for row in failed],
    }


def _roster_row(line: bytes, row_no: int) -> tuple[int, str, int]:
    """Row number, account and amount of one JSON line; name and amount are required, an account may be missing."""
    try:
        row = json.loads(line)
        name, account_no, amount_twd = row["name"], row.get("account_no") or "", row["amount_twd"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Problem("roster_row", "a roster is JSON Lines with name and amount_twd", path=f"/{row_no}") from None
    is_amount = type(amount_twd) is int and 0 < amount_twd < 10**13
    if not (isinstance(name, str) and name.strip() and isinstance(account_no, str) and is_amount):
        raise Problem("roster_row", "name, account or amount cannot be used", path=f"/{row_no}")
    return row_no, account_no, amount_twd


def _now() -> str:
    return clock.now().isoformat(timespec="milliseconds")
