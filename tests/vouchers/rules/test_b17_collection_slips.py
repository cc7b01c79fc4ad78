"""B-17.1 and B-18: collection slips."""

from typing import Any

import pytest

from tests.vouchers import examples

SLIPS = "/collection_slips"
COLLECTOR = {
    "collector_kind": "designated_collector",
    "collector_id": "A123456789",
    "letter_no": "指領字第1號",
}


def slip(no: str = "CS1", **fields: Any) -> dict[str, Any]:
    """A slip with a number."""
    return {"no": no, **fields}


@pytest.mark.parametrize(
    ("slips", "paths"),
    [
        ([slip(payee_seq=1)], []),
        ([slip()], []),
        ([], [SLIPS]),
        ([slip(payee_seq=2)], [f"{SLIPS}/0/payee_seq", SLIPS]),
        ([slip(payee_seq=1), slip("CS2", payee_seq=1)], [SLIPS]),
    ],
)
def test_the_only_payee_has_one_slip(slips: list[Any], paths: list[str]) -> None:
    found = examples.at_entry(examples.cheque(), {SLIPS: slips})

    assert found == [("B-17.1", "R04", path) for path in paths]


@pytest.mark.parametrize(
    ("slips", "paths"),
    [
        ([slip(payee_seq=1), slip("CS2", payee_seq=2)], []),
        ([slip(payee_seq=1), slip(payee_seq=2)], [SLIPS]),
        ([slip(payee_seq=1), slip("CS2")], [f"{SLIPS}/1/payee_seq", SLIPS]),
        ([slip(payee_seq=2)], [SLIPS]),
    ],
)
def test_each_of_two_payees_has_one_slip(slips: list[Any], paths: list[str]) -> None:
    payee = examples.cheque()["payee_lines"][0]
    amounts = {"/total_twd": 60_000, "/account_lines/0/amount_twd": 60_000, "/payee_lines": [payee, payee]}

    found = examples.at_entry(examples.cheque(), amounts | {SLIPS: slips})

    assert found == [("B-17.1", "R04", path) for path in paths]


@pytest.mark.parametrize("field", ["collector_kind", "collector_id", "letter_no"])
def test_a_forwarded_cheque_names_its_collector(field: str) -> None:
    forwarded = {"/method": "cheque_forward", f"{SLIPS}/0": slip(payee_seq=1, **COLLECTOR)}
    incomplete = slip(payee_seq=1, **{key: value for key, value in COLLECTOR.items() if key != field})

    assert examples.at_entry(examples.cheque(), forwarded) == []
    assert examples.at_entry(examples.cheque(), forwarded | {f"{SLIPS}/0": incomplete}) == [
        ("B-18", "R04", f"{SLIPS}/0/{field}")
    ]
