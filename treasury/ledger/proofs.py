"""Postings as a stranger can check them: each with the way from its own link to the digest of its day.

Of the postings in question everything is told; of those after them in their chain, up to the head that the digest saw,
only the fingerprint, the day and the moment: enough to compute their hashes, and silent about what they say.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import Prefetch, Q

from treasury.ledger.models import Chain, DayDigest, Entry, Posting
from treasury.ledger.seals import line_text

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def posting_proofs(events: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`runs` of links (agency, year, first number, hash before it, links, digest of the day that seals their end, empty
    as long as there is none) and the `days` with those digests, for the postings of events (type, reference).

    A link is `fingerprint`, `booked_on`, `at` (microseconds since 1970) and, for an event asked for, `event_type`,
    `event_ref` and `lines`. Values of JSON; bytes are hexadecimal.
    """
    wanted = Q(pk__in=[])
    for event_type, event_ref in events:
        wanted |= Q(event_type=event_type, event_ref=event_ref)
    rows: dict[Chain, list[Posting]] = defaultdict(list)
    for row in Posting.objects.filter(wanted).select_related("chain").order_by("chain_id", "seq"):
        rows[row.chain].append(row)
    days: dict[str, DayDigest] = {}
    runs = [run for chain, postings in rows.items() for run in _runs(chain, postings, days)]
    return {"runs": runs, "days": [_day(one) for one in sorted(days.values(), key=lambda one: one.pk)]}


def _runs(chain: Chain, postings: Sequence[Posting], days: dict[str, DayDigest]) -> list[dict[str, Any]]:
    """The runs of one chain; postings sealed by one digest share theirs."""
    told = {row.seq for row in postings}
    runs: list[dict[str, Any]] = []
    end = 0
    for row in postings:
        if row.seq <= end:
            continue
        day = _sealed_by(chain, row)
        end = row.seq if day is None else _head_of(day, chain)
        digest = "" if day is None else bytes(day.digest).hex()
        if day is not None:
            days[digest] = day
        runs.append(_run(chain, row, end, told, digest))
    return runs


def _sealed_by(chain: Chain, row: Posting) -> DayDigest | None:
    """The first digest that saw the chain at or beyond a posting."""
    later = DayDigest.objects.filter(at__gte=row.at).order_by("pk").iterator(chunk_size=10)
    return next((day for day in later if _head_of(day, chain) >= row.seq), None)


def _head_of(day: DayDigest, chain: Chain) -> int:
    name = [chain.agency_code, chain.fiscal_year]
    return next((int(head[2]) for head in day.heads if head[:2] == name), 0)


def _run(chain: Chain, first: Posting, end: int, told: set[int], digest: str) -> dict[str, Any]:
    entries = Entry.objects.select_related("authority").order_by("line_no")
    rows = Posting.objects.filter(chain=chain, seq__gte=first.seq, seq__lte=end).order_by("seq")
    with_lines = rows.filter(seq__in=told).prefetch_related(Prefetch("entries", queryset=entries, to_attr="lines"))
    lines = {row.seq: [_line(line) for line in row.lines] for row in with_lines}
    return {
        "agency_code": chain.agency_code,
        "fiscal_year": chain.fiscal_year,
        "first_seq": first.seq,
        "previous_hash": bytes(first.previous_hash).hex(),
        "links": [_link(row, lines.get(row.seq)) for row in rows],
        "digest": digest,
    }


def _link(row: Posting, lines: list[str] | None) -> dict[str, Any]:
    sealed = {
        "fingerprint": bytes(row.fingerprint).hex(),
        "booked_on": row.booked_on.isoformat(),
        "at": (row.at - _EPOCH) // timedelta(microseconds=1),
    }
    if lines is None:
        return sealed
    return {**sealed, "event_type": row.event_type, "event_ref": row.event_ref, "lines": lines}


def _line(line: Entry) -> str:
    return line_text(line.account_code, line.side, line.amount_twd, line.authority.key if line.authority else "")


def _day(row: DayDigest) -> dict[str, Any]:
    return {
        "on": row.on.isoformat(),
        "previous_digest": bytes(row.previous_digest).hex(),
        "digest": bytes(row.digest).hex(),
        "heads": row.heads,
    }
