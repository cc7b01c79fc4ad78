"""A voucher in one line, as registers, lists and notices name it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.fields.json import KT

from signing import services as signing
from treasury.core.errors import Problem
from vouchers import words
from vouchers.models import Voucher

Revision = tuple[int, int]
_COLUMNS = ("id", "revision", "agency_id", "agency__name", "fiscal_year", "number", "kind", "method", "issue_on")
_STATED = ("purpose", "total_twd", "payee_count")


@dataclass(frozen=True, slots=True)
class VoucherSummary:
    """What a revision of a voucher says: `kind`, `method` in words; the first payee and account with 等 for more."""

    voucher_id: int
    revision: int
    agency_code: str
    agency_name: str
    fiscal_year: int
    number: str
    kind: str
    method: str
    issue_on: date
    purpose: str
    total_twd: int
    payee: str
    account: str

    @property
    def reference(self) -> str:
        """`agency/fiscal year/number`."""
        return f"{self.agency_code}/{self.fiscal_year}/{self.number}"


def voucher_summaries(revisions: Iterable[Revision]) -> dict[Revision, VoucherSummary]:
    """The summaries of many revisions (voucher id, revision), in one query.

    A revision that is no longer the one in hand is read from what was signed then, one by one: those are few.
    """
    wanted = set(revisions)
    rows = Voucher.objects.filter(pk__in={voucher_id for voucher_id, _ in wanted}).annotate(
        first_payee=KT("content__payee_lines__0__name"),
        first_account=KT("content__account_lines__0__account_code"),
        second_account=KT("content__account_lines__1__account_code"),
    )
    columns = (*_COLUMNS, *_STATED, "first_payee", "first_account", "second_account")
    present = {row["id"]: _present(row) for row in rows.values(*columns)}
    return {
        (voucher_id, revision): _as_of(present[voucher_id], revision)
        for voucher_id, revision in wanted
        if voucher_id in present
    }


def _present(row: Mapping[str, Any]) -> VoucherSummary:
    return VoucherSummary(
        voucher_id=row["id"],
        revision=row["revision"],
        agency_code=row["agency_id"],
        agency_name=row["agency__name"],
        fiscal_year=row["fiscal_year"],
        number=row["number"],
        kind=words.KINDS[row["kind"]],
        method=words.METHODS.get(row["method"], ""),
        issue_on=row["issue_on"],
        purpose=row["purpose"],
        total_twd=row["total_twd"],
        payee=_first(row["first_payee"], row["payee_count"]),
        account=_account(row["first_account"], has_more=row["second_account"] is not None),
    )


def _as_of(present: VoucherSummary, revision: int) -> VoucherSummary:
    """A summary as it stood when a revision was signed; one that was never signed says what the voucher says now."""
    if present.revision == revision:
        return present
    try:
        content = signing.voucher_signed(document_ref=present.reference, revision=revision)
    except Problem:
        return present
    payees, accounts = content.get("payee_lines", []), content["account_lines"]
    return VoucherSummary(
        voucher_id=present.voucher_id,
        revision=revision,
        agency_code=present.agency_code,
        agency_name=present.agency_name,
        fiscal_year=present.fiscal_year,
        number=present.number,
        kind=words.KINDS[content["kind"]],
        method=words.METHODS.get(content.get("method", ""), ""),
        issue_on=date.fromisoformat(content["issue_date"]),
        purpose=content["purpose"],
        total_twd=content["total_twd"],
        payee=_first(payees[0]["name"] if payees else None, len(payees)),
        account=_account(accounts[0]["account_code"], has_more=len(accounts) > 1),
    )


def _first(name: str | None, count: int) -> str:
    """One payee by name, more as 林小美等 104 人."""
    if name is None:
        return ""
    return name if count == 1 else f"{name}等 {count:,} 戶"


def _account(code: str, *, has_more: bool) -> str:
    return f"{code} 等" if has_more else code
