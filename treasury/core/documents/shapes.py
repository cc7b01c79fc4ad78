"""What each document says: frozen shapes, the contract between the callers and the forms.

Amounts are whole TWD, dates are dates and moments aware datetimes; words (method, gate, capacity) come as they shall
be printed. The forms write the rest themselves: separators, capitals, ROC dates, running totals, page numbers.
An empty text or None is a field that does not apply, or is still missing in a draft: the form prints a dash.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from treasury.core.documents.application_shapes import Application


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of tick boxes: the words of all options, and the chosen one ("" = none is ticked)."""

    options: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A named line of 特別記載事項 or 附記事項, for example ("核准文號", "院授主預字第…號")."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """A line of the account list (科目清單); `side` only on transfer vouchers."""

    account_code: str
    amount_twd: int
    account_name: str = ""
    fund: str = ""
    side: Literal["", "debit", "credit"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeLine:
    """A line of the payee list (受款人清單); `identifier_kind` is a word such as 統一編號."""

    name: str
    amount_twd: int
    identifier_kind: str = ""
    identifier: str = ""
    bank_code: str = ""
    bank_name: str = ""
    account_no: str = ""
    account_name: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One place of the certification row: who acted in a capacity, with the certificate where a card signed.

    Without a name it prints an empty place for a seal. `certificate_serial` is hexadecimal.
    """

    capacity: str
    name: str = ""
    at: datetime | None = None
    certificate_serial: str = ""
    card_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One place of the treasury's own column: 收件, 審核, 登記, 付訖. `stamp` is printed as a stamp once done."""

    label: str
    number: str = ""
    by: str = ""
    at: datetime | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherHead:
    """What every voucher carries on top.

    `status` is printed as a word in the corner (草稿, 已退件); `digest_sha256` (64 hex digits) names the signed bytes
    and stands in the QR code; `is_paper` says that seals on paper count, not signatures (A-5.4).
    """

    treasury: str
    agency_code: str
    agency_name: str
    fiscal_year: int
    number: str
    issued_on: date
    revision: int = 1
    status: str = ""
    digest_sha256: str = ""
    is_paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentVoucher:
    """付款憑單. One account or payee stands on the form itself, more follow as lists (B-9.10).

    For an entrusted transfer give the bank's disbursement account (B-14.1.2): it takes the place of the payee's.
    """

    template: ClassVar[str] = "payment_voucher"

    head: VoucherHead
    gate: Choice
    method: Choice
    network: Choice
    purpose: str
    total_twd: int
    account_lines: tuple[AccountLine, ...]
    payee_lines: tuple[PayeeLine, ...]
    seals: tuple[Seal, ...]
    nature: str = ""
    expense_class: str = ""
    legal_pay_on: date | None = None
    distribution_on: date | None = None
    remit_on: date | None = None
    disbursement_bank_code: str = ""
    disbursement_bank: str = ""
    disbursement_account: str = ""
    crossing: Choice | None = None
    special_instructions: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    attachment_count: int = 0
    marks: tuple[Mark, ...] = ()

    @property
    def dated_on(self) -> date:
        """The day the file is dated by."""
        return self.head.issued_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A voucher that a transfer voucher corrects (B-11.4, B-20)."""

    number: str
    fiscal_year: int | None = None
    account_code: str = ""
    amount_twd: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferVoucher:
    """轉帳憑單: debit and credit lines of equal sums, and the vouchers they correct."""

    template: ClassVar[str] = "transfer_voucher"

    head: VoucherHead
    gate: Choice
    purpose: str
    total_twd: int
    account_lines: tuple[AccountLine, ...]
    seals: tuple[Seal, ...]
    nature: str = ""
    originals: tuple[Original, ...] = ()
    remarks: tuple[Remark, ...] = ()
    attachment_count: int = 0
    marks: tuple[Mark, ...] = ()

    @property
    def dated_on(self) -> date:
        """The day the file is dated by."""
        return self.head.issued_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheque:
    """市庫支票 or 國庫支票: what the regulations name for its face (facts 1.2, C-21.7)."""

    template: ClassVar[str] = "cheque"

    title: str
    series: str
    serial: str
    issued_on: date
    payee_name: str
    amount_twd: int
    paying_institution: str
    drawer: str
    drawer_account_no: str = ""
    voucher: str = ""
    is_crossed: bool = True
    is_non_endorsable: bool = True

    @property
    def dated_on(self) -> date:
        """The day the file is dated by."""
        return self.issued_on


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReason:
    """One of the return reasons of B-24, ticked when it applies."""

    code: str
    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFinding:
    """What was found and how to mend it; `field` in words or as a JSON Pointer, `rule` the requirement ID."""

    rule: str
    reason: str
    field: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNotice:
    """憑單退件通知書 (B-24): the voucher, the reasons marked, every finding, the note, who returned it and when."""

    template: ClassVar[str] = "return_notice"

    treasury: str
    agency_code: str
    agency_name: str
    fiscal_year: int
    voucher_kind: str
    number: str
    issued_on: date
    returned_at: datetime
    examiner: str
    total_twd: int
    purpose: str
    reasons: tuple[NoticeReason, ...]
    findings: tuple[NoticeFinding, ...] = ()
    revision: int = 1
    notice_no: str = ""
    payee: str = ""
    note: str = ""
    contact: str = ""

    @property
    def dated_on(self) -> date:
        """The day the file is dated by."""
        return self.returned_at.date()


Cell = str | int | date | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a register: `width` in millimetres, or 0 for a share of what is left.

    `kind` decides how a cell is written: text; code (unbroken Latin, centred); date and moment in ROC years; count
    and amount with separators, right-aligned. Dates need 20 mm, moments 34, amounts of all lengths 32: these and
    counts never break. `is_totalled` sums the column, page by page and at the end.
    """

    title: str
    title_en: str = ""
    width: int = 0
    kind: Literal["text", "code", "date", "moment", "count", "amount"] = "text"
    is_totalled: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A heading across the rows of a register; what follows belongs to it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register, list or day summary (B-8): columns, rows as tuples of cells, totals, notes, places for seals."""

    template: ClassVar[str] = "register"

    treasury: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...] | Band, ...]
    dated_on: date
    title_en: str = ""
    subject: str = ""
    notes: tuple[str, ...] = ()
    signers: tuple[str, ...] = ("製表", "覆核", "主管")
    is_landscape: bool = True
    made_at: datetime | None = None


Document = PaymentVoucher | TransferVoucher | Cheque | ReturnNotice | Register | Application
