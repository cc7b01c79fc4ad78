"""Edges of the rules that the published day does not touch on both sides, read once more from their text."""

from datetime import date

import pytest

from .entry import e25, may_be_uncrossed
from .play import outcome_of
from .world import Account, Tables, Voucher, World

ACCOUNT = Account("3203010100", "一般行政", "0003010000", "current", 12_000_011)
TABLES = Tables({ACCOUNT.code: ACCOUNT}, frozenset({"0040059"}), {("0003010000", "ADV114-001"): 1_700_000})


def payment(total_twd: int, **more: object) -> Voucher:
    """Return a payment to a government body that no rule objects to."""
    payee = {"name": "松澗鎮公所", "kind": "government", "amount_twd": total_twd}
    payee |= {"bank_code": "0040059", "account_no": "004123456789", "account_name": "松澗鎮公所"}
    voucher: Voucher = {"kind": "payment", "number": "P-1", "issue_date": "2025-03-07", "gate": "current"}
    voucher |= {"purpose": "分攤經費", "method": "remittance", "network": "intra_bank", "total_twd": total_twd}
    voucher["account_lines"] = [{"account_code": ACCOUNT.code, "amount_twd": total_twd}]
    return voucher | {"payee_lines": [payee]} | more


def outcome(voucher: Voucher, on: date = date(2025, 3, 7)) -> tuple[str, set[str]]:
    """Return outcome and reasons of one voucher on an untouched day."""
    decided, found = outcome_of(World(TABLES, on), "0003010000", 114, voucher)
    return decided, {reason for _, reason in found}


@pytest.mark.parametrize(
    ("kind", "amount_twd", "approved", "allowed"),
    [
        ("business", 499_999, False, True),
        ("individual", 500_000, False, False),
        ("individual", 500_000, True, True),
        ("government", 499_999, True, False),
        ("public_enterprise", 500_000, False, False),
        ("public_enterprise", 500_000, True, True),
    ],
)
def test_the_table_of_uncrossed_cheques(kind: str, amount_twd: int, approved: bool, allowed: bool) -> None:
    payee = {"kind": kind, "amount_twd": amount_twd}

    assert may_be_uncrossed({"nature": "advance_funds"}, payee, approved) is allowed
    assert may_be_uncrossed({"nature": "advance_funds"}, payee | {"is_forwarder": True}, False)
    assert may_be_uncrossed({"nature": "temporary"}, payee | {"is_forwarder": True}, approved) is allowed


@pytest.mark.parametrize(
    ("amount", "total_twd", "right"), [("101", 3283, True), ("101", 3282, False), ("100", 3250, True)]
)
def test_a_half_dollar_is_rounded_up(amount: str, total_twd: int, right: bool) -> None:
    voucher = {"total_twd": total_twd, "foreign_currency": {"amount": amount, "rate": "32.50"}}

    assert (list(e25(voucher, World(TABLES))) == []) is right


@pytest.mark.parametrize(
    ("on", "left_twd"),
    [(date(2025, 1, 2), 1_000_000), (date(2025, 3, 31), 3_000_000), (date(2025, 11, 28), 11_000_000)],
)
def test_months_are_released_one_by_one_and_the_remainder_in_december(on: date, left_twd: int) -> None:
    world = World(TABLES, on)

    assert world.available_twd(ACCOUNT.code) == left_twd
    world.today = date(2025, 12, 1)
    assert world.available_twd(ACCOUNT.code) == 12_000_011


def test_the_limit_and_dates_to_come() -> None:
    late = date(2025, 12, 1)

    assert outcome(payment(5_000_000), late) == ("paid", set())
    assert outcome(payment(5_000_001), late) == ("paper", set())
    assert outcome(payment(5_000_001, network="fisc"), late) == ("refused", {"R09"})
    assert outcome(payment(20_000, legal_pay_date="2025-03-07")) == ("paid", set())
    assert outcome(payment(20_000, distribution_date="2025-03-08")) == ("scheduled", set())
    assert outcome(payment(3_000_001, remit_date="2025-03-08")) == ("returned", {"R01"})


def test_an_advance_draws_on_its_case_alone() -> None:
    advance = {"nature": "advance", "advance_case": "ADV114-001", "issue_date": "2025-01-02"}

    assert outcome(payment(1_700_000, issue_date="2025-01-02"), date(2025, 1, 2)) == ("returned", {"R01"})
    assert outcome(payment(1_700_000, **advance), date(2025, 1, 2)) == ("paid", set())
    assert outcome(payment(1_700_001, **advance), date(2025, 12, 1)) == ("returned", {"R01"})
    assert outcome(payment(20_000, **advance | {"advance_case": "ADV114-002"})) == ("returned", {"R02"})
