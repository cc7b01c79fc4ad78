"""B-15: payees' banks, and what a cheque rests on."""

from typing import Any

import pytest

from tests.vouchers import examples

BANK = "/payee_lines/0/bank_code"


@pytest.mark.parametrize("example", [examples.remittance, examples.entrusted, examples.cheque])
def test_a_bank_code_is_in_the_directory(example: Any) -> None:
    assert examples.at_entry(example(), {BANK: "0130018"}) == [("B-15.1", "R04", BANK)]


@pytest.mark.parametrize("method", ["cheque_self", "cheque_forward"])
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"/cheque/consent_ref": ...}, [("B-15.2", "R03", "/cheque/consent_ref")]),
        ({"/cheque/consent_ref": "\u3000"}, [("B-15.2", "R03", "/cheque/consent_ref")]),
        ({"/cheque/ground": ...}, [("B-15.2", "R10", "/cheque/ground")]),
        ({"/cheque/reason": ...}, [("B-15.2", "R10", "/cheque/reason")]),
        (
            {"/cheque": ...},
            [
                ("B-15.2", "R03", "/cheque/consent_ref"),
                ("B-15.2", "R10", "/cheque/ground"),
                ("B-15.2", "R10", "/cheque/reason"),
            ],
        ),
    ],
)
def test_a_cheque_has_consent_ground_and_reason(method: str, changes: dict[str, Any], found: list[Any]) -> None:
    slip = {
        "no": "CS1",
        "payee_seq": 1,
        "collector_kind": "designated_collector",
        "collector_id": "A123456789",
        "letter_no": "1",
    }

    assert examples.at_entry(examples.cheque(), {"/method": method, "/collection_slips/0": slip} | changes) == found


def test_a_remittance_needs_no_consent() -> None:
    assert examples.at_entry(examples.remittance(), {"/cheque": {}}) == []
