"""B-23.2: balances of accounts and funds."""

from typing import Any

import pytest

from tests.vouchers import examples

ACCOUNT_FOUND = [("B-23.2.1", "R01", "/account_lines")]


@pytest.mark.parametrize(("available_twd", "found"), [(30_000, []), (29_999, ACCOUNT_FOUND), (None, ACCOUNT_FOUND)])
@pytest.mark.parametrize(
    ("example", "account"), [(examples.remittance, "3203010100"), (examples.transfer, "3203011100")]
)
def test_exactly_the_balance_is_allowed(
    example: Any, account: str, available_twd: int | None, found: list[Any]
) -> None:
    available = {} if available_twd is None else {account: available_twd}

    assert examples.at_examination(example(), available_twd=available) == found


def test_lines_of_one_account_are_added_up() -> None:
    line = {"account_code": "3203010100", "amount_twd": 15_000}

    assert (
        examples.at_examination(
            examples.remittance(), {"/account_lines": [line, line]}, available_twd={"3203010100": 30_000}
        )
        == []
    )
    assert (
        examples.at_examination(
            examples.remittance(), {"/account_lines": [line, line]}, available_twd={"3203010100": 29_999}
        )
        == ACCOUNT_FOUND
    )


def test_an_advance_draws_on_no_account() -> None:
    assert examples.at_examination(examples.advance(), available_twd={}) == []


@pytest.mark.parametrize("account", ["3303100100", "9999999999"])
def test_the_balance_of_an_account_that_is_not_the_agencys_is_not_looked_at(account: str) -> None:
    found = examples.at_examination(examples.remittance(), {"/account_lines/0/account_code": account}, available_twd={})

    assert found == [("B-24.2", "R02", "/account_lines/0/account_code")]


@pytest.mark.parametrize(
    ("fund", "total_twd", "is_found"),
    [(None, 30_001, False), ("F001", 30_000, False), ("F001", 30_001, True), ("F002", 1, True)],
)
def test_a_fund_pays_within_its_balance(fund: str | None, total_twd: int, is_found: bool) -> None:
    line = {"account_code": "3203010100", "fund_code": fund, "amount_twd": total_twd}

    found = examples.at_examination(examples.remittance(), {"/account_lines": [line]})

    assert found == ([("B-23.2.2", "R01", "/account_lines")] if is_found else [])


@pytest.mark.parametrize(
    ("debit", "credit", "found"),
    [
        ("F001", None, [("B-23.2.2", "R01", "/account_lines")]),
        ("F001", "F001", []),
        (None, "F001", []),
        (None, "F002", [("B-23.2.2", "R01", "/account_lines")]),
    ],
)
def test_a_transfer_takes_from_a_fund_what_it_has_and_brings_to_one_that_exists(
    debit: str | None, credit: str | None, found: list[Any]
) -> None:
    voucher = examples.transfer()
    total_twd = voucher["total_twd"]
    for line in voucher["account_lines"]:
        line["fund_code"] = debit if line["side"] == "debit" else credit

    assert examples.at_examination(voucher, fund_available_twd={"F001": total_twd - 1}) == found
