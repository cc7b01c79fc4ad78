"""Writing to the books: one posting, or many at once, always in the caller's transaction and in one round trip.

Two transactions that book for several authorities never wait for each other in a ring as long as each makes one call;
whoever has several postings to make in one transaction passes them to `book_many` together.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from django.db import IntegrityError, connection

from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.sql import fetch_all
from treasury.ledger.authorities import Draw
from treasury.ledger.bookings import Booking, booking
from treasury.ledger.events import Event


class Booked(NamedTuple):
    """A posting in the books; `is_new` is false when the same event had been posted before."""

    posting_id: int
    is_new: bool


def book(
    event: Event,
    *,
    event_ref: str,
    agency_code: str,
    fiscal_year: int,
    on: date,
    draws: Sequence[Draw] = (),
    reliefs: Sequence[Draw] = (),
    amount_twd: int = 0,
) -> Booked:
    """Posts one business event; arguments as in `bookings.booking`, refusals as in `book_many`."""
    entry = booking(
        event,
        event_ref=event_ref,
        agency_code=agency_code,
        fiscal_year=fiscal_year,
        on=on,
        draws=draws,
        reliefs=reliefs,
        amount_twd=amount_twd,
    )
    return book_many([entry])[0]


def book_many(bookings: Sequence[Booking]) -> list[Booked]:
    """Posts many business events, all or none, in order; one statement whatever their number (B-23.2.1).

    The same event again returns its first posting. Problem, and nothing is written: `overdraft` (naming the
    authority, what was asked and what is left; `path` points to the booking, `/3`), `not_reserved` or `not_expended`
    when more is taken back than was reserved or spent, `unknown_authority`, `conflict` when the event was posted
    with other content.
    """
    if not bookings:
        return []
    once: dict[tuple[str, str], Booking] = {}
    for one in bookings:
        first = once.setdefault((one.event_type, one.event_ref), one)
        if first is not one and first != one:
            raise _conflict(one.event_ref)
    refusal, place, subject, wanted_twd, left_twd, posting_ids, known_before = _call(list(once.values()))
    if refusal == "conflict":
        raise _conflict(subject)
    if refusal == "unknown_authority":
        raise Problem(refusal, f"{subject} is not in the books")
    if refusal:
        number = bookings.index(list(once.values())[place - 1])
        raise Problem(refusal, f"{subject}: {wanted_twd} asked, {left_twd} left", path=f"/{number}")
    booked = {
        name: Booked(posting_id, number not in known_before)
        for number, (name, posting_id) in enumerate(zip(once, posting_ids, strict=True), 1)
    }
    return [booked[one.event_type, one.event_ref] for one in bookings]


def available_lock(keys: Iterable[str]) -> dict[str, int]:
    """What is available under each key, in TWD, held until the transaction ends; unknown keys are left out.

    For whoever must decide first and book afterwards: examine a batch, close a year.
    """
    return dict(fetch_all(_LOCK, (list(keys),)))


def _call(bookings: list[Booking]) -> tuple[Any, ...]:
    """Runs `ledger_book` over the bookings as arrays; authorities and chains by their place in sorted lists."""
    counts = [len(one.lines) for one in bookings]
    accounts, authorities, sides, amounts = zip(*(line for one in bookings for line in one.lines), strict=True)
    keys = sorted(set(authorities) - {""})
    chains = sorted({(one.agency_code, one.fiscal_year) for one in bookings})
    key_no = {"": "0"} | {key: str(number) for number, key in enumerate(keys, 1)}
    chain_no = {place: str(number) for number, place in enumerate(chains, 1)}
    days = {one.booked_on: one.booked_on.isoformat() for one in bookings}
    params: list[Any] = [
        _plain([one.event_type for one in bookings]),
        [one.event_ref for one in bookings],
        _plain([days[one.booked_on] for one in bookings]),
        _plain([chain_no[one.agency_code, one.fiscal_year] for one in bookings]),
        clock.now(),
        [agency_code for agency_code, _ in chains],
        [fiscal_year for _, fiscal_year in chains],
        keys,
        _plain(chain.from_iterable([str(number)] * count for number, count in enumerate(counts, 1))),
        _plain(_numbers(count) for count in counts),
        _plain(accounts),
        _plain([key_no[key] for key in authorities]),
        _plain(sides),
        _plain(map(str, amounts)),
    ]
    with connection.cursor() as cursor:
        try:
            cursor.execute(_STATEMENT, params)
        except IntegrityError as error:
            if "posting_once_an_event" in str(error):
                raise _conflict(bookings[0].event_ref) from error
            raise
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _plain(values: Iterable[str]) -> str:
    """An array of PostgreSQL from numbers, dates, codes and names of ours, none of which needs quoting."""
    return f"{{{','.join(values)}}}"


@lru_cache(maxsize=1_024)
def _numbers(count: int) -> str:
    """`1,2,3` up to a count of lines."""
    return ",".join(map(str, range(1, count + 1)))


# The order in which `ledger_book` locks too.
_LOCK = """
SELECT key, available_twd FROM ledger_authority WHERE key = ANY (%s) ORDER BY key COLLATE "C" FOR NO KEY UPDATE
"""
_STATEMENT = (
    "SELECT * FROM ledger_book(%s::text[], %s::text[], %s::date[], %s::int[], %s::timestamptz, %s::text[], %s::int[],"
    " %s::text[], %s::int[], %s::int[], %s::text[], %s::int[], %s::text[], %s::bigint[])"
)


def _conflict(event_ref: str) -> Problem:
    return Problem("conflict", f"{event_ref} was booked before with other content", status=409)
