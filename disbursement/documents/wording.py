"""How the desk writes its numbers, its people, and what the bank and the reconciliation told it."""

import re

from disbursement.iso20022.return_codes import return_reason
from treasury.core.actors import SYSTEM

_REASONS = {
    "unexplained": "原因不明，應即查明",
    "not yet debited by the bank": "代庫銀行尚未扣帳",
    "not yet presented": "受款人尚未提示兌付",
}
_PATTERNS = (
    (re.compile(r"returned by the bank, code (?P<code>\S*)"), "退匯待處理"),
    (re.compile(r"announced by the bank as returned, not yet booked, code (?P<code>\S*)"), "銀行通知退匯，尚未入帳"),
)
_STRANGER = re.compile(r"the bank booked a (?P<kind>\S+) that the books do not know")
_ENTRY_KINDS = {"batch": "整批扣款", "return": "退匯", "cheque": "支票兌付", "deposit": "存入"}
_ITEMS = {
    "books_master": "總存款戶與銀行結存",
    "in_transit": "匯款在途與未扣帳批次",
    "cheques_outstanding": "未兌付支票帳與支票明細",
    "returned": "退匯待處理帳與退匯明細",
}


def numbered(fiscal_year: int, number: int) -> str:
    """A number of a yearly series: 114-0000012."""
    return f"{fiscal_year}-{number:07d}"


def person(name: str) -> str:
    """Who did it; what no person did is the system's work."""
    return "系統" if name == SYSTEM.name else name


def returned(code: str) -> str:
    """A return code with its meaning: 04 無此帳號."""
    return f"{code} {return_reason(code)}" if code else ""


def difference_item(item: str) -> str:
    """The item of a difference: an account in words, or the batch, cheque or instruction it names."""
    return _ITEMS.get(item, item)


def difference_reason(reason: str) -> str:
    """The reason of a difference in zh-Hant; one that is not known here stands as it was stored."""
    for pattern, word in _PATTERNS:
        if match := pattern.fullmatch(reason):
            return f"{word}（{returned(match['code'])}）"
    if match := _STRANGER.fullmatch(reason):
        return f"銀行列有{_ENTRY_KINDS.get(match['kind'], match['kind'])}，帳上無此項"
    return _REASONS.get(reason, reason)
