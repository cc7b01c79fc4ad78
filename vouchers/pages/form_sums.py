"""What stands beside the fields of a form: sums that have to agree, names and balances of what was entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

import agencies.selectors
from treasury.core.amounts import format_twd, to_chinese_amount
from treasury.core.errors import Problem
from treasury.core.whole import whole_of
from treasury.ledger import selectors as ledger
from vouchers.drafts import DraftForm
from vouchers.pages.form_fields import value_at
from vouchers.pages.form_reading import Unread, read_value
from vouchers.pages.form_shape import stated

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sums:
    """The amount of the voucher and what its lists add up to, in TWD; `total_twd` None while it cannot be read."""

    total_twd: int | None
    account_lines: int
    payee_lines: int
    credit_twd: int
    is_transfer: bool

    @property
    def terms(self) -> list[tuple[str, str, str]]:
        """(key, title, amount) of every sum that has to equal the amount."""
        lists = [("accounts", _("科目合計"), self.account_lines)]
        if self.is_transfer:
            lists = [("accounts", _("借方合計"), self.account_lines), ("credits", _("貸方合計"), self.credit_twd)]
        else:
            lists.append(("payees", _("受款人合計"), self.payee_lines))
        return [(key, title, format_twd(amount_twd)) for key, title, amount_twd in lists]

    @property
    def agree(self) -> bool:
        """Whether all of them are equal."""
        other_twd = self.credit_twd if self.is_transfer else self.payee_lines
        return self.total_twd is not None and self.total_twd == self.account_lines == other_twd

    @property
    def is_blank(self) -> bool:
        """Whether no amount stands anywhere yet, so that nothing can differ."""
        return self.total_twd is None and not (self.account_lines or self.payee_lines or self.credit_twd)

    @property
    def capitals(self) -> str:
        """The amount in Chinese capitals, empty while there is none."""
        return "" if self.total_twd is None else to_chinese_amount(self.total_twd, mode="voucher")


def amount_of(text: str) -> int | None:
    """A typed amount in TWD, None when it is none."""
    try:
        value = read_value("total_twd", text) if text else None
    except Unread:
        return None
    return value if isinstance(value, int) else None


def sums(fields: Fields) -> Sums:
    """What a form adds up to; amounts that cannot be read count as nothing."""
    is_transfer = stated(fields, "kind") == "transfer"
    lines = fields.get("account_lines", [])
    credit = [line for line in lines if is_transfer and line.get("side") == "credit"]
    debit = [line for line in lines if not (is_transfer and line.get("side") == "credit")]
    return Sums(
        total_twd=amount_of(value_at(fields, "total_twd")),
        account_lines=_sum(debit),
        payee_lines=_sum(fields.get("payee_lines", [])),
        credit_twd=_sum(credit),
        is_transfer=is_transfer,
    )


def _sum(lines: Sequence[Mapping[str, Any]]) -> int:
    return sum(amount_of(line.get("amount_twd", "")) or 0 for line in lines)


def hints(draft: DraftForm, names: Sequence[str]) -> dict[str, str]:
    """What stands under a field: the account's name and what is left of it, the bank's name; two statements."""
    values = {name: value_at(draft.fields, name).strip() for name in names}
    codes = {value for name, value in values.items() if name.endswith(".account_code") and value}
    banks = {value for name, value in values.items() if name.endswith("bank_code") and value}
    accounts = _accounts(draft, codes) if codes else {}
    bank_names = agencies.selectors.bank_names(banks) if banks else {}
    found = {}
    for name, value in values.items():
        if name.endswith(".account_code"):
            found[name] = accounts.get(value, "")
        elif value in bank_names:
            found[name] = bank_names[value]
    return {name: text for name, text in found.items() if text}


def _accounts(draft: DraftForm, codes: set[str]) -> dict[str, str]:
    rows = ledger.positions(draft.fiscal_year, agency_code=draft.agency_code)
    return {row.account_code: account_hint(row) for row in rows if row.account_code in codes}


def account_hint(row: ledger.Position) -> str:
    """An account by name, with what may still be drawn on it."""
    left = format_twd(row.available_twd)
    return _("%(name)s，可用餘額 %(left)s 元") % {"name": row.account_name, "left": left}


def year_of(text: str, draft: DraftForm) -> int:
    """The fiscal year somebody chose; Problem `bad_fiscal_year` for what is none."""
    year = whole_of(text)
    if not 90 <= year <= 200:
        raise Problem("bad_fiscal_year", f"{text!r} is no fiscal year", path="/fiscal_year")
    return year if draft.voucher_id is None else draft.fiscal_year
