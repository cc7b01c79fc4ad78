"""B-9.1 to B-9.6: what is prepared apart; number, account, category, purpose."""

from typing import Any

import pytest

from tests.vouchers import examples

DATE_FIELDS = ["legal_pay_date", "distribution_date", "remit_date"]


def two_payees() -> examples.Content:
    """A remittance to the firm and to a person, 30,000 each."""
    return examples.changed(
        examples.remittance(),
        {
            "/payee_lines": [examples.firm(), examples.person()],
            "/total_twd": 60_000,
            "/account_lines/0/amount_twd": 60_000,
        },
    )


@pytest.mark.parametrize("field", DATE_FIELDS)
def test_two_payees_of_different_dates_are_prepared_apart(field: str) -> None:
    first, second = f"/payee_lines/0/{field}", f"/payee_lines/1/{field}"

    assert examples.at_entry(two_payees(), {first: "2025-03-10", second: "2025-03-10"}) == []
    assert examples.at_entry(two_payees(), {first: "2025-03-10", second: "2025-03-09"}) == [("B-9.1", "R09", second)]


@pytest.mark.parametrize("field", DATE_FIELDS)
def test_a_payee_keeps_the_vouchers_date_and_the_silent_follow(field: str) -> None:
    own, line = f"/{field}", f"/payee_lines/1/{field}"

    assert examples.at_entry(two_payees(), {own: "2025-03-10"}) == []
    assert examples.at_entry(two_payees(), {line: "2025-03-10"}) == []
    assert examples.at_entry(two_payees(), {own: "2025-03-10", line: "2025-03-09"}) == [("B-9.1", "R09", line)]


def test_dates_of_different_meaning_may_differ() -> None:
    dates = dict(
        zip(
            ("/legal_pay_date", "/distribution_date", "/remit_date"),
            ("2025-03-08", "2025-03-09", "2025-03-10"),
            strict=True,
        )
    )

    assert examples.at_entry(examples.remittance(), dates) == []


@pytest.mark.parametrize(
    ("network", "bank_code", "is_found"),
    [
        ("fisc", "0130017", False),
        ("fisc", "0040059", True),
        ("intra_bank", "0040059", False),
        ("intra_bank", "0130017", True),
    ],
)
def test_a_payees_bank_belongs_to_the_network(network: str, bank_code: str, is_found: bool) -> None:
    changes = {"/network": network, "/payee_lines/0/bank_code": bank_code}

    found = examples.at_entry(examples.remittance(), changes)

    assert found == ([("B-9.1", "R09", "/payee_lines/0/bank_code")] if is_found else [])


def test_the_agent_bank_is_a_parameter() -> None:
    assert examples.at_entry(examples.remittance(), {"/network": "intra_bank"}, agent_bank="013") == []


def test_mixed_banks_are_found_at_the_payee_that_does_not_fit() -> None:
    found = examples.at_entry(two_payees(), {"/payee_lines/1/bank_code": "0040059"})

    assert found == [("B-9.1", "R09", "/payee_lines/1/bank_code")]


def test_absent_banks_and_networks_are_not_compared() -> None:
    assert examples.at_entry(examples.remittance(), {"/payee_lines/0/bank_code": ...}) == [
        ("B-9.10", "R04", "/payee_lines/0/bank_code")
    ]
    assert examples.at_entry(examples.remittance(), {"/network": ...}) == [("B-9.10", "R04", "/network")]


@pytest.mark.parametrize("example", [examples.remittance, examples.transfer])
def test_a_number_is_used_once(example: Any) -> None:
    assert examples.at_entry(example(), number_taken=True) == [("B-9.2", "R04", "/number")]


@pytest.mark.parametrize("example", [examples.remittance, examples.transfer])
def test_an_unknown_account_has_no_category_to_compare(example: Any) -> None:
    found = examples.at_entry(example(), {"/account_lines/0/account_code": "9999999999"})

    assert found == [("B-9.3.1", "R04", "/account_lines/0/account_code")]


def test_another_agencys_account_is_in_the_budget_all_the_same() -> None:
    assert examples.at_entry(examples.remittance(), {"/account_lines/0/account_code": "3303100100"}) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"/gate": "capital"}, "/account_lines/0/account_code"),
        ({"/account_lines/0/account_code": "3203019011"}, "/account_lines/0/account_code"),
        ({"/gate": ...}, "/gate"),
    ],
)
def test_the_category_is_stated_and_that_of_the_account(changes: dict[str, Any], path: str) -> None:
    assert examples.at_entry(examples.remittance(), changes) == [("B-9.5", "R04", path)]


def test_the_category_is_compared_with_every_account_of_a_transfer() -> None:
    found = examples.at_entry(examples.transfer(), {"/account_lines/1/account_code": "3203019011"})

    assert found == [("B-9.5", "R04", "/account_lines/1/account_code")]


@pytest.mark.parametrize(
    ("purpose", "is_found"),
    [("撥還零用金3月份", False), ("3月份撥還零用金", False), ("3月份零用金撥補", True)],
)
def test_a_replenishment_says_so(purpose: str, is_found: bool) -> None:
    changes = {"/nature": "petty_cash_replenishment", "/petty_cash_list_no": "零114-03", "/purpose": purpose}

    found = examples.at_entry(examples.remittance(), changes)

    assert found == ([("B-9.6", "R04", "/purpose")] if is_found else [])


def test_a_replenishment_names_its_list() -> None:
    changes = {"/nature": "petty_cash_replenishment", "/purpose": "撥還零用金"}

    assert examples.at_entry(examples.remittance(), changes) == [("B-9.6", "R04", "/petty_cash_list_no")]
