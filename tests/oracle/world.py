"""What the oracle knows while it decides one voucher after another: tables, the day, and what was drawn."""

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

Voucher = dict[str, Any]


@dataclass(frozen=True)
class Account:
    """One row of the budget table; `annual_twd` is the whole year's amount."""

    code: str
    name: str
    agency_code: str
    gate: str
    annual_twd: int


@dataclass(frozen=True)
class Tables:
    """The tables a run is decided by: accounts by code, bank codes, approved advances by (agency, case)."""

    accounts: dict[str, Account]
    bank_codes: frozenset[str]
    approved_twd: dict[tuple[str, str], int]

    @classmethod
    def read(cls, folder: Path, *, budget: Path | None = None, banks: Path | None = None) -> "Tables":
        """Read `budget.csv`, `banks.csv` and `advance_cases.csv` of a folder, or others in their place."""
        accounts = {}
        for row in rows(budget or folder / "budget.csv"):
            account = Account(
                row["account_code"],
                row["account_name"],
                row["agency_code"],
                row["gate"],
                int(row["amount_twd"]),
            )
            accounts[account.code] = account
        codes = set()
        for row in rows(banks or folder / "banks.csv"):
            institution, branch = list(row.values())[:2]
            if branch:
                codes.add(institution + branch)
        approved = {}
        for row in rows(folder / "advance_cases.csv"):
            approved[row["agency_code"], row["case_no"]] = int(row["approved_twd"])
        return cls(accounts, frozenset(codes), approved)


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table with its header row; a byte order mark is skipped."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@dataclass
class World:
    """Everything an outcome depends on; `judge` in `play` changes it voucher by voucher.

    `relief_is_spendable` chooses whether an account relieved by a transfer may be spent again. The rules
    leave it open, so a day is only good for comparing when both readings give the same rows.
    """

    tables: Tables
    today: date = date(2025, 1, 1)
    open_years: frozenset[int] = frozenset({114})
    relief_is_spendable: bool = False
    limit_twd: int = 5_000_000
    numbers: set[tuple[str, int, str]] = field(default_factory=set)
    paid: set[tuple[str, int, str]] = field(default_factory=set)
    drawn_twd: dict[str, int] = field(default_factory=dict)
    advanced_twd: dict[tuple[str, str], int] = field(default_factory=dict)

    def available_twd(self, account_code: str) -> int:
        """Return the allotments of the months up to today's, less what was drawn."""
        annual_twd = self.tables.accounts[account_code].annual_twd
        by_month_twd = self.today.month * (annual_twd // 12)
        allotted_twd = annual_twd if self.today.month == 12 else by_month_twd
        return allotted_twd - self.drawn_twd.get(account_code, 0)

    def case_rest_twd(self, agency_code: str, case_no: str) -> int:
        """Return what is left of an approved advance."""
        case = (agency_code, case_no)
        return self.tables.approved_twd[case] - self.advanced_twd.get(case, 0)
