"""The bank's own books in one SQLite file: what is committed is on the disk, what is acknowledged was committed."""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from treasury.core import clock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    account_no TEXT NOT NULL PRIMARY KEY,
    opening_twd INTEGER NOT NULL CHECK (opening_twd >= 0),
    balance_twd INTEGER NOT NULL CHECK (balance_twd >= 0)
) STRICT;
CREATE TABLE IF NOT EXISTS batches (
    batch_no INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    network TEXT NOT NULL,
    execution_on TEXT NOT NULL,
    line_count INTEGER NOT NULL,
    total_twd INTEGER NOT NULL,
    first_line_no INTEGER NOT NULL,
    last_line_no INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'executed', 'rejected')),
    return_code TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS batches_waiting ON batches (execution_on, batch_no) WHERE state = 'accepted';
CREATE TABLE IF NOT EXISTS lines (
    line_no INTEGER PRIMARY KEY,
    end_to_end_id TEXT NOT NULL UNIQUE,
    amount_twd INTEGER NOT NULL CHECK (amount_twd > 0),
    bank_code TEXT NOT NULL,
    name TEXT NOT NULL,
    account_no TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS returned_lines (
    line_no INTEGER PRIMARY KEY REFERENCES lines,
    return_code TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS rosters (
    message_id TEXT NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL,
    payee_count INTEGER NOT NULL,
    total_twd INTEGER NOT NULL,
    received_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS roster_payees (
    message_id TEXT NOT NULL REFERENCES rosters,
    row_no INTEGER NOT NULL,
    account_no TEXT NOT NULL,
    amount_twd INTEGER NOT NULL CHECK (amount_twd > 0),
    return_code TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (message_id, row_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    entry_no INTEGER PRIMARY KEY,
    booked_on TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('batch', 'return', 'cheque', 'deposit')),
    reference TEXT NOT NULL,
    amount_twd INTEGER NOT NULL CHECK (amount_twd > 0),
    batch_no INTEGER REFERENCES batches,
    line_no INTEGER REFERENCES lines,
    text TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, reference)
) STRICT;
CREATE INDEX IF NOT EXISTS entries_by_day ON entries (booked_on);
CREATE TABLE IF NOT EXISTS results (
    seq INTEGER PRIMARY KEY,
    batch_no INTEGER NOT NULL REFERENCES batches,
    message TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS stops (
    cheque_no TEXT NOT NULL PRIMARY KEY,
    stopped_at TEXT NOT NULL
) STRICT;
"""

CREDITS = ("return", "deposit")


class StoreInUse(Exception):
    """Another process keeps its books in this file."""


class Store:
    """One connection, used by one thread at a time. Amounts are whole dollars, days and moments ISO texts."""

    def __init__(self, path: Path, *, account_no: str, opening_twd: int) -> None:
        self._lock = threading.Lock()
        self._guard = path.with_name(path.name + ".lock").open("w")
        try:
            fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreInUse(f"another bank keeps its books in {path}") from None
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(_SCHEMA)
        with self.transaction() as books:
            if books.execute("SELECT 1 FROM account").fetchone() is None:
                books.execute("INSERT INTO account VALUES (?, ?, ?)", (account_no, opening_twd, opening_twd))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is done and on the disk afterwards, or nothing of it is."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent look at the books."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Waits for the transaction under way, then closes the file."""
        with self._lock:
            self._connection.close()
            self._guard.close()


def book(
    books: sqlite3.Connection,
    *,
    kind: str,
    reference: str,
    amount_twd: int,
    batch_no: int | None = None,
    line_no: int | None = None,
    text: str = "",
) -> None:
    """Books one entry on the master account and moves its balance; IntegrityError when it was booked before."""
    books.execute(
        "INSERT INTO entries (booked_on, kind, reference, amount_twd, batch_no, line_no, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (booking_day(books), kind, reference, amount_twd, batch_no, line_no, text),
    )
    moved_twd = amount_twd if kind in CREDITS else -amount_twd
    books.execute("UPDATE account SET balance_twd = balance_twd + ?", (moved_twd,))


def booking_day(books: sqlite3.Connection) -> str:
    """Today, or the last day that has a booking when the clock stands before it: a statement never changes later."""
    last = books.execute("SELECT max(booked_on) FROM entries").fetchone()[0]
    return max(clock.today().isoformat(), last or "")


def balance_twd(books: sqlite3.Connection) -> int:
    """What the master account holds."""
    return int(books.execute("SELECT balance_twd FROM account").fetchone()[0])
