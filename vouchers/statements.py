"""The certification statement, read before signing; a signature names the version its signer was shown (B-10, B-11)."""

from dataclasses import dataclass
from typing import Final

from treasury.core.errors import Problem


@dataclass(frozen=True, slots=True)
class StatementItem:
    """One thing a certifier answers for, with the requirement that says so."""

    requirement: str
    zh: str
    en: str


# A statement is never changed, only followed by another version: old signatures name the old one.
STATEMENTS: Final = {
    "certification/1": (
        StatementItem(
            "B-11.1",
            "歲出之支付符合預算法令，且在核定分配預算之用途與條件之內；其他款項之支付符合其適用之規定。",
            "Expenditure complies with budget law and with the purpose and conditions of the approved allotment; "
            "other payments comply with the rules that govern them.",
        ),
        StatementItem(
            "B-11.2",
            "預付款及暫付款確為已約定之債務或業務所必需，並在分配預算之計畫與金額之內。",
            "Prepayments and temporary payments are agreed debts or are truly needed, within plan and amount of the "
            "allotment.",
        ),
        StatementItem(
            "B-11.3",
            "受款人、戶名、銀行代號與名稱、帳號及金額，均與原始憑證相符。",
            "Payee, account holder, bank code and name, account number and amount agree with the source documents.",
        ),
        StatementItem(
            "B-11.4",
            "轉帳憑單之科目與金額，與原支出憑證相符。",
            "Accounts and amounts of a transfer voucher agree with the original expenditure document.",
        ),
        StatementItem(
            "B-10",
            "憑單、科目清單、受款人清單及附件均經審閱；簽章及於其全部內容，簽證人員對其合法使用負責。",
            "Voucher, account list, payee list and attachments have been read; the signature covers all of them, and "
            "the certifying officer answers for their lawful use.",
        ),
    ),
}


def statement_of(version: str) -> tuple[StatementItem, ...]:
    """The items of a version, in the order in which they are read; Problem `statement_unknown`."""
    if version not in STATEMENTS:
        raise Problem("statement_unknown", f"there is no certification statement {version!r}")
    return STATEMENTS[version]
