"""A-5.4: the paper channel for large sums begins one dollar above the limit."""

from typing import Any

import pytest

from tests.vouchers import examples

FOUND = [("A-5.4", "R04", "/channel")]


@pytest.mark.parametrize(
    ("changes", "limit_twd", "found"),
    [
        ({"/channel": "paper_over_limit"}, 30_000, FOUND),
        ({"/channel": "paper_over_limit"}, 29_999, []),
        ({"/channel": "electronic"}, 30_000, []),
        ({}, 29_999, []),
    ],
)
def test_paper_is_for_payments_above_the_limit(changes: dict[str, Any], limit_twd: int, found: list[Any]) -> None:
    assert examples.at_entry(examples.remittance(), changes, epay_limit_twd=limit_twd) == found


def test_a_transfer_has_no_limit() -> None:
    assert examples.at_entry(examples.transfer(), {"/channel": "paper_over_limit"}, epay_limit_twd=1) == FOUND
