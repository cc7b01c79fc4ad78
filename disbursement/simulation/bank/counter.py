"""The bank's counter: cheques presented by payees' banks, payment of a cheque stopped, money paid into the account."""

from typing import Any

from disbursement.simulation.bank.store import Store, balance_twd, book
from treasury.core import clock
from treasury.core.errors import Problem


def cheque_present(store: Store, *, cheque_no: str, amount_twd: int) -> dict[str, Any]:
    """Pays a cheque once; the same again has the first answer.

    Problem `cheque_stopped`, `cheque_differs` (409: paid before with another amount) or `cheque_uncovered`.
    """
    with store.transaction() as books:
        paid = books.execute("SELECT * FROM entries WHERE kind = 'cheque' AND reference = ?", (cheque_no,)).fetchone()
        if paid is None:
            if books.execute("SELECT 1 FROM stops WHERE cheque_no = ?", (cheque_no,)).fetchone():
                raise Problem("cheque_stopped", f"payment of {cheque_no} was stopped")
            if balance_twd(books) < amount_twd:
                raise Problem("cheque_uncovered", "the account does not cover the cheque")
            book(books, kind="cheque", reference=cheque_no, amount_twd=amount_twd)
        elif paid["amount_twd"] != amount_twd:
            raise Problem("cheque_differs", f"{cheque_no} was paid with {paid['amount_twd']}", status=409)
        row = books.execute("SELECT * FROM entries WHERE kind = 'cheque' AND reference = ?", (cheque_no,)).fetchone()
    return {"cheque_no": cheque_no, "amount_twd": amount_twd, "booked_on": row["booked_on"]}


def cheque_stop(store: Store, *, cheque_no: str) -> dict[str, Any]:
    """Stops payment of a cheque for good, unless it was paid already."""
    with store.transaction() as books:
        paid = books.execute("SELECT 1 FROM entries WHERE kind = 'cheque' AND reference = ?", (cheque_no,)).fetchone()
        if paid is None:
            moment = clock.now().isoformat(timespec="seconds")
            books.execute("INSERT INTO stops VALUES (?, ?) ON CONFLICT DO NOTHING", (cheque_no, moment))
    return {"cheque_no": cheque_no, "outcome": "stopped" if paid is None else "already_paid"}


def deposit_take(store: Store, *, deposit_id: str, amount_twd: int, text: str) -> dict[str, Any]:
    """Credits the account once by the deposit's id; Problem 409 when the id had another amount."""
    with store.transaction() as books:
        known = books.execute(
            "SELECT * FROM entries WHERE kind = 'deposit' AND reference = ?", (deposit_id,)
        ).fetchone()
        if known is None:
            book(books, kind="deposit", reference=deposit_id, amount_twd=amount_twd, text=text)
        elif known["amount_twd"] != amount_twd:
            raise Problem("deposit_differs", f"{deposit_id} was {known['amount_twd']}", status=409)
        return {"deposit_id": deposit_id, "amount_twd": amount_twd, "balance_twd": balance_twd(books)}
