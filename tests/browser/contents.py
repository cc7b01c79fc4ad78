"""Vouchers of 國立故宮博物院 as its clerk has them before her: one of each way of paying."""

from typing import Any

Content = dict[str, Any]
ON = "2025-03-11"
GENERAL, RESEARCH = "5303400100", "5303400200"


def remittance(number: str, *, amount_twd: int = 30_000) -> Content:
    """To one firm, by the interbank network."""
    return _payment(number, amount_twd, "remittance", "114年3月份辦公文具採購") | {
        "network": "fisc",
        "payee_lines": [
            {
                "name": "晨曦文具有限公司",
                "id_type": "ubn",
                "id": "04595257",
                "bank_code": "0095178",
                "account_no": "012345678901",
                "account_name": "晨曦文具有限公司",
                "amount_twd": amount_twd,
                "source_documents": [{"type": "invoice", "number": "AB12345678", "date": "2025-03-05"}],
            }
        ],
    }


def cheque(number: str) -> Content:
    """For a person without a bank account, collected by the agency."""
    payee = _person("林小美", "A123456789") | {"amount_twd": 18_500}
    return _payment(number, 18_500, "cheque_self", "114年3月份鑑定費") | {
        "payee_lines": [payee],
        "cheque": {"ground": "no_account", "reason": "受款人無法開立帳戶", "consent_ref": "庫字第1140001號"},
        "collection_slips": [{"no": f"CS{number[-4:]:0>9}", "payee_seq": 1}],
    }


def salaries(number: str) -> Content:
    """Of two people, one transfer to the bank that pays them."""
    accounts = {"謝美玲": ("L226977946", "5178408537327", 41_200), "楊雅婷": ("N185339897", "5172595822073", 38_800)}
    return _payment(number, 80_000, "entrusted", "114年3月份員工薪資") | {
        "expense_class": "staff",
        "distribution_date": ON,
        "payee_lines": [
            _person(name, identity)
            | {"bank_code": "0095178", "account_no": account_no, "account_name": name, "amount_twd": amount_twd}
            for name, (identity, account_no, amount_twd) in accounts.items()
        ],
        "entrusted": {
            "bank_code": "0095178",
            "disbursement_account": "5173152302326",
            "roster": {
                "sha256": "896c86e8403b4852847b6193d56b0f8ce7f59e76fe484f56859aa73ab6e61f96",
                "delivered_at": f"{ON}T08:38:00+08:00",
                "receipt_ref": "清冊收字第114619449號",
            },
        },
    }


def correction(number: str, *, of: str) -> Content:
    """Moves what a paid voucher charged from one account to another."""
    return {
        "kind": "transfer",
        "number": number,
        "issue_date": ON,
        "gate": "current",
        "purpose": f"轉正{of}支出科目",
        "total_twd": 30_000,
        "account_lines": [
            {"account_code": RESEARCH, "side": "debit", "amount_twd": 30_000},
            {"account_code": GENERAL, "side": "credit", "amount_twd": 30_000},
        ],
        "originals": [{"number": of, "account_code": GENERAL, "amount_twd": 30_000}],
    }


def _payment(number: str, total_twd: int, method: str, purpose: str) -> Content:
    return {
        "kind": "payment",
        "number": number,
        "issue_date": ON,
        "gate": "current",
        "purpose": purpose,
        "method": method,
        "total_twd": total_twd,
        "account_lines": [{"account_code": GENERAL, "amount_twd": total_twd}],
    }


def _person(name: str, identity: str) -> Content:
    return {"name": name, "kind": "individual", "id_type": "national_id", "id": identity}
