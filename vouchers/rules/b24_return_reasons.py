"""Point 24: reasons that no other article words: lateness, dates, sums, basis, approval."""

from collections.abc import Iterable, Iterator

from treasury.core.roc import format_date
from vouchers.facts import VoucherFacts
from vouchers.parts import AccountLine, PayeeLine
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule, examination_rule
from vouchers.rules.worlds import EntryWorld, ExaminationWorld


@entry_rule(
    "B-24.6",
    Reason.R06,
    Binds.EVERY_VOUCHER,
    title=Text("年度已關帳者應有保留或應付案", "A voucher of a closed fiscal year has a carry-over case (B-9.4)"),
    remedy=Text("填寫保留或應付案號，或改列本年度", "Enter the carry-over case, or use the current year"),
)
def year_is_open_or_carried_over(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Comes before everything: what it finds is the only finding."""
    if not world.year_is_open and voucher.carry_over_ref is None:
        year = voucher.fiscal_year
        yield Found("/carry_over_ref", f"{year}年度已關帳", f"the books of {year} are closed")


@entry_rule(
    "B-24.4",
    Reason.R04,
    Binds.EVERY_VOUCHER,
    title=Text("開立日期不得晚於今日", "The issue date is not after today"),
    remedy=Text("更正開立日期", "Correct the issue date"),
)
def issue_date_has_come(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Today itself is allowed."""
    if voucher.issue_date > world.today:
        issued, today = format_date(voucher.issue_date), format_date(world.today)
        yield Found("/issue_date", f"開立日期{issued}晚於今日{today}", f"issued on {issued}, which is after {today}")


@entry_rule(
    "B-24.5",
    Reason.R05,
    Binds.PAYMENT,
    title=Text("科目清單合計應等於憑單金額", "The account lines add up to the voucher's total"),
    remedy=Text("更正科目清單或憑單金額", "Correct the account lines or the total"),
)
def account_lines_are_the_total(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """All account lines of a payment."""
    yield from _sum_differs(voucher, "/account_lines", Text("科目清單", "account lines"), voucher.account_lines)


@entry_rule(
    "B-24.5",
    Reason.R05,
    Binds.PAYMENT,
    title=Text("受款人清單合計應等於憑單金額", "The payee lines add up to the voucher's total"),
    remedy=Text("更正受款人清單或憑單金額", "Correct the payee lines or the total"),
)
def payee_lines_are_the_total(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """A voucher without payees is the business of B-9.10."""
    if voucher.payee_lines:
        yield from _sum_differs(voucher, "/payee_lines", Text("受款人清單", "payee lines"), voucher.payee_lines)


@entry_rule(
    "B-24.3",
    Reason.R03,
    Binds.ADVANCE,
    title=Text("墊付款應註明核准文號", "An advance notes its approval number"),
    remedy=Text("填寫核准文號", "Enter the approval number"),
)
def advance_notes_its_approval(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """The number of the letter that approved the case (B-9.12.4, B-31)."""
    if voucher.notes.approval_doc_no is None:
        yield Found("/notes/approval_doc_no", "未註明核准文號", "the approval number is missing")


@examination_rule(
    "B-24.2",
    Reason.R02,
    Binds.EVERY_VOUCHER,
    title=Text("科目應屬本機關", "Every account belongs to the agency"),
    remedy=Text("更正為本機關科目", "Use an account of the agency"),
)
def accounts_belong_to_the_agency(voucher: VoucherFacts, world: ExaminationWorld) -> Iterator[Found]:
    """Without an allotment of its own the agency has no basis for the payment."""
    for index, line in enumerate(voucher.account_lines):
        account = world.accounts.get(line.account_code)
        if account is None or account.agency_code != voucher.agency_code:
            code = line.account_code
            yield Found(
                f"/account_lines/{index}/account_code",
                f"科目{code}非本機關科目",
                f"account {code} is not one of this agency",
            )


def _sum_differs(
    voucher: VoucherFacts, path: str, name: Text, lines: Iterable[AccountLine | PayeeLine]
) -> Iterator[Found]:
    sum_twd = sum(line.amount_twd for line in lines)
    if sum_twd != voucher.total_twd:
        total = f"{voucher.total_twd:,}"
        yield Found(
            path,
            f"{name.zh}合計{sum_twd:,}元，與憑單金額{total}元不符",
            f"the {name.en} add up to {sum_twd:,}, the voucher says {total}",
        )
