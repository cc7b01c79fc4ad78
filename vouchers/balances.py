"""What a voucher would leave on its accounts, funds and case: the balance before and after (B-11.1, B-23.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from treasury.ledger import selectors as ledger
from vouchers.models import Voucher
from vouchers.services.preparation import facts_of

# Until the treasury has accepted it, nothing is reserved for a voucher.
UNRESERVED = (
    *("draft", "in_review", "awaiting_accountant", "awaiting_head", "certified", "released", "received"),
    *("on_hold_paper", "printed", "paper_signed", "mailed", "paper_received", "returned"),
)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is available on an account, fund or case, what the voucher draws, and what would be left, in TWD.

    `available_twd` is None for one that is not in the books.
    """

    kind: str
    code: str
    name: str
    available_twd: int | None
    draw_twd: int

    @property
    def left_twd(self) -> int | None:
        """Available less drawn."""
        return None if self.available_twd is None else self.available_twd - self.draw_twd

    @property
    def is_short(self) -> bool:
        """Whether it does not suffice."""
        return self.left_twd is None or self.left_twd < 0


def balances_of(voucher: Voucher) -> tuple[Balance, ...]:
    """Every balance that a voucher not yet accepted would draw on; none for one that is reserved or over."""
    if voucher.state not in UNRESERVED:
        return ()
    facts = facts_of(voucher)
    draws, funds = facts.draws_twd(), facts.fund_draws_twd()
    names = ledger.accounts(voucher.fiscal_year) if draws else {}
    found = [
        Balance("account", code, names[code].account_name if code in names else "", available_twd, draw_twd)
        for code, available_twd, draw_twd in _joined(ledger.available(voucher.fiscal_year, list(draws)), draws)
    ]
    if funds:
        fund_names = ledger.fund_names(funds)
        found += [
            Balance("fund", code, fund_names.get(code, ""), available_twd, draw_twd)
            for code, available_twd, draw_twd in _joined(ledger.fund_available(list(funds)), funds)
        ]
    if facts.is_advance and facts.advance_case:
        case = ledger.case(voucher.agency_code, facts.advance_case)
        found.append(Balance("case", facts.advance_case, "", case.left_twd if case else None, voucher.total_twd))
    return tuple(found)


def _joined(available: Mapping[str, int], draws: Mapping[str, int]) -> list[tuple[str, int | None, int]]:
    return [(code, available.get(code), draw_twd) for code, draw_twd in draws.items()]
