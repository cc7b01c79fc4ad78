"""Clean vouchers of every kind, to change one thing in; and what the rules say of one."""

import copy
from typing import Any

from tests.vouchers.worlds import entry_world, examination_world
from vouchers.facts import VoucherFacts
from vouchers.files import read_voucher
from vouchers.rules import Finding, check_entry, check_examination

AGENCY = "0003010000"
Content = dict[str, Any]


def remittance() -> Content:
    """A payment of 30,000 to a firm with one invoice, through the interbank network."""
    return {
        "kind": "payment",
        "number": "P0310-001",
        "issue_date": "2025-03-10",
        "gate": "current",
        "purpose": "114年3月份辦公文具採購",
        "method": "remittance",
        "network": "fisc",
        "total_twd": 30_000,
        "account_lines": [{"account_code": "3203010100", "amount_twd": 30_000}],
        "payee_lines": [firm()],
    }


def firm() -> Content:
    """晨曦文具有限公司, paid 30,000 for one invoice."""
    return {
        "name": "晨曦文具有限公司",
        "id_type": "ubn",
        "id": "04595257",
        "bank_code": "0130017",
        "account_no": "012345678901",
        "account_name": "晨曦文具有限公司",
        "amount_twd": 30_000,
        "source_documents": [{"type": "invoice", "number": "AB12345678", "date": "2025-03-05"}],
    }


def person() -> Content:
    """林小美, an individual, paid 30,000."""
    return {
        "name": "林小美",
        "kind": "individual",
        "id_type": "national_id",
        "id": "A123456789",
        "bank_code": "0130017",
        "account_no": "543210987654",
        "account_name": "林小美",
        "amount_twd": 30_000,
    }


def entrusted() -> Content:
    """Salaries of two people, 60,000 together, by entrusted transfer."""
    block = {"bank_code": "0040107", "disbursement_account": "061400974691"}
    return remittance() | {
        "purpose": "114年3月份員工薪資",
        "expense_class": "staff",
        "method": "entrusted",
        "network": None,
        "total_twd": 60_000,
        "account_lines": [{"account_code": "3203010100", "amount_twd": 60_000}],
        "payee_lines": [person(), person() | {"name": "陳大文", "account_name": "陳大文"}],
        "entrusted": block,
    }


def cheque() -> Content:
    """A crossed cheque of 30,000 for a person without a bank account."""
    payee = {key: value for key, value in person().items() if key in {"name", "kind", "id_type", "id", "amount_twd"}}
    return remittance() | {
        "method": "cheque_self",
        "network": None,
        "payee_lines": [payee],
        "cheque": {"ground": "no_account", "reason": "受款人無法開立帳戶", "consent_ref": "庫字第1140001號"},
        "collection_slips": [{"no": "CS114000001", "payee_seq": 1}],
    }


def foreign_currency() -> Content:
    """301.51 pounds at 42.3105 through a settling bank: 12,757.04, so 12,757 dollars."""
    bank = {
        "name": "臺灣土地銀行",
        "kind": "bank",
        "bank_code": "0130017",
        "account_no": "052937962",
        "amount_twd": 12_757,
    }
    return remittance() | {
        "total_twd": 12_757,
        "account_lines": [{"account_code": "3203010100", "amount_twd": 12_757}],
        "payee_lines": [bank | {"account_name": "臺灣土地銀行"}],
        "foreign_currency": {
            "currency": "GBP",
            "amount": "301.51",
            "rate": "42.3105",
            "twd_amount": 12_757,
            "quota_ref": "外匯額度字第114001號",
        },
        "notes": {"text": "英鎊301.51元，匯率42.3105，折合新臺幣12,757元"},
    }


def advance() -> Content:
    """An advance of 30,000 on the case ADV114-004."""
    return remittance() | {
        "nature": "advance",
        "advance_case": "ADV114-004",
        "notes": {"approval_doc_no": "院授主預字第114001號"},
    }


def transfer() -> Content:
    """A correction of 30,000 from one account of the agency to another."""
    return {
        "kind": "transfer",
        "number": "T0310-001",
        "issue_date": "2025-03-10",
        "gate": "current",
        "purpose": "轉正P0307-004支出科目",
        "total_twd": 30_000,
        "account_lines": [
            {"account_code": "3203011100", "side": "debit", "amount_twd": 30_000},
            {"account_code": "3203010100", "side": "credit", "amount_twd": 30_000},
        ],
        "originals": [{"number": "P0307-004", "account_code": "3203010100", "amount_twd": 30_000}],
    }


def changed(content: Content, changes: dict[str, Any]) -> Content:
    """A copy with values set by JSON Pointer, missing blocks made; `...` takes the key away."""
    result = copy.deepcopy(content)
    for pointer, value in changes.items():
        *steps, last = pointer.removeprefix("/").split("/")
        place: Any = result
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
        if value is ...:
            place.pop(last, None)
        elif isinstance(place, list):
            place[int(last)] = copy.deepcopy(value)
        else:
            place[last] = copy.deepcopy(value)
    return result


def facts_of(content: Content, *, fiscal_year: int = 114) -> VoucherFacts:
    """The facts of a voucher object that the schema accepts."""
    return VoucherFacts.from_content(read_voucher(content), agency_code=AGENCY, fiscal_year=fiscal_year)


def at_entry(content: Content, changes: dict[str, Any] | None = None, **world: Any) -> list[tuple[str, str, str]]:
    """Rule, reason and path of what the entry rules find."""
    facts = facts_of(changed(content, changes or {}))
    return shown(check_entry(facts, entry_world(**world)))


def at_examination(content: Content, changes: dict[str, Any] | None = None, **world: Any) -> list[tuple[str, str, str]]:
    """Rule, reason and path of what the treasury's rules find."""
    facts = facts_of(changed(content, changes or {}))
    return shown(check_examination(facts, examination_world(**world)))


def shown(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    """Rule, reason and path of each finding."""
    return [(finding.rule, finding.reason.value, finding.path) for finding in findings]
