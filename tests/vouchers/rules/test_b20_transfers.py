"""B-20: both sides of a transfer, and the vouchers it corrects."""

from typing import Any

import pytest

from tests.vouchers import examples
from vouchers.rules.worlds import OriginalFacts

LINES = "/account_lines"


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({}, []),
        ({f"{LINES}/0/amount_twd": 29_999}, [LINES]),
        ({f"{LINES}/1/amount_twd": 30_001}, [LINES]),
        ({"/total_twd": 30_001}, [LINES, LINES]),
        ({f"{LINES}/0/side": ...}, [LINES, f"{LINES}/0/side"]),
    ],
)
def test_each_side_adds_up_to_the_total(changes: dict[str, Any], paths: list[str]) -> None:
    assert examples.at_entry(examples.transfer(), changes) == [("B-20", "R05", path) for path in paths]


def test_several_lines_on_a_side_are_added_up() -> None:
    lines = [
        {"account_code": "3203011100", "side": "debit", "amount_twd": 10_000},
        {"account_code": "3203010100", "side": "debit", "amount_twd": 20_000},
        {"account_code": "3203010100", "side": "credit", "amount_twd": 30_000},
    ]

    assert examples.at_entry(examples.transfer(), {LINES: lines}) == []


def test_a_line_on_neither_side_is_wrong_even_if_the_others_add_up() -> None:
    lines = [*examples.transfer()["account_lines"], {"account_code": "3203010100", "amount_twd": 1}]

    assert examples.at_entry(examples.transfer(), {LINES: lines}) == [("B-20", "R05", f"{LINES}/2/side")]


def test_a_payment_has_no_sides() -> None:
    assert examples.at_entry(examples.remittance(), {f"{LINES}/0/side": "credit"}) == []


@pytest.mark.parametrize(
    ("changes", "originals", "path"),
    [
        ({}, {"P0307-004": OriginalFacts(paid=True)}, None),
        ({}, {"P0307-004": OriginalFacts(paid=False)}, "/originals/0/number"),
        ({}, {}, "/originals/0/number"),
        ({"/originals/0/fiscal_year": 114}, {"P0307-004": OriginalFacts(paid=True)}, None),
        ({"/originals/0/fiscal_year": 113}, {"P0307-004": OriginalFacts(paid=True)}, "/originals/0/number"),
        ({"/originals/0/agency_code": "0003010000"}, {"P0307-004": OriginalFacts(paid=True)}, None),
        (
            {"/originals/0/agency_code": "0003100000"},
            {"P0307-004": OriginalFacts(paid=True)},
            "/originals/0/number",
        ),
        ({"/originals": []}, {}, "/originals"),
        ({"/originals": ...}, {}, "/originals"),
    ],
)
def test_originals_are_of_this_agency_and_year_and_paid(
    changes: dict[str, Any], originals: dict[str, OriginalFacts], path: str | None
) -> None:
    found = examples.at_examination(examples.transfer(), changes, originals=originals)

    assert found == ([] if path is None else [("B-20", "R02", path)])


def test_every_original_is_looked_at() -> None:
    originals = [{"number": "P0307-004"}, {"number": "P0307-005"}]

    found = examples.at_examination(examples.transfer(), {"/originals": originals})

    assert found == [("B-20", "R02", "/originals/1/number")]
