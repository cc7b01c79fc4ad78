"""Point 15: payees' banks exist; cheques are the exception, with consent, ground and reason."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule, payee_path
from vouchers.rules.worlds import EntryWorld


@entry_rule(
    "B-15.1",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("受款人銀行代號應存在", "Every payee's bank is in the bank directory"),
    remedy=Text("更正受款人銀行代號", "Correct the bank code"),
)
def payee_banks_exist(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Wherever a bank code is given, whatever the method."""
    for index, line in enumerate(voucher.payee_lines):
        if line.bank_code is not None and line.bank_code not in world.bank_codes:
            yield Found(
                payee_path(index, "bank_code"),
                f"無銀行代號{line.bank_code}",
                f"there is no bank {line.bank_code}",
            )


@entry_rule(
    "B-15.2",
    Reason.R03,
    Binds.CHEQUE,
    title=Text("簽發支票應事先徵得公庫同意", "A cheque has the treasury's prior consent"),
    remedy=Text("改採電匯存帳，或填寫同意文號", "Remit it, or enter the reference of the consent"),
)
def cheque_has_consent(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Every cheque, whatever its ground."""
    if voucher.cheque.consent_ref is None:
        yield Found("/cheque/consent_ref", "未載明公庫同意文號", "the treasury's consent is missing")


@entry_rule(
    "B-15.2",
    Reason.R10,
    Binds.CHEQUE,
    title=Text("簽發支票應註明事由及理由", "A cheque notes its ground and reason"),
    remedy=Text("填寫得採支票之事由及理由", "Enter the ground and the reason"),
)
def cheque_gives_ground_and_reason(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The ground is one of the list, the reason is said in words."""
    if voucher.cheque.ground is None:
        yield Found("/cheque/ground", "未載明得採支票之事由", "the ground is missing")
    if voucher.cheque.reason is None:
        yield Found("/cheque/reason", "未註明理由", "the reason is missing")
