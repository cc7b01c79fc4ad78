"""What a voucher says, as frozen facts: the only thing the rules see.

Field names are those of the voucher file (`vouchers/schema/voucher-file.schema.json`), defaults are filled
in, dates are dates. A text of nothing but blanks states nothing and counts as absent, names excepted: their
blanks are judged (B-9.9).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vouchers.parts import (
    AccountLine,
    Attachment,
    Cheque,
    CollectionSlip,
    Entrusted,
    ForeignCurrency,
    Notes,
    Original,
    PayeeLine,
    Settlement,
    stated_date,
    stated_text,
)

CHEQUE_METHODS = frozenset({"cheque_self", "cheque_forward"})


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
    settlement: Settlement
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
    path: str

    @classmethod
    def from_content(
        cls, content: Mapping[str, Any], *, agency_code: str, fiscal_year: int, index: int | None = None
    ) -> "VoucherFacts":
        """The facts of a voucher object that `vouchers.files` has read (valid by the schema).

        `index` is its place in the file, from 0; then findings point from the file, else from the voucher.
        """
        get = content.get
        currency = get("foreign_currency")
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
            legal_pay_date=stated_date(get("legal_pay_date")),
            distribution_date=stated_date(get("distribution_date")),
            remit_date=stated_date(get("remit_date")),
            account_lines=tuple(map(AccountLine.from_content, content["account_lines"])),
            payee_lines=tuple(map(PayeeLine.from_content, get("payee_lines", ()))),
            channel=get("channel", "electronic"),
            cheque=Cheque.from_content(get("cheque", {})),
            entrusted=Entrusted.from_content(get("entrusted", {})),
            foreign_currency=None if currency is None else ForeignCurrency.from_content(currency),
            notes=Notes.from_content(get("notes", {})),
            collection_slips=tuple(map(CollectionSlip.from_content, get("collection_slips", ()))),
            originals=tuple(map(Original.from_content, get("originals", ()))),
            settlement=Settlement.from_content(get("settlement", {})),
            attachments=tuple(map(Attachment.from_content, get("attachments", ()))),
            path="" if index is None else f"/vouchers/{index}",
            **{name: stated_text(get(name)) for name in REFERENCES},
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

    @property
    def stated_dates(self) -> frozenset[date]:
        """Every payment, distribution and remittance date on the voucher and its payee lines (B-9.1)."""
        return frozenset(
            stated
            for source in self._dated()
            for stated in (source.legal_pay_date, source.distribution_date, source.remit_date)
            if stated is not None
        )

    def _dated(self) -> Iterator["VoucherFacts | PayeeLine"]:
        yield self
        yield from self.payee_lines

    def draws_twd(self) -> dict[str, int]:
        """What it would draw on each account: all lines of a payment, the debit lines of a transfer.

        An advance draws on its case and on no account.
        """
        draws: dict[str, int] = {}
        if self.is_advance:
            return draws
        for line in self.account_lines:
            if self.is_payment or line.side == "debit":
                draws[line.account_code] = draws.get(line.account_code, 0) + line.amount_twd
        return draws

    def fund_draws_twd(self) -> dict[str, int]:
        """What it would draw on each fund or special account it names: a payment all its lines, a transfer what its
        debit lines take less what its credit lines bring, 0 at least (B-23.2.2)."""
        draws: dict[str, int] = {}
        for line in self.account_lines:
            if line.fund_code is not None:
                amount_twd = line.amount_twd if self.is_payment or line.side == "debit" else -line.amount_twd
                draws[line.fund_code] = draws.get(line.fund_code, 0) + amount_twd
        return {code: max(0, amount_twd) for code, amount_twd in draws.items()}


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
