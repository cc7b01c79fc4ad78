"""Eight at once on one account, rings of locks, and a client that dies in the middle."""

import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection, transaction

from tests.core.threads import WAIT_SECONDS, at_once
from tests.ledger.world import (
    BUILDING,
    CABINET,
    EXHIBITION,
    MUSEUM,
    OFFICE,
    OFFICE_TWD,
    TRAVEL,
    a_booking,
    book,
    figures,
)
from treasury.core.errors import Problem
from treasury.ledger import events, invariants, services
from treasury.ledger.authorities import Draw
from treasury.ledger.models import Chain, Posting

pytestmark = pytest.mark.usefixtures("shared_books")
CLIENTS = 8


def sound() -> bool:
    return not [violation for check in invariants.CHECKS for violation in check()]


def test_eight_clients_spend_one_account_to_the_last_dollar_and_no_further() -> None:
    def spend(client: int) -> Counter[str]:
        outcome: Counter[str] = Counter()
        for number in range(20):
            try:
                book(events.RESERVE, f"v{client}-{number}", [Draw.budget(OFFICE, 30)])
                outcome["reserved"] += 1
            except Problem as problem:
                outcome[problem.code] += 1
        return outcome

    outcomes = at_once(*(lambda client=client: spend(client) for client in range(CLIENTS)))

    assert sum(outcomes, Counter()) == {"reserved": OFFICE_TWD // 30, "overdraft": CLIENTS * 20 - OFFICE_TWD // 30}
    assert figures(OFFICE) == (0, OFFICE_TWD, 0, 0, 0)
    assert sound()


def test_clients_that_take_the_same_accounts_in_any_order_never_wait_in_a_ring() -> None:
    accounts = [(CABINET, OFFICE), (MUSEUM, EXHIBITION), (CABINET, TRAVEL), (CABINET, BUILDING)]

    def spend(client: int) -> int:
        for number in range(15):
            order = accounts[client % 4 :] + accounts[: client % 4]
            order = order[::-1] if number % 2 else order
            services.book_many(
                [
                    a_booking(
                        events.RESERVE, f"v{client}-{number}-{code}", [Draw.budget(code, 1)], agency_code=agency_code
                    )
                    for agency_code, code in order
                ]
            )
        return client

    results = at_once(*(lambda client=client: spend(client) for client in range(CLIENTS)))

    assert results == list(range(CLIENTS))
    assert figures(EXHIBITION)[1] == CLIENTS * 15
    assert sound()


def test_a_chain_that_two_begin_at_once_is_one_chain() -> None:
    results = at_once(
        *(
            lambda client=client: book(events.CLEAR_CHEQUE, f"c{client}", amount_twd=1, agency_code="TREASURY")
            for client in range(CLIENTS)
        )
    )

    assert all(result.is_new for result in results)
    assert Chain.objects.get(agency_code="TREASURY").seq == CLIENTS


DYING_CLIENT = """
import django
django.setup()
from django.db import connection, transaction
from tests.ledger.world import OFFICE, book
from treasury.ledger import events
from treasury.ledger.authorities import Draw
connection.settings_dict["NAME"] = {name!r}
with transaction.atomic():
    book(events.RESERVE, "never", [Draw.budget(OFFICE, 3_000)])
    print("reserved", flush=True)
    input()
"""


def test_a_client_killed_in_mid_transaction_leaves_nothing_behind_and_holds_nobody_up() -> None:
    name = connection.settings_dict["NAME"]
    client = subprocess.Popen(
        [sys.executable, "-c", DYING_CLIENT.format(name=name)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with client:
        assert client.stdout is not None
        assert client.stdout.readline() == "reserved\n"
        client.send_signal(signal.SIGKILL)
        client.wait(WAIT_SECONDS)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, OFFICE_TWD)])

    assert not Posting.objects.filter(event_ref="never").exists()
    assert figures(OFFICE) == (0, OFFICE_TWD, 0, 0, 0)
    assert sound()
