"""Months and years."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.ledger.world import (
    BUDGET_CSV,
    BUDGET_HEAD,
    CABINET,
    EXHIBITION,
    IDLE,
    OFFICE,
    ON,
    TRAVEL,
    book,
    figures,
)
from treasury.core.errors import Problem
from treasury.ledger import events, invariants, selectors
from treasury.ledger.authorities import Draw
from treasury.ledger.models import Posting
from treasury.ledger.services import budget_import, periods_open, year_close


def sound() -> bool:
    return not [violation for check in invariants.CHECKS for violation in check()]


@pytest.fixture
def budget(db: None, morning: None, tmp_path: Path) -> None:
    (tmp_path / "budget.csv").write_text(BUDGET_CSV, "utf-8")
    budget_import(path=tmp_path / "budget.csv", fiscal_year=114)


@pytest.mark.usefixtures("budget")
class TestMonths:
    def test_months_to_come_do_not_count(self) -> None:
        released = periods_open(on=date(2025, 3, 31))

        assert released == 5 * 3
        assert selectors.available(114, [OFFICE, IDLE]) == {OFFICE: 3_000, IDLE: 0}
        assert sound()

    def test_a_month_is_released_once(self) -> None:
        periods_open(on=ON)

        assert periods_open(on=ON) == 0
        assert periods_open(on=date(2025, 1, 2)) == 0
        assert periods_open(on=date(2025, 4, 1)) == 5
        assert figures(OFFICE)[0] == 4_000

    def test_december_brings_the_remainder(self) -> None:
        periods_open(on=date(2025, 12, 31))

        assert selectors.available(114, [TRAVEL, IDLE]) == {TRAVEL: 12_011, IDLE: 11}
        assert sound()

    def test_next_year_every_month_has_passed(self) -> None:
        assert periods_open(on=date(2026, 1, 2)) == 5 * 12

    def test_before_the_year_none_has(self) -> None:
        assert periods_open(on=date(2024, 12, 31)) == 0

    def test_a_line_that_comes_later_gets_the_months_that_have_passed(self, tmp_path: Path) -> None:
        periods_open(on=ON)
        (tmp_path / "more.csv").write_text(BUDGET_HEAD + f"9,新增,目,{CABINET},行政院,1200,current\n", "utf-8")
        budget_import(path=tmp_path / "more.csv", fiscal_year=114)

        assert periods_open(on=ON) == 3
        assert selectors.available(114, ["9"]) == {"9": 300}

    def test_an_agency_whose_shares_are_nothing_has_no_posting(self, tmp_path: Path) -> None:
        (tmp_path / "more.csv").write_text(BUDGET_HEAD + "9,預備金,目,X1,某機關,11,current\n", "utf-8")
        budget_import(path=tmp_path / "more.csv", fiscal_year=114)

        assert periods_open(on=ON) == 6 * 3
        assert not Posting.objects.filter(chain__agency_code="X1").exists()
        assert sound()

    def test_the_number_of_statements_does_not_grow_with_the_lines(
        self, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        rows = (f"A{number},科目,目,{number % 50},機關,1200,current\n" for number in range(500))
        (tmp_path / "many.csv").write_text(BUDGET_HEAD + "".join(rows), "utf-8")
        with django_assert_max_num_queries(13):
            budget_import(path=tmp_path / "many.csv", fiscal_year=114)

        with django_assert_max_num_queries(8):
            assert periods_open(on=ON) == 505 * 3


@pytest.mark.usefixtures("budget")
class TestYears:
    def test_what_is_left_lapses_and_what_is_reserved_stays(self) -> None:
        periods_open(on=ON)
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1_000)])

        lapsed = year_close(fiscal_year=114, on=date(2025, 12, 31))

        assert lapsed == 4
        assert not selectors.year_is_open(114)
        assert figures(OFFICE) == (0, 1_000, 0, 0, 0)
        assert figures(EXHIBITION) == (0, 0, 0, 0, 0)
        assert periods_open(on=date(2026, 1, 2)) == 0
        assert sound()

    def test_closing_again_lets_lapse_what_came_back(self) -> None:
        periods_open(on=ON)
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1_000)])
        year_close(fiscal_year=114, on=date(2025, 12, 31))
        book(events.VOID, "v1", [Draw.budget(OFFICE, 1_000)])

        assert year_close(fiscal_year=114, on=date(2026, 1, 15)) == 1
        assert year_close(fiscal_year=114, on=date(2026, 1, 15)) == 0
        assert figures(OFFICE) == (0, 0, 0, 0, 0)
        assert Posting.objects.filter(event_type="lapse_allotment").count() == 3

    def test_a_year_without_budget_cannot_be_closed_and_counts_as_closed(self) -> None:
        with pytest.raises(Problem) as refused:
            year_close(fiscal_year=113, on=ON)

        assert refused.value.code == "year_unknown"
        assert not selectors.year_is_open(113)
