"""Books of two agencies on the sample's day: a budget of five lines, an advance, a fund, money in the bank."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.ledger.world import (
    BUDGET_CSV,
    CABINET,
    CASES_CSV,
    DEPOSITED_TWD,
    FUND,
    FUND_DEPOSITED_TWD,
    ON,
    book,
)
from treasury.core import clock
from treasury.ledger import events
from treasury.ledger.authorities import Draw
from treasury.ledger.services import budget_import, cases_import, fund_open, periods_open


@pytest.fixture
def morning() -> Iterator[datetime]:
    """Friday 7 March 2025, nine in the morning."""
    with clock.frozen(datetime(2025, 3, 7, 9, tzinfo=clock.ZONE)) as at:
        yield at


def open_books(folder: Path) -> None:
    """Imports budget and advances, opens the fund and the months to March, deposits money."""
    (folder / "budget.csv").write_text(BUDGET_CSV, "utf-8")
    (folder / "cases.csv").write_text(CASES_CSV, "utf-8")
    budget_import(path=folder / "budget.csv", fiscal_year=114)
    cases_import(path=folder / "cases.csv", on=ON)
    fund_open(code=FUND, name="行政院公營事業民營化基金", agency_code=CABINET)
    periods_open(on=ON)
    draws = [Draw.general(DEPOSITED_TWD), Draw.fund(FUND, FUND_DEPOSITED_TWD)]
    book(events.DEPOSIT, "opening", draws=draws, agency_code="")


@pytest.fixture
def books(db: None, morning: datetime, tmp_path: Path) -> None:
    """Open books, rolled back after the test."""
    open_books(tmp_path)


@pytest.fixture
def shared_books(transactional_db: None, morning: datetime, tmp_path: Path) -> None:
    """Open books that several connections see."""
    open_books(tmp_path)
