"""Point 11: what the certifiers of a transfer voucher answer for."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.b20_transfers import known_original
from vouchers.rules.catalogue import Binds, Found, Text, examination_rule
from vouchers.rules.worlds import ExaminationWorld


@examination_rule(
    "B-11.4",
    Reason.R04,
    Binds.TRANSFER,
    title=Text("轉正之科目及金額應與原支出憑單相符", "Account and amount of a correction fit the original"),
    remedy=Text("更正原支出之科目或金額", "Correct the original's account or amount"),
)
def correction_fits_its_original(voucher: VoucherFacts, world: ExaminationWorld) -> Iterator[Found]:
    """No more than the original charged to the account; an unknown original is the business of B-20."""
    for index, original in enumerate(voucher.originals):
        known = known_original(original, voucher, world)
        if known is None or known.amounts_twd is None or original.account_code is None:
            continue
        charged = known.amounts_twd.get(original.account_code)
        if charged is None:
            yield Found(
                f"/originals/{index}/account_code",
                f"{original.number}未支用科目{original.account_code}",
                f"{original.number} charged nothing to {original.account_code}",
            )
        elif original.amount_twd is not None and original.amount_twd > charged:
            yield Found(
                f"/originals/{index}/amount_twd",
                f"超過{original.number}原支出金額{charged:,}元",
                f"more than the {charged:,} that {original.number} charged",
            )
