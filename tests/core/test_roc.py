from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treasury.core.errors import Problem
from treasury.core.roc import fiscal_year, format_date, parse_date, roc_year


@pytest.mark.parametrize(
    "text",
    [
        "114/3/10",
        "114/03/10",
        "0114/03/10",
        "114-3-10",
        "114.3.10",
        "1140310",
        "01140310",
        "民國114年3月10日",
        "114年03月10日",
        "2025-03-10",
        "2025/3/10",
        "20250310",
        "１１４／３／１０",
        " 114/3/10 ",
    ],
)
def test_it_reads_a_date_however_it_is_written(text: str) -> None:
    assert parse_date(text) == date(2025, 3, 10)


def test_it_reads_two_digit_years_with_separators_and_leading_zeros() -> None:
    assert parse_date("99/1/2") == date(2010, 1, 2)
    assert parse_date("099/1/2") == date(2010, 1, 2)
    assert parse_date("0990102") == date(2010, 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "990102",
        "114/3",
        "114/13/1",
        "114/2/29",
        "1140230",
        "2025-02-29",
        "000/1/1",
        "1899-12-31",
        "114/3-10",
        "18991231",
        "today",
    ],
)
def test_it_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_date(text)

    assert refused.value.code == "bad_date"


def test_a_leap_day_follows_the_gregorian_year() -> None:
    assert parse_date("113/2/29") == date(2024, 2, 29)


def test_the_first_year_is_1912() -> None:
    assert roc_year(date(1912, 1, 1)) == 1
    assert format_date(date(2010, 1, 2)) == "99/01/02"

    with pytest.raises(Problem):
        roc_year(date(1911, 12, 31))


def test_a_day_before_the_first_year_is_counted_back() -> None:
    assert format_date(date(1911, 12, 31)) == "前1/12/31"
    assert format_date(date(1, 1, 1)) == "前1911/01/01"


def test_the_fiscal_year_is_the_calendar_year() -> None:
    assert fiscal_year(date(2025, 1, 1)) == fiscal_year(date(2025, 12, 31)) == 114


@given(on=st.dates(min_value=date(1921, 1, 1), max_value=date(2910, 12, 31)))
def test_what_it_writes_it_reads(on: date) -> None:
    assert parse_date(format_date(on)) == on
    assert parse_date(f"{roc_year(on):03}{on:%m%d}") == on
    assert parse_date(on.isoformat()) == on
