"""What a voucher draws on, in the ledger's terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from treasury.core import roc
from treasury.ledger.authorities import Draw
from vouchers.parts import AccountLine
from vouchers.selectors import content_part

if TYPE_CHECKING:
    from vouchers.models import Voucher


def event_ref(voucher: Voucher) -> str:
    """The name of a voucher's revision in the books: each business event of it happens once."""
    return f"{voucher.reference}#{voucher.revision}"


def draws_of(voucher: Voucher) -> list[Draw]:
    """The draws of a voucher, one per account (and fund): of a payment all lines, of a transfer the debit lines, of an
    advance its case alone (B-32.0)."""
    lines = content_part(voucher, "account_lines")
    if voucher.kind == "transfer":
        return _sum(line for line in lines if line["side"] == "debit")
    if content_part(voucher, "nature") == "advance":
        return [Draw.case(content_part(voucher, "advance_case"), voucher.total_twd)]
    return _sum(lines)


def reliefs_of(voucher: Voucher) -> list[Draw]:
    """What a transfer voucher relieves: its credit lines, one per account (and fund) (B-20)."""
    return _sum(line for line in content_part(voucher, "account_lines") if line["side"] == "credit")


def treasury_chain(on: date) -> dict[str, Any]:
    """Where postings of the master account stand: in the treasury's own chain of the year."""
    return {"agency_code": "", "fiscal_year": roc.roc_year(on), "on": on}


def _sum(lines: Iterable[dict[str, Any]]) -> list[Draw]:
    totals: dict[tuple[str, str], int] = {}
    for line in map(AccountLine.from_content, lines):
        key = (line.account_code, line.fund_code or "")
        totals[key] = totals.get(key, 0) + line.amount_twd
    return [Draw.budget(code, amount, fund_code=fund) for (code, fund), amount in totals.items()]
