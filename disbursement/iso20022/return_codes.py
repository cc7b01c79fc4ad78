"""Why a bank returns a credit: the clearing house's codes for credits (facts 4.2), and two of ISO 20022 for amounts."""

RETURN_CODES = {
    "04": ("無此帳號", "no such account"),
    "05": ("收受者統一編號錯誤", "identifier of the receiver is wrong"),
    "22": ("帳戶已結清", "account closed"),
    "23": ("靜止戶", "account dormant"),
    "24": ("凍結戶", "account frozen"),
    "25": ("帳戶遭法院強制執行", "account attached by a court"),
    "26": ("警示帳戶", "account on fraud alert"),
    "27": ("帳戶所有人已死亡", "account holder deceased"),
    "28": ("發動者申請停止入帳", "originator asked to stop"),
    "91": ("未能交易或匯入失敗", "not traded or import failed"),
    "99": ("其他", "other"),
    "AM02": ("超過單筆限額", "above the limit of one transfer"),
    "AM04": ("存款餘額不足", "insufficient funds"),
    "NARR": ("銀行拒收整批，未執行", "the bank refused the batch and executed nothing"),
}
# What a line is noted with whose return the bank has booked without saying why.
UNTOLD = "99"


def return_reason(code: str, *, language: str = "zh") -> str:
    """The meaning of a return code in `zh` or `en`; the code itself when nobody has told its meaning."""
    zh, en = RETURN_CODES.get(code, (code, code))
    return en if language == "en" else zh
