"""What the rules may know besides the voucher itself: all of it given by the caller, nothing looked up.

Thresholds are dated parameters of the treasury; the caller resolves them for the day.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from treasury.core.glyphs import missing_glyphs


class AccountFacts(Protocol):
    """One account of the year's budget: whose it is and its expenditure category (`current`, `capital`)."""

    @property
    def agency_code(self) -> str:
        """The agency that may spend it."""

    @property
    def gate(self) -> str:
        """經費門別, `current` or `capital`."""


class CaseFacts(Protocol):
    """An advance case of the voucher's agency."""

    @property
    def left_twd(self) -> int:
        """What may still be drawn on it (B-32.0)."""


@dataclass(frozen=True, slots=True)
class OriginalFacts:
    """A payment voucher of the same agency and fiscal year that a transfer voucher names.

    `amounts_twd` is what it charged to each account; None when the caller does not want them compared.
    """

    paid: bool
    amounts_twd: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWorld:
    """What the entry rules look at: the day, the year's tables, the thresholds of the day.

    `accounts` is the budget of the voucher's fiscal year by account code, of whatever agency; `number_taken`
    says whether an earlier voucher of the agency and year had this number (B-9.2).
    """

    today: date
    year_is_open: bool
    accounts: Mapping[str, AccountFacts]
    bank_codes: Container[str]
    number_taken: bool
    petty_amount_twd: int
    crossing_threshold_twd: int
    crossing_reading: Literal["strict", "literal"]
    agent_bank: str
    epay_limit_twd: int
    missing_glyphs: Callable[[str], tuple[str, ...]] = missing_glyphs


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationWorld:
    """What the treasury's rules look at: whose the accounts are, what is left of them, what it rests on.

    `available_twd` by account code (absent: nothing), `fund_available_twd` by fund code (absent: no such
    fund), `case` the advance case the voucher names if it is one of this agency, `originals` by voucher
    number.
    """

    accounts: Mapping[str, AccountFacts]
    available_twd: Mapping[str, int]
    fund_available_twd: Mapping[str, int] = field(default_factory=dict)
    case: CaseFacts | None = None
    originals: Mapping[str, OriginalFacts] = field(default_factory=dict)
