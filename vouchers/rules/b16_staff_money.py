"""Point 16: what is paid to staff and retirees goes by entrusted transfer."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule
from vouchers.rules.worlds import EntryWorld

_ENTRUST = Text(
    "改採委託劃帳，或匯入機關專戶並註明理由",
    "Use entrusted transfer, or remit to the agency's special account with the reason",
)
_CLASSES = {"staff": Text("員工給付", "staff money"), "retiree": Text("退休給付", "retirees' money")}


@entry_rule(
    "B-16.1",
    Reason.R03,
    Binds.REMITTANCE,
    title=Text("員工給付應採委託劃帳", "Staff money is not remitted to individuals"),
    remedy=_ENTRUST,
)
def staff_money_is_entrusted(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Salaries, overtime, travel, allowances and other pay."""
    yield from _remitted_to_individuals(voucher, "staff")


@entry_rule(
    "B-16.2",
    Reason.R03,
    Binds.REMITTANCE,
    title=Text("退休給付應採委託劃帳", "Retirees' money is not remitted to individuals"),
    remedy=_ENTRUST,
)
def retirees_money_is_entrusted(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Pensions, bereavement and festival money and other regular payments."""
    yield from _remitted_to_individuals(voucher, "retiree")


@entry_rule(
    "B-16.4",
    Reason.R03,
    Binds.REMITTANCE,
    title=Text(
        "員工、退休給付匯入機關專戶應註明無法委託劃帳之理由",
        "Staff or retirees' money in a special account gives the reason",
    ),
    remedy=Text("註明無法委託劃帳之理由", "Say why entrusted transfer is impossible"),
)
def special_account_gives_its_reason(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The agency's own special account is allowed where entrusted transfer is impossible."""
    if voucher.expense_class not in _CLASSES or voucher.entrusted_impossible_reason is not None:
        return
    if any(line.kind == "agency_special_account" for line in voucher.payee_lines):
        yield Found("/entrusted_impossible_reason", "未註明無法委託劃帳之理由", "the reason is missing")


def _remitted_to_individuals(voucher: VoucherFacts, expense_class: str) -> Iterator[Found]:
    if voucher.expense_class != expense_class:
        return
    individuals = sum(line.kind == "individual" for line in voucher.payee_lines)
    if individuals:
        name = _CLASSES[expense_class]
        yield Found(
            "/method",
            f"{name.zh}電匯予個人{individuals}人",
            f"{name.en} remitted to individuals ({individuals})",
        )
