"""The tables of the ledger."""

from treasury.ledger.models.books import Authority, Chain, DayDigest, Entry, Posting
from treasury.ledger.models.budget import AdvanceCase, Allotment, BudgetLine, FiscalYear, Fund

__all__ = [
    "AdvanceCase",
    "Allotment",
    "Authority",
    "BudgetLine",
    "Chain",
    "DayDigest",
    "Entry",
    "FiscalYear",
    "Fund",
    "Posting",
]
