"""Taking in a budget: what it makes, what a second file may change, and what is refused whole."""

from pathlib import Path

import pytest

from tests.ledger.world import BUDGET_CSV, BUDGET_HEAD, CABINET, OFFICE, ON, TRAVEL
from treasury.core.errors import Problem
from treasury.ledger import selectors
from treasury.ledger.models import Allotment, Authority, BudgetLine, FiscalYear
from treasury.ledger.services import ImportResult, budget_import, periods_open, year_close

pytestmark = pytest.mark.usefixtures("db", "morning")
ROW = f"{OFFICE},一般行政,目,{CABINET},行政院,12000,current\n"


def take(folder: Path, text: str, fiscal_year: int = 114) -> ImportResult:
    (folder / "budget.csv").write_text(text, "utf-8")
    return budget_import(path=folder / "budget.csv", fiscal_year=fiscal_year)


def months(code: str) -> list[int]:
    rows = Allotment.objects.filter(line__account_code=code).order_by("month")
    return list(rows.values_list("amount_twd", flat=True))


def test_it_opens_the_year_with_lines_months_and_authorities(tmp_path: Path) -> None:
    result = take(tmp_path, BUDGET_CSV)

    assert result == ImportResult(created=5, changed=0, unchanged=0)
    assert selectors.year_is_open(114)
    assert months(OFFICE) == [1_000] * 12
    assert Authority.objects.get(code=OFFICE).available_twd == 0
    assert str(BudgetLine.objects.get(account_code=OFFICE)) == f"114 {OFFICE} 一般行政"
    assert str(FiscalYear.objects.get()) == "114 open"


def test_each_month_has_a_twelfth_rounded_down_and_december_the_rest(tmp_path: Path) -> None:
    take(tmp_path, BUDGET_CSV)

    assert months(TRAVEL) == [1_000] * 11 + [1_011]
    assert months("5329510200") == [0] * 11 + [11]
    first = Allotment.objects.filter(line__account_code=TRAVEL).order_by("month")[0]
    assert str(first).endswith("/1: 1000")


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    take(tmp_path, BUDGET_CSV)
    periods_open(on=ON)

    assert take(tmp_path, BUDGET_CSV) == ImportResult(created=0, changed=0, unchanged=5)
    assert selectors.available(114, [OFFICE]) == {OFFICE: 3_000}


def test_a_newer_file_adds_lines_and_mends_texts(tmp_path: Path) -> None:
    take(tmp_path, BUDGET_HEAD + ROW)
    periods_open(on=ON)

    result = take(tmp_path, BUDGET_CSV.replace("一般行政", "一般行政管理"))
    periods_open(on=ON)

    assert result == ImportResult(created=4, changed=1, unchanged=0)
    assert selectors.accounts(114)[OFFICE].account_name == "一般行政管理"
    assert selectors.available(114, [OFFICE, TRAVEL]) == {OFFICE: 3_000, TRAVEL: 3_000}


def test_an_amount_may_change_until_a_month_of_it_is_released(tmp_path: Path) -> None:
    take(tmp_path, BUDGET_HEAD + ROW)
    changed = take(tmp_path, BUDGET_HEAD + ROW.replace("12000", "24000"))
    periods_open(on=ON)

    with pytest.raises(Problem) as refused:
        take(tmp_path, BUDGET_HEAD + ROW.replace("12000", "36000"))

    assert changed == ImportResult(created=0, changed=1, unchanged=0)
    assert months(OFFICE) == [2_000] * 12
    assert (refused.value.code, refused.value.path) == ("file_row", "/lines/2/amount_twd")
    assert "fixed" in refused.value.detail


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (ROW.replace(OFFICE, ""), "/lines/2/account_code"),
        (ROW.replace(OFFICE, "32/01"), "/lines/2/account_code"),
        (ROW.replace(OFFICE, "3" * 21), "/lines/2/account_code"),
        (ROW.replace("一般行政", ""), "/lines/2/account_name"),
        (ROW.replace("一般行政", "行" * 101), "/lines/2/account_name"),
        (ROW.replace("一般行政", " 一般行政"), "/lines/2/account_name"),
        (ROW.replace("一般行政", "一\u200b般"), "/lines/2/account_name"),
        (ROW.replace("目", ""), "/lines/2/level"),
        (ROW.replace(CABINET, "機關"), "/lines/2/agency_code"),
        (ROW.replace("行政院", ""), "/lines/2/agency_name"),
        (ROW.replace("12000", "12,000"), "/lines/2"),
        (ROW.replace("12000", "-1"), "/lines/2/amount_twd"),
        (ROW.replace("12000", "1.5"), "/lines/2/amount_twd"),
        (ROW.replace("12000", "１２"), "/lines/2/amount_twd"),
        (ROW.replace("12000", "9" * 14), "/lines/2/amount_twd"),
        (ROW.replace("current", "Current"), "/lines/2/gate"),
        (ROW + ROW, "/lines/3/account_code"),
    ],
)
def test_one_bad_row_refuses_the_whole_file(tmp_path: Path, row: str, path: str) -> None:
    with pytest.raises(Problem) as refused:
        take(tmp_path, BUDGET_HEAD + row)

    assert (refused.value.code, refused.value.path, refused.value.file) == ("file_row", path, "budget.csv")
    assert not FiscalYear.objects.exists()
    assert not BudgetLine.objects.exists()


@pytest.mark.parametrize("year", [89, 201, 2025])
def test_a_year_is_a_year_of_the_republic(tmp_path: Path, year: int) -> None:
    with pytest.raises(Problem) as refused:
        take(tmp_path, BUDGET_CSV, year)

    assert refused.value.code == "bad_fiscal_year"


def test_a_closed_year_takes_no_budget(tmp_path: Path) -> None:
    take(tmp_path, BUDGET_CSV)
    year_close(fiscal_year=114, on=ON)

    with pytest.raises(Problem) as refused:
        take(tmp_path, BUDGET_CSV)

    assert refused.value.code == "year_closed"
