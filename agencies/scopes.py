"""What a client of the API may be allowed, and the news it may subscribe to."""

from typing import Final

# Scope: what it allows, in Chinese and English.
SCOPES: Final[dict[str, tuple[str, str]]] = {
    "vouchers:read": ("讀取憑單", "read vouchers"),
    "vouchers:write": ("編製憑單、送覆核、取回、取消", "prepare, submit, withdraw and cancel vouchers"),
    "results:read": ("讀取支付結果與異動", "read payment results and changes"),
    "balances:read": ("讀取預算科目餘額", "read account balances"),
    "tables:read": ("讀取代碼表", "read code tables"),
    "log:read": ("讀取透明日誌", "read the transparency log"),
    "webhooks": ("管理通知訂閱", "manage webhook subscriptions"),
}

# Event: what has happened, in Chinese and English.
EVENTS: Final[dict[str, tuple[str, str]]] = {
    "voucher.changed": ("憑單異動", "a voucher took a step"),
    "line.changed": ("支付明細異動", "a payment line was returned, given back or sent again"),
    "cheque.changed": ("支票異動", "a cheque was issued, handed over, cleared, stopped or cancelled"),
}
