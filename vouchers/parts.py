"""The parts of a voucher as frozen facts: its lines and its blocks.

Each is made from the object of the same name in a voucher file; a block that is absent gives one without any
field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

BUSINESS_KINDS = frozenset({"business", "public_enterprise"})
PUBLIC_KINDS = frozenset({"government", "public_enterprise"})

_BLANKS = " \t\r\n\u00a0\u3000"


def stated_text(text: str | None) -> str | None:
    """The text as written, or None when it states nothing."""
    return text if text and text.strip(_BLANKS) else None


def stated_date(text: str | None) -> date | None:
    """The date of an ISO text, or None."""
    return None if text is None else date.fromisoformat(text)


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
            account_name=stated_text(content.get("account_name")),
            fund_code=stated_text(content.get("fund_code")),
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
            number=stated_text(content.get("number")),
            issued_on=stated_date(content.get("date")),
            amount_twd=content.get("amount_twd"),
        )


@dataclass(frozen=True, slots=True)
class FirstPension:
    """The two notes a first pension payment carries (B-9.12.3)."""

    approval_doc_no: str | None
    retirement_date: date | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "FirstPension":
        """The facts of the block `first_pension`."""
        return cls(
            approval_doc_no=stated_text(content.get("approval_doc_no")),
            retirement_date=stated_date(content.get("retirement_date")),
        )


_NO_PENSION = FirstPension(None, None)


class PayeeLine(NamedTuple):
    """One line of the payee list 受款人清單; a tuple, for there may be 20,000 of them."""

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
        pension = get("first_pension")
        return cls(
            name=content["name"],
            amount_twd=content["amount_twd"],
            kind=get("kind", "business"),
            id_type=get("id_type"),
            id=stated_text(get("id")),
            bank_code=get("bank_code"),
            account_no=get("account_no"),
            account_name=get("account_name") or None,
            account_name_reason=stated_text(get("account_name_reason")),
            source_documents=tuple(map(SourceDocument.from_content, get("source_documents", ()))),
            legal_pay_date=stated_date(get("legal_pay_date")),
            distribution_date=stated_date(get("distribution_date")),
            remit_date=stated_date(get("remit_date")),
            is_forwarder=get("is_forwarder", False),
            is_first_pension=get("is_first_pension", False),
            first_pension=FirstPension.from_content(pension) if pension else _NO_PENSION,
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
    """How and why a cheque is asked for (B-15.2, B-27)."""

    ground: str | None
    consent_ref: str | None
    crossing: str
    special_approval_ref: str | None
    reason: str | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Cheque":
        """The facts of the block `cheque`."""
        return cls(
            ground=content.get("ground"),
            consent_ref=stated_text(content.get("consent_ref")),
            crossing=content.get("crossing", "crossed"),
            special_approval_ref=stated_text(content.get("special_approval_ref")),
            reason=stated_text(content.get("reason")),
        )


@dataclass(frozen=True, slots=True)
class Entrusted:
    """The bank that distributes an entrusted transfer 委託劃帳 (B-14.1.2)."""

    bank_code: str | None
    disbursement_account: str | None
    roster_sha256: str | None
    roster_receipt_ref: str | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Entrusted":
        """The facts of the block `entrusted`."""
        return cls(
            bank_code=content.get("bank_code"),
            disbursement_account=content.get("disbursement_account"),
            roster_sha256=content.get("roster", {}).get("sha256"),
            roster_receipt_ref=stated_text(content.get("roster", {}).get("receipt_ref")),
        )


@dataclass(frozen=True, slots=True)
class ForeignCurrency:
    """A payment to be settled in foreign currency; `amount` and `rate` as decimal texts (B-21)."""

    currency: str | None
    amount: str | None
    rate: str | None
    twd_amount: int | None
    quota_ref: str | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "ForeignCurrency":
        """The facts of the block `foreign_currency`."""
        return cls(
            currency=content.get("currency"),
            amount=content.get("amount"),
            rate=content.get("rate"),
            twd_amount=content.get("twd_amount"),
            quota_ref=stated_text(content.get("quota_ref")),
        )


@dataclass(frozen=True, slots=True)
class Notes:
    """The remarks column 附記事項."""

    approval_doc_no: str | None
    petty_exception_reason: str | None
    text: str | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Notes":
        """The facts of the block `notes`."""
        return cls(
            approval_doc_no=stated_text(content.get("approval_doc_no")),
            petty_exception_reason=stated_text(content.get("petty_exception_reason")),
            text=stated_text(content.get("text")),
        )


@dataclass(frozen=True, slots=True)
class CollectionSlip:
    """A cheque-collection slip 領取支票憑證; `payee_seq` counts payee lines from 1 (B-17, B-18)."""

    no: str
    payee_seq: int | None
    collector_kind: str
    collector_id: str | None
    letter_no: str | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "CollectionSlip":
        """The facts of one slip of a voucher file."""
        return cls(
            no=content["no"],
            payee_seq=content.get("payee_seq"),
            collector_kind=content.get("collector_kind", "payee"),
            collector_id=stated_text(content.get("collector_id")),
            letter_no=stated_text(content.get("letter_no")),
        )


@dataclass(frozen=True, slots=True)
class Original:
    """A payment voucher that a transfer voucher corrects (B-11.4, B-20)."""

    number: str
    fiscal_year: int | None
    agency_code: str | None
    account_code: str | None
    amount_twd: int | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Original":
        """The facts of one original of a transfer voucher."""
        return cls(
            number=content["number"],
            fiscal_year=content.get("fiscal_year"),
            agency_code=stated_text(content.get("agency_code")),
            account_code=stated_text(content.get("account_code")),
            amount_twd=content.get("amount_twd"),
        )


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an advance is settled 歸墊 (B-32.1 to B-32.3)."""

    case_no: str | None
    way: str | None
    original_agency_code: str | None

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Settlement":
        """The facts of the block `settlement`."""
        return cls(
            case_no=stated_text(content.get("case_no")),
            way=content.get("way"),
            original_agency_code=stated_text(content.get("original_agency_code")),
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper covered by the signatures (B-10)."""

    name: str
    sha256: str

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Attachment":
        """The facts of one attachment."""
        return cls(
            name=content["name"],
            sha256=content["sha256"],
        )
