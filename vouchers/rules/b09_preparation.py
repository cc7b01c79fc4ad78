"""Point 9, items 1 to 6: what is prepared apart; number, account, category and purpose of a voucher."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from treasury.core.roc import format_date
from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule, payee_path
from vouchers.rules.worlds import EntryWorld

_DATES = {
    "legal_pay_date": Text("法定支付日期", "statutory payment date"),
    "distribution_date": Text("發放日", "distribution date"),
    "remit_date": Text("交付通匯日", "remittance date"),
}
_GATES = {"current": Text("經常門", "current"), "capital": Text("資本門", "capital")}
_NETWORKS = {"intra_bank": Text("聯行通匯", "intra-bank"), "fisc": Text("跨行通匯", "interbank (FISC)")}
_REPLENISHMENT_WORDS = "撥還零用金"


@entry_rule(
    "B-9.1",
    Reason.R09,
    Binds.PAYMENT,
    title=Text(
        "法定支付日期、發放日、交付通匯日不同者應分開編製",
        "Different payment, distribution or remittance dates are prepared apart",
    ),
    remedy=Text("依日期分開編製憑單", "Prepare a voucher for each date"),
)
def dates_are_one_and_the_same(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """All values stated of a date, on voucher and payee lines, are one; who is silent follows the others."""
    for field, name in _DATES.items():
        of_lines = list(map(attrgetter(field), voucher.payee_lines))
        own = getattr(voucher, field)
        if len({own, *of_lines} - {None}) < 2:
            continue
        places = [(f"/{field}", own), *((payee_path(index, field), value) for index, value in enumerate(of_lines))]
        stated: list[tuple[str, date]] = [(path, value) for path, value in places if value is not None]
        for path, value in stated:
            if value != stated[0][1]:
                other, first = format_date(value), format_date(stated[0][1])
                yield Found(path, f"{name.zh}{other}與{first}不同", f"{name.en} {other} differs from {first}")


@entry_rule(
    "B-9.1",
    Reason.R09,
    Binds.REMITTANCE,
    title=Text("聯行通匯與跨行通匯應分開編製", "Intra-bank and interbank remittances are prepared apart"),
    remedy=Text(
        "依受款人銀行分開編製，或更正通匯別",
        "Prepare them apart by the payees' banks, or correct the network",
    ),
)
def banks_belong_to_the_network(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The agent bank's branches are `intra_bank`, all other banks `fisc`; also with a single payee."""
    if voucher.network is None:
        return
    for index, line in enumerate(voucher.payee_lines):
        if line.bank_code is None:
            continue
        network = "intra_bank" if line.bank_code.startswith(world.agent_bank) else "fisc"
        if network != voucher.network:
            fits, given = _NETWORKS[network], _NETWORKS[voucher.network]
            yield Found(
                payee_path(index, "bank_code"),
                f"銀行代號{line.bank_code}屬{fits.zh}，憑單為{given.zh}",
                f"bank code {line.bank_code} is {fits.en}, the voucher is {given.en}",
            )


@entry_rule(
    "B-9.2",
    Reason.R04,
    Binds.EVERY_VOUCHER,
    title=Text("憑單編號不得重複", "A voucher number is used once"),
    remedy=Text("更換憑單編號", "Take another number"),
)
def number_is_new(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """No earlier voucher of the agency and fiscal year has the number, whatever became of it."""
    if world.number_taken:
        yield Found(
            "/number",
            f"憑單編號{voucher.number}已使用",
            f"the number {voucher.number} was used by an earlier voucher",
        )


@entry_rule(
    "B-9.3.1",
    Reason.R04,
    Binds.EVERY_VOUCHER,
    title=Text("預算科目代號應為當年度核定者", "Account codes are those of the year's approved budget"),
    remedy=Text("更正預算科目代號", "Correct the account code"),
)
def accounts_are_in_the_budget(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Whose account it is, is the treasury's question (B-24.2)."""
    for index, line in enumerate(voucher.account_lines):
        if line.account_code not in world.accounts:
            code = line.account_code
            yield Found(
                f"/account_lines/{index}/account_code",
                f"預算無科目{code}",
                f"the budget has no account {code}",
            )


@entry_rule(
    "B-9.5",
    Reason.R04,
    Binds.EVERY_VOUCHER,
    title=Text("經費門別應註明且與科目相符", "The expenditure category is stated and is that of every account"),
    remedy=Text("更正經費門別；經常門與資本門分開編製", "Correct the category; prepare current and capital apart"),
)
def gate_is_that_of_every_account(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """An account that the budget does not have has no category to compare."""
    if voucher.gate is None:
        yield Found("/gate", "未註明經費門別", "the expenditure category is missing")
        return
    for index, line in enumerate(voucher.account_lines):
        account = world.accounts.get(line.account_code)
        if account is not None and account.gate != voucher.gate:
            own, given = _GATES[account.gate], _GATES[voucher.gate]
            yield Found(
                f"/account_lines/{index}/account_code",
                f"科目{line.account_code}為{own.zh}，憑單為{given.zh}",
                f"account {line.account_code} is {own.en}, the voucher is {given.en}",
            )


@entry_rule(
    "B-9.6",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("撥還零用金應於支出用途註明「撥還零用金」", "A petty-cash replenishment says so in its purpose"),
    remedy=Text("於支出用途加註「撥還零用金」", "Write 撥還零用金 in the purpose"),
)
def replenishment_says_so(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The phrase belongs in the purpose, whatever else is said there."""
    if voucher.nature == "petty_cash_replenishment" and _REPLENISHMENT_WORDS not in voucher.purpose:
        yield Found("/purpose", "支出用途未註明「撥還零用金」", "the purpose does not say 撥還零用金")


@entry_rule(
    "B-9.6",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("撥還零用金應載明零用金支用清單編號", "A petty-cash replenishment names its payment list"),
    remedy=Text("填寫零用金支用清單編號", "Enter the number of the petty-cash list"),
)
def replenishment_names_its_list(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The list shows what the petty cash was spent on."""
    if voucher.nature == "petty_cash_replenishment" and voucher.petty_cash_list_no is None:
        yield Found("/petty_cash_list_no", "未載明零用金支用清單編號", "the petty-cash list is not named")
