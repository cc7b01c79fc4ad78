"""What a voucher says, as frozen facts: the only thing the rules see.

Field names are those of the voucher file (`vouchers/schema/voucher-file.schema.json`), defaults are filled in, dates are
dates. A text of nothing but blanks states nothing and counts as absent, names excepted: their blanks are judged (B-9.9).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

BUSINESS_KINDS = frozenset({"business", "public_enterprise"})
PUBLIC_KINDS = frozenset({"government", "public_enterprise"})
CHEQUE_METHODS = frozenset({"cheque_self", "cheque_forward"})


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of the account list 科目清單."""

    account_code: str
    amount_twd: int
    account_name: str | None
    fund_code: str | None
    side: str | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "AccountLine":
        """The facts of one account line of a voucher file."""
        return cls(
            account_code=content["account_code"],
            amount_twd=content["amount_twd"],
            account_name=_text(content.get("account_name")),
            fund_code=_text(content.get("fund_code")),
            side=content.get("side"),
        )


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """An invoice or receipt behind a payee's amount 原始憑證."""

    type: str
    number: str | None
    issued_on: date | None
    amount_twd: int | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "SourceDocument":
        """The facts of one source document of a voucher file."""
        return cls(
            type=content["type"],
            number=_text(content.get("number")),
            issued_on=_date(content.get("date")),
            amount_twd=content.get("amount_twd"),
        )


@dataclass(frozen=True, slots=True)
class FirstPension:
    """The two notes a first pension payment carries (B-9.12.3)."""

    approval_doc_no: str | None
    retirement_date: date | None


@dataclass(frozen=True, slots=True)
class PayeeLine:
    """One line of the payee list 受款人清單."""

    name: str
    amount_twd: int
    kind: str
    id_type: str | None
    id: str | None
    bank_code: str | None
    account_no: str | None
    account_name: str | None
    account_name_reason: str | None
    source_documents: tuple[SourceDocument, ...]
    legal_pay_date: date | None
    distribution_date: date | None
    remit_date: date | None
    is_forwarder: bool
    is_first_pension: bool
    first_pension: FirstPension

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "PayeeLine":
        """The facts of one payee line of a voucher file."""
        get = content.get
        pension = get("first_pension", {})
        return cls(
            name=content["name"],
            amount_twd=content["amount_twd"],
            kind=get("kind", "business"),
            id_type=get("id_type"),
            id=_text(get("id")),
            bank_code=get("bank_code"),
            account_no=get("account_no"),
            account_name=get("account_name") or None,
            account_name_reason=_text(get("account_name_reason")),
            source_documents=tuple(map(SourceDocument.from_content, get("source_documents", ()))),
            legal_pay_date=_date(get("legal_pay_date")),
            distribution_date=_date(get("distribution_date")),
            remit_date=_date(get("remit_date")),
            is_forwarder=get("is_forwarder", False),
            is_first_pension=get("is_first_pension", False),
            first_pension=FirstPension(
                _text(pension.get("approval_doc_no")), _date(pension.get("retirement_date"))
            ),
        )

    @property
    def is_business(self) -> bool:
        """Whether the purchase rules of B-9.12.1 bind it: a business or a public enterprise."""
        return self.kind in BUSINESS_KINDS

    @property
    def is_public(self) -> bool:
        """Whether it is a government body or a public enterprise (B-27.2)."""
        return self.kind in PUBLIC_KINDS


@dataclass(frozen=True, slots=True)
class Cheque:
    """How and why a cheque is asked for; a block that is missing counts as one without any field (B-15.2, B-27)."""

    ground: str | None
    consent_ref: str | None
    crossing: str
    special_approval_ref: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Entrusted:
    """The bank that distributes an entrusted transfer 委託劃帳 (B-14.1.2)."""

    bank_code: str | None
    disbursement_account: str | None
    roster_sha256: str | None
    roster_receipt_ref: str | None


@dataclass(frozen=True, slots=True)
class ForeignCurrency:
    """A payment to be settled in foreign currency; `amount` and `rate` as decimal texts (B-21)."""

    currency: str | None
    amount: str | None
    rate: str | None
    twd_amount: int | None
    quota_ref: str | None


@dataclass(frozen=True, slots=True)
class Notes:
    """The remarks column 附記事項."""

    approval_doc_no: str | None
    petty_exception_reason: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class CollectionSlip:
    """A cheque-collection slip 領取支票憑證; `payee_seq` counts payee lines from 1 (B-17, B-18)."""

    no: str
    payee_seq: int | None
    collector_kind: str
    collector_id: str | None
    letter_no: str | None


@dataclass(frozen=True, slots=True)
class Original:
    """A payment voucher that a transfer voucher corrects (B-11.4, B-20)."""

    number: str
    fiscal_year: int | None
    agency_code: str | None
    account_code: str | None
    amount_twd: int | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an advance is settled 歸墊 (B-32.1 to B-32.3)."""

    case_no: str | None
    way: str | None
    original_agency_code: str | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper covered by the signatures (B-10)."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class VoucherFacts:
    """One payment or transfer voucher of one agency and fiscal year (ROC)."""

    agency_code: str
    fiscal_year: int
    kind: str
    number: str
    issue_date: date
    purpose: str
    total_twd: int
    gate: str | None
    nature: str
    expense_class: str
    method: str | None
    network: str | None
    legal_pay_date: date | None
    distribution_date: date | None
    remit_date: date | None
    account_lines: tuple[AccountLine, ...]
    payee_lines: tuple[PayeeLine, ...]
    cheque: Cheque
    entrusted: Entrusted
    foreign_currency: ForeignCurrency | None
    notes: Notes
    collection_slips: tuple[CollectionSlip, ...]
    originals: tuple[Original, ...]
    settlement: Settlement | None
    attachments: tuple[Attachment, ...]
    channel: str
    advance_case: str | None
    entrusted_impossible_reason: str | None
    statutory_case_no: str | None
    receipt_account_ref: str | None
    carry_over_ref: str | None
    refund_of: str | None
    reclaims_cheque: str | None
    replaces_voucher: str | None
    petty_cash_list_no: str | None
    incident_ref: str | None

    @classmethod
    def from_content(
        cls, content: Mapping[str, Any], *, agency_code: str, fiscal_year: int
    ) -> "VoucherFacts":
        """The facts of a voucher object that `vouchers.files` has read (valid by the schema)."""
        get = content.get
        return cls(
            agency_code=agency_code,
            fiscal_year=fiscal_year,
            kind=content["kind"],
            number=content["number"],
            issue_date=date.fromisoformat(content["issue_date"]),
            purpose=content["purpose"],
            total_twd=content["total_twd"],
            gate=get("gate"),
            nature=get("nature", "normal"),
            expense_class=get("expense_class", "general"),
            method=get("method"),
            network=get("network"),
            legal_pay_date=_date(get("legal_pay_date")),
            distribution_date=_date(get("distribution_date")),
            remit_date=_date(get("remit_date")),
            account_lines=tuple(map(AccountLine.from_content, content["account_lines"])),
            payee_lines=tuple(map(PayeeLine.from_content, get("payee_lines", ()))),
            channel=get("channel", "electronic"),
            **_blocks(content),
            **{name: _text(get(name)) for name in REFERENCES},
        )

    @property
    def is_payment(self) -> bool:
        """Whether it is a payment voucher 付款憑單 (else a transfer voucher 轉帳憑單)."""
        return self.kind == "payment"

    @property
    def is_cheque(self) -> bool:
        """Whether it asks for cheques, collected by the payee or forwarded."""
        return self.is_payment and self.method in CHEQUE_METHODS

    @property
    def is_advance(self) -> bool:
        """Whether it pays an advance 墊付款, which draws on its case and not on the account (B-32.0)."""
        return self.is_payment and self.nature == "advance"

    def draws_twd(self) -> dict[str, int]:
        """What it would draw on each account: all lines of a payment, the debit lines of a transfer, none of an advance."""
        draws: dict[str, int] = {}
        if self.is_advance:
            return draws
        for line in self.account_lines:
            if self.is_payment or line.side == "debit":
                draws[line.account_code] = draws.get(line.account_code, 0) + line.amount_twd
        return draws


# Texts of the voucher itself that name another record or give a reason; each is absent or a text.
REFERENCES = (
    "advance_case",
    "entrusted_impossible_reason",
    "statutory_case_no",
    "receipt_account_ref",
    "carry_over_ref",
    "refund_of",
    "reclaims_cheque",
    "replaces_voucher",
    "petty_cash_list_no",
    "incident_ref",
)
