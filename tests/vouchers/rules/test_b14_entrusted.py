"""B-14.1.2: the bank of an entrusted transfer."""

from typing import Any

import pytest

from tests.vouchers import examples

BANK, ACCOUNT = "/entrusted/bank_code", "/entrusted/disbursement_account"


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"/entrusted": ...}, [BANK, ACCOUNT]),
        ({BANK: ...}, [BANK]),
        ({ACCOUNT: ...}, [ACCOUNT]),
        ({BANK: "9990000"}, [BANK]),
        ({"/payee_lines/1/account_no": ...}, ["/payee_lines/1/account_no"]),
    ],
)
def test_bank_and_accounts_are_there(changes: dict[str, Any], paths: list[str]) -> None:
    found = examples.at_entry(examples.entrusted(), changes)

    assert found == [("B-14.1.2", "R04", path) for path in paths]
