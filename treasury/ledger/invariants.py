"""What must always hold in the books, checked from what is stored; `check_books` runs every one of these.

Numbers are those of the architecture: 2 every posting balances and the chain is whole, 3 nothing available below zero,
7 the master account equals general fund, sub-ledgers and what is on its way.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db import connection

from treasury.core.invariants import Violation
from treasury.core.sql import fetch_all
from treasury.ledger import chart, selectors
from treasury.ledger.models import Chain, DayDigest
from treasury.ledger.seals import Head, digest_of, fingerprint, first_hash, line_text, link

CHUNK: Final = 2_000

_UNBALANCED: Final = """
SELECT p.event_type, p.event_ref
FROM ledger_posting p LEFT JOIN ledger_entry e ON e.posting_id = p.id
GROUP BY p.id, CASE WHEN e.account_code >= '8' THEN e.authority_id END
HAVING sum(CASE e.side WHEN 'D' THEN e.amount_twd ELSE -e.amount_twd END) IS DISTINCT FROM 0
"""
_ORPHANS: Final = """
SELECT e.posting_id, e.line_no
FROM ledger_entry e
LEFT JOIN ledger_posting p ON p.id = e.posting_id
LEFT JOIN ledger_authority a ON a.id = e.authority_id
WHERE p.id IS NULL OR (e.authority_id IS NOT NULL AND a.id IS NULL)
"""
_SUMS: Final = """
SELECT a.key, a.available_twd, a.reserved_twd, a.expended_twd, a.relieved_twd, a.settled_twd,
       coalesce(sum(v.amount) FILTER (WHERE v.account_code = '8201'), 0)::bigint,
       coalesce(sum(v.amount) FILTER (WHERE v.account_code = '8202'), 0)::bigint,
       coalesce(sum(v.amount) FILTER (WHERE v.account_code = '8203'), 0)::bigint,
       coalesce(-sum(v.amount) FILTER (WHERE v.account_code = '8204'), 0)::bigint,
       coalesce(sum(v.amount) FILTER (WHERE v.account_code = '8205'), 0)::bigint
FROM ledger_authority a
LEFT JOIN (
    SELECT authority_id, account_code, CASE side WHEN 'C' THEN amount_twd ELSE -amount_twd END AS amount
    FROM ledger_entry
) v ON v.authority_id = a.id
GROUP BY a.id ORDER BY a.key
"""
_RELEASED: Final = """
SELECT a.key, coalesce(r.amount, 0)::bigint, coalesce(b.amount, 0)::bigint
FROM ledger_authority a
LEFT JOIN (
    SELECT 'budget/' || l.fiscal_year || '/' || l.account_code AS key, sum(m.amount_twd) AS amount
    FROM ledger_allotment m JOIN ledger_budgetline l ON l.id = m.line_id WHERE m.released GROUP BY 1
) r ON r.key = a.key
LEFT JOIN (
    SELECT e.authority_id, sum(e.amount_twd) AS amount
    FROM ledger_entry e JOIN ledger_posting p ON p.id = e.posting_id
    WHERE e.account_code = '8101' AND p.event_type = 'release_allotment' GROUP BY 1
) b ON b.authority_id = a.id
WHERE a.kind = 'budget' AND coalesce(r.amount, 0) <> coalesce(b.amount, 0)
ORDER BY a.key
"""
_HEADS_LOST: Final = """
SELECT DISTINCT h.head->>0, (h.head->>1)::int, (h.head->>2)::bigint
FROM ledger_daydigest d
CROSS JOIN LATERAL jsonb_array_elements(d.heads) AS h(head)
LEFT JOIN ledger_chain c ON c.agency_code = h.head->>0 AND c.fiscal_year = (h.head->>1)::int
LEFT JOIN ledger_posting p ON p.chain_id = c.id AND p.seq = (h.head->>2)::bigint
WHERE p.hash IS NULL OR encode(p.hash, 'hex') <> h.head->>3
ORDER BY 1, 2, 3
"""
_FUNDS: Final = """
SELECT a.key, coalesce(m.amount, 0)::bigint, a.available_twd + a.reserved_twd
FROM ledger_authority a
LEFT JOIN (
    SELECT authority_id, sum(CASE side WHEN 'C' THEN amount_twd ELSE -amount_twd END) AS amount
    FROM ledger_entry WHERE account_code = '3201' GROUP BY 1
) m ON m.authority_id = a.id
WHERE a.kind = 'fund' AND coalesce(m.amount, 0) <> a.available_twd + a.reserved_twd
ORDER BY a.key
"""
_POSTINGS: Final = """
SELECT p.chain_id, p.seq, p.event_type, p.event_ref, p.booked_on, p.at, p.fingerprint, p.previous_hash, p.hash,
       (SELECT array_agg(e.account_code ORDER BY e.line_no) FROM ledger_entry e WHERE e.posting_id = p.id),
       (SELECT array_agg(e.side ORDER BY e.line_no) FROM ledger_entry e WHERE e.posting_id = p.id),
       (SELECT array_agg(e.amount_twd ORDER BY e.line_no) FROM ledger_entry e WHERE e.posting_id = p.id),
       (SELECT array_agg(coalesce(a.key, '') ORDER BY e.line_no) FROM ledger_entry e
        LEFT JOIN ledger_authority a ON a.id = e.authority_id WHERE e.posting_id = p.id)
FROM ledger_posting p ORDER BY p.chain_id, p.seq
"""


def postings_balance() -> Iterator[Violation]:
    """Invariant 2: debits equal credits in each posting, in the money section and for each authority."""
    for event_type, event_ref in fetch_all(_UNBALANCED):
        yield Violation(2, "postings_balance", f"{event_type} {event_ref} does not balance")
    for posting_id, line_no in fetch_all(_ORPHANS):
        yield Violation(2, "postings_balance", f"entry {posting_id}.{line_no} belongs to nothing")


def _postings() -> Iterator[tuple[Any, ...]]:
    """Every posting with its entries, chain by chain, without holding them all in memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_POSTINGS)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def chains_whole() -> Iterator[Violation]:
    """Invariant 2: every posting carries the hash of the one before it, and its own fits what is stored."""
    chains = Chain.objects.in_bulk()
    ends = {pk: (0, first_hash(chain.agency_code, chain.fiscal_year)) for pk, chain in chains.items()}
    for chain_id, seq, event_type, event_ref, booked_on, at, print_, previous, hash_, *columns in _postings():
        chain = chains.get(chain_id)
        if chain is None:
            yield Violation(2, "chains_whole", f"{event_type} {event_ref} stands in no chain")
            continue
        lines = [line_text(*line) for line in zip(*(column or () for column in columns), strict=True)]
        said = fingerprint(event_type, event_ref, chain.agency_code, chain.fiscal_year, lines)
        sealed = link(ends[chain_id][1], said, booked_on, at)
        stored = (seq, bytes(print_), bytes(previous), bytes(hash_))
        if stored != (ends[chain_id][0] + 1, said, ends[chain_id][1], sealed):
            yield Violation(2, "chains_whole", f"{chain}: posting {seq}, {event_type} {event_ref}, was changed")
        ends[chain_id] = (seq, bytes(hash_))
    for pk, chain in chains.items():
        if ends[pk] != (chain.seq, bytes(chain.head)):
            yield Violation(2, "chains_whole", f"{chain} ends at {ends[pk][0]}, its head says {chain.seq}")


def digests_hold() -> Iterator[Violation]:
    """Invariant 2: every digest fits the one before it, and the chains still pass through the heads it saw."""
    previous = b""
    for row in DayDigest.objects.order_by("pk").iterator():
        heads = [Head(*head) for head in row.heads]
        if (bytes(row.previous_digest), bytes(row.digest)) != (previous, digest_of(previous, row.on, heads)):
            yield Violation(2, "digests_hold", f"the digest of {row.on} was changed")
        previous = bytes(row.digest)
    for agency_code, fiscal_year, seq in fetch_all(_HEADS_LOST):
        yield Violation(
            2, "digests_hold", f"{agency_code or 'treasury'} {fiscal_year}: posting {seq} is not what it was"
        )


def authorities_follow_entries() -> Iterator[Violation]:
    """Invariants 3 and 2: nothing is below zero, and every balance is the sum of its entries."""
    for key, *figures in fetch_all(_SUMS):
        kept, summed = figures[:5], figures[5:]
        if min(figures) < 0 or any(row[3] > row[1] + row[2] for row in (kept, summed)):
            yield Violation(3, "nothing_below_zero", f"{key}: {kept}, by its entries {summed}")
        if kept != summed:
            yield Violation(2, "authorities_follow_entries", f"{key}: {kept}, by its entries {summed}")


def allotments_released() -> Iterator[Violation]:
    """Invariant 3: what was made available is exactly the months released, so next month's share never counts."""
    for key, released_twd, booked_twd in fetch_all(_RELEASED):
        yield Violation(3, "allotments_released", f"{key}: {released_twd} released, {booked_twd} booked")


def master_account_adds_up() -> Iterator[Violation]:
    """Invariant 7, the books' side: master account = general + funds + what is on its way, each fund's money = what
    it may spend and has reserved, and nothing on its way is below zero."""
    balance = selectors.trial_balance()
    on_its_way = {code: balance[code] for code in (chart.IN_TRANSIT, chart.CHEQUES_OUTSTANDING, chart.RETURNED)}
    owned = balance[chart.GENERAL] + balance[chart.FUNDS] + sum(on_its_way.values())
    if balance[chart.MASTER_DEPOSIT] != owned:
        yield Violation(7, "master_account_adds_up", f"master account {balance[chart.MASTER_DEPOSIT]}, owned {owned}")
    for code, amount_twd in on_its_way.items():
        if amount_twd < 0:
            yield Violation(7, "master_account_adds_up", f"{code} {chart.ACCOUNTS[code].name_en}: {amount_twd}")
    for key, money_twd, authority_twd in fetch_all(_FUNDS):
        yield Violation(
            7, "master_account_adds_up", f"{key}: money {money_twd}, available and reserved {authority_twd}"
        )


CHECKS: Final[tuple[Callable[[], Iterator[Violation]], ...]] = (
    postings_balance,
    chains_whole,
    digests_hold,
    authorities_follow_entries,
    allotments_released,
    master_account_adds_up,
)
