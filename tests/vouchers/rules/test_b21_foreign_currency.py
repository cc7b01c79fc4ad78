"""B-21: a payment in foreign currency."""

from typing import Any

import pytest

from tests.vouchers import examples

BLOCK = "/foreign_currency"


def of_total(total_twd: int) -> dict[str, Any]:
    """A voucher of another total, in every place where it stands."""
    return {
        "/total_twd": total_twd,
        "/account_lines/0/amount_twd": total_twd,
        "/payee_lines/0/amount_twd": total_twd,
        f"{BLOCK}/twd_amount": total_twd,
    }


@pytest.mark.parametrize("twd_amount", [12_756, 12_758])
def test_the_amount_in_twd_is_the_total(twd_amount: int) -> None:
    found = examples.at_entry(examples.foreign_currency(), {f"{BLOCK}/twd_amount": twd_amount})

    assert found == [("B-21", "R04", f"{BLOCK}/twd_amount")]


@pytest.mark.parametrize(
    ("amount", "rate", "total_twd", "is_found"),
    [
        ("300", "42.525", 12_758, False),  # 12,757.5 is rounded up
        ("300", "42.525", 12_757, True),
        ("300", "42.524999", 12_757, False),  # 12,757.4997
        ("300", "42.524999", 12_758, True),
        ("100", "127.565", 12_757, False),  # 12,756.5, and not to the even 12,756
        ("100", "127.575", 12_758, False),
        ("999999999999.99", "9.999999", 9_999_998_999_999, True),
    ],
)
def test_the_converted_amount_is_rounded_half_up(amount: str, rate: str, total_twd: int, is_found: bool) -> None:
    changes = of_total(total_twd) | {f"{BLOCK}/amount": amount, f"{BLOCK}/rate": rate}

    found = examples.at_entry(examples.foreign_currency(), changes)

    assert found == ([("B-21", "R04", f"{BLOCK}/amount")] if is_found else [])


@pytest.mark.parametrize("path", [f"{BLOCK}/quota_ref", "/notes/text"])
@pytest.mark.parametrize("value", [..., " "])
def test_quota_and_note_are_there(path: str, value: Any) -> None:
    assert examples.at_entry(examples.foreign_currency(), {path: value}) == [("B-21", "R10", path)]


@pytest.mark.parametrize("field", ["currency", "amount", "rate", "twd_amount"])
def test_the_block_is_complete(field: str) -> None:
    path = f"{BLOCK}/{field}"

    assert examples.at_entry(examples.foreign_currency(), {path: ...}) == [("B-21", "R04", path)]


def test_the_payee_is_a_bank() -> None:
    changes = {"/payee_lines/0/kind": "government"}

    assert examples.at_entry(examples.foreign_currency(), changes) == [("B-21", "R04", "/payee_lines/0/kind")]
