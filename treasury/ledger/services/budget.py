"""Taking in a year's budget: lines, months, and an authority in the books for each line (B-22.1, B-9.3.1)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.db import transaction

from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.importing import ImportResult, Row, rows_of
from treasury.core.sql import execute
from treasury.ledger.models import Allotment, BudgetLine, FiscalYear

COLUMNS: Final = ("account_code", "account_name", "level", "agency_code", "agency_name", "amount_twd", "gate")

# A month's share is a twelfth, rounded down; December has the remainder.
_ALLOT: Final = """
INSERT INTO ledger_allotment (line_id, month, amount_twd, released)
SELECT l.id, m, CASE WHEN m < 12 THEN l.annual_twd / 12 ELSE l.annual_twd - 11 * (l.annual_twd / 12) END, false
FROM ledger_budgetline l, generate_series(1, 12) m
WHERE l.fiscal_year = %(year)s
ON CONFLICT (line_id, month) DO UPDATE SET amount_twd = excluded.amount_twd
WHERE ledger_allotment.amount_twd <> excluded.amount_twd
"""
_AUTHORIZE: Final = """
INSERT INTO ledger_authority
    (key, kind, fiscal_year, agency_code, code, available_twd, reserved_twd, expended_twd, relieved_twd, settled_twd)
SELECT 'budget/' || l.fiscal_year || '/' || l.account_code, 'budget', l.fiscal_year, l.agency_code, l.account_code,
       0, 0, 0, 0, 0
FROM ledger_budgetline l
WHERE l.fiscal_year = %(year)s
ORDER BY l.account_code
ON CONFLICT (key) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the file, as the table holds it."""

    account_name: str
    level: str
    agency_code: str
    agency_name: str
    gate: str
    annual_twd: int


def budget_import(*, path: Path | str, fiscal_year: int) -> ImportResult:
    """Takes in the budget of a fiscal year (ROC) from a CSV file; this opens the year.

    Again the same file changes nothing; a newer one adds lines and mends texts and gates. Amount and agency of a line
    are fixed once a month of it has been released. Problem, and nothing is stored: a bad row (naming its line),
    `year_closed`, `file_row` for a fixed line.
    """
    if not 90 <= fiscal_year <= 200:
        raise Problem("bad_fiscal_year", f"{fiscal_year} is no fiscal year of the republic")
    rows = list(rows_of(path, COLUMNS, key=lambda row: row.code("account_code"), key_column="account_code"))
    with transaction.atomic():
        _open_year(fiscal_year)
        result = _store_lines(fiscal_year, rows)
        if result.created or result.changed:
            execute(_ALLOT, {"year": fiscal_year})
            execute(_AUTHORIZE, {"year": fiscal_year})
        return result


def _open_year(fiscal_year: int) -> None:
    """Opens the year, or finds it open, and holds its row so that imports follow one another."""
    FiscalYear.objects.bulk_create([FiscalYear(year=fiscal_year, opened_at=clock.now())], ignore_conflicts=True)
    if FiscalYear.objects.select_for_update().get(year=fiscal_year).state == FiscalYear.State.CLOSED:
        raise Problem("year_closed", f"fiscal year {fiscal_year} is closed")


def _read(row: Row) -> _Line:
    gate = row.values["gate"]
    if gate not in BudgetLine.Gate.values:
        raise row.problem("gate", f"gate must be current or capital, not {gate!r}")
    return _Line(
        account_name=row.text("account_name", 100),
        level=row.text("level", 10),
        agency_code=row.code("agency_code"),
        agency_name=row.text("agency_name", 100),
        gate=gate,
        annual_twd=row.amount_twd("amount_twd"),
    )


def _store_lines(fiscal_year: int, rows: Iterable[Row]) -> ImportResult:
    known = {line.account_code: line for line in BudgetLine.objects.filter(fiscal_year=fiscal_year)}
    released = set(
        Allotment.objects.filter(line__fiscal_year=fiscal_year, released=True).values_list("line_id", flat=True)
    )
    created, changed, unchanged = [], [], 0
    for row in rows:
        given = _read(row)
        code = row.values["account_code"]
        line = known.get(code)
        if line is None:
            created.append(BudgetLine(fiscal_year=fiscal_year, account_code=code, **asdict(given)))
        elif _take(line, given, row, is_fixed=line.pk in released):
            changed.append(line)
        else:
            unchanged += 1
    BudgetLine.objects.bulk_create(created)
    BudgetLine.objects.bulk_update(changed, list(_Line.__slots__), batch_size=500)
    return ImportResult(len(created), len(changed), unchanged)


def _take(line: BudgetLine, given: _Line, row: Row, *, is_fixed: bool) -> bool:
    """Sets what differs; says whether anything did."""
    differs = [name for name, value in asdict(given).items() if getattr(line, name) != value]
    if is_fixed and {"annual_twd", "agency_code"} & set(differs):
        raise row.problem("amount_twd", "amount and agency are fixed: part of the year has been released")
    for name in differs:
        setattr(line, name, getattr(given, name))
    return bool(differs)
