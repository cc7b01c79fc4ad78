"""Point 5 of the e-payment questions: above the limit a payment voucher goes on paper (A-5.4)."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule
from vouchers.rules.worlds import EntryWorld


@entry_rule(
    "A-5.4",
    Reason.R04,
    Binds.EVERY_VOUCHER,
    title=Text(
        "紙本（超過限額）僅適用於逾電子支付限額之付款憑單",
        "The paper channel for large sums is for payments above the limit",
    ),
    remedy=Text("改以電子方式傳送", "Send it electronically"),
)
def paper_is_for_payments_over_the_limit(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Exactly the limit is still electronic, and a transfer voucher has no limit."""
    over_limit = voucher.is_payment and voucher.total_twd > world.epay_limit_twd
    if voucher.channel == "paper_over_limit" and not over_limit:
        limit = f"{world.epay_limit_twd:,}"
        yield Found("/channel", f"金額未逾電子支付限額{limit}元", f"not above the e-payment limit of {limit}")
