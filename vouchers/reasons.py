"""The eleven reasons for which a voucher goes back to its agency (B-24)."""

from collections.abc import Iterable
from enum import StrEnum


class Reason(StrEnum):
    """A return reason 退回原因; the value is the code that notices, registers and files carry."""

    R01 = "R01"
    R02 = "R02"
    R03 = "R03"
    R04 = "R04"
    R05 = "R05"
    R06 = "R06"
    R07 = "R07"
    R08 = "R08"
    R09 = "R09"
    R10 = "R10"
    R11 = "R11"

    @property
    def zh(self) -> str:
        """The reason as the return notice prints it."""
        return _TEXTS[self][0]

    @property
    def en(self) -> str:
        """The reason in English."""
        return _TEXTS[self][1]

    @property
    def requirement(self) -> str:
        """The item of point 24 that names the reason, `B-24.1` to `B-24.11`."""
        return f"B-24.{int(self[1:])}"


_TEXTS = {
    Reason.R01: ("分配預算、基金或專戶餘額不足", "Allotment, fund or special-account balance is not enough"),
    Reason.R02: (
        "支付案件尚未到達，或無付款、轉帳依據",
        "Payment case not yet arrived, or no basis for the payment or transfer",
    ),
    Reason.R03: (
        "與支付法令規定不符，或未註明核准文號",
        "Against the payment rules, or approval number not noted",
    ),
    Reason.R04: ("憑單欄位錯誤、不全或不符", "Voucher fields wrong, incomplete or inconsistent"),
    Reason.R05: (
        "清單總金額與憑單金額不符，或轉帳收付兩方金額不符",
        "List total differs from the voucher, or the sides of a transfer differ",
    ),
    Reason.R06: ("已逾付款或轉帳期限", "Past the deadline for payment or transfer"),
    Reason.R07: ("支用機關通知退還", "The agency asked for it back"),
    Reason.R08: (
        "未註明營利事業統一編號、發票號碼（或普通收據）及開立日期",
        "Business number, invoice number (or plain receipt) or its date missing",
    ),
    Reason.R09: ("未依規定分開編製憑單", "Not separated into vouchers as required"),
    Reason.R10: ("附記事項應加註而未加註", "A required note is missing"),
    Reason.R11: ("其他應予退回之情事", "Other"),
}


def joined(reasons: Iterable[str]) -> str:
    """Reasons as one text, each once, sorted, `R03;R10`; empty when there are none."""
    return ";".join(sorted({str(reason) for reason in reasons}))
