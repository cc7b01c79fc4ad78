"""B-24: lateness, dates, sums, basis, approval."""

from datetime import date
from typing import Any

import pytest

from tests.vouchers import examples


@pytest.mark.parametrize(
    ("carry_over_ref", "year_is_open", "is_found"),
    [(..., True, False), (..., False, True), (" ", False, True), ("保留113-01", False, False)],
)
@pytest.mark.parametrize("example", [examples.remittance, examples.transfer])
def test_a_closed_year_needs_a_carry_over_case(
    example: Any, carry_over_ref: Any, year_is_open: bool, is_found: bool
) -> None:
    changes = {} if carry_over_ref is ... else {"/carry_over_ref": carry_over_ref}

    found = examples.at_entry(example(), changes, year_is_open=year_is_open)

    assert found == ([("B-24.6", "R06", "/carry_over_ref")] if is_found else [])


@pytest.mark.parametrize("example", [examples.remittance, examples.transfer])
def test_the_issue_date_has_come(example: Any) -> None:
    assert examples.at_entry(example(), today=date(2025, 3, 10)) == []
    assert examples.at_entry(example(), today=date(2025, 3, 9)) == [("B-24.4", "R04", "/issue_date")]


@pytest.mark.parametrize("difference", [-1, 1])
@pytest.mark.parametrize("lines", ["/account_lines", "/payee_lines"])
def test_lines_add_up_to_the_total(lines: str, difference: int) -> None:
    found = examples.at_entry(examples.remittance(), {f"{lines}/0/amount_twd": 30_000 + difference})

    assert found == [("B-24.5", "R05", lines)]


def test_an_advance_notes_its_approval() -> None:
    assert examples.at_entry(examples.advance(), {"/notes": ...}) == [("B-24.3", "R03", "/notes/approval_doc_no")]


def test_every_account_belongs_to_the_agency() -> None:
    path = "/account_lines/1/account_code"

    found = examples.at_examination(examples.transfer(), {path: "3303100100"})

    assert found == [("B-24.2", "R02", path)]


def test_an_advance_on_another_agencys_account_has_no_basis() -> None:
    path = "/account_lines/0/account_code"

    assert examples.at_examination(examples.advance(), {path: "3303100100"}) == [("B-24.2", "R02", path)]
