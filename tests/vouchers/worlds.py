"""Worlds for rules to look at: the day, the tables and the thresholds of the sample."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from vouchers.rules.worlds import EntryWorld, ExaminationWorld, OriginalFacts

TODAY = date(2025, 3, 10)


@dataclass(frozen=True)
class Account:
    """One account of the budget."""

    agency_code: str
    gate: str


@dataclass(frozen=True)
class Case:
    """What is left of an advance case."""

    left_twd: int


def entry_world(**changes: Any) -> EntryWorld:
    """A world in which a clean voucher finds nothing, some of it changed."""
    return EntryWorld(**(_ENTRY | changes))


def examination_world(**changes: Any) -> ExaminationWorld:
    """A world in which a clean voucher finds nothing, some of it changed."""
    return ExaminationWorld(**(_EXAMINATION | changes))


_ENTRY: dict[str, Any] = {
    "today": TODAY,
    "year_is_open": True,
    "accounts": {
        "3203010100": Account("0003010000", "current"),
        "3203011100": Account("0003010000", "current"),
        "3203019011": Account("0003010000", "capital"),
        "3303100100": Account("0003100000", "current"),
    },
    "bank_codes": frozenset({"0040059", "0040107", "0130017", "7000021"}),
    "number_taken": False,
    "petty_amount_twd": 10_000,
    "crossing_threshold_twd": 500_000,
    "crossing_reading": "strict",
    "agent_bank": "004",
    "epay_limit_twd": 5_000_000,
}
_EXAMINATION: dict[str, Any] = {
    "accounts": _ENTRY["accounts"],
    "available_twd": {"3203010100": 1_000_000, "3203011100": 1_000_000},
    "fund_available_twd": {"F001": 30_000},
    "case": Case(left_twd=1_000_000),
    "originals": {"P0307-004": OriginalFacts(paid=True)},
}
