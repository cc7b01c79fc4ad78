import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from agencies.models import BankBranch
from agencies.selectors import bank_branch, bank_codes, bank_names
from agencies.services import ImportResult, bank_import
from treasury.core.errors import Problem

HEADER = "銀行代號/總機構代碼,分支機構代號,金融機構名稱,分支機構名稱,地址"
TREASURY_DEPARTMENT = "004,0059,臺灣銀行,公庫部,台北市中正區貴陽街一段１２０號"
TAICHUNG = "004,0107,臺灣銀行,臺中分行,台中市西區自由路一段１４４號"
POST_OFFICE = "700,0021,中華郵政公司,存簿儲金,"
SAMPLE = Path(__file__).parents[2] / "sample_day" / "banks.csv"
DIRECTORY = Path(__file__).parents[4] / "shared" / "data" / "bank_directory.csv"

FRIDAY, SATURDAY, MONDAY = date(2025, 3, 7), date(2025, 3, 8), date(2025, 3, 10)

pytestmark = pytest.mark.django_db

Table = Callable[..., Path]


def test_it_takes_the_sample_in_and_again_without_change() -> None:
    first = bank_import(path=SAMPLE)
    second = bank_import(path=SAMPLE)

    assert first.created == second.unchanged == len(bank_codes(FRIDAY)) > 0
    assert (second.created, second.changed, second.closed) == (0, 0, 0)
    assert bank_branch("0040059").branch_name == "公庫部"
    assert bank_names(["0040059", "9999999"]) == {"0040059": "臺灣銀行公庫部"}


def test_an_institution_without_a_branch_code_is_no_bank_code(table: Table) -> None:
    result = bank_import(path=table(HEADER, "004,,臺灣銀行,,", "004,,臺灣銀行,,", TREASURY_DEPARTMENT))

    assert result == ImportResult(created=1)
    assert bank_codes(FRIDAY) == {"0040059"}


def test_a_branch_is_valid_on_any_day_as_long_as_nobody_says_since_when(table: Table) -> None:
    bank_import(path=table(HEADER, TREASURY_DEPARTMENT), on=MONDAY)

    assert bank_codes(date(2020, 1, 1)) == {"0040059"}


def test_a_branch_that_vanished_is_closed_from_that_day_on(table: Table) -> None:
    bank_import(path=table(HEADER, TREASURY_DEPARTMENT, TAICHUNG), on=FRIDAY)

    result = bank_import(path=table(HEADER, TREASURY_DEPARTMENT), on=MONDAY)

    assert result == ImportResult(unchanged=1, closed=1)
    assert bank_codes(date(2025, 3, 9)) == {"0040059", "0040107"}
    assert bank_codes(MONDAY) == {"0040059"}
    assert bank_branch("0040107").valid_to_on == date(2025, 3, 9)
    with pytest.raises(Problem) as unknown:
        bank_branch("0040107", on=MONDAY)
    assert unknown.value.code == "unknown_bank"


def test_a_branch_once_closed_stays_as_it_was(table: Table) -> None:
    bank_import(path=table(HEADER, TREASURY_DEPARTMENT, TAICHUNG), on=FRIDAY)
    bank_import(path=table(HEADER, TREASURY_DEPARTMENT), on=SATURDAY)

    result = bank_import(path=table(HEADER, TREASURY_DEPARTMENT), on=MONDAY)

    assert result == ImportResult(unchanged=1)
    assert bank_branch("0040107").valid_to_on == FRIDAY


def test_a_branch_that_comes_back_at_once_was_never_away(table: Table) -> None:
    both, one = table(HEADER, TREASURY_DEPARTMENT, TAICHUNG), table(HEADER, TREASURY_DEPARTMENT, name="one")
    bank_import(path=both, on=FRIDAY)
    bank_import(path=one, on=MONDAY)

    result = bank_import(path=both, on=MONDAY)

    assert result == ImportResult(changed=1, unchanged=1)
    assert BankBranch.objects.filter(bank_code="0040107").count() == 1
    assert bank_codes(MONDAY) == {"0040059", "0040107"}


def test_a_branch_that_comes_back_later_is_valid_again_from_then_on(table: Table) -> None:
    both, one = table(HEADER, TREASURY_DEPARTMENT, TAICHUNG), table(HEADER, TREASURY_DEPARTMENT, name="one")
    bank_import(path=both, on=date(2025, 3, 3))
    bank_import(path=one, on=date(2025, 3, 5))

    result = bank_import(path=both, on=FRIDAY)

    assert result == ImportResult(created=1, unchanged=1)
    valid = [day for day in range(3, 9) if "0040107" in bank_codes(date(2025, 3, day))]
    assert valid == [3, 4, 7, 8]


def test_a_branch_opened_and_closed_on_one_day_keeps_that_day(table: Table) -> None:
    both, one = table(HEADER, TREASURY_DEPARTMENT, TAICHUNG), table(HEADER, TREASURY_DEPARTMENT, name="one")
    bank_import(path=both, on=date(2025, 3, 3))
    bank_import(path=one, on=date(2025, 3, 5))
    bank_import(path=both, on=FRIDAY)

    bank_import(path=one, on=FRIDAY)
    bank_import(path=both, on=FRIDAY)

    assert "0040107" in bank_codes(FRIDAY)
    assert BankBranch.objects.filter(bank_code="0040107").count() == 2


def test_a_new_name_changes_the_branch(table: Table) -> None:
    bank_import(path=table(HEADER, TREASURY_DEPARTMENT, POST_OFFICE))

    result = bank_import(path=table(HEADER, TREASURY_DEPARTMENT.replace("公庫部", "國庫部"), POST_OFFICE))

    assert result == ImportResult(changed=1, unchanged=1)
    assert bank_branch("0040059").branch_name == "國庫部"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("04,0059,臺灣銀行,公庫部,", "銀行代號~1總機構代碼"),
        ("004,59,臺灣銀行,公庫部,", "分支機構代號"),
        ("004,００５９,臺灣銀行,公庫部,", "分支機構代號"),
        (TREASURY_DEPARTMENT, "分支機構代號"),
        ("004,0107,,臺中分行,", "金融機構名稱"),
        ("004,0107,臺灣銀行,,", "分支機構名稱"),
        ("004,0107,臺灣銀行,臺中分行　,", "分支機構名稱"),
        ("004,0107,臺灣銀行,臺中分行," + "路" * 121, "地址"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(table: Table, row: str, column: str) -> None:
    with pytest.raises(Problem) as refused:
        bank_import(path=table(HEADER, TREASURY_DEPARTMENT, row))

    assert (refused.value.code, refused.value.path) == ("file_row", f"/lines/3/{column}")
    assert refused.value.file == "table.csv"
    assert not BankBranch.objects.exists()


def test_a_directory_without_branches_closes_nothing(table: Table) -> None:
    bank_import(path=table(HEADER, TREASURY_DEPARTMENT))

    with pytest.raises(Problem):
        bank_import(path=table(HEADER, "004,,臺灣銀行,,"))

    assert bank_codes(FRIDAY) == {"0040059"}


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_each_branch_once(table: Table) -> None:
    lines = [f"004,{number:04},臺灣銀行,第{number}分行," for number in range(500)]
    file = table(HEADER, *lines)

    def take_in(_: int) -> ImportResult:
        try:
            return bank_import(path=file, on=FRIDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(take_in, range(4)))

    assert sorted(result.created for result in results) == [0, 0, 0, 500]
    assert len(bank_codes(FRIDAY)) == BankBranch.objects.count() == 500


@pytest.mark.shared
def test_the_whole_directory_is_taken_in_within_two_seconds() -> None:
    for expected in (ImportResult(created=4992), ImportResult(unchanged=4992)):
        begun = time.perf_counter()

        assert bank_import(path=DIRECTORY) == expected

        assert time.perf_counter() - begun < 2
