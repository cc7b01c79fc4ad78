"""Days played by `run_day`, and what they leave in books and bank."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.journeys.books import SAMPLE, Books, Ended, Row, outcomes, table_arguments

FRIDAY, MONDAY = date(2025, 3, 7), date(2025, 3, 10)


@dataclass(frozen=True, slots=True)
class PlayedDays:
    """Books in which both days of the sample have been played, and how each call ended."""

    books: Books
    out: Path
    ended: dict[str, Ended]

    def outcome(self) -> list[Row]:
        """The compared columns of both days' outcome, in order."""
        return outcomes(self.out / "day1" / "outcome.csv") + outcomes(self.out / "day2" / "outcome.csv")

    def figures(self, day: str = "day2") -> dict[str, Any]:
        """`books.json` of a day without the place it lies at."""
        return figures(self.out / day)


@contextmanager
def own_books(name: str) -> Iterator[Books]:
    """Books that no other test, and no other run of the tests, uses; dropped at the end."""
    books = Books(f"{name}_{os.getpid()}")
    try:
        yield books
    finally:
        books.drop()


@contextmanager
def play_sample(out: Path, name: str, **tables: Path) -> Iterator[PlayedDays]:
    """Plays both days of the sample in books of their own, with its own tables or others."""
    with own_books(name) as books:
        ended = {"day1": books.run_day(SAMPLE / "day1", FRIDAY, out / "day1", *table_arguments(**tables))}
        ended["day2"] = books.run_day(SAMPLE / "day2", MONDAY, out / "day2")
        yield PlayedDays(books, out, ended)


def figures(out: Path) -> dict[str, Any]:
    """`books.json` without the place it lies at."""
    told: dict[str, Any] = json.loads((out / "books.json").read_text("utf-8"))
    del told["out"]
    return told


@dataclass(frozen=True, slots=True)
class FinalBooks:
    """What must be the same however a day went: outcome, balances, numbers given, what the bank has done."""

    outcome: list[Row]
    balances: list[tuple[Any, ...]]
    authorities: list[tuple[Any, ...]]
    postings: list[tuple[Any, ...]]
    numbers: list[tuple[Any, ...]]
    states: list[tuple[Any, ...]]
    bank_lines: list[tuple[Any, ...]]
    bank_entries: list[tuple[Any, ...]]
    bank_balance: list[tuple[Any, ...]]


def final_books(books: Books, out: Path) -> FinalBooks:
    """Reads them from `outcome.csv`, the database and the bank's store."""
    return FinalBooks(
        outcome=outcomes(out / "outcome.csv"),
        balances=books.fetch(
            "SELECT account_code, side, sum(amount_twd) FROM ledger_entry GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        authorities=books.fetch(
            "SELECT key, available_twd, reserved_twd, expended_twd, relieved_twd FROM ledger_authority ORDER BY key"
        ),
        postings=books.fetch("SELECT event_type, event_ref FROM ledger_posting ORDER BY 1, 2"),
        numbers=books.fetch("SELECT name, last FROM core_numberseries ORDER BY name"),
        states=books.fetch(
            "SELECT v.agency_code, v.number, v.state, a.register_no FROM vouchers_voucher v"
            " LEFT JOIN disbursement_acceptance a ON a.voucher_id = v.id ORDER BY v.id"
        ),
        bank_lines=books.bank("SELECT end_to_end_id, amount_twd, bank_code, account_no FROM lines ORDER BY 1"),
        bank_entries=books.bank("SELECT kind, reference, amount_twd FROM entries ORDER BY kind, reference"),
        bank_balance=books.bank("SELECT balance_twd FROM account"),
    )
