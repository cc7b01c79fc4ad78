"""Point 9, item 12: business numbers, source documents and the other notes a voucher carries."""

import re
from collections.abc import Iterator

from treasury.core.identifiers import is_valid_identifier
from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule, payee_path
from vouchers.rules.worlds import EntryWorld

_INVOICE_NUMBER = re.compile(r"[A-Z]{2}[0-9]{8}")
# These are petty cash themselves, or a refund of what was paid in.
_PETTY_EXEMPT = frozenset({"petty_cash_replenishment", "fixed_petty_cash", "refund"})


@entry_rule(
    "B-9.12.1",
    Reason.R08,
    Binds.PAYMENT,
    title=Text("營利事業受款人應註明統一編號", "A business payee's number and its type are stated"),
    remedy=Text("填寫統一編號", "Enter the business number (統一編號)"),
)
def business_payee_has_its_number(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Binds businesses and public enterprises."""
    for index, line in enumerate(voucher.payee_lines):
        if not line.is_business:
            continue
        if line.id is None:
            yield Found(payee_path(index, "id"), f"「{line.name}」未註明統一編號", f"no number for “{line.name}”")
        if line.id_type is None:
            yield Found(
                payee_path(index, "id_type"),
                f"「{line.name}」未註明證號類別",
                f"no type of number for “{line.name}”",
            )


@entry_rule(
    "B-9.12.1",
    Reason.R10,
    Binds.PAYMENT,
    title=Text("自然人受款人應註明身分證統一編號", "An individual's ID number is stated"),
    remedy=Text("填寫身分證統一編號或統一證號", "Enter the national or resident ID number"),
)
def individual_payee_has_an_id(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Other kinds of payee than individuals and businesses need none."""
    for index, line in enumerate(voucher.payee_lines):
        if line.kind == "individual" and line.id is None:
            yield Found(payee_path(index, "id"), f"「{line.name}」未註明身分證號", f"no ID number for “{line.name}”")


@entry_rule(
    "B-9.12.1",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("統一編號、身分證號之檢查碼應正確", "The check digit of every number is right"),
    remedy=Text("更正證號或其類別", "Correct the number or its type"),
)
def identifiers_check(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """A number given with its type, of whatever payee; passports have no check digit."""
    for index, line in enumerate(voucher.payee_lines):
        if line.id is None or line.id_type is None:
            continue
        if not is_valid_identifier(line.id_type, line.id):
            yield Found(
                payee_path(index, "id"),
                f"「{line.name}」之證號{line.id}檢查碼不符",
                f"{line.id} of “{line.name}” is not a valid {line.id_type}",
            )


@entry_rule(
    "B-9.12.1",
    Reason.R08,
    Binds.PAYMENT,
    title=Text(
        "營利事業受款人應註明發票號碼（或普通收據）及開立日期",
        "A business payee's invoices or receipts and their dates are stated",
    ),
    remedy=Text(
        "填寫發票號碼或普通收據及開立日期",
        "Enter the invoice number, or plain receipt, and the date of issue",
    ),
)
def business_payee_has_source_documents(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """At least one document, every invoice with its number, every document with its date."""
    for index, line in enumerate(voucher.payee_lines):
        if not line.is_business:
            continue
        path = payee_path(index, "source_documents")
        if not line.source_documents:
            yield Found(path, f"「{line.name}」未註明發票或收據", f"no invoice or receipt for “{line.name}”")
        for position, document in enumerate(line.source_documents):
            if document.type == "invoice" and document.number is None:
                yield Found(f"{path}/{position}/number", "未註明發票號碼", "the invoice number is missing")
            if document.issued_on is None:
                yield Found(f"{path}/{position}/date", "未註明開立日期", "the date of issue is missing")


@entry_rule(
    "B-9.12.1",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("統一發票號碼應為二碼英文字軌及八碼數字", "An invoice number is two letters and eight digits"),
    remedy=Text("更正發票號碼", "Correct the invoice number"),
)
def invoice_numbers_have_their_form(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Receipts have no fixed form."""
    for index, line in enumerate(voucher.payee_lines):
        for position, document in enumerate(line.source_documents):
            number = document.number
            if document.type == "invoice" and number is not None and not _INVOICE_NUMBER.fullmatch(number):
                path = payee_path(index, f"source_documents/{position}/number")
                yield Found(path, f"發票號碼「{number}」格式不符", f"“{number}” is not the form of an invoice number")


@entry_rule(
    "B-9.12.2",
    Reason.R10,
    Binds.PAYMENT,
    title=Text("小額款項未由額定零用金支付者應註明理由", "A petty amount paid by voucher gives the reason"),
    remedy=Text("由零用金支付，或註明未由零用金支付之理由", "Pay it from petty cash, or give the reason for a voucher"),
)
def petty_amount_gives_its_reason(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Not over the petty amount includes it."""
    is_petty = voucher.total_twd <= world.petty_amount_twd and voucher.nature not in _PETTY_EXEMPT
    if is_petty and voucher.notes.petty_exception_reason is None:
        amount = f"{world.petty_amount_twd:,}"
        yield Found(
            "/notes/petty_exception_reason",
            f"金額未逾{amount}元，未註明不由零用金支付之理由",
            f"not over {amount}, and no reason for not using petty cash",
        )


@entry_rule(
    "B-9.12.3",
    Reason.R10,
    Binds.PAYMENT,
    title=Text(
        "首次退休金應註明核准文號及退休生效日期",
        "A first pension notes its approval and the date of retirement",
    ),
    remedy=Text("填寫核准文號及退休生效日期", "Enter the approval number and the date of retirement"),
)
def first_pension_is_documented(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Both notes, on the payee's line."""
    for index, line in enumerate(voucher.payee_lines):
        if not line.is_first_pension:
            continue
        path = payee_path(index, "first_pension")
        if line.first_pension.approval_doc_no is None:
            yield Found(f"{path}/approval_doc_no", "未註明核准文號", "the approval number is missing")
        if line.first_pension.retirement_date is None:
            yield Found(f"{path}/retirement_date", "未註明退休生效日期", "the date of retirement is missing")
