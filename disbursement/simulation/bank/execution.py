"""Executing what was taken in: debit, returns and the answer are one transaction, so each happens once or not yet."""

import sqlite3
import threading
import time
import traceback
from collections.abc import Callable

from disbursement.simulation.bank import counter, results
from disbursement.simulation.bank.scenario import Scenario
from disbursement.simulation.bank.store import Store, balance_twd, book
from treasury.core import clock
from treasury.core.errors import Problem

INSUFFICIENT_FUNDS = "AM04"
ABOVE_LIMIT = "AM02"
_TICK_SECONDS = 0.5


class Executor(threading.Thread):
    """Executes due batches and presents the scenario's cheques until it is told to end.

    It looks when woken and twice a second, because a day may begin. A fault it does not know ends the bank (`on_fault`)
    rather than leaving batches lying.
    """

    def __init__(self, store: Store, scenario: Scenario, on_fault: Callable[[], None]) -> None:
        super().__init__(name="executor", daemon=True)
        self._store = store
        self._scenario = scenario
        self._on_fault = on_fault
        self._wake = threading.Event()
        self._is_ending = threading.Event()

    def wake(self) -> None:
        """There may be something to execute."""
        self._wake.set()

    def end(self) -> None:
        """Finishes the batch under way, then ends."""
        self._is_ending.set()
        self._wake.set()
        self.join()

    def run(self) -> None:
        """The thread's work."""
        try:
            while not self._is_ending.is_set():
                self._wake.clear()
                self._present_cheques()
                while not self._is_ending.is_set() and execute_next(self._store, self._scenario):
                    pass
                self._wake.wait(_TICK_SECONDS)
        except Exception:
            traceback.print_exc()
            self._on_fault()

    def _present_cheques(self) -> None:
        """Presents what is due by today; a cheque the bank refuses is tried again, as its holder would."""
        for cheque in self._scenario.present_cheques:
            if cheque.on <= clock.today():
                try:
                    counter.cheque_present(self._store, cheque_no=cheque.cheque_no, amount_twd=cheque.amount_twd)
                except Problem:
                    continue


def execute_next(store: Store, scenario: Scenario) -> bool:
    """Executes the oldest batch that is due; False when there is none."""
    with store.reading() as books:
        due = books.execute(
            "SELECT batch_no FROM batches WHERE state = 'accepted' AND execution_on <= ? ORDER BY batch_no LIMIT 1",
            (clock.today().isoformat(),),
        ).fetchone()
    if due is None:
        return False
    if scenario.execution_seconds:
        time.sleep(scenario.execution_seconds)
    with store.transaction() as books:
        batch = books.execute(
            "SELECT * FROM batches WHERE batch_no = ? AND state = 'accepted'", (due["batch_no"],)
        ).fetchone()
        if batch is not None:
            _execute(books, batch, scenario)
    return True


def _execute(books: sqlite3.Connection, batch: sqlite3.Row, scenario: Scenario) -> None:
    """One batch, or none of it when the account does not cover it."""
    if balance_twd(books) < batch["total_twd"]:
        state, code = "rejected", INSUFFICIENT_FUNDS
    else:
        state, code = "executed", ""
        book(
            books,
            kind="batch",
            reference=batch["message_id"],
            amount_twd=batch["total_twd"],
            batch_no=batch["batch_no"],
        )
        _return_lines(books, batch, scenario)
    books.execute("UPDATE batches SET state = ?, return_code = ? WHERE batch_no = ?", (state, code, batch["batch_no"]))
    results.result_issue(books, batch_no=batch["batch_no"], copies=2 if scenario.repeat_answers else 1)


def _return_lines(books: sqlite3.Connection, batch: sqlite3.Row, scenario: Scenario) -> None:
    """Books back every line that cannot be credited; notes on the roster who could not be."""
    books.execute("CREATE TEMP TABLE IF NOT EXISTS failing (account_no TEXT PRIMARY KEY, return_code TEXT NOT NULL)")
    books.execute("DELETE FROM failing")
    books.executemany("INSERT INTO failing VALUES (?, ?)", list(scenario.returns.items()))
    limit_twd = scenario.fisc_max_twd if batch["network"] == "fisc" else batch["total_twd"]
    returned = books.execute(
        "SELECT line_no, end_to_end_id, amount_twd, iif(amount_twd > :limit_twd, :above, return_code) AS code"
        " FROM lines LEFT JOIN failing USING (account_no)"
        " WHERE line_no BETWEEN :first AND :last AND (return_code IS NOT NULL OR amount_twd > :limit_twd)"
        " ORDER BY line_no",
        {
            "first": batch["first_line_no"],
            "last": batch["last_line_no"],
            "limit_twd": limit_twd,
            "above": ABOVE_LIMIT,
        },
    ).fetchall()
    for line in returned:
        books.execute("INSERT INTO returned_lines VALUES (?, ?)", (line["line_no"], line["code"]))
        book(
            books,
            kind="return",
            reference=line["end_to_end_id"],
            amount_twd=line["amount_twd"],
            batch_no=batch["batch_no"],
            line_no=line["line_no"],
            text=line["code"],
        )
    if batch["network"] == "entrusted" and not returned:
        books.execute(
            "UPDATE roster_payees SET return_code = failing.return_code FROM failing"
            " WHERE roster_payees.message_id = ? AND failing.account_no = roster_payees.account_no",
            (batch["message_id"],),
        )
