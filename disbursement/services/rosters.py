"""受款人劃帳清冊: the list of payees that goes with an entrusted transfer (B-14.1.2)."""

import json

from vouchers import selectors as vouchers


def roster_of(voucher_id: int) -> bytes:
    """The roster of a voucher as JSON Lines: name, bank_code, account_no, amount_twd of each payee, in their order."""
    voucher = vouchers.voucher(voucher_id)
    bank_code = voucher.content["entrusted"]["bank_code"]
    wanted = ("name", "bank_code", "account_no", "amount_twd")
    rows = (
        {"bank_code": bank_code, **{key: line[key] for key in wanted if key in line}} for line in voucher.payee_lines
    )
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
