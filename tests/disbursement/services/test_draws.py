"""What a voucher draws on is what the rules looked at, whatever else it says."""

from typing import Any

import pytest

from disbursement.services.draws import draws_of, reliefs_of
from tests.vouchers import examples
from treasury.ledger.authorities import Draw
from vouchers.models import Voucher

ACCOUNT, OTHER = "3203010100", "3203011100"


def voucher(content: examples.Content, changes: dict[str, Any]) -> Voucher:
    changed = examples.changed(content, changes)
    return Voucher(kind=changed["kind"], total_twd=changed["total_twd"], content=changed)


def test_all_lines_of_a_payment_draw_whatever_side_they_name() -> None:
    lines = [
        {"account_code": ACCOUNT, "amount_twd": 10_000, "side": "credit"},
        {"account_code": ACCOUNT, "amount_twd": 15_000, "side": "debit"},
        {"account_code": OTHER, "amount_twd": 5_000},
    ]

    draws = draws_of(voucher(examples.remittance(), {"/account_lines": lines}))

    assert draws == [Draw.budget(ACCOUNT, 25_000), Draw.budget(OTHER, 5_000)]


@pytest.mark.parametrize("fund_code", [None, "", "\u3000"])
def test_a_fund_of_blanks_is_none(fund_code: str | None) -> None:
    draws = draws_of(voucher(examples.remittance(), {"/account_lines/0/fund_code": fund_code}))

    assert draws == [Draw.budget(ACCOUNT, 30_000)]


def test_an_advance_draws_on_its_case_alone() -> None:
    advance = examples.advance()

    assert draws_of(voucher(advance, {})) == [Draw.case(advance["advance_case"], advance["total_twd"])]


def test_a_transfer_is_no_advance_whatever_nature_it_names() -> None:
    odd = voucher(examples.transfer(), {"/nature": "advance"})

    assert draws_of(odd) == [Draw.budget(OTHER, 30_000)]
    assert reliefs_of(odd) == [Draw.budget(ACCOUNT, 30_000)]
