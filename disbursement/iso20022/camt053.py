"""camt.053.001.08: the bank's statement of one day of the master account (支出銷帳媒體檔, B-28)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from disbursement.iso20022.reading import Names, read, whole
from treasury.core.errors import Problem

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_names = Names(NAMESPACE)

# ISO bank transaction code (family, sub-family, is it a credit): what the entry is to us.
KINDS = {
    ("ICDT", "DMCT", False): "batch",
    ("ICDT", "RRTN", True): "return",
    ("ICHQ", "CCHQ", False): "cheque",
    ("RCDT", "DMCT", True): "deposit",
}


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One booking: `kind` is batch, return, cheque, deposit or other; the amount is positive, `is_credit` its side.

    `reference` is the bank's own and never used twice. Fields that a kind does not have are empty (`line_count` 0).
    """

    reference: str
    kind: str
    is_credit: bool
    amount_twd: int
    booked_on: date
    message_id: str = ""
    end_to_end_id: str = ""
    cheque_no: str = ""
    return_code: str = ""
    line_count: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One day of one account; opening plus credits less debits is the closing balance."""

    statement_id: str
    account_no: str
    on: date
    opening_twd: int
    closing_twd: int
    entries: tuple[StatementEntry, ...]


def parse(message: bytes) -> Statement:
    """Reads a statement.

    Problem `bank_message_*` when it cannot be read or is incomplete, `statement_wrong` when its entries do not lead
    from the opening to the closing balance, when their number is another than stated, or a reference stands twice.
    """
    report = read(message, namespace=NAMESPACE)
    statements = _names.all(report, "Stmt")
    if len(statements) != 1:
        raise Problem("bank_message_incomplete", f"one statement is expected, {len(statements)} came")
    statement = statements[0]
    balances = {_names.text(row, "Tp/CdOrPrtry/Cd"): row for row in _names.all(statement, "Bal")}
    if not {"OPBD", "CLBD"} <= balances.keys():
        raise Problem("bank_message_incomplete", "the statement lacks its opening or closing balance")
    parsed = Statement(
        statement_id=_names.text(statement, "Id"),
        account_no=_names.text(statement, "Acct/Id/Othr/Id"),
        on=_day(_names.text(balances["CLBD"], "Dt/Dt")),
        opening_twd=_signed_twd(balances["OPBD"]),
        closing_twd=_signed_twd(balances["CLBD"]),
        entries=tuple(_entry(row) for row in _names.all(statement, "Ntry")),
    )
    _check(parsed, _names.optional(statement, "TxsSummry/TtlNtries/NbOfNtries"))
    return parsed


def _entry(row: etree._Element) -> StatementEntry:
    if _names.text(row, "Sts/Cd") != "BOOK":
        raise Problem("bank_message_incomplete", "a statement holds booked entries only")
    is_credit = _is_credit(row)
    code = (_names.text(row, "BkTxCd/Domn/Fmly/Cd"), _names.text(row, "BkTxCd/Domn/Fmly/SubFmlyCd"), is_credit)
    details = _names.find(row, "NtryDtls/TxDtls")
    summary = _names.find(row, "NtryDtls/Btch")
    entry: dict[str, Any] = {
        "reference": _names.text(row, "NtryRef"),
        "kind": KINDS.get(code, "other"),
        "is_credit": is_credit,
        "amount_twd": _names.amount_twd(row, "Amt"),
        "booked_on": _day(_names.text(row, "BookgDt/Dt")),
        "text": _names.optional(row, "AddtlNtryInf"),
    }
    if summary is not None:
        entry["message_id"] = _names.text(summary, "MsgId")
        entry["line_count"] = whole(_names.text(summary, "NbOfTxs"), "NbOfTxs")
    if details is not None:
        entry["message_id"] = _names.optional(details, "Refs/MsgId")
        entry["end_to_end_id"] = _names.optional(details, "Refs/EndToEndId")
        entry["cheque_no"] = _names.optional(details, "Refs/ChqNb")
        reason = _names.optional(details, "RtrInf/Rsn/Prtry") or _names.optional(details, "RtrInf/Rsn/Cd")
        entry["return_code"] = reason
    return StatementEntry(**entry)


def _check(statement: Statement, stated_count: str) -> None:
    """A statement that does not add up is not believed at all."""
    moved_twd = sum(row.amount_twd if row.is_credit else -row.amount_twd for row in statement.entries)
    if statement.opening_twd + moved_twd != statement.closing_twd:
        expected_twd = statement.opening_twd + moved_twd
        raise Problem("statement_wrong", f"its entries lead to {expected_twd}, it closes with {statement.closing_twd}")
    if stated_count and whole(stated_count, "NbOfNtries") != len(statement.entries):
        raise Problem("statement_wrong", f"it states {stated_count} entries and has {len(statement.entries)}")
    if len({row.reference for row in statement.entries}) != len(statement.entries):
        raise Problem("statement_wrong", "an entry's reference stands twice")


def _is_credit(element: etree._Element) -> bool:
    side = _names.text(element, "CdtDbtInd")
    if side not in {"CRDT", "DBIT"}:
        raise Problem("bank_message_incomplete", f"{side[:10]} is neither credit nor debit")
    return side == "CRDT"


def _signed_twd(balance: etree._Element) -> int:
    """A balance, negative when the account is overdrawn."""
    amount_twd = _names.amount_twd(balance, "Amt")
    return amount_twd if _is_credit(balance) else -amount_twd


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem("bank_message_incomplete", f"{text[:40]} is no date") from None
