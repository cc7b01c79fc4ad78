"""Point 21: foreign currency is paid to the settling bank within the approved quota."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from vouchers.facts import VoucherFacts
from vouchers.parts import ForeignCurrency
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule, payee_path
from vouchers.rules.worlds import EntryWorld

_FIELDS = {
    "currency": Text("幣別", "currency"),
    "amount": Text("外幣金額", "foreign amount"),
    "rate": Text("匯率", "rate"),
    "twd_amount": Text("折合新臺幣金額", "amount in TWD"),
}


@entry_rule(
    "B-21",
    Reason.R04,
    Binds.FOREIGN_CURRENCY,
    title=Text(
        "外幣款項應載明幣別、外幣金額、匯率及新臺幣金額",
        "Currency, foreign amount, rate and amount in TWD are stated",
    ),
    remedy=Text("補填外幣資料", "Complete the foreign-currency block"),
)
def foreign_currency_is_complete(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """One finding for each of the four that is missing."""
    block = _block(voucher)
    for field, name in _FIELDS.items():
        if getattr(block, field) is None:
            yield Found(f"/foreign_currency/{field}", f"未載明{name.zh}", f"the {name.en} is missing")


@entry_rule(
    "B-21",
    Reason.R04,
    Binds.FOREIGN_CURRENCY,
    title=Text("折合新臺幣金額應等於憑單金額", "The amount in TWD is the voucher's total"),
    remedy=Text("更正折合新臺幣金額或憑單金額", "Correct the amount in TWD or the total"),
)
def twd_amount_is_the_total(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Voucher and books are in TWD."""
    twd_amount = _block(voucher).twd_amount
    if twd_amount is not None and twd_amount != voucher.total_twd:
        yield Found(
            "/foreign_currency/twd_amount",
            f"折合新臺幣{twd_amount:,}元與憑單金額{voucher.total_twd:,}元不符",
            f"{twd_amount:,} is not the voucher's total of {voucher.total_twd:,}",
        )


@entry_rule(
    "B-21",
    Reason.R04,
    Binds.FOREIGN_CURRENCY,
    title=Text(
        "外幣金額乘以匯率（四捨五入至元）應等於憑單金額",
        "Foreign amount times rate, half up to whole dollars, is the total",
    ),
    remedy=Text("更正外幣金額、匯率或憑單金額", "Correct the foreign amount, the rate or the total"),
)
def converted_amount_is_the_total(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Exact decimals; rounded once, at the end."""
    block = _block(voucher)
    if block.amount is None or block.rate is None:
        return
    converted_twd = int((Decimal(block.amount) * Decimal(block.rate)).quantize(Decimal(1), ROUND_HALF_UP))
    if converted_twd != voucher.total_twd:
        yield Found(
            "/foreign_currency/amount",
            f"{block.amount}×{block.rate}＝{converted_twd:,}元，與憑單金額{voucher.total_twd:,}元不符",
            f"{block.amount} x {block.rate} = {converted_twd:,}, the voucher says {voucher.total_twd:,}",
        )


@entry_rule(
    "B-21",
    Reason.R10,
    Binds.FOREIGN_CURRENCY,
    title=Text("外幣款項應註明核定外匯額度及附記事項", "The approved quota and the note are there"),
    remedy=Text(
        "填寫核定外匯額度，並於附記事項註明幣別、外幣金額及新臺幣金額",
        "Enter the quota, and note currency, foreign amount and amount in TWD",
    ),
)
def quota_and_note_are_there(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The note says in words what the block says in fields."""
    if _block(voucher).quota_ref is None:
        yield Found("/foreign_currency/quota_ref", "未註明核定外匯額度", "the quota is missing")
    if voucher.notes.text is None:
        yield Found("/notes/text", "附記事項未註明外幣內容", "the note on the foreign currency is missing")


@entry_rule(
    "B-21",
    Reason.R04,
    Binds.FOREIGN_CURRENCY,
    title=Text("外幣款項之受款人應為結匯銀行", "The payee of foreign currency is the settling bank"),
    remedy=Text("受款人改為結匯銀行", "Make the settling bank the payee"),
)
def payee_is_the_settling_bank(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The bank buys the currency and sends it on."""
    for index, line in enumerate(voucher.payee_lines):
        if line.kind != "bank":
            yield Found(payee_path(index, "kind"), f"「{line.name}」非結匯銀行", f"“{line.name}” is not a bank")


def _block(voucher: VoucherFacts) -> ForeignCurrency:
    assert voucher.foreign_currency is not None  # what Binds.FOREIGN_CURRENCY says
    return voucher.foreign_currency
