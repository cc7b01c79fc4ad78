"""How the desk writes its numbers, its people, and what the bank and the reconciliation told it."""

import re
from collections.abc import Mapping
from typing import Any

from disbursement.iso20022.return_codes import return_reason
from treasury.core.actors import SYSTEM

# Reason of a difference by its code, in both languages; `{}` is the value kept with it.
_REASONS = {
    "unexplained": ("原因不明，應即查明", "unexplained, to be cleared up at once"),
    "not_yet_debited": ("代庫銀行尚未扣帳", "not yet debited by the bank"),
    "not_yet_presented": ("受款人尚未提示兌付", "not yet presented by the payee"),
    "returned": ("退匯待處理（{}）", "returned by the bank ({})"),
    "return_announced": ("銀行通知退匯，尚未入帳（{}）", "announced by the bank as returned, not yet booked ({})"),
    "stranger": ("銀行列有{}，帳上無此項", "the bank booked a {} that the books do not know"),
}
# Differences kept before they had codes are sentences; these read them.
_SENTENCES = (
    (re.compile(r"unexplained()"), "unexplained"),
    (re.compile(r"not yet debited by the bank()"), "not_yet_debited"),
    (re.compile(r"not yet presented()"), "not_yet_presented"),
    (re.compile(r"returned by the bank, code (\S*)"), "returned"),
    (re.compile(r"announced by the bank as returned, not yet booked, code (\S*)"), "return_announced"),
    (re.compile(r"the bank booked a (\S+) that the books do not know"), "stranger"),
)
_ENTRY_KINDS = {
    "batch": ("整批扣款", "debit of a batch"),
    "return": ("退匯", "returned remittance"),
    "cheque": ("支票兌付", "paid cheque"),
    "deposit": ("存入", "deposit"),
}
_ITEMS = {
    "books_master": ("總存款戶與銀行結存", "master account and bank balance"),
    "in_transit": ("匯款在途與未扣帳批次", "remittances in transit and batches not debited"),
    "cheques_outstanding": ("未兌付支票帳與支票明細", "cheques outstanding and the cheques themselves"),
    "returned": ("退匯待處理帳與退匯明細", "returned remittances and the lines themselves"),
}


def numbered(fiscal_year: int, number: int) -> str:
    """A number of a yearly series: 114-0000012."""
    return f"{fiscal_year}-{number:07d}"


def person(name: str) -> str:
    """Who did it; what no person did is the system's work."""
    return "系統" if name == SYSTEM.name else name


def returned(code: str, *, language: str = "zh") -> str:
    """A return code with its meaning: 04 無此帳號."""
    return f"{code} {return_reason(code, language=language)}" if code else ""


def entry_kind(kind: str, *, language: str = "zh") -> str:
    """What a booking of the bank is, in words."""
    return _said(_ENTRY_KINDS.get(kind, (kind, kind)), language)


def difference_item(item: str, *, language: str = "zh") -> str:
    """The item of a difference: an account in words, or the batch, cheque or instruction it names."""
    return _said(_ITEMS.get(item, (item, item)), language)


def difference_reason(difference: Mapping[str, Any], *, language: str = "zh") -> str:
    """The reason of a kept difference in `zh` or `en`; one that is not known here stands as it was stored."""
    reason, value = str(difference["reason"]), str(difference.get("value", ""))
    for pattern, code in _SENTENCES if "value" not in difference else ():
        if match := pattern.fullmatch(reason):
            reason, value = code, match[1]
    if reason not in _REASONS:
        return reason
    told = entry_kind(value, language=language) if reason == "stranger" else returned(value, language=language)
    return _said(_REASONS[reason], language).format(told)


def _said(both: tuple[str, str], language: str) -> str:
    return both[1] if language == "en" else both[0]
