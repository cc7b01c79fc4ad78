"""B-11.4: a correction fits the voucher it corrects."""

from typing import Any

import pytest

from tests.vouchers import examples
from vouchers.rules.worlds import OriginalFacts

ORIGINAL = "/originals/0"


@pytest.mark.parametrize(
    ("changes", "charged_twd", "path"),
    [
        ({}, {"3203010100": 30_000}, None),
        ({}, {"3203010100": 29_999}, f"{ORIGINAL}/amount_twd"),
        ({}, {"3203011100": 30_000}, f"{ORIGINAL}/account_code"),
        ({f"{ORIGINAL}/amount_twd": ...}, {"3203010100": 1}, None),
        ({f"{ORIGINAL}/account_code": ...}, {}, None),
        ({}, None, None),
        ({f"{ORIGINAL}/number": "P0307-005"}, {}, None),
        ({f"{ORIGINAL}/fiscal_year": 113}, {}, None),
        ({f"{ORIGINAL}/agency_code": "0003100000"}, {}, None),
    ],
)
def test_a_correction_fits_its_original(changes: dict[str, Any], charged_twd: Any, path: str | None) -> None:
    originals = {"P0307-004": OriginalFacts(paid=True, amounts_twd=charged_twd)}

    found = examples.at_examination(examples.transfer(), changes, originals=originals)

    assert [one for one in found if one[0] != "B-20"] == ([] if path is None else [("B-11.4", "R04", path)])
