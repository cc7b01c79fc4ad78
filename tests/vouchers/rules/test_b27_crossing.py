"""B-27.2: every row of the table of uncrossed cheques, on both sides of the threshold."""

from typing import Any

import pytest

from tests.vouchers import examples

APPROVED = {"/cheque/special_approval_ref": "專案核准字第1號"}
FORWARDED = {"/payee_lines/0/is_forwarder": True}
PATH = "/payee_lines/0/amount_twd"


def uncrossed(amount_twd: int, kind: str, changes: dict[str, Any], **world: Any) -> list[tuple[str, str, str]]:
    """What is found in a cheque of an amount to a payee of a kind without crossing."""
    firm = examples.firm() if kind in {"business", "public_enterprise"} else examples.cheque()["payee_lines"][0]
    voucher = {
        "/payee_lines/0": firm | {"kind": kind, "amount_twd": amount_twd},
        "/account_lines/0/amount_twd": amount_twd,
        "/total_twd": amount_twd,
        "/cheque/crossing": "uncrossed",
        "/purpose": "撥還零用金",
        "/petty_cash_list_no": "零114-03",
    }
    return examples.at_entry(examples.cheque(), voucher | changes, **world)


@pytest.mark.parametrize("nature", ["prepaid", "advance_funds", "fixed_petty_cash", "petty_cash_replenishment"])
@pytest.mark.parametrize("kind", ["individual", "government"])
@pytest.mark.parametrize("amount_twd", [499_999, 500_000, 4_000_000])
def test_the_forwarding_person_at_any_amount(nature: str, kind: str, amount_twd: int) -> None:
    assert uncrossed(amount_twd, kind, FORWARDED | {"/nature": nature}) == []


@pytest.mark.parametrize("nature", ["normal", "temporary", "refund"])
def test_a_forwarding_person_of_another_nature_is_a_payee_like_any_other(nature: str) -> None:
    assert uncrossed(500_000, "individual", FORWARDED | {"/nature": nature}) == [("B-27.2", "R03", PATH)]


def test_the_nature_alone_is_no_ground() -> None:
    assert uncrossed(500_000, "individual", {"/nature": "prepaid"}) == [("B-27.2", "R03", PATH)]


@pytest.mark.parametrize(
    ("kind", "amount_twd", "changes", "is_allowed"),
    [
        ("individual", 499_999, {}, True),
        ("individual", 500_000, {}, False),
        ("individual", 500_000, APPROVED, True),
        ("business", 499_999, {}, True),
        ("business", 500_000, {}, False),
        ("bank", 499_999, {}, True),
        ("treasury_deposit", 500_000, APPROVED, True),
        ("government", 499_999, {}, False),
        ("government", 499_999, APPROVED, False),
        ("government", 500_000, {}, False),
        ("government", 500_000, APPROVED, True),
        ("public_enterprise", 499_999, APPROVED, False),
        ("public_enterprise", 500_000, APPROVED, True),
    ],
)
def test_the_strict_reading(kind: str, amount_twd: int, changes: dict[str, Any], is_allowed: bool) -> None:
    assert uncrossed(amount_twd, kind, changes) == ([] if is_allowed else [("B-27.2", "R03", PATH)])


@pytest.mark.parametrize(
    ("kind", "amount_twd", "changes", "is_allowed"),
    [
        ("individual", 500_000, {}, True),
        ("business", 4_000_000, {}, True),
        ("government", 499_999, APPROVED, False),
        ("government", 500_000, {}, False),
        ("public_enterprise", 500_000, APPROVED, True),
    ],
)
def test_the_literal_reading(kind: str, amount_twd: int, changes: dict[str, Any], is_allowed: bool) -> None:
    found = uncrossed(amount_twd, kind, changes, crossing_reading="literal")

    assert found == ([] if is_allowed else [("B-27.2", "R03", PATH)])


@pytest.mark.parametrize("crossing", [..., "crossed"])
def test_a_crossed_cheque_is_always_allowed(crossing: Any) -> None:
    changes = {"/cheque/crossing": crossing}

    assert uncrossed(499_999, "government", changes) == []


def test_each_payee_is_judged_by_its_own_amount() -> None:
    payee = examples.cheque()["payee_lines"][0]
    changes = {
        "/payee_lines": [payee | {"amount_twd": 499_999}, payee | {"amount_twd": 500_000}],
        "/collection_slips": [{"no": "CS1", "payee_seq": 1}, {"no": "CS2", "payee_seq": 2}],
        "/account_lines/0/amount_twd": 999_999,
        "/total_twd": 999_999,
    }

    assert uncrossed(1, "individual", changes) == [("B-27.2", "R03", "/payee_lines/1/amount_twd")]


def test_the_threshold_is_a_parameter() -> None:
    assert uncrossed(500_000, "individual", {}, crossing_threshold_twd=500_001) == []
