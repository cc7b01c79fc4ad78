"""Posting a transfer voucher: what it relieves may be spent again as far as it has been spent (B-20, B-11.4)."""

from collections.abc import Sequence
from datetime import date

from treasury.core.sql import fetch_all
from treasury.ledger.authorities import Draw, kind_of
from treasury.ledger.bookings import booking, relieved
from treasury.ledger.chart import CONTROL, DEBIT, EXCESS
from treasury.ledger.events import CAN_BE_SPENT_AGAIN, POST_TRANSFER
from treasury.ledger.models import Posting
from treasury.ledger.services.posting import Booked, book_many

# In the order in which `ledger_book` locks.
_SPENT = """
SELECT key, expended_twd - relieved_twd FROM ledger_authority
WHERE key = ANY (%s) ORDER BY key COLLATE "C" FOR NO KEY UPDATE
"""
_POSTED = """
SELECT a.key, e.amount_twd FROM ledger_posting p
JOIN ledger_entry e ON e.posting_id = p.id JOIN ledger_authority a ON a.id = e.authority_id
WHERE p.event_type = %s AND p.event_ref = %s AND e.account_code = ANY (%s) AND e.side = %s
"""


def transfer_post(
    *,
    event_ref: str,
    agency_code: str,
    fiscal_year: int,
    on: date,
    draws: Sequence[Draw],
    reliefs: Sequence[Draw],
) -> Booked:
    """Posts a transfer voucher: draws on its debit lines, relieves its credit lines; refusals as in `book_many`.

    A credited line gets back to spend what it has spent less what earlier transfers relieved it of. What is credited
    above that is on record and cannot be drawn on, so that no line ever has more than its allotment.
    """
    relieved_twd = relieved(reliefs, fiscal_year, agency_code)
    drawn = {key for draw in draws for key in draw.authorities(fiscal_year, agency_code)}
    spent_twd = dict(fetch_all(_SPENT, (sorted(drawn.union(relieved_twd)),)))
    if Posting.objects.filter(event_type=POST_TRANSFER.name, event_ref=event_ref).exists():
        excess_twd = dict(fetch_all(_POSTED, (POST_TRANSFER.name, event_ref, [CONTROL, EXCESS], DEBIT)))
    else:
        excess_twd = {
            key: total_twd - max(0, min(total_twd, spent_twd.get(key, 0)))
            for key, total_twd in relieved_twd.items()
            if kind_of(key) in CAN_BE_SPENT_AGAIN
        }
    entry = booking(
        POST_TRANSFER,
        event_ref=event_ref,
        agency_code=agency_code,
        fiscal_year=fiscal_year,
        on=on,
        draws=draws,
        reliefs=reliefs,
        excess_twd=excess_twd,
    )
    return book_many([entry])[0]
