"""With the whole budget and the whole bank directory the sample days come out as with their own small tables."""

import csv
from datetime import date
from pathlib import Path

import pytest

from .desk import UNKNOWN_BANKS
from .play import Day, play
from .world import Tables, rows

ROOT = Path(__file__).parents[2]
BIG = ROOT.parent / "shared" / "data"
FOLDERS = [ROOT / "tests" / "sample_day", ROOT / "demo" / "sample_day"]
BUDGET, BANKS = BIG / "central_budget_fy114.csv", BIG / "bank_directory.csv"

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("folder", FOLDERS, ids=["sample", "demo"])
def test_a_day_comes_out_the_same(folder: Path) -> None:
    days = [Day(folder / "day1", date(2025, 3, 7)), Day(folder / "day2", date(2025, 3, 10))]

    small = play(days, Tables.read(folder))
    big = play(days, Tables.read(folder, budget=BUDGET, banks=BANKS))

    assert small == big


@pytest.mark.parametrize("folder", FOLDERS, ids=["sample", "demo"])
def test_small_tables_are_rows_of_the_big_ones(folder: Path) -> None:
    for small, big in ((folder / "budget.csv", BUDGET), (folder / "banks.csv", BANKS)):
        with small.open(encoding="utf-8", newline="") as ours, big.open(encoding="utf-8-sig", newline="") as all_rows:
            assert {tuple(row) for row in csv.reader(ours)} <= {tuple(row) for row in csv.reader(all_rows)}


def test_what_random_days_call_unknown_is_unknown() -> None:
    tables = Tables.read(FOLDERS[0], budget=BUDGET, banks=BANKS)

    assert not tables.bank_codes & set(UNKNOWN_BANKS)
    assert not [row["account_code"] for row in rows(BUDGET) if row["account_code"].startswith("99")]
