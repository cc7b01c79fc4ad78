"""`python -m tests.browser.bring BOOKS`: vouchers brought to a state in served books, as standard input asks (JSON).

A process of its own, since the test that asks has another database and another clock.
"""

import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")

import django

django.setup()

from treasury import books  # noqa: E402
from treasury.core import clock  # noqa: E402
from treasury.day.people import People  # noqa: E402
from vouchers.models import Voucher  # noqa: E402
from vouchers.services import preparation  # noqa: E402

FISCAL_YEAR = 114


def content(number: str, account_code: str) -> dict[str, Any]:
    """A small remittance to one firm."""
    return {
        "kind": "payment",
        "number": number,
        "issue_date": clock.today().isoformat(),
        "gate": "current",
        "purpose": "114年3月份文具用品費",
        "total_twd": 12_000,
        "method": "remittance",
        "network": "fisc",
        "account_lines": [{"account_code": account_code, "amount_twd": 12_000}],
        "payee_lines": [
            {
                "name": "晨曦文具有限公司",
                "kind": "business",
                "id_type": "ubn",
                "id": "04595257",
                "bank_code": "0095178",
                "account_no": "004123456789",
                "account_name": "晨曦文具有限公司",
                "amount_twd": 12_000,
                "source_documents": [
                    {"type": "invoice", "number": f"AB{number[-5:]:0>8}", "date": clock.today().isoformat()}
                ],
            }
        ],
    }


def main() -> None:
    """Reads what is asked for and writes the ids."""
    books.use(sys.argv[1])
    asked = json.load(sys.stdin)
    people = People()
    print(json.dumps([_one(asked, people).pk for _ in range(asked["count"])]))


def _one(asked: dict[str, Any], people: People) -> Voucher:
    agency_code, count = asked["agency_code"], Voucher.objects.count()
    account_code = asked["content"].pop("account_code", "5303400100")
    row = preparation.voucher_create(
        content=content(f"P0311-{count:05d}", account_code) | asked["content"],
        agency_code=agency_code,
        fiscal_year=FISCAL_YEAR,
        actor=people.actor(agency_code, "clerk"),
        origin="form",
    )
    if asked["state"] != "draft":
        row = preparation.voucher_submit(voucher=row, actor=people.actor(agency_code, "clerk"))
    if asked["state"] == "awaiting_accountant":
        row = preparation.voucher_pass_review(voucher=row, actor=people.actor(agency_code, "reviewer"))
    return row


if __name__ == "__main__":
    main()
