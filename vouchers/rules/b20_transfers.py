"""Point 20: accounts are corrected by a transfer voucher, debit against credit."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.parts import Original
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule, examination_rule
from vouchers.rules.worlds import EntryWorld, ExaminationWorld, OriginalFacts

_SIDES = {"debit": Text("借方", "debit"), "credit": Text("貸方", "credit")}


@entry_rule(
    "B-20",
    Reason.R05,
    Binds.TRANSFER,
    title=Text("轉帳憑單借貸雙方合計應各等於憑單金額", "Debit and credit lines each add up to the voucher's total"),
    remedy=Text("更正借貸雙方金額", "Correct the amounts of the two sides"),
)
def both_sides_are_the_total(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """A line on neither side makes the sides wrong, whatever they add up to."""
    for side, name in _SIDES.items():
        sum_twd = sum(line.amount_twd for line in voucher.account_lines if line.side == side)
        if sum_twd != voucher.total_twd:
            total = f"{voucher.total_twd:,}"
            yield Found(
                "/account_lines",
                f"{name.zh}合計{sum_twd:,}元，與憑單金額{total}元不符",
                f"the {name.en} lines add up to {sum_twd:,}, the voucher says {total}",
            )
    for index, line in enumerate(voucher.account_lines):
        if line.side is None:
            yield Found(f"/account_lines/{index}/side", "未註明借方或貸方", "the line is neither debit nor credit")


@examination_rule(
    "B-20",
    Reason.R02,
    Binds.TRANSFER,
    title=Text(
        "轉帳憑單應載明同機關同年度已支付之原憑單",
        "A transfer names originals of the same agency and year that have been paid",
    ),
    remedy=Text(
        "更正原支出憑單編號，或俟原憑單支付後再行轉正",
        "Correct the number of the original, or wait until it is paid",
    ),
)
def originals_have_been_paid(voucher: VoucherFacts, world: ExaminationWorld) -> Iterator[Found]:
    """Every original is a payment voucher; a transfer without any has no basis (B-11.4)."""
    if not voucher.originals:
        yield Found("/originals", "未載明原支出憑單", "no original is named")
    for index, original in enumerate(voucher.originals):
        known = known_original(original, voucher, world)
        if known is None or not known.paid:
            yield Found(
                f"/originals/{index}/number",
                f"{original.number}非本機關本年度已支付之付款憑單",
                f"{original.number} is no payment voucher of this agency and year that has been paid",
            )


def known_original(original: Original, voucher: VoucherFacts, world: ExaminationWorld) -> OriginalFacts | None:
    """What is known of an original; None when it is another agency's, of another year, or not known at all."""
    is_own = original.agency_code in (None, voucher.agency_code) and original.fiscal_year in (None, voucher.fiscal_year)
    return world.originals.get(original.number) if is_own else None
