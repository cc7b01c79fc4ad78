"""Where each field stands on the voucher form: in the order of the paper form, part by part."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form: fields of the voucher, then one list; a folded part opens when it says something."""

    anchor: str
    title: str | Promise
    names: tuple[str, ...] = ()
    list_name: str = ""
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class ListLayout:
    """A list of the form: its columns, how many lines stand on a page, how many empty ones come when asked for."""

    title: str | Promise
    columns: tuple[str, ...]
    page_lines: int
    added_lines: int


PARTS: Final = (
    Part("head", _("憑單"), ("kind", "number", "issue_date")),
    Part(
        "accounts",
        _("科目"),
        (
            "gate",
            "nature",
            "expense_class",
            "advance_case",
            "petty_cash_list_no",
            "refund_of",
            "settlement.case_no",
            "settlement.way",
            "settlement.original_agency_code",
        ),
        "account_lines",
    ),
    Part(
        "payees",
        _("受款人及銀行"),
        (
            "method",
            "network",
            "entrusted_impossible_reason",
            "entrusted.bank_code",
            "entrusted.disbursement_account",
            "entrusted.roster.delivered_at",
            "entrusted.roster.receipt_ref",
            "entrusted.roster.sha256",
        ),
        "payee_lines",
    ),
    Part("originals", _("更正之原憑單"), (), "originals"),
    Part("amount", _("金額"), ("total_twd",)),
    Part("purpose", _("支出用途"), ("purpose", "legal_pay_date", "distribution_date", "remit_date")),
    Part(
        "foreign_currency",
        _("外幣結匯"),
        (
            "foreign_currency.currency",
            "foreign_currency.amount",
            "foreign_currency.rate",
            "foreign_currency.twd_amount",
            "foreign_currency.quota_ref",
        ),
        is_folded=True,
    ),
    Part(
        "special",
        _("特別記載事項"),
        (
            "cheque.ground",
            "cheque.consent_ref",
            "cheque.reason",
            "cheque.crossing",
            "cheque.special_approval_ref",
            "channel",
            "incident_ref",
        ),
        "collection_slips",
    ),
    Part("remarks", _("附記事項"), ("notes.approval_doc_no", "notes.petty_exception_reason", "notes.text")),
    Part(
        "references",
        _("其他案號"),
        (
            "statutory_case_no",
            "receipt_account_ref",
            "carry_over_ref",
            "reclaims_cheque",
            "replaces_voucher",
        ),
        is_folded=True,
    ),
    Part("attachments", _("附件"), (), "attachments", is_folded=True),
)

# Payees up to so many have a card each; more stand in a grid.
CARDS_MAX: Final = 20
PAYEE_CARD: Final = (
    "name",
    "kind",
    "id_type",
    "id",
    "bank_code",
    "account_no",
    "account_name",
    "amount_twd",
    "account_name_reason",
)
PAYEE_MORE: Final = (
    "legal_pay_date",
    "distribution_date",
    "remit_date",
    "is_forwarder",
    "is_first_pension",
    "first_pension.approval_doc_no",
    "first_pension.retirement_date",
)
DOCUMENT: Final = ("type", "number", "date", "amount_twd")
PAYEE_GRID: Final = (
    "name",
    "kind",
    "id_type",
    "id",
    "bank_code",
    "account_no",
    "account_name",
    "amount_twd",
    "source_documents.0.type",
    "source_documents.0.number",
    "source_documents.0.date",
)
GRID_LINES: Final = 50
DOCUMENTS_SHOWN: Final = 20
LAYOUTS: Final = {
    "account_lines": ListLayout(
        _("科目清單"), ("side", "account_code", "account_name", "fund_code", "amount_twd"), 30, 1
    ),
    "payee_lines": ListLayout(_("受款人清單"), PAYEE_GRID, CARDS_MAX, 1),
    "originals": ListLayout(_("原憑單"), ("number", "fiscal_year", "agency_code", "account_code", "amount_twd"), 20, 1),
    "collection_slips": ListLayout(
        _("領取支票憑證"), ("no", "payee_seq", "collector_kind", "collector_id", "letter_no"), 50, 1
    ),
    "attachments": ListLayout(_("附件"), ("name", "sha256"), 20, 1),
}
LOOKUPS: Final = {
    "account_lines.*.account_code": "account",
    "payee_lines.*.bank_code": "bank",
    "entrusted.bank_code": "bank",
    "payee_lines.*.name": "payee",
    "payee_lines.*.id": "payee",
}
# What decides which parts unfold: the page is drawn again when one of them changes.
DECIDERS: Final = frozenset({"kind", "method", "nature", "expense_class", "channel"})
# Part and place in it of every field and list, for what is listed in the order of the form.
PLACES: Final = {
    name: (number, place)
    for number, part in enumerate(PARTS)
    for place, name in enumerate((*part.names, part.list_name))
}
