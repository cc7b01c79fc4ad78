"""B-16: staff and retirees' money."""

from typing import Any

import pytest

from tests.vouchers import examples

RULES = {"staff": "B-16.1", "retiree": "B-16.2"}


@pytest.mark.parametrize("expense_class", ["staff", "retiree"])
def test_it_is_not_remitted_to_individuals(expense_class: str) -> None:
    changes: dict[str, Any] = {"/expense_class": expense_class, "/payee_lines/0": examples.person()}

    assert examples.at_entry(examples.remittance(), changes) == [(RULES[expense_class], "R03", "/method")]


@pytest.mark.parametrize("expense_class", ["general", "other_entrusted"])
def test_other_money_may_be(expense_class: str) -> None:
    changes: dict[str, Any] = {"/expense_class": expense_class, "/payee_lines/0": examples.person()}

    assert examples.at_entry(examples.remittance(), changes) == []


@pytest.mark.parametrize("expense_class", ["staff", "retiree"])
def test_the_special_account_takes_it_with_a_reason(expense_class: str) -> None:
    changes: dict[str, Any] = {
        "/expense_class": expense_class,
        "/payee_lines/0/kind": "agency_special_account",
    }
    reason = {"/entrusted_impossible_reason": "新進人員尚未開戶"}

    assert examples.at_entry(examples.remittance(), changes | reason) == []
    assert examples.at_entry(examples.remittance(), changes) == [("B-16.4", "R03", "/entrusted_impossible_reason")]


def test_a_reason_does_not_let_individuals_in() -> None:
    changes: dict[str, Any] = {"/expense_class": "staff", "/payee_lines/0": examples.person()}

    found = examples.at_entry(examples.remittance(), changes | {"/entrusted_impossible_reason": "新進人員"})

    assert found == [("B-16.1", "R03", "/method")]


def test_staff_money_to_a_firm_is_not_bound() -> None:
    assert examples.at_entry(examples.remittance(), {"/expense_class": "staff"}) == []
