"""Everything that writes the books."""

from treasury.core.importing import ImportResult
from treasury.ledger.services.budget import budget_import
from treasury.ledger.services.cases import cases_import
from treasury.ledger.services.digests import day_digest
from treasury.ledger.services.funds import fund_open
from treasury.ledger.services.periods import periods_open, year_close
from treasury.ledger.services.posting import Booked, available_lock, book, book_many
from treasury.ledger.services.transfers import transfer_post

__all__ = [
    "Booked",
    "ImportResult",
    "available_lock",
    "book",
    "book_many",
    "budget_import",
    "cases_import",
    "day_digest",
    "fund_open",
    "periods_open",
    "transfer_post",
    "year_close",
]
