"""The balance of every account, fund and case that a voucher touches, before it and after (B-23.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from disbursement.services.draws import draws_of, reliefs_of
from treasury.ledger import selectors as ledger
from treasury.ledger.authorities import Draw, Kind

if TYPE_CHECKING:
    from vouchers.models import Voucher


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """How one authority stands: `kind` (budget, fund, case), its code and name, what is left before, what changes.

    `before_twd` is None for one that the books do not know; `change_twd` is negative for a draw.
    """

    kind: str
    code: str
    name: str
    before_twd: int | None
    change_twd: int

    @property
    def after_twd(self) -> int:
        """What would be left."""
        return (self.before_twd or 0) + self.change_twd

    @property
    def suffices(self) -> bool:
        """Whether the draw is covered."""
        return self.before_twd is not None and self.after_twd >= 0


def balances_of(voucher: Voucher) -> list[BalanceLine]:
    """The authorities of a voucher that is still to be decided on, as they stand now; a fixed number of statements."""
    changes = _changes(draws_of(voucher), sign=-1)
    if voucher.kind == "transfer":
        for key, amount_twd in _changes(reliefs_of(voucher), sign=1).items():
            changes[key] = changes.get(key, 0) + amount_twd
    accounts = ledger.accounts(voucher.fiscal_year)
    codes, funds, cases = (
        [code for kind, code in changes if kind is wanted] for wanted in (Kind.BUDGET, Kind.FUND, Kind.CASE)
    )
    left: dict[tuple[Kind, str], int] = {
        (Kind.BUDGET, code): left_twd for code, left_twd in ledger.available(voucher.fiscal_year, codes).items()
    }
    left |= {(Kind.FUND, code): left_twd for code, left_twd in ledger.fund_available(funds).items()}
    found = ledger.cases({(voucher.agency_code, code) for code in cases})
    left |= {(Kind.CASE, case_no): case.left_twd for (_, case_no), case in found.items()}
    names: dict[tuple[Kind, str], str] = {
        (Kind.BUDGET, code): accounts[code].account_name for code in codes if code in accounts
    }
    names |= {(Kind.FUND, code): name for code, name in ledger.fund_names(funds).items()}
    return [
        BalanceLine(str(kind), code, names.get((kind, code), ""), left.get((kind, code)), change_twd)
        for (kind, code), change_twd in changes.items()
    ]


def _changes(draws: Iterable[Draw], *, sign: int) -> dict[tuple[Kind, str], int]:
    """What each authority would lose or gain, in TWD; a draw on a fund's allotment binds the fund as well."""
    changes: dict[tuple[Kind, str], int] = {}
    for draw in draws:
        keys = [(draw.kind, draw.code)]
        if draw.kind is Kind.BUDGET and draw.fund_code:
            keys.append((Kind.FUND, draw.fund_code))
        for key in keys:
            changes[key] = changes.get(key, 0) + sign * draw.amount_twd
    return changes
