"""A voucher to be signed, always the same one."""

from typing import Any

NONCE = "N" * 43
REF = "0003010000/114/P0307-002"


def voucher(payees: int = 1) -> dict[str, Any]:
    line = {
        "name": "禾穹晟文具行",
        "id_type": "ubn",
        "id": "66600125",
        "bank_code": "0040233",
        "account_name": "禾穹晟文具行",
        "amount_twd": 100,
    }
    return {
        "kind": "payment",
        "number": "P0307-002",
        "issue_date": "2025-03-07",
        "gate": "current",
        "purpose": "114年3月份辦公文具及紙張採購",
        "method": "remittance",
        "network": "intra_bank",
        "total_twd": 100 * payees,
        "account_lines": [{"account_code": "3203012300", "fund_code": None, "amount_twd": 100 * payees}],
        "payee_lines": [{**line, "account_no": f"{index:012}"} for index in range(payees)],
    }


def document(payees: int = 1, **given: Any) -> dict[str, Any]:
    named = {
        "treasury": "NTA",
        "agency_code": "0003010000",
        "fiscal_year": 114,
        "number": "P0307-002",
        "revision": 1,
        "voucher": voucher(payees),
    }
    return {**named, **given}
