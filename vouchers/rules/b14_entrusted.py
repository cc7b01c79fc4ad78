"""Point 14: entrusted transfer, one sum to a bank that credits the payees by its roster."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule, payee_path
from vouchers.rules.worlds import EntryWorld


@entry_rule(
    "B-14.1.2",
    Reason.R04,
    Binds.ENTRUSTED,
    title=Text(
        "委託劃帳應載明受託銀行及其劃撥帳號",
        "An entrusted transfer states the bank and its disbursement account",
    ),
    remedy=Text("填寫受託銀行代號及劃撥帳號", "Enter the bank and its disbursement account"),
)
def entrusted_bank_is_stated(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """A block that is missing lacks both."""
    if voucher.entrusted.bank_code is None:
        yield Found("/entrusted/bank_code", "未載明受託銀行", "the bank is missing")
    if voucher.entrusted.disbursement_account is None:
        yield Found("/entrusted/disbursement_account", "未載明劃撥帳號", "the disbursement account is missing")


@entry_rule(
    "B-14.1.2",
    Reason.R04,
    Binds.ENTRUSTED,
    title=Text("受託銀行代號應存在", "The entrusted bank is in the bank directory"),
    remedy=Text("更正受託銀行代號", "Correct the bank code"),
)
def entrusted_bank_exists(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """A bank code is institution and branch, seven digits."""
    code = voucher.entrusted.bank_code
    if code is not None and code not in world.bank_codes:
        yield Found("/entrusted/bank_code", f"無銀行代號{code}", f"there is no bank {code}")


@entry_rule(
    "B-14.1.2",
    Reason.R04,
    Binds.ENTRUSTED,
    title=Text("委託劃帳之受款人應有帳號", "Every payee of an entrusted transfer has an account"),
    remedy=Text("補填受款人帳號", "Enter the payee's account number"),
)
def entrusted_payees_have_accounts(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The roster is made of them; a payee without an account could not be credited."""
    for index, line in enumerate(voucher.payee_lines):
        if line.account_no is None:
            yield Found(payee_path(index, "account_no"), f"「{line.name}」缺帳號", f"no account for “{line.name}”")
