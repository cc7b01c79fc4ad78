"""The bytes that postings and digests are sealed with, computed here a second time.

PostgreSQL computes them when it books (`ledger_book`); `invariants` recomputes them from what is stored, so that the
two must agree. Text is UTF-8, fields and lines are divided by line feeds, which none of them can contain.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Head(NamedTuple):
    """The last link of a chain, as a digest holds it."""

    agency_code: str
    fiscal_year: int
    seq: int
    hash: str


def first_hash(agency_code: str, fiscal_year: int) -> bytes:
    """What the first posting of a chain carries as the hash before it."""
    return sha256(f"chain\n{agency_code}\n{fiscal_year}".encode()).digest()


def line_text(account_code: str, side: str, amount_twd: int, authority: str) -> str:
    """One entry: `8201D400 budget/114/3203010100`; without an authority it ends with the amount."""
    return f"{account_code}{side}{amount_twd}{' ' if authority else ''}{authority}"


def fingerprint(event_type: str, event_ref: str, agency_code: str, fiscal_year: int, lines: Iterable[str]) -> bytes:
    """What a posting says: its event, its chain and its lines, but not when it was booked."""
    return sha256("\n".join([event_type, event_ref, agency_code, str(fiscal_year), *lines]).encode()).digest()


def link(previous: bytes, print_: bytes, booked_on: date, at: datetime) -> bytes:
    """The hash of a posting: the hash before it, what it says, its day and its moment in microseconds since 1970."""
    moment = (at - _EPOCH) // timedelta(microseconds=1)
    return sha256(previous + print_ + f"{booked_on.isoformat()}\n{moment}".encode()).digest()


def digest_of(previous: bytes, on: date, heads: Sequence[Head]) -> bytes:
    """The digest of a day: the digest before it, the day, and every head in the order given."""
    lines = [f"{head.agency_code}|{head.fiscal_year}|{head.seq}|{head.hash}" for head in heads]
    return sha256(previous + "\n".join([on.isoformat(), *lines]).encode()).digest()
