"""Point 23: the account, and the fund where there is one, has the balance."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, examination_rule
from vouchers.rules.worlds import ExaminationWorld


@examination_rule(
    "B-23.2.1",
    Reason.R01,
    Binds.EVERY_VOUCHER,
    title=Text("支用金額不得超過科目可用餘額", "A voucher draws no more than the account's available balance"),
    remedy=Text("俟次期分配或更換科目", "Wait for the next allotment, or use another account"),
)
def accounts_have_the_balance(voucher: VoucherFacts, world: ExaminationWorld) -> Iterator[Found]:
    """Exactly the balance is allowed; the balance of another agency's account is not looked at."""
    for code, drawn_twd in voucher.draws_twd().items():
        account = world.accounts.get(code)
        if account is None or account.agency_code != voucher.agency_code:
            continue
        available_twd = world.available_twd.get(code, 0)
        if drawn_twd > available_twd:
            yield Found(
                "/account_lines",
                f"科目{code}支用{drawn_twd:,}元，可用餘額{available_twd:,}元",
                f"{drawn_twd:,} on account {code}, of which {available_twd:,} is available",
            )


@examination_rule(
    "B-23.2.2",
    Reason.R01,
    Binds.EVERY_VOUCHER,
    title=Text(
        "支用金額不得超過基金或專戶餘額",
        "A voucher draws no more than the balance of the fund or special account",
    ),
    remedy=Text("俟基金或專戶收入後再行支用", "Wait for the fund's income"),
)
def funds_have_the_balance(voucher: VoucherFacts, world: ExaminationWorld) -> Iterator[Found]:
    """In addition to the account's allotment; a fund that does not exist has nothing, and takes nothing."""
    for code, drawn_twd in voucher.fund_draws_twd().items():
        available_twd = world.fund_available_twd.get(code, 0)
        if drawn_twd > available_twd or code not in world.fund_available_twd:
            yield Found(
                "/account_lines",
                f"基金{code}支用{drawn_twd:,}元，餘額{available_twd:,}元",
                f"{drawn_twd:,} on fund {code}, which has {available_twd:,}",
            )
