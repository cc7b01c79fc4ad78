"""The small tables the sample day is made from."""

import csv
from dataclasses import dataclass
from pathlib import Path

DEMO = Path(__file__).parent.parent
SAMPLE_DAY = DEMO / "sample_day"
MONTHS_RELEASED = 3


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table with a header row."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@dataclass(frozen=True)
class Account:
    """A budget account; `released_twd` is what March may spend: three twelfths of the year."""

    code: str
    name: str
    agency_code: str
    gate: str
    annual_twd: int

    @property
    def released_twd(self) -> int:
        """Return the allotments of January to March."""
        return MONTHS_RELEASED * (self.annual_twd // 12)


@dataclass(frozen=True)
class Payee:
    """Somebody who is paid; empty texts where there is no identifier or account."""

    name: str
    kind: str
    id_type: str
    id: str
    bank_code: str
    account_no: str


def read_accounts() -> dict[str, Account]:
    """Return the accounts by code."""
    found = {}
    for row in rows(SAMPLE_DAY / "budget.csv"):
        twd = int(row["amount_twd"])
        account = Account(row["account_code"], row["account_name"], row["agency_code"], row["gate"], twd)
        found[account.code] = account
    return found


def read_payees() -> dict[str, Payee]:
    """Return the payees by key."""
    return {row.pop("key"): Payee(**row) for row in rows(DEMO / "payees.csv")}


def read_approvals() -> dict[str, str]:
    """Return the approval document of each advance case."""
    return {row["case_no"]: row["approval_doc_no"] for row in rows(SAMPLE_DAY / "advance_cases.csv")}
