"""Reserve-and-post on one hot account from eight clients, against plain SQL doing the same inserts and updates.

Ours is `ledger.services.book_many` through Django: checks, idempotency, hash chain and all. The baseline is written by
hand for exactly these rows: one message to PostgreSQL that updates the same balance and chain rows and inserts the
same postings and entries, set-based, into tables of the same shape, with nothing checked but the balance.

Every client works through the same voucher twice, as the product does: one commit reserves, a later one pays. The
figures are vouchers, so twice as many postings. Both take turns in one session, and the ratio is that of the medians.
Prints one JSON line per measurement.
"""

import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from multiprocessing.synchronize import Barrier
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from treasury import books  # noqa: E402
from treasury.ledger import events, services  # noqa: E402
from treasury.ledger.authorities import Draw, budget_key  # noqa: E402
from treasury.ledger.bookings import Booking, booking  # noqa: E402
from treasury.ledger.models import Authority  # noqa: E402

CLIENTS = 8
ROUNDS = 5
AIM = 0.5
ACCOUNT = "3203010100"
AGENCY = "0003010000"
ON = date(2025, 3, 7)

PLAIN_TABLES = """
CREATE SCHEMA plain;
CREATE TABLE plain.authority (LIKE ledger_authority INCLUDING ALL) WITH (fillfactor = 50);
CREATE TABLE plain.chain (LIKE ledger_chain INCLUDING ALL) WITH (fillfactor = 50);
CREATE TABLE plain.posting (LIKE ledger_posting INCLUDING ALL);
CREATE TABLE plain.entry (LIKE ledger_entry INCLUDING ALL);
INSERT INTO plain.authority SELECT * FROM ledger_authority;
INSERT INTO plain.chain SELECT * FROM ledger_chain;
"""

# Several statements in one message are one transaction and one round trip.
_PLAIN = """
UPDATE plain.authority SET {change} WHERE key = %(key)s AND {guard};
UPDATE plain.chain SET seq = seq + %(count)s, head = %(hash)s WHERE agency_code = %(agency)s;
WITH posting AS (
    INSERT INTO plain.posting
        (chain_id, seq, event_type, event_ref, booked_on, at, fingerprint, previous_hash, hash)
    SELECT c.id, c.seq - %(count)s + r.no, '{event}', r.ref, %(on)s, now(), %(hash)s, %(hash)s, %(hash)s
    FROM plain.chain c, unnest(%(refs)s::text[]) WITH ORDINALITY r(ref, no)
    WHERE c.agency_code = %(agency)s
    RETURNING id
)
INSERT INTO plain.entry (posting_id, line_no, account_code, authority_id, side, amount_twd)
SELECT posting.id, line.no, line.account, CASE WHEN line.account > '8' THEN a.id END, line.side, 1
FROM posting, plain.authority a, (VALUES {lines}) line(no, account, side)
WHERE a.key = %(key)s;
"""
PLAIN_RESERVE = _PLAIN.format(
    event="reserve",
    change="available_twd = available_twd - %(count)s, reserved_twd = reserved_twd + %(count)s",
    guard="available_twd >= %(count)s",
    lines="(1, '8201', 'D'), (2, '8202', 'C')",
)
PLAIN_PAY = _PLAIN.format(
    event="pay_by_remittance",
    change="reserved_twd = reserved_twd - %(count)s, expended_twd = expended_twd + %(count)s",
    guard="reserved_twd >= %(count)s",
    lines="(1, '2101', 'C'), (2, '3101', 'D'), (3, '8202', 'D'), (4, '8203', 'C')",
)


def _hot(event: events.Event, ref: str, amount_twd: int) -> Booking:
    """What an event posts on the hot account."""
    draws = [Draw.budget(ACCOUNT, amount_twd)]
    return booking(event, event_ref=ref, agency_code=AGENCY, fiscal_year=114, on=ON, draws=draws)


def book_ours(refs: list[str]) -> None:
    """Reserves, then pays, one dollar for each reference; a commit each."""
    for event in (events.RESERVE, events.PAY_BY_REMITTANCE):
        services.book_many([_hot(event, ref, 1) for ref in refs])


def book_plain(refs: list[str]) -> None:
    """The same rows by plain SQL."""
    params: dict[str, Any] = {
        "count": len(refs),
        "refs": refs,
        "hash": bytes(32),
        "agency": AGENCY,
        "key": budget_key(114, ACCOUNT),
        "on": ON,
    }
    with connection.cursor() as cursor:
        for statement in (PLAIN_RESERVE, PLAIN_PAY):
            cursor.execute(statement, params)


def client(book: Callable[[list[str]], None], name: str, batch: int, batches: int, start: Barrier) -> None:
    """One client: its own process and connection, warm as a worker's is after its first voucher."""
    book([f"{name}-first-{item}" for item in range(batch)])
    start.wait()
    for number in range(batches):
        book([f"{name}-{number}-{item}" for item in range(batch)])
    connection.close()


def vouchers_per_second(book: Callable[[list[str]], None], name: str, batch: int, batches: int) -> float:
    """Vouchers reserved and paid per second by all clients together."""
    processes = multiprocessing.get_context("fork")
    start = processes.Barrier(CLIENTS + 1)
    clients = [
        processes.Process(target=client, args=(book, f"{name}-{number}", batch, batches, start))
        for number in range(CLIENTS)
    ]
    for one in clients:
        one.start()
    start.wait()
    began = time.perf_counter()
    for one in clients:
        one.join()
    seconds = time.perf_counter() - began
    if any(one.exitcode for one in clients):
        raise SystemExit("a client of the benchmark failed")
    return CLIENTS * batch * batches / seconds


def measure(name: str, batch: int, batches: int) -> dict[str, Any]:
    """Ours and the baseline in turns."""
    rates: dict[str, list[float]] = {"ours": [], "plain": []}
    for turn in range(ROUNDS):
        for kind, book in (("plain", book_plain), ("ours", book_ours)):
            rates[kind].append(vouchers_per_second(book, f"{batch}-{turn}", batch, batches))
    ours, plain = statistics.median(rates["ours"]), statistics.median(rates["plain"])
    return {
        "name": name,
        "ours": round(ours),
        "baseline": round(plain),
        "ratio": round(ours / plain, 3),
        "aim": AIM,
        "unit": "vouchers reserved and paid per second",
    }


def main() -> None:
    """Runs both measurements in books of their own, made anew each time."""
    books.use("bench_ledger", fresh=True)
    key = budget_key(114, ACCOUNT)
    Authority.objects.create(key=key, kind="budget", fiscal_year=114, agency_code=AGENCY, code=ACCOUNT)
    services.book_many([_hot(events.RELEASE_ALLOTMENT, "all there is", 10**9)])
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_TABLES)
    connection.close()
    for name, batch, batches in (("ledger, one per commit", 1, 100), ("ledger, 100 per commit", 100, 10)):
        sys.stdout.write(json.dumps(measure(name, batch, batches)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
